"""What the lessons ask for, found in the folders: `lessonNN/name.py` for a function, `lessonNN/questions.toml` for letters.

A file gives its exercise to the name EXERCISE, and the folder says the lesson. A mistake has its sentence where it is made:
at a slip, an error or a letter that belongs to one exercise; in mistakes.toml beside the exercises of a lesson that share
it; or in common/mistakes/, by subject, where lessons share it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from importlib import import_module, resources
from pkgutil import iter_modules

from gates.exercises.common import mistake
from gates.exercises.common.choice import Choice, questions
from gates.exercises.common.coding import Coding
from gates.exercises.common.mistake import Mistake

Exercise = Coding | Choice


def _lessons() -> list[str]:
    """The lessons that ask for something, as two digits, in order."""
    folders = (part.name for part in resources.files(__package__).iterdir() if part.is_dir())
    return sorted(name[-2:] for name in folders if name[:-2] == "lesson")


def _of(lesson: str) -> Iterator[Exercise]:
    """The exercises of a lesson: the functions by name, then the questions in their order."""
    package = import_module(f"{__package__}.lesson{lesson}")
    for _, name, _ in iter_modules(package.__path__):
        found = import_module(f"{package.__name__}.{name}").EXERCISE
        if found.name != name:
            raise ValueError(f"{package.__name__}.{name} asks for {found.name}: name them alike.")
        yield replace(found, lesson=lesson)
    file = resources.files(package) / "questions.toml"
    if file.is_file():
        yield from questions(file, lesson)


def _shared() -> Iterator[Mistake]:
    """The mistakes that exercises share: of one lesson, and of several."""
    for lesson in _lessons():
        file = resources.files(__package__) / f"lesson{lesson}" / "mistakes.toml"
        if file.is_file():
            yield from mistake.read(file, lesson)
    for file in sorted((resources.files(__package__) / "common" / "mistakes").iterdir(), key=str):
        if file.name.endswith(".toml"):
            yield from mistake.read(file)


def _own(exercises: Iterable[Exercise]) -> Iterator[Mistake]:
    """The mistakes whose sentences stand at an exercise; its lesson explains those that name no other."""
    for exercise in exercises:
        for told in exercise.own:
            yield replace(told, lesson=told.lesson or exercise.lesson)


def _by_id(mistakes: Iterable[Mistake]) -> dict[str, Mistake]:
    found: dict[str, Mistake] = {}
    for told in mistakes:
        if (other := found.setdefault(told.id, told)) != told:
            raise ValueError(
                f"The mistake {told.id} is told twice, as {other.sentence!r} and as {told.sentence!r}: if it is the same one, "
                "tell it once, in gates/exercises/common/mistakes/ if lessons share it; if not, rename one."
            )
    return found


def _known(exercises: dict[str, Exercise], mistakes: dict[str, Mistake]) -> None:
    """Refuse an exercise that names a mistake nobody has told."""
    for exercise in exercises.values():
        if unknown := sorted(exercise.named - mistakes.keys()):
            raise ValueError(
                f"{exercise.name} names {unknown[0]}, which has no sentence: give it one at its first slip, "
                "or in a file mistakes.toml if several exercises share it."
            )


def _by_name(exercises: Iterable[Exercise]) -> dict[str, Exercise]:
    found: dict[str, Exercise] = {}
    for exercise in exercises:
        if (other := found.setdefault(exercise.name, exercise)) is not exercise:
            raise ValueError(
                f"Lessons {other.lesson} and {exercise.lesson} both ask for {exercise.name}: rename one."
            )
    return found


EXERCISES: dict[str, Exercise] = _by_name(
    exercise for lesson in _lessons() for exercise in _of(lesson)
)
MISTAKES: dict[str, Mistake] = _by_id([*_shared(), *_own(EXERCISES.values())])
_known(EXERCISES, MISTAKES)

__all__ = ["EXERCISES", "MISTAKES", "Choice", "Coding", "Exercise", "Mistake"]

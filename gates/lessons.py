"""The lessons that there are. Read from lessons.toml, which `make build` writes from their front matter, so that the
library needs no folder lessons/."""

import tomllib
from importlib import resources

from gates.facts import BadFacts, Facts, read


def _read() -> dict[str, Facts]:
    """The facts of all lessons, by number, in order."""
    try:
        text = resources.files("gates").joinpath("lessons.toml").read_text(encoding="utf-8")
        found = [read(name, plain) for name, plain in tomllib.loads(text).items()]
    except (OSError, tomllib.TOMLDecodeError, BadFacts) as problem:
        raise BadFacts(
            f"gates/lessons.toml cannot be read ({problem}): run `python -m gates.texts`, which writes it from lessons/."
        ) from problem
    return {lesson.number: lesson for lesson in found}


ALL: dict[str, Facts] = _read()
"""The facts of each lesson, by its number."""

LESSONS: dict[str, str] = {number: lesson.title for number, lesson in ALL.items()}
"""What a map calls each lesson, by its number."""

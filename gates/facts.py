"""What a lesson says of itself: title, question, part, needs, claims, and its sections with their minutes.

These facts stand in the front matter of lessons/NN_name.md and nowhere else. This file knows their form; gates.front reads
them there, gates.texts writes what is made of them, and gates.lessons has them for the library.
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields

SITTING = 80
"""The most minutes that one sitting takes."""

_SECTION = re.compile(
    r"(?P<minutes>[1-9]\d*)"
    r"(?:, (?P<kind>exercise|script)s? (?P<first>\d+)(?: (?P<joined>to|and) (?P<last>\d+))?)?"
    r"(?:, (?P<use>optional|homework))?"
)


class BadFacts(Exception):
    """Facts that cannot be right. The text names the file and says what to do."""


def runs(numbers: Sequence[str]) -> str:
    """Rising numbers in words: "01 to 04 and 06"."""
    found: list[list[str]] = []
    for number in numbers:
        if found and int(number) == int(found[-1][-1]) + 1:
            found[-1].append(number)
        else:
            found.append([number])
    told = []
    for run in found:
        told += [f"{run[0]} to {run[-1]}"] if len(run) > 2 else run
    *others, last = told
    return f"{', '.join(others)} and {last}" if others else last


@dataclass(frozen=True)
class Section:
    """A section of a lesson: minutes, the numbers of its exercises (or scripts: `kind`), and whether a course needs it.

    use: "core"; "optional", which a short course leaves out; or "homework", whose minutes are not counted.
    """

    name: str
    minutes: int
    exercises: tuple[int, ...] = ()
    kind: str = "exercise"
    use: str = "core"

    @classmethod
    def read(cls, name: str, said: str) -> "Section":
        """A section from its line in the front matter, as in `the way back: 35, exercise 4, optional`."""
        found = _SECTION.fullmatch(said)
        if not found:
            raise BadFacts(
                f"the section `{name}` says `{said}`: write its minutes first, then its exercises, and `optional` or "
                f"`homework` last, as in `{name}: 35, exercises 4 and 5, optional`."
            )
        first, last = int(found["first"] or 0), int(found["last"] or found["first"] or 0)
        own = (first, last) if found["joined"] == "and" else range(first, last + 1)
        return cls(
            name,
            int(found["minutes"]),
            tuple(own) if found["first"] else (),
            found["kind"] or cls.kind,
            found["use"] or cls.use,
        )

    @property
    def asks(self) -> str:
        """Its exercises in words, such as "exercises 4 to 6"; nothing where it has none."""
        if not self.exercises:
            return ""
        plural = "s" * (len(self.exercises) > 1)
        return f"{self.kind}{plural} {runs([str(k) for k in self.exercises])}"

    @property
    def said(self) -> str:
        """Its line in the front matter, after the name."""
        use = "" if self.use == Section.use else self.use
        return ", ".join(filter(None, [str(self.minutes), self.asks, use]))


@dataclass(frozen=True)
class Facts:
    """The facts of one lesson.

    name: its file's, such as "04_gru". title: what a map calls it; question: its heading; part: "Part I, the gates", or
    words for a lesson outside the parts, which counts with the part that follows. needs: numbers of lessons, or words;
    also: sentences after them. claims: ids of those settled here, in part at least. checks: its exercises by name,
    in the order in which it checks them.
    """

    name: str
    title: str
    question: str
    part: str
    needs: tuple[str, ...]
    sections: tuple[Section, ...]
    also: str = ""
    claims: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()

    @property
    def number(self) -> str:
        return self.name[:2]

    @property
    def file(self) -> str:
        """The name of its notebook."""
        return f"{self.name}.ipynb"

    @property
    def minutes(self) -> int:
        """What it takes, without homework."""
        return sum(section.minutes for section in self.sections if section.use != "homework")

    @property
    def optional(self) -> int:
        """The minutes of its sections that a short course leaves out."""
        return sum(section.minutes for section in self.sections if section.use == "optional")

    @property
    def homework(self) -> Section | None:
        return next((section for section in self.sections if section.use == "homework"), None)

    @property
    def sittings(self) -> int:
        return math.ceil(self.minutes / SITTING)

    @property
    def needed(self) -> list[str]:
        """The numbers of the lessons that it needs, in order."""
        return sorted({need for need in self.needs if need.isdigit()})

    @property
    def plain(self) -> dict[str, str | list[str] | dict[str, str]]:
        """The facts as texts, lists and mappings of texts, for a file; `read` makes them facts again."""
        made = {
            key: list(value) if isinstance(value, tuple) else value
            for key in _KEYS
            if key != "sections" and (value := getattr(self, key))
        }
        return made | {"sections": {section.name: section.said for section in self.sections}}


_KEYS = [field.name for field in fields(Facts) if field.name != "name"]
_NEEDED = ["title", "question", "part", "needs", "sections"]
_LISTS = {"needs": "[02, 03]", "claims": "[C01, C06]", "checks": "[lstm_cell]"}


def read(name: str, plain: Mapping[str, object]) -> Facts:
    """The facts of the lesson `name` from texts, lists and mappings of texts, as a file holds them.

    Raises BadFacts where something is missing, unknown or no text.
    """
    try:
        return _read(name, plain)
    except BadFacts as problem:
        raise BadFacts(f"lessons/{name}.md: {problem}") from None


def _read(name: str, plain: Mapping[str, object]) -> Facts:
    if unknown := [key for key in plain if key not in _KEYS]:
        raise BadFacts(f"its front matter may not hold `{unknown[0]}`: see lessons/TEMPLATE.md.")
    if missing := [key for key in _NEEDED if not plain.get(key)]:
        raise BadFacts(f"its front matter lacks `{missing[0]}`: see lessons/TEMPLATE.md.")
    made: dict[str, object] = {}
    for key, value in plain.items():
        if key == "sections":
            made[key] = _sections(value)
        elif key in _LISTS:
            if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
                raise BadFacts(f"`{key}` is a list of texts, as in `{key}: {_LISTS[key]}`.")
            made[key] = tuple(value)
        elif not isinstance(value, str):
            raise BadFacts(f"`{key}` is one text: put it in quotes, on one line.")
        else:
            made[key] = value
    lesson = Facts(name, **made)
    if short := [need for need in lesson.needed if len(need) != 2]:
        raise BadFacts(
            f"`needs` says {short[0]}: give a lesson two digits, as in `needs: [02, 03]`."
        )
    return lesson


def _sections(value: object) -> tuple[Section, ...]:
    if not isinstance(value, Mapping):
        raise BadFacts("`sections` has a line for each section, as in `  the puzzle: 10`.")
    found = []
    for name, said in value.items():
        if not isinstance(said, str) or not said:
            raise BadFacts(f"the section `{name}` has no minutes: write them, as in `{name}: 10`.")
        found.append(Section.read(name, said))
    if early := [section for section in found[:-1] if section.use == "homework"]:
        raise BadFacts(f"the section `{early[0].name}` is homework: put it last.")
    return tuple(found)


def parts(lessons: Iterable[Facts]) -> dict[str, list[Facts]]:
    """The lessons of each part, by its numeral; one outside the parts goes with the part that follows."""
    found: dict[str, list[Facts]] = {}
    waiting: list[Facts] = []
    for lesson in lessons:
        waiting.append(lesson)
        if numeral := re.match(r"Part ([IVX]+), ", lesson.part):
            found.setdefault(numeral[1], []).extend(waiting)
            waiting = []
    return found

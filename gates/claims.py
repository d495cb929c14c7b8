"""The sentences LSTM and GRU are sold with, and what the course measured of each, read from claims.toml.

A verdict is what `gates.ruling.verdict_from` has returned in a lesson, which prints it. Beside each verdict stand the figure that decides, with its interval and the cell that prints it, and the rule by
which it does. A difference has the sign with which the lesson prints it, and is never turned around.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources

from gates.ruling import VERDICTS, sentence

_SIGNS = {"": 0, "more": 1, "less": -1}


@dataclass(frozen=True)
class Figure:
    """A number that a lesson prints, with its interval.

    number, low, high: as printed; low and high are None where nothing is random. level: the interval's, in percent. unit:
    what they are counted in; a share is from 0 to 1, or a difference of two such, and what is left of a gradient, which may
    have grown, has no unit. length: that at which they were found, in
    steps, where it is what counts. noun: what is counted, in a few words. of: the same in full. cell: the id of the cell that
    prints it. after: the words that stand before it there, with … for anything between.
    """

    cell: str
    after: str
    number: float
    low: float | None = None
    high: float | None = None
    unit: str = ""
    level: float = 95
    length: int | None = None
    noun: str = ""
    of: str = ""

    @property
    def lesson(self) -> str:
        """The number of the lesson that prints it."""
        return self.cell[:2]

    @property
    def difference(self) -> bool:
        """Whether it is one number minus another, so that below 0 means less; `of` then says what minus what."""
        return " minus " in self.of

    @property
    def decimals(self) -> int:
        """How many decimals it is printed with."""
        three = (self.number, *(end for end in (self.low, self.high) if end is not None))
        return max(len(str(float(of)).partition(".")[2]) for of in three)

    def __format__(self, spec: str) -> str:
        """The number in a sentence, so that `f"{figure:less:points} points fewer"` cannot say the opposite of what was found.

        spec: `more:` or `less:`, where the sentence says the direction in words and the number goes without its sign;
        ValueError if it has the other sign. Then `points`, hundredths without decimals, or a format of Python's. Without any,
        the figure is told in full.
        """
        if not spec:
            return str(self)
        way, _, how = spec.rpartition(":")
        if way not in _SIGNS or self.number * _SIGNS[way] < 0 or (way and not self.number):
            raise ValueError(f"{self.number} is not {way}: it stands in {self.cell}.")
        number = abs(self.number) if way else self.number
        if how == "points":
            return f"{number * {'share': 100, 'points': 1}[self.unit]:.0f}"
        return format(number, how)

    def __str__(self) -> str:
        """The number and its interval as a lesson prints them, what they count, and their level where that is not 95%."""
        if self.low is None:
            told = f"{self.number:g}"
        elif 0 < abs(self.number) < 1e-3:
            told = f"{self.number:g} [{self.low:g}, {self.high:g}]"
        else:
            three = (self.number, self.low, self.high)
            told = "{:.{d}f} [{:.{d}f}, {:.{d}f}]".format(*three, d=self.decimals)
        words = [told, self.unit if self.unit != "share" else "", self.noun]
        return " ".join(filter(None, words)) + (f", at {self.level:g}%" if self.level != 95 else "")


@dataclass(frozen=True)
class Line:
    """A line that a cell prints, with … for anything between."""

    cell: str
    line: str


@dataclass(frozen=True)
class Claim:
    """A sentence as commonly written, and what was found. claims.toml says what each part is."""

    id: str
    sentence: str
    verdict: str
    says: str
    rule: str
    lessons: tuple[str, ...] = ()
    awaits: tuple[str, ...] = ()
    condition: str = ""
    holds_for: tuple[str, ...] = ()
    not_for: tuple[str, ...] = ()
    printed_in: tuple[str, ...] = ()
    figure: Figure | None = None
    also: Mapping[str, Figure] = field(default_factory=dict)
    rests_on: tuple[Line, ...] = ()

    @property
    def found(self) -> str:
        """The verdict as `verdict_from` gives it, and a lesson prints it."""
        return sentence(self.verdict, self.condition, self.holds_for, self.not_for)

    @property
    def figures(self) -> dict[str, Figure]:
        """All figures by name; the one that decides is `figure`."""
        return {"figure": self.figure, **self.also} if self.figure else dict(self.also)

    @property
    def spoken(self) -> str:
        """The verdict as README says it: 25 words at most, with its numbers filled in from the figures."""
        return self.says.format(**self.figures)


def _read() -> tuple[Claim, ...]:
    text = resources.files(__package__).joinpath("claims.toml").read_text(encoding="utf-8")
    return tuple(_claim(id, **entry) for id, entry in tomllib.loads(text).items())


def _claim(id: str, **entry) -> Claim:
    if entry["verdict"] not in VERDICTS:
        raise ValueError(f"claims.toml, {id}: no verdict begins with {entry['verdict']!r}.")
    lists = {name: tuple(of) for name, of in entry.items() if isinstance(of, list)}
    lists["rests_on"] = tuple(Line(**of) for of in entry.get("rests_on", ()))
    figure = Figure(**entry["figure"]) if "figure" in entry else None
    also = {name: Figure(**of) for name, of in entry.get("also", {}).items()}
    return Claim(id, **{**entry, **lists, "figure": figure, "also": also})


CLAIMS: tuple[Claim, ...] = _read()

"""What gives a mistake away besides the numbers of a slip: how an answer behaves, and what its errors say."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from gates.exercises.common.mistake import Mistake


class Seen(Protocol):
    """What a signature gets to see of an answer: its probes, what is right, what it gave; and how to run it again."""

    probes: list[tuple]
    expected: list
    results: list
    changed: bool

    def run(self, arguments: tuple, seed: int = 0) -> object: ...

    def agree(self, one: object, other: object) -> bool: ...

    def fits(self, one: object, other: object) -> bool: ...

    def mentions(self, word: str) -> bool: ...


@dataclass(frozen=True)
class Error:
    """What the message of an error says (a pattern), and the mistake that it means, given a word that the code has to hold."""

    pattern: str
    mistake: str
    word: str = ""
    told: Mistake | None = None


def error(
    pattern: str,
    mistake: str,
    sentence: str = "",
    look_at: str = "",
    *,
    word: str = "",
    lesson: str = "",
    seen: tuple[str, ...] = (),
) -> Error:
    """An error by which a mistake is known; with a sentence and what to look at, the mistake belongs to this exercise."""
    told = Mistake(mistake, sentence, look_at, lesson, seen) if sentence else None
    return Error(pattern, mistake, word, told)


@dataclass(frozen=True)
class Instead:
    """Other arguments than are asked for, what is right on them, and the mistake of an answer that is right there alone."""

    probes: Callable[[], list[tuple]]
    right: Callable
    mistake: str
    told: Mistake | None = None


def instead(
    probes: Callable[[], list[tuple]],
    mistake: str,
    sentence: str = "",
    look_at: str = "",
    *,
    right: Callable,
    lesson: str = "",
    seen: tuple[str, ...] = (),
) -> Instead:
    """Arguments by which a mistake is known; with a sentence and what to look at, the mistake belongs to this exercise.

    probes: as thorough as those of the exercise, so that whoever is right on them has made no other mistake. right: what
    gives the right results on them.
    """
    told = Mistake(mistake, sentence, look_at, lesson, seen) if sentence else None
    return Instead(probes, right, mistake, told)

"""Short reviews of films, made by a grammar that says of each whether it speaks well of the film, or ill.

Reviews come in twins that say the opposite. But for the plain ones, twins have the same words, each as often. So whoever is
told only how often each word stands there is right about one of the two, whatever is made of these counts.
"""

import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import torch


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


ASPECTS = _words("film plot music ending cast dialogue camera story rhythm picture sound set")
GOOD = _words("good great lovely clever fresh warm funny subtle bold honest")
BAD = _words("bad poor dull weak silly stale cold clumsy noisy empty")
STRESSES = _words("very really extremely")
OPENINGS = ("", "frankly ,", "this time ,", "to us ,", "in short ,")
FILLERS = (
    "as far as we could tell from where we sat with our friends",
    "at least on the evening when all of us went to see it",
    "in the view of most people who stood in line behind our house",
)
LONGEST = 13  # words of a filler
_OTHERS = "the was not and but although , it is true that"
WORDS = tuple(
    sorted({*ASPECTS, *GOOD, *BAD, *STRESSES, *_words(" ".join((*OPENINGS, *FILLERS, _OTHERS)))})
)
"""All words that there are, in the order of the alphabet; a comma is one."""


@dataclass(frozen=True)
class Said:
    """Words, and how well they speak of the film: above 0 well, below 0 ill."""

    text: str
    value: int


# What a review is put together from. Each says what becomes of the values of its parts.


def plain(aspect: str, adjective: str) -> Said:
    return Said(f"the {aspect} was {adjective}", 1 if adjective in GOOD else -1)


def denied(aspect: str, adjective: str) -> Said:
    return Said(f"the {aspect} was not {adjective}", -plain(aspect, adjective).value)


def stressed(aspect: str, stress: str, adjective: str) -> Said:
    return Said(f"the {aspect} was {stress} {adjective}", 2 * plain(aspect, adjective).value)


def untrue(of: Said) -> Said:
    return Said(f"it is not true that {of.text}", -of.value)


def far(aspect: str, around: str, adjective: str) -> Said:
    """With words on both sides of the adjective that say nothing of the film."""
    text = f"the {aspect} was , {around} , {adjective} , {around}"
    return Said(text, plain(aspect, adjective).value)


def both(one: Said, other: Said) -> Said:
    return Said(f"{one.text} and {other.text}", one.value + other.value)


def but(one: Said, other: Said) -> Said:
    return Said(f"{one.text} but {other.text}", other.value)


def although(one: Said, other: Said) -> Said:
    return Said(f"although {one.text} , {other.text}", other.value)


def in_spite(one: Said, other: Said) -> Said:
    return Said(f"{one.text} although {other.text}", one.value)


class _Pick:
    """What a pair of twins is made of, chosen by whole numbers that come one after the other."""

    def __init__(self, numbers: Iterator[int], apart: int) -> None:
        self.numbers = numbers
        self.first = self.one(ASPECTS)
        self.second = self.one([aspect for aspect in ASPECTS if aspect != self.first])
        self.good, self.bad = self.one(GOOD), self.one(BAD)
        self.turned = self.one((False, True))
        self.around = " ".join(self.one(FILLERS).split()[:apart])

    def one(self, of: Sequence) -> object:
        return of[next(self.numbers) % len(of)]

    def either_way(self, make: Callable[[str, str], Said]) -> tuple[Said, Said]:
        """What is made of the two adjectives, and of them in the other order."""
        return make(self.good, self.bad), make(self.bad, self.good)


Twins = tuple[Said, Said]


def _plain(of: _Pick) -> Twins:
    """Each adjective has one partner, so that a plain review has one twin as well."""
    return plain(of.first, of.good), plain(of.first, BAD[GOOD.index(of.good)])


def _negation(of: _Pick) -> Twins:
    first, second = (denied, plain) if of.turned else (plain, denied)
    return of.either_way(lambda one, other: both(first(of.first, one), second(of.second, other)))


def _double_negation(of: _Pick) -> Twins:
    one, other = (of.bad, of.one(BAD)) if of.turned else (of.good, of.one(GOOD))
    twice = both(plain(of.first, one), untrue(denied(of.second, other)))
    return twice, both(denied(of.first, one), untrue(plain(of.second, other)))


def _intensifier(of: _Pick) -> Twins:
    stress = of.one(STRESSES)
    one, other = (of.bad, of.good) if of.turned else (of.good, of.bad)
    early = both(stressed(of.first, stress, one), plain(of.second, other))
    return early, both(plain(of.first, one), stressed(of.second, stress, other))


def _contrast(of: _Pick) -> Twins:
    joined = of.one((but, although, in_spite))
    return of.either_way(lambda one, other: joined(plain(of.first, one), plain(of.second, other)))


def _distance(of: _Pick) -> Twins:
    joined, around = of.one((but, although, in_spite)), of.around
    return of.either_way(
        lambda one, other: joined(far(of.first, around, one), far(of.second, around, other))
    )


_TWINS: dict[str, Callable[[_Pick], Twins]] = {
    "plain": _plain,
    "negation": _negation,
    "double negation": _double_negation,
    "intensifier": _intensifier,
    "contrast": _contrast,
    "distance": _distance,
}
CONSTRUCTIONS = tuple(_TWINS)


@dataclass(frozen=True)
class Review:
    """A review: its words, and whether it speaks well of the film, 1, or ill, 0."""

    words: tuple[str, ...]
    label: int

    @property
    def construction(self) -> str:
        return construction(self.words)


def construction(words: Sequence[str]) -> str:
    """How a review is put together, one of CONSTRUCTIONS, as its words show."""
    counts = Counter(words)
    if counts["not"]:
        return "negation" if counts["not"] == 1 else "double negation"
    if any(counts[stress] for stress in STRESSES):
        return "intensifier"
    if counts["but"] or counts["although"]:
        return "distance" if counts[","] >= 4 else "contrast"
    return "plain"


def _numbers(generator: torch.Generator) -> Iterator[int]:
    """Whole numbers without end, drawn many at a time, which is much faster than one by one."""
    while True:
        yield from torch.randint(2**31, (1024,), generator=generator).tolist()


def _part(twins: Sequence[Review]) -> str:
    """The part in which twins stand. Their words decide, so that no review of one part has the words of one in another."""
    words = sorted(word for twin in twins for word in twin.words)
    number = zlib.crc32(" ".join(words).encode()) % 10
    return {0: "validation", 1: "test"}.get(number, "training")


def _twins(kind: str, numbers: Iterator[int], part: str, apart: int) -> tuple[Review, Review]:
    """Twins of a construction that stand in a part."""
    while True:
        of = _Pick(numbers, apart)
        opening, said = of.one(OPENINGS), _TWINS[kind](of)
        found = tuple(Review(_words(f"{opening} {s.text}"), int(s.value > 0)) for s in said)
        if _part(found) == part:
            return found


def reviews(
    count: int, generator: torch.Generator, part: str = "training", apart: int = 6
) -> list[Review]:
    """Reviews of the part "training", "validation" or "test".

    In training each is drawn by itself; elsewhere they come in twins, one construction after the other.
    apart: how many words stand on either side of an adjective in the construction "distance", from 1 to LONGEST.
    """
    numbers, found = _numbers(generator), []
    while len(found) < count:
        if part == "training":
            kind = CONSTRUCTIONS[next(numbers) % len(CONSTRUCTIONS)]
            found.append(_twins(kind, numbers, part, apart)[next(numbers) % 2])
        else:
            kind = CONSTRUCTIONS[len(found) // 2 % len(CONSTRUCTIONS)]
            found += _twins(kind, numbers, part, apart)
    return found[:count]

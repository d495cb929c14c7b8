"""What is translated: pairs of texts, in three parts that have no text in common."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import torch

PARTS = ("training", "validation", "test")


class Pair(NamedTuple):
    """A text and a translation of it. kind: where it is from, such as a locale and a format."""

    source: str
    target: str
    kind: str = ""


@dataclass(frozen=True)
class Corpus:
    """Pairs of texts in three parts. No text, source or target, stands in two of them, by the form that `alike` gives it.

    left_out: how many pairs were not taken, by the reason. source: where the texts come from.
    """

    name: str
    training: tuple[Pair, ...]
    validation: tuple[Pair, ...]
    test: tuple[Pair, ...]
    source: str
    left_out: dict[str, int] = field(default_factory=dict)

    def part(self, name: str) -> tuple[Pair, ...]:
        """The pairs of "training", "validation" or "test"; another name raises ValueError."""
        if name not in PARTS:
            raise ValueError(f'The part is "training", "validation" or "test", and not {name!r}.')
        return getattr(self, name)


def alike(text: str) -> str:
    """The form in which two texts count as the same: composed letters, no capitals, one space between words, none around."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def in_common(one: Iterable[Pair], other: Iterable[Pair]) -> set[str]:
    """The texts, sources or targets, that stand in both, as `alike` writes them."""
    first, second = (
        {alike(text) for pair in pairs for text in (pair.source, pair.target)}
        for pairs in (one, other)
    )
    return first & second


def several(pairs: Iterable[Pair]) -> dict[str, list[str]]:
    """For each source all its targets, in the order in which they come."""
    found: dict[str, list[str]] = {}
    for pair in pairs:
        targets = found.setdefault(pair.source, [])
        if pair.target not in targets:
            targets.append(pair.target)
    return found


def in_groups(pairs: Sequence[Pair]) -> list[list[Pair]]:
    """Pairs that hang together by a text, also by way of others, in groups; groups come in the order of their first pair.

    A source with two targets is in one group with both, and so are all other sources of these.
    """
    leader: dict[str, str] = {}

    def first(text: str) -> str:
        while leader.setdefault(text, text) != text:
            leader[text] = leader[leader[text]]
            text = leader[text]
        return text

    for pair in pairs:
        leader[first(alike(pair.target))] = first(alike(pair.source))
    groups: dict[str, list[Pair]] = {}
    for pair in pairs:
        groups.setdefault(first(alike(pair.source)), []).append(pair)
    return list(groups.values())


def apart(
    pairs: Sequence[Pair], validation: int, test: int, seed: int
) -> dict[str, tuple[Pair, ...]]:
    """Pairs in three parts, drawn by a seed, such that what hangs together stands in one part.

    validation, test: how many pairs these two parts get at least; the last group of each is taken whole. All others are
    for training. More than there are raises ValueError.
    """
    groups = in_groups(pairs)
    order = torch.randperm(len(groups), generator=torch.Generator().manual_seed(seed)).tolist()
    parts: dict[str, list[Pair]] = {part: [] for part in PARTS}
    for k in order:
        short = [p for p, of in (("test", test), ("validation", validation)) if len(parts[p]) < of]
        parts[short[0] if short else "training"] += groups[k]
    if not parts["training"]:
        raise ValueError(
            f"{len(pairs)} pairs are too few for {validation} to validate and {test} to test."
        )
    return {part: tuple(of) for part, of in parts.items()}


def words(text: str) -> int:
    """How many words a text has: what stands between spaces and has a letter or a digit in it."""
    return sum(bool(re.search(r"\w", word)) for word in text.split())

"""What a slip is, and how wrong variants of a function are made from it.

A slip fills one slot of a computation with something wrong. Two slips in different slots make a pair. A learner's
numbers that equal those of a variant name the mistake.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import combinations

import torch
from torch import Tensor


@dataclass(frozen=True)
class Slip:
    """A wrong filling of one or more slots, the catalogue entry it stands for, and how it shows in particular."""

    mistake: str
    slots: dict[str, Callable | str] = field(hash=False)
    detail: str = ""


Variant = tuple[tuple[Slip, ...], Callable]


def variants(
    make: Callable[..., Callable], slips: list[Slip], pairs: bool = True
) -> Iterator[Variant]:
    """The wrong functions that `make(**slots)` gives: single slips first, then pairs that fill different slots."""
    for slip in slips:
        yield (slip,), make(**slip.slots)
    if pairs:
        for one, other in combinations(slips, 2):
            whole = "whole" in {*one.slots, *other.slots}
            apart = not one.slots.keys() & other.slots.keys() and one.mistake != other.mistake
            if apart and not whole:
                yield (one, other), make(**one.slots, **other.slots)


def whole(right: Callable) -> Callable[..., Callable]:
    """A `make` for a function that is exchanged as a whole: its slips do not form pairs."""
    return lambda whole=None: whole or right


def wholes(mistake: str, *functions: Callable, detail: str = "") -> list[Slip]:
    """A slip of the same mistake for each function that is wrong as a whole."""
    return [Slip(mistake, {"whole": function}, detail) for function in functions]


def same(value: Tensor) -> Tensor:
    """The value itself, where a slip would put something else."""
    return value


sigmoid = torch.sigmoid

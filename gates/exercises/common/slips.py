"""What a slip is, and how wrong variants of a function are made from it.

A slip fills one slot of a computation with something wrong. Two slips in different slots make a pair. A learner's
numbers that equal those of a variant name the mistake.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from torch import Tensor

from gates.exercises.common.mistake import Mistake


@dataclass(frozen=True)
class Slip:
    """A wrong filling of one or more slots, the mistake it stands for, and how it shows in particular.

    mistake: its id. alone: whether it is looked for by itself only, and not together with another. told: the mistake
    itself, where it belongs to this exercise; one that several share stands in a file mistakes.toml.
    """

    mistake: str
    slots: dict[str, object] = field(hash=False)
    detail: str = ""
    alone: bool = False
    told: Mistake | None = None


def slip(
    mistake: str,
    sentence: str = "",
    look_at: str = "",
    *,
    detail: str = "",
    alone: bool = False,
    lesson: str = "",
    seen: tuple[str, ...] = (),
    **slots: object,
) -> Slip:
    """A slip whose slots are given by name: `slip("f-means-forget", keep=lambda f: 1 - f)`.

    With a sentence and what to look at, the mistake belongs to this exercise; without them, it is one that was given
    its sentence by another slip of the exercise, or one that exercises share. lesson, seen: see Mistake.
    """
    told = Mistake(mistake, sentence, look_at, lesson, seen) if sentence else None
    return Slip(mistake, slots, detail, alone, told)


def together(one: Slip, other: Slip) -> bool:
    """Whether two slips make a pair: different mistakes in different slots, neither of which is looked for alone."""
    if one.alone or other.alone or "whole" in {*one.slots, *other.slots}:
        return False
    return not one.slots.keys() & other.slots.keys() and one.mistake != other.mistake


def filled(variant: Callable[..., Callable], slips: Iterable[Slip]) -> Callable:
    """The function with the slots of all these slips filled."""
    return variant(**{name: filling for slip in slips for name, filling in slip.slots.items()})


def whole(right: Callable) -> Callable[..., Callable]:
    """The variants of a function that is exchanged as a whole: its slips fill the slot `whole` and make no pairs."""
    return lambda whole=None: whole or right


def same(value: Tensor) -> Tensor:
    """The value itself, where a slip would put something else."""
    return value

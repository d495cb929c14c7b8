"""What a slip is, and how wrong variants of a function are made from it.

A slip fills one slot of a computation with something wrong. Two slips in different slots make a pair. A learner's
numbers that equal those of a variant name the mistake.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from torch import Tensor


@dataclass(frozen=True)
class Slip:
    """A wrong filling of one or more slots, the catalogue entry it stands for, and how it shows in particular.

    alone: whether it is looked for by itself only, and not together with another.
    """

    mistake: str
    slots: dict[str, object] = field(hash=False)
    detail: str = ""
    alone: bool = False


def together(one: Slip, other: Slip) -> bool:
    """Whether two slips make a pair: different mistakes in different slots, neither of which is looked for alone."""
    if one.alone or other.alone or "whole" in {*one.slots, *other.slots}:
        return False
    return not one.slots.keys() & other.slots.keys() and one.mistake != other.mistake


def filled(make: Callable[..., Callable], slips: Iterable[Slip]) -> Callable:
    """The function with the slots of all these slips filled."""
    return make(**{name: filling for slip in slips for name, filling in slip.slots.items()})


@dataclass(frozen=True)
class Part:
    """A part of a computation, made of other parts: compute(*of, *slots), where a slot holds what is right in it."""

    name: str
    of: tuple[str, ...]
    compute: Callable
    slots: dict[str, object] = field(default_factory=dict, hash=False)


class Plan:
    """A computation in parts, so that what two variants have in common is computed once.

    take: from the arguments to the values, by name, that the first parts are made of. parts: in an order in which they
    can be computed. leaves: the parts that make up the result, one after the other. give: makes the result of them;
    it is the slot `returns`.
    Called with slots to be filled, it makes the function, as any `make` does.
    """

    def __init__(
        self,
        take: Callable[..., dict[str, object]],
        parts: Sequence[Part],
        leaves: Sequence[str],
        give: Callable,
    ) -> None:
        self.take, self.leaves, self.give = take, tuple(leaves), give
        self.parts = {part.name: part for part in parts}
        self.behind: dict[str, frozenset[str]] = {}  # the slots that a part depends on
        for part in parts:
            of = [self.behind.get(name, frozenset()) for name in part.of]
            self.behind[part.name] = frozenset(part.slots).union(*of)
        self.slots = frozenset({"returns"}).union(*self.behind.values())

    def __call__(self, **slots: object) -> Callable:
        if unknown := slots.keys() - self.slots:
            raise TypeError(f"There is no slot {', '.join(sorted(unknown))}.")

        def variant(*arguments: object) -> object:
            values = dict(self.take(*arguments))
            for part in self.parts.values():
                values[part.name] = computed(part, [values[name] for name in part.of], slots)
            return slots.get("returns", self.give)(*(values[name] for name in self.leaves))

        return variant


def computed(part: Part, of: Sequence[object], slots: dict[str, object]) -> object:
    """The value of a part, from those of the parts it is made of."""
    if not slots:
        return part.compute(*of, *part.slots.values())
    return part.compute(*of, *(slots.get(name, right) for name, right in part.slots.items()))


def whole(right: Callable) -> Callable[..., Callable]:
    """A `make` for a function that is exchanged as a whole: its slips do not form pairs."""
    return lambda whole=None: whole or right


def wholes(mistake: str, *functions: Callable, detail: str = "") -> list[Slip]:
    """A slip of the same mistake for each function that is wrong as a whole."""
    return [Slip(mistake, {"whole": function}, detail) for function in functions]


def same(value: Tensor) -> Tensor:
    """The value itself, where a slip would put something else."""
    return value

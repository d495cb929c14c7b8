"""A computation in parts, so that what two of its variants have in common is computed once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field


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
    Called with slots to be filled, it makes the function, as any other function with slots does.
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

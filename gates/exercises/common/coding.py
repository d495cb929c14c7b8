"""What an exercise declares whose answer is a function."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from inspect import signature

from gates.exercises.common.mistake import Mistake
from gates.exercises.common.plan import Plan
from gates.exercises.common.seen import Error, Instead, Seen
from gates.exercises.common.slips import Slip, whole

# Of float64 values of size 1: far above rounding, far below any slip and below what float32 reaches.
TOLERANCE = 1e-10
Probes = list[tuple]


@dataclass(frozen=True, kw_only=True)
class Coding:
    """An exercise whose answer is a function. See `coding`, which makes it; name and lesson come from its file."""

    name: str
    lesson: str
    asks: str
    reference: Callable
    probes: Callable[[], Probes]
    variant: Callable[..., Callable]
    slips: Sequence[Slip]
    accepts: tuple[Callable, ...] = ()
    also: tuple[Callable[[], Probes], str] | None = None
    instead: tuple[Instead, ...] = ()
    small: Callable[[], Probes] = list
    square: Callable[[], Probes] = list
    sized: Callable[..., tuple] | None = None
    outputs: tuple[str, ...] | Callable[[tuple], tuple[str, ...]] = ("the result",)
    draws: bool = False
    reads: Callable[[object, tuple], object] | None = None
    pairs: bool = True
    tolerance: float = TOLERANCE
    signature: Callable[[Seen], str | None] | None = None
    remark: Callable[[Seen], str] | None = None
    errors: tuple[Error, ...] = ()
    gates: str = ""
    gradients: bool = False
    graph: bool = False
    anywhere: bool = False
    shapes: str = ""
    returns: str = ""
    mistakes: tuple[Mistake, ...] = ()

    def names(self, arguments: tuple) -> tuple[str, ...]:
        """A name for each tensor and number in what is compared, for a probe."""
        return self.outputs(arguments) if callable(self.outputs) else self.outputs

    @property
    def named(self) -> set[str]:
        """The ids of all mistakes that this exercise can name by itself."""
        found = {one.mistake for one in (*self.slips, *self.errors, *self.instead)}
        return found | {of.id for of in self.mistakes} | ({self.also[1]} if self.also else set())

    @property
    def own(self) -> list[Mistake]:
        """The mistakes whose sentences stand here."""
        told = [one.told for one in (*self.slips, *self.errors, *self.instead) if one.told]
        return [*told, *self.mistakes]


def coding(
    reference: Callable,
    *,
    asks: str,
    probes: Callable[[], Probes],
    slips: Sequence[Slip],
    variant: Callable[..., Callable] | None = None,
    **options: object,
) -> Coding:
    """An exercise whose answer is a function; its file gives it to the name EXERCISE.

    reference: a right answer, whose name is that of the exercise and of the file. asks: what it asks for, in a few words.
    probes: lists of arguments. slips: the wrong fillings that are recognized, of the parts of `variant`, the function
    with exchangeable parts; without it, the function is exchanged as a whole.

    What else there is: accepts: other right answers, whose numbers differ a little. also: more probes, and the mistake of
    whoever is wrong on these alone. instead: arguments that are not asked for, and the mistake of whoever is right on these
    alone. small: probes with sizes of 1. square: probes with equal sizes, for an answer that raises on the others. sized: a
    probe of given sizes, to find one that is written into the code. outputs: a name for each thing it returns, or a function
    that makes them from the arguments. draws: whether it draws at random, and so anew at each call. reads(result, arguments):
    what is compared, if not the result itself. tolerance: how closely. signature: names a mistake by what else was seen.
    remark: what is said besides of a right answer, such as that it takes another way than was asked for; empty for nothing.
    pairs: whether two slips at once are looked for. errors: what an error says of the mistake. gates: the letters of the
    blocks that weights come in. gradients: whether those of the answer are compared. graph: whether what goes in has a graph
    behind it. anywhere: whether it has to work on any device and for any numbers. shapes: what goes in, for an answer whose
    shapes do not fit. returns: what has to come back, where `reads` hides it. mistakes: sentences of mistakes that neither a
    slip nor an error tells.
    """
    variant = variant or whole(reference)
    _check_slots(reference.__name__, variant, slips)
    return Coding(
        name=reference.__name__,
        lesson="",
        asks=asks,
        reference=reference,
        probes=probes,
        variant=variant,
        slips=tuple(slips),
        **options,
    )


def _check_slots(name: str, variant: Callable[..., Callable], slips: Sequence[Slip]) -> None:
    """Refuse a slip that fills no slot, or one that the function with exchangeable parts does not have."""
    slots = variant.slots if isinstance(variant, Plan) else signature(variant).parameters.keys()
    for slip in slips:
        if not slip.slots or slip.slots.keys() - slots:
            raise ValueError(
                f"{name}: the slip {slip.mistake} fills {', '.join(slip.slots) or 'nothing'}, and there "
                f"are the slots {', '.join(sorted(slots))}. sentence, look_at, detail, alone, lesson and seen are taken."
            )

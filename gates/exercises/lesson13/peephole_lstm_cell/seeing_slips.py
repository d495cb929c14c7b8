"""What gates may see of the memory in the place of p ⊙ c, and where it may come in wrongly."""

from collections.abc import Callable, Iterator

import numpy as np
from numpy import ndarray as Array

from gates.exercises.common.slips import Slip, slip

GATES = {"i": "input", "f": "forget", "o": "output"}
ALL = "It is all three gates."
_GROUPS = {
    "ifo": ALL,
    **{k: f"It is the {name} gate, {k}." for k, name in GATES.items()},
    "if": "It is the input gate and the forget gate.",
    "io": "It is the input gate and the output gate.",
    "fo": "It is the forget gate and the output gate.",
}


def _seen(mistake: str, see: Callable, *sentences: str) -> Iterator[Slip]:
    """Something else that gates see in the place of p ⊙ c: all of them, one, or two."""
    for of, detail in _GROUPS.items():
        yield slip(
            mistake,
            *(sentences if of == "ifo" else ()),
            **{f"see_{k}": see for k in of},
            detail=detail,
            alone=len(of) == 2,
        )


def _after_sigmoid() -> Iterator[Slip]:
    told = (
        "What a gate sees of the memory is added after its sigmoid, so the gate is no fraction between 0 and 1.",
        "It is one more term of the sum, inside of the sigmoid: σ(a_i + p_i ⊙ c).",
    )
    for of, detail in _GROUPS.items():
        slots = {"after_if": "".join(k for k in of if k != "o"), "after_o": "o" in of}
        yield slip(
            "peephole-after-sigmoid",
            *(told if of == "ifo" else ()),
            **{name: filling for name, filling in slots.items() if filling},
            detail=detail,
            alone=len(of) == 2,
        )


def _in_candidate() -> Iterator[Slip]:
    """A peephole at the candidate, besides the others or in the place of the gate's that it belongs to."""

    def blind(a: Array, *_: object) -> Array:
        return a

    for k, name in GATES.items():

        def see(a: Array, p: dict, c: Array, k: str = k) -> Array:
            return a + p[k] * c

        told = (
            "The candidate sees the memory, too.",
            "Only the three gates have peepholes. The candidate is g = tanh(a_g).",
        )
        mistake = "peephole-in-candidate"
        detail = f"It does so through the peephole of the {name} gate, p_{k}."
        yield slip(mistake, *(told if k == "i" else ()), see_g=see, detail=detail)
        without = f"It has the peephole of the {name} gate, p_{k}, which that gate lacks."
        yield slip(mistake, see_g=see, **{f"see_{k}": blind}, detail=without, alone=True)
    detail = "It sees c as it is, without a peephole."
    yield slip("peephole-in-candidate", see_g=lambda a, p, c: a + c, detail=detail, alone=True)


SLIPS = [
    *_seen(
        "peephole-missing",
        lambda a, *_: a,
        "A gate does not see the memory: its peephole is missing.",
        "All three gates look: a_i + p_i ⊙ c and a_f + p_f ⊙ c with the old c, a_o + p_o ⊙ c with the new one.",
    ),
    *_seen(
        "peephole-sees-h",
        lambda a, p, c, h, *_: a + p * h,
        "A peephole multiplies the hidden state.",
        "Peepholes look at the memory itself, c; h enters through weight_hh already.",
    ),
    *_seen(
        "peephole-sees-tanh",
        lambda a, p, c, *_: a + p * np.tanh(c),
        "A peephole looks at tanh(c).",
        "It multiplies c as it is, so that a gate can tell large memories apart: p ⊙ c.",
    ),
    *_seen(
        "peephole-without-weight",
        lambda a, p, c, *_: a + c,
        "The memory is added to a gate as it is, without its peephole.",
        "Each gate has a number a unit with which it looks: p_i ⊙ c, and not c.",
    ),
    *_seen(
        "peephole-multiplies",
        lambda a, p, c, *_: a * p * c,
        "What a gate sees of the memory multiplies the rest of its sum.",
        "The peephole is one more term of the sum: a_i + p_i ⊙ c.",
    ),
    *_seen(
        "peephole-summed",
        lambda a, p, c, *_: a + (p * c).sum(-1, keepdims=True),
        "A gate sees the memories of all units, added up.",
        "A gate sees the memory of its own unit and no other: p_i * c, number by number. @ and sum() add up over units.",
    ),
    *_after_sigmoid(),
    *_in_candidate(),
]

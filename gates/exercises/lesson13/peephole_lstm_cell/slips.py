"""Mistakes in the LSTM step with peepholes."""

from collections.abc import Callable, Iterator
from itertools import permutations

import numpy as np
from numpy import ndarray as Array

from gates.exercises.common.lstm_slips import STATE, of_blocks, of_squashes, seldom
from gates.exercises.common.rows import in_order, orders
from gates.exercises.common.slips import Slip, slip
from gates.exercises.common.updating import SLIPS

_GATES = {"i": "input", "f": "forget", "o": "output"}
_ALL = "It is all three gates."
_GROUPS = {
    "ifo": _ALL,
    **{k: f"It is the {name} gate, {k}." for k, name in _GATES.items()},
    "if": "It is the input gate and the forget gate.",
    "io": "It is the input gate and the output gate.",
    "fo": "It is the forget gate and the output gate.",
}


def _orders() -> list[Slip]:
    """Wrong orders of the four chunks; f, i, g, o has an entry of its own, since the peepholes stay with their gates."""
    return [
        slip(
            "lstm-gate-order",
            blocks=in_order("ifgo", order),
            detail=f"Your numbers are those of the order {', '.join(order)}.",
        )
        for order in orders("ifgo", ("ifog", "figo", "igfo", "fiog", "iogf"))
    ]


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


def _old_memory(a: Array, p: Array, new: Array, h: Array, old: Array) -> Array:
    return a + p * old


def _own_peepholes() -> list[Slip]:
    """Peepholes that stand at the wrong gates."""
    told = (
        "A gate sees the memory through the peephole of another.",
        "peephole_i belongs to the input gate, peephole_f to the forget gate and peephole_o to the output gate.",
    )
    readings = [of for of in permutations(range(3)) if of != (0, 1, 2)]
    readings += [(k, k, k) for k in range(3)]
    readings += [(0, 0, 2), (1, 1, 2), (0, 1, 0), (0, 1, 1), (2, 1, 2), (0, 2, 2)]
    return [
        slip(
            "peephole-of-another-gate",
            *(told if k == 0 else ()),
            of=of,
            detail=f"The gates i, f and o read those of {', '.join('ifo'[m] for m in of)}.",
            alone=k > 4,
        )
        for k, of in enumerate(readings)
    ]


SLIPS = [
    slip(
        "peephole-o-sees-old",
        "The output gate sees the old memory.",
        "i and f see the old c, and o the new one: compute c first, then o from a_o + p_o ⊙ c.",
        see_o=_old_memory,
    ),
    *_seen(
        "peephole-missing",
        lambda a, *_: a,
        "A gate does not see the memory: its peephole is missing.",
        "All three gates look: a_i + p_i ⊙ c and a_f + p_f ⊙ c with the old c, a_o + p_o ⊙ c with the new one.",
    ),
    *_own_peepholes(),
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
    *_orders(),
    *SLIPS,
    *of_squashes(_GATES, _ALL),
    *of_blocks("ifgo"),
    *STATE,
    *seldom(_GATES, "ifgo", _ALL),
]

"""Mistakes in the LSTM step with peepholes."""

from itertools import permutations

from numpy import ndarray as Array

from gates.exercises.common.lstm_slips import STATE, of_blocks, of_squashes, seldom
from gates.exercises.common.rows import in_order, orders
from gates.exercises.common.slips import Slip, slip
from gates.exercises.common.updating import SLIPS
from gates.exercises.lesson13.peephole_lstm_cell import seeing_slips
from gates.exercises.lesson13.peephole_lstm_cell.seeing_slips import ALL, GATES


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
    *_own_peepholes(),
    *seeing_slips.SLIPS,
    *_orders(),
    *SLIPS,
    *of_squashes(GATES, ALL),
    *of_blocks("ifgo"),
    *STATE,
    *seldom(GATES, "ifgo", ALL),
]

"""Mistakes in the LSTM step."""

import numpy as np

from gates.backward import sigmoid
from gates.exercises.common.lstm_slips import STATE, of_blocks, of_squashes, seldom
from gates.exercises.common.rows import in_order, orders
from gates.exercises.common.slips import Slip, slip
from gates.exercises.common.step_parts import first, second
from gates.exercises.common.updating import SLIPS
from gates.exercises.lesson03.lstm_cell.peepholes import PEEPHOLES

_GATES = {"i": "input", "f": "forget", "o": "output"}


def _orders() -> list[Slip]:
    """The 23 wrong orders; f, i, g, o gives the numbers of gates swapped in the update."""
    swapped = "figo"
    return [
        slip(
            "lstm-gate-order",
            blocks=in_order("ifgo", order),
            detail=f"Your numbers are those of the order {', '.join(order)}.",
        )
        for order in orders("ifgo", ("ifog", "igfo", "fiog", "iogf", "gifo"))
        if order != swapped
    ] + [
        slip(
            "lstm-gates-swapped",
            blocks=in_order("ifgo", swapped),
            detail="Or the chunks are read in the order f, i, g, o.",
        )
    ]


_ALL = "It is all three gates."


SLIPS = [
    *_orders(),
    *SLIPS,
    slip(
        "constant-built-in",
        keep=lambda f: f + 1,
        detail="It is +1, added to f after the sigmoid.",
        alone=True,
    ),
    *of_squashes(_GATES, _ALL),
    *of_blocks("ifgo"),
    slip(
        "lstm-g-and-o-swapped",
        "The candidate and the output gate have changed places after they were squashed.",
        "g goes with i into the new c; o goes with tanh(c) into h. Look at the order in which they are handed over.",
        blocks=in_order("ifgo", "ifog"),
        squash_g=sigmoid,
        squash_o=np.tanh,
    ),
    slip(
        "c-meets-matrix",
        "The cell state is multiplied by weight_hh.",
        "It is h that meets weight_hh. The cell state never passes through a matrix.",
        meets_matrix=second,
    ),
    slip(
        "h-as-memory",
        "The hidden state stands where the memory belongs.",
        "c = f ⊙ c + i ⊙ g keeps the old c, the second of the pair; h enters through weight_hh only.",
        is_memory=first,
    ),
    *STATE,
    *seldom(_GATES, "ifgo", _ALL, known=("ffgo", "iigo")),
    *PEEPHOLES,
]

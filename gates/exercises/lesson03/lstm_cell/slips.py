"""Mistakes in the LSTM step."""

import numpy as np

from gates.backward import sigmoid
from gates.exercises.common.adding import constants, late
from gates.exercises.common.rows import copies, in_order, orders, reading
from gates.exercises.common.slips import Slip, same, slip
from gates.exercises.common.squashing import among, of_gates, of_tanh, tanh_twice
from gates.exercises.common.step_parts import first, interleaved, second
from gates.exercises.common.step_slips import BEFORE_GATES, missing
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


_ALL_BLOCKS = {"ifgo": "all gates and the candidate", "ifo": "all three gates"}


_EACH = {**{k: f"the {name} gate, {k}" for k, name in _GATES.items()}, "g": "the candidate, g"}


SLIPS = [
    *_orders(),
    *SLIPS,
    slip(
        "constant-built-in",
        keep=lambda f: f + 1,
        detail="It is +1, added to f after the sigmoid.",
        alone=True,
    ),
    slip("candidate-sigmoid", squash_g=sigmoid),
    slip("candidate-raw", squash_g=same),
    *[
        slip("gate-left-raw", **{f"squash_{k}": same}, detail=f"It is the {name} gate, {k}.")
        for k, name in _GATES.items()
    ],
    *[
        slip("gate-tanh", **{f"squash_{k}": np.tanh}, detail=f"It is the {name} gate, {k}.")
        for k, name in _GATES.items()
    ],
    slip("gate-left-raw", **{f"squash_{k}": same for k in _GATES}, detail="It is all three gates."),
    slip("gate-tanh", **{f"squash_{k}": np.tanh for k in _GATES}, detail="It is all three gates."),
    *BEFORE_GATES,
    *[
        slip(
            "one-chunk-for-all",
            blocks=reading("ifgo", 4 * gate),
            detail=f"They are those of {gate}.",
        )
        for gate in "ifgo"
    ],
    slip("rows-interleaved", split=interleaved(4)),
    slip(
        "lstm-g-and-o-swapped",
        "The candidate and the output gate have changed places after they were squashed.",
        "g goes with i into the new c; o goes with tanh(c) into h. Look at the order in which they are handed over.",
        blocks=in_order("ifgo", "ifog"),
        squash_g=sigmoid,
        squash_o=np.tanh,
    ),
    slip("candidate-sigmoid", squash_g=lambda a: np.tanh(sigmoid(a)), detail="tanh comes on top."),
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
    slip("state-swapped", unpack=lambda h, c: (c, h)),
    slip("ignores-c", use_c=np.zeros_like),
    slip("ignores-state", use_h=np.zeros_like, use_c=np.zeros_like),
    slip("candidate-squashed-again", squash_g=tanh_twice),
    *constants(_EACH | _ALL_BLOCKS, often="f"),
    *copies("ifgo", known=("ffgo", "iigo")),
    *late(_EACH | _ALL_BLOCKS),
    *of_gates(_GATES, turned="f", together="It is all three gates."),
    *among("ifo", "ifo"),
    *among("ifo", "ifgo"),
    *of_tanh("squash_g", "It is the candidate, g."),
    *of_tanh("squash_c", "It is the memory on its way to h."),
    *missing(_EACH),
    *PEEPHOLES,
]

"""What may go wrong in a step of more than one cell."""

from collections.abc import Callable

import numpy as np
from numpy import ndarray as Array

from gates.exercises.common.slips import Slip, slip
from gates.exercises.common.step_parts import recurrent


def _joined_hx(x: Array, h: Array, W: Array, U: Array, recurrent: Callable) -> tuple:
    joined = np.concatenate([h, x], -1) @ np.concatenate([W, U], 1).T
    return joined, np.zeros_like(joined)


def _joined_xh(x: Array, h: Array, W: Array, U: Array, recurrent: Callable) -> tuple:
    joined = np.concatenate([x, h], -1) @ np.concatenate([U, W], 1).T
    return joined, np.zeros_like(joined)


# Of a plain RNN and an LSTM: what may go wrong before the pre-activations are there.
BEFORE_GATES = [
    slip("drops-bias-ih", bias=lambda b, d: (0 * b, d)),
    slip("drops-bias-hh", bias=lambda b, d: (b, 0 * d)),
    slip("drops-biases", bias=lambda b, d: (0 * b, 0 * d)),
    slip("drops-bias-ih", bias=lambda b, d: (d, d), detail="bias_hh is added twice instead."),
    slip("drops-bias-hh", bias=lambda b, d: (b, b), detail="bias_ih is added twice instead."),
    slip("recurrent-not-transposed", recurrent=recurrent(transpose=False)),
    slip(
        "joined-in-other-order", products=_joined_hx, detail="h comes first, and its weights last."
    ),
    slip(
        "joined-in-other-order", products=_joined_xh, detail="x comes first, and its weights last."
    ),
    slip("ignores-h", use_h=np.zeros_like),
]


def missing(called: dict[str, str]) -> list[Slip]:
    """Parts of one gate's pre-activation that are left out."""
    return [
        slip(
            "part-missing-in-gate",
            missing=(gate, *parts),
            detail=f"In {name}, {what} left out.",
            alone=True,
        )
        for gate, name in called.items()
        for parts, what in (
            ("h", "the hidden state's product is"),
            ("hd", "the hidden state's part is"),
            ("x", "the input's product is"),
            ("xb", "the input's part is"),
            ("b", "bias_ih is"),
            ("d", "bias_hh is"),
            ("bd", "both biases are"),
        )
    ]

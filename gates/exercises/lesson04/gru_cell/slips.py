"""Mistakes in the GRU step."""

import numpy as np

from gates.backward import sigmoid
from gates.exercises.common.adding import constants, late
from gates.exercises.common.rows import copies, in_order, orders, reading
from gates.exercises.common.slips import Slip, same, slip
from gates.exercises.common.squashing import among, of_gates, of_tanh, tanh_twice
from gates.exercises.common.step_parts import interleaved
from gates.exercises.common.step_slips import missing
from gates.exercises.lesson04.gru_cell.reset import RESET


def _orders() -> list[Slip]:
    return [
        slip(
            "gru-gate-order",
            blocks=in_order("rzn", order),
            detail=f"Your numbers are those of the order {', '.join(order)}.",
        )
        for order in orders("rzn", ("zrn", "rnz", "nzr"))
    ]


_GATES = {"r": "reset", "z": "update"}


_EACH = {**{k: f"the {name} gate, {k}" for k, name in _GATES.items()}}


SLIPS = [
    *missing(_EACH),
    slip(
        "gru-z-polarity",
        "The update gate is read backward: h = z ⊙ n + (1 − z) ⊙ h.",
        "In PyTorch z is the fraction of the old state that is kept: h = (1 − z) ⊙ n + z ⊙ h.",
        blend=lambda z, n, h, r: z * n + (1 - z) * h,
        seen=("pytorch/pytorch#20129", "pytorch/pytorch#60645", "keras-team/keras#14649"),
    ),
    slip("gru-reset-before", reset=lambda r, x, h, product, b: x + product(r * h) + b),
    *_orders(),
    *RESET,
    slip("gru-candidate-ungated", blend=lambda z, n, h, r: n + z * h),
    slip("gru-memory-ungated", blend=lambda z, n, h, r: (1 - z) * n + h),
    slip("gru-no-blend", blend=lambda z, n, h, r: n),
    slip(
        "gru-tanh-on-blend",
        "The blended state goes through tanh once more.",
        "Only the candidate has a tanh. The blend h = (1 − z) ⊙ n + z ⊙ h is the new state as it is.",
        blend=lambda z, n, h, r: np.tanh((1 - z) * n + z * h),
    ),
    slip("candidate-sigmoid", squash_n=sigmoid),
    slip("candidate-raw", squash_n=same),
    *[
        Slip(mistake, {f"squash_{k}": squash}, f"It is the {name} gate, {k}.")
        for mistake, squash in (("gate-left-raw", same), ("gate-tanh", np.tanh))
        for k, name in _GATES.items()
    ],
    slip("gate-left-raw", squash_r=same, squash_z=same, detail="It is both gates."),
    slip("gate-tanh", squash_r=np.tanh, squash_z=np.tanh, detail="It is both gates."),
    slip("drops-bias-ih", input_bias=np.zeros_like),
    slip("drops-bias-hh", hidden_bias=np.zeros_like),
    slip("drops-biases", input_bias=np.zeros_like, hidden_bias=np.zeros_like),
    slip("recurrent-not-transposed", transpose=False),
    slip("ignores-h", use_h=np.zeros_like),
    *[
        slip(
            "one-chunk-for-all",
            blocks=reading("rzn", 3 * gate),
            detail=f"They are those of {gate}.",
        )
        for gate in "rzn"
    ],
    slip("rows-interleaved", split=interleaved(3)),
    slip("candidate-squashed-again", squash_n=tanh_twice),
    slip(
        "gru-gates-coupled",
        "One of the two gates is made as 1 minus the other.",
        "r and z have rows of their own in the weights, and a sigmoid of their own.",
        tie=lambda r, z: (1 - z, z),
        detail="It is r.",
    ),
    slip("gru-gates-coupled", tie=lambda r, z: (r, 1 - r), detail="It is z."),
    slip(
        "gru-as-in-dreamer",
        "This is another GRU, the one in Dreamer: r multiplies the whole argument of the candidate, z is read backward, and 1 is taken from z's argument.",
        "Here it is PyTorch's: n = tanh(x_n + r ⊙ h_n), h = (1 − z) ⊙ n + z ⊙ h, and no constant inside.",
        reset=lambda r, x, h, product, b: r * (x + product(h) + b),
        blend=lambda z, n, h, r: z * n + (1 - z) * h,
        inside_z=lambda a, *_: a - 1,
        alone=True,
    ),
    *constants(_EACH | {"n": "the candidate, n"}, often="z"),
    *copies("rzn"),
    *late(_EACH | {"n": "the candidate, n", "rz": "both gates"}),
    *late({"rzn": "both gates and the candidate"}),
    slip(
        "squashed-too-early",
        late={"n": "d!"},
        detail="In the candidate, n, bias_hh is added afterwards, and r does not multiply it.",
        alone=True,
    ),
    *of_gates(_GATES, turned="rz", together="It is both gates."),
    *among("rz", "rz"),
    *of_tanh("squash_n", "It is the candidate, n."),
]

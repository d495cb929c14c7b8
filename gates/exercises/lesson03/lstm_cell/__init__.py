"""The LSTM step."""

from functools import partial

import numpy as np

from gates.backward import sigmoid
from gates.cells import lstm_cell
from gates.exercises.common.coding import coding
from gates.exercises.common.lstm_parts import until_gates
from gates.exercises.common.plan import Part, Plan
from gates.exercises.common.step_parts import gate, named
from gates.exercises.common.stepping import a_step, large_steps, small_steps, step
from gates.exercises.common.updating import PARTS, pair
from gates.exercises.lesson03.lstm_cell.slips import SLIPS

variant = Plan(
    named,
    [
        *until_gates("ifgo"),
        Part(
            "c_product",
            ("c", "U"),
            lambda c, U: dict(zip("ifgo", np.split(c @ U.T, 4, axis=-1), strict=True)),
        ),
        gate("i", sigmoid),
        gate("f", sigmoid),
        gate("g", np.tanh),
        PARTS[0],
        PARTS[1],
        gate("o", sigmoid, ("a", "c", "c_product", "c_new")),
        PARTS[2],
    ],
    ("h_new", "c_kept"),
    pair,
)


EXERCISE = coding(
    lstm_cell,
    asks="the LSTM step",
    probes=a_step(4),
    small=small_steps(4),
    sized=partial(step, 4),
    also=(large_steps(4), "clips-inside"),
    outputs=("h", "c"),
    variant=variant,
    gates="ifgo",
    gradients=True,
    anywhere=True,
    shapes="x is (B, I) and meets weight_ih, (4H, I). h is (B, H) and meets weight_hh, (4H, H). c is (B, H).",
    slips=SLIPS,
)

"""The LSTM step backward."""

from gates.backward import lstm_backward
from gates.cells import Weights
from gates.exercises.common.back_parts import (
    GRADIENTS,
    taken,
)
from gates.exercises.common.coding import coding
from gates.exercises.common.plan import Plan
from gates.exercises.common.stepping import a_step_back, large_steps_back
from gates.exercises.lesson03.lstm_backward.back import BACK
from gates.exercises.lesson03.lstm_backward.forward import FORWARD
from gates.exercises.lesson03.lstm_backward.slips import SLIPS


def _returned(dx, dh, dc, dW, dU, db, dd) -> tuple:
    return dx, (dh, dc), Weights(dW, dU, db, dd)


variant = Plan(
    taken("dh_in dc_in x h_in c_in W U b d"),
    [*FORWARD, *BACK],
    ("dx", "dh", "dc", "dW", "dU", "db", "dd"),
    _returned,
)

EXERCISE = coding(
    lstm_backward,
    asks="the LSTM step backward",
    probes=a_step_back(4),
    also=(large_steps_back(4), "clips-inside"),
    outputs=("dx", "dh", "dc", *GRADIENTS[2:]),
    variant=variant,
    gates="ifgo",
    shapes="x is (B, I), states are (B, H), weight_ih is (4H, I) and weight_hh (4H, H).",
    slips=SLIPS,
)

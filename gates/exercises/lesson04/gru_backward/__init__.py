"""The GRU step backward."""

from gates.backward import gru_backward
from gates.exercises.common.back_parts import (
    GRADIENTS,
    returned,
    taken,
)
from gates.exercises.common.coding import coding
from gates.exercises.common.plan import Plan
from gates.exercises.common.stepping import a_step_back, large_steps_back
from gates.exercises.lesson04.gru_backward.back import BACK
from gates.exercises.lesson04.gru_backward.forward import FORWARD
from gates.exercises.lesson04.gru_backward.slips import SLIPS

variant = Plan(
    taken("dh_in x h W U b d"), [*FORWARD, *BACK], ("dx", "dh", "dW", "dU", "db", "dd"), returned
)

EXERCISE = coding(
    gru_backward,
    asks="the GRU step backward",
    probes=a_step_back(3),
    also=(large_steps_back(3), "clips-inside"),
    outputs=GRADIENTS,
    variant=variant,
    gates="rzn",
    shapes="x is (B, I), states are (B, H), weight_ih is (3H, I) and weight_hh (3H, H).",
    slips=SLIPS,
)

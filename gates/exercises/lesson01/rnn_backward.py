"""The plain step backward."""

from collections.abc import Callable

import numpy as np

from gates.backward import rnn_backward
from gates.cells import Weights
from gates.exercises.common.back_by_gate import built_in, early
from gates.exercises.common.back_parts import GRADIENTS, found, product, returned, taken, weights_of
from gates.exercises.common.back_slips import AFTER, END_H, FORWARD_BIAS
from gates.exercises.common.coding import coding
from gates.exercises.common.plan import Part, Plan
from gates.exercises.common.slips import Slip, same, slip
from gates.exercises.common.slopes import INSTEAD_OF_TANH
from gates.exercises.common.step_parts import both
from gates.exercises.common.stepping import a_step_back, large_steps_back

variant = Plan(
    taken("dh_new x h W U b d"),
    [
        Part(
            "a",
            ("x", "h", "W", "U", "b", "d"),
            lambda x, h, W, U, b, d, forward_bias, inside_h: inside_h(
                x @ W.T + h @ U.T + sum(forward_bias(b, d))
            ),
            {"forward_bias": both, "inside_h": same},
        ),
        Part("h_new", ("a",), np.tanh),
        Part("came", ("dh_new",), lambda dh, incoming: incoming(dh), {"incoming": same}),
        Part(
            "da_h",
            ("came", "h_new", "a", "h"),
            lambda dh, y, a, h, slope: dh * slope(y, a, h),
            {"slope": lambda y, a, h: 1 - y**2},
        ),
        Part("da", ("da_h",), lambda da: {"h": da}),
        Part("da_U", ("da",), same),
        Part("da_d", ("da",), same),
        Part("before", ("came",), lambda dh: {"h": dh}),
        Part(
            "dx",
            ("da_h", "W"),
            lambda da, W, end_x: end_x(da @ W, None),
            {"end_x": found},
        ),
        Part(
            "dh",
            ("da_h", "came", "U", "dh_new"),
            lambda da, came, U, dh_new, to_h, for_h, end_h: end_h(to_h(for_h(da, came), U), dh_new),
            {"to_h": product, "for_h": found, "end_h": found},
        ),
        Part("h_used", ("h", "h_new"), lambda h, new, old_h: old_h(h, new), {"old_h": found}),
        *weights_of("h", h="h_used"),
    ],
    ("dx", "dh", "dW", "dU", "db", "dd"),
    returned,
)


def _of_rnn(slope: Callable) -> Callable:
    return lambda y, a, h: slope(y, a)


EXERCISE = coding(
    rnn_backward,
    asks="the plain step backward",
    probes=a_step_back(1),
    also=(large_steps_back(1), "clips-inside"),
    outputs=GRADIENTS,
    variant=variant,
    gates="h",
    shapes="x is (B, I), states are (B, H), weight_ih is (H, I) and weight_hh (H, H).",
    slips=[
        slip("tanh-slope-missing", slope=lambda y, a, h: np.ones_like(y)),
        slip("tanh-slope-of-argument", slope=lambda y, a, h: 1 - a**2),
        slip("tanh-slope-missing", for_h=lambda da, dh: dh, detail="It is so on the way to h."),
        slip(
            "weight-gradient-transposed",
            "The gradient of weight_hh is transposed. It is square, so nothing complains.",
            "Entry (k, j) of W multiplies h_j and adds to a_k, so its gradient is da_k h_j: da.T @ h.",
            turned=lambda dU: dU.T,
        ),
        slip("new-h-for-old", old_h=lambda h, h_new: h_new),
        slip(
            "slope-at-old-state",
            "The slope is taken at the old hidden state.",
            "The tanh made the new h, so its slope is 1 − h_new².",
            slope=lambda y, a, h: 1 - h**2,
        ),
        slip("sigmoid-slope-for-tanh", slope=lambda y, a, h: y * (1 - y)),
        slip(
            "dh-through-matrix-missing",
            to_h=lambda da, U: da,
            detail="It is da itself.",
            alone=True,
        ),
        *[
            Slip(mistake, {"slope": _of_rnn(slope)}, what)
            for mistake, slope, what in INSTEAD_OF_TANH
        ],
        *AFTER,
        *FORWARD_BIAS,
        slip("returns-dh-then-dx", returns=lambda dx, dh, *dweights: (dh, dx, Weights(*dweights))),
        *END_H,
        slip("gradient-doubled", incoming=lambda dh: 2 * dh, detail="It is dh_new."),
        *early("h", {"h": ""}),
        *built_in({"h": "the argument of tanh"}),
    ],
)

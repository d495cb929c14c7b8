"""Mistakes in the LSTM step backward."""

from gates.cells import Weights
from gates.exercises.common.back_by_gate import (
    FORWARD,
    both_ways,
    built_in,
    early,
    groups,
    left_out,
    other_matrix,
)
from gates.exercises.common.back_slips import (
    AFTER,
    FORWARD_BIAS,
    over_units,
)
from gates.exercises.common.rows import copies, orders
from gates.exercises.common.slips import slip
from gates.exercises.common.slopes import at_gates, of_sigmoid, of_tanh, one, one_minus, slopes
from gates.exercises.lesson03.lstm_backward.doubled import GIVEN_OR_DOUBLED
from gates.exercises.lesson03.lstm_backward.memory import OF_THE_MEMORY

_GATES = {"i": "input", "f": "forget", "o": "output"}


_CALLED = {**{k: f"the {name} gate, {k}" for k, name in _GATES.items()}, "g": "the candidate, g"}


_TANH_C = "It is that of tanh(c)."
_CANDIDATE = "It is that of the candidate, g."


SLIPS = [
    *OF_THE_MEMORY,
    slip("tanh-slope-missing", slope_c=one, detail=_TANH_C),
    slip("tanh-slope-missing", slope_g=one, detail=_CANDIDATE),
    slip(
        "tanh-slope-missing",
        slope_g=one,
        slope_c=one,
        detail="It is that of tanh(c), and that of the candidate, g.",
    ),
    slip("tanh-slope-of-argument", slope_c=lambda y, c: 1 - c**2, detail=_TANH_C),
    slip("tanh-slope-of-argument", slope_g=lambda y, a: 1 - a**2, detail=_CANDIDATE),
    slip("sigmoid-slope-for-tanh", slope_g=of_sigmoid, detail=_CANDIDATE),
    slip("sigmoid-slope-for-tanh", slope_c=of_sigmoid, detail=_TANH_C),
    *at_gates("sigmoid-slope-missing", one, _GATES, "It is all three gates."),
    *at_gates("tanh-slope-for-sigmoid", of_tanh, _GATES, "It is all three gates."),
    *at_gates("sigmoid-slope-cut", one_minus, _GATES, "It is all three gates."),
    slip(
        "new-c-for-old",
        "The forget gate's gradient uses the new cell state where the old one belongs.",
        "f multiplies the old c, so da_f = dc_total ⊙ c_old ⊙ f ⊙ (1 − f).",
        of_f=lambda dc, c, c_new, dh: dc * c_new,
    ),
    slip(
        "o-sees-raw-c",
        "The output gate's gradient uses c where tanh(c) belongs.",
        "h = o ⊙ tanh(c_new), so da_o = dh ⊙ tanh(c_new) ⊙ o ⊙ (1 − o).",
        of_o=lambda dh, y, c, total, dc: dh * c,
    ),
    slip(
        "gradients-of-i-and-g-swapped",
        "The input gate and the candidate have changed places: each gets what belongs to the other.",
        "For i ⊙ g, di = dc_total ⊙ g and dg = dc_total ⊙ i. Each is then multiplied by its own slope.",
        rows="gfio",
        detail="It is where they are put together.",
    ),
    slip(
        "gradients-of-i-and-g-swapped",
        of_i=lambda dc, i, g, dh: dc * i,
        of_g=lambda dc, i, g, dh: dc * g,
    ),
    *AFTER,
    *FORWARD_BIAS,
    slip(
        "returns-dh-then-dx",
        returns=lambda dx, dh, dc, *dweights: ((dh, dc), dx, Weights(*dweights)),
    ),
    slip(
        "returns-dh-then-dx",
        returns=lambda dx, dh, dc, *dweights: (dh, (dx, dc), Weights(*dweights)),
        detail="dx stands where dh belongs.",
    ),
    slip(
        "returns-c-then-h", returns=lambda dx, dh, dc, *dweights: (dx, (dc, dh), Weights(*dweights))
    ),
    *[
        slip(
            "lstm-gate-order",
            order=k,
            detail=f"Your numbers are those of the order {', '.join(k)}.",
        )
        for k in orders("ifgo")
    ],
    *[
        slip(
            "lstm-gate-order",
            rows=k,
            detail=f"The gradients are put together in the order {', '.join(k)}.",
        )
        for k in orders("ifgo")
        if k != "gfio"
    ],
    *slopes(_GATES, "It is all three gates.", {"slope_g": _CANDIDATE, "slope_c": _TANH_C}),
    *GIVEN_OR_DOUBLED,
    *left_out("ifgo", _CALLED),
    *over_units(4),
    *early("ifgo", groups(_CALLED, "g")),
    *other_matrix("ifgo"),
    *copies("ifgo", FORWARD),
    *both_ways("ifgo"),
    *built_in(_CALLED),
]

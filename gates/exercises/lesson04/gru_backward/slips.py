"""Mistakes in the GRU step backward."""

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
from gates.exercises.common.back_slips import AFTER, END_H, over_units
from gates.exercises.common.rows import copies, orders
from gates.exercises.common.slips import slip
from gates.exercises.common.slopes import at_gates, of_sigmoid, of_tanh, one, one_minus, slopes
from gates.exercises.lesson04.gru_backward.own import OF_A_GRU

_GATES = {"r": "reset", "z": "update"}


_CALLED = {
    **{k: f"the {name} gate, {k}" for k, name in _GATES.items()},
    "n": "the candidate, n",
}


_CANDIDATE = "It is that of the candidate, n."


SLIPS = [
    *OF_A_GRU,
    slip("tanh-slope-missing", slope_n=one),
    slip("tanh-slope-of-argument", slope_n=lambda y, a: 1 - a**2),
    slip("sigmoid-slope-for-tanh", slope_n=of_sigmoid),
    *at_gates("sigmoid-slope-missing", one, _GATES, "It is both gates."),
    *at_gates("tanh-slope-for-sigmoid", of_tanh, _GATES, "It is both gates."),
    *at_gates("sigmoid-slope-cut", one_minus, _GATES, "It is both gates."),
    *AFTER,
    slip("returns-dh-then-dx", returns=lambda dx, dh, *dweights: (dh, dx, Weights(*dweights))),
    *[
        slip(
            "gru-gate-order", order=k, detail=f"Your numbers are those of the order {', '.join(k)}."
        )
        for k in orders("rzn")
    ],
    *[
        slip(
            "gru-gate-order",
            rows=k,
            detail=f"The gradients are put together in the order {', '.join(k)}.",
        )
        for k in orders("rzn")
    ],
    *slopes(_GATES, "It is both gates.", {"slope_n": _CANDIDATE}),
    slip(
        "gate-given-dh",
        of_r=lambda da_n, p, b, dn, h, dh: dh * p,
        detail="It is the reset gate, r.",
    ),
    slip("gate-given-dh", of_n=lambda dh, z: dh, detail="It is the candidate, n."),
    *END_H,
    slip(
        "gradient-doubled", direct=lambda dh, z: 2 * dh * z, detail="It is the direct way, z ⊙ dh."
    ),
    slip("gradient-doubled", to_h=lambda da, U: 2 * (da @ U), detail="It is the way through W_hh."),
    slip("gradient-doubled", incoming=lambda dh: 2 * dh, detail="It is dh_new."),
    *left_out("rzn", _CALLED),
    *over_units(3),
    *early("rzn", groups(_CALLED, "n")),
    *other_matrix("rzn"),
    *copies("rzn", FORWARD),
    *both_ways("rzn"),
    *built_in(_CALLED),
]

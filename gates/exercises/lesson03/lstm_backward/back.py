"""The way back through an LSTM step, with its parts exchangeable."""

import numpy as np
from numpy import ndarray as Array

from gates.exercises.common.back_parts import (
    back,
    by_name,
    found,
    product,
    slope_part,
    to_x,
    ways,
    weights_of,
)
from gates.exercises.common.plan import Part
from gates.exercises.common.slips import same
from gates.exercises.common.slopes import of_sigmoid, of_tanh


def _lstm_to_h(da, U, dh_new, order, rows, ways_h, meets_h, end_h, to_h) -> Array:
    side_by_side, matrix = ways(da, rows or order, ways_h, meets_h, U)
    return end_h(to_h(side_by_side, matrix), dh_new)


_IN_ORDER = {"order": "ifgo", "rows": ""}


BACK = [
    Part(
        "through",
        ("dh_new", "o", "tanh_c", "c_new", "c"),
        lambda dh, o, y, c, old, through_h, slope_c, slope_at: (
            through_h(dh, o, y) * slope_c(*slope_at(y, c, old))
        ),
        {
            "through_h": lambda dh, o, y: dh * o,
            "slope_c": of_tanh,
            "slope_at": lambda y, c, old: (y, c),
        },
    ),
    Part(
        "total",
        ("dc_new", "through"),
        lambda dc, through, added: added(dc, through),
        {"added": lambda later, through: later + through},
    ),
    Part(
        "dc_gates",
        ("total", "dc_new"),
        lambda total, later, for_gates: for_gates(total, later),
        {"for_gates": found},
    ),
    Part("all_gates", ("i", "f", "g", "o", "c"), by_name("ifgoc")),
    Part(
        "e_i",
        ("dc_gates", "i", "g", "dh_new", "all_gates"),
        lambda dc, i, g, dh, all_gates, of_i, beside_i: (
            of_i(dc, i, g, dh) if not beside_i else dc * all_gates[beside_i]
        ),
        {"of_i": lambda dc, i, g, dh: dc * g, "beside_i": ""},
    ),
    Part(
        "e_f",
        ("dc_gates", "c", "c_new", "dh_new", "all_gates"),
        lambda dc, c, c_new, dh, all_gates, of_f, beside_f: (
            of_f(dc, c, c_new, dh) if not beside_f else dc * all_gates[beside_f]
        ),
        {"of_f": lambda dc, c, c_new, dh: dc * c, "beside_f": ""},
    ),
    Part(
        "e_g",
        ("dc_gates", "i", "g", "dh_new", "all_gates"),
        lambda dc, i, g, dh, all_gates, of_g, beside_g: (
            of_g(dc, i, g, dh) if not beside_g else dc * all_gates[beside_g]
        ),
        {"of_g": lambda dc, i, g, dh: dc * i, "beside_g": ""},
    ),
    Part(
        "e_o",
        ("dh_new", "tanh_c", "c_new", "total", "dc_new"),
        lambda dh, y, c, total, dc, of_o: of_o(dh, y, c, total, dc),
        {"of_o": lambda dh, y, c, total, dc: dh * y},
    ),
    *[slope_part(k, of_tanh if k == "g" else of_sigmoid) for k in "ifgo"],
    Part("da", ("da_i", "da_f", "da_g", "da_o"), by_name("ifgo")),
    Part("da_U", ("da",), same),
    Part("da_d", ("da",), same),
    Part("before", ("e_i", "e_f", "e_g", "e_o"), by_name("ifgo")),
    Part("dx", ("da", "W"), to_x, {**_IN_ORDER, **back("ifgo", "x")}),
    Part(
        "dh",
        ("da", "U", "dh_new"),
        _lstm_to_h,
        {**_IN_ORDER, **back("ifgo", "h"), "to_h": product},
    ),
    Part(
        "dc",
        ("total", "dc_new", "f"),
        lambda total, later, f, for_memory, back, end_c: end_c(
            back(for_memory(total, later), f), later
        ),
        {"for_memory": found, "back": lambda dc, f: dc * f, "end_c": found},
    ),
    Part(
        "h_used",
        ("h", "o", "c_new"),
        lambda h, o, c_new, old_h: old_h(h, lambda: o * np.tanh(c_new)),
        {"old_h": lambda h, h_new: h},
    ),
    *weights_of("ifgo", h="h_used"),
]

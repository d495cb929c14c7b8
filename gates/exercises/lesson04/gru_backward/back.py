"""The way back through a GRU step, with its parts exchangeable."""

from collections.abc import Callable

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
from gates.exercises.common.slopes import of_sigmoid, of_tanh


def _hidden_side(of: str) -> Part:
    """The gradients for the hidden state's side, as they are taken for one of its uses."""

    def made(da_x: dict, da_n_h: Array, taken: Callable) -> dict[str, Array]:
        return taken(da_x, {**da_x, "n": da_n_h})

    return Part(f"da_{of}", ("da_r_z_n", "da_n_h"), made, {f"for_{of}": lambda x, h: h})


def _to_h(da, U, dh_new, z, order, rows, ways_h, meets_h, end_h, to_h, direct) -> Array:
    side_by_side, matrix = ways(da, rows or order, ways_h, meets_h, U)
    return end_h(direct(dh_new, z) + to_h(side_by_side, matrix), dh_new)


_IN_ORDER = {"order": "rzn", "rows": ""}


BACK = [
    Part(
        "e_n",
        ("dh_new", "z"),
        lambda dh, z, of_n: of_n(dh, z),
        {"of_n": lambda dh, z: dh * (1 - z)},
    ),
    Part(
        "e_z",
        ("dh_new", "h", "n"),
        lambda dh, h, n, of_z: of_z(dh, h, n),
        {"of_z": lambda dh, h, n: dh * (h - n)},
    ),
    slope_part("n", of_tanh),
    slope_part("z", of_sigmoid),
    Part(
        "e_r",
        ("da_n", "a", "e_n", "h", "dh_new"),
        lambda da_n, a, dn, h, dh, of_r: of_r(da_n, a["p"], a["d"], dn, h, dh),
        {"of_r": lambda da_n, p, b, dn, h, dh: da_n * p},
    ),
    slope_part("r", of_sigmoid),
    Part("da_r_z_n", ("da_r", "da_z", "da_n"), by_name("rzn")),
    Part(
        "da_n_h",
        ("da_n", "r"),
        lambda da_n, r, of_p: of_p(da_n, r),
        {"of_p": lambda da_n, r: da_n * r},
    ),
    Part(
        "da_x",
        ("da_r_z_n", "da_n_h"),
        lambda da_x, da_n_h, for_x: for_x(da_x, {**da_x, "n": da_n_h}),
        {"for_x": lambda x, h: x},
    ),
    *map(_hidden_side, "hUd"),
    Part(
        "da_b",
        ("da_x", "da_r_z_n", "da_n_h"),
        lambda da_x, x, da_n_h, for_b: for_b(da_x, {**x, "n": da_n_h}),
        {"for_b": found},
    ),
    Part("h_used", ("h", "r"), lambda h, r, old_h: old_h(h, r), {"old_h": lambda h, r: h}),
    Part("before", ("e_r", "e_z", "e_n"), by_name("rzn")),
    Part("dx", ("da_x", "W"), to_x, {**_IN_ORDER, **back("rzn", "x")}),
    Part(
        "dh",
        ("da_h", "U", "dh_new", "z"),
        _to_h,
        {
            **_IN_ORDER,
            **back("rzn", "h"),
            "to_h": product,
            "direct": lambda dh, z: dh * z,
        },
    ),
    Part("before_h", ("before", "r"), lambda e, r: {**e, "n": e["n"] * r}),
    *weights_of("rzn", da_x="da_x", h="h_used", before_h="before_h", da_b="da_b"),
]

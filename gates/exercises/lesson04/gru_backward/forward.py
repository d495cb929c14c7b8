"""The GRU step forward, as far as its way back needs it, with its parts exchangeable."""

import numpy as np

from gates.backward import sigmoid
from gates.exercises.common.plan import Part
from gates.exercises.common.rows import as_packed
from gates.exercises.common.slips import same
from gates.exercises.common.step_parts import both


def _read(x, h, W, U, b, d, forward_bias, order, blocks, *inside) -> dict[str, object]:
    """The pre-activations of r and z, and the two parts of n's; `p` is what r multiplies, `d` the bias in it."""
    b, d = forward_bias(b, d)
    terms = [np.split(term, 3, -1) for term in (x @ W.T, h @ U.T, b, d)]
    of_x, of_h, of_b, of_d = (
        {k: term[order.index(gates[n])] for n, k in enumerate("rzn")}
        for term, gates in zip(terms, blocks, strict=True)
    )
    inside_r, inside_z, inside_n = inside
    return {
        "r": inside_r(of_x["r"] + of_b["r"] + of_h["r"] + of_d["r"]),
        "z": inside_z(of_x["z"] + of_b["z"] + of_h["z"] + of_d["z"]),
        "x": inside_n(of_x["n"] + of_b["n"]),
        "p": of_h["n"] + of_d["n"],
        "d": of_d["n"],
    }


FORWARD = [
    Part("dh_new", ("dh_in",), lambda dh, incoming: incoming(dh), {"incoming": same}),
    Part(
        "a_parts",
        ("x", "h", "W", "U", "b", "d"),
        _read,
        {
            "forward_bias": both,
            "order": "rzn",
            "blocks": as_packed("rzn"),
            **{f"inside_{k}": same for k in "rzn"},
        },
    ),
    Part("r", ("a_parts",), lambda a: sigmoid(a["r"])),
    Part("z", ("a_parts",), lambda a: sigmoid(a["z"])),
    Part("a", ("a_parts", "r"), lambda a, r: {**a, "n": a["x"] + r * a["p"]}),
    Part("n", ("a",), lambda a: np.tanh(a["n"])),
]

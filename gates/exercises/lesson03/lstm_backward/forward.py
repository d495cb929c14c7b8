"""The LSTM step forward, as far as its way back needs it, with its parts exchangeable."""

from collections.abc import Callable

import numpy as np
from numpy import ndarray as Array

from gates.backward import sigmoid
from gates.exercises.common.plan import Part
from gates.exercises.common.rows import as_packed
from gates.exercises.common.slips import same
from gates.exercises.common.step_parts import both


def _read(gates: str) -> Callable:
    """The pre-activations of the gates, by name."""

    def made(x, h, W, U, b, d, forward_bias, order, blocks, *inside) -> dict[str, Array]:
        b, d = forward_bias(b, d)
        if blocks == as_packed(gates):
            a = dict(zip(order, np.split(x @ W.T + h @ U.T + (b + d), len(gates), -1), strict=True))
        else:
            terms = [np.split(term, len(gates), -1) for term in (x @ W.T, h @ U.T, b, d)]
            a = {
                k: sum(term[gates.index(of[n])] for term, of in zip(terms, blocks, strict=True))
                for n, k in enumerate(gates)
            }
        return {k: add(a[k]) for k, add in zip(gates, inside, strict=True)}

    return made


def _sigmoids(gates: str) -> list[Part]:
    return [Part(k, ("a",), lambda a, k=k: sigmoid(a[k])) for k in gates]


FORWARD = [
    Part(
        "came",
        ("dh_in", "dc_in"),
        lambda dh, dc, incoming: incoming(dh, dc),
        {"incoming": both},
    ),
    Part("state", ("h_in", "c_in"), lambda h, c, unpack: unpack(h, c), {"unpack": both}),
    Part("h", ("state",), lambda state: state[0]),
    Part("c", ("state",), lambda state: state[1]),
    Part("dh_new", ("came",), lambda came: came[0]),
    Part("dc_new", ("came",), lambda came: came[1]),
    Part(
        "a",
        ("x", "h", "W", "U", "b", "d"),
        _read("ifgo"),
        {
            "forward_bias": both,
            "order": "ifgo",
            "blocks": as_packed("ifgo"),
            **{f"inside_{k}": same for k in "ifgo"},
        },
    ),
    *_sigmoids("ifo"),
    Part("g", ("a",), lambda a: np.tanh(a["g"])),
    Part("c_new", ("f", "c", "i", "g"), lambda f, c, i, g: f * c + i * g),
    Part(
        "tanh_c",
        ("c_new", "c"),
        lambda new, old, shown: np.tanh(shown(new, old)),
        {"shown": lambda c_new, c: c_new},
    ),
]

"""Wrong variants of the steps backwards, in NumPy."""

from collections.abc import Callable
from itertools import permutations

import numpy as np
from numpy import ndarray as Array

from gates.backward import sigmoid
from gates.cells import Weights
from gates.checks.slips.core import Slip


def _of_sigmoid(y: Array, a: Array) -> Array:
    return y * (1 - y)


def _of_tanh(y: Array, a: Array) -> Array:
    return 1 - y**2


def _one(y: Array, a: Array) -> Array:
    return np.ones_like(y)


def _by_product(da: Array, v: Array) -> Array:
    return da.T @ v


def _summed(da: Array) -> Array:
    return da.sum(0)


def _turned(da: Array, U: Array) -> Array:
    """da with every square block of U the wrong way round."""
    H = U.shape[1]
    return sum(
        part @ block.T
        for part, block in zip(np.split(da, len(U) // H, -1), np.split(U, len(U) // H), strict=True)
    )


# Of all three: what may go wrong once the gradients of the pre-activations are there.
_AFTER = [
    Slip("backward-product-transposed", {"to_h": _turned}),
    Slip(
        "gradient-averaged",
        {"weight": lambda da, v: da.T @ v / len(da), "bias": lambda da: da.mean(0)},
    ),
    Slip(
        "gradient-averaged",
        {"weight": lambda da, v: da.T @ v / len(da)},
        "Those of the biases are not.",
    ),
    Slip("gradient-averaged", {"bias": lambda da: da.mean(0)}, "It is those of the biases."),
    Slip("one-bias-gradient", {"biases": lambda b, d: (b, np.zeros_like(d))}, "It is bias_hh."),
    Slip("one-bias-gradient", {"biases": lambda b, d: (np.zeros_like(b), d)}, "It is bias_ih."),
    Slip("one-bias-gradient", {"biases": lambda b, d: (b / 2, d / 2)}, "Each of them gets half."),
    Slip("one-bias-gradient", {"biases": lambda b, d: (b, d / 2)}, "bias_hh gets half."),
    Slip("returns-dh-then-dx", {"returns": lambda dx, dstate, dweights: (dstate, dx, dweights)}),
    Slip("drops-bias-hh", {"forward_bias": lambda b, d: b}, "It is on the way forward."),
    Slip("drops-bias-ih", {"forward_bias": lambda b, d: d}, "It is on the way forward."),
]


def _one_minus(y: Array, a: Array) -> Array:
    return 1 - y


def _sum(b: Array, d: Array) -> Array:
    return b + d


def rnn_backward(
    slope=lambda h_new, a, h: 1 - h_new**2,
    to_h=lambda da, U: da @ U,
    weight=_by_product,
    bias=_summed,
    biases=lambda b, d: (b, d),
    forward_bias=_sum,
    for_h=lambda da, dh_new: da,
    for_weights=lambda da, dh_new: da,
    old_h=lambda h, h_new: h,
    turned=lambda dU: dU,
    returns=lambda dx, dh, dweights: (dx, dh, dweights),
) -> Callable:
    """The plain step backwards, with its parts exchangeable."""

    def step(dh_new: Array, x: Array, h: Array, weights: Weights) -> tuple:
        W, U, b, d = weights
        a = x @ W.T + h @ U.T + forward_bias(b, d)
        h_new = np.tanh(a)
        da = dh_new * slope(h_new, a, h)
        of = for_weights(da, dh_new)
        dU, db = turned(weight(of, old_h(h, h_new))), bias(of)
        dh = to_h(for_h(da, dh_new), U)
        return returns(da @ W, dh, Weights(weight(of, x), dU, *biases(db, db)))

    return step


RNN = [
    Slip("tanh-slope-missing", {"slope": lambda y, a, h: np.ones_like(y)}),
    Slip("tanh-slope-of-argument", {"slope": lambda y, a, h: 1 - a**2}),
    Slip("tanh-slope-missing", {"for_h": lambda da, dh: dh}, "It is so on the way to h."),
    Slip(
        "tanh-slope-missing",
        {"for_weights": lambda da, dh: dh},
        "It is so on the way to the weights.",
    ),
    Slip(
        "tanh-slope-of-argument",
        {"slope": lambda y, a, h: 1 - np.tanh(y) ** 2},
        "tanh is taken twice.",
    ),
    Slip("weight-gradient-transposed", {"turned": lambda dU: dU.T}),
    Slip("new-h-for-old", {"old_h": lambda h, h_new: h_new}),
    Slip("slope-at-old-state", {"slope": lambda y, a, h: 1 - h**2}),
    Slip("sigmoid-slope-for-tanh", {"slope": lambda y, a, h: y * (1 - y)}),
    *_AFTER,
]


def lstm_backward(
    order="ifgo",
    rows="",
    through_h=lambda dh, o, tanh_c, c_new: dh * o * (1 - tanh_c**2),
    from_later=lambda dc: dc,
    for_gates=lambda total, later: total,
    for_memory=lambda total, later: total,
    shown=lambda c_new, c: c_new,
    unpack=lambda h, c: (h, c),
    incoming=lambda dh, dc: (dh, dc),
    old_h=lambda h, h_new: h,
    back=lambda dc, f: dc * f,
    of_i=lambda dc, i, g: dc * g,
    of_f=lambda dc, c, c_new: dc * c,
    of_g=lambda dc, i, g: dc * i,
    of_o=lambda dh, tanh_c, c_new: dh * tanh_c,
    slope_i=_of_sigmoid,
    slope_f=_of_sigmoid,
    slope_g=_of_tanh,
    slope_o=_of_sigmoid,
    to_h=lambda da, U: da @ U,
    weight=_by_product,
    bias=_summed,
    biases=lambda b, d: (b, d),
    forward_bias=_sum,
    pair=lambda dh, dc: (dh, dc),
    returns=lambda dx, dstate, dweights: (dx, dstate, dweights),
) -> Callable:
    """The LSTM step backwards, with its parts exchangeable.

    order: the gates as they are read, and as their gradients are put together, unless `rows` says another one.
    """

    def step(dstate: tuple, x: Array, state: tuple, weights: Weights) -> tuple:
        W, U, b, d = weights
        (dh, dc_new), (h, c) = incoming(*dstate), unpack(*state)
        a = x @ W.T + h @ U.T + forward_bias(b, d)
        a = dict(zip(order, np.split(a, 4, axis=-1), strict=True))
        i, f, o = (sigmoid(a[k]) for k in "ifo")
        g = np.tanh(a["g"])
        c_new = f * c + i * g
        tanh_c = np.tanh(shown(c_new, c))
        total = from_later(dc_new) + through_h(dh, o, tanh_c, c_new)
        dc = for_gates(total, dc_new)
        da = {
            "i": of_i(dc, i, g) * slope_i(i, a["i"]),
            "f": of_f(dc, c, c_new) * slope_f(f, a["f"]),
            "g": of_g(dc, i, g) * slope_g(g, a["g"]),
            "o": of_o(dh, tanh_c, c_new) * slope_o(o, a["o"]),
        }
        da = np.concatenate([da[k] for k in rows or order], axis=-1)
        db = bias(da)
        dweights = Weights(weight(da, x), weight(da, old_h(h, o * np.tanh(c_new))), *biases(db, db))
        dc = back(for_memory(total, dc_new), f)
        return returns(da @ W, pair(to_h(da, U), dc), dweights)

    return step


_GATES = {"i": "input", "f": "forget", "o": "output"}


def _at_gates(mistake: str, slope: Callable, gates: dict[str, str], all_of_them: str) -> list[Slip]:
    """The same wrong slope for each gate alone, and for all of them."""
    return [
        Slip(mistake, {f"slope_{k}": slope for k in gates}, all_of_them),
        *[
            Slip(mistake, {f"slope_{k}": slope}, f"It is the {name} gate, {k}.")
            for k, name in gates.items()
        ],
    ]


_LSTM_ORDERS = [order for order in map("".join, permutations("ifgo")) if order != "ifgo"]

LSTM = [
    Slip("dc-through-h-missing", {"through_h": lambda dh, o, y, c: 0 * dh}),
    Slip("dc-from-later-missing", {"from_later": lambda dc: 0 * dc}),
    Slip("dc-not-through-f", {"back": lambda dc, f: dc}),
    Slip(
        "dc-through-h-missing",
        {"for_gates": lambda total, later: later},
        "It is so for the gates and the candidate.",
    ),
    Slip(
        "dc-through-h-missing",
        {"for_memory": lambda total, later: later},
        "It is so on the way to the old memory.",
    ),
    Slip("output-gate-missing-on-way-back", {"through_h": lambda dh, o, y, c: dh * (1 - y**2)}),
    Slip("do-without-memory", {"of_o": lambda dh, tanh_c, c_new: dh}),
    Slip("lstm-old-c-in-h", {"shown": lambda c_new, c: c}),
    Slip("state-swapped", {"unpack": lambda h, c: (c, h)}),
    Slip("state-swapped", {"incoming": lambda dh, dc: (dc, dh)}, "It is dh_new and dc_new."),
    Slip(
        "state-swapped",
        {"incoming": lambda dh, dc: (dc, dh), "unpack": lambda h, c: (c, h)},
        "So are dh_new and dc_new.",
    ),
    Slip("new-h-for-old", {"old_h": lambda h, h_new: h_new}),
    Slip("tanh-slope-missing", {"through_h": lambda dh, o, y, c: dh * o}, "It is that of tanh(c)."),
    Slip("tanh-slope-missing", {"slope_g": _one}, "It is that of the candidate, g."),
    Slip(
        "tanh-slope-missing",
        {"slope_g": _one, "through_h": lambda dh, o, y, c: dh * o},
        "It is that of tanh(c), and that of the candidate, g.",
    ),
    Slip(
        "tanh-slope-of-argument",
        {"through_h": lambda dh, o, y, c: dh * o * (1 - c**2)},
        "It is that of tanh(c).",
    ),
    Slip(
        "tanh-slope-of-argument",
        {"slope_g": lambda y, a: 1 - a**2},
        "It is that of the candidate, g.",
    ),
    Slip("sigmoid-slope-for-tanh", {"slope_g": _of_sigmoid}, "It is that of the candidate, g."),
    Slip(
        "sigmoid-slope-for-tanh",
        {"through_h": lambda dh, o, y, c: dh * o * y * (1 - y)},
        "It is that of tanh(c).",
    ),
    *_at_gates("sigmoid-slope-missing", _one, _GATES, "It is all three gates."),
    *_at_gates("tanh-slope-for-sigmoid", _of_tanh, _GATES, "It is all three gates."),
    *_at_gates("sigmoid-slope-cut", _one_minus, _GATES, "It is all three gates."),
    Slip("new-c-for-old", {"of_f": lambda dc, c, c_new: dc * c_new}),
    Slip("o-sees-raw-c", {"of_o": lambda dh, y, c: dh * c}),
    Slip("gradients-of-i-and-g-swapped", {"rows": "gfio"}, "It is where they are put together."),
    Slip(
        "gradients-of-i-and-g-swapped",
        {"of_i": lambda dc, i, g: dc * i, "of_g": lambda dc, i, g: dc * g},
    ),
    *_AFTER,
    Slip(
        "returns-dh-then-dx",
        {"returns": lambda dx, dstate, dweights: (dstate[0], (dx, dstate[1]), dweights)},
        "dx stands where dh belongs.",
    ),
    Slip("returns-c-then-h", {"pair": lambda dh, dc: (dc, dh)}),
    *[
        Slip(
            "lstm-gate-order", {"order": k}, f"Your numbers are those of the order {', '.join(k)}."
        )
        for k in _LSTM_ORDERS
    ],
    *[
        Slip(
            "lstm-gate-order",
            {"rows": k},
            f"The gradients are put together in the order {', '.join(k)}.",
        )
        for k in _LSTM_ORDERS
        if k != "gfio"
    ],
]


def gru_backward(
    order="rzn",
    rows="",
    of_n=lambda dh, z: dh * (1 - z),
    of_z=lambda dh, h, n: dh * (h - n),
    of_r=lambda da_n, p, b, dn, h: da_n * p,
    of_p=lambda da_n, r: da_n * r,
    direct=lambda dh, z: dh * z,
    slope_n=_of_tanh,
    slope_r=_of_sigmoid,
    slope_z=_of_sigmoid,
    to_h=lambda da, U: da @ U,
    weight=_by_product,
    bias=_summed,
    biases=lambda b, d: (b, d),
    for_x=lambda da_x, da_h: da_x,
    for_h=lambda da_x, da_h: da_h,
    for_U=lambda da_x, da_h: da_h,
    for_d=lambda da_x, da_h: da_h,
    forward_bias=lambda b, d: (b, d),
    returns=lambda dx, dh, dweights: (dx, dh, dweights),
) -> Callable:
    """The GRU step backwards, with its parts exchangeable; p is what the reset gate multiplies."""

    def step(dh: Array, x: Array, h: Array, weights: Weights) -> tuple:
        W, U, *b_and_d = weights
        b, d = forward_bias(*b_and_d)
        x_of = dict(zip(order, np.split(x @ W.T + b, 3, axis=-1), strict=True))
        h_of = dict(zip(order, np.split(h @ U.T + d, 3, axis=-1), strict=True))
        d_n = dict(zip(order, np.split(d, 3), strict=True))["n"]
        a_r, a_z = x_of["r"] + h_of["r"], x_of["z"] + h_of["z"]
        r, z = sigmoid(a_r), sigmoid(a_z)
        a_n = x_of["n"] + r * h_of["n"]
        n = np.tanh(a_n)
        dn = of_n(dh, z)
        da_n = dn * slope_n(n, a_n)
        da_z = of_z(dh, h, n) * slope_z(z, a_z)
        da_r = of_r(da_n, h_of["n"], d_n, dn, h) * slope_r(r, a_r)
        da_x, da_h = {"r": da_r, "z": da_z, "n": da_n}, {"r": da_r, "z": da_z, "n": of_p(da_n, r)}
        da_x, da_h = (
            np.concatenate([da[k] for k in rows or order], axis=-1) for da in (da_x, da_h)
        )
        dweights = Weights(
            weight(for_x(da_x, da_h), x),
            weight(for_U(da_x, da_h), h),
            *biases(bias(for_x(da_x, da_h)), bias(for_d(da_x, da_h))),
        )
        dx = for_x(da_x, da_h) @ W
        return returns(dx, direct(dh, z) + to_h(for_h(da_x, da_h), U), dweights)

    return step


_GRU_GATES = {"r": "reset", "z": "update"}
_GRU_ORDERS = [order for order in map("".join, permutations("rzn")) if order != "rzn"]

GRU = [
    Slip("dz-has-other-sign", {"of_z": lambda dh, h, n: dh * (n - h)}),
    Slip("dh-direct-missing", {"direct": lambda dh, z: 0 * dh}),
    Slip("dh-through-matrix-missing", {"to_h": lambda da, U: 0 * (da @ U)}),
    Slip("dr-missing", {"of_r": lambda da_n, p, b, dn, h: 0 * da_n}),
    Slip("reset-not-on-way-back", {"of_p": lambda da_n, r: da_n}),
    *[
        Slip(
            "reset-not-on-way-back",
            {f"for_{k}": lambda da_x, da_h: da_x for k in parts},
            f"It is so for {where}.",
        )
        for parts, where in (
            ("U", "weight_hh"),
            ("d", "bias_hh"),
            ("h", "dh"),
            ("Ud", "weight_hh and bias_hh"),
            ("Uh", "weight_hh and dh"),
            ("dh", "bias_hh and dh"),
        )
    ],
    Slip("reset-on-way-to-x", {"for_x": lambda da_x, da_h: da_h}),
    Slip(
        "stacks-swapped",
        {
            "for_x": lambda da_x, da_h: da_h,
            **dict.fromkeys(("for_h", "for_U", "for_d"), lambda da_x, da_h: da_x),
        },
    ),
    Slip("dr-without-bias", {"of_r": lambda da_n, p, b, dn, h: da_n * (p - b)}),
    Slip("dr-from-state", {"of_r": lambda da_n, p, b, dn, h: da_n * h}),
    Slip(
        "tanh-slope-missing",
        {"of_r": lambda da_n, p, b, dn, h: dn * p},
        "It is so on the way to the reset gate.",
    ),
    Slip("dz-without-candidate", {"of_z": lambda dh, h, n: dh * h}),
    Slip("drops-bias-hh", {"forward_bias": lambda b, d: (b, 0 * d)}, "It is on the way forward."),
    Slip("drops-bias-ih", {"forward_bias": lambda b, d: (0 * b, d)}, "It is on the way forward."),
    Slip(
        "z-and-one-minus-z-swapped",
        {"of_n": lambda dh, z: dh * z, "direct": lambda dh, z: dh * (1 - z)},
    ),
    Slip(
        "z-and-one-minus-z-swapped",
        {
            "of_n": lambda dh, z: dh * z,
            "direct": lambda dh, z: dh * (1 - z),
            "of_z": lambda dh, h, n: dh * (n - h),
        },
        "So is the update gate's gradient.",
    ),
    Slip("z-and-one-minus-z-swapped", {"of_n": lambda dh, z: dh * z}, "It is the candidate's."),
    Slip(
        "z-and-one-minus-z-swapped",
        {"direct": lambda dh, z: dh * (1 - z)},
        "It is the old state's.",
    ),
    Slip("tanh-slope-missing", {"slope_n": _one}),
    Slip("tanh-slope-of-argument", {"slope_n": lambda y, a: 1 - a**2}),
    Slip("sigmoid-slope-for-tanh", {"slope_n": _of_sigmoid}),
    *_at_gates("sigmoid-slope-missing", _one, _GRU_GATES, "It is both gates."),
    *_at_gates("tanh-slope-for-sigmoid", _of_tanh, _GRU_GATES, "It is both gates."),
    *_at_gates("sigmoid-slope-cut", _one_minus, _GRU_GATES, "It is both gates."),
    *[slip for slip in _AFTER if "forward_bias" not in slip.slots],
    *[
        Slip("gru-gate-order", {"order": k}, f"Your numbers are those of the order {', '.join(k)}.")
        for k in _GRU_ORDERS
    ],
    *[
        Slip(
            "gru-gate-order",
            {"rows": k},
            f"The gradients are put together in the order {', '.join(k)}.",
        )
        for k in _GRU_ORDERS
    ],
]

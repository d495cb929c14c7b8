"""Wrong variants of one step of a plain RNN, an LSTM and a GRU."""

from collections.abc import Callable
from itertools import permutations

import torch
from torch import Tensor

from gates.cells import Weights
from gates.checks.slips.core import Slip, same, sigmoid


def _recurrent(transpose: bool) -> Callable:
    def product(h: Tensor, W_hh: Tensor) -> Tensor:
        H = h.shape[-1]
        blocks = [block if transpose else block.T for block in W_hh.split(H)]
        return torch.cat([h @ block.T for block in blocks], dim=-1)

    return product


_TRANSPOSED = _recurrent(transpose=True)


def _side_by_side(x: Tensor, h: Tensor, weights: Weights, recurrent: Callable) -> Tensor:
    return x @ weights.weight_ih.T + recurrent(h, weights.weight_hh)


def _joined_hx(x: Tensor, h: Tensor, weights: Weights, recurrent: Callable) -> Tensor:
    return torch.cat([h, x], -1) @ torch.cat([weights.weight_ih, weights.weight_hh], 1).T


def _joined_xh(x: Tensor, h: Tensor, weights: Weights, recurrent: Callable) -> Tensor:
    return torch.cat([x, h], -1) @ torch.cat([weights.weight_hh, weights.weight_ih], 1).T


# Of a plain RNN and an LSTM: what may go wrong before the pre-activations are there.
_BEFORE = [
    Slip("drops-bias-ih", {"bias": lambda b_ih, b_hh: b_hh}),
    Slip("drops-bias-hh", {"bias": lambda b_ih, b_hh: b_ih}),
    Slip("drops-biases", {"bias": lambda b_ih, b_hh: torch.zeros_like(b_ih)}),
    Slip("drops-bias-ih", {"bias": lambda b_ih, b_hh: 2 * b_hh}, "bias_hh is added twice instead."),
    Slip("drops-bias-hh", {"bias": lambda b_ih, b_hh: 2 * b_ih}, "bias_ih is added twice instead."),
    Slip("recurrent-not-transposed", {"recurrent": _recurrent(transpose=False)}),
    Slip("joined-in-other-order", {"products": _joined_hx}, "h comes first, and its weights last."),
    Slip("joined-in-other-order", {"products": _joined_xh}, "x comes first, and its weights last."),
    Slip("ignores-h", {"use_h": torch.zeros_like}),
]


# The plain step


def rnn_cell(
    bias=lambda b_ih, b_hh: b_ih + b_hh,
    recurrent=_TRANSPOSED,
    products=_side_by_side,
    use_h=same,
    squash=torch.tanh,
    inside=("xbhd",),
) -> Callable:
    """The plain recurrent step, with its parts exchangeable.

    inside: which of the four terms, x's and h's and their biases b and d, are squashed together.
    """

    def cell(x: Tensor, h: Tensor, weights: Weights) -> Tensor:
        W, _, b, d = weights
        of_x = x @ W.T
        terms = {
            "x": of_x,
            "h": products(x, use_h(h), weights, recurrent) - of_x,
            "b": bias(b, 0 * d),
            "d": bias(0 * b, d),
        }
        squashed = sum(squash(sum(terms[k] for k in group)) for group in inside)
        return squashed + sum(term for k, term in terms.items() if k not in "".join(inside))

    return cell


RNN = [
    Slip("rnn-no-squash", {"squash": same}),
    Slip("rnn-sigmoid", {"squash": torch.sigmoid}),
    *_BEFORE,
    *[
        Slip("squashed-too-early", {"inside": (part,)})
        for part in ("xb", "x", "hd", "h", "xh", "xbh", "xhd", "xbd", "bhd")
    ],
    Slip("squashed-too-early", {"inside": ("xb", "hd")}, "Each part has a tanh of its own."),
    Slip("squashed-too-early", {"inside": ("x", "h")}, "Each part has a tanh of its own."),
]


def lstm_update(
    keep=same,
    memory=lambda f, i, c: f * c,
    written=lambda f, i, g: i * g,
    squash_c=torch.tanh,
    readout=lambda o, squashed: o * squashed,
    shown=lambda new, old: new,
    store=lambda new, old: new,
    returns=lambda h, c: (h, c),
) -> Callable:
    """From the gates to the new (h, c), with its parts exchangeable."""

    def update(i: Tensor, f: Tensor, g: Tensor, o: Tensor, c: Tensor) -> tuple[Tensor, Tensor]:
        new = memory(keep(f), i, c) + written(f, i, g)
        h = readout(o, squash_c(shown(new, c)))
        return returns(h, store(new, c))

    return update


UPDATE = [
    Slip("lstm-no-output-tanh", {"squash_c": same}),
    Slip("lstm-stores-tanh-c", {"store": lambda new, old: torch.tanh(new)}),
    Slip(
        "lstm-stores-tanh-c",
        {
            "store": lambda new, old: torch.tanh(new),
            "squash_c": lambda c: torch.tanh(torch.tanh(c)),
        },
    ),
    Slip("lstm-tanh-twice", {"squash_c": lambda c: torch.tanh(torch.tanh(c))}),
    Slip("lstm-old-c-in-h", {"shown": lambda new, old: old}),
    Slip("f-means-forget", {"keep": lambda f: 1 - f}),
    Slip("lstm-gates-swapped", {"memory": lambda f, i, c: i * c, "written": lambda f, i, g: f * g}),
    Slip("lstm-forget-gates-candidate", {"written": lambda f, i, g: f * g}),
    Slip("lstm-input-gates-memory", {"memory": lambda f, i, c: i * c}),
    Slip("lstm-adds-candidate", {"written": lambda f, i, g: i + g}),
    Slip("lstm-candidate-ungated", {"written": lambda f, i, g: g}),
    Slip("lstm-memory-ungated", {"memory": lambda f, i, c: c}),
    Slip("lstm-memory-dropped", {"memory": lambda f, i, c: torch.zeros_like(c)}),
    Slip("lstm-output-ungated", {"readout": lambda o, squashed: squashed}),
    Slip(
        "gate-adds",
        {"readout": lambda o, squashed: o + squashed},
        "It is the output gate that is added.",
    ),
    Slip("gate-adds", {"memory": lambda f, i, c: f + c}, "It is the forget gate that is added."),
    Slip("lstm-forget-gates-all", {"written": lambda f, i, g: f * i * g}),
    Slip("lstm-tanh-outside", {"squash_c": same, "readout": lambda o, c: torch.tanh(o * c)}),
    Slip("returns-c-then-h", {"returns": lambda h, c: (c, h)}),
    Slip("lstm-returns-old-c", {"store": lambda new, old: old}),
]

UPDATE_ALONE = [
    *UPDATE,
    Slip(
        "lstm-squashed-again",
        {
            "memory": lambda f, i, c: sigmoid(f) * c,
            "written": lambda f, i, g: sigmoid(i) * torch.tanh(g),
            "readout": lambda o, squashed: sigmoid(o) * squashed,
        },
    ),
    Slip(
        "lstm-squashed-again",
        {
            "memory": lambda f, i, c: sigmoid(f) * c,
            "written": lambda f, i, g: sigmoid(i) * g,
            "readout": lambda o, squashed: sigmoid(o) * squashed,
        },
    ),
]


def lstm_cell(
    order="ifgo",
    squash_i=torch.sigmoid,
    squash_f=torch.sigmoid,
    squash_g=torch.tanh,
    squash_o=torch.sigmoid,
    bias=lambda b_ih, b_hh: b_ih + b_hh,
    recurrent=_TRANSPOSED,
    products=_side_by_side,
    use_h=same,
    use_c=same,
    split=lambda a: a.chunk(4, dim=-1),
    unpack=lambda h, c: (h, c),
    meets_matrix=lambda h, c: h,
    is_memory=lambda h, c: c,
    **update,
) -> Callable:
    """The LSTM step, with its parts exchangeable; `update` names parts of `lstm_update`."""

    def cell(x: Tensor, state: tuple[Tensor, Tensor], weights: Weights) -> tuple[Tensor, Tensor]:
        h, c = unpack(*state)
        h, c = use_h(meets_matrix(h, c)), use_c(is_memory(h, c))
        a = products(x, h, weights, recurrent) + bias(weights.bias_ih, weights.bias_hh)
        of = dict(zip(order, split(a), strict=True))
        i, f, g, o = squash_i(of["i"]), squash_f(of["f"]), squash_g(of["g"]), squash_o(of["o"])
        return lstm_update(**update)(i, f, g, o, c)

    return cell


def _orders() -> list[Slip]:
    """The 23 wrong orders, the likely ones first; f, i, g, o gives the numbers of gates swapped in the update."""
    likely = ["ifog", "igfo", "fiog", "iogf", "gifo"]
    others = ["".join(order) for order in permutations("ifgo")]
    return [
        Slip(
            "lstm-gate-order",
            {"order": order},
            f"Your numbers are those of the order {', '.join(order)}.",
        )
        for order in dict.fromkeys(likely + others)
        if order not in ("ifgo", "figo")
    ] + [
        Slip(
            "lstm-gates-swapped",
            {"order": "figo"},
            "Or the chunks are read in the order f, i, g, o.",
        )
    ]


_GATES = {"i": "input", "f": "forget", "o": "output"}

LSTM = [
    *_orders(),
    *UPDATE,
    Slip("candidate-sigmoid", {"squash_g": torch.sigmoid}),
    Slip("candidate-raw", {"squash_g": same}),
    *[
        Slip("gate-left-raw", {f"squash_{k}": same}, f"It is the {name} gate, {k}.")
        for k, name in _GATES.items()
    ],
    *[
        Slip("gate-tanh", {f"squash_{k}": torch.tanh}, f"It is the {name} gate, {k}.")
        for k, name in _GATES.items()
    ],
    Slip("gate-left-raw", {f"squash_{k}": same for k in _GATES}, "It is all three gates."),
    Slip("gate-tanh", {f"squash_{k}": torch.tanh for k in _GATES}, "It is all three gates."),
    *_BEFORE,
    *[
        Slip(
            "one-chunk-for-all",
            {"split": lambda a, k=k: [a.chunk(4, dim=-1)[k]] * 4},
            f"They are those of {gate}.",
        )
        for k, gate in enumerate("ifgo")
    ],
    Slip("rows-interleaved", {"split": lambda a: a.unflatten(-1, (-1, 4)).unbind(-1)}),
    Slip(
        "lstm-g-and-o-swapped", {"order": "ifog", "squash_g": torch.sigmoid, "squash_o": torch.tanh}
    ),
    Slip(
        "candidate-sigmoid",
        {"squash_g": lambda a: torch.tanh(torch.sigmoid(a))},
        "tanh comes on top.",
    ),
    Slip("c-meets-matrix", {"meets_matrix": lambda h, c: c}),
    Slip("h-as-memory", {"is_memory": lambda h, c: h}),
    Slip("state-swapped", {"unpack": lambda h, c: (c, h)}),
    Slip("ignores-c", {"use_c": torch.zeros_like}),
    Slip("ignores-state", {"use_h": torch.zeros_like, "use_c": torch.zeros_like}),
]


# The GRU step


def _after(r: Tensor, x_n: Tensor, h: Tensor, product: Callable, b_n: Tensor) -> Tensor:
    return x_n + r * (product(h) + b_n)


def gru_cell(
    order="rzn",
    squash_r=torch.sigmoid,
    squash_z=torch.sigmoid,
    squash_n=torch.tanh,
    reset=_after,
    blend=lambda z, n, h, r: (1 - z) * n + z * h,
    input_bias=same,
    hidden_bias=same,
    transpose=True,
    use_h=same,
    split=lambda a: a.chunk(3, dim=-1),
) -> Callable:
    """The GRU step, with its parts exchangeable; reset(r, x_n, h, product, b_n) makes the candidate's argument."""

    def cell(x: Tensor, h: Tensor, weights: Weights) -> Tensor:
        W, U, b, d = weights
        h = use_h(h)
        x_of = dict(zip(order, split(x @ W.T + input_bias(b)), strict=True))
        d_of = dict(zip(order, split(hidden_bias(d)), strict=True))
        U_of = dict(zip(order, [block.T for block in split(U.T)], strict=True))

        def product(gate: str) -> Callable:
            return lambda v: v @ (U_of[gate].T if transpose else U_of[gate])

        r = squash_r(x_of["r"] + product("r")(h) + d_of["r"])
        z = squash_z(x_of["z"] + product("z")(h) + d_of["z"])
        n = squash_n(reset(r, x_of["n"], h, product("n"), d_of["n"]))
        return blend(z, n, h, r)

    return cell


def _gru_orders() -> list[Slip]:
    return [
        Slip(
            "gru-gate-order",
            {"order": order},
            f"Your numbers are those of the order {', '.join(order)}.",
        )
        for order in ("zrn", "rnz", "nzr", "znr", "nrz")
    ]


_GRU_GATES = {"r": "reset", "z": "update"}

GRU = [
    Slip("gru-z-polarity", {"blend": lambda z, n, h, r: z * n + (1 - z) * h}),
    Slip("gru-reset-before", {"reset": lambda r, x, h, product, b: x + product(r * h) + b}),
    *_gru_orders(),
    Slip("gru-bias-outside-reset", {"reset": lambda r, x, h, product, b: x + r * product(h) + b}),
    Slip(
        "gru-reset-inverted", {"reset": lambda r, x, h, product, b: x + (1 - r) * (product(h) + b)}
    ),
    Slip("gru-candidate-without-matrix", {"reset": lambda r, x, h, product, b: x + r * (h + b)}),
    Slip("gru-candidate-without-matrix", {"reset": lambda r, x, h, product, b: x + r * h}),
    Slip(
        "drops-bias-hh",
        {"reset": lambda r, x, h, product, b: x + r * product(h)},
        "It is the candidate's part of it, b_hn.",
    ),
    Slip("gru-no-reset", {"reset": lambda r, x, h, product, b: x + product(h) + b}),
    Slip("gru-reset-on-input", {"reset": lambda r, x, h, product, b: r * x + product(h) + b}),
    Slip("gru-reset-on-all", {"reset": lambda r, x, h, product, b: r * (x + product(h) + b)}),
    Slip("gru-reset-on-memory", {"blend": lambda z, n, h, r: (1 - z) * n + z * r * h}),
    Slip(
        "gru-reset-on-memory",
        {
            "blend": lambda z, n, h, r: (1 - z) * n + z * r * h,
            "reset": lambda r, x, h, product, b: x + product(r * h) + b,
        },
        "In the candidate it acts before the product.",
    ),
    Slip(
        "gru-reset-on-memory",
        {
            "blend": lambda z, n, h, r: (1 - z) * n + z * r * h,
            "reset": lambda r, x, h, product, b: x + product(h) + b,
        },
        "In the candidate it does not act.",
    ),
    Slip("gru-candidate-ungated", {"blend": lambda z, n, h, r: n + z * h}),
    Slip("gru-memory-ungated", {"blend": lambda z, n, h, r: (1 - z) * n + h}),
    Slip("gru-no-blend", {"blend": lambda z, n, h, r: n}),
    Slip("gru-tanh-on-blend", {"blend": lambda z, n, h, r: torch.tanh((1 - z) * n + z * h)}),
    Slip("candidate-sigmoid", {"squash_n": torch.sigmoid}),
    Slip("candidate-raw", {"squash_n": same}),
    *[
        Slip(mistake, {f"squash_{k}": squash}, f"It is the {name} gate, {k}.")
        for mistake, squash in (("gate-left-raw", same), ("gate-tanh", torch.tanh))
        for k, name in _GRU_GATES.items()
    ],
    Slip("gate-left-raw", {"squash_r": same, "squash_z": same}, "It is both gates."),
    Slip("gate-tanh", {"squash_r": torch.tanh, "squash_z": torch.tanh}, "It is both gates."),
    Slip("drops-bias-ih", {"input_bias": torch.zeros_like}),
    Slip("drops-bias-hh", {"hidden_bias": torch.zeros_like}),
    Slip("drops-biases", {"input_bias": torch.zeros_like, "hidden_bias": torch.zeros_like}),
    Slip("recurrent-not-transposed", {"transpose": False}),
    Slip("ignores-h", {"use_h": torch.zeros_like}),
    *[
        Slip(
            "one-chunk-for-all",
            {"split": lambda a, k=k: [a.chunk(3, dim=-1)[k]] * 3},
            f"They are those of {gate}.",
        )
        for k, gate in enumerate("rzn")
    ],
    Slip("rows-interleaved", {"split": lambda a: a.unflatten(-1, (-1, 3)).unbind(-1)}),
]

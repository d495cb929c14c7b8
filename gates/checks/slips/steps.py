"""Wrong variants of one step of a plain RNN, an LSTM and a GRU, in NumPy, since many are computed for one answer."""

from collections.abc import Callable

import numpy as np
import torch
from numpy import ndarray as Array
from torch import Tensor

from gates.backward import sigmoid
from gates.cells import Weights
from gates.checks.slips import squashing
from gates.checks.slips.core import Part, Plan, Slip, same
from gates.checks.slips.rows import copies, in_order, orders, plain, reading


def _array(value: Tensor) -> Array:
    return value.detach().numpy()


def _step(x: Tensor, state: Tensor | tuple[Tensor, Tensor], weights: Weights) -> dict[str, Array]:
    """The arguments of a step by name; where the state is h alone, that is c, too, and of no use."""
    h, c = state if isinstance(state, tuple) else (state, state)
    names = ("x", "h_old", "c_old", "W", "U", "b", "d")
    return dict(zip(names, map(_array, (x, h, c, *weights)), strict=True))


def _recurrent(transpose: bool) -> Callable:
    def product(h: Array, U: Array) -> Array:
        H = h.shape[-1]
        blocks = [U[k : k + H] for k in range(0, len(U), H)]
        return np.concatenate([h @ (block.T if transpose else block) for block in blocks], axis=-1)

    return product


_TRANSPOSED = _recurrent(transpose=True)


def _side_by_side(x: Array, h: Array, W: Array, U: Array, recurrent: Callable) -> tuple:
    return x @ W.T, recurrent(h, U)


def _joined_hx(x: Array, h: Array, W: Array, U: Array, recurrent: Callable) -> tuple:
    joined = np.concatenate([h, x], -1) @ np.concatenate([W, U], 1).T
    return joined, np.zeros_like(joined)


def _joined_xh(x: Array, h: Array, W: Array, U: Array, recurrent: Callable) -> tuple:
    joined = np.concatenate([x, h], -1) @ np.concatenate([U, W], 1).T
    return joined, np.zeros_like(joined)


def _first(one: Array, other: Array) -> Array:
    return one


def _second(one: Array, other: Array) -> Array:
    return other


def _both(one: Array, other: Array) -> tuple[Array, Array]:
    return one, other


# Of a plain RNN and an LSTM: what may go wrong before the pre-activations are there.
_BEFORE = [
    Slip("drops-bias-ih", {"bias": lambda b, d: (0 * b, d)}),
    Slip("drops-bias-hh", {"bias": lambda b, d: (b, 0 * d)}),
    Slip("drops-biases", {"bias": lambda b, d: (0 * b, 0 * d)}),
    Slip("drops-bias-ih", {"bias": lambda b, d: (d, d)}, "bias_hh is added twice instead."),
    Slip("drops-bias-hh", {"bias": lambda b, d: (b, b)}, "bias_ih is added twice instead."),
    Slip("recurrent-not-transposed", {"recurrent": _recurrent(transpose=False)}),
    Slip("joined-in-other-order", {"products": _joined_hx}, "h comes first, and its weights last."),
    Slip("joined-in-other-order", {"products": _joined_xh}, "x comes first, and its weights last."),
    Slip("ignores-h", {"use_h": np.zeros_like}),
]


# The plain step


def _rnn_terms(x, h, W, U, b, d, products, recurrent, bias, use_h, terms) -> dict[str, Array]:
    """What is added up: x's and h's products and their biases."""
    h = use_h(h)
    if terms:
        return terms(x, h, W, U, b, d)
    of_x, of_h = products(x, h, W, U, recurrent)
    b, d = bias(b, d)
    return {"x": of_x, "h": of_h, "b": b, "d": d}


def _rnn_new(terms: dict[str, Array], squash: Callable, inside: tuple[str, ...], inside_h) -> Array:
    """inside: which of the four terms are squashed together."""
    squashed = sum(squash(inside_h(sum(terms[k] for k in group))) for group in inside)
    return squashed + sum(term for k, term in terms.items() if k not in "".join(inside))


rnn_cell = Plan(
    _step,
    [
        Part(
            "terms",
            ("x", "h_old", "W", "U", "b", "d"),
            _rnn_terms,
            {
                "products": _side_by_side,
                "recurrent": _TRANSPOSED,
                "bias": _both,
                "use_h": same,
                "terms": None,
            },
        ),
        Part(
            "h",
            ("terms",),
            _rnn_new,
            {"squash": np.tanh, "inside": ("xbhd",), "inside_h": same},
        ),
    ],
    ("h",),
    torch.from_numpy,
)


def _through_both(biased: bool, between: Callable) -> Callable:
    """The input's part, with its bias or without, is added to h before the recurrent matrix."""

    def terms(x, h, W, U, b, d) -> dict[str, Array]:
        entered = between(h, x @ W.T + (b if biased else 0))
        return {"x": 0, "h": entered @ U.T, "b": 0 if biased else b, "d": d}

    return terms


RNN = [
    Slip("rnn-no-squash", {"squash": same}),
    Slip("rnn-sigmoid", {"squash": sigmoid}),
    *_BEFORE,
    *[
        Slip("squashed-too-early", {"inside": (part,)})
        for part in ("xb", "x", "hd", "h", "xh", "xbh", "xhd", "xbd", "bhd")
    ],
    Slip("squashed-too-early", {"inside": ("xb", "hd")}, "Each part has a tanh of its own."),
    Slip("squashed-too-early", {"inside": ("x", "h")}, "Each part has a tanh of its own."),
    *[
        Slip("rnn-input-through-both", {"terms": _through_both(biased, between)}, detail)
        for biased in (True, False)
        for between, detail in (
            (lambda h, of_x: h + of_x, ""),
            (lambda h, of_x: np.tanh(h + of_x), "There is a tanh in between."),
            (lambda h, of_x: h + np.tanh(of_x), "The input's part goes through tanh before."),
        )
    ],
    Slip("rnn-tanh-twice", {"squash": squashing.tanh_twice}),
    *squashing.of_tanh("squash", ""),
    *squashing.constants({"h": "the argument of tanh"}),
]


def _missing(called: dict[str, str]) -> list[Slip]:
    """Parts of one gate's pre-activation that are left out."""
    return [
        Slip(
            "part-missing-in-gate",
            {"missing": (gate, *parts)},
            f"In {name}, {what} left out.",
            alone=True,
        )
        for gate, name in called.items()
        for parts, what in (
            ("h", "the hidden state's product is"),
            ("hd", "the hidden state's part is"),
            ("x", "the input's product is"),
            ("xb", "the input's part is"),
            ("b", "bias_ih is"),
            ("d", "bias_hh is"),
            ("bd", "both biases are"),
        )
    ]


# The LSTM step

_GATES = {"i": "input", "f": "forget", "o": "output"}


def _in_blocks(count: int) -> Callable:
    return lambda a: np.split(a, count, axis=-1)


def _interleaved(count: int) -> Callable:
    def split(a: Array) -> list[Array]:
        apart = a.reshape(*a.shape[:-1], -1, count)
        return [apart[..., k] for k in range(count)]

    return split


def _lstm_terms(x, h, W, U, b, d, products, recurrent, bias, split) -> list[list[Array]]:
    """x's and h's products and their biases, each in four blocks."""
    of_x, of_h = products(x, h, W, U, recurrent)
    return [split(term) for term in (of_x, of_h, *bias(b, d))]


def _arguments(gates: str) -> Callable:
    """For each gate its pre-activation, and what is added to it after it has been squashed.

    missing: a gate and the parts of its pre-activation that are left out.
    """

    def made(terms: list, blocks: tuple, late: dict[str, str], missing: tuple) -> dict:
        found = {}
        for k, gate in enumerate(gates):
            parts = [term[gates.index(of[k])] for term, of in zip(terms, blocks, strict=True)]
            for part in missing[1:] if gate in missing[:1] else ():
                parts["xhbd".index(part)] = np.zeros_like(parts["xhbd".index(part)])
            if gate in late:
                there = dict(zip("xhbd", parts, strict=True))
                after = sum(there[p] for p in late[gate])
                found[gate] = sum(there[p] for p in "xhbd" if p not in late[gate]), after
            else:
                of_x, of_h, b, d = parts
                found[gate] = of_x + of_h + b + d, None
        return found

    return made


def _squashed(gate: str) -> Callable:
    def made(a: dict[str, tuple], *rest: object) -> Array:
        *memories, inside, squash = rest
        argument, after = a[gate]
        y = squash(inside(argument, a, *memories))
        return y if after is None else y + after

    return made


def _argument(x: Array, a: dict[str, tuple], *memories: object) -> Array:
    """What a gate squashes: its own pre-activation, and nothing of the others', or of a memory."""
    return x


def _gate(gate: str, squash: Callable, of: tuple[str, ...] = ("a", "c", "c_product")) -> Part:
    slots = {f"inside_{gate}": _argument, f"squash_{gate}": squash}
    return Part(gate, of, _squashed(gate), slots)


def _memory(i, f, g, c, keep, memory, written, tie) -> Array:
    i, f = tie(i, f)
    return memory(keep(f), i, c) + written(f, i, g)


# From the gates to the new h and c, for the step and for the update alone.
_UPDATE = [
    Part(
        "c_new",
        ("i", "f", "g", "c"),
        _memory,
        {
            "keep": same,
            "memory": lambda f, i, c: f * c,
            "written": lambda f, i, g: i * g,
            "tie": _both,
        },
    ),
    Part("c_kept", ("c_new", "c"), lambda new, old, store: store(new, old), {"store": _first}),
    Part(
        "h_new",
        ("o", "c_new", "c"),
        lambda o, new, old, squash_c, readout, shown: readout(o, squash_c(shown(new, old))),
        {"squash_c": np.tanh, "readout": lambda o, squashed: o * squashed, "shown": _first},
    ),
]


def _pair(h: Array, c: Array) -> tuple[Tensor, Tensor]:
    return torch.from_numpy(h), torch.from_numpy(c)


def _handed(*gates_and_memory: Tensor) -> dict[str, Array]:
    return dict(zip("ifgoc", map(_array, gates_and_memory), strict=True))


lstm_update = Plan(_handed, _UPDATE, ("h_new", "c_kept"), _pair)

lstm_cell = Plan(
    _step,
    [
        Part(
            "h",
            ("h_old", "c_old"),
            lambda h, c, unpack, meets_matrix, use_h: use_h(meets_matrix(*unpack(h, c))),
            {"unpack": _both, "meets_matrix": _first, "use_h": same},
        ),
        Part(
            "c",
            ("h_old", "c_old"),
            lambda h, c, unpack, is_memory, use_c: use_c(is_memory(*unpack(h, c))),
            {"unpack": _both, "is_memory": _second, "use_c": same},
        ),
        Part(
            "terms",
            ("x", "h", "W", "U", "b", "d"),
            _lstm_terms,
            {
                "products": _side_by_side,
                "recurrent": _TRANSPOSED,
                "bias": _both,
                "split": _in_blocks(4),
            },
        ),
        Part(
            "a",
            ("terms",),
            _arguments("ifgo"),
            {"blocks": plain("ifgo"), "late": {}, "missing": ()},
        ),
        Part(
            "c_product",
            ("c", "U"),
            lambda c, U: dict(zip("ifgo", np.split(c @ U.T, 4, axis=-1), strict=True)),
        ),
        _gate("i", sigmoid),
        _gate("f", sigmoid),
        _gate("g", np.tanh),
        _UPDATE[0],
        _UPDATE[1],
        _gate("o", sigmoid, ("a", "c", "c_product", "c_new")),
        _UPDATE[2],
    ],
    ("h_new", "c_kept"),
    _pair,
)


def _swapped(h: Array, c: Array) -> tuple[Tensor, Tensor]:
    return _pair(c, h)


_COUPLED = [
    Slip("memory-keeps-what-is-not-written", {"tie": lambda i, f: (i, 1 - i)}),
    Slip("writes-what-is-not-kept", {"tie": lambda i, f: (1 - f, f)}),
]

UPDATE = [
    Slip("lstm-no-output-tanh", {"squash_c": same}),
    Slip("lstm-stores-tanh-c", {"store": lambda new, old: np.tanh(new)}),
    Slip(
        "lstm-stores-tanh-c",
        {"store": lambda new, old: np.tanh(new), "squash_c": squashing.tanh_twice},
    ),
    Slip("lstm-tanh-twice", {"squash_c": squashing.tanh_twice}),
    Slip("lstm-old-c-in-h", {"shown": _second}),
    Slip("f-means-forget", {"keep": lambda f: 1 - f}),
    Slip("lstm-gates-swapped", {"memory": lambda f, i, c: i * c, "written": lambda f, i, g: f * g}),
    Slip("lstm-forget-gates-candidate", {"written": lambda f, i, g: f * g}),
    Slip("lstm-input-gates-memory", {"memory": lambda f, i, c: i * c}),
    Slip("lstm-adds-candidate", {"written": lambda f, i, g: i + g}),
    Slip("lstm-candidate-ungated", {"written": lambda f, i, g: g}),
    Slip("lstm-memory-ungated", {"memory": lambda f, i, c: c}),
    Slip("lstm-memory-dropped", {"memory": lambda f, i, c: np.zeros_like(c)}),
    Slip("lstm-output-ungated", {"readout": lambda o, squashed: squashed}),
    Slip(
        "gate-adds",
        {"readout": lambda o, squashed: o + squashed},
        "It is the output gate that is added.",
    ),
    Slip("gate-adds", {"memory": lambda f, i, c: f + c}, "It is the forget gate that is added."),
    Slip("lstm-forget-gates-all", {"written": lambda f, i, g: f * i * g}),
    Slip("lstm-tanh-outside", {"squash_c": same, "readout": lambda o, c: np.tanh(o * c)}),
    Slip("returns-c-then-h", {"returns": _swapped}),
    Slip("lstm-returns-old-c", {"store": _second}),
    *_COUPLED,
]

_AGAIN = {
    "keep": sigmoid,
    "written": lambda f, i, g: sigmoid(i) * g,
    "readout": lambda o, squashed: sigmoid(o) * squashed,
}

UPDATE_ALONE = [
    *UPDATE,
    *[
        Slip(
            "lstm-squashed-again",
            {
                "memory": lambda f, i, c: sigmoid(f) * c,
                "written": lambda f, i, g, squash=squash: sigmoid(i) * squash(g),
                "readout": lambda o, squashed: sigmoid(o) * squashed,
            },
        )
        for squash in (np.tanh, same)
    ],
    *[
        Slip("lstm-squashed-again", {k: _AGAIN[k] for k in parts}, f"It is {name}.")
        for parts, name in (
            (("keep",), "f"),
            (("written",), "i"),
            (("readout",), "o"),
            (("keep", "written"), "f and i"),
            (("keep", "readout"), "f and o"),
            (("written", "readout"), "i and o"),
        )
    ],
    Slip("candidate-squashed-again", {"written": lambda f, i, g: i * np.tanh(g)}),
    *squashing.of_tanh("squash_c", "It is the memory on its way to h."),
]


def _orders() -> list[Slip]:
    """The 23 wrong orders; f, i, g, o gives the numbers of gates swapped in the update."""
    swapped = "figo"
    return [
        Slip(
            "lstm-gate-order",
            {"blocks": in_order("ifgo", order)},
            f"Your numbers are those of the order {', '.join(order)}.",
        )
        for order in orders("ifgo", ("ifog", "igfo", "fiog", "iogf", "gifo"))
        if order != swapped
    ] + [
        Slip(
            "lstm-gates-swapped",
            {"blocks": in_order("ifgo", swapped)},
            "Or the chunks are read in the order f, i, g, o.",
        )
    ]


def _with_old(x: Array, a: dict, c: Array, *others: object) -> Array:
    return x + c


def _with_new(x: Array, a: dict, c: Array, c_product: dict, c_new: Array) -> Array:
    return x + c_new


def _through_matrix(gate: str) -> Callable:
    return lambda x, a, c, c_product, *new: x + c_product[gate]


_PEEPHOLES = [
    *[
        Slip("peephole", {f"inside_{k}": _with_old for k in of}, f"It is {name}.", alone=True)
        for of, name in (
            ("i", "the input gate"),
            ("f", "the forget gate"),
            ("o", "the output gate, which sees the old one"),
            ("g", "the candidate"),
            ("if", "the input gate and the forget gate"),
            ("io", "the input gate and the output gate"),
            ("fo", "the forget gate and the output gate"),
            ("ifo", "all three gates"),
            ("ifgo", "all three gates and the candidate"),
        )
    ],
    *[
        Slip(
            "peephole",
            {f"inside_{k}": _through_matrix(k) for k in of},
            f"c is added to h before weight_hh, for {', '.join(of)}.",
            alone=True,
        )
        for of in ("i", "f", "g", "o", "if", "io", "fo", "ifo", "ifg")
    ],
    Slip("peephole", {"inside_o": _with_new}, "It is the output gate.", alone=True),
    Slip(
        "peephole",
        {"inside_i": _with_old, "inside_f": _with_old, "inside_o": _with_new},
        "It is all three gates.",
        alone=True,
    ),
    Slip(
        "peephole",
        {"meets_matrix": lambda h, c: h + c},
        "c is added to h before weight_hh.",
        alone=True,
    ),
]

_ALL_BLOCKS = {"ifgo": "all gates and the candidate", "ifo": "all three gates"}
_EACH = {**{k: f"the {name} gate, {k}" for k, name in _GATES.items()}, "g": "the candidate, g"}

LSTM = [
    *_orders(),
    *UPDATE,
    Slip(
        "constant-built-in",
        {"keep": lambda f: f + 1},
        "It is +1, added to f after the sigmoid.",
        alone=True,
    ),
    Slip("candidate-sigmoid", {"squash_g": sigmoid}),
    Slip("candidate-raw", {"squash_g": same}),
    *[
        Slip("gate-left-raw", {f"squash_{k}": same}, f"It is the {name} gate, {k}.")
        for k, name in _GATES.items()
    ],
    *[
        Slip("gate-tanh", {f"squash_{k}": np.tanh}, f"It is the {name} gate, {k}.")
        for k, name in _GATES.items()
    ],
    Slip("gate-left-raw", {f"squash_{k}": same for k in _GATES}, "It is all three gates."),
    Slip("gate-tanh", {f"squash_{k}": np.tanh for k in _GATES}, "It is all three gates."),
    *_BEFORE,
    *[
        Slip(
            "one-chunk-for-all", {"blocks": reading("ifgo", 4 * gate)}, f"They are those of {gate}."
        )
        for gate in "ifgo"
    ],
    Slip("rows-interleaved", {"split": _interleaved(4)}),
    Slip(
        "lstm-g-and-o-swapped",
        {"blocks": in_order("ifgo", "ifog"), "squash_g": sigmoid, "squash_o": np.tanh},
    ),
    Slip("candidate-sigmoid", {"squash_g": lambda a: np.tanh(sigmoid(a))}, "tanh comes on top."),
    Slip("c-meets-matrix", {"meets_matrix": _second}),
    Slip("h-as-memory", {"is_memory": _first}),
    Slip("state-swapped", {"unpack": lambda h, c: (c, h)}),
    Slip("ignores-c", {"use_c": np.zeros_like}),
    Slip("ignores-state", {"use_h": np.zeros_like, "use_c": np.zeros_like}),
    Slip("candidate-squashed-again", {"squash_g": squashing.tanh_twice}),
    *squashing.constants(_EACH | _ALL_BLOCKS, often="f"),
    *copies("ifgo", known=("ffgo", "iigo")),
    *squashing.late(_EACH | _ALL_BLOCKS),
    *squashing.of_gates(_GATES, turned="f", together="It is all three gates."),
    *squashing.among("ifo", "ifo"),
    *squashing.among("ifo", "ifgo"),
    *squashing.of_tanh("squash_g", "It is the candidate, g."),
    *squashing.of_tanh("squash_c", "It is the memory on its way to h."),
    *_missing(_EACH),
    *_PEEPHOLES,
]


# The GRU step


def _after(r: Array, x_n: Array, h: Array, product: Callable, b_n: Array) -> Array:
    return x_n + r * (product(h) + b_n)


def _gru_terms(x, h, W, U, b, d, input_bias, hidden_bias, transpose, split) -> tuple:
    """x's and h's products and their biases, in three blocks each, and the blocks of the recurrent matrix."""
    matrices = [block if transpose else block.T for block in split(U.T)]
    terms = [split(x @ W.T), [h @ block for block in matrices], split(input_bias(b))]
    return [*terms, split(hidden_bias(d))], matrices


def _gru_arguments(terms: tuple, blocks: tuple, late: dict[str, str], missing: tuple) -> dict:
    return _arguments("rzn")(
        terms[0], blocks, {k: part for k, part in late.items() if k != "n"}, missing
    )


def _candidate(terms, h, rz, blocks, late, reset, inside_n, squash_n) -> Array:
    (of_x, _, b, d), matrices = terms
    x_n, U_n, b_n, d_n = (
        of["rzn".index(which[2])] for of, which in zip((of_x, matrices, b, d), blocks, strict=True)
    )
    r, _ = rz
    after = late.get("n", "")
    there = {"x": x_n, "b": b_n}
    inner = sum([there[k] for k in "xb" if k not in after], np.zeros_like(x_n))
    outer = sum([there[k] for k in "xb" if k in after], np.zeros_like(x_n))

    def product(v: Array) -> Array:
        return v @ U_n

    if "hd" in after:
        outer = outer + reset(r, np.zeros_like(x_n), h, product, d_n)
    elif "h" in after:
        outer = outer + r * product(h)
        inner = inner + r * d_n
    elif "d" in after:
        outer = outer + (d_n if "!" in after else r * d_n)
        inner = reset(r, inner, h, product, np.zeros_like(d_n))
    else:
        inner = reset(r, inner, h, product, d_n)
    return squash_n(inside_n(inner)) + outer


gru_cell = Plan(
    _step,
    [
        Part("h", ("h_old",), lambda h, use_h: use_h(h), {"use_h": same}),
        Part(
            "terms",
            ("x", "h", "W", "U", "b", "d"),
            _gru_terms,
            {"input_bias": same, "hidden_bias": same, "transpose": True, "split": _in_blocks(3)},
        ),
        Part("a", ("terms",), _gru_arguments, {"blocks": plain("rzn"), "late": {}, "missing": ()}),
        _gate("r", sigmoid, ("a",)),
        _gate("z", sigmoid, ("a",)),
        Part("rz", ("r", "z"), lambda r, z, tie: tie(r, z), {"tie": _both}),
        Part(
            "n",
            ("terms", "h", "rz"),
            _candidate,
            {
                "blocks": plain("rzn"),
                "late": {},
                "reset": _after,
                "inside_n": same,
                "squash_n": np.tanh,
            },
        ),
        Part(
            "h_new",
            ("rz", "n", "h"),
            lambda rz, n, h, blend: blend(rz[1], n, h, rz[0]),
            {"blend": lambda z, n, h, r: (1 - z) * n + z * h},
        ),
    ],
    ("h_new",),
    torch.from_numpy,
)


def _gru_orders() -> list[Slip]:
    return [
        Slip(
            "gru-gate-order",
            {"blocks": in_order("rzn", order)},
            f"Your numbers are those of the order {', '.join(order)}.",
        )
        for order in orders("rzn", ("zrn", "rnz", "nzr"))
    ]


_GRU_GATES = {"r": "reset", "z": "update"}
_GRU_EACH = {**{k: f"the {name} gate, {k}" for k, name in _GRU_GATES.items()}}

GRU = [
    *_missing(_GRU_EACH),
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
    Slip("gru-tanh-on-blend", {"blend": lambda z, n, h, r: np.tanh((1 - z) * n + z * h)}),
    Slip("candidate-sigmoid", {"squash_n": sigmoid}),
    Slip("candidate-raw", {"squash_n": same}),
    *[
        Slip(mistake, {f"squash_{k}": squash}, f"It is the {name} gate, {k}.")
        for mistake, squash in (("gate-left-raw", same), ("gate-tanh", np.tanh))
        for k, name in _GRU_GATES.items()
    ],
    Slip("gate-left-raw", {"squash_r": same, "squash_z": same}, "It is both gates."),
    Slip("gate-tanh", {"squash_r": np.tanh, "squash_z": np.tanh}, "It is both gates."),
    Slip("drops-bias-ih", {"input_bias": np.zeros_like}),
    Slip("drops-bias-hh", {"hidden_bias": np.zeros_like}),
    Slip("drops-biases", {"input_bias": np.zeros_like, "hidden_bias": np.zeros_like}),
    Slip("recurrent-not-transposed", {"transpose": False}),
    Slip("ignores-h", {"use_h": np.zeros_like}),
    *[
        Slip(
            "one-chunk-for-all", {"blocks": reading("rzn", 3 * gate)}, f"They are those of {gate}."
        )
        for gate in "rzn"
    ],
    Slip("rows-interleaved", {"split": _interleaved(3)}),
    Slip("candidate-squashed-again", {"squash_n": squashing.tanh_twice}),
    Slip("gru-gates-coupled", {"tie": lambda r, z: (1 - z, z)}, "It is r."),
    Slip("gru-gates-coupled", {"tie": lambda r, z: (r, 1 - r)}, "It is z."),
    Slip(
        "gru-as-in-dreamer",
        {
            "reset": lambda r, x, h, product, b: r * (x + product(h) + b),
            "blend": lambda z, n, h, r: z * n + (1 - z) * h,
            "inside_z": lambda a, *_: a - 1,
        },
        alone=True,
    ),
    *squashing.constants(_GRU_EACH | {"n": "the candidate, n"}, often="z"),
    *copies("rzn"),
    *squashing.late(_GRU_EACH | {"n": "the candidate, n", "rz": "both gates"}),
    *squashing.late({"rzn": "both gates and the candidate"}),
    Slip(
        "squashed-too-early",
        {"late": {"n": "d!"}},
        "In the candidate, n, bias_hh is added afterwards, and r does not multiply it.",
        alone=True,
    ),
    *squashing.of_gates(_GRU_GATES, turned="rz", together="It is both gates."),
    *squashing.among("rz", "rz"),
    *squashing.of_tanh("squash_n", "It is the candidate, n."),
]

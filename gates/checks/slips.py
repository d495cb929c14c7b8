"""Wrong variants of what an exercise asks for. A learner's numbers that equal a variant's name the mistake.

A slip fills one slot of a computation with something wrong. Two slips in different slots make a pair.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import combinations, permutations

import torch
from torch import Tensor

from gates.cells import Weights


@dataclass(frozen=True)
class Slip:
    """A wrong filling of one or more slots, the catalogue entry it stands for, and how it shows in particular."""

    mistake: str
    slots: dict[str, Callable | str] = field(hash=False)
    detail: str = ""


Variant = tuple[tuple[Slip, ...], Callable]


def variants(
    make: Callable[..., Callable], slips: list[Slip], pairs: bool = True
) -> Iterator[Variant]:
    """The wrong functions that `make(**slots)` gives: single slips first, then pairs that fill different slots."""
    for slip in slips:
        yield (slip,), make(**slip.slots)
    if pairs:
        for one, other in combinations(slips, 2):
            whole = "whole" in {*one.slots, *other.slots}
            apart = not one.slots.keys() & other.slots.keys() and one.mistake != other.mistake
            if apart and not whole:
                yield (one, other), make(**one.slots, **other.slots)


# One gate


def keep_or_forget(
    squash=torch.sigmoid, keep=lambda f: f, combine=lambda f, c: f * c, swap=False
) -> Callable:
    """σ(a) ⊙ c, with its parts exchangeable."""

    def gate(a: Tensor, c: Tensor) -> Tensor:
        a, c = (c, a) if swap else (a, c)
        return combine(keep(squash(a)), c)

    return gate


KEEP_OR_FORGET = [
    Slip("f-means-forget", {"keep": lambda f: 1 - f}),
    Slip("gate-left-raw", {"squash": lambda a: a}),
    Slip("gate-tanh", {"squash": torch.tanh}),
    Slip("gate-adds", {"combine": lambda f, c: f + c}),
    Slip("gate-alone", {"combine": lambda f, c: f}),
    Slip("gate-summed", {"combine": lambda f, c: (f * c).sum()}),
    Slip("gate-of-product", {"squash": lambda a: a, "combine": lambda f, c: torch.sigmoid(f * c)}),
    Slip("gate-roles-swapped", {"swap": True}),
]


def after_steps(
    squash=torch.sigmoid,
    keep=lambda f: f,
    power=lambda f, T: f**T,
    steps=lambda T: T,
    combine=lambda k, c: k * c,
    whole=None,
) -> Callable:
    """σ(a)^T ⊙ c, with its parts exchangeable; `whole` takes the place of all of it."""
    return whole or (lambda a, c, T: combine(power(keep(squash(a)), steps(T)), c))


AFTER_STEPS = [
    Slip("f-means-forget", {"keep": lambda f: 1 - f}),
    Slip("one-step-only", {"power": lambda f, T: f}),
    Slip("steps-add-up", {"power": lambda f, T: T * f}),
    Slip("one-step-too-many", {"steps": lambda T: T + 1}),
    Slip("one-step-too-few", {"steps": lambda T: T - 1}),
    Slip("gate-left-raw", {"squash": lambda a: a}),
    Slip("gate-tanh", {"squash": torch.tanh}),
    Slip("gate-adds", {"combine": lambda k, c: k + c}),
    Slip("gate-alone", {"combine": lambda k, c: k}),
    Slip("memory-powered", {"whole": lambda a, c, T: (torch.sigmoid(a) * c) ** T}),
    Slip("memory-powered", {"whole": lambda a, c, T: torch.sigmoid(a) * c**T}, "The gate is not."),
    Slip("steps-in-sigmoid", {"whole": lambda a, c, T: torch.sigmoid(a * T) * c}),
]


# The LSTM step


def _recurrent(transpose: bool) -> Callable:
    def product(h: Tensor, W_hh: Tensor) -> Tensor:
        H = h.shape[-1]
        blocks = [block if transpose else block.T for block in W_hh.split(H)]
        return torch.cat([h @ block.T for block in blocks], dim=-1)

    return product


_TRANSPOSED = _recurrent(transpose=True)


def _same(value: Tensor) -> Tensor:
    return value


def lstm_update(
    keep=_same,
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


_sigmoid = torch.sigmoid

UPDATE = [
    Slip("lstm-no-output-tanh", {"squash_c": _same}),
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
    Slip("lstm-tanh-outside", {"squash_c": _same, "readout": lambda o, c: torch.tanh(o * c)}),
    Slip("returns-c-then-h", {"returns": lambda h, c: (c, h)}),
    Slip("lstm-returns-old-c", {"store": lambda new, old: old}),
]

UPDATE_ALONE = [
    *UPDATE,
    Slip(
        "lstm-squashed-again",
        {
            "memory": lambda f, i, c: _sigmoid(f) * c,
            "written": lambda f, i, g: _sigmoid(i) * torch.tanh(g),
            "readout": lambda o, squashed: _sigmoid(o) * squashed,
        },
    ),
    Slip(
        "lstm-squashed-again",
        {
            "memory": lambda f, i, c: _sigmoid(f) * c,
            "written": lambda f, i, g: _sigmoid(i) * g,
            "readout": lambda o, squashed: _sigmoid(o) * squashed,
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
    use_h=_same,
    use_c=_same,
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
        a = (
            x @ weights.weight_ih.T
            + recurrent(h, weights.weight_hh)
            + bias(weights.bias_ih, weights.bias_hh)
        )
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


def _first_chunk(a: Tensor) -> list[Tensor]:
    return [a.chunk(4, dim=-1)[0]] * 4


_GATES = {"i": "input", "f": "forget", "o": "output"}

LSTM = [
    *_orders(),
    *UPDATE,
    Slip("lstm-candidate-sigmoid", {"squash_g": torch.sigmoid}),
    Slip("lstm-candidate-raw", {"squash_g": _same}),
    *[
        Slip("gate-left-raw", {f"squash_{k}": _same}, f"It is the {name} gate, {k}.")
        for k, name in _GATES.items()
    ],
    *[
        Slip("gate-tanh", {f"squash_{k}": torch.tanh}, f"It is the {name} gate, {k}.")
        for k, name in _GATES.items()
    ],
    Slip("gate-left-raw", {f"squash_{k}": _same for k in _GATES}, "It is all three gates."),
    Slip("gate-tanh", {f"squash_{k}": torch.tanh for k in _GATES}, "It is all three gates."),
    Slip("lstm-drops-bias-ih", {"bias": lambda b_ih, b_hh: b_hh}),
    Slip("lstm-drops-bias-hh", {"bias": lambda b_ih, b_hh: b_ih}),
    Slip("lstm-drops-biases", {"bias": lambda b_ih, b_hh: torch.zeros_like(b_ih)}),
    Slip("lstm-recurrent-not-transposed", {"recurrent": _recurrent(transpose=False)}),
    Slip("lstm-one-chunk-for-all", {"split": _first_chunk}),
    Slip(
        "lstm-drops-bias-ih",
        {"bias": lambda b_ih, b_hh: 2 * b_hh},
        "bias_hh is added twice instead.",
    ),
    Slip(
        "lstm-drops-bias-hh",
        {"bias": lambda b_ih, b_hh: 2 * b_ih},
        "bias_ih is added twice instead.",
    ),
    Slip("lstm-rows-interleaved", {"split": lambda a: a.unflatten(-1, (-1, 4)).unbind(-1)}),
    Slip(
        "lstm-g-and-o-swapped", {"order": "ifog", "squash_g": torch.sigmoid, "squash_o": torch.tanh}
    ),
    Slip(
        "lstm-candidate-sigmoid",
        {"squash_g": lambda a: torch.tanh(torch.sigmoid(a))},
        "tanh comes on top.",
    ),
    Slip("c-meets-matrix", {"meets_matrix": lambda h, c: c}),
    Slip("h-as-memory", {"is_memory": lambda h, c: h}),
    Slip("state-swapped", {"unpack": lambda h, c: (c, h)}),
    Slip("ignores-h", {"use_h": torch.zeros_like}),
    Slip("ignores-c", {"use_c": torch.zeros_like}),
    Slip("ignores-state", {"use_h": torch.zeros_like, "use_c": torch.zeros_like}),
]


# The sequence


def unroll(
    start=_same,
    times=range,
    carry=lambda new, old: new,
    shown=lambda new, old: new[0],
    gathered=_same,
    final=lambda state, before, first: state,
    call=lambda cell: cell,
) -> Callable:
    """The loop over time, with its parts exchangeable."""

    def loop(
        cell: Callable, xs: Tensor, state: tuple[Tensor, Tensor], weights: Weights
    ) -> tuple[Tensor, tuple]:
        first = state = start(state)
        ys, before = [], state
        for t in times(len(xs)):
            before, new = state, call(cell)(xs[t], state, weights)
            ys.append(shown(new, before))
            state = carry(new, first)
        last = new if state is first else state
        return torch.stack(gathered(ys)), final(last, before, first)

    return loop


_PLAIN_LSTM = lstm_cell()

UNROLL = [
    Slip("state-not-carried", {"carry": lambda new, old: old}),
    Slip(
        "state-not-carried", {"carry": lambda new, old: (new[0], old[1])}, "Only h is carried over."
    ),
    Slip(
        "state-not-carried", {"carry": lambda new, old: (old[0], new[1])}, "Only c is carried over."
    ),
    Slip("return-inside-loop", {"times": lambda T: range(1)}),
    Slip("cell-not-called", {"call": lambda cell: _PLAIN_LSTM}),
    Slip("ignores-state", {"start": lambda state: tuple(torch.zeros_like(part) for part in state)}),
    Slip("ignores-h", {"start": lambda state: (torch.zeros_like(state[0]), state[1])}),
    Slip("ignores-c", {"start": lambda state: (state[0], torch.zeros_like(state[1]))}),
    Slip("outputs-before-step", {"shown": lambda new, old: old[0]}),
    Slip("collects-c", {"shown": lambda new, old: new[1]}),
    Slip("time-reversed", {"times": lambda T: range(T - 1, -1, -1)}),
    Slip("outputs-reversed", {"gathered": lambda ys: ys[::-1]}),
    Slip("first-state-returned", {"final": lambda state, before, first: first}),
    Slip("last-step-missing", {"final": lambda state, before, first: before}),
    Slip("returns-c-then-h", {"final": lambda state, before, first: state[::-1]}),
]


# PyTorch's weights, and how many they are


def lstm_weights(pick=lambda W_ih, W_hh, b_ih, b_hh: (W_ih, W_hh, b_ih, b_hh)) -> Callable:
    """The four tensors of an nn.LSTM layer, as `pick` hands them over."""

    def weights(layer: torch.nn.LSTM) -> tuple:
        return pick(layer.weight_ih_l0, layer.weight_hh_l0, layer.bias_ih_l0, layer.bias_hh_l0)

    return weights


LSTM_WEIGHTS = [
    Slip("matrices-swapped", {"pick": lambda W, U, b, d: (U, W, b, d)}),
    Slip("biases-swapped", {"pick": lambda W, U, b, d: (W, U, d, b)}),
    Slip("biases-merged", {"pick": lambda W, U, b, d: (W, U, b + d, torch.zeros_like(b))}),
    Slip("biases-merged", {"pick": lambda W, U, b, d: (W, U, torch.zeros_like(b), b + d)}),
    Slip(
        "biases-merged",
        {"pick": lambda W, U, b, d: (W, U, b + d, b + d)},
        "It stands in both places.",
    ),
    Slip("weights-transposed", {"pick": lambda W, U, b, d: (W.T, U.T, b, d)}),
    Slip("lstm-recurrent-not-transposed", {"pick": lambda W, U, b, d: (W, U.T, b, d)}),
    Slip("lstm-drops-bias-hh", {"pick": lambda W, U, b, d: (W, U, b, torch.zeros_like(b))}),
    Slip("lstm-drops-bias-ih", {"pick": lambda W, U, b, d: (W, U, torch.zeros_like(b), d)}),
    Slip(
        "lstm-drops-bias-hh",
        {"pick": lambda W, U, b, d: (W, U, b, b)},
        "bias_ih stands in both places.",
    ),
]


def count_parameters(blocks=4, biases=2, steps=1) -> Callable:
    """How many numbers one LSTM layer learns."""
    return lambda I, H: blocks * (H * I + H * H + biases * H) * steps


COUNT_PARAMETERS = [
    Slip("counts-one-bias", {"biases": 1}),
    Slip("counts-no-bias", {"biases": 0}),
    Slip("counts-one-gate", {"blocks": 1}),
    Slip("counts-three-gates", {"blocks": 3}),
]

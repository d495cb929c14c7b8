"""Wrong variants of what one does with torch.nn's layers: their weights, states, outputs and counts."""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from gates.checks.slips.core import Slip, wholes


def lstm_weights(pick=lambda W_ih, W_hh, b_ih, b_hh: (W_ih, W_hh, b_ih, b_hh)) -> Callable:
    """The four tensors of an nn.LSTM layer, as `pick` hands them over."""

    def weights(layer: nn.LSTM) -> tuple:
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
    Slip("recurrent-not-transposed", {"pick": lambda W, U, b, d: (W, U.T, b, d)}),
    Slip("drops-bias-hh", {"pick": lambda W, U, b, d: (W, U, b, torch.zeros_like(b))}),
    Slip("drops-bias-ih", {"pick": lambda W, U, b, d: (W, U, torch.zeros_like(b), d)}),
    Slip(
        "drops-bias-hh",
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


def count_layers(
    blocks=4, biases=2, upper=lambda I, H, D: D * H, directions=lambda D: D, layers=lambda L: L
) -> Callable:
    """How many numbers a stack of LSTM layers learns, with the parts of the count exchangeable."""

    def count(I: int, H: int, L: int, D: int) -> int:
        sizes = [I] + [upper(I, H, D)] * (layers(L) - 1)
        return directions(D) * sum(blocks * (H * size + H * H + biases * H) for size in sizes)

    return count


COUNT_LAYERS = [
    *COUNT_PARAMETERS,
    Slip("counts-layers-alike", {"upper": lambda I, H, D: I}),
    Slip("counts-layer-two-too-small", {"upper": lambda I, H, D: H}),
    Slip("counts-one-direction", {"directions": lambda D: 1}),
    Slip("counts-one-direction", {"directions": lambda D: 1, "upper": lambda I, H, D: H}),
    Slip("counts-one-layer", {"layers": lambda L: 1}),
]


# The forget bias


def _rows(layer: nn.LSTM, block: int) -> slice:
    H = layer.hidden_size
    return slice(block * H, (block + 1) * H)


def set_forget_bias(
    blocks=(1,),
    of_ih=lambda old, value: value,
    of_hh=lambda old, value: 0,
    erased=(),
    given=lambda value: value,
    learns=True,
    ranges=None,
) -> Callable:
    """Set a layer's forget bias, with its parts exchangeable; blocks are counted i, f, g, o.

    erased: the bias and the block of each other gate that is set to zero before. ranges: from H to the rows of
    bias_ih that are set and those of bias_hh that become zero, where they are no blocks.
    """

    def change(layer: nn.LSTM, value: float) -> nn.LSTM:
        value = given(value)
        with torch.no_grad():
            for name, block in erased:
                getattr(layer, name)[_rows(layer, block)] = 0
            if ranges:
                of_value, of_zero = ranges(layer.hidden_size)
                layer.bias_ih_l0[of_value] = value
                layer.bias_hh_l0[of_zero] = 0
                return layer
            for block in blocks:
                rows = _rows(layer, block)
                layer.bias_ih_l0[rows] = of_ih(layer.bias_ih_l0[rows].clone(), value)
                layer.bias_hh_l0[rows] = of_hh(layer.bias_hh_l0[rows].clone(), value)
        return layer.requires_grad_(learns)

    return change


def _kept(old: Tensor, value: float) -> Tensor:
    return old


def _value(old: Tensor, value: float) -> float:
    return value


def _added(old: Tensor, value: float) -> Tensor:
    return old + value


def _erased() -> list[Slip]:
    """Other gates' biases that are set to zero: all of them or some, in both biases or in one."""
    found = []
    for names, where in (
        (("bias_ih_l0", "bias_hh_l0"), "in both biases"),
        (("bias_ih_l0",), "in bias_ih"),
        (("bias_hh_l0",), "in bias_hh"),
    ):
        for others in ("igo", "i", "g", "o", "ig", "io", "go"):
            erased = tuple((name, "ifgo".index(k)) for name in names for k in others)
            detail = f"Those of {', '.join(others)} are set to zero {where}."
            alone = others != "igo"
            found.append(Slip("other-biases-changed", {"erased": erased}, detail, alone))
    return found


def _at(start: tuple[int, int], end: tuple[int, int]) -> Callable[[int], slice]:
    """From H to rows, whose start and end are each a multiple of H and what is added to it."""
    return lambda H: slice(start[0] * H + start[1], end[0] * H + end[1])


_RANGES = [
    ("forget-bias-in-other-rows", _at((0, 0), (1, 0)), "They are those of i"),
    ("forget-bias-in-other-rows", _at((2, 0), (3, 0)), "They are those of g"),
    ("forget-bias-in-other-rows", _at((3, 0), (4, 0)), "They are those of o"),
    ("forget-bias-in-other-rows", _at((1, 0), (3, 0)), "Those of g are, too"),
    ("forget-bias-in-other-rows", _at((0, 0), (2, 0)), "Those of i are, too"),
    ("forget-bias-in-other-rows", _at((1, 0), (2, 1)), "It is one row too many, the first of g"),
    ("forget-bias-in-other-rows", _at((1, -1), (2, 0)), "It is one row too many, the last of i"),
    ("forget-bias-row-missing", _at((1, 0), (2, -1)), "It is the last one"),
    ("forget-bias-row-missing", _at((1, 1), (2, 0)), "It is the first one"),
]


def _off() -> list[Slip]:
    """The value, the zero or both in rows that are not the forget gate's."""
    right, found = _at((1, 0), (2, 0)), []
    for mistake, rows, what in _RANGES:
        for which, ranges in (
            ("bias_ih", (rows, right)),
            ("the zero of bias_hh", (right, rows)),
            ("both biases", (rows, rows)),
        ):
            if "are, too" in what and which.startswith("the zero"):
                continue  # that is `_erased`
            slots = {"ranges": lambda H, ranges=ranges: tuple(of(H) for of in ranges)}
            found.append(Slip(mistake, slots, f"{what}, for {which}.", alone=True))
    return found


# An LSTM sees the sum of both biases only, which is the same.
_OR_ADDED = "Or one is set to zero, and the value is added to the old numbers of the other."

FORGET_BIAS = [
    Slip("forget-bias-twice", {"of_hh": _value}),
    Slip("forget-bias-half-set", {"of_hh": _kept}, _OR_ADDED),
    Slip("forget-bias-half-set", {"of_ih": _kept, "of_hh": _value}, _OR_ADDED),
    *[
        Slip("forget-bias-in-other-rows", {"blocks": (block,)}, f"They are those of {name}.")
        for block, name in ((0, "i"), (2, "g"), (3, "o"))
    ],
    Slip("forget-bias-in-all-rows", {"blocks": range(4)}),
    *[
        Slip("forget-bias-in-other-rows", {"blocks": blocks}, f"Those of {name} are, too.")
        for blocks, name in (
            ((0, 1), "i"),
            ((1, 2), "g"),
            ((1, 3), "o"),
            ((0, 1, 2), "i and g"),
            ((1, 2, 3), "g and o"),
            ((0, 1, 3), "i and o"),
        )
    ],
    *[
        Slip("forget-bias-in-other-rows", {"blocks": blocks}, f"They are those of {name}.")
        for blocks, name in (((2, 3), "g and o"), ((0, 2), "i and g"), ((0, 3), "i and o"))
    ],
    Slip("chrono-nothing-written", {"of_ih": _kept, "of_hh": _kept}),
    Slip("bias-added-to-old", {"of_ih": _added, "of_hh": _kept}),
    Slip("bias-added-to-old", {"of_ih": _kept, "of_hh": _added}),
    Slip("bias-added-to-old", {"of_ih": _added, "of_hh": _added}, "It is so in both biases."),
    Slip(
        "bias-added-to-old",
        {"of_ih": _value, "of_hh": _added},
        "It is so in bias_hh; in bias_ih it is set.",
    ),
    Slip(
        "bias-added-to-old",
        {"of_ih": _added, "of_hh": _value},
        "It is so in bias_ih; in bias_hh it is set.",
    ),
    *_erased(),
    Slip("left-frozen", {"learns": False}),
    *_off(),
    Slip("forget-bias-written-in", {"given": lambda value: 1.0}),
    Slip("forget-bias-written-in", {"given": lambda value: 1.0, "of_hh": _value}, "It is 1 twice."),
]


# The polarity of z


def flip_z(
    W=lambda rows: -rows,
    U=lambda rows: -rows,
    b=lambda rows: -rows,
    d=lambda rows: -rows,
    blocks=(1,),
) -> Callable:
    """New weights for the other polarity, with what becomes of each weight's rows exchangeable."""

    def flip(weights: tuple) -> tuple:
        flipped = []
        for weight, change in zip(weights, (W, U, b, d), strict=True):
            parts = weight.chunk(3)
            flipped.append(
                torch.cat([change(part) if k in blocks else part for k, part in enumerate(parts)])
            )
        return type(weights)(*flipped)

    return flip


def _same_rows(rows: Tensor) -> Tensor:
    return rows


def _one_minus(rows: Tensor) -> Tensor:
    return 1 - rows


_UNTURNED = {"W": "weight_ih", "U": "weight_hh", "b": "bias_ih", "d": "bias_hh"}

FLIP_Z = [
    Slip("flips-nothing", dict.fromkeys("WUbd", _same_rows)),
    *[
        Slip(
            "flips-one-side",
            {other: _same_rows for other in _UNTURNED if other != k},
            f"Only {name} is.",
        )
        for k, name in _UNTURNED.items()
    ],
    Slip("flips-weights-only", {"b": _same_rows, "d": _same_rows}),
    Slip("flips-one-side", {"W": _same_rows, "b": _same_rows}, "It is the hidden state's."),
    Slip("flips-one-side", {"U": _same_rows, "d": _same_rows}, "It is the input's."),
    Slip("flips-one-side", {"W": _same_rows}, "weight_ih is not."),
    Slip("flips-one-side", {"U": _same_rows}, "weight_hh is not."),
    Slip("flips-one-side", {"b": _same_rows}, "bias_ih is not."),
    Slip("flips-one-side", {"d": _same_rows}, "bias_hh is not."),
    Slip("flips-one-side", {"W": _same_rows, "U": _same_rows}, "It is the biases."),
    Slip("flips-wrong-gate", {"blocks": (0,)}, "It is r."),
    Slip("flips-wrong-gate", {"blocks": (2,)}, "It is n."),
    Slip("flips-wrong-gate", {"blocks": (0, 1)}, "Those of r are, besides those of z."),
    Slip("flips-wrong-gate", {"blocks": (1, 2)}, "Those of n are, besides those of z."),
    Slip("flips-everything", {"blocks": (0, 1, 2)}),
    Slip("flips-by-one-minus", dict.fromkeys("WUbd", _one_minus)),
    Slip("flips-by-one-minus", {**dict.fromkeys("WUbd", _one_minus), "blocks": (0, 1, 2)}),
    Slip(
        "flips-by-one-minus", {"b": _one_minus, "d": _one_minus, "W": _same_rows, "U": _same_rows}
    ),
]


def agreeing(U=lambda n: torch.diag(n.diag()), d=torch.zeros_like, r=lambda rows: rows, on=2):
    """Weights for which both forms of the GRU agree, with what becomes of the candidate's rows exchangeable."""

    def changed(weights: tuple) -> tuple:
        W_ih, W_hh, b_ih, b_hh = weights
        matrices, biases = list(W_hh.chunk(3)), list(b_hh.chunk(3))
        matrices[on], biases[on], biases[0] = U(matrices[on]), d(biases[on]), r(biases[0])
        return type(weights)(W_ih, torch.cat(matrices), b_ih, torch.cat(biases))

    return changed


AGREEING = [
    Slip("forms-kept-apart-by-bias", {"d": _same_rows}),
    Slip("forms-kept-apart-by-matrix", {"U": _same_rows}),
    Slip("forms-agree-without-reset", {"U": torch.zeros_like}),
    Slip("forms-kept-apart-by-bias", {"U": torch.zeros_like, "d": _same_rows}),
    Slip("forms-agree-without-reset", {"U": _same_rows, "d": _same_rows, "r": lambda b: b + 1e3}),
    Slip("forms-agree-without-reset", {"r": lambda b: b + 1e3}),
    Slip("forms-unchanged", {"U": _same_rows, "d": _same_rows}),
    Slip("forms-wrong-rows", {"on": 1}, "They are those of z."),
    Slip("forms-wrong-rows", {"on": 0}, "They are those of r."),
]


# Outputs and states


TOP_STATE = [
    *wholes("first-layer-state", lambda ys, h_n: h_n[0]),
    *wholes("output-for-h-n", lambda ys, h_n: ys),
    *wholes("sample-for-step", lambda ys, h_n: ys[:, -1], lambda ys, h_n: h_n[:, -1]),
    *wholes("first-step-taken", lambda ys, h_n: ys[0]),
    *wholes("averages-steps", lambda ys, h_n: ys.mean(0)),
]


def _halves(ys: Tensor) -> tuple[Tensor, Tensor]:
    return ys.chunk(2, dim=-1)


def _sides(one: Tensor, other: Tensor) -> Tensor:
    return torch.cat([one, other], dim=-1)


BOTH_ENDS = [
    *wholes("bi-last-output", lambda ys, h_n: ys[-1]),
    *wholes("bi-first-output", lambda ys, h_n: ys[0]),
    *wholes(
        "bi-view",
        lambda ys, h_n: h_n[-2:].reshape(h_n.shape[1], -1),
        lambda ys, h_n: h_n.reshape(h_n.shape[1], -1),
        lambda ys, h_n: h_n.reshape(len(h_n) // 2, h_n.shape[1], -1)[-1],
        lambda ys, h_n: h_n.reshape(h_n.shape[1], -1)[:, -2 * h_n.shape[2] :],
    ),
    *wholes(
        "bi-direction-major",
        lambda ys, h_n: _sides(h_n[len(h_n) // 2 - 1], h_n[-1]),
        lambda ys, h_n: _sides(h_n[0], h_n[len(h_n) // 2]),
    ),
    *wholes("first-layer-state", lambda ys, h_n: _sides(h_n[0], h_n[1])),
    *wholes("bi-one-direction", lambda ys, h_n: h_n[-1], lambda ys, h_n: h_n[-2]),
    *wholes("backward-first", lambda ys, h_n: _sides(h_n[-1], h_n[-2])),
    *wholes(
        "directions-added",
        lambda ys, h_n: h_n[-1] + h_n[-2],
        lambda ys, h_n: (h_n[-1] + h_n[-2]) / 2,
    ),
    *wholes("sample-for-step", lambda ys, h_n: ys[:, -1]),
    *wholes(
        "first-step-taken",
        lambda ys, h_n: _sides(_halves(ys[0])[0], _halves(ys[-1])[1]),
        detail="For each direction the wrong end is taken.",
    ),
]


# States that a layer starts from


def _zeros(size: Callable) -> Callable:
    """A pair of zeros whose size is made from L layers, D directions and the first two sizes of the input."""

    def state(layer: nn.LSTM, x: Tensor) -> tuple[Tensor, Tensor]:
        L, D, H = layer.num_layers, 2 if layer.bidirectional else 1, layer.hidden_size
        B, T = x.shape[:2] if layer.batch_first else x.shape[1::-1]
        zeros = x.new_zeros(*size(L, D, B, T, H, layer.batch_first))
        return zeros, zeros

    return state


INITIAL_STATE = [
    *wholes(
        "state-batch-first",
        _zeros(lambda L, D, B, T, H, first: (B, L * D, H)),
        _zeros(lambda L, D, B, T, H, first: (B, L * D, H) if first else (L * D, B, H)),
    ),
    *wholes(
        "state-without-layers",
        _zeros(lambda L, D, B, T, H, first: (D, B, H)),
        _zeros(lambda L, D, B, T, H, first: (B, H)),
        _zeros(lambda L, D, B, T, H, first: (1, B, H)),
    ),
    *wholes("state-without-directions", _zeros(lambda L, D, B, T, H, first: (L, B, H))),
    *wholes(
        "state-sized-by-time",
        _zeros(lambda L, D, B, T, H, first: (L * D, T, H)),
        _zeros(lambda L, D, B, T, H, first: (L * D, B if first else T, H)),
        _zeros(lambda L, D, B, T, H, first: (L * D, T if first else B, H)),
    ),
]

TIME_FIRST = [
    *wholes(
        "view-for-transpose",
        lambda xs: xs.reshape(xs.shape[1], xs.shape[0], xs.shape[2]),
    ),
    *wholes("all-dimensions-turned", lambda xs: xs.permute(2, 1, 0)),
]


def _as_sequence(start: Callable) -> Callable:
    def step(layer: nn.GRU, x: Tensor, h: Tensor) -> Tensor:
        return layer(x, start(h))[0]

    return step


ONE_STEP = [
    *wholes(
        "batch-read-as-sequence",
        _as_sequence(lambda h: None),
        _as_sequence(lambda h: h[:1]),
        _as_sequence(lambda h: h[-1:]),
        lambda layer, x, h: layer(x)[1],
        lambda layer, x, h: layer(x, h[:1])[1],
        lambda layer, x, h: layer(x)[1].expand(len(x), -1),
        lambda layer, x, h: layer(x)[1][0],
    ),
    *wholes(
        "batch-read-as-sequence",
        lambda layer, x, h: layer(x[:, None], h[:1, None])[0][:, 0],
        lambda layer, x, h: layer(x[:, None])[0][:, 0],
        lambda layer, x, h: layer(x[:, None])[0][-1],
        lambda layer, x, h: layer(x[:, None])[1][0],
        detail="The new dimension stands where the batch belongs.",
    ),
    *wholes("step-ignores-state", lambda layer, x, h: layer(x[None])[0][0]),
    *wholes("squeezed", lambda layer, x, h: layer(x[None], h[None])[0].squeeze()),
]

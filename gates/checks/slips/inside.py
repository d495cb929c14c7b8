"""Wrong variants of opening gates, of reading in windows, and of measuring what is inside."""

import math
from collections.abc import Callable

import torch
from torch import Tensor, nn

from gates.cells import Weights
from gates.checks.slips.core import Slip, same, wholes

# How long memories last


def memory_horizon(
    mean=lambda values: values.mean((0, 1)),
    keep=same,
    log=torch.log,
    of=lambda mean_log: -1 / mean_log,
    whole=None,
) -> Callable:
    """−1 / log f̄, with its parts exchangeable."""
    return whole or (lambda f: of(mean(log(keep(f)))))


HORIZON = [
    Slip("log-of-the-mean", {"mean": lambda logs: logs.exp().mean((0, 1)).log()}),
    Slip("log-of-the-mean", {"mean": lambda logs: logs.exp().mean(0).log().mean(0)}),
    Slip("log-of-the-mean", {"mean": lambda logs: logs.exp().mean(1).log().mean(0)}),
    Slip("one-over-what-is-lost", {"of": lambda mean_log: 1 / (1 - mean_log.exp())}),
    *wholes(
        "mean-of-horizons",
        lambda f: (-1 / f.log()).mean((0, 1)),
        lambda f: (-1 / f.log().mean(0)).mean(0),
        lambda f: (-1 / f.log().mean(1)).mean(0),
    ),
    *wholes("one-over-what-is-lost", lambda f: 1 / (1 - f.mean((0, 1)))),
    *wholes("one-over-what-is-lost", lambda f: (1 / (1 - f)).mean((0, 1))),
    *wholes("product-of-samples", lambda f: -1 / f.prod(0).log().mean(0)),
    Slip(
        "one-number-for-all-units", {"mean": lambda values: values.mean().expand(values.shape[2])}
    ),
    Slip("one-number-for-all-units", {"mean": lambda values: values.mean()}),
    Slip("mean-over-units", {"mean": lambda values: values.mean((1, 2))}),
    Slip("mean-over-units", {"mean": lambda values: values.mean((0, 2))}),
    Slip("sum-for-mean", {"mean": lambda values: values.sum((0, 1))}),
    Slip("log-of-another-base", {"log": torch.log10}),
    Slip("f-means-forget", {"keep": lambda f: 1 - f}),
    Slip("horizon-without-minus", {"of": lambda mean_log: 1 / mean_log}),
    Slip("horizon-not-inverted", {"of": lambda mean_log: -mean_log}),
    Slip("horizon-not-inverted", {"of": same}, "And the minus is missing."),
    Slip("half-life-for-horizon", {"of": lambda mean_log: -math.log(2) / mean_log}),
    Slip("mean-gate-for-horizon", {"of": torch.exp}),
]


# Biases that are drawn


def chrono_start(
    draw=lambda H, T: 1 + (T - 2) * torch.rand(H),
    squeeze=torch.log,
    of_input=lambda b: -b,
    of_forget=same,
    first=lambda old, new: new,
    second=lambda old, new: torch.zeros_like(old),
    rows=(0, 1),
    rest=lambda layer: None,
) -> Callable:
    """Biases drawn for many times, with the parts of it exchangeable. None leaves a bias as it was."""

    def start(layer: nn.LSTM, T: int) -> nn.LSTM:
        H = layer.hidden_size
        b = squeeze(draw(H, T))
        with torch.no_grad():
            rest(layer)
            for row, of in zip(rows, (of_input, of_forget), strict=True):
                if of is None:
                    continue
                block = slice(row * H, (row + 1) * H)
                layer.bias_ih_l0[block] = first(layer.bias_ih_l0[block], of(b))
                layer.bias_hh_l0[block] = second(layer.bias_hh_l0[block], of(b))
        return layer

    return start


CHRONO = [
    Slip("input-bias-forgotten", {"of_input": None}),
    Slip("input-bias-not-turned", {"of_input": same}),
    Slip("input-bias-not-turned", {"of_input": torch.zeros_like}, "It is set to zero."),
    Slip(
        "input-bias-drawn-apart",
        {"of_input": lambda b: -torch.log(1 + (b.exp().max() - 1) * torch.rand(len(b)))},
    ),
    Slip("other-biases-changed", {"rest": lambda layer: layer.bias_hh_l0.zero_()}),
    Slip("left-frozen", {"rest": lambda layer: layer.requires_grad_(False)}),
    Slip("chrono-nothing-written", {"of_input": None, "of_forget": None}),
    Slip("time-for-bias", {"squeeze": same}),
    Slip("one-time-for-all-units", {"draw": lambda H, T: torch.full((H,), T - 1.0)}),
    Slip("one-time-for-all-units", {"draw": lambda H, T: torch.full((H,), float(T))}),
    Slip("one-time-for-all-units", {"draw": lambda H, T: 1 + (T - 2) * torch.rand(1).expand(H)}),
    Slip(
        "biases-drawn-evenly",
        {
            "draw": lambda H, T: torch.rand(H) * torch.log(torch.tensor(T - 1.0)),
            "squeeze": same,
        },
    ),
    Slip("times-below-one", {"draw": lambda H, T: (T - 1) * torch.rand(H)}),
    Slip("times-below-one", {"draw": lambda H, T: (T - 2) * torch.rand(H)}),
    Slip("times-below-one", {"draw": lambda H, T: torch.rand(H)}, "All of them are."),
    Slip(
        "times-are-normal", {"draw": lambda H, T: (T / 2 + T / 6 * torch.randn(H)).clamp(1, T - 1)}
    ),
    Slip(
        "times-are-normal",
        {"draw": lambda H, T: (T / 2 + T / 9 * torch.randn(H)).clamp(1, T - 1)},
    ),
    Slip(
        "second-bias-left",
        {"second": lambda old, new: old},
        "Or it is set to zero, and the new one is added to the old values of the first.",
    ),
    Slip(
        "bias-added-to-old",
        {"first": lambda old, new: old + new, "second": lambda old, new: old},
    ),
    Slip("forget-bias-twice", {"second": lambda old, new: new}),
    Slip("gates-of-chrono-swapped", {"rows": (1, 0)}),
    Slip("forget-bias-in-other-rows", {"rows": (0, 2)}),
    Slip("input-bias-forgotten", {"rows": (2, 1)}, "Other rows got its numbers."),
    Slip("chrono-only-input", {"of_forget": None}),
]


# Windows


def _state_cut(state: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
    h, c = state
    return h.detach(), c.detach()


def in_windows(
    cut=_state_cut,
    split=lambda xs, window: xs.split(window),
    shown=same,
    gathered=torch.cat,
    result=lambda ys, state: ys,
) -> Callable:
    """A sequence read in windows, with the parts of it exchangeable."""

    def read(layer: nn.LSTM, xs: Tensor, window: int) -> Tensor:
        ys, state = [], None
        for part in split(xs, window):
            y, state = layer(part, state)
            ys.append(shown(y))
            state = cut(state)
        return result(gathered(ys), state)

    return read


def _whole_windows(xs: Tensor, window: int) -> list[Tensor]:
    return [xs[t : t + window] for t in range(0, len(xs) - window + 1, window)]


IN_WINDOWS = [
    Slip("window-not-cut", {"cut": same}),
    Slip("c-not-detached", {"cut": lambda state: (state[0].detach(), state[1])}),
    Slip(
        "window-not-cut",
        {"cut": lambda state: (state[0], state[1].detach())},
        "c is detached, and h is not.",
    ),
    Slip("h-and-c-swapped", {"cut": lambda state: _state_cut(state)[::-1]}),
    Slip("window-starts-anew", {"cut": lambda state: None}),
    Slip(
        "window-starts-anew",
        {"cut": lambda state: (state[0].detach(), torch.zeros_like(state[1]))},
        "It is c that is lost.",
    ),
    Slip(
        "window-starts-anew",
        {"cut": lambda state: (torch.zeros_like(state[0]), state[1].detach())},
        "It is h that is lost.",
    ),
    Slip("detached-every-step", {"split": lambda xs, window: xs.split(1)}),
    Slip("window-too-long", {"split": lambda xs, window: xs.split(window + 1)}),
    Slip("window-too-short", {"split": lambda xs, window: xs.split(window - 1)}),
    Slip("windows-counted", {"split": lambda xs, window: xs.chunk(window)}),
    Slip("last-window-lost", {"split": _whole_windows}),
    Slip("outputs-detached", {"shown": Tensor.detach}),
    Slip("one-window-returned", {"gathered": lambda ys: ys[-1]}),
    Slip("one-window-returned", {"gathered": lambda ys: ys[0]}, "It is the first."),
    Slip("last-steps-only", {"shown": lambda y: y[-1:]}),
]


# Counting


def counting_weights(
    up=lambda strong: strong,
    down=lambda strong: -strong,
    f=lambda strong: strong,
    i=lambda strong: strong,
    order="ifgo",
) -> Callable:
    """The weights of a unit that counts, with the parts of it exchangeable."""

    def weights(strong: float) -> Weights:
        candidate = torch.tensor([[up(strong), down(strong)]])
        rows = {
            "i": torch.zeros(1, 2),
            "f": torch.zeros(1, 2),
            "g": candidate,
            "o": torch.zeros(1, 2),
        }
        biases = {"i": i(strong), "f": f(strong), "g": 0.0, "o": strong}
        W_ih = torch.cat([rows[k] for k in order])
        b_ih = torch.tensor([float(biases[k]) for k in order])
        return Weights(W_ih, torch.zeros(4, 1), b_ih, torch.zeros(4))

    return weights


COUNTING_WEIGHTS = [
    Slip("both-gates-half-open", {"f": lambda strong: 0.0, "i": lambda strong: 0.0}),
    Slip("forget-gate-half-open", {"f": lambda strong: 0.0}),
    Slip("forget-gate-closed", {"f": lambda strong: -strong}),
    Slip("input-gate-half-open", {"i": lambda strong: 0.0}),
    Slip("input-gate-shut", {"i": lambda strong: -strong}),
    Slip("counts-the-other-way", {"up": lambda strong: -strong, "down": lambda strong: strong}),
    Slip("counts-a-only", {"down": lambda strong: 0.0}),
    Slip("counts-b-only", {"up": lambda strong: 0.0}),
    Slip("counts-every-step", {"down": lambda strong: strong}),
    Slip("weight-one-for-step-one", {"up": lambda strong: 1.0, "down": lambda strong: -1.0}),
    Slip("lstm-gate-order", {"order": "igfo"}),
    Slip("lstm-gate-order", {"order": "fgio"}),
]


def largest_right(whole=None) -> Callable:
    """The largest n up to which all is right."""
    return whole or (lambda right: int(right.long().cumprod(0).sum()))


def _last_right(right: Tensor) -> int:
    places = right.nonzero()
    return int(places[-1]) + 1 if len(places) else 0


def _longest_run(right: Tensor) -> int:
    most = run = 0
    for one in right.tolist():
        run = run + 1 if one else 0
        most = max(most, run)
    return most


def _first_wrong(right: Tensor) -> int:
    return int(right.long().cumprod(0).sum())


LARGEST = [
    *wholes("gap-ignored", _last_right),
    *wholes(
        "gap-ignored", lambda right: max(_last_right(right) - 1, 0), detail="And counted from 0."
    ),
    *wholes("counts-the-right-ones", lambda right: int(right.sum())),
    *wholes("longest-run-anywhere", _longest_run),
    *wholes(
        "first-wrong-returned",
        lambda right: _first_wrong(right) + 1,
        lambda right: min(_first_wrong(right) + 1, len(right)),
    ),
    *wholes("largest-counted-from-zero", lambda right: max(_first_wrong(right) - 1, 0)),
    *wholes("largest-counted-from-zero", lambda right: _first_wrong(right) - 1),
    *wholes("share-for-largest", lambda right: right.double().mean().item()),
    *wholes("always-the-most", lambda right: len(right)),
    *wholes("all-right-is-none", lambda right: 0 if right.all() else _first_wrong(right)),
    *wholes("all-right-is-none", lambda right: int((~right).long().argmax())),
]


def counter_unit(
    a=lambda changes, n: changes[: n - 1].mean(0),
    b=lambda changes, n: changes[n - 1 :].mean(0),
    by=lambda a, b: torch.minimum(a.abs(), b.abs()) * (a * b < 0),
    best=lambda counts: counts.argmax(),
    whole=None,
) -> Callable:
    """The unit that counts, with the parts of the search exchangeable."""

    def find(cs: Tensor, n: int) -> int:
        changes = cs.diff(dim=0)
        return int(best(by(a(changes, n), b(changes, n))))

    return whole or find


COUNTER = [
    Slip(
        "first-b-counted-as-a",
        {
            "a": lambda changes, n: changes[:n].mean(0),
            "b": lambda changes, n: changes[n:].mean(0),
        },
    ),
    Slip("changes-added", {"by": lambda a, b: -(a * b)}, "It is their product."),
    Slip("signs-ignored", {"by": lambda a, b: torch.minimum(a.abs(), b.abs())}),
    Slip("one-half-only", {"by": lambda a, b: a.abs() * (a * b < 0)}, "It is that of the a's."),
    Slip("one-half-only", {"by": lambda a, b: b.abs() * (a * b < 0)}, "It is that of the b's."),
    Slip("one-half-only", {"by": lambda a, b: a.abs()}, "It is that of the a's."),
    Slip("one-half-only", {"by": lambda a, b: b.abs()}, "It is that of the b's."),
    Slip("one-half-only", {"by": lambda a, b: a}, "It is that of the a's, and its sign counts."),
    Slip("larger-for-smaller", {"by": lambda a, b: torch.maximum(a.abs(), b.abs()) * (a * b < 0)}),
    Slip("larger-for-smaller", {"by": lambda a, b: torch.maximum(a.abs(), b.abs())}),
    Slip("changes-added", {"by": lambda a, b: (a.abs() + b.abs()) * (a * b < 0)}),
    Slip("changes-added", {"by": lambda a, b: (a - b).abs()}, "It is their difference."),
    Slip("counter-has-to-rise", {"by": lambda a, b: torch.minimum(a, -b)}),
    Slip("least-for-most", {"best": lambda counts: counts.argmin()}),
    Slip(
        "least-for-most",
        {"best": lambda counts: counts.where(counts > 0, torch.inf).argmin()},
        "It is the least of those that count.",
    ),
    *wholes("value-for-change", lambda cs, n: int(cs[-1].abs().argmax())),
    *wholes("value-for-change", lambda cs, n: int(cs.abs().amax(0).argmax())),
    *wholes("value-for-change", lambda cs, n: int(cs.abs().mean(0).argmax())),
    *wholes("range-for-change", lambda cs, n: int((cs.max(0).values - cs.min(0).values).argmax())),
    *wholes("range-for-change", lambda cs, n: int(cs.std(0).argmax())),
]

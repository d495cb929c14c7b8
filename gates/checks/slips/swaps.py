"""Wrong variants of activations, of a step that takes them, and of what one measures of them."""

import math
from collections.abc import Callable

import torch
from torch import Tensor

from gates.checks.slips.core import Slip, same, wholes

# The hard sigmoid


def hard_sigmoid(slope=1 / 6, middle=0.5, cut=lambda a: a.clamp(0, 1), whole=None) -> Callable:
    """Three straight lines, with the parts of them exchangeable."""
    return whole or (lambda a: cut(slope * a + middle))


HARD_SIGMOID = [
    Slip("other-hard-sigmoid", {"slope": 0.2}),
    Slip("other-hard-sigmoid", {"slope": 0.5}, "It rises from −1 to 1."),
    Slip("other-hard-sigmoid", {"slope": 0.25}, "It has the slope of σ at 0."),
    Slip("hard-sigmoid-not-cut", {"cut": same}),
    Slip("hard-sigmoid-not-cut", {"cut": lambda a: a.clamp(min=0)}, "It is not at the top."),
    Slip("hard-sigmoid-not-cut", {"cut": lambda a: a.clamp(max=1)}, "It is not at the bottom."),
    Slip("hard-sigmoid-not-shifted", {"middle": 0.0}),
    Slip("hard-sigmoid-slope", {"slope": 1 / 3}),
    Slip("hard-sigmoid-slope", {"slope": 1.0}),
    *wholes(
        "hard-sigmoid-not-shifted",
        lambda a: torch.where(a < -3, 0.0, torch.where(a > 3, 1.0, a / 6)),
    ),
    *wholes("sigmoid-cut", lambda a: torch.sigmoid(a.clamp(-3, 3))),
    *wholes("hard-tanh-for-sigmoid", lambda a: a.clamp(-1, 1), lambda a: (a / 3).clamp(-1, 1)),
    *wholes("cut-at-three", lambda a: a.clamp(-3, 3)),
    *wholes("step-for-sigmoid", lambda a: (a > 0).to(a.dtype), lambda a: (a >= 0).to(a.dtype)),
    *wholes("soft-for-hard", torch.sigmoid),
    *wholes(
        "sigmoid-cut", lambda a: torch.where(a < -3, 0.0, torch.where(a > 3, 1.0, torch.sigmoid(a)))
    ),
]


# A step with other activations


def swapped_lstm_cell(
    of_i="gate",
    of_f="gate",
    of_g="candidate",
    of_o="gate",
    of_c="output",
    shown=lambda o, squashed, c: o * squashed,
    stored=lambda c, squashed: c,
    whole=None,
) -> Callable:
    """The step with exchangeable activations: each slot says which of the three functions is used, or what else."""

    def step(x, state, weights, gate=torch.sigmoid, candidate=torch.tanh, output=torch.tanh):
        functions = {"gate": gate, "candidate": candidate, "output": output}
        functions |= {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "nothing": same}
        W_ih, W_hh, b_ih, b_hh = weights
        h, c = state
        a_i, a_f, a_g, a_o = (x @ W_ih.T + b_ih + h @ W_hh.T + b_hh).chunk(4, dim=-1)
        i, f, o = functions[of_i](a_i), functions[of_f](a_f), functions[of_o](a_o)
        c = f * c + i * functions[of_g](a_g)
        squashed = functions[of_c](c)
        return shown(o, squashed, c), stored(c, squashed)

    return whole or step


def _squashed_twice(x, state, weights, gate, candidate, output) -> tuple[Tensor, Tensor]:
    """The memory goes through the output's activation, and what is shown of it once more."""
    o = swapped_lstm_cell(of_c="nothing", shown=lambda o, squashed, c: o)
    _, c = swapped_lstm_cell()(x, state, weights, gate, candidate, output)
    return o(x, state, weights, gate, candidate, output)[0] * output(output(c)), output(c)


SWAPPED = [
    Slip(
        "activation-written-in",
        {"of_i": "sigmoid", "of_f": "sigmoid", "of_o": "sigmoid"},
        "It is σ for the gates.",
    ),
    Slip("activation-written-in", {"of_g": "tanh"}, "It is tanh for the candidate."),
    Slip("activation-written-in", {"of_c": "tanh"}, "It is tanh for the output."),
    Slip("activation-written-in", {"of_i": "sigmoid"}, "It is σ for the input gate."),
    Slip("activation-written-in", {"of_f": "sigmoid"}, "It is σ for the forget gate."),
    Slip("activation-written-in", {"of_o": "sigmoid"}, "It is σ for the output gate."),
    Slip("candidate-and-output-swapped", {"of_g": "output", "of_c": "candidate"}),
    Slip("one-activation-for-both", {"of_c": "candidate"}, "It is the candidate's."),
    Slip("one-activation-for-both", {"of_g": "output"}, "It is the output's."),
    Slip(
        "gate-and-candidate-swapped",
        {"of_i": "candidate", "of_f": "candidate", "of_o": "candidate", "of_g": "gate"},
    ),
    Slip("gate-on-candidate", {"of_g": "gate"}),
    Slip("output-on-output-gate", {"of_o": "output"}),
    Slip("output-activation-missing", {"of_c": "nothing"}),
    Slip("tanh-on-memory", {"stored": lambda c, squashed: squashed}),
    *wholes("tanh-on-memory", _squashed_twice),
    *wholes(
        "activation-written-in",
        lambda x, state, weights, *_: swapped_lstm_cell()(x, state, weights),
        detail="All three are those of the usual LSTM.",
    ),
]


# What a memory adds up to


def after_writing(
    steps=lambda T: T,
    written=lambda i, g: i * g,
    kept=lambda f: f,
    add=lambda f, c, new: f * c + new,
    whole=None,
) -> Callable:
    """The sum over T equal steps, with the parts of it exchangeable."""

    def run(f: float, i: float, g: float, T: int) -> float:
        c = 0.0
        for _ in range(steps(T)):
            c = add(kept(f), c, written(i, g))
        return c

    return whole or run


AFTER_WRITING = [
    Slip("sum-has-another-length", {"steps": lambda T: T + 1}, "It is one step more."),
    Slip("sum-has-another-length", {"steps": lambda T: T - 1}, "It is one step less."),
    Slip("size-for-gate", {"kept": abs}),
    Slip("input-gate-forgotten", {"written": lambda i, g: g}),
    Slip("candidate-forgotten", {"written": lambda i, g: i}),
    Slip("f-means-forget", {"kept": lambda f: 1 - f}),
    Slip("written-as-lost", {"written": lambda i, g: -i * g}),
    *wholes("nothing-fades", lambda f, i, g, T: T * i * g, lambda f, i, g, T: f * T * i * g),
    *wholes(
        "written-once", lambda f, i, g, T: f**T * i * g, lambda f, i, g, T: f ** (T - 1) * i * g
    ),
    *wholes("written-once", lambda f, i, g, T: i * g, detail="And it does not fade."),
    Slip("last-step-not-at-full", {"add": lambda f, c, new: f * (c + new)}),
    *wholes(
        "all-fades-alike",
        lambda f, i, g, T: T * f**T * i * g,
        lambda f, i, g, T: T * f ** (T - 1) * i * g,
    ),
    *wholes("limit-for-sum", lambda f, i, g, T: i * g / (1 - f) if f != 1 else math.inf),
    *wholes("left-for-written", lambda f, i, g, T: f**T),
]


# How much hardly reacts


def saturated(
    of=lambda a, activation: _slope(a, activation).abs(),
    below=lambda sizes, steepest: sizes < steepest / 20,
    share=lambda found: found.double().mean().item(),
    whole=None,
) -> Callable:
    """The share of small slopes, with the parts of it exchangeable."""
    return whole or (lambda a, activation, steepest: share(below(of(a, activation), steepest)))


def _slope(a: Tensor, activation: Callable) -> Tensor:
    a = a.detach().requires_grad_()
    with torch.enable_grad():
        return torch.autograd.grad(activation(a).sum(), a)[0]


SATURATED = [
    Slip("value-for-slope", {"of": lambda a, activation: activation(a).abs()}),
    Slip("value-for-slope", {"of": lambda a, activation: activation(a)}),
    Slip(
        "value-for-slope", {"of": lambda a, activation: a.abs()}, "It is the pre-activation itself."
    ),
    Slip("slope-without-size", {"of": _slope}),
    Slip("steepest-ignored", {"below": lambda sizes, steepest: sizes < 1 / 20}),
    Slip("steepest-ignored", {"below": lambda sizes, steepest: sizes < 0.25 / 20}),
    Slip(
        "steepest-ignored",
        {"below": lambda sizes, steepest: sizes < sizes.max() / 20},
        "It is the steepest met here.",
    ),
    Slip("reacting-for-saturated", {"below": lambda sizes, steepest: sizes >= steepest / 20}),
    Slip("threshold-not-a-twentieth", {"below": lambda sizes, steepest: sizes < steepest}),
    Slip("threshold-not-a-twentieth", {"below": lambda sizes, steepest: sizes < 20 * steepest}),
    Slip("threshold-not-a-twentieth", {"below": lambda sizes, steepest: sizes < steepest / 2}),
    Slip("threshold-not-a-twentieth", {"below": lambda sizes, steepest: sizes < steepest / 200}),
    Slip("threshold-not-a-twentieth", {"below": lambda sizes, steepest: sizes < steepest / 10}),
    Slip("threshold-not-a-twentieth", {"below": lambda sizes, steepest: sizes < steepest - 0.05}),
    Slip("zero-slope-only", {"below": lambda sizes, steepest: sizes == 0}),
    Slip("count-for-share", {"share": lambda found: found.sum().item()}),
    Slip(
        "mean-slope-for-share",
        {"below": lambda sizes, steepest: sizes, "share": lambda s: s.mean().item()},
    ),
    *wholes(
        "mean-slope-for-share",
        lambda a, activation, steepest: float(_slope(a, activation).abs().mean() < steepest / 20),
        detail="And it is compared as a whole.",
    ),
    Slip("slopes-of-a-mean", {"of": lambda a, activation: _slope(a, activation).abs() / a.numel()}),
]

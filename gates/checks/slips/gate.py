"""Wrong variants of what a single gate does, and of a memory over many steps."""

import math
from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from gates.checks.slips.core import Slip


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
    Slip("memory-powered", {"whole": lambda a, c, T: torch.sigmoid(a) * c**T}),
    Slip("losses-add-up", {"whole": lambda a, c, T: (1 - T * (1 - torch.sigmoid(a))) * c}),
    Slip("steps-in-sigmoid", {"whole": lambda a, c, T: torch.sigmoid(a * T) * c}),
]


def pre_activation(odds=lambda f: f / (1 - f), log=math.log, whole=None) -> Callable:
    """log(f / (1 − f)), with its parts exchangeable; `whole` takes the place of all of it."""
    return whole or (lambda f: log(odds(f)))


PRE_ACTIVATION = [
    Slip("gate-for-bias", {"whole": lambda f: f}),
    Slip("log-for-logit", {"odds": lambda f: f}),
    Slip("log-for-logit", {"odds": lambda f: 1 / f}, "Its sign is turned."),
    Slip("odds-upside-down", {"odds": lambda f: (1 - f) / f}),
    Slip("log-base-ten", {"log": math.log10}),
    Slip("logit-without-log", {"log": lambda odds: odds}),
    Slip("squashed-once-more", {"whole": lambda f: 1 / (1 + math.exp(-f))}),
    Slip("logit-of-tanh", {"whole": math.atanh}),
]


# Gradients that are clipped


def clip(
    norm=lambda grads: math.sqrt(sum(g.square().sum().item() for g in grads)),
    bound=lambda factor: min(1.0, factor),
    scale=None,
) -> Callable:
    """Gradients shortened together, with the parts of it exchangeable."""

    def run(grads: Sequence[Tensor], max_norm: float) -> list[Tensor]:
        if scale:
            return [scale(grad, max_norm) for grad in grads]
        factor = bound(max_norm / norm(grads))
        return [factor * grad for grad in grads]

    return run


CLIP = [
    Slip("clips-each-alone", {"scale": lambda g, m: g * min(1.0, m / g.norm().item())}),
    Slip(
        "clips-each-alone",
        {"scale": lambda g, m: g * (m / g.norm().item())},
        "Each is made exactly that long.",
    ),
    Slip("clips-values", {"scale": lambda g, m: g.clamp(-m, m)}),
    Slip("clips-values", {"scale": lambda g, m: g.clamp(max=m)}, "Only positive ones are."),
    Slip("clips-always", {"bound": lambda factor: factor}),
    Slip("clips-never", {"bound": lambda factor: 1.0}),
    Slip("clips-upside-down", {"bound": lambda factor: min(1.0, 1 / factor)}),
    Slip("clips-upside-down", {"bound": lambda factor: 1 / factor}, "And it is not held at 1."),
    Slip("clips-upside-down", {"bound": lambda factor: max(1.0, 1 / factor)}),
    Slip("clips-the-short", {"bound": lambda factor: max(1.0, factor)}),
    Slip("norm-of-largest", {"norm": lambda grads: max(g.norm().item() for g in grads)}),
    Slip("norm-of-absolutes", {"norm": lambda grads: sum(g.abs().sum().item() for g in grads)}),
    Slip(
        "norm-of-absolutes",
        {"norm": lambda grads: math.sqrt(sum(g.abs().sum().item() for g in grads))},
    ),
    Slip("norm-not-rooted", {"norm": lambda grads: sum(g.square().sum().item() for g in grads)}),
    Slip("norms-added", {"norm": lambda grads: sum(g.norm().item() for g in grads)}),
]


# A memory under gates that change


def _summed(product: Tensor) -> Tensor:
    return product.sum(-1, keepdim=True).expand_as(product)


def memory_step(
    keep=lambda f: f,
    memory=lambda f, c: f * c,
    written=lambda f, i, g: i * g,
    roles=lambda f, i: (f, i),
    store=lambda c: c,
) -> Callable:
    """f ⊙ c + i ⊙ g, with its parts exchangeable."""

    def step(f: Tensor, i: Tensor, g: Tensor, c: Tensor) -> Tensor:
        f, i = roles(f, i)
        return store(memory(keep(f), c) + written(f, i, g))

    return step


MEMORY_STEP = [
    Slip("f-means-forget", {"keep": lambda f: 1 - f}),
    Slip("lstm-gates-swapped", {"roles": lambda f, i: (i, f)}),
    Slip("lstm-forget-gates-candidate", {"roles": lambda f, i: (f, f)}),
    Slip("lstm-input-gates-memory", {"roles": lambda f, i: (i, i)}),
    Slip("writes-what-is-not-kept", {"written": lambda f, i, g: (1 - f) * g}),
    Slip("memory-keeps-what-is-not-written", {"roles": lambda f, i: (1 - i, i)}),
    Slip("lstm-forget-gates-all", {"written": lambda f, i, g: f * i * g}),
    Slip("lstm-adds-candidate", {"written": lambda f, i, g: i + g}),
    Slip("lstm-candidate-ungated", {"written": lambda f, i, g: g}),
    Slip("lstm-memory-ungated", {"memory": lambda f, c: c}),
    Slip("lstm-memory-dropped", {"memory": lambda f, c: torch.zeros_like(c)}),
    Slip("lstm-nothing-written", {"written": lambda f, i, g: torch.zeros_like(g)}),
    Slip("gate-adds", {"memory": lambda f, c: f + c}, "It is the forget gate that is added."),
    Slip("gate-summed", {"store": _summed}),
    Slip("lstm-stores-tanh-c", {"store": torch.tanh}),
    Slip("candidate-sigmoid", {"written": lambda f, i, g: i * torch.sigmoid(g)}),
    Slip("candidate-squashed-again", {"written": lambda f, i, g: i * torch.tanh(g)}),
    *[
        Slip(
            "lstm-squashed-again",
            {
                "memory": lambda f, c: torch.sigmoid(f) * c,
                "written": lambda f, i, g, squash=squash: torch.sigmoid(i) * squash(g),
            },
        )
        for squash in (torch.tanh, lambda g: g)
    ],
]


def what_is_left(
    keep=lambda fs: fs, steps=lambda fs, t: fs[t:], combine=lambda fs: fs.prod(0), whole=None
) -> Callable:
    """What is left of the memory after step t, with the parts of it exchangeable."""
    return whole or (lambda fs, t: combine(steps(keep(fs), t)))


_BY_HAND = "With the gates 0.5 and 0.8, 0.8 is left of what was there after step 1."

LEFT = [
    Slip("f-means-forget", {"keep": lambda fs: 1 - fs}),
    Slip("one-step-too-many", {"steps": lambda fs, t: fs[max(t - 1, 0) :]}, _BY_HAND),
    Slip("one-step-too-many", {"steps": lambda fs, t: fs[t - 1 :]}, _BY_HAND),
    Slip("one-step-too-many", {"steps": lambda fs, t: fs[list(range(t - 1, len(fs)))]}, _BY_HAND),
    Slip("one-step-too-few", {"steps": lambda fs, t: fs[t + 1 :]}, "It is the first."),
    Slip("one-step-too-few", {"steps": lambda fs, t: fs[t:-1]}, "It is the last."),
    Slip("steps-before-counted", {"steps": lambda fs, t: fs[:t]}),
    Slip("steps-before-counted", {"steps": lambda fs, t: fs[: t + 1]}),
    Slip("start-ignored", {"steps": lambda fs, t: fs}),
    Slip("one-gate-for-all-steps", {"whole": lambda fs, t: fs[t] ** (len(fs) - t)}),
    Slip("one-gate-for-all-steps", {"whole": lambda fs, t: fs[-1] ** (len(fs) - t)}),
    Slip("steps-add-up", {"combine": lambda fs: fs.sum(0)}),
    Slip("mean-for-product", {"combine": lambda fs: fs.mean(0) ** len(fs)}),
    Slip("mean-for-product", {"combine": lambda fs: fs.mean(0)}, "No power is taken."),
    Slip(
        "mean-for-product",
        {"whole": lambda fs, t: fs.mean(0) ** (len(fs) - t)},
        "It is the mean over all steps.",
    ),
]


def bias_for(
    gate=lambda fraction, T: fraction ** (1 / T), undo=lambda f: math.log(f / (1 - f))
) -> Callable:
    """The bias that leaves a fraction, with the parts of it exchangeable."""
    return lambda fraction, T: undo(gate(fraction, T))


BIAS_FOR = [
    Slip("gate-for-bias", {"undo": lambda f: f}),
    Slip("log-for-logit", {"undo": math.log}),
    Slip("odds-upside-down", {"undo": lambda f: math.log((1 - f) / f)}),
    Slip("log-base-ten", {"undo": lambda f: math.log10(f / (1 - f))}),
    Slip("power-for-root", {"gate": lambda p, T: p**T}),
    Slip(
        "f-means-forget",
        {"gate": lambda p, T: (1 - p) ** (1 / T)},
        "The fraction is taken for what is lost.",
    ),
    Slip(
        "f-means-forget",
        {"gate": lambda p, T: 1 - (1 - p) ** (1 / T)},
        "What is lost is taken to be f to the power T.",
    ),
    Slip("one-step-only", {"gate": lambda p, T: p}),
    Slip("loss-spread-evenly", {"gate": lambda p, T: 1 - (1 - p) / T}),
    Slip("root-without-brackets", {"gate": lambda p, T: p / T}),
]

"""Wrong variants of what one counts in a trial: targets, baselines, and what successes say."""

import math
from collections.abc import Callable

import torch
from torch import Tensor

from gates.checks.slips.core import Slip, wholes


def adding_targets(
    combine=lambda numbers, marks: numbers * marks, over=lambda values: values.sum(0), whole=None
) -> Callable:
    """The sum of the marked numbers, with its parts exchangeable."""
    return whole or (lambda xs: over(combine(xs[..., 0], xs[..., 1])))


def _product(xs: Tensor) -> Tensor:
    return torch.where(xs[..., 1] == 1, xs[..., 0], 1).prod(0)


def _last_marked(xs: Tensor) -> Tensor:
    backward = xs.flip(0)
    return backward[..., 0].gather(0, backward[..., 1].argmax(0)[None])[0]


ADDING_TARGETS = [
    Slip("marks-ignored", {"combine": lambda numbers, marks: numbers}),
    Slip("marks-added", {"combine": lambda numbers, marks: numbers + marks}),
    Slip("marks-counted", {"combine": lambda numbers, marks: marks}),
    Slip("unmarked-taken", {"combine": lambda numbers, marks: numbers * (1 - marks)}),
    Slip("adds-over-samples", {"over": lambda values: values.sum(1)}),
    Slip("mean-for-sum", {"over": lambda values: values.mean(0)}, "It is that over all steps."),
    Slip("mean-for-sum", {"over": lambda values: values.sum(0) / 2}, "It is that of the two."),
    Slip("adds-everything", {"over": lambda values: values.sum()}),
    Slip(
        "adds-everything",
        {"over": lambda values: values.sum().expand(values.shape[1])},
        "Each sample gets it.",
    ),
    *wholes("product-for-sum", _product),
    *wholes("one-number-only", lambda xs: (xs[..., 0] * xs[..., 1]).max(0).values),
    *wholes(
        "one-number-only",
        lambda xs: xs[..., 0].gather(0, xs[..., 1].argmax(0)[None])[0],
        detail="It is the first.",
    ),
    *wholes("one-number-only", _last_marked, detail="It is the last."),
]


def memoryless_loss(
    one=math.log,
    due=lambda length, symbols: symbols,
    steps=lambda length, symbols: length + 2 * symbols,
    whole=None,
) -> Callable:
    """The loss without memory, with its parts exchangeable."""
    return whole or (
        lambda length, symbols, kinds: one(kinds) * due(length, symbols) / steps(length, symbols)
    )


MEMORYLESS = [
    Slip("only-due-steps", {"steps": lambda length, symbols: symbols}),
    Slip(
        "only-due-steps",
        {"steps": lambda length, symbols: 2 * symbols},
        "Those at which symbols are shown are among them.",
    ),
    Slip("sum-for-mean", {"steps": lambda length, symbols: 1}),
    Slip("length-for-steps", {"steps": lambda length, symbols: length}),
    Slip("length-for-steps", {"steps": lambda length, symbols: length + symbols}),
    Slip(
        "length-for-steps",
        {"steps": lambda length, symbols: length + 2 * symbols + 1},
        "It is one step more.",
    ),
    Slip("one-symbol-only", {"due": lambda length, symbols: 1}),
    Slip("shown-symbols-counted", {"due": lambda length, symbols: 2 * symbols}),
    *wholes("every-step-guessed", lambda length, symbols, kinds: math.log(kinds + 1)),
    Slip("blank-among-kinds", {"one": lambda kinds: math.log(kinds + 1)}),
    Slip("log-of-another-base", {"one": math.log2}),
    Slip("log-of-another-base", {"one": math.log10}),
    Slip("chance-for-loss", {"one": lambda kinds: 1 / kinds}),
    Slip("chance-for-loss", {"one": lambda kinds: 1 - 1 / kinds}),
    Slip("loss-times-chance", {"one": lambda kinds: math.log(kinds) / kinds}),
    *wholes(
        "division-without-brackets",
        lambda length, symbols, kinds: symbols * math.log(kinds) / length + 2 * symbols,
        lambda length, symbols, kinds: symbols * math.log(kinds) / symbols + length + symbols,
    ),
    *wholes(
        "symbols-for-kinds",
        lambda length, symbols, kinds: symbols * math.log(symbols) / (length + 2 * symbols),
    ),
    Slip("log-without-minus", {"one": lambda kinds: -math.log(kinds)}),
]


def least_share(whole=None) -> Callable:
    """The share that makes n successes in a row as unlikely as that."""
    return whole or (lambda n, chance: chance ** (1 / n))


LEAST_SHARE = [
    *wholes("power-for-nth-root", lambda n, chance: chance**n),
    *wholes("certainty-for-chance", lambda n, chance: (1 - chance) ** (1 / n)),
    *wholes(
        "certainty-for-chance",
        lambda n, chance: (1 - chance) ** n,
        detail="And it is raised to the power n, where it needs the n-th root.",
    ),
    *wholes("certainty-for-chance", lambda n, chance: 1 - chance, detail="And no root is taken."),
    *wholes("misses-for-successes", lambda n, chance: 1 - chance ** (1 / n)),
    *wholes("chance-shared-out", lambda n, chance: chance / n),
    *wholes("chance-shared-out", lambda n, chance: 1 - chance / n, detail="It is taken from 1."),
    *wholes("chance-shared-out", lambda n, chance: 1 - n * chance),
    *wholes("observed-share", lambda n, chance: 1.0, lambda n, chance: 1),
    *wholes("rule-of-three", lambda n, chance: 1 - 3 / n),
    *wholes("rule-of-three", lambda n, chance: 1 + math.log(chance) / n),
    *wholes("log-for-root", lambda n, chance: math.log(chance) / n),
    *wholes("log-for-root", lambda n, chance: -math.log(chance) / n),
]

"""How long gates make a memory last."""

import math
from collections.abc import Callable

import torch

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.probing import random_numbers
from gates.exercises.common.slips import same, slip
from gates.probes import memory_horizon


def probes() -> Probes:
    randn = random_numbers(73)
    return [(torch.sigmoid(2 + 2 * randn(T, B, H)),) for T, B, H in ((6, 4, 3), (5, 2, 4))]


def variant(
    mean=lambda values: values.mean((0, 1)),
    keep=same,
    log=torch.log,
    of=lambda mean_log: -1 / mean_log,
    whole=None,
) -> Callable:
    """−1 / log f̄, with its parts exchangeable."""
    return whole or (lambda f: of(mean(log(keep(f)))))


EXERCISE = coding(
    memory_horizon,
    asks="how long gates make a memory last",
    probes=probes,
    outputs=("the horizons",),
    variant=variant,
    shapes="f is (T, B, H), and each unit has one horizon, so (H,) comes back.",
    slips=[
        slip(
            "log-of-the-mean",
            "The mean is taken first and the logarithm after it.",
            "What gates leave is a product, and the mean that belongs to a product is that of the logarithms.",
            mean=lambda logs: logs.exp().mean((0, 1)).log(),
        ),
        slip("log-of-the-mean", mean=lambda logs: logs.exp().mean(0).log().mean(0)),
        slip("log-of-the-mean", mean=lambda logs: logs.exp().mean(1).log().mean(0)),
        slip(
            "one-over-what-is-lost",
            "1 / (1 − f) comes back, which is near the horizon only for gates near 1.",
            "Solve f̄ᵏ = 1/e for k exactly: k = −1 / log f̄.",
            of=lambda mean_log: 1 / (1 - mean_log.exp()),
        ),
        slip(
            "mean-of-horizons",
            "Each gate is turned into a horizon, and the horizons are averaged.",
            "A single gate near 1 has a huge horizon and would decide everything. Average the logarithms, and turn the mean into a horizon.",
            whole=lambda f: (-1 / f.log()).mean((0, 1)),
        ),
        slip("mean-of-horizons", whole=lambda f: (-1 / f.log().mean(0)).mean(0)),
        slip("mean-of-horizons", whole=lambda f: (-1 / f.log().mean(1)).mean(0)),
        slip("one-over-what-is-lost", whole=lambda f: 1 / (1 - f.mean((0, 1)))),
        slip("one-over-what-is-lost", whole=lambda f: (1 / (1 - f)).mean((0, 1))),
        slip(
            "product-of-samples",
            "The logarithms are added over the steps, so the number depends on how long the sequences are.",
            "Take their mean over steps and samples.",
            whole=lambda f: -1 / f.prod(0).log().mean(0),
        ),
        slip(
            "one-number-for-all-units",
            "All units get the same number.",
            "Average over steps and samples, the dimensions 0 and 1, and keep the units apart.",
            mean=lambda values: values.mean().expand(values.shape[2]),
        ),
        slip("one-number-for-all-units", mean=lambda values: values.mean()),
        slip(
            "mean-over-units",
            "The mean is taken over the wrong dimensions.",
            "f is (T, B, H): average over the dimensions 0 and 1, and (H,) is left.",
            mean=lambda values: values.mean((1, 2)),
        ),
        slip("mean-over-units", mean=lambda values: values.mean((0, 2))),
        slip("sum-for-mean", mean=lambda values: values.sum((0, 1))),
        slip("log-of-another-base", log=torch.log10),
        slip("f-means-forget", keep=lambda f: 1 - f),
        slip(
            "horizon-without-minus",
            "The number is negative.",
            "The logarithm of a fraction is negative, hence the minus in −1 / log f̄.",
            of=lambda mean_log: 1 / mean_log,
        ),
        slip(
            "horizon-not-inverted",
            "What is lost per step comes back, not how many steps it takes.",
            "−log f̄ is the rate. The horizon is 1 over it.",
            of=lambda mean_log: -mean_log,
        ),
        slip("horizon-not-inverted", of=same, detail="And the minus is missing."),
        slip(
            "half-life-for-horizon",
            "That is the number of steps to a half.",
            "Asked for are the steps to 1/e, about 0.37: the logarithm of 1/e is −1.",
            of=lambda mean_log: -math.log(2) / mean_log,
        ),
        slip(
            "mean-gate-for-horizon",
            "The mean gate f̄ comes back.",
            "From the mean of the logarithms, log f̄, the horizon is −1 / log f̄.",
            of=torch.exp,
        ),
    ],
)

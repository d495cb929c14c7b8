"""A forecast beside the last value."""

from collections.abc import Callable

import numpy as np
from numpy import ndarray as Array

from gates.exercises.common.coding import Probes, coding
from gates.exercises.lesson11.skill.slips import SLIPS


def skill(predictions: np.ndarray, series: np.ndarray) -> float:
    """How much smaller a forecast's mean absolute error is than that of repeating the last value.

    series: (N,). predictions: of series[1:], each made from the values before it, (N - 1,).
    Returns 1 for a perfect forecast, 0 for one as good as repeating the last value, less for a
    worse one.
    """
    error = np.abs(predictions - series[1:]).mean()
    return float(1 - error / np.abs(series[:-1] - series[1:]).mean())


def _series() -> Probes:
    generator = np.random.default_rng(0)
    return [(np.cumsum(generator.normal(0.2, 1, n)) + 3, k) for n, k in ((30, 20), (17, 9))]


def probes() -> Probes:
    generator = np.random.default_rng(2)
    found = []
    for n in (12, 7):
        series = np.cumsum(generator.normal(size=n)) + 1
        found.append((series[1:] + 0.5 * generator.normal(size=n - 1), series))
    return [*found, (found[0][0] + 3 * generator.normal(size=11), found[0][1])]


def variant(
    baseline=lambda series: series[:-1],
    size=np.abs,
    score=lambda error, base: 1 - error / base,
    compared=lambda series: series[1:],
    base=None,
) -> Callable:
    """The skill of a forecast, with the parts of it exchangeable; `base` gives the baseline's errors themselves."""

    def run(predictions: Array, series: Array) -> float:
        missed = base(series) if base else baseline(series) - series[1:]
        errors = size(predictions - compared(series)).mean(), size(missed).mean()
        return float(score(*errors))

    return run


EXERCISE = coding(
    skill,
    asks="a forecast beside the last value",
    probes=probes,
    outputs=("the skill",),
    variant=variant,
    reads=lambda skill, arguments: float(skill),
    slips=SLIPS,
)

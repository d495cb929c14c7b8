"""How many values lie within their interval, for each horizon."""

from collections.abc import Callable

import numpy as np
from numpy import ndarray as Array

from gates.exercises.common.coding import Probes, coding
from gates.exercises.lesson16.coverage.slips import SLIPS
from gates.series.scores import coverage


def probes() -> Probes:
    """Intervals that are too narrow for far horizons; some values lie on an end, some below, more above."""
    generator, found = np.random.default_rng(163), []
    for O, h in ((23, 4), (17, 3)):
        actual = np.round(generator.normal(0.3, 1.0, (O, h)) * (1 + 0.4 * np.arange(h)), 1)
        low, high = (np.round(end + 0.1 * generator.normal(size=(O, h)), 1) for end in (-1.0, 1.2))
        low[0], high[0] = actual[0], actual[0] + 1
        low[1], high[1] = actual[1] - 1, actual[1]
        found.append((low, high, actual))
    return found


def _small() -> Probes:
    one = np.array([[0.5]])
    return [
        (one - 1, one, one),
        (np.zeros((3, 1)), np.ones((3, 1)), np.array([[0.2], [1.4], [1.0]])),
    ]


def variant(
    within=lambda low, high, actual: (low <= actual) & (actual <= high),
    share=lambda inside: inside.mean(axis=0),
    give=lambda found: found,
    whole=None,
) -> Callable:
    """The share of values within their interval, with the parts of it exchangeable."""

    def run(low: Array, high: Array, actual: Array) -> Array:
        return give(share(within(low, high, actual)))

    return whole or run


EXERCISE = coding(
    coverage,
    asks="the share of values within their interval, for each horizon",
    probes=probes,
    small=_small,
    outputs=("the coverage",),
    variant=variant,
    shapes="low, high and actual are (O, h), and a share for each horizon comes back, (h,).",
    returns="It should return a share for each horizon, (h,).",
    slips=SLIPS,
)

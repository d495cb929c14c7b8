"""How many values lie within their interval, for each horizon."""

from collections.abc import Callable

import numpy as np
from numpy import ndarray as Array

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.seen import error
from gates.exercises.lesson16.coverage.slips import SLIPS
from gates.series.scores import coverage


def _eighths(values: Array) -> Array:
    return np.round(8 * values) / 8


def probes() -> Probes:
    """Intervals that are too narrow for far horizons; some values lie on an end, some close outside, some below, more above.

    All numbers are exact in binary, so whoever computes with the ends meets no rounding there.
    """
    generator, found = np.random.default_rng(163), []
    for O, h in ((23, 4), (17, 3)):
        actual = _eighths(generator.normal(0.3, 1.0, (O, h)) * (1 + 0.4 * np.arange(h)))
        low, high = (_eighths(end + 0.1 * generator.normal(size=(O, h))) for end in (-1.0, 1.2))
        low[0], high[0] = actual[0], actual[0] + 1
        low[1], high[1] = actual[1] - 1, actual[1]
        low[2], high[2] = actual[2] + 2**-10, actual[2] + 1
        low[3], high[3] = actual[3] - 1, actual[3] - 2**-10
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
    errors=(
        error(
            "truth value of an array",
            "comparison-chained",
            "low <= actual <= high asks whether a whole array is true, which it can only be value by value.",
            "Compare twice, and join the two with &: (low <= actual) & (actual <= high). In place of `and`, `or` and `not`, arrays have &, | and ~.",
        ),
        error(
            "bitwise_and|unsupported operand type.*&",
            "comparisons-without-parentheses",
            "& is computed before <=, so it joins two arrays of values and not two comparisons.",
            "Each comparison needs its parentheses: (low <= actual) & (actual <= high).",
        ),
    ),
    shapes="low, high and actual are (O, h), and a share for each horizon comes back, (h,).",
    returns="It should return a share for each horizon, (h,).",
    slips=SLIPS,
)

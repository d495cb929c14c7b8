"""Intervals over seeds."""

from collections.abc import Sequence

import numpy as np
from scipy import stats


def interval(values: Sequence[float], level: float = 0.95) -> tuple[float, float, float]:
    """The mean over seeds and its t-interval: (mean, low, high).

    values: one number for each seed, at least two; fewer raise ValueError. level: the coverage of the interval.
    """
    values = np.asarray(values, dtype=float)
    if values.size < 2:
        raise ValueError(f"An interval needs at least two seeds; there is {values.size}.")
    mean, error = values.mean(), stats.sem(values)
    half = stats.t.ppf((1 + level) / 2, values.size - 1) * error
    return float(mean), float(mean - half), float(mean + half)

"""Intervals and paired comparisons over seeds."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import scipy  # its parts are loaded when they are first used

Interval = tuple[float, float, float]


def _numbers(values: Sequence[float]) -> np.ndarray:
    values = np.asarray(values, dtype=float)
    if values.size < 2:
        raise ValueError(f"An interval needs at least two seeds; there is {values.size}.")
    return values


def interval(values: Sequence[float], level: float = 0.95) -> Interval:
    """The mean over seeds and its t-interval: (mean, low, high).

    values: one number for each seed, at least two; fewer raise ValueError. level: the coverage of the interval.
    """
    values = _numbers(values)
    mean, error = values.mean(), scipy.stats.sem(values)
    half = scipy.stats.t.ppf((1 + level) / 2, values.size - 1) * error
    return float(mean), float(mean - half), float(mean + half)


def bootstrap(
    values: Sequence[float],
    level: float = 0.95,
    of: Callable = np.mean,
    draws: int = 9999,
    seed: int = 0,
) -> Interval:
    """A statistic over seeds and its bootstrap interval (BCa), which takes no shape for granted: (value, low, high).

    It is too narrow where there are few values: below about twenty seeds use `interval`, unless the statistic is not a
    mean. values: one number for each seed, at least two. of: the statistic, taking `axis`; the mean, or np.median, say.
    """
    values = _numbers(values)
    found = float(of(values))
    if np.ptp(values) == 0:
        return found, found, found
    generator = np.random.default_rng(seed)
    drawn = scipy.stats.bootstrap(
        (values,), of, confidence_level=level, n_resamples=draws, rng=generator, method="BCa"
    )
    return found, float(drawn.confidence_interval.low), float(drawn.confidence_interval.high)


def paired(one: Sequence[float], other: Sequence[float], level: float = 0.95) -> Interval:
    """The mean of one minus other over seeds, and its t-interval: (mean, low, high).

    one, other: a number for each seed, in the same order; the same seed has to mean the same data or start. At least
    two seeds. A t-interval keeps its promise with five seeds, which a bootstrap does not.
    """
    one, other = _numbers(one), _numbers(other)
    if one.shape != other.shape:
        raise ValueError(
            f"A paired comparison needs equal seeds; there are {one.size} and {other.size}."
        )
    return interval(one - other, level)


def share(successes: int, n: int, level: float = 0.95) -> Interval:
    """The share of successes and its interval by Clopper and Pearson: (share, low, high).

    successes: how many of n independent tries succeeded. The interval holds what it promises also for few tries, and
    is rather too wide than too narrow.
    """
    if not 0 <= successes <= n or n < 1:
        raise ValueError(f"There cannot be {successes} successes in {n} tries.")
    found = scipy.stats.binomtest(int(successes), int(n)).proportion_ci(level)
    return successes / n, float(found.low), float(found.high)


def verdict(of: Interval, unit: float = 0.0) -> str:
    """ "more", "less" or "undecided": where an interval lies with respect to `unit`."""
    _, low, high = of
    return "more" if low > unit else "less" if high < unit else "undecided"


def at_the_end(table: pd.DataFrame, metric: str) -> pd.DataFrame:
    """The last value of a metric for each task, cell and seed of a tidy table; seeds come in their order.

    A last value that is no number stays so.
    """
    rows = table[table["metric"] == metric].sort_values(
        ["seed", "step"], kind="stable", ignore_index=True
    )
    groups = rows.groupby(["task", "cell", "seed"], sort=False)
    last = groups.tail(1)  # .last() would skip NaN
    in_order = last.iloc[groups.ngroup()[last.index].argsort(kind="stable")]
    return in_order[["task", "cell", "seed", "step", "value"]].reset_index(drop=True)

"""Wrong variants of scaling, windowing and scoring a series."""

from collections.abc import Callable, Iterable

import numpy as np
from numpy import ndarray as Array

from gates.checks.slips.core import Slip, wholes


def scaled(
    seen=lambda train, test: train,
    of_test=None,
    deviation=lambda seen: seen.std(),
    center=lambda seen: seen.mean(),
    whole=None,
) -> Callable:
    """Both parts of a series, scaled, with the parts of it exchangeable."""

    def run(series: Array, n: int) -> tuple[Array, Array]:
        train, test = series[:n], series[n:]
        known = seen(train, test)
        for_test = of_test(train, test) if of_test else known
        return (
            (train - center(known)) / deviation(known),
            (test - center(for_test)) / deviation(for_test),
        )

    return whole or run


def _two_scales(series: Array, n: int) -> tuple[Array, Array]:
    train, test = series[:n], series[n:]
    return (train - train.mean()) / series.std(), (test - train.mean()) / series.std()


def _two_means(series: Array, n: int) -> tuple[Array, Array]:
    train, test = series[:n], series[n:]
    return (train - series.mean()) / train.std(), (test - series.mean()) / train.std()


def _test_left(series: Array, n: int) -> tuple[Array, Array]:
    train, test = series[:n], series[n:]
    return (train - train.mean()) / train.std(), test


SCALED = [
    *wholes("scaler-sees-test", _two_scales, detail="It is the standard deviation."),
    *wholes("scaler-sees-test", _two_means, detail="It is the mean."),
    *wholes("test-not-scaled", _test_left),
    Slip("scaler-sees-test", {"seen": lambda train, test: np.concatenate([train, test])}),
    Slip(
        "scaler-sees-test",
        {
            "seen": lambda train, test: np.concatenate([train, test]),
            "deviation": lambda seen: seen.std(ddof=1),
        },
    ),
    Slip("scaler-sees-test", {"seen": lambda train, test: test}, "It is taken from the test data."),
    Slip("scaled-separately", {"of_test": lambda train, test: test}),
    Slip(
        "scaled-separately",
        {"of_test": lambda train, test: test, "deviation": lambda seen: seen.std(ddof=1)},
    ),
    Slip("variance-for-deviation", {"deviation": lambda seen: seen.var()}),
    Slip("variance-for-deviation", {"deviation": lambda seen: seen.var(ddof=1)}),
    Slip(
        "minimum-and-range",
        {"center": lambda seen: seen.min(), "deviation": lambda seen: seen.max() - seen.min()},
    ),
    Slip(
        "minimum-and-range",
        {"center": lambda seen: seen.mean(), "deviation": lambda seen: seen.max() - seen.min()},
        "The mean is subtracted and the range divided by.",
    ),
]


def windows(count=lambda N, T: N - T, stride=lambda T: 1, ahead=0, whole=None) -> Callable:
    """Windows and their targets, with the parts of it exchangeable; `ahead` moves the target."""

    def run(series: Array, T: int) -> tuple[Array, Array]:
        starts = range(0, count(len(series), T), stride(T))
        xs = np.stack([series[t : t + T] for t in starts])
        return xs, np.array([series[t + T + ahead] for t in starts])

    return whole or run


def _one_target_short(series: Array, T: int) -> tuple[Array, Array]:
    xs, targets = windows()(series, T)
    return xs, targets[1:]


def _rows(series: Array, starts: Iterable[int], T: int) -> Array:
    return np.stack([series[t : t + T] for t in starts])


def _wrapped(series: Array, T: int) -> Array:
    """As many windows as values, the last of which go on at the start."""
    return np.stack([np.roll(series, -t) for t in range(T)], axis=1)


def _shifted(series: Array, T: int) -> tuple[Array, Array]:
    xs = np.stack([series[t + 1 : t + T + 1] for t in range(len(series) - T)])
    return xs, series[T:]


WINDOWS = [
    *wholes("target-not-shifted", _shifted),
    Slip("target-not-shifted", {"ahead": -1}),
    Slip("target-not-shifted", {"ahead": -1, "count": lambda N, T: N - T + 1}),
    Slip("target-too-far", {"ahead": 1, "count": lambda N, T: N - T - 1}),
    Slip("target-too-far", {"whole": _one_target_short}, "The last window has none."),
    *wholes(
        "target-before-window",
        lambda s, T: (_rows(s, range(1, len(s) - T + 1), T), s[: len(s) - T]),
    ),
    *wholes(
        "target-before-window",
        lambda s, T: (_rows(s, range(1, len(s) - T), T), s[: len(s) - T - 1]),
    ),
    *wholes(
        "target-before-window",
        lambda s, T: (_rows(s, range(len(s) - T), T), np.roll(s, 1)[: len(s) - T]),
        detail="The first one's is the last value of the series.",
    ),
    *wholes(
        "series-wrapped",
        lambda s, T: (_rows(s, range(len(s) - T + 1), T), np.roll(s, -T)[: len(s) - T + 1]),
        detail="It is the last target.",
    ),
    *wholes(
        "series-wrapped",
        lambda s, T: (_wrapped(s, T), np.roll(s, -T)),
        detail="It is the last windows and targets.",
    ),
    *wholes(
        "series-wrapped",
        lambda s, T: (_rows(s, range(len(s) - T), T), np.roll(s, -T)),
        detail="There are more targets than windows.",
    ),
    *wholes("windows-reversed", lambda s, T: (_rows(s, range(len(s) - T), T)[:, ::-1], s[T:])),
    *wholes(
        "windows-reversed",
        lambda s, T: (_rows(s, range(len(s) - T), T)[::-1], s[T:]),
        detail="It is their order; the targets come in theirs.",
    ),
    Slip("windows-apart", {"stride": lambda T: T}),
    Slip("last-window-missing", {"count": lambda N, T: N - T - 1}),
]


def skill(
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


SKILL = [
    Slip("baseline-is-mean", {"baseline": lambda series: series.mean()}),
    Slip("baseline-is-mean", {"baseline": lambda series: series[1:].mean()}),
    Slip(
        "baseline-shifted",
        {"base": lambda s: s[2:] - s[:-2]},
        "It is the value before the last one.",
    ),
    Slip(
        "baseline-shifted",
        {"base": lambda s: s - np.roll(s, 1)},
        "np.roll compares the first value with the last one of the series.",
    ),
    Slip(
        "baseline-shifted",
        {"base": lambda s: s[1:] - np.roll(s, -1)[1:]},
        "It is the value after, and for the last one np.roll takes the first.",
    ),
    Slip(
        "baseline-shifted",
        {"base": lambda s: s[2:] - s[1:-1]},
        "The first forecast is left out of it.",
    ),
    Slip(
        "baseline-shifted",
        {"base": lambda s: s[1:-1] - s[:-2]},
        "The last forecast is left out of it.",
    ),
    Slip("echo-looks-perfect", {"compared": lambda series: series[:-1]}),
    Slip("baseline-missing", {"score": lambda error, base: 1 - error}),
    Slip("baseline-missing", {"score": lambda error, base: error}, "It is the error itself."),
    Slip("skill-upside-down", {"score": lambda error, base: 1 - base / error}),
    Slip("skill-upside-down", {"score": lambda error, base: base / error}),
    Slip(
        "skill-upside-down",
        {"score": lambda error, base: error / base - 1},
        "So the sign is wrong.",
    ),
    Slip("ratio-for-skill", {"score": lambda error, base: error / base}),
    Slip("skill-cut-at-zero", {"score": lambda error, base: max(0.0, 1 - error / base)}),
    Slip("skill-as-difference", {"score": lambda error, base: base - error}),
    Slip(
        "skill-as-difference", {"score": lambda error, base: error - base}, "And its sign is wrong."
    ),
    Slip("squares-for-absolutes", {"size": np.square}),
    Slip(
        "squares-for-absolutes",
        {"size": lambda d: np.sqrt(np.square(d).mean())},
        "The roots are taken, too.",
    ),
]

"""A series without its scale."""

from collections.abc import Callable

import numpy as np
from numpy import ndarray as Array

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.slips import slip


def scaled(series: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray]:
    """A series with its scale taken out: the first n values, to train on, and the rest, to test on.

    series: (N,). Returns (train, test), both scaled with the same two numbers: what was
    subtracted and divided by, a mean and a standard deviation, could be known when only the
    training part had been seen.
    """
    train, test = series[:n], series[n:]
    mean, deviation = train.mean(), train.std()
    return (train - mean) / deviation, (test - mean) / deviation


def probes() -> Probes:
    generator = np.random.default_rng(0)
    return [(np.cumsum(generator.normal(0.2, 1, n)) + 3, k) for n, k in ((30, 20), (17, 9))]


def variant(
    of=lambda train, test: train,
    of_test=None,
    deviation=lambda seen: seen.std(),
    center=lambda seen: seen.mean(),
    whole=None,
) -> Callable:
    """Both parts of a series, scaled, with the parts of it exchangeable."""

    def run(series: Array, n: int) -> tuple[Array, Array]:
        train, test = series[:n], series[n:]
        known = of(train, test)
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


def _scaled_as_sample(values: np.ndarray, n: int) -> tuple:
    """With the deviation of a sample, as pandas and torch compute it."""
    train, test = values[:n], values[n:]
    mean, deviation = train.mean(), train.std(ddof=1)
    return (train - mean) / deviation, (test - mean) / deviation


EXERCISE = coding(
    scaled,
    asks="a series without its scale",
    accepts=(_scaled_as_sample,),
    probes=probes,
    outputs=("train", "test"),
    variant=variant,
    slips=[
        slip(
            "scaler-sees-test",
            "The scale is taken from the whole series, so the training data know something of the test.",
            "Take mean and standard deviation from the first n values only, and use them for both parts.",
            whole=_two_scales,
            detail="It is the standard deviation.",
            seen=("huseinzol05/Stock-Prediction-Models#126",),
        ),
        slip("scaler-sees-test", whole=_two_means, detail="It is the mean."),
        slip(
            "test-not-scaled",
            "The test part is left as it was.",
            "The network has learned on scaled values, so the test part needs the same scale: mean and deviation of the training part.",
            whole=_test_left,
        ),
        slip("scaler-sees-test", of=lambda train, test: np.concatenate([train, test])),
        slip(
            "scaler-sees-test",
            of=lambda train, test: np.concatenate([train, test]),
            deviation=lambda seen: seen.std(ddof=1),
        ),
        slip(
            "scaler-sees-test",
            of=lambda train, test: test,
            detail="It is taken from the test data.",
        ),
        slip(
            "scaled-separately",
            "Each part is scaled by its own numbers, so the same value means something else in the test.",
            "Take mean and standard deviation from the first n values, and use them for both parts.",
            of_test=lambda train, test: test,
        ),
        slip(
            "scaled-separately",
            of_test=lambda train, test: test,
            deviation=lambda seen: seen.std(ddof=1),
        ),
        slip(
            "variance-for-deviation",
            "The series is divided by its variance, where the standard deviation belongs.",
            "Divide by the standard deviation, the square root of the variance.",
            deviation=lambda seen: seen.var(),
        ),
        slip("variance-for-deviation", deviation=lambda seen: seen.var(ddof=1)),
        slip(
            "minimum-and-range",
            "The series is scaled by its minimum and range.",
            "That is a scaling, too, but here mean and standard deviation are asked for.",
            center=lambda seen: seen.min(),
            deviation=lambda seen: seen.max() - seen.min(),
        ),
        slip(
            "minimum-and-range",
            center=lambda seen: seen.mean(),
            deviation=lambda seen: seen.max() - seen.min(),
            detail="The mean is subtracted and the range divided by.",
        ),
    ],
)

"""The mean absolute error, in units of what repeating a season missed in the past."""

from collections.abc import Callable

import numpy as np
from numpy import ndarray as Array

from gates.exercises.common.coding import Probes, coding
from gates.exercises.lesson16.mase.slips import SLIPS
from gates.series.scores import mase


def probes() -> Probes:
    generator, found = np.random.default_rng(164), []
    for O, h, n, m in ((6, 5, 25, 4), (9, 7, 19, 5), (5, 3, 14, 1)):
        actual = generator.normal(2.0, 1.5, (O, h))
        past = np.cumsum(generator.normal(0.3, 1.0, n)) + 3
        found.append((actual + generator.normal(0.4, 0.8, (O, h)), actual, past, m))
    return found


def _small() -> Probes:
    past = np.array([1.0, 3.0, 2.0, 5.0])
    return [
        (past[None, :1] + 1, past[None, :1], past, 1),
        (past[:2, None], past[2:, None], past, 3),
    ]


def repeated(past: Array, m: int) -> Array:
    """What repeating a season missed."""
    return past[m:] - past[:-m]


def variant(
    missed=lambda forecasts, actual: forecasts - actual,
    scale=lambda past, m, actual: repeated(past, m),
    size=np.abs,
    size_of_scale=np.abs,
    together=lambda values: values.mean(),
    score=lambda error, unit: error / unit,
    whole=None,
) -> Callable:
    """The mean absolute error in units of another one, with the parts of it exchangeable."""

    def run(forecasts: Array, actual: Array, past: Array, m: int) -> float:
        unit = size_of_scale(scale(past, m, actual)).mean()
        return score(together(size(missed(forecasts, actual))), unit)

    return whole or run


EXERCISE = coding(
    mase,
    asks="an error in units of what repeating a season missed",
    probes=probes,
    small=_small,
    outputs=("the MASE",),
    variant=variant,
    reads=lambda found, arguments: float(found),
    shapes="forecasts and actual are (O, h), past is (n,), and one number comes back.",
    slips=SLIPS,
)

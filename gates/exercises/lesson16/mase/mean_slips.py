"""Mistakes in which errors the MASE takes the mean of, and whether it is their mean."""

import numpy as np
from numpy import ndarray as Array

from gates.exercises.common.slips import slip


def _of_sum(missed: Array) -> Array:
    return np.abs(missed).sum()


SLIPS = [
    slip(
        "median-for-mean",
        "The median of the errors is taken.",
        "The M of MASE is the mean.",
        together=np.median,
    ),
    slip(
        "median-for-mean",
        size_of_scale=lambda missed: np.median(np.abs(missed)),
        detail="It is so in the scale.",
    ),
    slip(
        "errors-added-up",
        "The errors are added up.",
        "Take their mean, over origins and horizons.",
        together=lambda values: values.sum(),
    ),
    slip(
        "errors-added-up",
        together=lambda values: values.sum(axis=1).mean(),
        detail="It is so for each origin, before the mean.",
    ),
    slip(
        "errors-added-up",
        together=lambda values: values.sum(),
        size_of_scale=_of_sum,
        detail="So are those of the scale, of which there is another number.",
    ),
    slip("errors-added-up", size_of_scale=_of_sum, detail="It is so in the scale."),
    slip(
        "mase-of-each-horizon",
        "There is a value for each horizon.",
        "MASE is one number: take the mean over origins and horizons, without axis.",
        together=lambda values: values.mean(axis=0),
    ),
    slip(
        "far-horizon-only",
        "Only the farthest horizon enters.",
        "The mean is over all horizons.",
        missed=lambda forecasts, actual: (forecasts - actual)[:, -1],
    ),
    slip(
        "far-horizon-only",
        missed=lambda forecasts, actual: (forecasts - actual)[:, 0],
        detail="It is the nearest.",
    ),
]

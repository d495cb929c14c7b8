"""Mistakes in the MASE: in the scale, in the mean, and all others."""

import numpy as np
from numpy import ndarray as Array

from gates.exercises.common.slips import slip
from gates.exercises.lesson16.mase import mean_slips, scale_slips


def _root_of_squares(missed: Array) -> Array:
    return np.sqrt(np.square(missed).mean())


SLIPS = [
    *scale_slips.SLIPS,
    *mean_slips.SLIPS,
    slip(
        "percentage-error",
        "Each error is divided by its own value: that is the MAPE.",
        "Take the mean of the absolute errors first, and divide it once, by the scale of the past.",
        whole=lambda forecasts, actual, past, m: (
            np.abs(forecasts - actual) / np.abs(actual)
        ).mean(),
    ),
    slip(
        "signs-cancel",
        "Errors above and below cancel: the mean is taken before the absolute value, or without one.",
        "Take absolute values first, and then the mean: np.abs(forecasts − actual).mean().",
        size=lambda missed: np.abs(missed.mean()),
    ),
    slip("signs-cancel", size=lambda missed: missed),
    slip(
        "signs-cancel",
        size_of_scale=lambda missed: np.abs(missed.mean()),
        detail="It is so in the scale.",
    ),
    slip("signs-cancel", size_of_scale=lambda missed: missed, detail="It is so in the scale."),
    slip(
        "signs-cancel",
        size=lambda missed: np.abs(missed.mean()),
        size_of_scale=lambda missed: np.abs(missed.mean()),
        detail="It is so in the scale, too.",
    ),
    slip(
        "signs-cancel",
        size=lambda missed: missed,
        size_of_scale=lambda missed: missed,
        detail="It is so in the scale, too.",
    ),
    slip(
        "squared-error",
        "The error is squared.",
        "Take absolute values, of the errors and in the scale.",
        size=np.square,
    ),
    slip(
        "squared-error",
        size=_root_of_squares,
        detail="Its root is taken.",
    ),
    slip("squared-error", size_of_scale=np.square, detail="It is that of the scale."),
    slip(
        "squared-error",
        size_of_scale=_root_of_squares,
        detail="It is that of the scale, and its root is taken.",
    ),
    slip(
        "squared-error",
        size=np.square,
        size_of_scale=np.square,
        detail="It is so in the scale, too.",
    ),
    slip(
        "squared-error",
        size=_root_of_squares,
        size_of_scale=_root_of_squares,
        detail="It is so in the scale, too, and roots are taken: that is the RMSSE.",
    ),
    slip(
        "mase-in-percent",
        "The result is in percent.",
        "MASE is the ratio itself: 1 is as good as repeating was.",
        score=lambda error, unit: 100 * error / unit,
    ),
    slip(
        "scale-missing",
        "The error is in the units of the series.",
        "Divide it by what repeating a season missed in the past.",
        score=lambda error, unit: error,
    ),
    slip(
        "scale-over-error",
        "The fraction is upside down.",
        "MASE is the error over the scale: smaller is better, and 1 is as good as repeating was.",
        score=lambda error, unit: unit / error,
    ),
    slip(
        "skill-for-ratio",
        "This is a skill, 1 minus the MASE.",
        "MASE is the ratio itself: smaller is better, and 1 is as good as repeating was.",
        score=lambda error, unit: 1 - error / unit,
    ),
    slip(
        "error-less-scale",
        "The scale is subtracted, and not divided by.",
        "A difference has the units of the series: divide.",
        score=lambda error, unit: error - unit,
    ),
]

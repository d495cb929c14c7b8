"""Mistakes in the MASE."""

import numpy as np

from gates.exercises.common.slips import slip

SLIPS = [
    slip(
        "scale-of-last-value",
        "The scale is what repeating the last value missed, whatever the season is.",
        "Compare with the value a season before: past[m:] − past[:-m].",
        scale=lambda past, m, actual: past[1:] - past[:-1],
    ),
    slip(
        "scale-of-test",
        "The scale is taken from the values to test on.",
        "It comes from the past: the errors of repeating a season there, past[m:] − past[:-m].",
        scale=lambda past, m, actual: np.diff(actual, axis=0),
        detail="It is repeating the value before, from origin to origin.",
    ),
    slip(
        "scale-of-test",
        scale=lambda past, m, actual: actual - actual.mean(),
        detail="It is their distance from their mean.",
    ),
    slip(
        "deviation-for-scale",
        "The scale is how far the past lies from its mean.",
        "It is what repeating a season missed: past[m:] − past[:-m].",
        scale=lambda past, m, actual: past - past.mean(),
    ),
    slip(
        "deviation-for-scale",
        scale=lambda past, m, actual: np.full(1, past.std()),
        detail="It is the standard deviation.",
    ),
    slip(
        "level-for-scale",
        "The error is divided by how large the values are, which depends on where zero is.",
        "The scale is what repeating a season missed in the past: past[m:] − past[:-m].",
        scale=lambda past, m, actual: past,
    ),
    slip(
        "level-for-scale",
        scale=lambda past, m, actual: actual,
        detail="It is the values to test on.",
    ),
    slip(
        "percentage-error",
        "Each error is divided by its own value: that is the MAPE.",
        "Take the mean of the absolute errors first, and divide it once, by the scale of the past.",
        whole=lambda forecasts, actual, past, m: (
            np.abs(forecasts - actual) / np.abs(actual)
        ).mean(),
    ),
    slip(
        "season-wrapped",
        "The series is rolled around, so its first values are compared with its last.",
        "The first m values have none a season before: past[m:] − past[:-m].",
        scale=lambda past, m, actual: past - np.roll(past, m),
    ),
    slip(
        "seasons-skipped",
        "Only one value of each season is compared.",
        "Every value from the m-th on has one a season before: past[m:] − past[:-m].",
        scale=lambda past, m, actual: past[m::m] - past[:-m:m],
    ),
    slip(
        "scale-through-all",
        "The scale's sum is divided by n, though it has n − m terms.",
        "There is no error for the first m values: take the mean of the others.",
        scale=lambda past, m, actual: np.concatenate([np.zeros(m), past[m:] - past[:-m]]),
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
    slip(
        "squared-error",
        "The error is squared.",
        "Take absolute values, of the errors and in the scale.",
        size=np.square,
    ),
    slip(
        "squared-error",
        size=lambda missed: np.sqrt(np.square(missed).mean()),
        detail="Its root is taken.",
    ),
    slip("squared-error", size_of_scale=np.square, detail="It is that of the scale."),
    slip(
        "squared-error",
        size_of_scale=lambda missed: np.sqrt(np.square(missed).mean()),
        detail="It is that of the scale, and its root is taken.",
    ),
    slip(
        "median-for-mean",
        "The median of the errors is taken.",
        "The M of MASE is the mean.",
        together=np.median,
    ),
    slip(
        "errors-added-up",
        "The errors are added up.",
        "Take their mean, over origins and horizons.",
        together=lambda values: values.sum(),
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

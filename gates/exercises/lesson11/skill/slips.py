"""Mistakes in a forecast beside the last value."""

import numpy as np

from gates.exercises.common.slips import slip

SLIPS = [
    slip(
        "baseline-is-mean",
        "The forecast is compared with the mean of the series.",
        "The baseline is the last value: series[:-1] as a forecast of series[1:].",
        baseline=lambda series: series.mean(),
    ),
    slip("baseline-is-mean", baseline=lambda series: series[1:].mean()),
    slip(
        "baseline-shifted",
        "The baseline repeats another value than the last one known.",
        "The forecast for series[1:] that repeats the last value is series[:-1].",
        base=lambda s: s[2:] - s[:-2],
        detail="It is the value before the last one.",
        seen=("keras-team/keras#2856",),
    ),
    slip(
        "baseline-shifted",
        base=lambda s: s - np.roll(s, 1),
        detail="np.roll compares the first value with the last one of the series.",
    ),
    slip(
        "baseline-shifted",
        base=lambda s: s[1:] - np.roll(s, -1)[1:],
        detail="It is the value after, and for the last one np.roll takes the first.",
    ),
    slip(
        "baseline-shifted",
        base=lambda s: s[2:] - s[1:-1],
        detail="The first forecast is left out of it.",
    ),
    slip(
        "baseline-shifted",
        base=lambda s: s[1:-1] - s[:-2],
        detail="The last forecast is left out of it.",
    ),
    slip(
        "echo-looks-perfect",
        "The forecast is compared with the values it was made after, so one that repeats the last value looks perfect.",
        "predictions are of series[1:], each made from the values before it.",
        compared=lambda series: series[:-1],
    ),
    slip(
        "baseline-missing",
        "The error is not compared with anything.",
        "Divide by the error of repeating the last value.",
        score=lambda error, base: 1 - error,
    ),
    slip("baseline-missing", score=lambda error, base: error, detail="It is the error itself."),
    slip(
        "skill-upside-down",
        "The forecast's error and the baseline's have changed places.",
        "skill = 1 − (error of the forecast) / (error of the baseline).",
        score=lambda error, base: 1 - base / error,
    ),
    slip("skill-upside-down", score=lambda error, base: base / error),
    slip(
        "skill-upside-down",
        score=lambda error, base: error / base - 1,
        detail="So the sign is wrong.",
    ),
    slip(
        "ratio-for-skill",
        "The ratio of the errors is returned, and not 1 minus it.",
        "A perfect forecast has skill 1.",
        score=lambda error, base: error / base,
    ),
    slip(
        "skill-cut-at-zero",
        "A forecast that is worse than repeating gets 0.",
        "It should get less than 0, so that one can see by how much it is worse.",
        score=lambda error, base: max(0.0, 1 - error / base),
    ),
    slip(
        "skill-as-difference",
        "The difference of the two errors is returned, and not their ratio.",
        "1 − error / error of repeating. A difference has the units of the series.",
        score=lambda error, base: base - error,
    ),
    slip(
        "skill-as-difference",
        score=lambda error, base: error - base,
        detail="And its sign is wrong.",
    ),
    slip(
        "squares-for-absolutes",
        "Squared errors are compared, and not absolute ones.",
        "Take the mean of np.abs(…).",
        size=np.square,
    ),
    slip(
        "squares-for-absolutes",
        size=lambda d: np.sqrt(np.square(d).mean()),
        detail="The roots are taken, too.",
    ),
]

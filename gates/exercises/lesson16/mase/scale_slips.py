"""Mistakes in the scale of the MASE."""

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
        "differenced-m-times",
        "np.diff(past, m) takes differences of differences, m times over.",
        "Take one difference, of values that lie m apart: past[m:] − past[:-m].",
        scale=lambda past, m, actual: np.diff(past, n=m),
    ),
    slip(
        "season-one-too-long",
        "The values compared lie m + 1 apart.",
        "The value a season before past[t] is past[t − m]: past[m:] − past[:-m].",
        scale=lambda past, m, actual: past[m + 1 :] - past[: -m - 1],
    ),
    slip(
        "horizon-for-season",
        "The scale compares values that lie h apart, and not m.",
        "How far ahead the forecasts look has no part in the scale: past[m:] − past[:-m].",
        scale=lambda past, m, actual: past[actual.shape[1] :] - past[: -actual.shape[1]],
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
        scale=lambda past, m, actual: actual[m:] - actual[:-m],
        detail="It is repeating the value of m origins before.",
    ),
    slip(
        "scale-of-test",
        scale=lambda past, m, actual: actual[:, m:] - actual[:, :-m],
        detail="It is repeating the value of m steps before, within the horizon.",
    ),
    slip(
        "scale-of-test",
        scale=lambda past, m, actual: actual - past[len(past) - m + np.arange(actual.shape[1]) % m],
        detail="It is what repeating the past's last season misses there.",
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
        "season-wrapped",
        "The first values are compared with the last ones, as if the series were a ring.",
        "The first m values have none a season before: past[m:] − past[:-m]. np.roll and negative places begin again at the end.",
        scale=lambda past, m, actual: past - np.roll(past, m),
    ),
    slip("season-wrapped", scale=lambda past, m, actual: (past - np.roll(past, m))[1:]),
    slip(
        "seasons-skipped",
        "Only one value of each season is compared.",
        "Every value from the m-th on has one a season before: past[m:] − past[:-m].",
        scale=lambda past, m, actual: past[m::m] - past[:-m:m],
    ),
    slip(
        "last-season-only",
        "Only the last season of the past is compared with the one before it.",
        "Every value from the m-th on has one a season before: past[m:] − past[:-m].",
        scale=lambda past, m, actual: past[-m:] - past[-2 * m : -m],
    ),
    slip(
        "scale-through-all",
        "The scale's sum is divided by more than the n − m terms that it has.",
        "There is no error for the first m values: take the mean of the others.",
        scale=lambda past, m, actual: np.concatenate([np.zeros(m), past[m:] - past[:-m]]),
        detail="It is divided by n.",
    ),
    slip(
        "scale-through-all",
        scale=lambda past, m, actual: np.concatenate([np.zeros(m - 1), past[m:] - past[:-m]]),
        detail="It is divided by n − 1, which fits a season of 1 alone.",
    ),
]

"""Mistakes in coverage."""

import numpy as np

from gates.exercises.common.slips import slip

SLIPS = [
    slip(
        "coverage-of-all-together",
        "The horizons are thrown together, so one cannot see that far ones are covered less.",
        "Take the mean over the origins alone: axis=0.",
        share=lambda inside: inside.mean(),
    ),
    slip(
        "coverage-of-origins",
        "The share is taken over the horizons of each origin.",
        "The rows are origins, and the mean goes over them: axis=0.",
        share=lambda inside: inside.mean(axis=1),
    ),
    slip(
        "paths-for-values",
        "What is counted is origins whose values lie within their intervals all the way up to a horizon.",
        "An interval is for one horizon. Each is counted by itself.",
        share=lambda inside: np.logical_and.accumulate(inside, axis=1).mean(axis=0),
    ),
    slip(
        "paths-for-values",
        share=lambda inside: inside.all(axis=1).mean(),
        detail="It is the share of origins that miss none.",
    ),
    slip(
        "ends-left-out",
        "Values on an end of their interval are counted as outside.",
        "The ends belong to the interval: <= on both sides.",
        within=lambda low, high, actual: (low < actual) & (actual < high),
    ),
    slip(
        "ends-left-out",
        within=lambda low, high, actual: (low < actual) & (actual <= high),
        detail="It is the lower end.",
    ),
    slip(
        "ends-left-out",
        within=lambda low, high, actual: (low <= actual) & (actual < high),
        detail="It is the upper end.",
    ),
    slip(
        "one-end-only",
        "Only one end of the interval is looked at.",
        "A value lies within if it is neither below low nor above high.",
        within=lambda low, high, actual: actual <= high,
    ),
    slip("one-end-only", within=lambda low, high, actual: low <= actual),
    slip(
        "low-and-high-swapped",
        "No value counts as within: low and high have changed places.",
        "A value lies within if it is at least low and at most high: (low <= actual) & (actual <= high).",
        within=lambda low, high, actual: (high <= actual) & (actual <= low),
        alone=True,
    ),
    slip(
        "ends-widened",
        "Values a little outside their interval are counted as within.",
        "<= takes the ends in by itself. Compare without a tolerance.",
        within=lambda low, high, actual: (low - 0.01 <= actual) & (actual <= high + 0.01),
    ),
    slip(
        "either-end",
        "A value counts as within where it is right on one side of the interval, and that is always so.",
        "Both have to hold: & and not |.",
        within=lambda low, high, actual: (low <= actual) | (actual <= high),
    ),
    slip(
        "misses-for-hits",
        "The share outside is returned.",
        "Coverage is the share within.",
        give=lambda found: 1 - found,
    ),
    slip(
        "counted-not-shared",
        "The hits are counted, and not divided by the origins.",
        "A share goes from 0 to 1: take the mean.",
        share=lambda inside: inside.sum(axis=0),
    ),
    slip(
        "hits-through-all-values",
        "The hits of each horizon are divided by all values of all horizons.",
        "Each horizon has as many values as there are origins.",
        share=lambda inside: inside.sum(axis=0) / inside.size,
    ),
    slip(
        "hits-through-horizons",
        "The hits of each horizon are divided by the number of horizons.",
        "The rows are origins: divide by len(actual), or take the mean with axis=0.",
        share=lambda inside: inside.sum(axis=0) / inside.shape[1],
    ),
    slip(
        "coverage-in-percent",
        "The result is in percent.",
        "A share goes from 0 to 1.",
        give=lambda found: 100 * found,
    ),
    slip(
        "width-for-coverage",
        "This is how wide the intervals are, and no value enters.",
        "Ask of each value whether it lies between low and high.",
        whole=lambda low, high, actual: (high - low).mean(axis=0),
    ),
    slip(
        "promise-missed-by",
        "What is returned is how far the share is from the 80% that were promised.",
        "Return the share itself. Whoever reads it compares it with the promise.",
        give=lambda found: found - 0.8,
    ),
]

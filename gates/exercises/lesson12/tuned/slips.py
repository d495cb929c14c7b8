"""Mistakes in test scores of settings that are chosen within each seed."""

from collections.abc import Callable

import numpy as np
from numpy import ndarray as Array

from gates.exercises.common.slips import Slip, slip


def _last_of_equals(scores: Array) -> Array:
    return scores.shape[1] - 1 - scores[:, ::-1].argmax(axis=1)


def _for_all(choose: Callable) -> Callable:
    """From scores to one setting for all seeds."""
    return lambda scores: np.full(len(scores), choose(scores))


def _then_by_test(validation: Array, test: Array) -> Array:
    """Places in the order of validation scores, and of test scores where those are equal."""
    return np.array([np.lexsort(rows).argsort() for rows in zip(test, validation, strict=True)])


SLIPS: list[Slip] = [
    slip("chosen-on-test", by=lambda validation, test: test),
    slip(
        "chosen-on-test",
        by=lambda validation, test: validation + test,
        detail="It is made by both.",
    ),
    slip(
        "one-setting-for-all",
        "One setting is chosen for all seeds.",
        "In lesson 09 a strength was chosen so. Here each seed makes its own choice, by its own row: argmax(axis=1).",
        choose=_for_all(lambda scores: scores.mean(axis=0).argmax()),
    ),
    slip("one-setting-for-all", choose=_for_all(lambda scores: scores.max(axis=0).argmax())),
    slip(
        "one-setting-for-all",
        choose=_for_all(lambda scores: np.median(scores, axis=0).argmax()),
    ),
    slip(
        "one-setting-for-all",
        choose=_for_all(lambda scores: scores[0].argmax()),
        detail="It is the first seed's.",
    ),
    slip(
        "one-setting-for-all",
        choose=_for_all(lambda scores: np.bincount(scores.argmax(axis=1)).argmax()),
        detail="It is the one that most seeds would choose.",
    ),
    slip("validation-reported", report=lambda validation, test: validation),
    slip("worst-chosen", choose=lambda scores: scores.argmin(axis=1)),
    slip(
        "last-of-equals",
        "Of equal scores the last is taken.",
        "argmax takes the first. In a loop, let > decide, and not >=.",
        choose=_last_of_equals,
    ),
    slip(
        "equals-by-test",
        "Of equal validation scores the one with the best test score is taken.",
        "Then the test data have a part in the choice, as in max(zip(validation, test)). Compare the validation scores alone.",
        by=_then_by_test,
    ),
    slip(
        "axis-left-out",
        "The best is sought among all seeds at once: the axis is left out.",
        "argmax(axis=1) gives one number for each row; argmax() gives one for the whole array.",
        whole=lambda validation, test: test.flat[validation.argmax()],
    ),
    slip("axis-left-out", whole=lambda validation, test: validation.max()),
    slip("axis-left-out", whole=lambda validation, test: test.max()),
    slip(
        "seeds-and-settings-swapped",
        "Seeds and settings have changed places.",
        "A row is a seed and a column a setting: argmax(axis=1) looks along each row, and test[seed, setting] is a score.",
        whole=lambda validation, test: test[validation.argmax(axis=0), np.arange(test.shape[1])],
    ),
    slip(
        "seeds-and-settings-swapped",
        whole=lambda validation, test: validation.max(axis=0),
        detail="And the validation scores come back.",
    ),
    slip(
        "seeds-and-settings-swapped",
        whole=lambda validation, test: test.max(axis=0),
        detail="And the choice is made by the test scores.",
    ),
    slip("seeds-and-settings-swapped", take=lambda scores, best: scores[best % len(scores)]),
    slip(
        "columns-for-scores",
        "Whole columns come back, and not one score of each row.",
        "test[:, best] takes these columns from every row. Two lists of indices go together: test[np.arange(S), best].",
        take=lambda scores, best: scores[:, best],
    ),
    slip(
        "first-seed-only",
        "All scores are taken from the first seed's row.",
        "np.take without an axis counts through the whole array. test[np.arange(S), best] takes one from each row.",
        take=lambda scores, best: scores[0, best],
    ),
    slip("number-for-scores", take=lambda scores, best: best),
    slip("mean-for-scores", give=lambda found: found.mean()),
    slip(
        "mean-over-settings",
        "The mean over all settings comes back.",
        "One setting is chosen for each seed, and its score counts alone.",
        whole=lambda validation, test: test.mean(axis=1),
    ),
]

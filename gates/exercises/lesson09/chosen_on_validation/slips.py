"""Mistakes in a strength chosen on validation data."""

import numpy as np
from numpy import ndarray as Array

from gates.exercises.common.slips import slip


def _over_seeds(validation: Array, test: Array) -> Array:
    return test[:, validation.mean(axis=0).argmax()]


SLIPS = [
    slip(
        "chosen-on-test",
        "The strength is chosen by its test scores.",
        "What has been chosen by looking at the test data is no longer tested by them. Choose by the validation scores.",
        by=lambda validation, test: test,
    ),
    slip(
        "chosen-on-test",
        by=lambda validation, test: validation + test,
        detail="It is chosen on both.",
    ),
    slip(
        "validation-reported",
        "The validation scores are reported.",
        "The best of several validation scores is partly luck. Return the test scores of that strength.",
        report=lambda validation, test: validation,
    ),
    slip(
        "worst-strength-chosen",
        "The strength with the worst scores is chosen.",
        "These are scores, so higher is better: argmax.",
        choose=np.argmin,
    ),
    slip(
        "best-seed-chosen",
        "The strength is chosen by its best seed.",
        "One lucky seed says little. Take the mean over the seeds, axis 1, before you compare.",
        mean=lambda scores: scores.max(axis=1),
    ),
    slip(
        "strength-for-each-seed",
        "Each seed gets a strength of its own.",
        "One strength is chosen for all seeds, by the mean over them.",
        whole=lambda validation, test: test[validation.argmax(axis=0), np.arange(test.shape[1])],
    ),
    slip(
        "strength-for-each-seed",
        whole=lambda validation, test: test.max(axis=0),
        detail="And it is chosen by the test data.",
    ),
    slip(
        "another-mean-over-seeds",
        "The strengths are compared by something else than the mean over the seeds.",
        "validation.mean(axis=1) is the mean of each strength.",
        mean=lambda scores: np.median(scores, axis=1),
    ),
    slip(
        "another-mean-over-seeds",
        mean=lambda scores: scores.min(axis=1),
        detail="It is the worst seed's.",
    ),
    slip(
        "number-for-scores",
        "The number of the strength is returned, and not its scores.",
        "Use that number to take a row of test.",
        whole=lambda validation, test: validation.mean(axis=1).argmax(),
    ),
    slip(
        "means-over-strengths",
        "The mean is taken over the strengths, and so a seed is chosen.",
        "Rows are strengths and columns are seeds: the mean over the seeds is mean(axis=1).",
        whole=_over_seeds,
    ),
    slip(
        "means-over-strengths",
        whole=lambda validation, test: test[validation.mean(axis=0).argmax() % len(test)],
    ),
    slip(
        "mean-for-scores",
        "A mean is returned, and not the score of every seed.",
        "Return the whole row, so that it can be compared seed by seed.",
        whole=lambda validation, test: test[validation.mean(axis=1).argmax()].mean(),
    ),
    slip("mean-for-scores", whole=lambda validation, test: test.mean(axis=1)),
    slip("mean-for-scores", whole=lambda validation, test: test.mean(axis=0)),
    slip(
        "mean-for-scores",
        whole=lambda validation, test: test.mean(axis=1).max(),
        detail="And the strength is chosen on the test data.",
    ),
]

"""Mistakes in a strength chosen on validation data."""

import numpy as np
from numpy import ndarray as Array

from gates.exercises.common.slips import slip


def _over_seeds(validation: Array, test: Array) -> Array:
    return test[:, validation.mean(axis=0).argmax()]


SLIPS = [
    slip("chosen-on-test", by=lambda validation, test: test),
    slip(
        "chosen-on-test",
        by=lambda validation, test: validation + test,
        detail="It is chosen on both.",
    ),
    slip("validation-reported", report=lambda validation, test: validation),
    slip("worst-chosen", choose=np.argmin),
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

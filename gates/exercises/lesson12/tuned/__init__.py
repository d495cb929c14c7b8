"""Test scores of settings that are chosen on validation data within each seed."""

from collections.abc import Callable

import numpy as np
from numpy import ndarray as Array

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.seen import error
from gates.exercises.lesson12.tuned.slips import SLIPS


def tuned(validation: np.ndarray, test: np.ndarray) -> np.ndarray:
    """For each seed the test score of the setting that its validation scores choose.

    validation, test: scores, (S, K), a row a seed and a column a setting; higher is better. Within
    each seed the setting with the best validation score is chosen, the first of equals.
    Returns (S,).
    """
    best = validation.argmax(axis=1)
    return test[np.arange(len(test)), best]


BEST_OF_ALL = (
    13  # where the best of all validation scores stands in the first probe, counted row by row
)


def probes() -> Probes:
    """More seeds than settings, then fewer; with equal scores at the top of some rows, and nearly equal ones."""
    generator = np.random.default_rng(12)
    found = []
    for S, K in ((7, 5), (4, 6)):
        validation, test = generator.uniform(0.5, 0.9, (2, S, K))
        validation[1, [1, 3]] = 0.95
        validation[3, [0, 2, 4]] = 0.93
        validation[2, 3] = 0.99
        found.append((validation, test))
    errors, tested = generator.uniform(0.5, 3, (2, 5, 4))
    errors[2, 1], errors[2, 3] = 0.1235, 0.1234
    return [*found, (-errors, -tested)]  # scores made of errors are below 0


def variant(
    by=lambda validation, test: validation,
    choose=lambda scores: scores.argmax(axis=1),
    report=lambda validation, test: test,
    take=lambda scores, best: scores[np.arange(len(scores)), best],
    give=lambda found: found,
    whole=None,
) -> Callable:
    """The scores of what is chosen within each seed, with the parts of it exchangeable."""

    def run(validation: Array, test: Array) -> Array:
        return give(take(report(validation, test), choose(by(validation, test))))

    return whole or run


EXERCISE = coding(
    tuned,
    asks="test scores of settings chosen within each seed",
    probes=probes,
    outputs=("the test scores",),
    variant=variant,
    shapes="validation and test are (S, K), and (S,) comes back.",
    errors=(
        error(f"index {BEST_OF_ALL} is out of bounds", "axis-left-out"),
        error("could not be broadcast", "seeds-and-settings-swapped"),
        error("out of bounds", "seeds-and-settings-swapped", word="axis"),
    ),
    slips=SLIPS,
)

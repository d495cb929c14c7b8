"""Test scores of settings that are chosen on validation data within each seed."""

from collections.abc import Callable

import numpy as np
from numpy import ndarray as Array

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.seen import error, instead
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
    """More seeds than settings, then fewer."""
    return _scores((7, 5), (4, 6), below_0=(5, 4))


def _of_ten_seeds() -> Probes:
    return _scores((10, 5), (10, 12), below_0=(10, 4))


def _scores(*sizes: tuple[int, int], below_0: tuple[int, int]) -> Probes:
    """Validation and test scores, with equal ones at the top of some rows, and nearly equal ones."""
    generator = np.random.default_rng(12)
    found = []
    for S, K in sizes:
        validation, test = generator.uniform(0.5, 0.9, (2, S, K))
        validation[1, [1, 3]] = 0.95
        validation[3, [0, 2, 4]] = 0.93
        validation[2, 3] = 0.99
        found.append((validation, test))
    errors, tested = generator.uniform(0.5, 3, (2, *below_0))
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
        # As many rows as settings, or as many columns as seeds, both of the first probe
        error(r"shapes \((5,\) \(7|7,\) \(5),\)", "seeds-and-settings-swapped"),
        error(
            r"index (?!7 is out of bounds for axis 0 with size 7)\d+ is out of bounds",
            "seeds-and-settings-swapped",
            word="axis",
        ),
    ),
    instead=(
        instead(
            _of_ten_seeds,
            "always-ten-seeds",
            "It is right for ten seeds and for no other number of them, which is written into the code.",
            "There are not always ten seeds. A row is a seed, so there are len(test) of them.",
            right=tuned,
        ),
    ),
    slips=SLIPS,
)

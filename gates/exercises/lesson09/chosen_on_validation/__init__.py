"""A strength chosen on validation data."""

from collections.abc import Callable

import numpy as np
from numpy import ndarray as Array

from gates.exercises.common.coding import Probes, coding
from gates.exercises.lesson09.chosen_on_validation.slips import SLIPS


def chosen_on_validation(validation: np.ndarray, test: np.ndarray) -> np.ndarray:
    """The test scores of the strength that the validation scores choose.

    validation, test: the scores of each strength and seed, (K, S); higher is better. The
    strength with the best mean validation score over the seeds is chosen, the same for all
    seeds. Returns its S test scores.
    """
    return test[validation.mean(axis=1).argmax()]


def probes() -> Probes:
    generator = np.random.default_rng(3)
    found = []
    for K, S in ((8, 5), (9, 7)):
        validation, test = generator.uniform(0.5, 0.6, (2, K, S))
        least, best, tested, lucky, _, median, steady, even = range(8)
        validation[:, 4] += 0.15
        validation[even] = 0.5
        validation[best] += 0.2
        validation[best, 1] -= 0.2
        test[tested] += 0.3
        test[lucky, 1] = 0.99
        validation[lucky, 0] = 0.99
        validation[least] -= 0.2
        validation[median] = [0.1, 0.1] + [0.9] * (S - 2)
        validation[steady] = np.linspace(0.66, 0.7, S)
        found.append((validation, test))
    return found


def variant(
    by=lambda validation, test: validation,
    mean=lambda scores: scores.mean(axis=1),
    choose=np.argmax,
    report=lambda validation, test: test,
    whole=None,
) -> Callable:
    """The scores of the chosen strength, with the parts of it exchangeable."""

    def run(validation: Array, test: Array) -> Array:
        return report(validation, test)[choose(mean(by(validation, test)))]

    return whole or run


EXERCISE = coding(
    chosen_on_validation,
    asks="a strength chosen on validation data",
    probes=probes,
    outputs=("the test scores",),
    variant=variant,
    shapes="validation and test are (K, S), and (S,) comes back.",
    slips=SLIPS,
)

"""What both forms of a GRU hand to the candidate's tanh."""

import numpy as np
from numpy import ndarray as Array

from gates.exercises.common.coding import Probes, coding
from gates.exercises.lesson18.both_forms.slips import SLIPS, variant


def both_forms(h: Array, slopes: Array, U: Array) -> tuple[Array, Array]:
    """What the state adds to the candidate's argument, with the reset before the product and after.

    h: (H,). slopes: (H,); unit k has the reset gate r_k = σ(slopes_k h_k). U: (H, H); row k is what
    unit k's candidate hears. Without inputs and biases. Returns two arrays, (H,) each.
    """
    r = 1 / (1 + np.exp(-slopes * h))
    before = U @ (r * h)
    after = r * (U @ h)
    return before, after


def probes() -> Probes:
    generator = np.random.default_rng(183)
    return [
        (generator.normal(size=H), generator.normal(size=H), generator.normal(size=(H, H)))
        for H in (3, 2, 4)
    ]


def _small() -> Probes:
    generator = np.random.default_rng(184)
    return [(generator.normal(size=1), generator.normal(size=1), generator.normal(size=(1, 1)))]


EXERCISE = coding(
    both_forms,
    asks="what both forms hand to the candidate's tanh",
    probes=probes,
    small=_small,
    outputs=("before", "after"),
    variant=variant,
    shapes="h and slopes are (H,), U is (H, H); two arrays (H,) come back.",
    returns="It should return two arrays (H,): before, after.",
    slips=SLIPS,
)

"""Mistakes in what both forms hand to the candidate, and its parts."""

from collections.abc import Callable

import numpy as np
from numpy import ndarray as Array

from gates.backward import sigmoid
from gates.exercises.common.slips import same, slip


def variant(
    gate=sigmoid,
    inside=lambda h, slopes: slopes * h,
    turn=same,
    before=lambda r, h, U: U @ (r * h),
    after=lambda r, h, U: r * (U @ h),
    squash=same,
    give=lambda before, after: (before, after),
) -> Callable:
    """Both arguments, with the gate, the products and the order exchangeable."""

    def run(h: Array, slopes: Array, U: Array) -> tuple:
        r, U = gate(inside(h, slopes)), turn(U)
        return give(squash(before(r, h, U)), squash(after(r, h, U)))

    return run


def _first(array: Array) -> Array:
    return array[0]


SLIPS = [
    slip(
        "forms-exchanged",
        "The two forms come back in the other order.",
        "Before the product: U @ (r * h). After it: r * (U @ h). Return before, after.",
        give=lambda before, after: (after, before),
    ),
    slip(
        "forms-after-twice",
        "Both are computed with the reset after the product.",
        "Before the product, r meets h, and U what comes of that.",
        before=lambda r, h, U: r * (U @ h),
    ),
    slip(
        "forms-before-twice",
        "Both are computed with the reset before the product.",
        "After the product, U meets h, and r what comes of that.",
        after=lambda r, h, U: U @ (r * h),
    ),
    slip("sigmoid-sign-lost", gate=lambda a: sigmoid(-a)),
    slip(
        "forms-reset-raw",
        "The reset gate has no sigmoid.",
        "r is a share between 0 and 1: 1 / (1 + np.exp(-slopes * h)).",
        gate=same,
    ),
    slip("forms-reset-raw", gate=np.tanh, detail="It has a tanh."),
    slip(
        "forms-slopes-alone",
        "The reset gate does not see the state.",
        "r_k = σ(slopes_k h_k): multiply slopes by h first.",
        inside=lambda h, slopes: slopes,
    ),
    slip(
        "forms-slopes-alone",
        inside=lambda h, slopes: h,
        detail="It sees the state alone, and not slopes.",
        alone=True,
    ),
    slip(
        "forms-one-reset",
        "One number resets all units: slopes and h are multiplied as vectors.",
        "Each unit has a gate of its own: slopes * h, and not slopes @ h.",
        inside=lambda h, slopes: slopes @ h,
    ),
    slip(
        "forms-matrix-turned",
        "U is transposed.",
        "Row k is what unit k's candidate hears: U @ h.",
        turn=np.transpose,
    ),
    slip(
        "forms-by-element",
        "Where U should mix units, its columns are weighted and stay apart.",
        "U * h is a matrix. U @ h adds up what each unit hears.",
        before=lambda r, h, U: U * (r * h),
        after=lambda r, h, U: r * (U * h),
    ),
    slip(
        "forms-not-reset",
        "The reset gate is missing.",
        "It multiplies h in one form, and U @ h in the other.",
        before=lambda r, h, U: U @ h,
        detail="It is in the first form.",
    ),
    slip("forms-not-reset", after=lambda r, h, U: U @ h, detail="It is in the second form."),
    slip(
        "forms-reset-twice",
        "The reset gate acts on both sides of the product.",
        "Either r meets h, or it meets U @ h.",
        after=lambda r, h, U: r * (U @ (r * h)),
        detail="It is in the second form.",
    ),
    slip(
        "forms-reset-twice",
        before=lambda r, h, U: r * (U @ (r * h)),
        detail="It is in the first form.",
    ),
    slip(
        "forms-squashed",
        "The result goes through tanh.",
        "What is asked for stands inside of the tanh.",
        squash=np.tanh,
    ),
    slip(
        "forms-first-unit",
        "Only the first unit's numbers come back.",
        "Return one number for each unit: arrays (H,).",
        squash=_first,
    ),
]

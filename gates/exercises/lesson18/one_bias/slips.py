"""Mistakes in one bias for two, and its parts."""

from collections.abc import Callable

import numpy as np
from numpy import ndarray as Array

from gates.exercises.common.slips import slip


def variant(
    none=lambda b, d: np.split(d, 3)[2].any(), single=lambda b, d: b + d, whole=None
) -> Callable:
    """One bias or none, with both what decides and what is made exchangeable."""
    return whole or (lambda b, d: np.array([]) if none(b, d) else single(b, d))


def _mixed(b: Array, d: Array) -> Array:
    """The sum for r and z, and bias_ih for n."""
    return np.concatenate([(b + d)[: 2 * len(b) // 3], b[2 * len(b) // 3 :]])


def _never(b: Array, d: Array) -> bool:
    return False


SLIPS = [
    slip(
        "one-bias-always",
        "The sum is returned even where bias_hh of n is not 0.",
        "r multiplies b_hn, and not b_in. A sum that stands outside of r computes something else.",
        none=_never,
        seen=("pytorch/pytorch#99531",),
    ),
    slip(
        "one-bias-n-dropped",
        "bias_hh of n is left out, where it is not 0.",
        "Without it the candidate has another argument. There is no single bias then: return an empty array.",
        whole=_mixed,
    ),
    slip(
        "one-bias-never",
        "An empty array comes back always.",
        "r and z have plain sums, and where bias_hh of n is 0, so has n.",
        none=lambda b, d: True,
    ),
    slip(
        "one-bias-r-asked",
        "It is the bias of another gate that is asked about.",
        "The blocks are r, z, n: bias_hh of n is the last third.",
        none=lambda b, d: np.split(d, 3)[0].any(),
        detail="It is that of r.",
    ),
    slip(
        "one-bias-r-asked",
        none=lambda b, d: np.split(d, 3)[1].any(),
        detail="It is that of z.",
    ),
    slip(
        "one-bias-all-asked",
        "An empty array comes back as soon as any number of bias_hh is not 0.",
        "In r and z the two biases are added before anything else happens. Only n asks for more.",
        none=lambda b, d: d.any(),
    ),
    slip(
        "one-bias-ih-asked",
        "It is bias_ih of n that is asked about.",
        "What stands inside of r is bias_hh of n.",
        none=lambda b, d: np.split(b, 3)[2].any(),
    ),
    slip(
        "one-bias-every-unit",
        "An empty array comes back only where bias_hh of n is not 0 in every unit.",
        "One unit is enough: its r multiplies its b_hn.",
        none=lambda b, d: np.split(d, 3)[2].all(),
    ),
    slip(
        "one-bias-sum-asked",
        "The numbers of bias_hh of n are added up and compared with 0, and they can cancel.",
        "Ask whether any of them is not 0.",
        none=lambda b, d: d[2 * len(d) // 3 :].sum() != 0,
    ),
    slip(
        "one-bias-above-zero",
        "Only numbers above 0 count as a bias.",
        "A negative bias_hh of n is multiplied by r as well.",
        none=lambda b, d: (d[2 * len(d) // 3 :] > 0).any(),
    ),
    slip("drops-bias-hh", single=lambda b, d: b),
    slip("drops-bias-ih", single=lambda b, d: d),
    slip(
        "one-bias-mean",
        "The mean of the two biases is taken.",
        "Both are added to the same number, so the single one is their sum.",
        single=lambda b, d: (b + d) / 2,
    ),
    slip(
        "one-bias-doubled",
        "One of the two is counted twice.",
        "The single bias is bias_ih + bias_hh.",
        single=lambda b, d: 2 * b,
    ),
    slip(
        "one-bias-difference",
        "One bias is taken from the other.",
        "Both are added.",
        single=lambda b, d: b - d,
    ),
]

"""One bias for two."""

import numpy as np
from numpy import ndarray as Array

from gates.exercises.common.coding import Probes, coding
from gates.exercises.lesson18.one_bias.slips import SLIPS, variant


def one_bias(bias_ih: Array, bias_hh: Array) -> Array:
    """The single bias with which a GRU computes what it computes with both.

    bias_ih, bias_hh: (3H,), blocks in the order r, z, n. The single bias, (3H,), is added to what
    comes from x. Returns an empty array, np.array([]), where there is none.
    """
    *_, b_hn = np.split(bias_hh, 3)
    return np.array([]) if b_hn.any() else bias_ih + bias_hh


def probes() -> Probes:
    """bias_hh of r, z and n: numbers, or zeros; of n also such as add up to 0, and a 0 in some units alone; and of bias_ih."""
    generator = np.random.default_rng(182)
    made = []
    for H, z, n in [
        (2, 1, (0, 0)),
        (3, 1, (0, 0.5, 0)),
        (4, 1, (0, 0, 0, 0)),
        (2, 1, (0.25, -0.25)),
        (3, 1, (2, 0, 0)),
        (2, 1, (-1, -1)),
        (3, 0, (0, 0, 0)),
    ]:
        b, d = generator.normal(size=(2, 3 * H))
        d[H : 2 * H] *= z
        d[2 * H :] = n
        made.append((b, d))
    b, d = generator.normal(size=(2, 9))
    b[6:], d[:3], d[6:] = 0, 0, (0.5, 1, -1)
    quiet = np.concatenate([generator.normal(size=4), np.zeros(2)])
    return [*made, (b, d), (generator.normal(size=6), np.zeros(6)), (quiet, 2 * quiet)]


def _read(found: Array, arguments: tuple) -> tuple:
    """Whether there is a bias, and the bias; zeros where there is none."""
    found = np.asarray(found, dtype=float)
    return int(found.size > 0), found if found.size else np.zeros(len(arguments[0]))


EXERCISE = coding(
    one_bias,
    asks="one bias for two",
    probes=probes,
    outputs=("whether there is one", "the bias"),
    variant=variant,
    reads=_read,
    returns="It should return an array, (3H,) or empty.",
    slips=SLIPS,
)

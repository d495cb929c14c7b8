"""torch's GRU arrays, as Keras stores them."""

import numpy as np
from numpy import ndarray as Array

from gates.cells import Weights
from gates.exercises.common.coding import Probes, coding
from gates.exercises.lesson18.gru_to_keras.slips import SLIPS, variant


def gru_to_keras(weights: Weights) -> tuple[Array, Array, Array]:
    """The weights of a GRU of torch, as a GRU of Keras stores them.

    weights: arrays of NumPy in torch's shapes, blocks in the order r, z, n.
    Returns kernel, (I, 3H), recurrent_kernel, (H, 3H), and bias, (2, 3H), blocks in the order
    z, r, n; the first row of bias is torch's bias_ih.
    """

    def reordered(array: Array) -> Array:
        r, z, n = np.split(array, 3)
        return np.concatenate([z, r, n])

    W, U, b, d = (reordered(array) for array in weights)
    return W.T, U.T, np.stack([b, d])


def probes() -> Probes:
    generator = np.random.default_rng(180)
    made = []
    for I, H in [(3, 2), (2, 4)]:
        shapes = (3 * H, I), (3 * H, H), (3 * H,), (3 * H,)
        made.append((Weights(*(generator.normal(size=shape) for shape in shapes)),))
    return made


def _small() -> Probes:
    generator = np.random.default_rng(181)
    return [(Weights(*(generator.normal(size=shape) for shape in ((3, 1), (3, 1), 3, 3))),)]


EXERCISE = coding(
    gru_to_keras,
    asks="torch's GRU arrays, as Keras stores them",
    probes=probes,
    small=_small,
    outputs=("kernel", "recurrent_kernel", "bias"),
    variant=variant,
    shapes="kernel is (I, 3H), recurrent_kernel (H, 3H) and bias (2, 3H).",
    slips=SLIPS,
)

"""torch's LSTM arrays, as ONNX stores them."""

import numpy as np
from numpy import ndarray as Array

from gates.cells import Weights
from gates.exercises.common.coding import Probes, coding
from gates.exercises.lesson18.lstm_node.slips import SLIPS, variant


def lstm_node(weights: Weights) -> tuple[Array, Array, Array]:
    """The weights of an LSTM of torch in one direction, as ONNX' node LSTM takes them.

    weights: arrays of NumPy in torch's shapes, blocks in the order i, f, g, o.
    Returns W, (1, 4H, I), R, (1, 4H, H), and B, (1, 8H), blocks in the order i, o, f, c. c is the
    candidate, g; in B the biases for x come first.
    """

    def reordered(array: Array) -> Array:
        i, f, g, o = np.split(array, 4)
        return np.concatenate([i, o, f, g])

    W, R, b, d = (reordered(array) for array in weights)
    return W[None], R[None], np.concatenate([b, d])[None]


def probes() -> Probes:
    generator = np.random.default_rng(185)
    made = []
    for I, H in [(3, 2), (2, 5)]:
        shapes = (4 * H, I), (4 * H, H), (4 * H,), (4 * H,)
        made.append((Weights(*(generator.normal(size=shape) for shape in shapes)),))
    return made


def _small() -> Probes:
    generator = np.random.default_rng(186)
    return [(Weights(*(generator.normal(size=shape) for shape in ((4, 1), (4, 1), 4, 4))),)]


EXERCISE = coding(
    lstm_node,
    asks="torch's LSTM arrays, as ONNX stores them",
    probes=probes,
    small=_small,
    outputs=("W", "R", "B"),
    variant=variant,
    shapes="W is (1, 4H, I), R (1, 4H, H) and B (1, 8H).",
    slips=SLIPS,
)

"""Keras' layers on its torch backend. Keras reads KERAS_BACKEND once, when it is imported."""

import os

import numpy as np
from numpy import ndarray as Array

os.environ.setdefault("KERAS_BACKEND", "torch")

import keras

from gates.exchange.packages import Arrays
from gates.exchange.reading import Reading
from gates.exchange.rows import ROWS, Row

_KINDS = {"LSTM": keras.layers.LSTM, "GRU": keras.layers.GRU, "SimpleRNN": keras.layers.SimpleRNN}


def made(row: Row, I: int, H: int, both: bool = False) -> keras.layers.Layer:
    """A layer that gives back all outputs and the state, with Keras' initial values."""
    kind, *before = row.layer.split(" ", 1)
    options = {"reset_after": False} if before else {}
    layer = _KINDS[kind](H, return_sequences=True, return_state=True, **options)
    layer = keras.layers.Bidirectional(layer) if both else layer
    layer.build((None, None, I))
    return layer


def row_of(layer: object) -> Row | None:
    """The row of a layer, a bidirectional one or a cell; None for other settings than the usual ones."""
    if isinstance(layer, keras.layers.Bidirectional):
        return row_of(layer.forward_layer)
    cell = getattr(layer, "cell", layer)
    kind = type(cell).__name__.removesuffix("Cell")
    usual = ("tanh", "sigmoid") if kind != "SimpleRNN" else ("tanh",)
    squash = [getattr(cell, name, None) for name in ("activation", "recurrent_activation")]
    if kind not in _KINDS or tuple(one.__name__ for one in squash if one) != usual:
        return None
    before = " reset before" if kind == "GRU" and not cell.reset_after else ""
    return ROWS[f"keras {kind}{before}"]


def arrays(layer: keras.layers.Layer) -> list[dict[str, Array]]:
    """Keras' arrays, for each direction."""
    return [
        {one.name: keras.ops.convert_to_numpy(one) for one in cell.trainable_variables}
        for cell in _cells(layer)
    ]


def put(layer: keras.layers.Layer, new: Arrays) -> keras.layers.Layer:
    """Assign arrays; the layer is changed, and comes back."""
    for cell, of_direction in zip(_cells(layer), new, strict=True):
        for one in cell.trainable_variables:
            one.assign(of_direction[one.name])
    return layer


def read(
    layer: keras.layers.Layer,
    xs: Array,
    lengths: Array | None = None,
    start: tuple[Array, ...] | None = None,
    in_front: bool = False,
) -> Reading:
    """What the layer makes of a batch; lengths become a mask, for padding behind or in front."""
    steps = np.arange(len(xs))[None]
    ends = None if lengths is None else np.asarray(lengths)[:, None]
    mask = None if ends is None else steps >= len(xs) - ends if in_front else steps < ends
    start = None if start is None else [part[d] for d in range(len(start[0])) for part in start]
    batch_first = np.ascontiguousarray(xs.swapaxes(0, 1))
    ys, *state = layer(batch_first, mask=mask, initial_state=start)
    ys, *state = (keras.ops.convert_to_numpy(one) for one in (ys, *state))
    parts = len(state) // len(_cells(layer))
    return Reading(
        np.ascontiguousarray(ys.swapaxes(0, 1)),
        tuple(np.stack(state[k::parts]) for k in range(parts)),
    )


def _cells(layer: keras.layers.Layer) -> list[keras.layers.Layer]:
    if isinstance(layer, keras.layers.Bidirectional):
        return [layer.forward_layer.cell, layer.backward_layer.cell]
    return [getattr(layer, "cell", layer)]

"""Equinox' cells, which know nothing of time or of batches: jax.lax.scan and jax.vmap do."""

from dataclasses import fields

import equinox
import jax
import jax.numpy as jnp
import numpy as np
from numpy import ndarray as Array

from gates.exchange.packages import Arrays
from gates.exchange.reading import Reading
from gates.exchange.rows import ROWS, Row


def made(row: Row, I: int, H: int, both: bool = False, seed: int = 0) -> tuple:
    """A tuple of one or two cells with Equinox' initial values."""
    keys = jax.random.split(jax.random.key(seed), 1 + both)
    return tuple(getattr(equinox.nn, row.layer)(I, H, key=key) for key in keys)


def row_of(layer: object) -> Row | None:
    """The row of a cell, or of a tuple of cells."""
    return ROWS.get(f"equinox {type(_cells(layer)[0]).__name__}")


def arrays(layer: object) -> list[dict[str, Array]]:
    """Equinox' arrays, for each direction."""
    return [
        {
            field.name: np.asarray(value)
            for field in fields(cell)
            if equinox.is_array(value := getattr(cell, field.name))
        }
        for cell in _cells(layer)
    ]


def put(layer: object, new: Arrays) -> tuple:
    """New cells with these arrays: Equinox' modules cannot be changed."""
    return tuple(
        equinox.tree_at(
            lambda one, names=tuple(of_direction): [getattr(one, name) for name in names],
            cell,
            [jnp.asarray(array) for array in of_direction.values()],
        )
        for cell, of_direction in zip(_cells(layer), new, strict=True)
    )


def read(
    layer: object,
    xs: Array,
    lengths: Array | None = None,
    start: tuple[Array, ...] | None = None,
) -> Reading:
    """What the cells make of a batch. There is no layer to be told lengths, so there are none."""
    if lengths is not None:
        raise ValueError("Equinox has cells only: mask the state in a scan of your own.")
    ys, states = [], []
    for k, cell in enumerate(_cells(layer)):
        several = "LSTM" in type(cell).__name__
        zeros = jnp.zeros((xs.shape[1], cell.hidden_size))
        state = (zeros, zeros) if several else zeros
        if start is not None:
            state = tuple(jnp.asarray(part[k]) for part in start)
            state = state if several else state[0]

        def step(state, x, cell=cell, several=several):
            state = jax.vmap(cell)(x, state)
            return state, state[0] if several else state

        state, outputs = jax.lax.scan(step, state, jnp.asarray(xs), reverse=k == 1)
        ys.append(np.asarray(outputs))
        states.append([np.asarray(part) for part in (state if several else (state,))])
    return Reading(
        np.concatenate(ys, -1), tuple(np.stack(part) for part in zip(*states, strict=True))
    )


def _cells(layer: object) -> tuple:
    return layer if isinstance(layer, tuple) else (layer,)

"""Haiku's cores, which are functions of parameters once they are transformed."""

from collections.abc import Callable
from dataclasses import dataclass

import haiku
import jax
import jax.numpy as jnp
import numpy as np
from numpy import ndarray as Array

from gates.exchange.packages import Arrays
from gates.exchange.reading import Reading
from gates.exchange.rows import ROWS, Row


@dataclass(frozen=True)
class Filled:
    """A core, as a function that makes it, with the parameters of each direction."""

    core: Callable[[], haiku.RNNCore]
    params: tuple[dict, ...]
    row: Row


def made(row: Row, I: int, H: int, both: bool = False, seed: int = 0) -> Filled:
    """A core with Haiku's initial values."""
    kind = getattr(haiku, row.layer)
    keys = jax.random.split(jax.random.key(seed), 1 + both)
    core = lambda: kind(H)  # noqa: E731
    first = _transformed(core).init
    return Filled(core, tuple(first(key, jnp.zeros((1, 1, I)), None) for key in keys), row)


def row_of(layer: object) -> Row | None:
    """The row of a filled core."""
    return ROWS[layer.row.name] if isinstance(layer, Filled) else None


def arrays(layer: Filled) -> list[dict[str, Array]]:
    """Haiku's arrays by module and name, such as lstm/linear/w, for each direction."""
    return [
        {
            f"{module}/{name}": np.asarray(array)
            for module, of_module in params.items()
            for name, array in of_module.items()
        }
        for params in layer.params
    ]


def put(layer: Filled, new: Arrays) -> Filled:
    """A core with these arrays."""
    params = []
    for of_direction in new:
        tree: dict = {}
        for path, array in of_direction.items():
            module, name = path.rsplit("/", 1)
            tree.setdefault(module, {})[name] = jnp.asarray(array)
        params.append(tree)
    return Filled(layer.core, tuple(params), layer.row)


def read(
    layer: Filled,
    xs: Array,
    lengths: Array | None = None,
    start: tuple[Array, ...] | None = None,
) -> Reading:
    """What the core makes of a batch, unrolled by haiku.dynamic_unroll, which takes no lengths."""
    if lengths is not None:
        raise ValueError("Haiku's unroll takes no lengths: mask the state in a core of your own.")
    run = _transformed(layer.core).apply
    ys, states = [], []
    for k, params in enumerate(layer.params):
        state = None if start is None else tuple(jnp.asarray(part[k]) for part in start)
        outputs, state = run(params, xs[::-1] if k else xs, state)
        ys.append(np.asarray(outputs)[::-1] if k else np.asarray(outputs))
        states.append(
            [np.asarray(part) for part in (state if isinstance(state, tuple) else (state,))]
        )
    return Reading(
        np.concatenate(ys, -1), tuple(np.stack(part) for part in zip(*states, strict=True))
    )


def _transformed(core: Callable[[], haiku.RNNCore]) -> haiku.Transformed:
    def unroll(xs: Array, start: tuple | None) -> tuple:
        cell = core()
        first = cell.initial_state(xs.shape[1])
        if start is not None:
            first = type(first)(*start) if isinstance(first, tuple) else start[0]
        return haiku.dynamic_unroll(cell, jnp.asarray(xs), first)

    return haiku.without_apply_rng(haiku.transform(unroll))

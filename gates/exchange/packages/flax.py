"""Flax' recurrent cells, of nnx and of linen, each read by its framework's own RNN."""

from dataclasses import dataclass

import flax.linen as linen
import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx
from numpy import ndarray as Array

from gates.exchange.packages import Arrays
from gates.exchange.reading import Reading
from gates.exchange.rows import ROWS, Row


@dataclass(frozen=True)
class Filled:
    """Cells of linen, which hold no parameters, with those of each direction."""

    cell: linen.RNNCellBase
    params: tuple[dict, ...]


def made(row: Row, I: int, H: int, both: bool = False, seed: int = 0) -> object:
    """A tuple of one or two cells of nnx, or the like of linen, with Flax' initial values."""
    style, kind = row.layer.split(".")
    if style == "nnx":
        rngs = nnx.Rngs(seed)
        return tuple(getattr(nnx, kind)(I, H, rngs=rngs) for _ in range(1 + both))
    cell = getattr(linen, kind)(H)
    x = jnp.zeros((1, I))
    carry = cell.initialize_carry(jax.random.key(0), x.shape)
    keys = jax.random.split(jax.random.key(seed), 1 + both)
    return Filled(cell, tuple(cell.init(key, carry, x)["params"] for key in keys))


def row_of(layer: object) -> Row | None:
    """The row of a cell, of a tuple of cells, of nnx.RNN and nnx.Bidirectional; None with other activations."""
    style, cell = ("linen", layer.cell) if isinstance(layer, Filled) else ("nnx", _cells(layer)[0])
    squash = (getattr(cell, name, None) for name in ("gate_fn", "activation_fn"))
    if any(one not in (None, jax.nn.sigmoid, jax.nn.tanh, jnp.tanh) for one in squash):
        return None
    return ROWS.get(f"flax {style}.{type(cell).__name__}")


def arrays(layer: object) -> list[dict[str, Array]]:
    """Flax' arrays by path, such as hf/bias, for each direction."""
    if isinstance(layer, Filled):
        return [_flat(params) for params in layer.params]
    states = [nnx.to_pure_dict(nnx.state(cell, nnx.Param)) for cell in _cells(layer)]
    return [_flat(state) for state in states]


def put(layer: object, new: Arrays) -> object:
    """The layer with these arrays; one of nnx is changed."""
    trees = [_nested(of_direction) for of_direction in new]
    if isinstance(layer, Filled):
        return Filled(layer.cell, tuple(trees))
    for cell, tree in zip(_cells(layer), trees, strict=True):
        state = nnx.state(cell, nnx.Param)
        nnx.replace_by_pure_dict(state, tree)
        nnx.update(cell, state)
    return layer


def read(
    layer: object,
    xs: Array,
    lengths: Array | None = None,
    start: tuple[Array, ...] | None = None,
) -> Reading:
    """What the layer makes of a batch, through nnx.RNN or linen.RNN, in both directions if it has two cells."""
    lengths = None if lengths is None else jnp.asarray(lengths)
    count = len(layer.params) if isinstance(layer, Filled) else len(_cells(layer))
    ys, states = [], []
    for k in range(count):
        carry = None if start is None else _carry([jnp.asarray(part[k]) for part in start])
        options = dict(initial_carry=carry, seq_lengths=lengths, return_carry=True, time_major=True)
        if isinstance(layer, Filled):
            reader = linen.RNN(layer.cell, reverse=k == 1, keep_order=True)
            carry, outputs = reader.apply({"params": {"cell": layer.params[k]}}, xs, **options)
        else:
            reader = nnx.RNN(_cells(layer)[k], reverse=k == 1, keep_order=True)
            carry, outputs = reader(jnp.asarray(xs), **options)
        ys.append(outputs)
        states.append(_carry(carry if isinstance(carry, tuple) else [carry]))
    states = [one if isinstance(one, tuple) else (one,) for one in states]
    parts = tuple(np.stack([np.asarray(one) for one in part]) for part in zip(*states, strict=True))
    return Reading(np.concatenate([np.asarray(one) for one in ys], -1), parts)


def _carry(parts: list | tuple) -> object:
    """Flax' (c, h) from (h, c), and the other way round."""
    return tuple(reversed(parts)) if len(parts) > 1 else parts[0]


def _cells(layer: object) -> tuple:
    if isinstance(layer, nnx.Bidirectional):
        return (layer.forward_rnn.cell, layer.backward_rnn.cell)
    if isinstance(layer, nnx.RNN):
        return (layer.cell,)
    return layer if isinstance(layer, tuple) else (layer,)


def _flat(tree: dict) -> dict[str, Array]:
    leaves, _ = jax.tree_util.tree_flatten_with_path(tree)
    return {"/".join(str(key.key) for key in path): np.asarray(leaf) for path, leaf in leaves}


def _nested(flat: dict[str, Array]) -> dict:
    tree: dict = {}
    for path, array in flat.items():
        *folders, name = path.split("/")
        place = tree
        for folder in folders:
            place = place.setdefault(folder, {})
        place[name] = jnp.asarray(array)
    return tree

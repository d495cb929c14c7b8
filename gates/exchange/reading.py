"""A sequence read as a framework would read it, in NumPy, from its arrays and its row of data alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy import ndarray as Array

from gates.backward import sigmoid
from gates.exchange.convert import Parts, unpack
from gates.exchange.rows import Row


@dataclass(frozen=True)
class Reading:
    """What a layer returned. ys: (T, B, D·H), directions side by side. state: its parts, (D, B, H) each, h first."""

    ys: Array
    state: tuple[Array, ...]


def read(
    row: Row,
    arrays: Sequence[Mapping[str, Array]],
    xs: Array,
    lengths: Sequence[int] | None = None,
    start: tuple[Array, ...] | None = None,
) -> Reading:
    """What the layer of that row makes of a batch.

    arrays: as the row stores them, for one direction or for two. xs: (T, B, I). lengths: of each sample; whatever is
    behind its end stands in the output as the row says. start: (D, B, H) each, h first; zeros by default.
    """
    T, B, _ = xs.shape
    lengths = np.full(B, T) if lengths is None else np.asarray(lengths)
    if row.at_end == "" and (lengths < T).any():
        raise ValueError(f"{row.name} cannot be told lengths.")
    ys, states = [], []
    for k, of_direction in enumerate(arrays):
        own = None if start is None else tuple(part[k] for part in start)
        turned = _turned(xs, lengths) if k else xs
        outputs, state = _one_way(row, unpack(of_direction, row), turned, lengths, own)
        ys.append(_turned(outputs, lengths) if k else outputs)
        states.append(state)
    # Keras repeats the last output after the end of one direction, and has zeros there in two.
    joined = np.concatenate(ys, -1)
    if len(arrays) > 1 and row.at_end == "last":
        joined = joined * (np.arange(T)[:, None, None] < lengths[None, :, None])
    return Reading(joined, tuple(np.stack(parts) for parts in zip(*states, strict=True)))


def step(parts: Parts, x: Array, state: tuple[Array, ...]) -> tuple[Array, ...]:
    """One step of the equations. x: (B, I). state: (B, H) each, h first."""
    h = state[0]
    side_x = {k: x @ parts.W[k].T + parts.b[k] for k in parts.W}
    if parts.kind.startswith("lstm"):
        a = {k: side_x[k] + h @ parts.U[k].T + parts.d[k] for k in parts.W}
        c = sigmoid(a["f"]) * state[1] + sigmoid(a["i"]) * np.tanh(a["g"])
        return sigmoid(a["o"]) * np.tanh(c), c
    if parts.kind.startswith("rnn"):
        a = side_x["n"] + h @ parts.U["n"].T + parts.d["n"]
        return (np.maximum(a, 0) if "max" in parts.kind else np.tanh(a),)
    r, z = (sigmoid(side_x[k] + h @ parts.U[k].T + parts.d[k]) for k in "rz")
    before = "before" in parts.kind
    inner = (
        (r * h) @ parts.U["n"].T + parts.d["n"]
        if before
        else r * (h @ parts.U["n"].T + parts.d["n"])
    )
    n = np.tanh(side_x["n"] + inner)
    return ((1 - z) * n + z * h,)


def _one_way(
    row: Row, parts: Parts, xs: Array, lengths: Array, start: tuple[Array, ...] | None
) -> tuple[Array, tuple[Array, ...]]:
    T, B, _ = xs.shape
    H = len(next(iter(parts.b.values())))
    zeros = tuple(np.zeros((B, H), xs.dtype) for _ in row.state)
    running = kept = start or zeros
    ys = np.zeros((T, B, H), xs.dtype)
    for t in range(T):
        going = (t < lengths)[:, None]
        running = step(parts, xs[t], running)
        kept = tuple(np.where(going, new, old) for new, old in zip(running, kept, strict=True))
        after = {"last": kept[0], "goes on": running[0]}.get(row.at_end, 0 * kept[0])
        ys[t] = np.where(going, running[0], after)
    return ys, kept


def _turned(xs: Array, lengths: Array) -> Array:
    """Each sample's own steps in reverse; what is behind its end stays behind it, in reverse, as in Flax."""
    T, B, _ = xs.shape
    steps = (lengths[None] - 1 - np.arange(T)[:, None]) % T
    return xs[steps, np.arange(B)[None]]

"""From the arrays of one framework to those of another, both ways made of the same row of data."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from einops import EinopsError, rearrange
from numpy import ndarray as Array

from gates.exchange.rows import GATES, ROWS, Row, Stored


class CannotCome(ValueError):
    """Weights that have no counterpart in the other framework; the sentence says why."""


@dataclass(frozen=True)
class Parts:
    """The weights of one layer in one direction, by gate, as the equations have them.

    kind: what they compute, as `Row.kind`. W: (H, I), U: (H, H), b and d: (H,) for each gate; d is 0 where a framework
    has one bias. z is the share of the old state, and nothing is added to f.
    """

    kind: str
    W: dict[str, Array]
    U: dict[str, Array]
    b: dict[str, Array]
    d: dict[str, Array]


def convert(arrays: Mapping[str, Array], source: str, target: str) -> dict[str, Array]:
    """The arrays of one layer in one direction, as another framework stores them.

    arrays: by name, as the row `source` of ROWS has them. target: the name of a row. What both store in the same form
    comes back bit by bit. Where the target has one bias, it is the sum of the two, and the way back puts that sum into
    the first. Raises CannotCome where the target computes something else, and ValueError on arrays that do not fit.
    """
    return pack(unpack(arrays, row(source)), row(target))


def row(name: str) -> Row:
    """The row of that name. Raises ValueError."""
    if name not in ROWS:
        raise ValueError(f"There is no row {name!r}: the rows are {', '.join(ROWS)}.")
    return ROWS[name]


def unpack(arrays: Mapping[str, Array], source: Row) -> Parts:
    """The weights by gate, of arrays as that row stores them. Raises ValueError on arrays that do not fit."""
    arrays = {name: np.asarray(array) for name, array in arrays.items()}
    H = _units(arrays, source)
    found: dict[str, dict[str, Array]] = {"W": {}, "U": {}, "b": {}, "d": {}}
    for stored in source.arrays:
        if stored.name not in arrays and stored.holds in ("b", "d", "b,d"):
            continue  # a layer without bias
        blocks = _blocks(arrays[stored.name], stored, source, H)
        for holds, of_gates in zip(_held(stored), _sides(blocks, stored, H), strict=True):
            found[holds] |= dict(zip(stored.gates or source.order, of_gates, strict=True))
    zero = np.zeros(H, found["W"][source.order[0]].dtype)
    for k in source.order:
        found["b"].setdefault(k, zero)
        found["d"].setdefault(k, zero)
    if source.offset:
        found["b"]["f"] = found["b"]["f"] + zero.dtype.type(source.offset)
    if source.z_keeps == "new":
        _turn_z(found)
    ordered = {holds: {k: of[k] for k in GATES[source.cell]} for holds, of in found.items()}
    return Parts(source.kind, **ordered)


def pack(parts: Parts, target: Row) -> dict[str, Array]:
    """The arrays as that row stores them. Raises CannotCome where it computes something else."""
    if parts.kind != target.kind:
        raise CannotCome(_why(parts.kind, target))
    of = {name: dict(getattr(parts, name)) for name in "WUbd"}
    own = {k for one in target.arrays if "d" in one.holds for k in one.gates or target.order}
    inside = "n" if target.reset == "after" else ""
    for k in set(target.order) - own:
        if k in inside and of["d"][k].any():
            raise CannotCome(
                f"{target.name} has no room for bias_hh of n, which r multiplies: only weights in which it is 0 "
                "can come along, or else they need an input that is always 1."
            )
        if of["d"][k].any():
            of["b"][k] = of["b"][k] + of["d"][k]
    if target.z_keeps == "new":
        _turn_z(of)
    if target.offset:
        of["b"]["f"] = of["b"]["f"] - of["b"]["f"].dtype.type(target.offset)
    return {one.name: _array(of, one, target) for one in target.arrays}


def _why(kind: str, target: Row) -> str:
    if "gru" in kind and target.cell == "gru":
        one, other = ("after", "before") if target.reset == "before" else ("before", "after")
        return (
            f"These weights are of a GRU whose reset gate acts {one} the product with the matrix, and in {target.name} "
            f"it acts {other} it: with the same weights the two compute different things. Train anew, or take a layer "
            "of the same form."
        )
    return f"These weights are of another cell, {kind}, than {target.name}, {target.kind}."


def _turn_z(of: dict[str, dict[str, Array]]) -> None:
    """1 − σ(a) = σ(−a): the other polarity of z is the other sign of all that makes its pre-activation."""
    for name in "WUbd":
        of[name]["z"] = -of[name]["z"]


def _held(stored: Stored) -> list[str]:
    return stored.holds.replace("|", ",").split(",")


def _units(arrays: Mapping[str, Array], source: Row) -> int:
    """H, from the first array that holds matrices. Raises ValueError if one is missing, or one too many."""
    biases = [one.name for one in source.arrays if one.holds[0] in "bd"]
    matrices = [one.name for one in source.arrays if one.name not in biases]
    wanted = [*matrices, *biases] if any(name in arrays for name in biases) else matrices
    listed = ", ".join(one.name for one in source.arrays)
    if missing := [name for name in wanted if name not in arrays]:
        raise ValueError(f"{source.name} stores {listed}: {', '.join(missing)} is missing.")
    if unknown := arrays.keys() - {*matrices, *biases}:
        raise ValueError(f"{source.name} stores {listed}, and not {', '.join(sorted(unknown))}.")
    first = source.arrays[0]
    axis = 0 if first.shape.endswith(" i") else -1
    return arrays[first.name].shape[axis] // len(first.gates or source.order)


def _blocks(array: Array, stored: Stored, source: Row, H: int) -> Array:
    """The array with its axes apart: (gates, units, inputs), (gates, units) or (sides, gates, units)."""
    gates = len(stored.gates or source.order)
    apart = "s g u" if "," in stored.holds else "g u i" if "i" in stored.shape else "g u"
    shape = stored.shape if "g" in stored.shape else stored.shape.replace("u", "(g u)")
    sizes = {"g": gates, "u": H} | ({"s": 2} if "s" in shape else {})
    try:
        return rearrange(array, f"{shape} -> {apart}", **sizes)
    except EinopsError as problem:
        raise ValueError(
            f"{stored.name} of {source.name} stands as {stored.shape} with {gates} gates of {H} units, and this one "
            f"has the shape {tuple(array.shape)}."
        ) from problem


def _sides(blocks: Array, stored: Stored, H: int) -> list[Array]:
    """What an array holds, one after the other."""
    if stored.holds == "b,d":
        return list(blocks)
    if stored.holds == "W|U":
        return np.split(blocks, [blocks.shape[-1] - H], axis=-1)
    return [blocks]


def _array(of: dict[str, dict[str, Array]], stored: Stored, target: Row) -> Array:
    gates = stored.gates or target.order
    held = [np.stack([of[name][k] for k in gates]) for name in _held(stored)]
    blocks = (
        np.concatenate(held, -1)
        if "|" in stored.holds
        else np.stack(held)
        if "," in stored.holds
        else held[0]
    )
    apart = "s g u" if "," in stored.holds else "g u i" if blocks.ndim == 3 else "g u"
    shape = stored.shape if "g" in stored.shape else stored.shape.replace("u", "(g u)")
    return np.ascontiguousarray(rearrange(blocks, f"{apart} -> {shape}"))

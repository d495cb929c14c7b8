"""Initial values drawn as each framework draws them, without the framework."""

import numpy as np
from numpy import ndarray as Array

from gates.exchange.rows import CUT, Row, Stored


def drawn(row: Row, I: int, H: int, generator: np.random.Generator) -> dict[str, Array]:
    """New arrays of a layer, as the row says that its framework starts them, float64.

    I, H: the sizes of inputs and state. Raises ValueError for a format, which has no initial values.
    """
    arrays = {}
    for one in row.arrays:
        if one.start is None:
            raise ValueError(f"{row.name} is a format: what a file holds was learned elsewhere.")
        shape = _shape(one, row, I, H)
        kind = one.start.words.split()[0].strip(",")
        arrays[one.name] = _KINDS[kind](shape, one.start.rms(I, H), H, generator)
        if row.start_f is not None and one.holds == "b":
            f = row.order.index("f")
            arrays[one.name][f * H : (f + 1) * H] = row.start_f
    return arrays


def _shape(one: Stored, row: Row, I: int, H: int) -> tuple[int, ...]:
    G = len(one.gates or row.order)
    sizes = {"g": G, "u": H, "s": 2, "i": {"W": I, "U": H, "W|U": I + H}.get(one.holds, 0)}
    found, product = [], None
    for word in one.shape.replace("(", "( ").replace(")", " )").split():
        if word == "(":
            product = 1
        elif word == ")":
            found.append(product)
            product = None
        elif product is None:
            found.append(sizes[word])
        else:
            product *= sizes[word]
    return tuple(found)


def _zero(shape: tuple, rms: float, H: int, generator: np.random.Generator) -> Array:
    return np.zeros(shape)


def _uniform(shape: tuple, rms: float, H: int, generator: np.random.Generator) -> Array:
    return generator.uniform(-rms * 3**0.5, rms * 3**0.5, shape)


def _normal(shape: tuple, rms: float, H: int, generator: np.random.Generator) -> Array:
    """Normal, drawn again beyond two deviations, and brought to the row's root mean square."""
    values = generator.normal(size=shape)
    while (far := np.abs(values) > 2).any():
        values[far] = generator.normal(size=far.sum())
    return rms / CUT * values


def _orthogonal(shape: tuple, rms: float, H: int, generator: np.random.Generator) -> Array:
    """Rows at right angles: of one matrix for all gates, or of a square for each."""
    Q, R = np.linalg.qr(generator.normal(size=(max(shape), min(shape))))
    Q = Q * np.sign(np.diag(R))
    return Q if shape[0] > shape[1] else Q.T


_KINDS = {"0": _zero, "uniform": _uniform, "normal": _normal, "orthogonal": _orthogonal}

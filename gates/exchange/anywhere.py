"""What a framework's layer makes of a batch, by the framework where it is installed, and without it elsewhere."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy import ndarray as Array

from gates.exchange import references
from gates.exchange.convert import unpack
from gates.exchange.packages import here, missing
from gates.exchange.reading import Reading, read
from gates.exchange.references import Reference
from gates.exchange.rows import MEASURED_WITH, Row

CALLED = {
    **{"torch": "PyTorch", "keras": "Keras", "onnxruntime": "onnxruntime"},
    **{"flax": "Flax", "equinox": "Equinox", "haiku": "Haiku"},
}


def either(row: Row, directions: int = 1) -> tuple[Reference, bool]:
    """The row's small arrays with what its layer made of them, and whether the framework did that just now.

    Where it is not installed, these are the numbers that it made when they were stored.
    """
    if missing(row.package):
        return references.stored(row, directions), False
    return references.made_now(row, directions), True


def run(
    row: Row,
    arrays: Sequence[Mapping[str, Array]],
    xs: Array,
    lengths: Sequence[int] | None = None,
    start: tuple[Array, ...] | None = None,
    in_front: bool = False,
) -> Reading:
    """What the row's layer makes of a batch with these arrays, as `read`; the framework runs where it is installed.

    Without it, NumPy computes what its row of data says, which tests hold to what the framework made. in_front: the
    padding stands before the first steps, where Keras can be told so. Raises ValueError for another framework.
    """
    if in_front and not row.at_front:
        raise ValueError(f"{row.name} has no mask for padding in front.")
    if missing(row.package):
        if in_front:
            return _behind(row, arrays, xs, lengths, start)
        return read(row, arrays, xs, lengths, start)
    package = here(row.package)
    I, H = xs.shape[-1], len(unpack(arrays[0], row).b[row.order[0]])
    layer = package.put(package.made(row, I, H, len(arrays) == 2), arrays)
    options = {"in_front": True} if in_front else {}
    return package.read(
        layer, xs, None if lengths is None else np.asarray(lengths), start, **options
    )


def said(row: Row) -> str:
    """Whose numbers those of `either` and `run` are, in a sentence."""
    name = CALLED[row.package]
    if missing(row.package):
        return (
            f"{name} is not installed here: these are the numbers that {name} {MEASURED_WITH[row.package]} makes, by its "
            "row of data; `python course.py frameworks` installs it."
        )
    return f"{name} {references.installed(row.package)} ran here."


def _behind(
    row: Row,
    arrays: Sequence[Mapping[str, Array]],
    xs: Array,
    lengths: Sequence[int],
    start: tuple[Array, ...] | None,
) -> Reading:
    """Padding in front, read without it: each sample's own steps, and zeros before them."""
    T, found = len(xs), []
    for b, length in enumerate(lengths):
        own = None if start is None else tuple(part[:, b : b + 1] for part in start)
        found.append(read(row, arrays, xs[T - length :, b : b + 1], None, own))
    ys = [np.pad(one.ys, ((T - len(one.ys), 0), (0, 0), (0, 0))) for one in found]
    states = zip(*(one.state for one in found), strict=True)
    return Reading(np.concatenate(ys, 1), tuple(np.concatenate(parts, 1) for parts in states))

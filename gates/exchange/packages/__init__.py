"""The layers of each framework, as the course makes, fills and runs them; one file a framework, loaded when it is used.

Each file has: `made(row, I, H, both)`, a layer with that framework's own initial values; `row_of(layer)`, its row or None;
`arrays(layer)`, a dictionary by name for each direction; `put(layer, arrays)`, the layer with these; and
`read(layer, xs, lengths, start)`, what it makes of a batch, as a `Reading`. xs is (T, B, I), float32.
"""

from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from numpy import ndarray as Array

Arrays = Sequence[Mapping[str, Array]]
NEEDS = {
    "torch": ("torch",),
    "keras": ("keras",),
    "onnxruntime": ("onnx", "onnxruntime"),
    "flax": ("jax", "flax"),
    "equinox": ("jax", "equinox"),
    "haiku": ("jax", "haiku"),
}
CALLED = {"haiku": "dm-haiku"}  # packages whose name to install is another


def missing(package: str) -> list[str]:
    """The names to install before that framework's layers can be made; none if it is there."""
    return [CALLED.get(name, name) for name in NEEDS[package] if find_spec(name) is None]


def here(package: str) -> ModuleType:
    """The file for that framework. Raises ImportError with what to install."""
    if lacks := missing(package):
        raise ImportError(
            f"{' and '.join(lacks)} {'is' if len(lacks) == 1 else 'are'} not installed here: "
            "`python course.py frameworks` installs all frameworks of this lesson."
        )
    return import_module(f"{__name__}.{package}")

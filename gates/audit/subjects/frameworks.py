"""Layers and cells of Keras, Flax, Equinox and Haiku, and recurrent nodes of ONNX, through the files of `gates.exchange.packages`."""

import inspect
import os
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import torch
from torch import Tensor

from gates.audit.atoms import Arrays
from gates.audit.subjects.target import CannotRun, Target
from gates.exchange.packages import NEEDS, here

_SHOWS = (
    "return_sequences",
    "return_state",
)  # what Keras' layers have to give back, for us to see it


def package_of(thing: object) -> str:
    """The package that a thing, its class or a class above it comes from; nothing for torch and for code by hand."""
    one = thing[0] if isinstance(thing, tuple) and thing else thing
    made_from = one if inspect.isclass(one) else type(one)
    places = [part for cls in made_from.__mro__ for part in cls.__module__.split(".")]
    return next((name for name in NEEDS if name in places and name != "torch"), "")


def made(thing: type, package: str, I: int, H: int) -> object:
    """A layer of a class of one of these frameworks, as `gates.exchange.packages` has it."""
    _ready(package)
    try:
        return _MAKERS[package](thing, I, H)
    except Exception as error:  # whatever its constructor raises, it is not ours
        lines = str(error).splitlines() or ["no message"]
        said = f"{type(error).__name__}: {lines[0][:160]}".rstrip(".")
        raise CannotRun(
            f"{thing.__name__} could not be made with {I} inputs and {H} units: {said}."
        ) from None


def _keras(thing: type, I: int, H: int) -> object:
    layer = thing(H)
    layer.build((None, None, I) if hasattr(layer, "cell") else (None, I))
    return layer


def _flax(thing: type, I: int, H: int) -> object:
    import jax
    import jax.numpy as jnp
    from flax import nnx

    if issubclass(thing, nnx.Module):
        return (thing(I, H, rngs=nnx.Rngs(0)),)
    cell = thing(H)
    x = jnp.zeros((1, I))
    carry = cell.initialize_carry(jax.random.key(0), x.shape)
    params = cell.init(jax.random.key(1), carry, x)["params"]
    return here("flax").Filled(cell, (params,))


def _equinox(thing: type, I: int, H: int) -> object:
    import jax

    return (thing(I, H, key=jax.random.key(0)),)


def _haiku(thing: type, I: int, H: int) -> object:
    import jax
    import jax.numpy as jnp

    package = here("haiku")

    def core():
        return thing(H)

    first = package._transformed(core).init
    return package.Filled(core, (first(jax.random.key(0), jnp.zeros((1, 1, I)), None),), None)


_MAKERS = {"keras": _keras, "flax": _flax, "equinox": _equinox, "haiku": _haiku}


def _ready(package: str) -> None:
    if package == "keras":
        os.environ.setdefault("KERAS_BACKEND", "torch")
    try:
        here(package)
    except ImportError as error:
        raise CannotRun(f"{error} Everything else can be audited without.") from None


def of_framework(thing: object, package: str, name: str) -> Target:
    """The target that a live layer is. Its arrays are put back after each call."""
    _ready(package)
    adapter = here(package)
    layer = (thing,) if package == "equinox" and not isinstance(thing, tuple) else thing
    try:
        held = adapter.arrays(layer)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise CannotRun(
            f"{name} of {package} is no layer or cell that can be filled: {error}."
        ) from None
    several = len(held) > 1
    keys = [(k, one) for k, of in enumerate(held) for one in of]
    names = [f"{one}_l0{'_reverse' if k else ''}" if several else one for k, one in keys]
    sizes = [tuple(held[k][one].shape) for k, one in keys]

    def call(arrays: Arrays, xs: Tensor, start=None, lengths=None) -> tuple:
        new: list[dict] = [{} for _ in held]
        for (k, one), called in zip(keys, names, strict=True):
            new[k][one] = arrays[called].detach().numpy().astype(np.float32)
        if isinstance(start, Tensor):
            start = (start,)
        if start is not None and any(part.ndim != 3 for part in start):
            raise ValueError("a start has an axis of directions")
        if start is not None:
            start = tuple(part.numpy().astype(np.float32) for part in start)
        ends = None if lengths is None else lengths.numpy()
        before = adapter.arrays(layer)
        try:
            filled = adapter.put(layer, new)
            with _shown(filled):
                found = adapter.read(filled, xs.numpy().astype(np.float32), ends, start)
        finally:
            adapter.put(layer, before)
        return torch.tensor(found.ys), tuple(torch.tensor(part) for part in found.state)

    row = adapter.row_of(layer) if getattr(layer, "row", True) is not None else None
    return Target(
        name=name,
        shapes=dict(zip(names, sizes, strict=True)),
        call=call,
        differentiable=False,
        dtype=torch.float32,
        told={"row": row, "state": ("c", "h") if package == "flax" else ()},
        names=("xs", "start", "lengths"),
        framework=package,
        owner="",
        forms=("time",),
    )


@contextmanager
def _shown(layer: object) -> Iterator[None]:
    """Let Keras' layers give back all outputs and the state while they are read."""
    inner = [layer, *(getattr(layer, n, None) for n in ("forward_layer", "backward_layer"))]
    before = [(o, n, getattr(o, n)) for o in inner for n in _SHOWS if hasattr(o, n)]
    try:
        for owner, name, _ in before:
            setattr(owner, name, True)
        yield
    finally:
        for owner, name, value in before:
            setattr(owner, name, value)

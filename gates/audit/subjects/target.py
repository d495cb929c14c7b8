"""What is handed in, as arrays with names and a call that takes them; everything goes in and out as torch tensors."""

import contextlib
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor, nn
from torch.func import functional_call

from gates.audit.atoms import Arrays, Shapes


class CannotRun(Exception):
    """What is handed in cannot be audited; the message is a sentence that says why."""


@dataclass
class Target:
    """A thing that can be called with arrays of one's choice.

    call: (arrays, *arguments, **by_name) -> what the thing returns. shapes: of its arrays, in their order. sizes: I and H
    where they are known. differentiable: whether torch's autograd goes through it. told: what it says of itself, such as
    batch_first. names: its parameters' names, for lengths and masks. owner: how code reaches an array, a format of its name.
    """

    name: str
    shapes: Shapes
    call: Callable
    I: int | None = None
    H: int | None = None
    differentiable: bool = True
    dtype: torch.dtype = torch.float64
    told: dict[str, object] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    framework: str = "by hand"
    owner: str = "{}"
    draws: bool = False
    forms: tuple[str, ...] = ()


@contextlib.contextmanager
def in_peace(dtype: torch.dtype) -> Iterator[None]:
    """Torch's random state and default type are afterward what they were."""
    before = torch.get_default_dtype()
    kept = np.random.get_state()
    try:
        torch.set_default_dtype(dtype)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            np.random.seed(0)
            yield
    finally:
        torch.set_default_dtype(before)
        np.random.set_state(kept)


TOLD = ("batch_first", "bidirectional", "num_layers", "reset_after", "return_sequences")


def of_module(module: nn.Module, dtype: torch.dtype) -> Target:
    """A torch module; a copy of it is called, or, where it cannot be copied, itself with other arrays."""
    sizes = (int(getattr(module, n, 0) or 0) for n in ("input_size", "hidden_size"))
    I, H = (n or None for n in sizes)
    own, arrays = module, dict(module.named_parameters())
    if any(isinstance(p, nn.UninitializedParameter) for p in arrays.values()):
        raise CannotRun("Its parameters have no shapes yet: call it once, and audit it then.")
    try:
        own = copy.deepcopy(module).to(dtype).eval()
        own.zero_grad(set_to_none=True)
    except (RuntimeError, TypeError, NotImplementedError):
        pass  # e.g. it holds a state with a graph behind it; then it is called as it is, in its own mode
    if not arrays:
        return of_object(module, dtype)

    def call(arrays: Arrays, *given: object, **named: object) -> object:
        with in_peace(dtype):
            return functional_call(own, arrays, given, named)

    return Target(
        name=type(module).__name__,
        shapes={name: tuple(p.shape) for name, p in arrays.items()},
        call=call,
        I=I,
        H=H,
        dtype=dtype,
        told={k: getattr(module, k) for k in TOLD if hasattr(module, k)},
        names=_parameters(type(module).forward),
        framework="torch.nn" if type(module).__module__.startswith("torch.nn") else "by hand",
        owner="thing.{}",
        draws=any(isinstance(m, nn.Dropout) and m.p > 0 for m in module.modules())
        or bool(getattr(module, "dropout", 0)) * (getattr(module, "num_layers", 1) > 1),
    )


METHODS = ("__call__", "forward", "step", "forward_step", "call", "cell", "forward_pass")


def of_object(thing: object, dtype: torch.dtype) -> Target:
    """An object that holds its arrays as attributes: tensors, or NumPy's."""
    try:
        own = copy.deepcopy(thing)
    except (RuntimeError, TypeError) as error:
        raise CannotRun(f"It holds no parameters, and cannot be copied: {error}.") from None
    places = dict(_places(own))
    if not places:
        raise CannotRun("It holds no arrays: there is nothing in it that could be a weight.")
    method = next((m for m in METHODS if callable(getattr(own, m, None))), None)
    if method is None:
        raise CannotRun(f"It has no method to call: none of {', '.join(METHODS)}.")
    function = getattr(own, method)
    numpy = all(isinstance(holder[key], np.ndarray) for holder, key in places.values())

    def call(arrays: Arrays, *given: object, **named: object) -> object:
        for name, (holder, key) in places.items():
            holder[key] = arrays[name].detach().numpy().copy() if numpy else arrays[name]
        given = _numpy(given) if numpy else given
        with in_peace(dtype):
            return _tensors(function(*given, **named))

    return Target(
        name=type(thing).__name__,
        shapes={name: tuple(holder[key].shape) for name, (holder, key) in places.items()},
        call=call,
        differentiable=not numpy,
        dtype=dtype,
        names=_parameters(function),
        owner="thing.{}",
    )


def _places(thing: object) -> Iterator[tuple[str, tuple[dict, object]]]:
    """Where an object holds arrays of floating-point numbers: attributes, and what stands in their dicts and lists."""
    for name, value in vars(thing).items():
        if _is_array(value):
            yield name, (vars(thing), name)
        elif isinstance(value, dict | list):
            items = value.items() if isinstance(value, dict) else enumerate(value)
            for key, inner in items:
                if _is_array(inner):
                    yield f"{name}[{key!r}]", (value, key)


def _is_array(value: object) -> bool:
    if isinstance(value, np.ndarray):
        return value.dtype.kind == "f" and value.size > 0
    return isinstance(value, Tensor) and value.is_floating_point() and value.numel() > 0


def _numpy(value: object) -> object:
    if isinstance(value, Tensor):
        return value.detach().numpy()
    return type(value)(_numpy(part) for part in value) if isinstance(value, tuple) else value


def _tensors(value: object) -> object:
    if isinstance(value, np.ndarray):
        return torch.from_numpy(value.copy())
    if isinstance(value, tuple | list):
        return type(value)(_tensors(part) for part in value)
    return value


def _parameters(function: Callable) -> tuple[str, ...]:
    code = getattr(getattr(function, "__func__", function), "__code__", None)
    if code is None:
        return ()
    return code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]

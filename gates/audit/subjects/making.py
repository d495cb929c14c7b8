"""The subject that a class, an object or a function is."""

import inspect
import re
from collections.abc import Callable, Iterator

import torch
from torch import nn

from gates.audit.padding import full, named
from gates.audit.subjects.forms import Subject, subject_of
from gates.audit.subjects.frameworks import made, of_framework, package_of
from gates.audit.subjects.functions import of_function
from gates.audit.subjects.onnx import of_onnx
from gates.audit.subjects.target import CannotRun, Target, in_peace, of_module, of_object

I, H = 7, 5
_HIDDEN = re.compile(r"hid|unit|cell_size|state|d_model|n_h|_out|out_", re.IGNORECASE)
_INPUT = re.compile(r"in|feat|embed|n_x|d_x|vocab", re.IGNORECASE)
_OTHERS = {"num_layers": 1, "n_layers": 1, "layers": 1, "bias": True, "batch_first": False}
_OTHERS |= {"dropout": 0.0, "device": None, "dtype": None, "seq_len": 5, "batch_size": 3}
TYPES = (torch.float64, torch.float32)


def subjects(thing: object) -> Iterator[Subject]:
    """The subject that a thing is, in float64 or, where that does not work, in float32; CannotRun where it is none."""
    if isinstance(thing, bytes):
        yield _of_target(of_onnx(thing, "The file"))
        return
    if package := package_of(thing):
        yield _of_package(thing, package)
        return
    problem: CannotRun | None = None
    for dtype in TYPES:
        try:
            yield _subject(thing, dtype)
            return
        except CannotRun as error:
            problem = problem or error
    raise problem


def _of_package(thing: object, package: str) -> Subject:
    if inspect.isclass(thing):
        target = of_framework(made(thing, package, I, H), package, thing.__name__)
        return subject_of(target, [I], [H])
    one = thing[0] if isinstance(thing, tuple) else thing
    return _of_target(of_framework(thing, package, type(one).__name__))


def _subject(thing: object, dtype: torch.dtype) -> Subject:
    if inspect.isclass(thing):
        return _of_class(thing, dtype)
    if isinstance(thing, nn.Module):
        return _of_target(of_module(thing, dtype))
    if inspect.isroutine(thing):
        return of_function(thing, dtype)
    if not hasattr(thing, "__dict__"):
        raise CannotRun(f"{type(thing).__name__} is no layer, cell, class or function.")
    return _of_target(of_object(thing, dtype))


def _of_class(made_from: type, dtype: torch.dtype) -> Subject:
    problem: CannotRun | None = None
    for arguments in _arguments(made_from):
        try:
            with in_peace(torch.float32):
                thing = made_from(**arguments)
        except Exception as error:  # whatever its constructor raises, it is not ours
            said = f"{type(error).__name__}: {error}".splitlines()[0][:160].rstrip(".")
            given = ", ".join(f"{k}={v}" for k, v in arguments.items())
            problem = problem or CannotRun(f"{made_from.__name__}({given}) ended in {said}.")
            continue
        target = (
            of_module(thing, dtype) if isinstance(thing, nn.Module) else of_object(thing, dtype)
        )
        try:
            subject = _of_target(target, I, H)
        except CannotRun as error:
            problem = problem or error
            continue
        return subject
    raise problem or CannotRun(
        f"{made_from.__name__} cannot be made from an input and a hidden size."
    )


def _arguments(made_from: type) -> Iterator[dict[str, object]]:
    """Arguments to make a class with: the sizes by what their names suggest, then in either order."""
    try:
        parameters = list(inspect.signature(made_from).parameters.values())
    except (TypeError, ValueError):
        parameters = []
    torchs = issubclass(made_from, nn.RNNBase | nn.RNNCellBase)
    if torchs and not any(p.default is p.empty for p in parameters if p.kind in (1, 3)):
        yield {"input_size": I, "hidden_size": H}
        return
    needed = [p.name for p in parameters if p.default is p.empty and p.kind in (1, 3)]
    unknown = [name for name in needed if name not in _OTHERS]
    others = {name: _OTHERS[name] for name in needed if name in _OTHERS}
    optional = {p.name for p in parameters} - set(needed)
    if len(unknown) < 2:
        for first, second in (("input_size", "hidden_size"), ("in_features", "hidden_features")):
            if {first, second} <= optional | set(unknown):
                yield others | {first: I, second: H}
                return
    if len(unknown) > 2 or len(unknown) < 2:
        wants = ", ".join(needed) or "nothing"
        raise CannotRun(
            f"{made_from.__name__} takes {wants}: make one yourself and hand in the object, gates.audit(layer)."
        )
    one, two = unknown
    hidden_first = bool(_HIDDEN.search(one)) and not _HIDDEN.search(two)
    for a, b in ((H, I), (I, H)) if hidden_first else ((I, H), (H, I)):
        yield others | {one: a, two: b}


def _of_target(target: Target, width: int | None = None, hidden: int | None = None) -> Subject:
    _always_full(target)
    widths = [n for n in (target.I or width,) if n] or _guesses(target)
    hiddens = [n for n in (target.H or hidden,) if n] or _guesses(target)
    return subject_of(target, widths, hiddens)


def _always_full(target: Target) -> None:
    """Where lengths or a mask have to be said, say that there is no padding unless somebody says otherwise."""
    name, call = named(target.names), target.call
    if not name or target.names.index(name) > 2:
        return

    def with_lengths(arrays: dict, *given: object, **more: object) -> object:
        try:
            return call(arrays, *given, **more)
        except TypeError as error:
            if name in more or "missing" not in str(error) or len(given) != 1:
                raise
            a, b = given[0].shape[:2]
            for axes in ("batch", "time"):
                size = (b, a) if axes == "batch" else (a, b)
                try:
                    return call(arrays, *given, **{name: full(axes, name, *size)})
                except (RuntimeError, ValueError, IndexError):
                    continue
            raise

    target.call = with_lengths


def _guesses(target: Target) -> list[int]:
    """Sizes that may be I or H, from the shapes of the arrays: every axis, parts of it, and differences."""
    axes = sorted({n for shape in target.shapes.values() for n in shape if n > 0})
    found = list(axes)
    found += [n // G for n in axes for G in (3, 4) if n % G == 0]
    found += sorted({a - b for a in axes for b in (*axes, *found) if a > b})
    return list(dict.fromkeys(found))[:12]


Maker = Callable[[object], Subject]

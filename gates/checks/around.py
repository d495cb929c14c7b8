"""What is around an answer while it runs: nothing it shows appears, nothing it asks waits, and what it changes is put back."""

import builtins
import contextlib
import getpass
import io
import logging
import os
import random
import sys
import warnings
from collections.abc import Callable, Iterator
from typing import NoReturn

import numpy as np
import torch
from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import InteractiveShell


class Asks(RuntimeError):
    """Raised where a program would wait for somebody to type."""


def refuse(*_, **__) -> NoReturn:
    """In the place of `input` and its like: nothing in the course waits for somebody to type."""
    raise Asks(
        "Here nothing waits for somebody to type, so that Run All goes on: "
        "write the value into the code instead of asking for it."
    )


class _Dropped(io.TextIOBase):
    """A stream that swallows what is written to it."""

    def write(self, text: str) -> int:
        return len(text)


class _NothingTyped(io.TextIOBase):
    """A stream from which nothing can be read."""

    def read(self, *_) -> str:
        refuse()

    readline = readlines = __next__ = read


# What is put back: how to read it, and how to set it.


def _set_environ(before: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update(before)


def _set_device(before: torch.device) -> None:
    torch.set_default_device(None if before.type == "cpu" else before)


def _logging() -> tuple:
    root = logging.getLogger()
    return list(root.handlers), root.level, root.manager.disable


def _set_logging(before: tuple) -> None:
    root = logging.getLogger()
    root.handlers[:], root.level, root.manager.disable = before
    root.manager._clear_cache()


def _pictures() -> dict | None:
    matplotlib = sys.modules.get("matplotlib")
    settings = getattr(matplotlib, "rcParams", None)
    return (
        None if settings is None else dict.copy(settings)
    )  # reading by key would choose a backend


def _set_pictures(before: dict | None) -> None:
    if before is None:
        return
    pyplot, settings = sys.modules.get("matplotlib.pyplot"), sys.modules["matplotlib"].rcParams
    backend = before.get("backend")
    if pyplot and isinstance(backend, str) and backend != dict.get(settings, "backend"):
        pyplot.switch_backend(backend)
    dict.update(settings, before)


def _place() -> str | None:
    try:
        return os.getcwd()
    except OSError:  # a folder that is gone
        return None


def _set_place(before: str | None) -> None:
    if before is not None:
        with contextlib.suppress(OSError):
            os.chdir(before)


_KEPT: tuple[tuple[Callable, Callable], ...] = (
    (torch.get_default_dtype, torch.set_default_dtype),
    (torch.get_default_device, _set_device),
    (torch.is_grad_enabled, torch.set_grad_enabled),
    (torch.is_anomaly_enabled, torch.autograd.set_detect_anomaly),
    (torch.are_deterministic_algorithms_enabled, torch.use_deterministic_algorithms),
    (torch.get_float32_matmul_precision, torch.set_float32_matmul_precision),
    (torch.get_num_threads, torch.set_num_threads),
    (
        lambda: torch.is_autocast_enabled("cpu"),
        lambda before: torch.set_autocast_enabled("cpu", before),
    ),
    (lambda: torch.get_rng_state().numpy().tobytes(), lambda before: _set_rng(before)),
    (random.getstate, random.setstate),
    (lambda: dict(np.geterr()), lambda before: np.seterr(**before)),
    (np.get_printoptions, lambda before: np.set_printoptions(**before)),
    (lambda: dict(os.environ), _set_environ),
    (_place, _set_place),
    (lambda: list(sys.path), lambda before: sys.path.__setitem__(slice(None), before)),
    (sys.getrecursionlimit, sys.setrecursionlimit),
    (sys.gettrace, sys.settrace),
    (_logging, _set_logging),
    (_pictures, _set_pictures),
)


def _set_rng(before: bytes) -> None:
    torch.set_rng_state(torch.frombuffer(bytearray(before), dtype=torch.uint8))


def _differ(one: object, other: object) -> bool:
    try:
        return bool(one != other)
    except (ValueError, RuntimeError):  # arrays among the values
        return True


@contextlib.contextmanager
def put_back() -> Iterator[None]:
    """Put back what the block changes outside itself.

    That is torch's default type and device, gradients and autocast on or off, the random numbers of torch, NumPy and Python,
    NumPy's and matplotlib's settings, the environment, the folder one is in, the path of modules, logging and warnings.
    """
    before = [read() for read, _ in _KEPT]
    numpy_random = np.random.get_state()
    with warnings.catch_warnings():
        try:
            yield
        finally:
            np.random.set_state(numpy_random)
            for (read, write), value in zip(_KEPT, before, strict=True):
                if _differ(read(), value):
                    write(value)


@contextlib.contextmanager
def usual() -> Iterator[None]:
    """Compute as a fresh notebook does, whatever has been set in this one, and put that back."""
    with put_back():
        warnings.simplefilter("ignore")
        torch.set_default_dtype(torch.float32)
        if torch.get_default_device().type != "cpu":
            torch.set_default_device(None)
        torch.set_grad_enabled(True)
        torch.set_autocast_enabled("cpu", False)
        torch.autograd.set_detect_anomaly(False)
        np.seterr(divide="warn", over="warn", under="ignore", invalid="warn")
        yield


@contextlib.contextmanager
def _no_pictures() -> Iterator[None]:
    """No figure that the block makes is shown, or stays open; those that were open before stay as they were."""
    helpers = sys.modules.get("matplotlib._pylab_helpers")
    before = helpers.Gcf.figs.copy() if helpers else {}
    if helpers:
        helpers.Gcf.figs.clear()
    try:
        yield
    finally:
        helpers = sys.modules.get("matplotlib._pylab_helpers")
        if helpers:
            helpers.Gcf.destroy_all()
            helpers.Gcf.figs.update(before)


@contextlib.contextmanager
def _no_descriptors() -> Iterator[None]:
    """What is written past Python, to the descriptors of the terminal, goes nowhere."""
    kept = []
    try:
        nothing = os.open(os.devnull, os.O_WRONLY)
    except OSError:
        yield
        return
    for number in (1, 2):
        with contextlib.suppress(OSError):
            kept.append((os.dup(number), number))
            os.dup2(nothing, number)
    os.close(nothing)
    try:
        yield
    finally:
        for copy, number in kept:
            os.dup2(copy, number)
            os.close(copy)


@contextlib.contextmanager
def _swapped(owner: object, name: str, new: object) -> Iterator[None]:
    before = getattr(owner, name)
    setattr(owner, name, new)
    try:
        yield
    finally:
        setattr(owner, name, before)


@contextlib.contextmanager
def apart() -> Iterator[None]:
    """Nothing the block prints, shows, plots or logs appears; nothing in it waits for typing; what it changes is put back."""
    with contextlib.ExitStack() as stack:
        enter = stack.enter_context
        enter(put_back())
        warnings.simplefilter("ignore")
        logging.disable(logging.CRITICAL)
        enter(_no_descriptors())
        enter(contextlib.redirect_stdout(_Dropped()))
        enter(contextlib.redirect_stderr(_Dropped()))
        enter(_swapped(sys, "displayhook", lambda value: None))
        enter(_swapped(sys, "stdin", _NothingTyped()))
        enter(_swapped(sys, "breakpointhook", refuse))
        enter(_swapped(builtins, "input", refuse))
        enter(_swapped(getpass, "getpass", refuse))
        if InteractiveShell.initialized():
            shell = InteractiveShell.instance()
            enter(_swapped(shell, "display_pub", CapturingDisplayPublisher()))
            if hasattr(shell, "ask_exit"):  # which exit() and quit() call
                enter(_swapped(shell, "ask_exit", sys.exit))
        enter(_no_pictures())
        yield

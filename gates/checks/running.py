"""Calling a learner's function so that it can neither hang the notebook nor flood it."""

import contextlib
import ctypes
import io
import threading
import warnings
from collections.abc import Callable, Iterator


class TimeUp(BaseException):
    """Raised inside an answer that has run for too long. Not an Exception, so that `except Exception` lets it pass."""


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise TimeUp in this thread if the block takes longer than `seconds`; works on every system, without signals.

    Python code is stopped at its next instruction. A single call into compiled code is not cut short.
    """
    thread = ctypes.c_ulong(threading.get_ident())
    lock = threading.Lock()
    over = False

    def ring() -> None:
        with lock:
            if not over:
                ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, ctypes.py_object(TimeUp))

    timer = threading.Timer(seconds, ring)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        with lock:
            over = True
            timer.cancel()
            ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, None)


class _Dropped(io.TextIOBase):
    """A stream that swallows what is written to it."""

    def write(self, text: str) -> int:
        return len(text)


def call(function: Callable, arguments: tuple, seconds: float = 10.0) -> object:
    """What the function returns. Its printing and its warnings are dropped; TimeUp is raised after `seconds`."""
    with (
        contextlib.redirect_stdout(_Dropped()),
        contextlib.redirect_stderr(_Dropped()),
        warnings.catch_warnings(action="ignore"),
        time_limit(seconds),
    ):
        return function(*arguments)

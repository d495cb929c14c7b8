"""Calling a learner's function so that it can neither hang the notebook nor flood it."""

import ctypes
import dis
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType

from gates.checks.around import apart

_AGAIN = 0.05  # seconds until the next attempt to stop what would not be stopped


class TimeUp(BaseException):
    """Raised inside an answer that has run for too long. Not an Exception, so that `except Exception` lets it pass."""


class time_limit:
    """Raise TimeUp in this thread if the block takes longer than `seconds`.

    In the main thread, where the system has signals, this also ends waiting: sleep, a lock, a child that does not end.
    Elsewhere Python code is stopped at its next instruction. A single call into compiled code is not cut short. A block that
    catches TimeUp, as a bare `except:` does, is stopped again where nothing catches, and is not let pass at its end.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds, self.over, self.rings = seconds, False, 0
        self.ended, self.lock = threading.Event(), threading.Lock()

    def __enter__(self) -> "time_limit":
        self.thread = threading.get_ident()
        in_main = threading.current_thread() is threading.main_thread()
        self.signals = in_main and hasattr(signal, "pthread_kill")
        self.traced = sys.gettrace()
        if self.signals:
            self.before = signal.signal(signal.SIGALRM, self._stop)
        threading.Thread(target=self._watch, daemon=True).start()
        return self

    def __exit__(self, kind: type | None, problem: BaseException | None, trace: object) -> None:
        self.over = True
        with self.lock:
            self.ended.set()
        if self.rings:
            sys.settrace(self.traced)
        if self.signals:  # a signal on its way is taken here, and does nothing
            signal.signal(signal.SIGALRM, self.before or signal.SIG_DFL)
        else:
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self.thread), None)
        if self.rings and (kind is None or issubclass(kind, Exception)):
            raise TimeUp from problem

    def _watch(self) -> None:
        wait = self.seconds
        while not self.ended.wait(wait):
            with self.lock:
                if self.over:
                    return
                self.rings += 1
                if self.signals:
                    signal.pthread_kill(self.thread, signal.SIGALRM)
                else:
                    stop = ctypes.py_object(TimeUp)
                    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self.thread), stop)
            wait = _AGAIN

    def _stop(self, number: int, frame: FrameType | None) -> None:
        if self.over or (frame is not None and frame.f_code.co_filename == __file__):
            return
        if self.rings > 1:  # it was caught
            while frame is not None and frame.f_code.co_filename != __file__:
                frame.f_trace, frame.f_trace_opcodes = self._trace, True
                frame = frame.f_back
            sys.settrace(self._trace)
        raise TimeUp

    def _trace(self, frame: FrameType, event: str, _: object) -> Callable | None:
        """Raise TimeUp at the first instruction that stands in no `try`."""
        if self.over or frame.f_code.co_filename == __file__:
            return None
        if event != "exception" and not _is_caught(frame):
            raise TimeUp
        return self._trace


def _is_caught(frame: FrameType) -> bool:
    """Whether what is raised where the frame stands may be caught in it."""
    entries = dis.Bytecode(frame.f_code).exception_entries
    return any(e.start <= frame.f_lasti < e.end and not e.lasti for e in entries)


def call(function: Callable, arguments: tuple, seconds: float = 10.0) -> object:
    """What the function returns. Nothing it shows appears and what it changes is put back; TimeUp is raised after `seconds`."""
    with apart(), time_limit(seconds):
        return function(*arguments)

"""Calls in processes of their own, several at a time, with limits on time and memory, and nothing left of them."""

import contextlib
import io
import json
import multiprocessing
import os
import signal
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from pathlib import Path

import psutil

from gates.checks.grading import guards

SECONDS, MEGABYTES = 30.0, 1500  # for one call
_LOOK = 0.1  # seconds between two looks at memory
_ENDED = "Its process ended before it was done."
_STAY = 60  # seconds
_ROUNDS = 100  # of ending what starts anew while it is ended


@dataclass(frozen=True)
class Outcome:
    """What a call returned, or the problem in a sentence; and the seconds that it took."""

    value: object = None
    problem: str = ""
    seconds: float = 0.0


@dataclass
class _Call:
    """A call under way."""

    number: int
    process: multiprocessing.process.BaseProcess
    channel: Connection
    folder: tempfile.TemporaryDirectory
    parent: psutil.Process | None  # which forked it
    begun: float = field(default_factory=time.monotonic)


def cores() -> int:
    """How many processes can run at once here."""
    with contextlib.suppress(AttributeError):  # macOS and Windows do not say what they were given
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def calls(
    function: Callable,
    arguments: Iterable[tuple],
    jobs: int = 1,
    seconds: float = SECONDS,
    megabytes: int = MEGABYTES,
    longest: int = 100_000,
) -> Iterator[tuple[int, Outcome]]:
    """Call a function with each of these arguments, in up to `jobs` processes at once; outcomes as they come.

    function: one that can be imported, and that returns what JSON can hold. longest: the bytes of that.
    Whoever stops reading stops the calls that are under way.
    """
    waiting = iter(enumerate(arguments))
    running: deque[_Call] = deque()
    try:
        while True:
            while len(running) < max(1, jobs) and (following := next(waiting, None)):
                running.append(_started(*following, function, seconds, megabytes))
            if not running:
                return
            ends = [end for call in running for end in (call.channel, call.process.sentinel)]
            ready = wait(ends, timeout=_LOOK)
            for call in list(running):
                over = call.process.sentinel in ready  # a child of it may still hold the channel
                sent = call.channel in ready or (over and call.channel.poll())
                outcome = _outcome(call, sent, over, seconds, megabytes, longest)
                if outcome is not None:
                    running.remove(call)
                    _end(call)
                    yield call.number, outcome
    finally:
        while running:
            _end(running.popleft())


def _context() -> multiprocessing.context.BaseContext:
    """Processes forked from one that has imported what judging needs, where that can be had."""
    if "forkserver" in multiprocessing.get_all_start_methods():
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["gates.checks.grading.keeper"])
        return context
    return multiprocessing.get_context("spawn")


def _started(
    number: int, arguments: tuple, function: Callable, seconds: float, megabytes: int
) -> _Call:
    context = _context()
    folder = tempfile.TemporaryDirectory(prefix="gates-", ignore_cleanup_errors=True)
    mine, its = context.Pipe(duplex=False)
    process = context.Process(
        target=_work, args=(its, function, arguments, folder.name, seconds, megabytes)
    )
    with guards.few_variables():
        process.start()
    its.close()
    parent = None
    with contextlib.suppress(psutil.Error):
        parent = psutil.Process(process.pid).parent()
    return _Call(number, process, mine, folder, parent)


def _work(
    channel: Connection,
    function: Callable,
    arguments: tuple,
    folder: str,
    seconds: float,
    megabytes: int,
) -> None:
    """What the process does: nothing of it reaches the terminal, and its report is plain JSON."""
    import torch

    os.chdir(folder)
    os.environ.clear()
    os.environ.update(guards.variables(folder))
    tempfile.tempdir = folder
    sys.argv = [""]
    if hasattr(os, "setsid"):
        os.setsid()
    guards.adopt()
    guards.limit(seconds, megabytes)
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    sys.stdin, sys.stdout = io.StringIO(), os.fdopen(nothing, "w")
    sys.stderr = sys.stdout
    torch.set_num_threads(1)
    guards.shut_in(folder)
    try:
        report = {"value": function(*arguments)}
    except MemoryError:
        report = {
            "problem": f"It asked for more memory than the limit of {megabytes} MB lets it have."
        }
    channel.send_bytes(json.dumps(report).encode())
    time.sleep(_STAY)  # so that the parent finds what this process has started; it ends them all


def _outcome(
    call: _Call, sent: bool, over: bool, seconds: float, megabytes: int, longest: int
) -> Outcome | None:
    """How a call ended; None while it runs."""
    taken = time.monotonic() - call.begun
    if sent:
        return _report(call.channel, taken, longest)
    if over:
        return Outcome(problem=_ENDED, seconds=taken)
    if taken > seconds:
        return Outcome(problem=f"It was still running after {seconds:g} seconds.", seconds=taken)
    if taken > _LOOK and _resident(call.process.pid) > megabytes:
        return Outcome(problem=f"It took more than {megabytes} MB of memory.", seconds=taken)
    return None


def _report(channel: Connection, taken: float, longest: int) -> Outcome:
    """What the process sent, or why that cannot be used."""
    try:
        report = json.loads(channel.recv_bytes(longest))
        if isinstance(report, dict) and "value" in report:
            return Outcome(report["value"], "", taken)
        return Outcome(problem=str(report["problem"]), seconds=taken)
    except (EOFError, OSError):
        problem = _ENDED
    except (ValueError, KeyError, TypeError, RecursionError):
        problem = "Its process gave no report that can be read."
    return Outcome(problem=problem, seconds=taken)


def _end(call: _Call) -> None:
    """End a process, all that it has started, and all that was adopted from it."""
    with contextlib.suppress(psutil.Error):
        member = psutil.Process(call.process.pid)
        member.suspend()
        for _ in range(_ROUNDS):
            family = [one for one in _family(member) if not _dead(one)]
            if not family:
                break
            for one in family:
                _kill(one)
    with contextlib.suppress(OSError, AttributeError):
        os.killpg(call.process.pid, signal.SIGKILL)
    call.process.kill()
    call.process.join()
    call.channel.close()
    if call.parent is not None and call.parent.pid != os.getpid():
        _end_adopted(call.parent)
    call.folder.cleanup()


def _end_adopted(server: psutil.Process) -> None:
    """End the children of the server of forks that this program did not start: they were left by a call that is over."""
    known = {process.pid for process in multiprocessing.active_children()}
    with contextlib.suppress(psutil.Error):
        for child in _children(server):
            if child.pid not in known and not _dead(child):
                for one in (*_family(child), child):
                    _kill(one)


def _children(process: psutil.Process) -> list[psutil.Process]:
    """The processes that this one started. Linux keeps a list; elsewhere one has to look at all processes."""
    lists = list(Path(f"/proc/{process.pid}/task").glob("*/children"))
    if not lists:
        return process.children()
    found = []
    with contextlib.suppress(OSError, psutil.Error):
        for pid in [int(pid) for one in lists for pid in one.read_text().split()]:
            found.append(psutil.Process(pid))
    return found


def _family(process: psutil.Process) -> list[psutil.Process]:
    """The processes that this one started, and those that they started."""
    if Path("/proc/self/task").exists() and not _children(process):
        return []
    return process.children(recursive=True)


def _kill(process: psutil.Process) -> None:
    with contextlib.suppress(psutil.Error):
        process.kill()


def _dead(process: psutil.Process) -> bool:
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.Error:
        return True


def _resident(pid: int) -> float:
    """Megabytes that a process and its children hold."""
    total = 0
    with contextlib.suppress(psutil.Error):
        parent = psutil.Process(pid)
        for member in (parent, *_family(parent)):
            with contextlib.suppress(psutil.Error):
                total += member.memory_info().rss
    return total / 2**20

"""Start the process of a run, watch its time and memory, and say how it ended if it cannot say so itself."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from gates import processes
from gates.sweep import kept
from gates.sweep.job import Job

_LOOK = 0.2  # seconds between two looks
_LAST_LINES = 2000  # characters of what a run printed that are looked at for its last line


@dataclass(frozen=True)
class Limits:
    """What a run may take: seconds from where it begins, and megabytes of memory with all that it has started."""

    seconds: float = 3600.0
    megabytes: float = float("inf")


@dataclass(frozen=True)
class Sweeper:
    """The process that sweeps, so that a run on the same machine can end with it."""

    host: str
    pid: int
    begun: float

    @classmethod
    def this(cls) -> "Sweeper":
        return cls(socket.gethostname(), os.getpid(), psutil.Process().create_time())

    def is_gone(self) -> bool:
        """Whether it is known to have ended; of another machine's processes nothing is known."""
        if socket.gethostname() != self.host:
            return False
        try:
            process = psutil.Process(self.pid)
            return (
                abs(process.create_time() - self.begun) > 1
                or process.status() == psutil.STATUS_ZOMBIE
            )
        except psutil.NoSuchProcess:
            return True


class Gone(RuntimeError):
    """Nobody waits for a run any more."""


def run(job: Job, folder: str, limits: Limits, sweeper: Sweeper) -> str:
    """Run a job in a process of its own, unless its outcome is there. Returns the outcome as its file has it.

    The run itself writes its outcome down; this does so only for a run that was ended or ended without a word. A guard
    that is stopped, or whose sweeper is gone, ends the run and writes nothing.
    """
    where, log = Path(folder), Path(folder, f"{job.key}.log")
    if sweeper.is_gone():
        raise Gone("The sweep that wanted this run is gone.")
    where.mkdir(parents=True, exist_ok=True)
    if kept.read(where, job.key) is None:
        with log.open("ab") as printed:
            process = _started(job, where, printed)
            try:
                found = _watched(process, limits, sweeper)
            finally:
                _end(process)
        if found is None and kept.read(where, job.key) is None:
            found = kept.Outcome(kept.KILLED, _how_it_ended(process.returncode, log))
        if found is not None:
            kept.write(where, job.key, found.text())
    outcome = kept.read(where, job.key)
    if outcome.status == kept.FINISHED:
        with contextlib.suppress(FileNotFoundError):
            log.unlink()
    return outcome.text()


def _started(job: Job, folder: Path, printed: object) -> subprocess.Popen:
    """The process of a run, in a session of its own, so that Ctrl-C reaches the sweep and not its runs."""
    single = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "MKL", "OPENBLAS")}
    process = subprocess.Popen(
        [sys.executable, "-m", "gates.sweep.alone"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=printed,
        env=os.environ | single,
        start_new_session=True,
        text=True,
    )
    told = {"job": asdict(job), "folder": str(folder)}
    with contextlib.suppress(BrokenPipeError):  # killed at once: its return code says so
        process.stdin.write(json.dumps(told) + "\n")
        process.stdin.flush()
    return process


def _watched(process: subprocess.Popen, limits: Limits, sweeper: Sweeper) -> kept.Outcome | None:
    """Wait for the end of a run. Returns why it has to be ended, None if it ended by itself."""
    begun: list[float] = []
    line = threading.Thread(
        target=lambda: process.stdout.readline() and begun.append(time.monotonic()), daemon=True
    )
    line.start()
    while True:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_LOOK)
            return None
        if sweeper.is_gone():
            raise Gone("The sweep that wanted this run is gone.")
        if not begun:  # another process has this run, and we wait for it
            continue
        taken = time.monotonic() - begun[0]
        with contextlib.suppress(psutil.NoSuchProcess):
            megabytes = processes.resident(psutil.Process(process.pid))
            if megabytes > limits.megabytes:
                told = (
                    f"It held {megabytes:.0f} MB of memory, and {limits.megabytes:g} are the limit."
                )
                return kept.Outcome(kept.OVER_MEMORY, told, taken, megabytes)
            if taken > limits.seconds:
                told = f"It was still running after {limits.seconds:g} s."
                return kept.Outcome(kept.OVER_TIME, told, taken, megabytes)


def _end(process: subprocess.Popen) -> None:
    """End a run and all that it has started."""
    if process.poll() is None:
        with contextlib.suppress(psutil.NoSuchProcess):
            processes.end(psutil.Process(process.pid))
    process.wait()
    for pipe in (process.stdin, process.stdout):
        with contextlib.suppress(BrokenPipeError):
            pipe.close()


def _how_it_ended(code: int, log: Path) -> str:
    """What can be said of a process that ended without a word of its own."""
    if code < 0:
        return f"Its process was ended by {signal.Signals(-code).name}."
    last = log.read_text(encoding="utf-8", errors="replace")[-_LAST_LINES:].strip().splitlines()
    return f"Its process ended with code {code}" + (f": {last[-1]}" if last else ".")

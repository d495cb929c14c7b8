"""The process of one run: it makes its table, writes down how that ended, and ends when whoever started it does."""

import importlib
import json
import os
import sys
import threading
import time
import traceback
from pathlib import Path

import psutil
from filelock import FileLock

from gates import processes
from gates.sweep import kept
from gates.sweep.job import Job

BEGUN = "begun"
_LOOK = 0.2  # seconds between two looks at memory


def _end_with_the_guard() -> None:
    """Wait until the guard is gone, and end this run with all that it has started."""
    sys.stdin.read()
    processes.end(psutil.Process(), itself=False)
    os._exit(1)


class _Peak(threading.Thread):
    """The most memory that was seen of this process and its children."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.megabytes, self.over = 0.0, threading.Event()

    def run(self) -> None:
        while True:
            self.megabytes = max(self.megabytes, processes.resident(psutil.Process()))
            if self.over.wait(_LOOK):
                return


def outcome(job: Job) -> kept.Outcome:
    """Call the job's function; what it raises is an outcome, too."""
    begun, peak = time.monotonic(), _Peak()
    peak.start()
    status, told, rows = kept.FAILED, "", ""
    try:
        module, _, name = job.call.partition(":")
        rows = kept.as_text(getattr(importlib.import_module(module), name)(**job.arguments))
        status = kept.FINISHED
    except kept.Failed as problem:
        told = str(problem)
    except Exception as problem:
        traceback.print_exc()
        first = str(problem).strip().splitlines() or [""]
        told = f"{type(problem).__name__}: {first[0]}".removesuffix(": ")
    seconds = time.monotonic() - begun
    peak.over.set()
    peak.join()
    return kept.Outcome(status, told, seconds, peak.megabytes, rows)


def main() -> None:
    """Read a job and a folder from the guard; run it, unless another process does or has; say when it begins."""
    channel = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what the run prints goes where its errors go
    told = json.loads(sys.stdin.readline())
    job, folder = Job(**told["job"]), Path(told["folder"])
    threading.Thread(target=_end_with_the_guard, daemon=True).start()
    with FileLock(folder / f"{job.key}.lock"):
        if kept.read(folder, job.key) is None:
            print(BEGUN, file=channel, flush=True)
            kept.write(folder, job.key, outcome(job).text())
    sys.stderr.flush()
    os._exit(0)  # a thread still waits for the guard


if __name__ == "__main__":
    main()

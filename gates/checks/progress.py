"""What the learner has passed and met: a small JSON file on this machine, sent nowhere.

GATES_HOME says in which folder it lies; without it, `.gates` in the home folder.
"""

import contextlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock


def path() -> Path:
    """Where the progress file is."""
    return Path(os.environ.get("GATES_HOME") or Path.home() / ".gates") / "progress.json"


def _is_a_record(value: object) -> bool:
    """Whether this is what `changing` writes."""
    if not isinstance(value, dict) or value.keys() != {"exercises", "predictions"}:
        return False
    if not all(isinstance(part, dict) for part in value.values()):
        return False
    exercises, predictions = value["exercises"].values(), value["predictions"].values()
    known = {"status", "failures", "seen", "mistakes"}
    return all(isinstance(e, dict) and e.keys() == known for e in exercises) and all(
        isinstance(p, dict) and "guess" in p for p in predictions
    )


def read() -> dict:
    """The progress so far. A file that cannot be read is put aside under another name, and an empty one begins."""
    file = path()
    try:
        record = json.loads(file.read_text(encoding="utf-8"))
        if _is_a_record(record):
            return record
    except FileNotFoundError:
        return {"exercises": {}, "predictions": {}}
    except ValueError:
        pass
    with contextlib.suppress(FileNotFoundError):
        file.replace(file.with_suffix(".damaged.json"))
    return {"exercises": {}, "predictions": {}}


NOT_SAVED = (OSError, ValueError)  # a full or write-protected disk, a lock that is not given up


@contextlib.contextmanager
def changing() -> Iterator[dict]:
    """Read the progress, let the block change it, write it: one notebook at a time, and all of it or nothing."""
    file = path()
    file.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(str(file) + ".lock", timeout=10):
        record = read()
        yield record
        partial = file.with_name(f"{file.name}.{os.getpid()}")
        partial.write_text(json.dumps(record, indent=1), encoding="utf-8")
        os.replace(partial, file)


def note(exercise: str, status: str, mistakes: tuple[str, ...] = ()) -> dict:
    """Record a verdict; returns the exercise's entry. What was passed once stays passed."""
    with changing() as record:
        entry = record["exercises"].setdefault(
            exercise, {"status": status, "failures": 0, "seen": False, "mistakes": []}
        )
        if status == "passed" or entry["status"] != "passed":
            entry["status"] = status
        if status != "passed":
            entry["failures"] += 1
        entry["mistakes"] = sorted({*entry["mistakes"], *mistakes})
    return entry


def seen(exercise: str) -> None:
    """Record that the course's answer to an exercise was shown."""
    with changing() as record:
        entry = record["exercises"].setdefault(
            exercise, {"status": "not attempted", "failures": 0, "seen": False, "mistakes": []}
        )
        entry["seen"] = True

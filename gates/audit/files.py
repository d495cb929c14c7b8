"""An audit of a thing in a file, in a process of its own with limits on time, memory and what it may touch."""

import sys
import threading
from pathlib import Path

from gates.audit.report import Report
from gates.audit.worker import audited, audited_bytes
from gates.checks.grading.apart import calls

SECONDS, MEGABYTES = 60.0, 2000
LARGEST, MOST = 200_000, 50  # bytes of a module that goes along, and how many


def of_file(place: str, seconds: float = SECONDS, megabytes: int = MEGABYTES) -> Report:
    """The report on FILE.py:Class, FILE.py:function or FILE.onnx."""
    file, colon, thing = place.rpartition(":")
    if not colon or not file.endswith(".py"):
        file, thing = place, ""
    path = Path(file)
    problem = _problem(path, thing)
    if problem:
        return Report(place, "could not run", sentences=(problem,))
    onnx = path.suffix == ".onnx"
    arguments = (path.read_bytes(), path.name) if onnx else (path.stem, thing, _beside(path))
    soon = threading.Timer(2.0, lambda: print("Still trying conventions …", file=sys.stderr))
    soon.start()
    try:
        ((_, outcome),) = calls(
            audited_bytes if onnx else audited, [arguments], 1, seconds, megabytes
        )
    finally:
        soon.cancel()
    if outcome.problem:
        return Report(thing or path.name, "could not run", sentences=(outcome.problem,))
    return Report.from_dict(outcome.value)


def _problem(path: Path, thing: str) -> str:
    if path.suffix not in (".py", ".onnx"):
        return f"{path} is no Python file: write FILE.py:Class, FILE.py:function or FILE.onnx."
    if not path.is_file():
        return f"There is no file {path}."
    if path.suffix == ".onnx":
        return ""
    if not thing:
        return f"Say which class or function of {path.name}: {path}:Name."
    if not path.stem.isidentifier():
        return f"{path.name} cannot be imported by its name: give it one of letters, digits and underscores."
    return ""


def _beside(path: Path) -> dict[str, str]:
    """The file, and what it may import from its own folder."""
    found = {}
    for other in (path, *sorted(path.parent.glob("*.py"))[:MOST]):
        if other.stem.isidentifier() and other.stat().st_size <= LARGEST:
            found[other.stem] = other.read_text(encoding="utf-8", errors="replace")
    return found

"""What the learner has passed and met: a small JSON file on this machine, sent nowhere.

`gates.home` says in which folder it lies. Whatever is in the file, a check goes on, and nothing is lost: what cannot be read is
put aside under another name, and the learner is told so once.
"""

import contextlib
import json
import math
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock

from gates import home
from gates.checks.verdict import NOT_ATTEMPTED, PASSED, RAISED, WRONG, WRONG_SHAPE

# A full or write-protected disk, a lock that is not given up, a file system without locks.
NOT_SAVED = (OSError, ValueError, NotImplementedError)
_STATUSES = {PASSED, NOT_ATTEMPTED, RAISED, WRONG_SHAPE, WRONG}
_news: list[str] = []


def path() -> Path:
    """Where the progress file is."""
    return home.home() / "progress.json"


def _other() -> Path | None:
    """The file of the same learner in the place that was used without a folder my_course; None if there is none."""
    other = home.outside() / "progress.json"
    return other if home.is_desk(home.home()) and other.exists() else None


def news() -> str:
    """What happened to the file and has not been told yet, in sentences; empty if nothing did."""
    told = " ".join(_news)
    _news.clear()
    return told


# What a file holds


def _texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(part, str) for part in value)


def _is_entry(entry: object) -> bool:
    """Whether this is what `note` writes of an exercise, perhaps with more."""
    return (
        isinstance(entry, dict)
        and entry.get("status") in _STATUSES
        and type(entry.get("failures")) is int
        and type(entry.get("seen")) is bool
        and _texts(entry.get("mistakes"))
        and _texts(entry.get("open", []))
    )


def _is_prediction(entry: object) -> bool:
    if not isinstance(entry, dict) or not isinstance(entry.get("guess"), str):
        return False
    return type(entry.get("right", True)) is bool and isinstance(entry.get("measured", ""), str)


def _is_wager(entry: object) -> bool:
    """Whether this is what a wager writes; once it is settled, with what was measured."""
    if not isinstance(entry, dict) or not _finite(entry, "low", "high"):
        return False
    measured = [name in entry for name in ("number", "measured_low", "measured_high", "held")]
    if not any(measured):
        return entry["low"] < entry["high"]
    if not all(measured) or not _finite(entry, "number", "measured_low", "measured_high"):
        return False
    held = entry["low"] <= entry["number"] <= entry["high"]
    return entry["low"] < entry["high"] and entry["held"] is held


def _finite(entry: dict, *names: str) -> bool:
    numbers = [entry.get(name) for name in names]
    return all(type(n) in (int, float) and math.isfinite(n) for n in numbers)


_FITS = {"exercises": _is_entry, "predictions": _is_prediction, "wagers": _is_wager}
_LATER = {"wagers"}  # parts that files of an earlier course do not have


def _empty() -> dict:
    return {part: {} for part in _FITS}


def _sound(value: object) -> tuple[dict, bool]:
    """What can be used of a file's content, and whether that is all of it."""
    if not isinstance(value, dict):
        return _empty(), False
    record, whole = {**value, **_empty()}, True
    for part, fits in _FITS.items():
        given = value.get(part, {} if part in _LATER else None)
        whole = whole and isinstance(given, dict)
        entries = given if isinstance(given, dict) else {}
        record[part] = {name: entry for name, entry in entries.items() if _fits(fits, entry)}
        whole = whole and len(record[part]) == len(entries)
    return record, whole


def _fits(fits: object, entry: object) -> bool:
    try:
        return fits(entry)
    except (TypeError, OverflowError):  # a status that is a list; a number that no float can hold
        return False


def _load(file: Path) -> tuple[dict, bool]:
    """What can be used of a file, and whether that is all of it. A file that cannot be opened raises OSError."""
    try:
        return _sound(json.loads(file.read_text(encoding="utf-8-sig")))
    except FileNotFoundError:
        return _empty(), True
    except (ValueError, RecursionError):  # no JSON, or one that is nested too deeply
        return _empty(), False


def _free(file: Path, word: str) -> Path:
    """A name beside the file that nobody uses yet."""
    names = (file.with_suffix(f".{word}{number or ''}.json") for number in [0, *range(2, 10_000)])
    return next(name for name in names if not name.exists())


def _put_aside(file: Path, record: dict) -> None:
    """Keep a copy of a file that is damaged, and say so."""
    kept = _free(file, "damaged")
    shutil.copyfile(file, kept)
    rest = any(record[part] for part in _FITS)
    what = "could be read only in part" if rest else "could not be read, so your map begins anew"
    _news.append(f"The file of your progress {what}. The old one is kept as {kept}.")


def _merged(mine: dict, other: dict) -> dict:
    """Two records of one learner as one. What was passed in either is passed; the guesses and wagers of the first stay."""
    exercises = dict(mine["exercises"])
    for name, entry in other["exercises"].items():
        both = [exercises[name], entry] if name in exercises else [entry]
        passed = [one for one in both if one["status"] == PASSED]
        exercises[name] = {
            **entry,
            **exercises.get(name, {}),
            "status": (passed or both)[0]["status"],
            "failures": max(one["failures"] for one in both),
            "seen": any(one["seen"] for one in both),
            "mistakes": sorted({mistake for one in both for mistake in one["mistakes"]}),
            "open": sorted({mistake for one in passed or both for mistake in still_open(one)}),
        }
    return {
        **other,
        **mine,
        "exercises": exercises,
        "predictions": {**other["predictions"], **mine["predictions"]},
        "wagers": {**other["wagers"], **mine["wagers"]},
    }


def still_open(entry: dict) -> list[str]:
    """The mistakes in an exercise's entry that were met since it was last passed."""
    return entry.get("open", [] if entry["status"] == PASSED else entry["mistakes"])


def overcome(entry: dict) -> list[str]:
    """The mistakes in an exercise's entry that were met before it was passed."""
    return [mistake for mistake in entry["mistakes"] if mistake not in still_open(entry)]


# Reading and writing


def read() -> dict:
    """The progress so far; never raises for what is in the file, or where it cannot be opened."""
    try:
        record, whole = _load(path())
        if whole and _other() is None:
            return record
    except OSError as problem:
        _news.append(f"{path()} cannot be read ({type(problem).__name__}).")
        return _empty()
    try:
        with changing() as record:
            pass
    except NOT_SAVED as problem:
        _news.append(f"The file {path()} cannot be put right ({type(problem).__name__}).")
    return record


@contextlib.contextmanager
def changing() -> Iterator[dict]:
    """Read the progress, let the block change it, write it: one notebook at a time, and all of it or nothing."""
    file = path()
    file.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(str(file) + ".lock", timeout=10):
        record, whole = _load(file)
        if not whole:
            _put_aside(file, record)
        record, other = _gathered(record)
        yield record
        _write(record, file)
        if other:
            _move_away(other)


def _gathered(record: dict) -> tuple[dict, Path | None]:
    """The record, with what the learner's other file holds; and that file, None if there is none that can be read."""
    other = _other()
    if other is None:
        return record, None
    try:
        return _merged(record, _load(other)[0]), other
    except OSError:
        return record, None


def _move_away(other: Path) -> None:
    """Give a file whose content is on the map another name, so that it is added once; where that fails, adding it again does no harm."""
    kept = _free(other, "moved")
    try:
        other.replace(kept)
    except OSError:
        return
    _news.append(
        f"What you did outside {home.DESK} is on your map now. Its file is kept as {kept}."
    )


def _write(record: dict, file: Path) -> None:
    partial = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        partial.write_text(json.dumps(record, indent=1), encoding="utf-8")
        os.replace(partial, file)
    finally:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)


def _entry_of(record: dict, exercise: str, status: str) -> dict:
    begun = {"status": status, "failures": 0, "seen": False, "mistakes": [], "open": []}
    return record["exercises"].setdefault(exercise, begun)


def note(exercise: str, status: str, mistakes: tuple[str, ...] = ()) -> dict:
    """Record a verdict; returns the exercise's entry. What was passed once stays passed.

    mistakes are all that were ever met; open, those met since the exercise was last passed.
    """
    with changing() as record:
        entry = _entry_of(record, exercise, status)
        entry["open"] = [] if status == PASSED else sorted({*still_open(entry), *mistakes})
        if status == PASSED or entry["status"] != PASSED:
            entry["status"] = status
        if status != PASSED:
            entry["failures"] += 1
        entry["mistakes"] = sorted({*entry["mistakes"], *mistakes})
    return entry


def seen(exercise: str) -> None:
    """Record that the course's answer to an exercise was shown."""
    with changing() as record:
        _entry_of(record, exercise, NOT_ATTEMPTED)["seen"] = True

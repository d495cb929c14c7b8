"""What the learner has passed and met: a small JSON file on this machine, sent nowhere.

GATES_HOME says in which folder it lies; without it, `.gates` in the home folder.
"""

import contextlib
import html
import json
import os
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock

from gates.checks.catalogue import CATALOGUE
from gates.checks.exercises import EXERCISES, LESSONS, PLANNED


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


class Map:
    """The map of lessons, for a notebook or a terminal."""

    def __init__(self, record: dict) -> None:
        self.record = record

    def _state(self, name: str) -> tuple[str, str]:
        entry = self.record["exercises"].get(name, {})
        if entry.get("status") == "passed":
            return "✓", "passed, after seeing the answer" if entry.get("seen") else "passed"
        if entry.get("seen"):
            return "◐", "answer seen"
        return ("◌", "tried") if entry.get("failures") else ("○", "open")

    def _rows(self) -> Iterator[tuple[str, str, str, str]]:
        """A row for each exercise of a lesson that has been begun, and one for each other lesson."""
        for number, title in LESSONS.items():
            asked = [name for name, task in EXERCISES.items() if task.lesson == number]
            asked = [name for name in asked if name not in PLANNED]
            states = {name: self._state(name) for name in asked}
            lesson = f"{number} {title}"
            if all(word == "open" for _, word in states.values()):
                yield lesson, f"{len(asked)} exercises", "○", "open"
                continue
            for name, (sign, word) in states.items():
                yield lesson, f"{name}: {EXERCISES[name].asks}", sign, word

    def _sentences(self) -> list[str]:
        met = [
            f"— {name}: {CATALOGUE[mistake].sentence}"
            for name, entry in self.record["exercises"].items()
            for mistake in entry["mistakes"]
            if mistake in CATALOGUE
        ]
        lines = ["Mistakes met on the way:", *met] if met else []
        settled = [p for p in self.record["predictions"].values() if "right" in p]
        if settled:
            lines.insert(
                0, f"Predictions: {sum(p['right'] for p in settled)} of {len(settled)} right."
            )
        return lines

    def __str__(self) -> str:
        return "\n".join(
            [
                *(
                    f"{sign} {lesson:22} {task} ({word})"
                    for lesson, task, sign, word in self._rows()
                ),
                *self._sentences(),
            ]
        )

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, str]:
        last, rows = "", ""
        for lesson, task, sign, word in self._rows():
            shown, last = ("" if lesson == last else lesson), lesson
            cells = "".join(
                f"<td style='text-align:left'>{html.escape(text)}</td>"
                for text in (task, f"{sign} {word}")
            )
            rows += (
                f"<tr><th scope='row' style='text-align:left'>{html.escape(shown)}</th>{cells}</tr>"
            )
        head = (
            "<tr>"
            + "".join(
                f"<th style='text-align:left'>{text}</th>"
                for text in ("lesson", "exercise", "state")
            )
            + "</tr>"
        )
        notes = "".join(f"<p>{html.escape(line)}</p>" for line in self._sentences())
        table = f"<table><caption>Your progress</caption><thead>{head}</thead><tbody>{rows}</tbody></table>"
        return {"text/plain": str(self), "text/html": table + notes}


def show() -> Map:
    """The map of lessons: what is passed, what was seen, which misconceptions were met."""
    return Map(read())

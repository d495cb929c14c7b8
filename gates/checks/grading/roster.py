"""The list of a class: who is missing, and who is not on it."""

import csv
import unicodedata
from collections.abc import Iterable
from pathlib import Path

_HEADINGS = {
    *("email", "full name", "id", "learner", "learners", "login", "name", "names", "student"),
    *("students", "user", "username"),
}


class BadRoster(Exception):
    """A roster that cannot be used; the text says in a sentence why, and what to do."""


def read(path: Path, column: str = "") -> list[str]:
    """The names on a roster, in order: a text file with a name a line, or a CSV file with commas, semicolons or tabs.

    column: the heading of the names' column; without it they are in the first, and a first line such as `name` is
    taken for a heading.
    """
    try:
        data = path.read_bytes()
    except OSError as problem:
        raise BadRoster(f"The roster {path} cannot be opened: {problem.strerror}.") from problem
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    try:
        text = data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")  # what Excel writes on many systems
    if data.startswith((b"PK", b"%PDF")) or "\0" in text:
        raise BadRoster(f"The roster {path} is no text: save it as CSV, and name that file.")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    first = next((line for line in lines if line.strip()), "")
    delimiter = max(";,\t", key=first.count)
    table = [row for row in csv.reader(lines, delimiter=delimiter) if any(map(str.strip, row))]
    if not table:
        raise BadRoster(f"The roster {path} is empty.")
    headings = [name.strip().lower() for name in table[0]]
    if column:
        if column.strip().lower() not in headings:
            listed = ", ".join(name.strip() for name in table[0])
            raise BadRoster(f"The roster has no column {column}; its first line has {listed}.")
        place, table = headings.index(column.strip().lower()), table[1:]
    else:
        place, table = 0, table[headings[0] in _HEADINGS :]
    names = [row[place].strip() for row in table if len(row) > place]
    return list(dict.fromkeys(name for name in names if name))


def missing(roster: Iterable[str], learners: Iterable[str]) -> list[str]:
    """Those on the roster who handed in nothing."""
    there = list(learners)
    return [name for name in roster if not any(same(name, learner) for learner in there)]


def unknown(roster: Iterable[str], learners: Iterable[str]) -> list[str]:
    """Those who handed in something and are not on the roster."""
    listed = list(roster)
    return [name for name in learners if not any(same(one, name) for one in listed)]


def same(name: str, learner: str) -> bool:
    """Whether a name of the roster is a learner's folder, also one to which a learning platform has added a number."""
    one, other = _bare(name), _bare(learner)
    return one == other or other.startswith(f"{one}_")


def _bare(name: str) -> str:
    return unicodedata.normalize("NFC", name).strip().casefold()

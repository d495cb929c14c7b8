"""What was handed in: every file of a folder that may hold answers, read into memory before any answer is run."""

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from gates.lessons import LESSONS

LARGEST = 30_000_000  # bytes of one file
LARGEST_CLASS = 500_000_000  # bytes of a zip file that holds a whole class
READ = (".ipynb", ".py", ".zip")
# What systems and editors leave beside people's work.
_LEFT_BEHIND = {
    *("__macosx", "__pycache__", ".ds_store", ".git", ".ipynb_checkpoints", ".jupyter", ".venv"),
    *("desktop.ini", "node_modules", "thumbs.db"),
}
_RESULTS = (".csv", ".html")  # of an earlier grading, or a roster, beside the learners' folders


@dataclass(frozen=True)
class HandIn:
    """A file of a learner: its bytes, or the problem with it in a sentence; nothing_in_it: if there is no file at all.

    place: where it lies in the folder, as it is shown. of_a_class: if it is a zip file that holds all learners' work.
    """

    learner: str
    place: str
    data: bytes = b""
    problem: str = ""
    nothing_in_it: bool = False
    of_a_class: bool = False

    @property
    def kind(self) -> str:
        return Path(self.place).suffix.lower()


def left_behind(name: str) -> bool:
    """Whether a file or a folder of this name is nobody's work."""
    return name.lower() in _LEFT_BEHIND or name.startswith("._")


def hand_ins(given: Path) -> Iterator[HandIn]:
    """The hand-ins in a folder, in order; of a single file, that file.

    A learner is a subfolder, or a file beside the subfolders; a folder, or a zip file, that holds all of these is none.
    Links are not followed, and a file that cannot be read is a hand-in with a problem; so is a learner without any file.
    """
    if not given.is_dir():
        found = _read(given, given.stem, given.name, LARGEST_CLASS)
        yield replace(found, of_a_class=found.kind == ".zip")
        return
    entries = _work(given)
    if len(entries) == 1 and _holds_all(entries[0]):
        for hand_in in _in(_work(Path(entries[0].path))):
            yield replace(hand_in, place=f"{entries[0].name}/{hand_in.place}")
    else:
        yield from _in(entries)


def _in(entries: list[os.DirEntry]) -> Iterator[HandIn]:
    for entry in entries:
        path = Path(entry.path)
        if entry.is_dir(follow_symlinks=False):
            yield from _of_learner(path, entry.name)
        elif len(entries) == 1 and path.suffix.lower() == ".zip":
            found = _read(path, path.stem, entry.name, LARGEST_CLASS)
            yield replace(found, of_a_class=True)
        elif path.suffix.lower() in READ or entry.is_symlink():
            yield _read(path, path.stem, entry.name)
        else:
            problem = no_answer(entry.name)
            yield HandIn(path.stem, entry.name, problem=problem, nothing_in_it=True)


def _work(folder: Path) -> list[os.DirEntry]:
    """What lies in the folder of a class, but for the results of an earlier grading, rosters and what systems leave."""
    return [
        entry
        for entry in _entries(folder)
        if not left_behind(entry.name)
        and (entry.is_dir(follow_symlinks=False) or not is_result(entry.name))
    ]


def _holds_all(entry: os.DirEntry) -> bool:
    """Whether the only thing in a folder is another that holds the learners' work, and is not a learner's own."""
    if not entry.is_dir(follow_symlinks=False):
        return False
    try:
        inside = _work(Path(entry.path))
    except OSError:
        return False
    if any(one.is_file(follow_symlinks=False) and is_of_lesson(one.name) for one in inside):
        return False
    return any(
        one.is_dir(follow_symlinks=False) or Path(one.name).suffix.lower() in READ for one in inside
    )


def is_of_lesson(name: str) -> bool:
    """Whether a file is named as the course's notebooks are, such as 03_x.ipynb: then its folder is one learner's."""
    start = re.match(r"(\d\d)(?!\d)", name)
    return bool(start) and start[1] in LESSONS and Path(name).suffix.lower() in READ


def is_result(name: str) -> bool:
    """Whether a file beside the learners' work is a table or a page, and nobody's answer."""
    return Path(name).suffix.lower() in _RESULTS


def no_answer(name: str) -> str:
    """What is said of a learner's only file that can hold no answer."""
    return f"{name} is no notebook, no Python file and no zip file."


def only(others: list[str]) -> str:
    """What is said of a folder that has only such files."""
    if not others:
        return "The folder is empty."
    listed = ", ".join(others[:3]) + (f" and {len(others) - 3} more" if others[3:] else "")
    return f"There is no notebook, Python file or zip file in it, only {listed}."


def _entries(folder: Path) -> list[os.DirEntry]:
    with os.scandir(folder) as entries:
        return sorted(entries, key=lambda entry: entry.name)


def _of_learner(folder: Path, learner: str) -> Iterator[HandIn]:
    others: list[str] = []
    some = False
    for place, path in _files(folder, learner):
        if isinstance(path, OSError):
            yield HandIn(learner, place, problem=f"It cannot be opened ({_why(path)}).")
        elif path.suffix.lower() in READ or path.is_symlink():
            yield _read(path, learner, place)
        else:
            others.append(place.split("/", 1)[1])
            continue
        some = True
    if not some:
        yield HandIn(learner, learner, problem=only(others), nothing_in_it=True)


def _files(folder: Path, place: str) -> Iterator[tuple[str, Path | OSError]]:
    """All files below a folder, and the folders that cannot be listed."""
    try:
        entries = _entries(folder)
    except OSError as problem:
        yield place, problem
        return
    for entry in entries:
        if left_behind(entry.name):
            continue
        inside = f"{place}/{entry.name}"
        if entry.is_dir(follow_symlinks=False):
            yield from _files(Path(entry.path), inside)
        else:
            yield inside, Path(entry.path)


def _read(path: Path, learner: str, place: str, largest: int = LARGEST) -> HandIn:
    """One file. What is no plain file, such as a pipe, is not waited for."""
    try:
        if path.is_symlink():
            what = "It is a link, and links are not followed: the file itself is needed."
            return HandIn(learner, place, problem=what)
        if not stat.S_ISREG(path.stat().st_mode):
            return HandIn(learner, place, problem="It is no plain file.")
        limit = largest if path.suffix.lower() == ".zip" else LARGEST
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except OSError as problem:
        return HandIn(learner, place, problem=f"It cannot be opened ({_why(problem)}).")
    if len(data) > limit:
        return HandIn(learner, place, problem=f"It has more than {limit // 10**6} MB.")
    return HandIn(learner, place, data)


def _why(problem: OSError) -> str:
    return problem.strerror or type(problem).__name__

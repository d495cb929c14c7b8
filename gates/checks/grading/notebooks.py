"""Files to code cells: notebooks, Python files with and without cell marks, and zip files of them."""

import ast
import io
import json
import re
import tokenize
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from gates.checks.finding import Cell
from gates.checks.grading.handins import LARGEST, READ, left_behind
from gates.checks.sources import UNREADABLE, plain

MOST_FILES, MOST_BYTES = 2_000, 200_000_000  # of all files in a zip file
NO_WORK = "There is no notebook and no Python file in it."
DEEPEST = 2  # a class in a zip file, each learner's in another
_PERCENT = re.compile(r"^#[ \t]*(?:%%|In\s?\[[\d ]*\]:)(.*)$", re.M)
_NO_ZIP = (
    *(zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError),
    *(OSError, ValueError, KeyError, OverflowError, MemoryError),
)


def files(place: str, data: bytes) -> Iterator[tuple[str, list[Cell] | str]]:
    """The cells of a file, or the problem with it in a sentence; of a zip file, those of each file in it."""
    for inside, content in contents(place, data):
        if content is not None:
            yield inside, content if isinstance(content, str) else cells(inside, content)


def cells(place: str, data: bytes) -> list[Cell] | str:
    """The cells of a notebook or a Python file, or the problem with it."""
    try:
        return (notebook if PurePosixPath(place).suffix.lower() == ".ipynb" else script)(data)
    except ValueError as problem:
        return str(problem)


def contents(place: str, data: bytes, deep: int = 0) -> Iterator[tuple[str, bytes | str | None]]:
    """A file itself; of a zip file each notebook and Python file in it, as its bytes or the problem with it, and None
    for each other file and folder in it.

    Nothing of a zip file is written anywhere: its names are names only. A folder's name ends in a slash.
    """
    if PurePosixPath(place).suffix.lower() != ".zip":
        yield place, data
        return
    if deep == DEEPEST:
        yield place, "It is a zip file in a zip file in a zip file: unpack it."
        return
    some, left = False, MOST_BYTES
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            kept = [(_name(entry), entry) for entry in archive.infolist()]
            kept = [(name, entry) for name, entry in kept if _is_work(name)]
            if len(kept) > MOST_FILES:
                yield place, f"It holds more than {MOST_FILES} files."
                return
            for name, entry in sorted(kept, key=lambda one: one[0]):
                inside = f"{place}/{name}"
                if not _may_answer(name):
                    yield inside, None
                    continue
                some = True
                if entry.flag_bits & 1:
                    yield inside, "It is encrypted."
                    continue
                with archive.open(entry) as file:
                    content = file.read(min(LARGEST, left) + 1)
                left -= len(content)
                if len(content) > LARGEST:
                    yield inside, f"It has more than {LARGEST // 10**6} MB."
                elif left < 0:
                    yield place, f"It unpacks to more than {MOST_BYTES // 10**6} MB."
                    return
                else:
                    yield from contents(inside, content, deep + 1)
    except _NO_ZIP as problem:
        yield place, f"It is a zip file that cannot be opened ({type(problem).__name__})."
        return
    if not some:
        yield place, NO_WORK


def _name(entry: zipfile.ZipInfo) -> str:
    """The name of an entry; some programs of Windows write backslashes between its parts."""
    return entry.filename.replace("\\", "/")


def _is_work(name: str) -> bool:
    return not any(left_behind(part) for part in PurePosixPath(name).parts)


def _may_answer(name: str) -> bool:
    return not name.endswith("/") and PurePosixPath(name).suffix.lower() in READ


def notebook(data: bytes) -> list[Cell]:
    """The code cells of a notebook, in any of Unicode's encodings; ValueError says what is wrong with a file that is none."""
    try:
        content = json.loads(data)
        if "worksheets" in content:  # as notebooks were stored until 2014
            content = {"cells": [c for sheet in content["worksheets"] for c in sheet["cells"]]}
        return [_cell(cell) for cell in content["cells"] if cell["cell_type"] == "code"]
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as problem:
        raise ValueError(f"It is no notebook ({type(problem).__name__}).") from problem


def _cell(cell: dict) -> Cell:
    source = cell["source"] if "source" in cell else cell["input"]
    source = "".join(source) if isinstance(source, list) else str(source)
    metadata = cell.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    tags = metadata.get("tags")
    tags = tuple(map(str, tags)) if isinstance(tags, list) else ()
    return Cell(source, str(cell.get("id") or metadata.get("id") or ""), tags)


def script(data: bytes) -> list[Cell]:
    """The cells of a Python file: those that `# %%` or `# In[1]:` mark, or else one for each statement."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        text = data.decode(encoding)
    except (SyntaxError, UnicodeDecodeError) as problem:
        raise ValueError("It is no text in the encoding that it names, or in UTF-8.") from problem
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    marks = list(_PERCENT.finditer(text))
    if not marks:
        return [Cell(part) for part in _statements(text)]
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    cells = [Cell(part) for part in _statements(text[: marks[0].start()])]
    for mark, end in zip(marks, ends, strict=True):
        about = mark[1]
        if re.search(r"\[(markdown|md|raw)\]", about):
            continue
        source = re.sub(r"^# (?=[%!])", "", text[mark.end() : end].strip("\n"), flags=re.M)
        id = re.search(r"\b(?:id|name)=\"([\w-]+)\"", about)
        tags = re.search(r"\btags=\[(.*?)\]", about)
        found = tuple(re.findall(r"\"([^\"]*)\"", tags[1])) if tags else ()
        cells.append(Cell(source, id[1] if id else "", found))
    return cells


def _statements(text: str) -> list[str]:
    """The statements of a file, each with the comments and decorators above it; all in one if Python cannot read them."""
    try:
        body = ast.parse(plain(text)).body
    except UNREADABLE:
        return [text]
    lines = plain(text).split("\n")
    ends = [node.end_lineno for node in body]
    starts = [0, *ends]
    parts = ["\n".join(lines[start:end]) for start, end in zip(starts, ends, strict=False)]
    return [part.strip("\n") for part in parts]

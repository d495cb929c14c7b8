"""The key of an edition: whether what it was built from is still the same."""

import hashlib
from pathlib import Path

from gates.build.reach import reached
from gates.build.sources import ROOT, Lesson

LIBRARY = ROOT / "gates"


def key(lesson: Lesson, library: Path = LIBRARY) -> str:
    """A hash of all that an edition depends on: the source, the pins, and the files of the library that the
    lesson reaches, among them what the map says of all lessons. library: the folder of the package `gates`."""
    root = lesson.path.parent.parent
    digest = hashlib.sha256()
    for file in [lesson.path, root / "requirements.txt"]:
        digest.update(file.read_bytes() if file.exists() else b"")
        digest.update(b"\0")
    for file in sorted(reached(lesson.code, library)):
        digest.update(f"{file.relative_to(library).as_posix()}\0".encode())
        digest.update(file.read_text(encoding="utf-8").encode())
        digest.update(b"\0")
    return digest.hexdigest()[:16]

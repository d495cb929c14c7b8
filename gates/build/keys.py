"""The key of an edition: whether what it was built from is still the same."""

import hashlib
from pathlib import Path

from gates.build.sources import ROOT
from gates.checks.course_map import pages


def key(path: Path) -> str:
    """A hash of all that an edition depends on: the source, what the map says of all lessons, the library, the pins."""
    root = path.parent.parent
    digest = hashlib.sha256()
    library = [
        file for file in sorted((ROOT / "gates").rglob("*")) if file.suffix in (".py", ".toml")
    ]
    for file in [path, *library, root / "requirements.txt"]:
        digest.update(file.read_text(encoding="utf-8").encode() if file.exists() else b"")
        digest.update(b"\0")
    digest.update(repr(pages(root)).encode())
    return digest.hexdigest()[:16]

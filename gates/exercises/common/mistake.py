"""A misconception that a check can name: what it is, what to look at, and the lesson that explains it."""

import tomllib
from dataclasses import dataclass
from importlib.resources.abc import Traversable


@dataclass(frozen=True)
class Mistake:
    """One misconception: `id`, what it is in a sentence, what to look at, and the lesson that explains it.

    lesson: two digits; empty for that of the exercise it belongs to. seen: public threads in which it was met, each as
    repository#number.
    """

    id: str
    sentence: str
    look_at: str
    lesson: str = ""
    seen: tuple[str, ...] = ()


def read(file: Traversable, lesson: str = "") -> list[Mistake]:
    """The mistakes in a toml file, one table each; `lesson` explains those that name no other."""
    entries = tomllib.loads(file.read_text(encoding="utf-8"))
    return [
        Mistake(id, **{"lesson": lesson, **entry, "seen": tuple(entry.get("seen", ()))})
        for id, entry in entries.items()
    ]

"""The misconceptions the checks can name, read from catalogue.toml."""

import tomllib
from dataclasses import dataclass
from importlib import resources


@dataclass(frozen=True)
class Mistake:
    """One misconception: `id`, what it is in a sentence, what to look at, and the lesson that explains it.

    seen: public threads in which it was met, each as repository#number.
    """

    id: str
    sentence: str
    look_at: str
    lesson: str
    seen: tuple[str, ...] = ()


def _read() -> dict[str, Mistake]:
    text = resources.files(__package__).joinpath("catalogue.toml").read_text(encoding="utf-8")
    return {
        id: Mistake(id, **{**entry, "seen": tuple(entry.get("seen", ()))})
        for id, entry in tomllib.loads(text).items()
    }


CATALOGUE: dict[str, Mistake] = _read()

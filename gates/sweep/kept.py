"""How a run ended, in a file of its own that is written once, all or nothing."""

import io
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd

FINISHED, FAILED, KILLED = "finished", "failed", "killed"
OVER_TIME, OVER_MEMORY = "over time", "over memory"


class Failed(Exception):
    """A run that failed, in a sentence that needs no name of an exception before it."""


@dataclass(frozen=True)
class Outcome:
    """How a run ended.

    status: one of the words above. told: what happened, in a sentence; empty if it finished. seconds, megabytes: how long
    it took, and the most memory that was seen of it and its children. rows: its table as CSV.
    """

    status: str
    told: str = ""
    seconds: float = 0.0
    megabytes: float = 0.0
    rows: str = ""

    @property
    def table(self) -> pd.DataFrame:
        """Its rows, every number as it was; empty if there are none."""
        if not self.rows:
            return pd.DataFrame()
        return pd.read_csv(io.StringIO(self.rows), float_precision="round_trip")

    def text(self) -> str:
        """The outcome as its file has it."""
        return json.dumps(asdict(self))


def as_text(table: pd.DataFrame) -> str:
    """A table as an outcome holds it."""
    return "" if table.empty else table.to_csv(index=False, lineterminator="\n")


def place(folder: Path, key: str) -> Path:
    """The file of a run."""
    return folder / f"{key}.json"


def parse(text: str) -> Outcome:
    """An outcome from its text."""
    return Outcome(**json.loads(text))


def read(folder: Path, key: str) -> Outcome | None:
    """How a run ended; None while it has not, or where its file cannot be read."""
    try:
        return parse(place(folder, key).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def write(folder: Path, key: str, text: str) -> None:
    """Write how a run ended, unless that is known already."""
    if read(folder, key) is not None:
        return
    partial = folder / f"{key}.{os.getpid()}.partial"
    partial.write_text(text, encoding="utf-8")
    os.replace(partial, place(folder, key))

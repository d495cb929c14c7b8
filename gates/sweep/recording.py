"""What a lesson hands to the sweep that runs it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # a notebook that needs no pandas need not wait for it
    import pandas as pd

VARIABLE = "GATES_RECORD"  # the file that the sweep has named, if there is a sweep


def record(table: pd.DataFrame | None = None, **values: object) -> None:
    """Add rows to the table of the sweep that runs this notebook; without a sweep this does nothing.

    table: a row for each of its own. values: one row, its columns by name, `record(metric="accuracy", value=0.93)`.
    Numbers of NumPy and torch become Python's. Both together raise ValueError.
    """
    if table is not None and values:
        raise ValueError("Record a table or the values of one row, not both at once.")
    if table is None and not values:
        raise ValueError(
            'There is nothing to record: say record(metric="accuracy", value=0.93), or hand in a table.'
        )
    rows = [values] if table is None else table.to_dict("records")
    if VARIABLE not in os.environ:
        return
    with Path(os.environ[VARIABLE]).open("a", encoding="utf-8") as file:
        for row in rows:
            plain = {str(name): _plain(value) for name, value in row.items()}
            file.write(json.dumps(plain) + "\n")


def recorded(file: Path) -> list[dict]:
    """The rows that a file has; none where there is no file."""
    if not file.exists():
        return []
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def _plain(value: object) -> object:
    return value.item() if hasattr(value, "item") else value

"""One tidy table of all runs of a sweep."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from gates.sweep import kept
from gates.sweep.kept import Outcome
from gates.sweep.points import Unusable

SUFFIXES = (".csv", ".parquet")


def tidy(points: Sequence[dict], outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """The rows of all runs, in the order of the points.

    Before its own columns each row has the parameters of its run, and the status; a run that did not finish is one row, whose
    column told says what happened. A column of a run that is called like a parameter is called "… found".
    """
    names = [*dict.fromkeys(name for point in points for name in point), "status", "told"]
    parts = []
    for point, outcome in zip(points, outcomes, strict=True):
        rows = outcome.table if outcome.status == kept.FINISHED else pd.DataFrame()
        rows = rows.rename(columns={name: f"{name} found" for name in names})
        if rows.empty:
            rows = pd.DataFrame(index=[0])
        told = {"status": outcome.status, "told": outcome.told}
        parts.append(rows.assign(**{k: [v] * len(rows) for k, v in (point | told).items()}))
    table = pd.concat(parts, ignore_index=True)
    return table[[*names, *(name for name in table if name not in names)]]


def costs(points: Sequence[dict], outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """For each run its parameters, how it ended, the seconds it took and the most megabytes it held."""
    taken = [
        {"status": of.status, "seconds": round(of.seconds, 2), "megabytes": round(of.megabytes)}
        for of in outcomes
    ]
    return pd.DataFrame([point | of for point, of in zip(points, taken, strict=True)])


def check(file: Path) -> None:
    """Refuse with Unusable a file that no table can be written to."""
    if file.suffix not in SUFFIXES:
        raise Unusable(f"{file.name} has to end in {' or '.join(SUFFIXES)}.")
    if not file.absolute().parent.is_dir():
        raise Unusable(f"There is no folder {file.parent} to write {file.name} into.")


def write(table: pd.DataFrame, file: Path) -> None:
    """Write a table as its file's ending says."""
    if file.suffix == ".parquet":
        table.to_parquet(file, index=False)
    else:
        table.to_csv(file, index=False, lineterminator="\n")

"""Results too long to train in a lesson: a CSV file each, and beside it a JSON file that says where it comes from.

The table is the tidy one of `gates.training.fit`. Beside it stand the command that made it, the versions, the kind of
machine and the date. A lesson shows such a table and trains a row of it live, which says whether it lies in the range of
the shipped seeds, also if it does not.
"""

import json
import os
import platform
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd
import torch

from gates import stats
from gates.training import COLUMNS

HERE = Path(__file__).parent
FIELDS = ("command", "date", "gates", "torch", "numpy", "python", "machine")


def machine() -> str:
    """The kind of machine, without its name: processor, cores, threads that torch uses."""
    return f"{platform.machine()}, {os.cpu_count()} cores, {torch.get_num_threads()} torch thread(s), no GPU used"


def save(table: pd.DataFrame, name: str, command: str, folder: str | os.PathLike = HERE) -> Path:
    """Write a table and what belongs beside it. command: what makes it again, from the project's folder."""
    folder = Path(folder)
    if list(table.columns) != list(COLUMNS):
        raise ValueError(
            f"The columns have to be {', '.join(COLUMNS)}, and are {', '.join(table.columns)}."
        )
    folder.mkdir(parents=True, exist_ok=True)
    table.to_csv(folder / f"{name}.csv", index=False, float_format="%.6g", lineterminator="\n")
    tell(folder / f"{name}.json", command)
    return folder / f"{name}.csv"


def tell(file: Path, command: str) -> None:
    """Write what stands beside a table: the command that made it, versions, the kind of machine, the date."""
    beside = {
        "command": command,
        "date": date.today().isoformat(),
        "gates": version("gates"),
        "torch": torch.__version__.split("+")[0],
        "numpy": np.__version__,
        "python": platform.python_version(),
        "machine": machine(),
    }
    file.write_text(json.dumps(beside, indent=1) + "\n", encoding="utf-8", newline="\n")


@dataclass(frozen=True)
class Shipped:
    """A shipped table and what stands beside it."""

    table: pd.DataFrame
    beside: dict[str, str]

    def __str__(self) -> str:
        what = self.beside
        return (
            f"Made on {what['date']} by `{what['command']}`, with torch {what['torch']} and Python {what['python']} "
            f"on {what['machine']}."
        )


def load(name: str, folder: str | os.PathLike = HERE) -> Shipped:
    """A shipped table; FileNotFoundError says which there are."""
    folder = Path(folder)
    file = folder / f"{name}.csv"
    if not file.exists():
        there = ", ".join(sorted(path.stem for path in folder.glob("*.csv"))) or "none"
        raise FileNotFoundError(f"There is no result {name!r}. There are: {there}.")
    beside = json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))
    return Shipped(pd.read_csv(file), beside)


@dataclass(frozen=True)
class Comparison:
    """A row trained live beside the shipped one."""

    task: str
    cell: str
    metric: str
    low: float
    high: float
    live: tuple[float, ...]
    seeds: int

    @property
    def inside(self) -> bool:
        """Whether every live value lies between the least and the greatest of the shipped seeds, rounding apart."""
        room = 1e-5 * max(abs(self.low), abs(self.high))
        return all(self.low - room <= value <= self.high + room for value in self.live)

    def __str__(self) -> str:
        live = ", ".join(f"{value:.3g}" for value in self.live)
        told = f"{self.task}, {self.cell}, {self.metric}: live {live}; "
        told += f"{self.seeds} shipped seeds from {self.low:.3g} to {self.high:.3g}: "
        if self.inside:
            return f"{told}inside the range."
        return f"{told}outside the range, as about 2 in {self.seeds + 1} new seeds are by chance alone."


def _same_budget(live: pd.DataFrame, shipped: pd.DataFrame, task: str, cell: str) -> None:
    """Refuse a live seed that was given fewer or more updates than the shipped ones, unless it solved its task."""
    rows = shipped[(shipped["task"] == task) & (shipped["cell"] == cell)]
    most = int(rows["step"].max()) if len(rows) else 0
    all_solved = not len(_unsolved(shipped, task, cell))
    for end in _unsolved(live, task, cell):
        if rows.empty or end == most or (all_solved and end > most):
            continue
        reached = ", where all seeds had solved it" if all_solved else ""
        raise ValueError(
            f"{task}, {cell}: trained live for {end} updates, shipped for {most}{reached}."
        )


def _unsolved(table: pd.DataFrame, task: str, cell: str) -> set[int]:
    """After how many updates the seeds ended that did not solve their task."""
    rows = table[(table["task"] == task) & (table["cell"] == cell)]
    solved = set(rows.loc[(rows["metric"] == "solved") & (rows["value"] == 1), "seed"])
    return {int(of_it["step"].max()) for seed, of_it in rows.groupby("seed") if seed not in solved}


def beside(live: pd.DataFrame, shipped: Shipped, metric: str = "test") -> list[Comparison]:
    """For each task and cell that was trained live, whether its last values lie in the shipped range.

    A pair or a metric that the shipped table lacks raises KeyError, and a live seed that had another number of updates
    ValueError, since that would compare unlike things; a seed that solved its task may have stopped early. Live seeds may be others than the shipped ones, so that a value
    a little outside now and then is no surprise; with n shipped seeds it is expected for about 2 in n + 1.
    """
    for table, whose in ((live, "live"), (shipped.table, "shipped")):
        if not (table["metric"] == metric).any():
            raise KeyError(f"The {whose} table has no metric {metric!r}.")
    ends = stats.at_the_end(shipped.table, metric)
    found = []
    for (task, cell), rows in stats.at_the_end(live, metric).groupby(["task", "cell"], sort=False):
        _same_budget(live, shipped.table, task, cell)
        known = ends.loc[(ends["task"] == task) & (ends["cell"] == cell), "value"]
        if known.empty:
            raise KeyError(f"The shipped table has no row for {task}, {cell}.")
        values = tuple(rows["value"])
        found.append(
            Comparison(
                task, cell, metric, float(known.min()), float(known.max()), values, len(known)
            )
        )
    return found


def compared(live: pd.DataFrame, shipped: Shipped, metric: str = "test") -> str:
    """What `beside` found, a line for each row; or in a sentence why the two cannot be compared."""
    try:
        return "\n".join(map(str, beside(live, shipped, metric)))
    except (KeyError, ValueError) as reason:
        return f"Not compared with the shipped table. {reason.args[0]}"

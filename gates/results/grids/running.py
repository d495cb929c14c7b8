"""A grid as a sweep: each row a run, side by side on one machine or on many."""

from pathlib import Path

import pandas as pd
import torch

from gates.home import home
from gates.results.grids import GRIDS
from gates.results.grids.measuring import Costs
from gates.results.grids.row import Row
from gates.sweep import engine, kept
from gates.sweep.guard import Limits
from gates.sweep.job import Job

_SECONDS = 24 * 3600  # a row may take long, and shall not hang for ever


class Unfinished(RuntimeError):
    """Rows of a grid that did not finish, so that there is no table."""


def run_row(name: str, number: int) -> pd.DataFrame:
    """Train the row of that number of a grid, on one torch thread."""
    torch.set_num_threads(1)
    return list(GRIDS[name]())[number].run()


def job(name: str, number: int, row: Row | Costs) -> Job:
    """A row as a run. What its settings say, and torch's version, tell it from others; a step is told by its label."""
    settings = sorted((k, repr(v)) for k, v in row.settings.items() if k != "step")
    of = [name, row.title, row.label, settings, torch.__version__]
    return Job(
        f"{__name__}:run_row", {"name": name, "number": number}, of, f"{row.title}, {row.label}"
    )


def folder(name: str) -> Path:
    """Where the rows of a grid are kept."""
    return home() / "sweeps" / name


def make(name: str, at_once: int | None = None, scheduler: str | None = None) -> pd.DataFrame:
    """Run a grid, or what is missing of it. Rows that did not finish raise Unfinished, and are run again the next time."""
    jobs = [job(name, number, row) for number, row in enumerate(GRIDS[name]())]
    limits = Limits(seconds=_SECONDS)
    outcomes = engine.sweep(jobs, folder(name), limits, at_once, scheduler, True, name)
    lost = [
        f"{job.shown}: {outcome.status}. {outcome.told}"
        for job, outcome in zip(jobs, outcomes, strict=True)
        if outcome.status != kept.FINISHED
    ]
    if lost:
        raise Unfinished(f"{len(lost)} of {len(jobs)} rows did not finish:\n" + "\n".join(lost))
    return pd.concat([outcome.table for outcome in outcomes], ignore_index=True)


def forget(name: str) -> None:
    """Remove the rows that are kept of a grid, once its table is written."""
    for file in folder(name).glob("*"):
        file.unlink()

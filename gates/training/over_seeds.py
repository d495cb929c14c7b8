"""Run after run under one bar, each kept until all are done, and what they found as one tidy table."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pandas as pd
from tqdm.auto import tqdm

from gates.training import kept
from gates.training.kept_run import KeptRun
from gates.training.settings import Settings

COLUMNS = ("task", "cell", "seed", "step", "metric", "value")


def table_of(
    title: str,
    name: str,
    budget: Settings,
    runs: Iterable[tuple[object, Callable[[Path, bool], KeptRun]]],
) -> pd.DataFrame:
    """Train all runs, and return a row for each seed, evaluation and metric, in the order of the budget's seeds.

    title, name: of the task and the network, for the bar and the table. runs: for each of them what its numbers depend
    on, by which it is kept, and what makes it of the file and of whether to write there. Columns: see COLUMNS.
    """
    rows, files, keeps = [], [], True
    with tqdm(
        total=budget.steps * len(budget.seeds),
        unit="update",
        leave=False,
        disable=not budget.progress,
    ) as bar:
        bar.set_description(f"{title}, {name}")
        for depends_on, make in runs:
            file = kept.place(budget.folder, depends_on)
            run = make(file, keeps)
            run.go(bar)
            rows, files, keeps = rows + run.rows, [*files, file], run.keeps
    for file in files:
        kept.remove(file)
    table = pd.DataFrame(rows, columns=["seed", "step", "metric", "value"])
    table.insert(0, "task", title)
    table.insert(1, "cell", name)
    order = {seed: k for k, seed in enumerate(budget.seeds)}
    return table.sort_values(
        ["seed", "step"],
        key=lambda c: c.map(order) if c.name == "seed" else c,
        kind="stable",
        ignore_index=True,
    )

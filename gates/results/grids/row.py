"""A row of a grid: a task and a network, trained with some settings."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pandas as pd

from gates.tasks.task import Task
from gates.training import COLUMNS, Network, Reader, train


@dataclass(frozen=True)
class Row:
    """A task and a network, trained with some settings; `look` measures more in the trained networks.

    task: the task, or a function that makes it from the seed. metrics: those that the table keeps, all if there are
    none. keep: what is kept of the table besides.
    """

    task: Task | Callable[[int], Task]
    cell: str | Network
    label: str
    settings: dict = field(default_factory=dict)
    look: Callable[[Reader, Task], dict[str, float]] | None = None
    metrics: tuple[str, ...] = ()
    keep: Callable[[pd.DataFrame], pd.DataFrame] | None = None

    @property
    def title(self) -> str:
        """How the table calls the task."""
        return (self.task if isinstance(self.task, Task) else self.task(0)).title

    def run(self) -> pd.DataFrame:
        table, readers = train(self.task, self.cell, label=self.label, **self.settings)
        if self.metrics:
            table = table[table["metric"].isin(self.metrics)]
        if self.keep:
            table = self.keep(table)
        if self.look is None:
            return table
        steps, more = self.settings["steps"], []
        for seed, reader in enumerate(readers):
            for metric, value in self.look(reader, self.task).items():
                more.append((self.task.title, self.label, seed, steps, metric, value))
        return pd.concat([table, pd.DataFrame(more, columns=list(COLUMNS))], ignore_index=True)

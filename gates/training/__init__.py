"""One `fit` for every lesson: several seeds, the same effort for all, a tidy table, and a stop that loses nothing.

A network is one recurrent layer with a linear head that reads its hidden state at every step. Adam, gradients clipped by
their norm, batches drawn from the seed and the number of the step. Several seeds are trained either one by one or as a
stack, in which one product serves all of them; the caller need not care, since the curves are the same but for
rounding. A run writes down where it is at every evaluation, so that one that was stopped, or killed, goes on from there.

    reader     the network, and the ways to start it
    together   several seeds as one stack, or one alone
    settings   what the settings of all trainings share, of texts and translations as well
    budget     the settings, and which of them cannot be right
    calls      each setting by its name, in whatever surrounds the call
    stored     what torch stores in a file: all or nothing, and damage is noticed
    kept       the file of a run that is not done
    kept_run   what every run does, which goes on from wherever it was left
    over_seeds run after run under one bar, and the tidy table of all
    run        the training of some seeds of a task
    models     trained models in files, and a sentence where one cannot be read
"""

import math
from collections.abc import Callable, Iterator
from functools import partial

import pandas as pd
import torch
from torch import nn

from gates.tasks.task import Task
from gates.training import kept
from gates.training.budget import Budget
from gates.training.calls import as_usual, takes
from gates.training.over_seeds import COLUMNS, table_of
from gates.training.reader import CELLS, Network, Reader, in_windows
from gates.training.run import Run
from gates.training.settings import MOST_STEPS
from gates.training.together import Alone, Mapped, Together

__all__ = [
    "CELLS",
    "COLUMNS",
    "MOST_STEPS",
    "Network",
    "Reader",
    "fit",
    "in_windows",
    "solved",
    "train",
]


@takes(Budget)
def fit(task: Task | Callable[[int], Task], cell: str | Network, budget: Budget) -> pd.DataFrame:
    """Train a network over several seeds; one row for each seed, evaluation and metric.

    task: what is to be learned; or a function that makes it from the seed, so that each seed has data of its own.
    cell: "rnn", "lstm" or "gru"; or, for a network of one's own, a function that makes it from I and O, so that it goes
    from xs, (T, B, I), to outputs, (T, B, O). Such a network needs a label, and its seeds are trained one by one,
    unless stacked=True asks for all at once.
    Returns columns task, cell, seed, step, metric and value. Metrics: "loss", the mean over the training batches since
    the evaluation before; "validation" and "test", the task's score on held-out samples; with generalization=True also
    "training", the score on all that is trained on, and "training loss", "validation loss" and "test loss"; and, once
    for each seed, "solved": 1 at the first evaluation whose validation score said so, or 0 at the last.
    """
    return _trained(task, cell, budget)[0]


@takes(Budget)
def train(
    task: Task | Callable[[int], Task], cell: str | Network, budget: Budget
) -> tuple[pd.DataFrame, list[nn.Module]]:
    """As `fit`, whose help says what task and cell may be; and the trained networks as well.

    Returns (table, networks): one network for each seed, in their order, in evaluation mode.
    """
    return _trained(task, cell, budget)


def solved(table: pd.DataFrame) -> pd.DataFrame:
    """For each task and cell: how many seeds solved it, out of how many, and after how many updates, the median."""
    rows = table[table["metric"] == "solved"]
    found = []
    for (task, cell), of_it in rows.groupby(["task", "cell"], sort=False):
        steps = of_it.loc[of_it["value"] == 1, "step"]
        median = float(steps.median()) if len(steps) else math.nan
        found.append(
            {
                "task": task,
                "cell": cell,
                "solved": len(steps),
                "seeds": len(of_it),
                "updates": median,
            }
        )
    return pd.DataFrame(found)


@as_usual()
def _trained(
    task: Task | Callable[[int], Task], cell: str | Network, budget: Budget
) -> tuple[pd.DataFrame, list[nn.Module]]:
    tasks = _tasks(task, budget.seeds)
    budget.check(tasks[0], cell)
    readers = _readers(tasks[0], cell, budget)
    stacked = budget.is_stacked(cell, all(each is tasks[0] for each in tasks))
    model = Alone if not stacked else Together if isinstance(cell, str) else Mapped
    everybody = range(len(budget.seeds))

    def runs() -> Iterator[tuple[object, partial[Run]]]:
        for group in [everybody] if stacked else [[k] for k in everybody]:
            of_it, seeds = tasks[group[0]], [budget.seeds[k] for k in group]
            which = [of_it.name, of_it.options, of_it.drawn, kept.described(cell, readers[0])]
            mine = [readers[k] for k in group]
            yield [which, budget.decisive(), seeds], partial(Run, of_it, mine, seeds, model, budget)

    return table_of(tasks[0].title, budget.label or cell, budget, runs()), readers


def _tasks(task: Task | Callable[[int], Task], seeds: tuple[int, ...]) -> list[Task]:
    """The task of each seed."""
    if isinstance(task, Task):
        return [task] * len(seeds)
    told = "The task has to be made first, with brackets: adding(50), not adding."
    try:
        tasks = [task(seed) for seed in seeds]
    except (TypeError, ValueError) as reason:
        raise ValueError(told) from reason
    if not all(isinstance(each, Task) for each in tasks):
        raise ValueError(told)
    if len({each.title for each in tasks}) > 1:
        raise ValueError("The tasks of all seeds have to be the same but for the data drawn.")
    return tasks


def _readers(task: Task, cell: str | Network, budget: Budget) -> list[nn.Module]:
    """The network of each seed, as it starts."""
    H, starts = budget.hidden, (budget.keep_bias, budget.chrono, budget.window, budget.step)
    readers = []
    for seed in budget.seeds:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            own = not isinstance(cell, str)
            readers.append(
                cell(task.I, task.O) if own else Reader(cell, task.I, H, task.O, *starts)
            )
    if any(True for _ in readers[0].buffers()):
        raise ValueError(
            "A network with buffers, as of a BatchNorm, cannot be kept and gone on with."
        )
    return readers

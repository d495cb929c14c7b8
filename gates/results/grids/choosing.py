"""Lesson 12: an LSTM and a GRU on nine tasks, each with the same choice of settings."""

from collections.abc import Iterator

import pandas as pd

from gates.networks import equal_width
from gates.results.grids.row import Row
from gates.tasks import (
    adding,
    digits,
    names_by_language,
    power_demand,
    reber,
    temporal_order,
    vowels,
)
from gates.tasks.task import Task

# Declared before running. Nine tasks, five of them real data; a table for these, and one for those that are generated. An LSTM of 32 units, a GRU of 32, and one as wide as gives it
# the LSTM's number of parameters. Equal effort: twelve settings for each, four learning rates by three starts of the gate
# that keeps, f in an LSTM and z in a GRU; 800 updates of 32 samples. A seed that has solved its task stops, and its last
# scores stand for what comes after.
#
# For each seed, network and number of updates, the setting with the best validation score at that number is chosen, the
# first of equals in the order below, and its test score is what counts: so the choice is part of what the seeds vary.
# Differences are paired over seeds; of errors, their logarithms to the base of ten are compared. Nine tasks at 95% together
# are nine intervals at 99.44% (Bonferroni).
#
# C08, "easier to train", is judged with equal parameters, under 100 updates and under 800. Under a budget it holds if the
# GRU is better on five tasks of nine or more and worse on one at most; it fails if it is better on two at most; else it is
# undecided.
# C13 has two halves, both judged with equal parameters under 800 updates. The first, that it depends on task and data,
# holds if the LSTM is better on a task and the GRU on another; it fails if five are decided or more, all for one of the two;
# else it is undecided. The second, that an LSTM may hold longer dependencies, is judged on adding over 50 and 100 steps and on
# temporal order over 50: it holds if the LSTM is better on one of them, fails if it is on none and the GRU on one, and is
# undecided if none is decided. The claim does not hold if either half fails.
# Ten seeds decide. Five others are run once more; a claim that they would judge otherwise, at the same level, is open.
TUNED = {"seeds": 10, "steps": 800, "every": 100}
RATES = (1e-3, 3e-3, 1e-2, 3e-2)
STARTS = (None, 1, 3)
BUDGETS = (100, 200, 400, 800)
H = 32
OTHER_SEEDS = range(10, 15)


def real_tasks() -> dict[str, Task]:
    """The tasks of lesson 12 that are real data, by the names it calls them."""
    return {
        "digits, rows": digits("rows", hands="new"),
        "digits, pixels": digits("pixels", hands="new"),
        "speakers": vowels(),
        "names": names_by_language(),
        "power demand": power_demand(),
    }


def generated_tasks() -> dict[str, Task]:
    """Those that are generated."""
    return {
        "Reber grammar": reber(),
        "adding, 50 steps": adding(50),
        "adding, 100 steps": adding(100),
        "order, 50 steps": temporal_order(50),
    }


def networks(task: Task) -> dict[str, tuple[str, int]]:
    """The networks that are compared: cell and width."""
    return {
        "LSTM": ("lstm", H),
        "GRU, equal width": ("gru", H),
        "GRU, equal parameters": ("gru", equal_width(task.I, H, task.O)),
    }


def setting(network: str, rate: float, start: float | None) -> str:
    """What a network with its settings is called in the table."""
    return f"{network}, rate {rate:g}, start {'usual' if start is None else start}"


def at_budgets(table: pd.DataFrame) -> pd.DataFrame:
    """The rows at each budget, and those that say whether a seed solved its task.

    Where a seed stopped before, its last score stands for what comes after.
    """
    kept = [table[table["metric"] == "solved"]]
    scores = table[table["metric"].isin(("validation", "test"))]
    for budget in BUDGETS:
        before = scores[scores["step"] <= budget]
        kept.append(before.groupby(["seed", "metric"], sort=False).tail(1).assign(step=budget))
    return pd.concat(kept).sort_values(["seed", "step"], kind="stable", ignore_index=True)


def _compared(tasks: dict[str, Task], seeds: int | range) -> Iterator[Row]:
    """A row for each task, network and setting."""
    for task in tasks.values():
        for network, (cell, width) in networks(task).items():
            for rate in RATES:
                for start in STARTS:
                    settings = TUNED | {"seeds": seeds, "hidden": width, "learning_rate": rate}
                    settings["keep_bias"] = start
                    label = setting(network, rate, start)
                    yield Row(task, cell, label, settings, keep=at_budgets)


def lstm_or_gru_real(seeds: int | range = TUNED["seeds"]) -> Iterator[Row]:
    """An LSTM and two GRUs on five tasks of real data with twelve settings each, ten seeds. About fifty minutes."""
    yield from _compared(real_tasks(), seeds)


def lstm_or_gru_generated(seeds: int | range = TUNED["seeds"]) -> Iterator[Row]:
    """The same on four tasks that are generated. About fifty minutes."""
    yield from _compared(generated_tasks(), seeds)


def lstm_or_gru_real_again() -> Iterator[Row]:
    """The five tasks of real data with five other seeds. About twenty-five minutes."""
    yield from lstm_or_gru_real(OTHER_SEEDS)


def lstm_or_gru_generated_again() -> Iterator[Row]:
    """The four generated tasks with five other seeds. About twenty-five minutes."""
    yield from lstm_or_gru_generated(OTHER_SEEDS)

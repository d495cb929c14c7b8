"""The long runs behind the shipped tables: what was declared before running, and how to run it again.

`python -m gates.results.grids` lists them; with a name it trains that grid, a row at a time, and writes the table and
what belongs beside it. Rows that are done are kept in GATES_HOME until the table is written, so that a grid that was
stopped goes on where it was.

    row          what is trained, and what is kept of it
    memory       lesson 06
    opening      lesson 07
    languages    lesson 08
    overfitting  lesson 09
    swapping     lesson 10
    choosing     lesson 12
"""

import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import torch
from tqdm.auto import tqdm

from gates.home import home
from gates.results.grids.choosing import lstm_or_gru, lstm_or_gru_again
from gates.results.grids.languages import counting_far, counting_longer, grammar
from gates.results.grids.memory import copying_longer, long_memory, stability
from gates.results.grids.opening import opened_adding, opened_copying, opened_latch, windows
from gates.results.grids.overfitting import (
    EARLY,
    REMEDIES,
    dropout_map,
    dropout_map_again,
    few_digits,
    layers,
    layers_again,
    layers_new_hands,
    remedies,
    remedies_again,
    remedies_new_hands,
    stack,
    three_times,
)
from gates.results.grids.row import Row
from gates.results.grids.swapping import (
    ACTIVATED,
    ACTIVATIONS,
    SWAPS,
    activations,
    activations_new_hands,
    swapped,
)

GRIDS: dict[str, Callable[[], Iterator[Row]]] = {
    grid.__name__: grid
    for grid in (
        long_memory,
        copying_longer,
        stability,
        opened_latch,
        opened_adding,
        opened_copying,
        windows,
        grammar,
        counting_far,
        counting_longer,
        layers,
        layers_again,
        layers_new_hands,
        dropout_map,
        dropout_map_again,
        remedies,
        remedies_again,
        remedies_new_hands,
        activations,
        activations_new_hands,
        lstm_or_gru,
        lstm_or_gru_again,
    )
}

__all__ = [
    "ACTIVATED",
    "ACTIVATIONS",
    "EARLY",
    "GRIDS",
    "REMEDIES",
    "SWAPS",
    "Row",
    "few_digits",
    "kept",
    "make",
    "stack",
    "swapped",
    "three_times",
]


def kept(name: str, row: Row) -> Path:
    """Where a row that is done is kept."""
    told = sorted((k, v) for k, v in row.settings.items() if k != "step")  # which the label tells
    what = repr((name, row.title, row.label, told, torch.__version__))
    return home() / "runs" / f"{name}-{hashlib.sha256(what.encode()).hexdigest()[:16]}.csv"


def make(name: str) -> pd.DataFrame:
    """Run a grid, or what is missing of it; rows that are done are kept."""
    tables = []
    for row in tqdm(list(GRIDS[name]()), unit="row"):
        file = kept(name, row)
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            partial = file.with_suffix(f".{os.getpid()}")
            row.run().to_csv(partial, index=False)
            partial.replace(file)
        tables.append(pd.read_csv(file))
    return pd.concat(tables, ignore_index=True)

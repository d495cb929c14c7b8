"""The long runs behind the shipped tables: what was declared before running, and how to run it again.

`python -m gates.results.grids long_memory` trains the grid of that name, which takes about twenty minutes and goes on
where it was stopped, and writes the table and what belongs beside it.
"""

import sys
from collections.abc import Iterator

import pandas as pd
import torch

from gates.results import save
from gates.tasks import adding, copying
from gates.tasks.task import Task
from gates.training import CELLS, fit

# Equal effort for all cells: at most 2000 updates of Adam on 32 samples each, gradients clipped at 1 as in every fit.
LONG_MEMORY = {"seeds": 5, "steps": 2000, "every": 100, "hidden": 32, "learning_rate": 5e-3}


def long_memory_tasks() -> Iterator[Task]:
    """Adding and copying, over more and more steps."""
    for length in (50, 100, 200):
        yield adding(length)
    for length in (20, 50, 100, 200):
        yield copying(length)


def long_memory() -> pd.DataFrame:
    """Which cell learns adding and copying, as PyTorch starts it, up to how many steps."""
    tables = [fit(task, cell, **LONG_MEMORY) for task in long_memory_tasks() for cell in CELLS]
    return pd.concat(tables, ignore_index=True)


GRIDS = {"long_memory": long_memory}


def main(arguments: list[str]) -> None:
    if len(arguments) != 1 or arguments[0] not in GRIDS:
        sys.exit(f"Say which grid to run: {', '.join(GRIDS)}.")
    (name,) = arguments
    torch.set_num_threads(1)
    print(save(GRIDS[name](), name, f"python -m gates.results.grids {name}"))


if __name__ == "__main__":
    main(sys.argv[1:])

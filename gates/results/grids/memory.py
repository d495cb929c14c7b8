"""Lesson 06: which cell learns what over how many steps, and how evenly."""

from collections.abc import Iterator

from gates.results.grids.row import Row
from gates.tasks import adding, copying, delayed_recall, latch, temporal_order
from gates.training import CELLS

# Equal effort for all cells: at most 2000 updates of Adam on 32 samples each, gradients clipped at a norm of
# 1 as in every fit.
LONG_MEMORY = {"seeds": 5, "steps": 2000, "every": 100, "hidden": 32, "learning_rate": 5e-3}


def long_memory() -> Iterator[Row]:
    """Which cell learns what, as PyTorch starts it, up to how many steps. About fifty minutes."""
    for make, other in ((adding, 400), (copying, 20), (latch, 20), (temporal_order, 20)):
        for length in sorted((50, 100, 200, other)):
            for cell in CELLS:
                yield Row(make(length), cell, cell, LONG_MEMORY)


# Five times the updates, at the shortest of the lengths at which nobody copied within 2000.
COPYING_LONGER = LONG_MEMORY | {"steps": 10_000, "every": 500}


def copying_longer() -> Iterator[Row]:
    """Whether the three cells learn to copy over 20 steps when they are given more time. About ten minutes."""
    for cell in CELLS:
        yield Row(copying(20), cell, cell, COPYING_LONGER)


# How evenly training goes, on two tasks short enough for all three cells. Five seeds were run first; of eight comparisons
# they decided one, so fifteen were declared after that.
STABILITY = {"seeds": 15, "steps": 500, "every": 25, "hidden": 32, "stop_when_solved": False}
RATES = (1e-3, 3e-3, 1e-2, 3e-2, 1e-1)
CLIPS = {"clipped at 1": 1.0, "not clipped": 1e9}


def stability() -> Iterator[Row]:
    """Five learning rates, with and without clipping, fifteen seeds each. About fifteen minutes."""
    for task in (delayed_recall(3, 20), temporal_order(20)):
        for cell in CELLS:
            for rate in RATES:
                for name, clip in CLIPS.items():
                    label = f"{cell}, {rate:g}, {name}"
                    settings = STABILITY | {"learning_rate": rate, "clip": clip}
                    yield Row(task, cell, label, settings, metrics=("validation", "solved"))

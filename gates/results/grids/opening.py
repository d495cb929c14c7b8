"""Lesson 07: the gate that keeps, started with several biases, and gradients that are cut into windows."""

from collections.abc import Iterator

from gates.results.grids.memory import LONG_MEMORY
from gates.results.grids.row import Row
from gates.tasks import adding, copying, delayed_recall, latch
from gates.tasks.task import Task

# The gate that keeps: the forget gate of an LSTM, z of a GRU.
OPENED = {"seeds": 10, "steps": 1000, "every": 50, "hidden": 16, "learning_rate": 3e-3}
BIASES = (0, 1, 3, 5)


def starts(task: Task, settings: dict, chrono: int) -> Iterator[Row]:
    """A row for each way to start an LSTM and a GRU."""
    for cell in ("lstm", "gru"):
        yield Row(task, cell, cell, settings)
        for bias in BIASES:
            yield Row(task, cell, f"{cell}, bias {bias}", settings | {"keep_bias": bias})
        yield Row(task, cell, f"{cell}, chrono", settings | {"chrono": chrono})


def opened_latch() -> Iterator[Row]:
    """Which bias learns the latch over 20, 50 and 100 steps, ten seeds each. About ten minutes."""
    for length in (20, 50, 100):
        yield Row(latch(length), "rnn", "rnn", OPENED)
        yield from starts(latch(length), OPENED, chrono=length)
        for cell in ("lstm", "gru"):
            if length < 100:  # chrono that is not told the length
                yield Row(latch(length), cell, f"{cell}, chrono for 100", OPENED | {"chrono": 100})


def opened_adding() -> Iterator[Row]:
    """Whether the same biases help with adding over 50 steps, five seeds each. About five minutes."""
    yield from starts(adding(50), LONG_MEMORY, chrono=50)


def opened_copying() -> Iterator[Row]:
    """Whether chrono biases let the cells copy, five seeds each. About ten minutes."""
    for length in (20, 50, 100):
        for cell in ("lstm", "gru"):
            settings = LONG_MEMORY | {"chrono": length + 6}
            yield Row(copying(length), cell, f"{cell}, chrono", settings)


WINDOWS = {"seeds": 5, "steps": 600, "every": 50, "hidden": 32, "learning_rate": 5e-3}


def windows() -> Iterator[Row]:
    """How far back a truncated gradient lets an LSTM remember, five seeds each. About ten minutes."""
    for delay in (2, 5, 10):
        for window in (1, 2, 4, 8, 16, 40):
            settings = WINDOWS | {"window": window}
            yield Row(delayed_recall(delay, 40), "lstm", f"lstm, window {window}", settings)

"""Lesson 08: a grammar, and counting far beyond what was trained on."""

from collections.abc import Iterator

import torch

from gates import probes
from gates.results.grids.row import Row
from gates.tasks import counting, reber
from gates.tasks.counting import largest_right, strings
from gates.tasks.task import Task
from gates.training import CELLS, Reader

# The grammar stops a seed when it is solved, as in lessons 06 and 07.
GRAMMAR = {"seeds": 10, "steps": 800, "every": 50, "hidden": 16, "learning_rate": 5e-3}


def grammar() -> Iterator[Row]:
    """Whether each cell learns the embedded Reber grammar, ten seeds each. About two minutes."""
    for cell in CELLS:
        yield Row(reber(), cell, cell, GRAMMAR)


# Counting: all updates for every seed, and a learning rate that falls to zero.
COUNTING = {
    "seeds": 10,
    "steps": 2000,
    "every": 200,
    "hidden": 10,
    "learning_rate": 1e-2,
    "cosine": True,
    "stop_when_solved": False,
}
FARTHEST = 500


@torch.no_grad()
def look_at_counting(reader: Reader, task: Task) -> dict[str, float]:
    """How far a network counts, and which unit does it, by how much for an a and for a b."""
    longest = task.options["longest"]
    batch = strings(torch.arange(1, FARTHEST + 1))
    right = ((reader(batch.xs).argmax(-1) == batch.targets) | ~batch.scored).all(0)
    xs = strings(torch.tensor([longest])).xs
    found = probes.states(reader.step, xs, None, reader.weights)[1:]
    held = torch.stack([(state[1] if isinstance(state, tuple) else state)[0] for state in found])
    unit = probes.counter_unit(held, longest)
    changes = held[:, unit].diff()
    return {
        "largest n": largest_right(right),
        "counter unit": unit,
        "per a": changes[: longest - 1].mean().item(),
        "per b": changes[longest - 1 :].mean().item(),
    }


def counting_far() -> Iterator[Row]:
    """How far each cell counts beyond what it was trained on, ten seeds each. About fifteen minutes."""
    for longest in (10, 30, 100):
        for cell in CELLS:
            yield Row(counting(longest), cell, cell, COUNTING, look_at_counting)


def counting_longer() -> Iterator[Row]:
    """The same with five times the updates, five seeds each. About thirty minutes."""
    for longest in (30, 100):
        for cell in CELLS:
            settings = COUNTING | {"seeds": 5, "steps": 10_000, "every": 1000}
            yield Row(counting(longest), cell, cell, settings, look_at_counting)

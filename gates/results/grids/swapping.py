"""Lesson 10: the activations of an LSTM swapped for others."""

import math
from collections.abc import Callable, Iterator
from functools import partial

import torch
from torch import Tensor
from torch.nn import functional as F

from gates import probes
from gates.cells import swapped_lstm_cell
from gates.results.grids.row import Row
from gates.tasks import adding, digits
from gates.tasks.task import Task
from gates.training import Reader


# One activation of an LSTM swapped for another, in its gates, its candidate or its output; and two pairs.
# Equal effort: the same updates for all. Declared for C11: of each swap's six differences in the test score from the
# LSTM as it is, paired over seeds, those count whose interval at 99.9% excludes 0, since there are a hundred of them. A
# swap changes the result if two of its six do, or more; the claim holds for a place if three of its five swaps do.
def identity(a: Tensor) -> Tensor:
    return a


ACTIVATIONS: dict[str, tuple[Callable, float]] = {  # and the largest slope
    "tanh": (torch.tanh, 1.0),
    "sigmoid": (torch.sigmoid, 0.25),
    "hard sigmoid": (F.hardsigmoid, 1 / 6),
    "softsign": (F.softsign, 1.0),
    "relu": (torch.relu, 1.0),
    "identity": (identity, 1.0),
}
AS_IT_IS = {"gate": "sigmoid", "candidate": "tanh", "output": "tanh"}
SWAPS: dict[str, dict[str, str]] = {
    "as it is": AS_IT_IS,
    **{
        f"{place} {name}": AS_IT_IS | {place: name}
        for place, usual in AS_IT_IS.items()
        for name in ACTIVATIONS
        if name != usual
    },
    "candidate and output relu": AS_IT_IS | {"candidate": "relu", "output": "relu"},
    "candidate and output identity": AS_IT_IS | {"candidate": "identity", "output": "identity"},
}
ACTIVATED = {
    "seeds": 10,
    "every": 100,
    "hidden": 32,
    "learning_rate": 5e-3,
    "stop_when_solved": False,
}
UPDATES = {"digits": 600, "adding": 1000}


def swapped(swap: dict[str, str]) -> Callable:
    """The step of an LSTM with these activations."""
    return partial(swapped_lstm_cell, **{place: ACTIVATIONS[k][0] for place, k in swap.items()})


def look_at_activations(swap: dict[str, str]) -> Callable[[Reader, Task], dict[str, float]]:
    """What trained networks do: how large memories and gradients are, and how much of them hardly reacts."""

    def look(reader: Reader, task: Task) -> dict[str, float]:
        batch = task.held_out("validation")
        found = probes.pre_activations(reader.step, batch.xs, None, reader.weights)
        into = {
            "gate": torch.stack([found[letter] for letter in "ifo"]),
            "candidate": found["g"],
            "output": found["c"],
        }
        lost = any(values.isnan().any() for values in found.values())
        some = task.draw(32, seed=0)
        grads = torch.autograd.grad(task.loss(reader(some.xs), some), list(reader.parameters()))
        return {
            "largest |c|": found["c"].abs().max().item(),
            "gradient": torch.cat([grad.flatten() for grad in grads]).norm().item(),
            **{
                f"saturated, {place}": (
                    math.nan if lost else probes.saturated(into[place], *ACTIVATIONS[name])
                )
                for place, name in swap.items()
            },
        }

    return look


def activations() -> Iterator[Row]:
    """Seventeen swaps of activations on digits in 8 to 64 steps, and on adding in 20 and 50. About fifty minutes."""
    orders = ("rows", "half rows", "pairs", "pixels")
    for task in (*map(digits, orders), adding(20), adding(50)):
        for name, swap in SWAPS.items():
            settings = ACTIVATED | {"steps": UPDATES[task.name], "step": swapped(swap)}
            yield Row(task, "lstm", name, settings, look_at_activations(swap))


# The four columns of digits, with new hands and without the pairs; the two of adding stay as they are. Declared with all
# swaps in 64 steps, which take longest. When the other columns were known, most of them could not change the verdict any
# more, since a swap counts from two differences on: those are left out there that had two or more, and those that had none.
STILL_OPEN = ("as it is", "gate softsign", "candidate relu", "output relu")


def activations_new_hands() -> Iterator[Row]:
    """Fifteen swaps, tried on the digits of other hands than those trained on, ten seeds. About fifteen minutes."""
    for order in ("rows", "half rows", "pairs", "pixels"):
        for name, swap in SWAPS.items():
            if " and " in name or (order == "pixels" and name not in STILL_OPEN):
                continue
            settings = ACTIVATED | {"steps": UPDATES["digits"], "step": swapped(swap)}
            task, kept = digits(order, hands="new"), ("validation", "test")
            yield Row(task, "lstm", name, settings, metrics=kept)

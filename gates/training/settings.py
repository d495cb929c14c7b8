"""What the budgets of all trainings share: which seeds and counts can be right, and which settings change a number."""

import operator
import os
from collections.abc import Mapping, Sequence
from numbers import Integral
from typing import Protocol

from gates.tasks.task import LARGEST_SEED

MOST_STEPS = 1_000_003  # for one seed, so that no two seeds draw the same batch
_CHANGE_NO_NUMBER = ("seeds", "label", "folder", "progress")


class Settings(Protocol):
    """The settings that every training has. Each budget says what they are, and has more of its own."""

    seeds: tuple[int, ...]
    steps: int
    every: int
    learning_rate: float
    clip: float
    cosine: bool
    folder: str | os.PathLike | None
    progress: bool


def different_seeds(seeds: int | Sequence[int]) -> tuple[int, ...]:
    """The seeds as whole numbers of Python: how many, or which. What is none, or one that stands twice, raises ValueError."""
    try:
        if isinstance(seeds, Integral) or getattr(seeds, "shape", None) == ():
            found = tuple(range(operator.index(seeds)))
        else:
            found = tuple(operator.index(seed) for seed in seeds)
    except TypeError as reason:
        raise ValueError("seeds has to be a whole number, or a list of whole numbers.") from reason
    if len(set(found)) < len(found):
        raise ValueError("A seed that stands twice is no second seed.")
    return found


def check_counts(counts: Mapping[str, int]) -> None:
    """Refuse with ValueError a count below 1; each is told by its name."""
    for name, number in counts.items():
        if number < 1:
            raise ValueError(f"{name} is {number}, and has to be 1 at least.")


def check_draws(steps: int, seeds: Sequence[int]) -> None:
    """Refuse with ValueError steps and seeds for which MOST_STEPS · seed + step is no seed of a batch's own."""
    last = MOST_STEPS * (max(seeds) + 1)
    if steps >= MOST_STEPS or min(seeds) < 0 or last > LARGEST_SEED:
        most = LARGEST_SEED // MOST_STEPS - 1
        raise ValueError(f"steps has to be below {MOST_STEPS}, and a seed from 0 to {most}.")


def decisive(budget: Settings, *others: str) -> dict[str, object]:
    """The settings that the numbers of a run depend on, besides its seeds. others: more of them that change no number."""
    but = (*_CHANGE_NO_NUMBER, *others)
    return {name: of for name, of in vars(budget).items() if name not in but}

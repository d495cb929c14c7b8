"""What can be said of numbers that were drawn, and which mistakes it gives away."""

import random
from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from gates.exercises.common.seen import Seen
from gates.exercises.lesson14.sampled.spreads import spreads

SEEDS = (1401, 1402)
# How far shares may be from probabilities, all together: with 4,000 rows of each of two kinds, 0.02 by chance,
# and beyond 0.06 in less than one of a million draws.
_APART = 0.06


def how_drawn(numbers: Tensor, arguments: tuple) -> tuple[int, ...]:
    """How they are spread, whether rows differ by chance, whether the generator was used, and as it was."""
    logits, temperature, generator = arguments
    if not isinstance(numbers, Tensor) or numbers.shape != logits.shape[:1]:
        raise ValueError
    if numbers.is_floating_point() or numbers.dtype is torch.bool:
        raise ValueError
    B, V = logits.shape
    if not ((numbers >= 0) & (numbers < V)).all():
        raise ValueError
    halves = [slice(0, (B + 1) // 2), slice(B // 2, B)]
    shares = torch.stack([numbers[of].bincount(minlength=V) / len(numbers[of]) for of in halves])
    wanted = spreads(torch.stack([logits[of.start] for of in halves]), temperature)
    far = {k: min((shares - of).norm().item() for of in each) for k, each in wanted.items()}
    nearest = min(far, key=far.__getitem__)
    alone = any(numbers[of].unique().numel() > 1 for of in halves) or B == 1
    used = not torch.equal(
        generator.get_state(),
        torch.Generator().manual_seed(generator.initial_seed()).get_state(),
    )
    left_alone = generator.initial_seed() in SEEDS
    return (nearest if far[nearest] < _APART else -1, int(alone), int(used), int(left_alone))


def seen_in_draws(seen: Seen) -> str | None:
    """The mistake that the form of what comes back gives away, or draws that are right without the generator."""
    if isinstance(seen.results[0], Tensor):
        return _by_form(seen.results[0], *seen.probes[0][0].shape)
    if any(result != (0, 1, 0, 1) for result in seen.results):
        return None
    return "generator-not-used" if len(set(_thrown(seen))) > 1 else "generator-copied"


def _thrown(seen: Seen) -> Iterator[object]:
    """What is drawn by generators of one seed, while all other random numbers start elsewhere each time."""
    for seed in range(30):
        random.seed(seed)
        np.random.seed(seed)
        yield seen.run(_coin(), seed)


def _by_form(numbers: Tensor, B: int, V: int) -> str | None:
    if numbers.shape == (B, 1):
        return "draws-in-a-column"
    if numbers.shape == (1,):
        return "draw-of-the-first-row"
    if numbers.shape != (B,) or not numbers.is_floating_point():
        return None
    if numbers.equal(numbers.round()):
        return "draws-as-floats"
    return "probability-of-the-draw" if ((numbers > 0) & (numbers <= 1)).all() else None


def _coin() -> tuple:
    """One row with two numbers all but alike, of which how_drawn tells the larger from the smaller."""
    logits = torch.tensor([[0.01, 0.0]], dtype=torch.float64)
    return logits, 1.0, torch.Generator().manual_seed(SEEDS[0])

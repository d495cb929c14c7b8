"""One number drawn for each row, at a temperature."""

from collections.abc import Callable

import torch
from torch import Tensor

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.seen import error
from gates.exercises.common.slips import same
from gates.exercises.lesson14.sampled.slips import SLIPS, spreads
from gates.text.sampling import sampled

MANY = 1500  # rows with the same scores, so that their draws show the probabilities
_SEEDS = (1401, 1402)
_APART = 0.08  # how far shares may be from probabilities, all together; rows of two kinds have about 0.025 by chance


def probes() -> Probes:
    """Many rows of two kinds, one below the other, at a low and at a high temperature."""
    kinds = torch.tensor([[1.5, 0.0, -3.0], [-3.0, 1.5, 0.5]], dtype=torch.float64)
    logits = kinds.repeat_interleave(MANY, 0)
    return [
        (logits[:, order], temperature, torch.Generator().manual_seed(seed))
        for order, temperature, seed in zip(([0, 1, 2], [2, 0, 1]), (0.5, 2.0), _SEEDS, strict=True)
    ]


def _small() -> Probes:
    """A single row, one of whose numbers is all but certain."""
    logits = torch.tensor([[0.0, 60.0, 1.0]], dtype=torch.float64)
    return [(logits, 1.0, torch.Generator().manual_seed(_SEEDS[0]))]


def variant(
    scale=lambda logits, temperature: logits / temperature,
    squash=lambda scores: torch.softmax(scores, -1),
    draw=lambda p, generator: torch.multinomial(p, 1, generator=generator)[:, 0],
    give=same,
    whole=None,
) -> Callable:
    """A number drawn for each row, with the parts of it exchangeable."""

    def run(logits: Tensor, temperature: float, generator: torch.Generator) -> Tensor:
        return give(draw(squash(scale(logits, temperature)), generator))

    return whole or run


def _how_drawn(numbers: Tensor, arguments: tuple) -> tuple[int, ...]:
    """What can be said of draws: how they are spread, whether rows differ by chance, whether the generator was used as it is."""
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
    left_alone = generator.initial_seed() in _SEEDS
    return (nearest if far[nearest] < _APART else -1, int(alone), int(used), int(left_alone))


EXERCISE = coding(
    sampled,
    asks="one step of sampling, at a temperature",
    probes=probes,
    small=_small,
    outputs=(
        "how the draws are spread",
        "whether each row has a chance of its own",
        "whether the generator is used",
        "whether the generator keeps its seed",
    ),
    variant=variant,
    pairs=False,
    reads=_how_drawn,
    errors=(
        error(
            r"contains either `inf`, `nan` or element < 0|probabilities are not non-negative",
            "scores-for-probabilities",
            "Scores are handed to the draw where probabilities belong: they may be negative.",
            "Softmax makes probabilities of scores: torch.softmax(…, dim=-1).",
            word="multinomial",
        ),
    ),
    shapes="logits is (B, V), and a number for each row comes back, (B,).",
    returns="It should return a whole number from 0 to V − 1 for each row, (B,).",
    slips=SLIPS,
)

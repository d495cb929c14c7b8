"""One number drawn for each row, at a temperature."""

from collections.abc import Callable

import torch
from torch import Tensor

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.mistake import Mistake
from gates.exercises.common.seen import error
from gates.exercises.common.slips import same
from gates.exercises.lesson14.sampled.drawn import SEEDS, how_drawn, seen_in_draws
from gates.exercises.lesson14.sampled.slips import SLIPS
from gates.text.sampling import sampled

MANY = 4000  # rows with the same scores, so that their draws show the probabilities


def probes() -> Probes:
    """Many rows of two kinds, one below the other, at a low and at a high temperature.

    Divided by the temperature, scores are so near to one another that each number is drawn often enough to be counted.
    """
    kinds = torch.tensor(
        [[1.8, 1.2, 0.6, 0.0, -0.6], [0.0, 1.2, -0.6, 0.6, 1.8]], dtype=torch.float64
    )
    rows = kinds.repeat_interleave(MANY, 0)
    return [
        (temperature * rows, temperature, torch.Generator().manual_seed(seed))
        for temperature, seed in zip((0.5, 2.0), SEEDS, strict=True)
    ]


def _small() -> Probes:
    """A single row, one of whose numbers is all but certain."""
    logits = torch.tensor([[0.0, 60.0, 1.0]], dtype=torch.float64)
    return [(logits, 1.0, torch.Generator().manual_seed(SEEDS[0]))]


def _large() -> Probes:
    """Scores of which e to their power is more than a computer's numbers reach."""
    kinds = torch.tensor([[1000.0, 999.5, 999.0], [999.0, 999.5, 1000.0]], dtype=torch.float64)
    logits = kinds.repeat_interleave(MANY, 0)
    return [(logits, 0.5, torch.Generator().manual_seed(SEEDS[1]))]


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


EXERCISE = coding(
    sampled,
    asks="one step of sampling, at a temperature",
    probes=probes,
    small=_small,
    also=(_large, "scores-overflow"),
    outputs=(
        "how the draws are spread",
        "whether each row has a chance of its own",
        "whether the generator is used",
        "whether the generator keeps its seed",
    ),
    variant=variant,
    pairs=False,
    reads=how_drawn,
    signature=seen_in_draws,
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
    mistakes=(
        Mistake(
            "scores-overflow",
            "Large scores fail: e to their power is more than a computer's numbers reach, so it is infinite.",
            "torch.softmax takes the largest score of a row off from all of them first, which leaves the probabilities as they are.",
        ),
        Mistake(
            "generator-not-used",
            "The chance does not come from the generator, so the same seed draws something else each time.",
            "Hand it over: torch.multinomial(probabilities, 1, generator=generator), or torch.rand(…, generator=generator).",
        ),
        Mistake(
            "generator-copied",
            "The seed of the generator is used, and not the generator itself, so every step draws by the same random numbers.",
            "The generator goes on from draw to draw; its seed stays as it was. Hand over the generator as it comes.",
        ),
        Mistake(
            "draws-in-a-column",
            "The numbers are drawn, and come back in a column, (B, 1).",
            "torch.multinomial draws one column here: take it with [:, 0], or squeeze(-1).",
        ),
        Mistake(
            "draw-of-the-first-row",
            "One number alone comes back, that of the first row.",
            "[0] takes the first row, and [:, 0] the first column, which has a number for each row.",
        ),
        Mistake(
            "draws-as-floats",
            "The numbers come back as floats.",
            "They are places in the codec, so they have to be whole numbers, as torch.multinomial and argmax give them.",
        ),
        Mistake(
            "probability-of-the-draw",
            "The probability of the number that was drawn comes back, and not the number.",
            "Return what torch.multinomial gives, which says which number was drawn.",
        ),
    ),
)

"""Mistakes in drawing a number at a temperature."""

import torch
from torch import Tensor

from gates.exercises.common.slips import slip
from gates.exercises.lesson14.sampled.spreads import positive


def _one_for_all(p: Tensor, generator: torch.Generator) -> Tensor:
    """Each row is drawn by the same random number."""
    u = torch.rand(1, generator=generator, dtype=p.dtype)
    return (p.cumsum(-1) < u).sum(-1).clamp(max=p.shape[-1] - 1)


def _noisy(scores: Tensor, added: Tensor) -> Tensor:
    return (scores + added).argmax(-1)


def _seeded(p: Tensor, generator: torch.Generator) -> Tensor:
    return torch.multinomial(p, 1, generator=generator.manual_seed(0))[:, 0]


SLIPS = [
    slip(
        "temperature-multiplies",
        "The scores are multiplied by the temperature.",
        "Divide by it: a high temperature brings the scores nearer to one another, and a low one apart.",
        scale=lambda logits, temperature: logits * temperature,
    ),
    slip(
        "temperature-ignored",
        "The temperature does not enter.",
        "Divide the scores by it before the softmax.",
        scale=lambda logits, temperature: logits,
    ),
    slip(
        "temperature-ignored",
        scale=lambda logits, temperature: logits - temperature,
        detail="It is subtracted from all scores, which leaves their softmax as it is.",
    ),
    slip(
        "likeliest-for-draw",
        "The likeliest number is taken each time, and nothing is drawn.",
        "torch.multinomial(probabilities, 1, generator=generator) draws by the probabilities; argmax leaves nothing to chance.",
        draw=lambda p, generator: p.argmax(-1),
    ),
    slip(
        "drawn-evenly",
        "All numbers are drawn with equal probability.",
        "torch.multinomial draws by the weights it is given; torch.randint knows none.",
        draw=lambda p, generator: torch.randint(p.shape[-1], p.shape[:1], generator=generator),
    ),
    slip(
        "scores-turned",
        "The scores have the wrong sign: the likeliest number is drawn most seldom.",
        "A larger score is a larger probability: softmax(logits / temperature).",
        scale=lambda logits, temperature: -logits / temperature,
    ),
    slip(
        "softmax-of-softmax",
        "The softmax is taken twice, so all probabilities come near to one another.",
        "torch.softmax(logits / temperature, dim=-1) are the probabilities; hand them to torch.multinomial as they are.",
        squash=lambda scores: torch.softmax(torch.softmax(scores, -1), -1),
    ),
    slip(
        "softmax-of-softmax",
        scale=lambda logits, temperature: torch.softmax(logits, -1) / temperature,
        detail="The temperature comes between the two.",
    ),
    slip(
        "sigmoid-for-probabilities",
        "Each score goes through a sigmoid by itself.",
        "The numbers of a row compete: softmax makes probabilities with the sum 1.",
        squash=torch.sigmoid,
    ),
    slip(
        "generator-started-anew",
        "The generator is started anew inside the function, so every step draws by the same random numbers.",
        "A generator is seeded once, by whoever calls. Use it as it comes.",
        draw=_seeded,
    ),
    slip(
        "one-chance-for-all-rows",
        "All rows are drawn by the same random number.",
        "Draw one number for each row: torch.multinomial does, or torch.rand with B rows.",
        draw=_one_for_all,
    ),
    slip(
        "softmax-over-rows",
        "The softmax runs over the rows, and not over the numbers of a row.",
        "The probabilities of a row have the sum 1: torch.softmax(…, dim=-1).",
        squash=lambda scores: torch.softmax(scores, 0),
    ),
    slip(
        "first-rows-probabilities",
        "All rows are drawn by the probabilities of the first.",
        "Each row has its own: softmax all of logits along the last dimension, and draw one number from each row.",
        squash=lambda scores: torch.softmax(scores, -1)[:1].expand_as(scores),
    ),
    slip(
        "scores-cut-off-at-zero",
        "Scores below zero are cut off, and the others are taken for weights.",
        "Softmax makes probabilities of scores, also of those below zero: torch.softmax(…, dim=-1).",
        squash=positive,
    ),
    slip(
        "temperature-twice",
        "The scores are divided by the temperature twice.",
        "Divide once, and look for a line that overwrites logits.",
        scale=lambda logits, temperature: logits / temperature**2,
    ),
    slip(
        "noise-of-another-kind",
        "The numbers are drawn by noise that is added to the scores, but it is no Gumbel noise, so that they do not have the shares of the softmax.",
        "With u between 0 and 1, all equally likely, Gumbel noise is −log(−log u). torch.multinomial draws by probabilities and needs none.",
        whole=lambda logits, temperature, generator: _noisy(
            logits / temperature, torch.randn(logits.shape, generator=generator)
        ),
    ),
    slip(
        "noise-of-another-kind",
        whole=lambda logits, temperature, generator: _noisy(
            logits / temperature, torch.rand(logits.shape, generator=generator)
        ),
        detail="It is spread evenly between 0 and 1.",
    ),
]

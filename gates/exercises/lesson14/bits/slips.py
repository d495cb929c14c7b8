"""Mistakes in the bits for each character."""

import math

import torch
from torch import Tensor

from gates.exercises.common.slips import slip


def _entropies(log_p: Tensor, targets: Tensor) -> Tensor:
    return -(log_p.exp() * log_p).sum(-1)


def _best(log_p: Tensor, targets: Tensor) -> Tensor:
    return -log_p.max(-1).values


def _misses(log_p: Tensor, targets: Tensor) -> Tensor:
    return 1 - log_p.exp().gather(-1, targets[..., None])[..., 0]


def _but_zeros(log_p: Tensor, targets: Tensor) -> Tensor:
    return -log_p.gather(-1, targets[..., None])[..., 0] * (targets != 0)


SLIPS = [
    slip(
        "nats-for-bits",
        "The result is in nats: the logarithm is the natural one.",
        "log₂ p = ln p / ln 2: divide by math.log(2). torch's cross-entropy and log_softmax take natural logarithms.",
        unit=1.0,
    ),
    slip(
        "log-two-multiplied",
        "The nats are multiplied by ln 2.",
        "One bit is ln 2 = 0.69 nats, so there are more bits than nats: divide by math.log(2).",
        unit=1 / math.log(2),
    ),
    slip(
        "digits-for-bits",
        "The logarithm has base ten.",
        "A bit is a choice of one in two, so the logarithm has base 2: divide nats by math.log(2).",
        unit=math.log(10),
    ),
    slip(
        "bits-for-each-target",
        "The bits are divided by the number of targets, and not of characters.",
        "A target may be a word. Add up what all targets cost, and divide by `characters`.",
        divided=lambda total, costs, characters: total / costs.numel(),
    ),
    slip(
        "mean-over-characters",
        "The mean over the targets is divided by the characters, so it is divided twice.",
        'Add up what all targets cost, for example with reduction="sum", and divide once.',
        together=lambda costs: costs.mean(),
    ),
    slip(
        "bits-times-characters",
        "The result is multiplied by the characters.",
        "What all targets cost together is shared out among the characters: divide.",
        divided=lambda total, costs, characters: total * characters,
    ),
    slip(
        "bits-not-shared-out",
        "The bits of all targets come back together.",
        "Divide by `characters`.",
        divided=lambda total, costs, characters: total,
    ),
    slip(
        "characters-for-each-step",
        "The costs are divided by the number of steps, or of streams, besides.",
        "All T · B targets are added up, and their sum is divided by `characters` alone.",
        divided=lambda total, costs, characters: total / characters / len(costs),
    ),
    slip(
        "characters-for-each-step",
        divided=lambda total, costs, characters: total / characters / costs.shape[1],
    ),
    slip(
        "perplexity-for-bits",
        "A perplexity comes back, and not bits.",
        "A perplexity is 2 to the power of the bits: leave that step out.",
        give=lambda found: 2**found,
        alone=True,
    ),
    slip(
        "bits-below-zero",
        "The sign is missing: the result is negative.",
        "A logarithm of a probability is negative, so a cost is −log₂ p.",
        give=lambda found: -found,
    ),
    slip(
        "own-entropy",
        "This is how unsure the model is, Σ −p log p over all numbers, and not what the targets cost it.",
        "Take the logarithm of one probability at each step, that of the target.",
        cost=_entropies,
    ),
    slip(
        "best-guess-for-target",
        "The probability of the likeliest number is taken, whether it came or not.",
        "Take the probability of the target.",
        cost=_best,
    ),
    slip(
        "miss-for-logarithm",
        "1 − p is taken for the cost, without a logarithm.",
        "A target with probability p costs −log₂ p bits.",
        cost=_misses,
        unit=1.0,
    ),
    slip("softmax-before-cross-entropy", scores=lambda logits: logits.softmax(-1)),
    slip(
        "scores-for-log-probabilities",
        "The scores are taken for logarithms of probabilities.",
        "They become that by log_softmax, which is part of F.cross_entropy.",
        log_p=lambda logits: logits,
    ),
    slip(
        "softmax-over-streams",
        "The softmax runs over another dimension than that of the numbers.",
        "logits are (T, B, V), and the probabilities of all V have the sum 1: dim=-1.",
        log_p=lambda logits: torch.log_softmax(logits, 1),
    ),
    slip("softmax-over-streams", log_p=lambda logits: torch.log_softmax(logits, 0)),
    slip(
        "last-step-costs-only",
        "Only the last step enters.",
        "There is a target at every step, and each costs something.",
        together=lambda costs: costs[-1].sum(),
    ),
    slip(
        "first-stream-costs-only",
        "Only the first stream enters.",
        "All B streams have targets: flatten both dimensions, or add over both.",
        together=lambda costs: costs[:, 0].sum(),
    ),
    slip(
        "number-zero-left-out",
        "Targets of the number 0 cost nothing here.",
        "0 stands for a character, or a word, like any other number: leave ignore_index out.",
        cost=_but_zeros,
    ),
]

"""The probabilities that draws may have, right ones and those of mistakes."""

import torch
from torch import Tensor
from torch.nn import functional as F

from gates.exercises.lesson14.sampled import noise


def spreads(logits: Tensor, temperature: float) -> dict[int, list[Tensor]]:
    """The probabilities that draws may have, each like logits, (B, V): 0 has the right ones, the others those of mistakes."""
    scores = logits / temperature
    p, right = torch.softmax(logits, -1), torch.softmax(scores, -1)
    return {
        0: [right],
        1: [torch.softmax(logits * temperature, -1)],
        2: [p],
        3: [F.one_hot(logits.argmax(-1), logits.shape[-1]).to(p.dtype)],
        4: [torch.full_like(p, 1 / p.shape[-1])],
        5: [torch.softmax(p / temperature, -1), torch.softmax(right, -1)],
        6: [torch.softmax(-scores, -1)],
        7: [_scaled(torch.sigmoid(scores))],
        8: [_scaled(torch.softmax(scores, 0))],
        9: [right[:1].expand_as(right)],
        10: [_scaled(positive(scores))],
        11: [torch.softmax(scores / temperature, -1)],
        12: [noise.shares(scores, kind) for kind in (noise.normal, noise.gumbel_turned)],
        13: [noise.shares(scores, noise.uniform)],
    }


def positive(scores: Tensor) -> Tensor:
    """Scores below zero at zero; a last bit above it, since a row of zeros is nothing to draw by."""
    return scores.relu() + 1e-8


def _scaled(weights: Tensor) -> Tensor:
    return weights / weights.sum(-1, keepdim=True)

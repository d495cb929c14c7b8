"""Draws by noise: a random number is added to each score, and the number with the largest sum is taken."""

from collections.abc import Callable

import torch
from torch import Tensor

Below = Callable[[Tensor], Tensor]  # the probability that the noise is at most x


def normal(x: Tensor) -> Tensor:
    return torch.special.ndtr(x)


def gumbel_turned(x: Tensor) -> Tensor:
    """Of log(−log u), which is Gumbel noise with the wrong sign."""
    return 1 - torch.exp(-torch.exp(x))


def uniform(x: Tensor) -> Tensor:
    return x.clamp(0, 1)


def shares(scores: Tensor, below: Below) -> Tensor:
    """How often each number has the largest sum, (B, V), where the noise of all is spread alike."""
    x = torch.linspace(-20, 20, 1001, dtype=scores.dtype)
    density = torch.diff(below(x), prepend=x.new_zeros(1))
    ahead = scores[:, :, None] - scores[:, None, :]
    others = below(x + ahead[..., None])  # (B, V, V, len(x))
    itself = torch.eye(scores.shape[-1], dtype=torch.bool)[..., None]
    return (density * others.masked_fill(itself, 1).prod(2)).sum(-1)

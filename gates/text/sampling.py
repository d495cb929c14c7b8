"""One number drawn from what may come next, and what is cut off before it is drawn."""

import torch
from torch import Tensor


def sampled(logits: Tensor, temperature: float, generator: torch.Generator) -> Tensor:
    """One number for each row, drawn with the probabilities softmax(logits / temperature).

    logits: (B, V). temperature: above 0; below 1 the likely numbers become more so, above 1 less.
    generator: where the chance comes from, so that the same seed draws the same.
    Returns numbers, (B,).
    """
    probabilities = torch.softmax(logits / temperature, dim=-1)
    return torch.multinomial(probabilities, 1, generator=generator)[:, 0]


def nucleus(probabilities: Tensor, p: float) -> Tensor:
    """The probabilities of the likeliest numbers alone, which together have p or more.

    probabilities: (B, V), each row with the sum 1. p: a share, above 0 and at most 1.
    In each row as few numbers are kept as can be, the likeliest ones. All others get 0, and those
    that are kept are scaled so that their sum is 1 again.
    Source: Holtzman, Buys, Du, Forbes and Choi (2020), The Curious Case of Neural Text
    Degeneration.
    Returns (B, V).
    """
    ordered, order = probabilities.sort(dim=-1, descending=True)
    before = ordered.cumsum(-1) - ordered  # what the likelier ones have together
    kept = torch.zeros_like(probabilities).scatter(-1, order, ordered * (before < p))
    return kept / kept.sum(-1, keepdim=True)

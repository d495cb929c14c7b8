"""The likeliest numbers that together have p or more, with the parts of it exchangeable."""

from collections.abc import Callable

import torch
from torch import Tensor

from gates.exercises.common.slips import same


def scaled(kept: Tensor) -> Tensor:
    return kept / kept.sum(-1, keepdim=True)


def put_back(probabilities: Tensor, kept: Tensor, mask: Tensor, order: Tensor) -> Tensor:
    """What is kept, each number where it stood before sorting."""
    return torch.zeros_like(kept).scatter(-1, order, kept)


def variant(
    share=lambda p, V: p,
    descending=True,
    keep=lambda ordered, total, p: total - ordered < p,
    back=put_back,
    scale=scaled,
    give=same,
    whole=None,
) -> Callable:
    """The likeliest numbers alone, with the parts of it exchangeable."""

    def run(probabilities: Tensor, p: float) -> Tensor:
        p = share(p, probabilities.shape[-1])
        ordered, order = probabilities.sort(-1, descending=descending)
        kept = keep(ordered, ordered.cumsum(-1), p).to(ordered.dtype)
        return give(scale(back(probabilities, kept * ordered, kept, order)))

    return whole or run


# Wrong from end to end, or in a part


kept_as_it_was = variant(scale=same)


def rows_together(probabilities: Tensor, p: float) -> Tensor:
    """One nucleus for all rows, as if their probabilities belonged to one."""
    flat = probabilities.flatten()[None] / len(probabilities)
    return scaled(kept_as_it_was(flat, p).view_as(probabilities))


def first_rows_count(ordered: Tensor, total: Tensor, p: float) -> Tensor:
    return (total - ordered < p)[:1].expand_as(ordered)


def over_columns(probabilities: Tensor, p: float) -> Tensor:
    return scaled(kept_as_it_was(probabilities.T, p).T)


def as_they_stand(probabilities: Tensor, p: float) -> Tensor:
    return scaled(probabilities * (probabilities.cumsum(-1) - probabilities < p))

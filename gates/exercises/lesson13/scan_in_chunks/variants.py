"""A linear recurrence in chunks, with its parts exchangeable."""

from collections.abc import Callable

import torch
from torch import Tensor


def variant(
    step=lambda a, h, b: a * h + b,
    keeps=lambda a, k: k * a,
    first_keep=lambda a: a,
    carry=lambda h, write, h0, first: h,
    start=lambda h0: h0,
    joined=lambda keep, h0, write: keep * h0 + write,
    steps=lambda T, size: T,
    gathered=lambda hs: hs,
    whole=None,
) -> Callable:
    """The chunks, each of which runs from zero and is then told its start, with their parts exchangeable."""

    def in_chunks(a: Tensor, b: Tensor, h0: Tensor, size: int) -> Tensor:
        first, h0, hs = start(h0), start(h0), []
        parts = list(zip(a.split(size), b.split(size), strict=True))
        for a_k, b_k in parts:
            keep, write = [first_keep(a_k[0])], [b_k[0]]
            for a_s, b_s in zip(a_k[1:], b_k[1:], strict=True):
                keep.append(keeps(a_s, keep[-1]))
                write.append(step(a_s, write[-1], b_s))
            hs.append(joined(torch.stack(keep), h0, torch.stack(write)))
            h0 = carry(hs[-1][-1], write[-1], h0, first)
        return torch.cat(gathered(hs))[: steps(len(a), size)]

    return whole or in_chunks

"""A linear recurrence in chunks, with its parts exchangeable."""

from collections.abc import Callable

import torch
from torch import Tensor


def after_step(start: Tensor, states: list[Tensor]) -> list[Tensor]:
    """Of a run through a chunk, what is noted: each state after its step."""
    return states


def before_step(start: Tensor, states: list[Tensor]) -> list[Tensor]:
    return [start, *states[:-1]]


def variant(
    step=lambda a, h, b: a * h + b,
    first_write=lambda a, b, h0, first: b,
    keeps=lambda a, k: k * a,
    first_keep=lambda a: a,
    noted_keep=after_step,
    noted_write=after_step,
    carry=lambda states, write, h0, first: states[-1],
    start=lambda h0: h0,
    joined=lambda keep, h0, write, short: keep * h0 + write,
    steps=lambda T, size: T,
    gathered=lambda hs: hs,
    whole=None,
) -> Callable:
    """The chunks, each of which runs from zero and is then told its start, with their parts exchangeable."""

    def in_chunks(a: Tensor, b: Tensor, h0: Tensor, size: int) -> Tensor:
        first, h0, hs = start(h0), start(h0), []
        parts = list(zip(a.split(size), b.split(size), strict=True))
        for a_k, b_k in parts:
            keep, write = [first_keep(a_k[0])], [first_write(a_k[0], b_k[0], h0, first)]
            for a_s, b_s in zip(a_k[1:], b_k[1:], strict=True):
                keep.append(keeps(a_s, keep[-1]))
                write.append(step(a_s, write[-1], b_s))
            keep = torch.stack(noted_keep(torch.ones_like(h0), keep))
            write = torch.stack(noted_write(torch.zeros_like(h0), write))
            hs.append(joined(keep, h0, write, len(keep) < size))
            h0 = carry(hs[-1], write[-1], h0, first)
        return torch.cat(gathered(hs))[: steps(len(a), size)]

    return whole or in_chunks

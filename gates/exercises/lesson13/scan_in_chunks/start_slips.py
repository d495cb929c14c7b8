"""What a chunk of a linear recurrence starts from, wrongly."""

import torch
from torch import Tensor

from gates.exercises.common.slips import slip
from gates.exercises.lesson13.scan_in_chunks.order_slips import padded
from gates.scan import scan


def _told_the_next_start(a: Tensor, b: Tensor, h0: Tensor, size: int) -> Tensor:
    hs = []
    for a_k, b_k in zip(a.split(size), b.split(size), strict=True):
        keep, write = a_k.cumprod(0), scan(a_k, b_k, torch.zeros_like(h0))
        h0 = keep[-1] * h0 + write[-1]
        hs.append(keep * h0 + write)
    return torch.cat(hs)


def _told_the_next_start_padded(a: Tensor, b: Tensor, h0: Tensor, size: int) -> Tensor:
    return _told_the_next_start(padded(a, size), padded(b, size), h0, size)[: len(a)]


def _place_from_place(keep: Tensor, h0: Tensor, write: Tensor, short: bool) -> Tensor:
    """Where a whole chunk is handed on, each place is joined to the same place of the chunk before."""
    return keep * (h0[: len(keep)] if h0.dim() == keep.dim() else h0) + write


SLIPS = [
    slip(
        "chunks-not-linked",
        "Nothing goes on from chunk to chunk.",
        "The first chunk starts from h0, and each other one from the last state of the one before it.",
        carry=lambda states, write, h0, first: torch.zeros_like(first),
        detail="Each but the first starts from zero.",
    ),
    slip(
        "chunks-not-linked",
        carry=lambda states, write, h0, first: first,
        detail="Each starts from h0.",
    ),
    slip(
        "chunks-not-linked",
        joined=lambda keep, h0, write, short: write,
        detail="Each starts from zero, the first one, too.",
    ),
    slip(
        "chunk-hands-on-its-own-part",
        "What a chunk hands on is its state from a start at zero, without what it kept of its own start.",
        "Correct a chunk first, keep ⊙ start + write; the last row of that is what the next one starts from.",
        carry=lambda states, write, h0, first: write,
    ),
    slip(
        "scan-ignores-h0",
        "The state h0 that is handed in is not used.",
        "The first chunk starts from h0.",
        start=torch.zeros_like,
    ),
    slip(
        "start-counted-twice",
        "A start is in what a chunk writes already, and keep ⊙ start adds it once more.",
        "Let write run from zero, as if nothing had been there before; then keep ⊙ start + write has the start once.",
        first_write=lambda a, b, h0, first: a * first + b,
        detail="In every chunk, write runs from h0.",
    ),
    slip("start-counted-twice", first_write=lambda a, b, h0, first: a * h0 + b),
    slip(
        "whole-chunk-handed-on",
        "A chunk hands on all of its states, so each place starts from the same place of the chunk before.",
        "It is the last state alone, (B, H), that the next chunk starts from: hs[-1][-1].",
        carry=lambda states, write, h0, first: states,
        joined=_place_from_place,
    ),
    slip(
        "told-the-next-start",
        "A chunk is told the start of the next one, in the place of its own.",
        "Compute its states first, keep ⊙ start + write, and only then take the last of them for the next start.",
        whole=_told_the_next_start,
    ),
    slip("told-the-next-start", whole=_told_the_next_start_padded),
    slip(
        "write-from-one-keep-from-zero",
        "write begins at one and keep at zero.",
        "Nothing is written before the first step, so write begins at zero; all of the start is still there, so keep begins at one.",
        first_write=lambda a, b, h0, first: a + b,
        first_keep=torch.zeros_like,
    ),
]

"""Mistakes in a linear recurrence in chunks."""

import torch
from torch import Tensor

from gates.exercises.common.slips import slip
from gates.scan import scan_in_chunks


def _swapped(a: Tensor, b: Tensor, h0: Tensor, size: int) -> Tensor:
    return scan_in_chunks(b, a, h0, size)


def _padded(a: Tensor, b: Tensor, h0: Tensor, size: int) -> Tensor:
    """With the padding of the last chunk, which keeps nothing and writes nothing."""
    hs = scan_in_chunks(a, b, h0, size)
    return torch.cat([hs, hs.new_zeros(-len(hs) % size, *hs.shape[1:])])


def _padded_with_ones(a: Tensor, b: Tensor, h0: Tensor, size: int) -> Tensor:
    hs = scan_in_chunks(a, b, h0, size)
    return torch.cat([hs, hs[-1:].expand(-len(hs) % size, *hs.shape[1:])])


SLIPS = [
    slip(
        "chunks-start-from-zero",
        "Each chunk but the first starts from zero: what was there before it is lost.",
        "A chunk starts from the last state of the one before it.",
        carry=lambda h, write, h0, first: torch.zeros_like(h),
    ),
    slip(
        "chunks-start-from-h0",
        "Each chunk starts from h0.",
        "Only the first one does; the next starts from the last state of the one before it.",
        carry=lambda h, write, h0, first: first,
    ),
    slip(
        "chunk-hands-on-its-own-part",
        "What a chunk hands on is its state from a start at zero, without what it kept of its own start.",
        "Correct a chunk first, keep ⊙ start + write; the last row of that is what the next one starts from.",
        carry=lambda h, write, h0, first: write,
    ),
    slip(
        "scan-ignores-h0",
        "The state h0 that is handed in is not used.",
        "The first chunk starts from h0.",
        start=torch.zeros_like,
    ),
    slip(
        "kept-of-one-step",
        "What is kept of a chunk's start is taken from one step, and not from all steps so far.",
        "After s steps a start has been multiplied by all their a's: keep their product.",
        keeps=lambda a, k: a,
    ),
    slip(
        "kept-of-one-step",
        keeps=lambda a, k: k,
        detail="It is the first step of the chunk.",
    ),
    slip(
        "kept-without-first-step",
        "In what a chunk keeps of its start, the factor of its first step is missing.",
        "The first step multiplies the start by its own a: begin the product with a[0].",
        first_keep=torch.ones_like,
    ),
    slip(
        "kept-added-up",
        "What is kept of a chunk's start is added up over the steps.",
        "Each step multiplies by its a: the product of them all is what is left.",
        keeps=lambda a, k: k + a,
    ),
    slip(
        "start-kept-whole",
        "A chunk's start is added to all of its states as it is.",
        "What is left of a start after s steps is the product of their a's: keep ⊙ start + write.",
        joined=lambda keep, h0, write: h0 + write,
    ),
    slip(
        "nothing-written-in-chunks",
        "What a chunk writes is missing where it is told its start.",
        "keep ⊙ start is what is left of the start; add the states from zero to it.",
        joined=lambda keep, h0, write: keep * h0,
    ),
    slip(
        "chunk-forgets-each-step",
        "Within a chunk nothing is kept from step to step: each state is what that step writes.",
        "From zero, too, a chunk runs h = a ⊙ h + b.",
        step=lambda a, h, b: b,
    ),
    slip(
        "a-on-what-is-written",
        "a multiplies what is written, too: h = a ⊙ (h + b).",
        "h = a ⊙ h + b: a says what is kept of the old state only.",
        step=lambda a, h, b: a * (h + b),
    ),
    slip(
        "writes-what-is-not-kept-in-scan",
        "What is written is multiplied by 1 − a.",
        "b is added as it is; a minGRU's b is (1 − z) ⊙ n already.",
        step=lambda a, h, b: a * h + (1 - a) * b,
    ),
    slip(
        "a-and-b-swapped",
        "a and b have changed places: h = b ⊙ h + a.",
        "a comes first and multiplies the old state, b is added.",
        whole=_swapped,
    ),
    slip(
        "last-chunk-lost",
        "The steps of the last chunk are missing where it is shorter than the others.",
        "T need not be a multiple of size: fill the last chunk up, and cut the result at T; or take a shorter chunk.",
        steps=lambda T, size: T // size * size,
    ),
    slip(
        "padding-returned",
        "The steps that fill up the last chunk come back, too.",
        "Cut the result at T, the number of steps that came in.",
        whole=_padded,
    ),
    slip("padding-returned", whole=_padded_with_ones),
    slip(
        "one-chunk-only",
        "Only one chunk comes back.",
        "Collect the states of all chunks, and join them with torch.cat.",
        gathered=lambda hs: hs[:1],
    ),
    slip("one-chunk-only", gathered=lambda hs: hs[-1:], detail="It is the last."),
]

"""Mistakes in a linear recurrence in chunks."""

import torch
from torch import Tensor

from gates.exercises.common.slips import slip
from gates.exercises.lesson13.scan_in_chunks import order_slips, start_slips
from gates.exercises.lesson13.scan_in_chunks.variants import before_step
from gates.scan import scan_in_chunks


def _swapped(a: Tensor, b: Tensor, h0: Tensor, size: int) -> Tensor:
    return scan_in_chunks(b, a, h0, size)


SLIPS = [
    *start_slips.SLIPS,
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
        "kept-of-whole-chunk",
        "What a whole chunk keeps of its start is taken at each of its steps.",
        "At each step, as much is left of the start as the product of the a's up to that step.",
        joined=lambda keep, h0, write, short: keep[-1] * h0 + write,
    ),
    slip(
        "kept-of-whole-chunk",
        joined=lambda keep, h0, write, short: (0 if short else keep[-1]) * h0 + write,
        detail="In the last chunk it is that of the padding.",
    ),
    slip(
        "kept-without-first-step",
        "In what a chunk keeps of its start, the factor of its first step is missing.",
        "The first step multiplies the start by its own a: begin the product with a[0].",
        first_keep=torch.ones_like,
    ),
    slip(
        "kept-before-step",
        "What is kept of a chunk's start is noted before each step, so the factor of that step is missing.",
        "Multiply keep by the step's a first, and note it then.",
        noted_keep=before_step,
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
        joined=lambda keep, h0, write, short: h0 + write,
    ),
    slip(
        "nothing-written-in-chunks",
        "What a chunk writes is missing where it is told its start.",
        "keep ⊙ start is what is left of the start; add the states from zero to it.",
        joined=lambda keep, h0, write, short: keep * h0,
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
        first_write=lambda a, b, h0, first: a * b,
    ),
    slip("a-on-what-is-written", step=lambda a, h, b: a * (h + b)),
    slip(
        "writes-what-is-not-kept-in-scan",
        "What is written is multiplied by 1 − a.",
        "b is added as it is; a minGRU's b is (1 − z) ⊙ n already.",
        step=lambda a, h, b: a * h + (1 - a) * b,
        first_write=lambda a, b, h0, first: (1 - a) * b,
    ),
    slip("writes-what-is-not-kept-in-scan", step=lambda a, h, b: a * h + (1 - a) * b),
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
    *order_slips.SLIPS,
    slip(
        "one-chunk-only",
        "Only one chunk comes back.",
        "Collect the states of all chunks, and join them with torch.cat.",
        gathered=lambda hs: hs[:1],
    ),
    slip("one-chunk-only", gathered=lambda hs: hs[-1:], detail="It is the last."),
]

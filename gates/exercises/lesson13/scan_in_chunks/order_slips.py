"""States of a linear recurrence that are right and stand in the wrong place."""

import torch
from torch import Tensor
from torch.nn import functional as F

from gates.exercises.common.slips import slip
from gates.exercises.lesson13.scan_in_chunks.variants import before_step
from gates.scan import scan_in_chunks


def padded(part: Tensor, size: int) -> Tensor:
    """With as many zeros as fill up the last chunk."""
    return F.pad(part, (0, 0, 0, 0, 0, -len(part) % size))


def _with_padding(a: Tensor, b: Tensor, h0: Tensor, size: int) -> Tensor:
    return scan_in_chunks(padded(a, size), padded(b, size), h0, size)


def _with_last_state_repeated(a: Tensor, b: Tensor, h0: Tensor, size: int) -> Tensor:
    hs = scan_in_chunks(a, b, h0, size)
    return torch.cat([hs, hs[-1:].expand(-len(hs) % size, *hs.shape[1:])])


def _with_start(a: Tensor, b: Tensor, h0: Tensor, size: int) -> Tensor:
    return torch.cat([h0[None], scan_in_chunks(a, b, h0, size)])


def _before_steps(a: Tensor, b: Tensor, h0: Tensor, size: int) -> Tensor:
    return _with_start(a, b, h0, size)[:-1]


def _place_by_place(a: Tensor, b: Tensor, h0: Tensor, size: int) -> Tensor:
    hs = _with_padding(a, b, h0, size).unflatten(0, (-1, size))
    return hs.transpose(0, 1).flatten(0, 1)[: len(a)]


def _places_for_chunks(a: Tensor, b: Tensor, h0: Tensor, size: int) -> Tensor:
    """Each place of all chunks is told a start, and hands on the state of the last chunk."""
    keep, write, hs = 1.0, 0.0, []
    chunks = (padded(part, size).unflatten(0, (-1, size)).unbind(1) for part in (a, b))
    for a_s, b_s in zip(*chunks, strict=True):
        keep, write = a_s * keep, a_s * write + b_s
        hs.append(keep * h0 + write)
        h0 = hs[-1][-1]
    return torch.cat(hs)[: len(a)]


SLIPS = [
    slip(
        "padding-returned",
        "The steps that fill up the last chunk come back, too.",
        "Cut the result at T, the number of steps that came in.",
        whole=_with_padding,
    ),
    slip("padding-returned", whole=_with_last_state_repeated),
    slip(
        "states-before-steps",
        "hs holds the state before each step, so all states stand one place too late.",
        "Note a state after its step: hs[0] is the state after the first one, and h0 does not come back.",
        whole=_before_steps,
    ),
    slip(
        "states-before-steps",
        noted_keep=before_step,
        noted_write=before_step,
        detail="It is so in each chunk, and what the next one starts from lacks a step.",
    ),
    slip(
        "start-returned",
        "h0 comes back, too, in front of the states.",
        "hs[0] is the state after the first step: T rows in all.",
        whole=_with_start,
    ),
    slip(
        "places-before-chunks",
        "The axis of chunks and that of the places in a chunk are mixed up: the first steps of all chunks come first.",
        "Stack what was noted at the places with dim=1: (chunks, size, B, H), so that keep[k] and write[k] are chunk k.",
        whole=_places_for_chunks,
    ),
    slip("places-before-chunks", whole=_place_by_place, detail="The states themselves are right."),
    slip(
        "states-on-another-axis",
        "The states are right, and the steps stand on another axis than the first.",
        "hs is (T, B, H): join states with torch.stack and chunks with torch.cat, both along dim=0.",
        whole=lambda *given: scan_in_chunks(*given).transpose(0, 1),
    ),
    slip(
        "states-on-another-axis",
        whole=lambda *given: scan_in_chunks(*given).movedim(0, -1),
        detail="They stand last.",
    ),
]

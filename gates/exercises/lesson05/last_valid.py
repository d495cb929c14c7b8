"""The last real step."""

import torch
from torch import Tensor

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.probing import random_numbers
from gates.exercises.common.seen import error
from gates.exercises.common.slips import slip


def last_valid(ys: Tensor, lengths: Tensor) -> Tensor:
    """The output of each sample at its own last step.

    ys: padded outputs, (T, B, H). lengths: how many steps of each sample are real, (B,), at
    least 1. Returns (B, H).
    """
    return ys[lengths - 1, torch.arange(len(lengths))]


def probes() -> Probes:
    randn = random_numbers(55)
    return [
        (randn(7, 4, 2), torch.tensor([3, 6, 2, 4])),
        (randn(6, 3, 5), torch.tensor([4, 2, 3])),
        (randn(5, 2, 3), torch.tensor([5, 1])),
    ]


def _square_outputs() -> Probes:
    """As many steps as samples, so that nothing complains."""
    return [(random_numbers(62)(5, 5, 2), torch.tensor([3, 2, 4, 1, 3]))]


def _at(ys: Tensor, steps: Tensor) -> Tensor:
    return ys[steps, torch.arange(ys.shape[1])]


def _mean_of_real(ys: Tensor, lengths: Tensor) -> Tensor:
    mask = torch.arange(len(ys))[:, None] < lengths
    return (ys * mask[:, :, None]).sum(0) / lengths[:, None]


EXERCISE = coding(
    last_valid,
    asks="the last real step",
    probes=probes,
    square=_square_outputs,
    errors=(error("out of bounds|out of range", "length-as-index"),),
    shapes="ys is (T, B, H), lengths is (B,).",
    slips=[
        slip("last-padded-step", whole=lambda ys, lengths: ys[-1]),
        slip("length-as-index", whole=lambda ys, lengths: _at(ys, lengths)),
        slip(
            "length-as-index",
            whole=lambda ys, lengths: _at(ys, lengths.clamp(max=len(ys) - 1)),
            detail="It is cut to T − 1.",
        ),
        slip("one-length-for-all", whole=lambda ys, lengths: ys[lengths.max() - 1]),
        slip("one-length-for-all", whole=lambda ys, lengths: ys[lengths.min() - 1]),
        slip("one-length-for-all", whole=lambda ys, lengths: ys[lengths[0] - 1]),
        slip("one-length-for-all", whole=lambda ys, lengths: ys[lengths[-1] - 1]),
        slip("one-length-for-all", whole=lambda ys, lengths: ys[lengths.double().mean().int() - 1]),
        slip(
            "one-length-for-all",
            whole=lambda ys, lengths: ys[lengths.double().mean().round().int() - 1],
        ),
        slip("step-before-last", whole=lambda ys, lengths: _at(ys, lengths - 2)),
        slip(
            "step-before-last",
            whole=lambda ys, lengths: _at(ys, (lengths - 2).clamp(min=0)),
            detail="It is cut at 0.",
        ),
        slip("averages-padding", whole=lambda ys, lengths: ys.mean(0)),
        slip(
            "averages-padding",
            whole=lambda ys, lengths: ys.sum(0) / lengths[:, None],
            detail="The sum is divided by the length.",
        ),
        slip("averages-steps", whole=_mean_of_real),
        slip("sample-for-step", whole=lambda ys, lengths: ys[:, -1]),
        slip(
            "sample-for-step", whole=lambda ys, lengths: ys[torch.arange(len(lengths)), lengths - 1]
        ),
    ],
)

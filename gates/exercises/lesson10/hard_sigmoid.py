"""The hard sigmoid."""

from collections.abc import Callable

import torch
from torch import Tensor

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.probing import random_numbers
from gates.exercises.common.slips import same, slip


def hard_sigmoid(a: Tensor) -> Tensor:
    """PyTorch's sketch of σ in three straight lines: 0 up to -3, 1 from 3 on, and even between.

    a: any real numbers. Returns a tensor of the same shape.
    """
    return (a / 6 + 0.5).clamp(0, 1)


def probes() -> Probes:
    randn = random_numbers(82)
    return [(3 * randn(4, 5),), (5 * randn(7),), (randn(9),)]


def variant(slope=1 / 6, middle=0.5, cut=lambda a: a.clamp(0, 1), whole=None) -> Callable:
    """Three straight lines, with the parts of them exchangeable."""
    return whole or (lambda a: cut(slope * a + middle))


EXERCISE = coding(
    hard_sigmoid,
    asks="the hard sigmoid",
    probes=probes,
    variant=variant,
    slips=[
        slip(
            "other-hard-sigmoid",
            "This is another hard sigmoid than PyTorch's.",
            "Several are in use. PyTorch's rises from 0 at −3 to 1 at 3, so its slope is 1/6.",
            slope=0.2,
        ),
        slip("other-hard-sigmoid", slope=0.5, detail="It rises from −1 to 1."),
        slip("other-hard-sigmoid", slope=0.25, detail="It has the slope of σ at 0."),
        slip(
            "hard-sigmoid-not-cut",
            "The line is not cut off.",
            "clamp(0, 1) holds it between 0 and 1.",
            cut=same,
        ),
        slip("hard-sigmoid-not-cut", cut=lambda a: a.clamp(min=0), detail="It is not at the top."),
        slip(
            "hard-sigmoid-not-cut", cut=lambda a: a.clamp(max=1), detail="It is not at the bottom."
        ),
        slip(
            "hard-sigmoid-not-shifted",
            "The line goes through 0 at 0.",
            "A half-open gate is 0.5: add that before you cut.",
            middle=0.0,
        ),
        slip(
            "hard-sigmoid-slope",
            "The line has another slope.",
            "From −3 to 3 it rises by 1, so its slope is 1/6.",
            slope=1 / 3,
        ),
        slip("hard-sigmoid-slope", slope=1.0),
        slip(
            "hard-sigmoid-not-shifted",
            whole=lambda a: torch.where(a < -3, 0.0, torch.where(a > 3, 1.0, a / 6)),
        ),
        slip(
            "sigmoid-cut",
            "This is σ in the middle, cut off at −3 and 3.",
            "In the middle, too, it is a straight line: a/6 + 0.5.",
            whole=lambda a: torch.sigmoid(a.clamp(-3, 3)),
        ),
        slip(
            "hard-tanh-for-sigmoid",
            "This runs from −1 to 1, as a hard tanh does.",
            "A gate is a fraction, so it runs from 0 to 1.",
            whole=lambda a: a.clamp(-1, 1),
        ),
        slip("hard-tanh-for-sigmoid", whole=lambda a: (a / 3).clamp(-1, 1)),
        slip(
            "cut-at-three",
            "The pre-activation is cut off at −3 and 3, and left as it is between.",
            "−3 and 3 are where the line reaches 0 and 1. Map a to a/6 + 0.5 first, then cut at 0 and 1.",
            whole=lambda a: a.clamp(-3, 3),
        ),
        slip(
            "step-for-sigmoid",
            "This jumps from 0 to 1.",
            "A jump has no slope, so nothing can be learned through it. Between −3 and 3 there is a straight line.",
            whole=lambda a: (a > 0).to(a.dtype),
        ),
        slip("step-for-sigmoid", whole=lambda a: (a >= 0).to(a.dtype)),
        slip(
            "soft-for-hard",
            "This is σ itself.",
            "The hard one consists of three straight lines: (a/6 + 0.5), cut at 0 and 1.",
            whole=torch.sigmoid,
        ),
        slip(
            "sigmoid-cut",
            whole=lambda a: torch.where(a < -3, 0.0, torch.where(a > 3, 1.0, torch.sigmoid(a))),
        ),
    ],
)

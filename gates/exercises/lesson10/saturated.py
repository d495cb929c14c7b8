"""How much of an activation hardly reacts."""

from collections.abc import Callable

import torch
from torch import Tensor

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.probing import random_numbers
from gates.exercises.common.seen import error
from gates.exercises.common.slips import slip
from gates.probes import saturated


def probes() -> Probes:
    randn = random_numbers(85)
    return [
        (3 * randn(6, 4, 5), torch.tanh, 1.0),
        (4 * randn(5, 7), torch.sigmoid, 0.25),
        (3 * randn(8, 3), _falling, 1.0),
        (2 * randn(9, 4), torch.relu, 1.0),
        (torch.tensor([0.1, 0.9, 1.3, 2.0, 3.0, 0.5], dtype=torch.float64), torch.tanh, 1.0),
    ]


def _falling(a: Tensor) -> Tensor:
    return -torch.tanh(a)


def variant(
    of=lambda a, activation: _slope(a, activation).abs(),
    below=lambda sizes, steepest: sizes < steepest / 20,
    share=lambda found: found.double().mean().item(),
    whole=None,
) -> Callable:
    """The share of small slopes, with the parts of it exchangeable."""
    return whole or (lambda a, activation, steepest: share(below(of(a, activation), steepest)))


def _slope(a: Tensor, activation: Callable) -> Tensor:
    a = a.detach().requires_grad_()
    with torch.enable_grad():
        return torch.autograd.grad(activation(a).sum(), a)[0]


EXERCISE = coding(
    saturated,
    asks="how much of an activation hardly reacts",
    probes=probes,
    outputs=("the share",),
    variant=variant,
    reads=lambda share, arguments: float(share),
    tolerance=1e-6,
    errors=(
        error(
            "scalar outputs|only for scalar|grad_outputs",
            "slope-of-many-numbers",
            "Autograd was asked for the slope of many numbers at once.",
            "It starts from one number. Each output depends on its own input only, so the gradient of their sum holds all the slopes: activation(a).sum().",
        ),
        error(
            "does not require grad",
            "slope-without-graph",
            "Nothing was recorded, so autograd has no slope to give.",
            "a.detach().requires_grad_() first, then the activation.",
        ),
    ),
    slips=[
        slip(
            "value-for-slope",
            "The value of the activation is looked at, and not its slope.",
            "An activation is saturated where it hardly reacts, so where its slope is small. torch.autograd.grad gives the slope.",
            of=lambda a, activation: activation(a).abs(),
        ),
        slip("value-for-slope", of=lambda a, activation: activation(a)),
        slip(
            "value-for-slope",
            of=lambda a, activation: a.abs(),
            detail="It is the pre-activation itself.",
        ),
        slip(
            "slope-without-size",
            "A steep slope downward is taken for a small one.",
            "Take the size of the slope, with abs().",
            of=_slope,
        ),
        slip(
            "steepest-ignored",
            "The slope is compared with another number than a twentieth of the steepest.",
            "σ is nowhere steeper than 0.25 and tanh reaches 1, so each is compared with its own: steepest / 20.",
            below=lambda sizes, steepest: sizes < 1 / 20,
        ),
        slip("steepest-ignored", below=lambda sizes, steepest: sizes < 0.25 / 20),
        slip(
            "steepest-ignored",
            below=lambda sizes, steepest: sizes < sizes.max() / 20,
            detail="It is the steepest met here.",
        ),
        slip(
            "reacting-for-saturated",
            "This is the share that does react.",
            "Count where the slope is below the threshold.",
            below=lambda sizes, steepest: sizes >= steepest / 20,
        ),
        slip(
            "threshold-not-a-twentieth",
            "The threshold is not a twentieth of the steepest slope.",
            "steepest / 20.",
            below=lambda sizes, steepest: sizes < steepest,
        ),
        slip("threshold-not-a-twentieth", below=lambda sizes, steepest: sizes < 20 * steepest),
        slip("threshold-not-a-twentieth", below=lambda sizes, steepest: sizes < steepest / 2),
        slip("threshold-not-a-twentieth", below=lambda sizes, steepest: sizes < steepest / 200),
        slip("threshold-not-a-twentieth", below=lambda sizes, steepest: sizes < steepest / 10),
        slip("threshold-not-a-twentieth", below=lambda sizes, steepest: sizes < steepest - 0.05),
        slip(
            "zero-slope-only",
            "Only slopes of exactly 0 are counted.",
            "σ and tanh flatten out without ever being flat. Count what is below steepest / 20.",
            below=lambda sizes, steepest: sizes == 0,
        ),
        slip(
            "count-for-share",
            "The count is returned, and not the share.",
            "Divide by how many numbers there are; the mean of true and false does that.",
            share=lambda found: found.sum().item(),
        ),
        slip(
            "mean-slope-for-share",
            "The slopes are averaged.",
            "Compare each slope with the threshold first; the mean of true and false is the share.",
            below=lambda sizes, steepest: sizes,
            share=lambda s: s.mean().item(),
        ),
        slip(
            "mean-slope-for-share",
            whole=lambda a, activation, steepest: float(
                _slope(a, activation).abs().mean() < steepest / 20
            ),
            detail="And it is compared as a whole.",
        ),
        slip(
            "slopes-of-a-mean",
            "The slopes are those of a mean, so each is divided by how many numbers there are.",
            "Start the gradient from activation(a).sum().",
            of=lambda a, activation: _slope(a, activation).abs() / a.numel(),
        ),
    ],
)

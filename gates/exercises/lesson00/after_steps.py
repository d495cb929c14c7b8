"""What is left after T steps."""

from collections.abc import Callable

import torch
from torch import Tensor

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.probing import random_numbers
from gates.exercises.common.slips import slip


def after_steps(a: Tensor, c: Tensor, T: int) -> Tensor:
    """What is left of a memory after T steps of the same forget gate.

    a: the gate's pre-activation. c: the memory before the first step, of the same shape.
    T: how many steps, at least 1. Returns what is left of c, of the same shape.
    """
    return torch.sigmoid(a) ** T * c


def probes() -> Probes:
    randn = random_numbers(1)
    return [(randn(2), 3 * randn(2), 3), (randn(4), 3 * randn(4), 6)]


def variant(
    squash=torch.sigmoid,
    keep=lambda f: f,
    power=lambda f, T: f**T,
    steps=lambda T: T,
    combine=lambda k, c: k * c,
    whole=None,
) -> Callable:
    """σ(a)^T ⊙ c, with its parts exchangeable; `whole` takes the place of all of it."""
    return whole or (lambda a, c, T: combine(power(keep(squash(a)), steps(T)), c))


EXERCISE = coding(
    after_steps,
    asks="what is left after T steps",
    probes=probes,
    variant=variant,
    gradients=True,
    slips=[
        slip("f-means-forget", keep=lambda f: 1 - f),
        slip("one-step-only", power=lambda f, T: f),
        slip("steps-add-up", power=lambda f, T: T * f),
        slip("one-step-too-many", steps=lambda T: T + 1),
        slip("one-step-too-few", steps=lambda T: T - 1),
        slip("gate-left-raw", squash=lambda a: a),
        slip("gate-tanh", squash=torch.tanh),
        slip("gate-adds", combine=lambda k, c: k + c),
        slip("gate-alone", combine=lambda k, c: k),
        slip(
            "memory-powered",
            "The memory is raised to the power T.",
            "Only the fraction is applied T times: f ** T first, then times c.",
            whole=lambda a, c, T: (torch.sigmoid(a) * c) ** T,
        ),
        slip("memory-powered", whole=lambda a, c, T: torch.sigmoid(a) * c**T),
        slip("losses-add-up", whole=lambda a, c, T: (1 - T * (1 - torch.sigmoid(a))) * c),
        slip(
            "steps-in-sigmoid",
            "The pre-activation is multiplied by T before the sigmoid.",
            "Take the sigmoid of a alone; the power T belongs to f.",
            whole=lambda a, c, T: torch.sigmoid(a * T) * c,
        ),
    ],
)

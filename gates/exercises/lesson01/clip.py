"""Gradients held at a norm."""

import math
from collections.abc import Callable, Sequence

from torch import Tensor

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.probing import random_numbers
from gates.exercises.common.slips import slip


def clip(grads: Sequence[Tensor], max_norm: float) -> list[Tensor]:
    """Gradients, shortened together so that their norm is at most max_norm.

    grads: tensors of any shapes. Their norm is that of all their entries in one long vector.
    Returns a list of tensors of the same shapes, all scaled by one factor, which is never above 1.
    """
    norm = math.sqrt(sum(grad.square().sum().item() for grad in grads))
    factor = min(1.0, max_norm / norm)
    return [factor * grad for grad in grads]


def probes() -> Probes:
    randn = random_numbers(11)
    return [
        ([randn(3, 2), 0.1 * randn(4)], 0.7),
        ([randn(2), randn(3, 3), randn(1)], 2.5),
        ([0.1 * randn(3), 0.1 * randn(2, 2)], 5.0),
    ]


def variant(
    norm=lambda grads: math.sqrt(sum(g.square().sum().item() for g in grads)),
    bound=lambda factor: min(1.0, factor),
    scale=None,
) -> Callable:
    """Gradients shortened together, with the parts of it exchangeable."""

    def run(grads: Sequence[Tensor], max_norm: float) -> list[Tensor]:
        if scale:
            return [scale(grad, max_norm) for grad in grads]
        factor = bound(max_norm / norm(grads))
        return [factor * grad for grad in grads]

    return run


def _clip_as_torch(grads: list[Tensor], max_norm: float) -> list[Tensor]:
    """torch.nn.utils.clip_grad_norm_ adds 1e-6 to the norm."""
    norm = math.sqrt(sum(grad.square().sum().item() for grad in grads))
    return [min(1.0, max_norm / (norm + 1e-6)) * grad for grad in grads]


EXERCISE = coding(
    clip,
    asks="gradients held at a norm",
    accepts=(_clip_as_torch,),
    probes=probes,
    outputs=lambda arguments: tuple(f"gradient {k + 1}" for k in range(len(arguments[0]))),
    variant=variant,
    reads=lambda grads, arguments: list(grads),
    slips=[
        slip(
            "clips-each-alone",
            "Each gradient is scaled by a factor of its own, from its own norm.",
            "Take one norm over all entries together and scale all gradients by one factor: that keeps the direction.",
            scale=lambda g, m: g * min(1.0, m / g.norm().item()),
        ),
        slip(
            "clips-each-alone",
            scale=lambda g, m: g * (m / g.norm().item()),
            detail="Each is made exactly that long.",
        ),
        slip("clips-values", scale=lambda g, m: g.clamp(-m, m)),
        slip("clips-values", scale=lambda g, m: g.clamp(max=m), detail="Only positive ones are."),
        slip(
            "clips-always",
            "Gradients that are short enough are made longer.",
            "The factor is max_norm over the norm, and never above 1.",
            bound=lambda factor: factor,
        ),
        slip(
            "clips-never",
            "The gradients come back as they were.",
            "The factor is max_norm / norm where the norm is too large, and 1 elsewhere; every gradient is multiplied by it.",
            bound=lambda factor: 1.0,
        ),
        slip(
            "clips-upside-down",
            "The factor is upside down: the norm divided by the largest norm.",
            "A gradient that is twice too long needs the factor one half: max_norm / norm.",
            bound=lambda factor: min(1.0, 1 / factor),
        ),
        slip(
            "clips-upside-down", bound=lambda factor: 1 / factor, detail="And it is not held at 1."
        ),
        slip("clips-upside-down", bound=lambda factor: max(1.0, 1 / factor)),
        slip(
            "clips-the-short",
            "Long gradients stay long, and short ones are made longer: max stands where min belongs.",
            "The factor must never be above 1: min(1, max_norm / norm).",
            bound=lambda factor: max(1.0, factor),
        ),
        slip(
            "norm-of-largest",
            "The largest of the norms is taken for the norm of all.",
            "All entries of all gradients make one long vector: the root of the sum of all squares.",
            norm=lambda grads: max(g.norm().item() for g in grads),
        ),
        slip(
            "norm-of-absolutes",
            "The absolute values are added up where squares belong.",
            "The norm is the root of the sum of the squares.",
            norm=lambda grads: sum(g.abs().sum().item() for g in grads),
        ),
        slip(
            "norm-of-absolutes",
            norm=lambda grads: math.sqrt(sum(g.abs().sum().item() for g in grads)),
        ),
        slip(
            "norm-not-rooted",
            "The sum of squares is taken for the norm: the root is missing.",
            "The norm is the square root of the sum of all squares.",
            norm=lambda grads: sum(g.square().sum().item() for g in grads),
        ),
        slip(
            "norms-added",
            "The norms of the parts are added up.",
            "Add the squares and take the root of their sum: that is the norm of everything as one vector.",
            norm=lambda grads: sum(g.norm().item() for g in grads),
        ),
    ],
)

"""A gate that keeps or forgets."""

from collections.abc import Callable

import torch
from torch import Tensor

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.probing import random_numbers
from gates.exercises.common.slips import slip


def keep_or_forget(a: Tensor, c: Tensor) -> Tensor:
    """What a forget gate leaves of a memory.

    a: the gate's pre-activation, any real numbers. c: the memory, of the same shape.
    Returns the part of c that is kept, of the same shape.
    """
    f = torch.sigmoid(a)
    return f * c


def probes() -> Probes:
    randn = random_numbers(0)
    return [(randn(2), 3 * randn(2)), (randn(5), 3 * randn(5))]


def variant(
    squash=torch.sigmoid, keep=lambda f: f, combine=lambda f, c: f * c, swap=False
) -> Callable:
    """σ(a) ⊙ c, with its parts exchangeable."""

    def gate(a: Tensor, c: Tensor) -> Tensor:
        a, c = (c, a) if swap else (a, c)
        return combine(keep(squash(a)), c)

    return gate


EXERCISE = coding(
    keep_or_forget,
    asks="a gate that keeps or forgets",
    probes=probes,
    variant=variant,
    gradients=True,
    slips=[
        slip("f-means-forget", keep=lambda f: 1 - f),
        slip("gate-left-raw", squash=lambda a: a),
        slip("gate-tanh", squash=torch.tanh),
        slip("gate-adds", combine=lambda f, c: f + c),
        slip("gate-alone", combine=lambda f, c: f),
        slip("gate-summed", combine=lambda f, c: (f * c).sum()),
        slip(
            "gate-of-product",
            "The sigmoid is taken of the product, so the value itself is squashed.",
            "Take the sigmoid of the pre-activation alone, then multiply the value by it.",
            squash=lambda a: a,
            combine=lambda f, c: torch.sigmoid(f * c),
        ),
        slip(
            "gate-roles-swapped",
            "The two arguments have changed places: the value is squashed and the pre-activation is kept.",
            "The sigmoid belongs around a, the pre-activation. The value c stays as it is until it is multiplied.",
            swap=True,
        ),
    ],
)

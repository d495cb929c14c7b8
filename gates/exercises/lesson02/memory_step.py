"""A memory that keeps and writes."""

from collections.abc import Callable

import torch
from torch import Tensor

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.probing import random_numbers
from gates.exercises.common.slips import slip
from gates.exercises.common.stepping import update


def memory_step(f: Tensor, i: Tensor, g: Tensor, c: Tensor) -> Tensor:
    """The new memory of units that keep a part of what they hold and write a part of what is new.

    f: which fraction of the memory is kept. i: which fraction of the candidate is written.
    g: the candidate. c: the memory before the step. All four are (B, H), and so is what comes back.
    """
    return f * c + i * g


def probes() -> Probes:
    return [(f, i, g, c) for f, i, g, _, c in update()]


def _small_memories() -> Probes:
    randn = random_numbers(14)
    sizes = [(1, 3), (2, 1), (1, 1)]
    return [
        (torch.sigmoid(randn(*size)), torch.sigmoid(randn(*size)), randn(*size), randn(*size))
        for size in sizes
    ]


def _summed(product: Tensor) -> Tensor:
    return product.sum(-1, keepdim=True).expand_as(product)


def variant(
    keep=lambda f: f,
    memory=lambda f, c: f * c,
    written=lambda f, i, g: i * g,
    roles=lambda f, i: (f, i),
    store=lambda c: c,
) -> Callable:
    """f ⊙ c + i ⊙ g, with its parts exchangeable."""

    def step(f: Tensor, i: Tensor, g: Tensor, c: Tensor) -> Tensor:
        f, i = roles(f, i)
        return store(memory(keep(f), c) + written(f, i, g))

    return step


EXERCISE = coding(
    memory_step,
    asks="a memory that keeps and writes",
    probes=probes,
    small=_small_memories,
    outputs=("c",),
    variant=variant,
    gradients=True,
    shapes="All four tensors are (B, H).",
    slips=[
        slip("f-means-forget", keep=lambda f: 1 - f),
        slip("lstm-gates-swapped", roles=lambda f, i: (i, f)),
        slip("lstm-forget-gates-candidate", roles=lambda f, i: (f, f)),
        slip("lstm-input-gates-memory", roles=lambda f, i: (i, i)),
        slip("writes-what-is-not-kept", written=lambda f, i, g: (1 - f) * g),
        slip("memory-keeps-what-is-not-written", roles=lambda f, i: (1 - i, i)),
        slip("lstm-forget-gates-all", written=lambda f, i, g: f * i * g),
        slip("lstm-adds-candidate", written=lambda f, i, g: i + g),
        slip("lstm-candidate-ungated", written=lambda f, i, g: g),
        slip("lstm-memory-ungated", memory=lambda f, c: c),
        slip("lstm-memory-dropped", memory=lambda f, c: torch.zeros_like(c)),
        slip(
            "lstm-nothing-written",
            "Nothing is written: the candidate does not enter the memory.",
            "The new memory is what is kept plus what is written: add i ⊙ g.",
            written=lambda f, i, g: torch.zeros_like(g),
        ),
        slip("gate-adds", memory=lambda f, c: f + c, detail="It is the forget gate that is added."),
        slip("gate-summed", store=_summed),
        slip("lstm-stores-tanh-c", store=torch.tanh),
        slip("candidate-sigmoid", written=lambda f, i, g: i * torch.sigmoid(g)),
        slip("candidate-squashed-again", written=lambda f, i, g: i * torch.tanh(g)),
        *[
            slip(
                "lstm-squashed-again",
                memory=lambda f, c: torch.sigmoid(f) * c,
                written=lambda f, i, g, squash=squash: torch.sigmoid(i) * squash(g),
            )
            for squash in (torch.tanh, lambda g: g)
        ],
    ],
)

"""A state carried over."""

from collections.abc import Callable

import torch
from torch import Tensor

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.probing import random_numbers
from gates.exercises.common.seen import error
from gates.exercises.common.slips import same, slip


def carried(state: tuple[Tensor, Tensor], B: int) -> tuple[Tensor, Tensor]:
    """The state of an LSTM as the next batch takes it over: values, with no graph behind them.

    state: the pair (h, c), each (L, B_before, H). B: how many samples the next batch has, at
    most B_before; they go on from the first B. Returns the pair, each (L, B, H).
    """
    h, c = state
    return h[:, :B].detach(), c[:, :B].detach()


def probes() -> Probes:
    randn = random_numbers(57)
    return [
        ((randn(2, 5, 3), randn(2, 5, 3)), 3),
        ((randn(3, 4, 2), randn(3, 4, 2)), 1),
        ((randn(1, 2, 3), randn(1, 2, 3)), 2),
    ]


def variant(
    cut=lambda part, B: part[:, :B], of_h=Tensor.detach, of_c=Tensor.detach, whole=None
) -> Callable:
    """The state for the next batch, with its parts exchangeable."""

    def state(state: tuple[Tensor, Tensor], B: int) -> tuple[Tensor, Tensor]:
        h, c = state
        return of_h(cut(h, B)), of_c(cut(c, B))

    return whole or state


def _zero(part: Tensor) -> Tensor:
    return torch.zeros_like(part)


def _in_another_order(state: tuple[Tensor, Tensor], B: int) -> tuple[Tensor, Tensor]:
    h, c = state
    return c[:, :B].detach(), h[:, :B].detach()


def _values_and_graphs(state: tuple, arguments: tuple) -> tuple:
    """h and c, and for each whether there is a graph behind it."""
    h, c = state
    return h, c, int(h.requires_grad), int(c.requires_grad)


EXERCISE = coding(
    carried,
    asks="a state carried over",
    probes=probes,
    outputs=("h", "c", "the graph behind h", "the graph behind c"),
    variant=variant,
    reads=_values_and_graphs,
    errors=(error("'tuple' object has no attribute 'detach'", "pair-detached-as-one"),),
    graph=True,
    shapes="h and c are (L, B, H).",
    slips=[
        slip(
            "last-batch-smaller",
            "The stored state has more samples than the last batch.",
            "Cut the state to the batch: h[:, :B], and c likewise, since the batch is their second dimension.",
            cut=lambda part, B: part,
            seen=("fastai/fastbook#469",),
        ),
        slip(
            "state-cut-in-layers",
            "The state is cut in its first dimension, which is layers.",
            "A state is (layers, B, H): cut the second dimension, h[:, :B].",
            cut=lambda part, B: part[:B],
        ),
        slip(
            "state-from-the-end",
            "The last samples of the state are kept, and not the first.",
            "The next batch goes on from the first B samples: h[:, :B].",
            cut=lambda part, B: part[:, -B:],
        ),
        slip(
            "state-dropped",
            "The state is set to zero, so nothing is carried over.",
            "Detaching keeps the values and cuts the gradient; zeros lose the values.",
            of_h=_zero,
            of_c=_zero,
            seen=("gabrielloye/RNN-walkthrough#3",),
        ),
        slip("state-dropped", of_c=_zero, detail="It is c."),
        slip("not-detached", of_h=same, of_c=same),
        slip("c-not-detached", of_c=same),
        slip("not-detached", of_h=same, detail="It is h."),
        slip("h-and-c-swapped", whole=_in_another_order),
    ],
)

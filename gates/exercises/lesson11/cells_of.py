"""A stack of cells."""

import math
from collections.abc import Callable

import torch
from torch import Tensor, nn

from gates.exercises.common.coding import coding
from gates.exercises.common.slips import slip


def cells_of(I: int, H: int, L: int) -> nn.Module:
    """L LSTM cells, one upon the other, in a module that an optimizer finds them in.

    The first cell reads I numbers, each other one the H of the cell below; each has weights of
    its own. Returns a module that has the cells in it, from the bottom up.
    """
    return nn.ModuleList(nn.LSTMCell(I if layer == 0 else H, H) for layer in range(L))


def variant(
    first=lambda I, H: (I, H),
    upper=lambda I, H: (H, H),
    shared=False,
    registered=True,
    whole=None,
) -> Callable:
    """A stack of cells, with its parts exchangeable."""

    def made(I: int, H: int, L: int) -> object:
        cells = [nn.LSTMCell(*(first if k == 0 else upper)(I, H)) for k in range(L)]
        if shared:
            cells = [cells[0]] + [cells[1 if shared == "above" else 0]] * (L - 1)
        return nn.ModuleList(cells) if registered else cells

    return whole or made


def _layers_for_cells(I: int, H: int, L: int) -> nn.Module:
    return nn.ModuleList(nn.LSTM(I if k == 0 else H, H) for k in range(L))


def _cells(module: object, arguments: tuple) -> tuple:
    """The parameters that a module registers, and what the LSTM cells in it, in their order, read and hold."""
    inside = module.modules() if isinstance(module, nn.Module) else ()
    sizes = [(m.input_size, m.hidden_size) for m in inside if isinstance(m, nn.LSTMCell)]
    return _parameters(module), torch.tensor([3 * I + 7 * H for I, H in sizes] or [0]).sum()


def _parameters(module: object) -> Tensor:
    """How many parameters a module registers, and numbers made from their shapes."""
    found = list(module.parameters()) if isinstance(module, nn.Module) else []
    sizes = [parameter.shape for parameter in found]
    return torch.tensor(
        [
            float(len(sizes)),
            sum(map(math.prod, sizes)),
            sum(size[0] ** 2 * size[-1] for size in sizes),
        ]
    )


EXERCISE = coding(
    cells_of,
    asks="a stack of cells",
    probes=lambda: [(3, 5, 3), (4, 2, 2)],
    outputs=("the parameters", "the cells"),
    variant=variant,
    reads=_cells,
    returns="It should return a module that holds L LSTM cells.",
    slips=[
        slip(
            "layer-for-cells",
            "These are layers, which read whole sequences, and no cells.",
            "L of nn.LSTMCell in an nn.ModuleList, or in another module.",
            whole=lambda I, H, L: nn.LSTM(I, H, L),
        ),
        slip("layer-for-cells", whole=_layers_for_cells),
        slip(
            "cells-in-a-list",
            "The cells lie in a Python list, where PyTorch does not find their parameters.",
            "Use nn.ModuleList, or the optimizer never sees them.",
            registered=False,
        ),
        slip(
            "one-cell-for-all",
            "It is one and the same cell L times.",
            "[cell] * L repeats the object. Make a new cell in each round.",
            shared=True,
        ),
        slip("one-cell-for-all", shared=True, first=lambda I, H: (H, H)),
        slip("one-cell-for-all", shared="above", detail="The upper ones are one and the same."),
        slip(
            "every-cell-reads-input",
            "Every cell is made for I inputs, though the upper ones read H numbers.",
            "The first cell reads I numbers, each other one the H of the cell below.",
            upper=lambda I, H: (I, H),
        ),
        slip("sizes-swapped", first=lambda I, H: (H, I)),
        slip("sizes-swapped", first=lambda I, H: (H, I), upper=lambda I, H: (H, I)),
    ],
)

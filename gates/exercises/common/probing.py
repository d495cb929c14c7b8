"""What answers are tried on: float64, random weights, states and biases that are not zero, sizes that all differ.

Small or zero numbers hide mistakes, and two probes of different sizes show what is written into the code. A probe is a
tuple of arguments.
"""

import copy
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor, nn

from gates.cells import Weights


def random_numbers(seed: int) -> Callable[..., Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return lambda *shape: torch.randn(*shape, generator=generator, dtype=torch.float64)


def random_weights(randn: Callable[..., Tensor], blocks: int, I: int, H: int) -> Weights:
    return Weights(randn(blocks * H, I), randn(blocks * H, H), randn(blocks * H), randn(blocks * H))


def made(seed: int, make: Callable) -> object:
    """What `make` makes with torch's random numbers started at `seed`, and those left as they were."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return make()


def rough(layer: nn.Module) -> nn.Module:
    """A layer with weights from N(0, 1)."""
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.normal_()
    return layer


def scaled_by(value: object, factor: float) -> object:
    """Tensors and arrays in nested arguments times a factor."""
    if isinstance(value, (Tensor, np.ndarray)):
        return factor * value
    parts = [scaled_by(part, factor) for part in value]
    return type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)


def leaky_cell(x: Tensor, state: tuple[Tensor, Tensor], weights: Weights) -> tuple:
    """A cell that is no LSTM, to see whether a loop calls the cell it is given."""
    h, c = state
    c = 0.5 * c + torch.tanh(x @ weights.weight_ih[: h.shape[-1]].T + h)
    return c - h, c


def fresh(arguments: tuple, requires_grad: bool = False) -> tuple:
    """A copy of a probe's arguments that an answer may do with as it likes; an optimizer goes with its layer's copy."""
    copied = copy.deepcopy(arguments)

    def set_grad(value: object) -> None:
        if isinstance(value, Tensor) and value.is_floating_point():
            value.requires_grad_(requires_grad)
        elif isinstance(value, (tuple, list)):
            for part in value:
                set_grad(part)

    set_grad(copied)
    for before, now in zip(arguments, copied, strict=True):
        # deepcopy leaves out what backward() has left in a parameter
        if isinstance(before, nn.Module):
            for old, new in zip(before.parameters(), now.parameters(), strict=True):
                new.grad = None if old.grad is None else old.grad.clone()
    return copied

"""Right answers to the exercises that are too small to be library code; the lessons show them as their solutions."""

import torch
from torch import Tensor, nn

from gates.cells import Weights


def keep_or_forget(a: Tensor, c: Tensor) -> Tensor:
    """What a forget gate leaves of a memory.

    a: the gate's pre-activation, any real numbers. c: the memory, of the same shape.
    Returns the part of c that is kept, of the same shape.
    """
    f = torch.sigmoid(a)
    return f * c


def after_steps(a: Tensor, c: Tensor, T: int) -> Tensor:
    """What is left of a memory after T steps of the same forget gate.

    a: the gate's pre-activation. c: the memory before the first step, of the same shape.
    T: how many steps, at least 1. Returns what is left of c, of the same shape.
    """
    return torch.sigmoid(a) ** T * c


def lstm_update(i: Tensor, f: Tensor, g: Tensor, o: Tensor, c: Tensor) -> tuple[Tensor, Tensor]:
    """The new memory, and what is shown of it.

    i, f, g, o: input gate, forget gate, candidate and output gate, as fractions and values
    already squashed, each (B, H). c: the old cell state, (B, H).
    Returns the new pair (h, c), each (B, H).
    """
    c = f * c + i * g
    h = o * torch.tanh(c)
    return h, c


def lstm_weights(layer: nn.LSTM) -> Weights:
    """The weights of the first layer of an nn.LSTM, in the form our cell takes.

    Returns `Weights(weight_ih, weight_hh, bias_ih, bias_hh)`: the layer's own tensors, as they are.
    """
    return Weights(layer.weight_ih_l0, layer.weight_hh_l0, layer.bias_ih_l0, layer.bias_hh_l0)


def count_parameters(I: int, H: int) -> int:
    """How many numbers `nn.LSTM(I, H)` learns.

    I: input size. H: hidden size. Returns a whole number.
    """
    return 4 * (H * I + H * H + 2 * H)

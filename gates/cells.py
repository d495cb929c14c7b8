"""One step of a recurrent network, each equation a line; and the loop that repeats it over time.

A cell is `cell(x, state, weights) -> state`. It knows nothing of time, devices or training.
Letters: x input, h hidden state, c cell state; B batch, I input size, H hidden size, T steps.
"""

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor


class Weights(NamedTuple):
    """The weights of one cell, in torch.nn's shapes and gate order (G gates: 4 for LSTM, in the order i, f, g, o).

    weight_ih: (G·H, I), weight_hh: (G·H, H), bias_ih and bias_hh: (G·H,).
    """

    weight_ih: Tensor
    weight_hh: Tensor
    bias_ih: Tensor
    bias_hh: Tensor


def lstm_cell(x: Tensor, state: tuple[Tensor, Tensor], weights: Weights) -> tuple[Tensor, Tensor]:
    """One step of an LSTM, as `nn.LSTMCell` computes it.

    x: (B, I). state: the pair (h, c), each (B, H). weights: gates packed in the order i, f, g, o.
    Returns the new (h, c), each (B, H). Sizes that do not fit raise torch's RuntimeError.
    Source: Hochreiter and Schmidhuber (1997), with the forget gate of Gers et al. (2000).
    """
    W_ih, W_hh, b_ih, b_hh = weights
    h, c = state
    a_i, a_f, a_g, a_o = (x @ W_ih.T + b_ih + h @ W_hh.T + b_hh).chunk(4, dim=-1)
    i = torch.sigmoid(a_i)
    f = torch.sigmoid(a_f)
    g = torch.tanh(a_g)
    o = torch.sigmoid(a_o)
    c = f * c + i * g
    h = o * torch.tanh(c)
    return h, c


def unroll(cell: Callable, xs: Tensor, state, weights: Weights) -> tuple[Tensor, object]:
    """Repeat a cell over time.

    xs: (T, B, I) with T at least 1. state: what the cell takes, the pair (h, c) for an LSTM.
    Returns ys, the hidden state after every step, (T, B, H), and the final state.
    T = 0 raises torch's RuntimeError.
    """
    ys = []
    for x in xs:
        state = cell(x, state, weights)
        ys.append(state if isinstance(state, Tensor) else state[0])
    return torch.stack(ys), state

"""One step of a recurrent network, each equation a line; and the loop that repeats it over time.

A cell is `cell(x, state, weights) -> state`. It knows nothing of time, devices or training.
Letters: x input, h hidden state, c cell state; B batch, I input size, H hidden size, P projected size,
T steps. Gates: i, f, g, o of the LSTM and r, z, n of the GRU; a_i is the pre-activation of gate i. Samples
are rows, so W x for all of them is x @ W.T. Sizes that torch cannot multiply or broadcast, and a sequence of
no steps, raise its RuntimeError.
"""

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor


class Weights(NamedTuple):
    """The weights of one cell, in torch.nn's shapes and gate order; G blocks of H rows.

    weight_ih: (G·H, I), weight_hh: (G·H, H), bias_ih and bias_hh: (G·H,).
    G is 1 for a plain RNN, 4 for the LSTM, in the order i, f, g, o, and 3 for the GRU, in the order r, z, n.
    """

    weight_ih: Tensor
    weight_hh: Tensor
    bias_ih: Tensor
    bias_hh: Tensor


class ProjectedWeights(NamedTuple):
    """The weights of an LSTM cell whose hidden state is projected to P numbers.

    As `Weights`, but weight_hh: (4H, P); and weight_hr: (P, H).
    """

    weight_ih: Tensor
    weight_hh: Tensor
    bias_ih: Tensor
    bias_hh: Tensor
    weight_hr: Tensor


def rnn_cell(x: Tensor, h: Tensor, weights: Weights) -> Tensor:
    """One step of a plain recurrent network, as `nn.RNNCell` computes it.

    x: (B, I). h: (B, H). Returns the new h, (B, H).
    Source: Elman (1990), "Finding Structure in Time".
    """
    W_ih, W_hh, b_ih, b_hh = weights
    return torch.tanh(x @ W_ih.T + b_ih + h @ W_hh.T + b_hh)


def rnn_relu_cell(x: Tensor, h: Tensor, weights: Weights) -> Tensor:
    """One step of a plain recurrent network with max(0, ·) in place of tanh.

    x: (B, I). h: (B, H). Returns the new h, (B, H). As `nn.RNNCell(…, nonlinearity="relu")`.
    Source: Le, Jaitly and Hinton (2015), "A Simple Way to Initialize Recurrent Networks of Rectified
    Linear Units".
    """
    W_ih, W_hh, b_ih, b_hh = weights
    return torch.relu(x @ W_ih.T + b_ih + h @ W_hh.T + b_hh)


def lstm_cell(x: Tensor, state: tuple[Tensor, Tensor], weights: Weights) -> tuple[Tensor, Tensor]:
    """One step of an LSTM, as `nn.LSTMCell` computes it.

    x: (B, I). state: the pair (h, c), each (B, H). weights: gates packed in the order i, f, g, o.
    Returns the new (h, c), each (B, H).
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


def swapped_lstm_cell(
    x: Tensor,
    state: tuple[Tensor, Tensor],
    weights: Weights,
    gate: Callable = torch.sigmoid,
    candidate: Callable = torch.tanh,
    output: Callable = torch.tanh,
) -> tuple[Tensor, Tensor]:
    """One step of an LSTM with other activations: of its three gates, its candidate and its output.

    x: (B, I). state: the pair (h, c), each (B, H). weights: packed in the order i, f, g, o.
    gate, candidate, output: functions from a tensor to a tensor of the same shape; by themselves
    those of `lstm_cell`. Returns the new (h, c), each (B, H).
    """
    W_ih, W_hh, b_ih, b_hh = weights
    h, c = state
    a_i, a_f, a_g, a_o = (x @ W_ih.T + b_ih + h @ W_hh.T + b_hh).chunk(4, dim=-1)
    i, f, o = gate(a_i), gate(a_f), gate(a_o)
    g = candidate(a_g)
    c = f * c + i * g
    h = o * output(c)
    return h, c


def lstm_projected_cell(
    x: Tensor, state: tuple[Tensor, Tensor], weights: ProjectedWeights
) -> tuple[Tensor, Tensor]:
    """One step of an LSTM that shows a projection of its hidden state, as nn.LSTM does with proj_size.

    x: (B, I). state: the pair (h, c), h (B, P) and c (B, H). Returns the new (h, c).
    Source: Sak, Senior and Beaufays (2014), "Long Short-Term Memory Recurrent Neural Network Architectures
    for Large Scale Acoustic Modeling".
    """
    *of_the_cell, W_hr = weights
    h, c = lstm_cell(x, state, Weights(*of_the_cell))
    return h @ W_hr.T, c


def gru_cell(x: Tensor, h: Tensor, weights: Weights) -> Tensor:
    """One step of a GRU, as `nn.GRUCell` computes it: the reset gate acts after the matrix product.

    x: (B, I). h: (B, H). weights: gates packed in the order r, z, n. Returns the new h, (B, H).
    Source: Cho et al. (2014), with the reset gate behind the product as in PyTorch and cuDNN.
    """
    W_ih, W_hh, b_ih, b_hh = weights
    x_r, x_z, x_n = (x @ W_ih.T + b_ih).chunk(3, dim=-1)
    h_r, h_z, h_n = (h @ W_hh.T + b_hh).chunk(3, dim=-1)
    r = torch.sigmoid(x_r + h_r)
    z = torch.sigmoid(x_z + h_z)
    n = torch.tanh(x_n + r * h_n)
    return (1 - z) * n + z * h


def gru_reset_before_cell(x: Tensor, h: Tensor, weights: Weights) -> Tensor:
    """One step of the GRU as it was published: the reset gate acts on h, before the matrix product.

    x: (B, I). h: (B, H). weights: gates packed in the order r, z, n. Returns the new h, (B, H).
    Source: Cho et al. (2014), "Learning Phrase Representations using RNN Encoder–Decoder for Statistical
    Machine Translation", with biases.
    """
    W_ih, W_hh, b_ih, b_hh = weights
    x_r, x_z, x_n = (x @ W_ih.T + b_ih).chunk(3, dim=-1)
    (U_r, U_z, U_n), (b_r, b_z, b_n) = W_hh.chunk(3), b_hh.chunk(3)
    r = torch.sigmoid(x_r + h @ U_r.T + b_r)
    z = torch.sigmoid(x_z + h @ U_z.T + b_z)
    n = torch.tanh(x_n + (r * h) @ U_n.T + b_n)
    return (1 - z) * n + z * h


def unroll(cell: Callable, xs: Tensor, state, weights: Weights) -> tuple[Tensor, object]:
    """Repeat a cell over time.

    xs: (T, B, I) with T at least 1. state: what the cell takes, the pair (h, c) for an LSTM.
    Returns ys, the hidden state after every step, (T, B, H), and the final state.
    """
    ys = []
    for x in xs:
        state = cell(x, state, weights)
        ys.append(state if isinstance(state, Tensor) else state[0])
    return torch.stack(ys), state

"""RNN, LSTM, GRU and their cells: drop-in for torch.nn's, with the mathematics of this library inside.

Names, arguments, parameters, initial values, checks of the input, packing and unpacking: all of that is torch's
own code, inherited. Only the mathematics is ours. torch's `forward` ends in a call such as `_VF.lstm(...)`; here
the same `forward` runs with another `_VF`, made of the cells of `gates.cells`.

Layers compute with `gates.fast`; set `layer.readable = True` and they go through the cells step by step.
"""

from collections.abc import Callable
from types import FunctionType

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from gates import cells
from gates.cells import ProjectedWeights, Weights
from gates.fast import sequence, turned, unroll_packed


class _Mathematics:
    """What torch's layers call in `_VF`: whole networks in lower case, single steps with `_cell`."""

    def __init__(self, read: Callable) -> None:
        self.read = read  # how one layer reads a sequence in one direction

    def rnn_tanh(self, *arguments):
        return self._network(cells.rnn_cell, *arguments)

    def rnn_relu(self, *arguments):
        return self._network(cells.rnn_relu_cell, *arguments)

    def gru(self, *arguments):
        return self._network(cells.gru_cell, *arguments)

    def lstm(self, *arguments):
        return self._network(cells.lstm_cell, *arguments)

    def rnn_tanh_cell(self, x, h, *weights):
        return cells.rnn_cell(x, h, _with_biases(weights))

    def rnn_relu_cell(self, x, h, *weights):
        return cells.rnn_relu_cell(x, h, _with_biases(weights))

    def gru_cell(self, x, h, *weights):
        return cells.gru_cell(x, h, _with_biases(weights))

    def lstm_cell(self, x, state, *weights):
        return cells.lstm_cell(x, state, _with_biases(weights))

    def _network(self, cell: Callable, input: Tensor, *arguments) -> tuple[Tensor, ...]:
        """Layers upon layers. The arguments are those of torch's functions, for packed or for full batches."""
        if not isinstance(arguments[1], list):  # sizes, state, weights …
            sizes, *arguments = arguments
            return self._packed(cell, input, sizes.tolist(), *arguments)
        *arguments, batch_first = arguments
        xs = input.transpose(0, 1) if batch_first else input
        T, B = xs.shape[:2]
        if T == 0:
            raise RuntimeError("Expected sequence length to be larger than 0 in RNN")
        ys, *final = self._packed(cell, xs.reshape(T * B, -1), [B] * T, *arguments)
        ys = ys.view(T, B, -1)
        return (ys.transpose(0, 1) if batch_first else ys), *final

    def _packed(
        self,
        cell,
        xs,
        sizes,
        state,
        flat_weights,
        bias,
        num_layers,
        dropout,
        training,
        bidirectional,
    ) -> tuple[Tensor, ...]:
        state = state if isinstance(state, tuple) else (state,)
        directions = 2 if bidirectional else 1
        each = len(flat_weights) // (num_layers * directions)
        finals = []
        for layer in range(num_layers):
            outputs = []
            for k in range(layer * directions, (layer + 1) * directions):
                weights = flat_weights[k * each : (k + 1) * each]
                start = tuple(part[k] for part in state)
                ys, final = self._read(cell, xs, start, weights, bias, sizes, k % directions == 1)
                outputs.append(ys)
                finals.append(final)
            xs = torch.cat(outputs, dim=-1)  # of one output, too: a program may change it in place
            if layer < num_layers - 1 and dropout and training:
                xs = F.dropout(xs, dropout)
        return xs, *(torch.stack(parts) for parts in zip(*finals, strict=True))

    def _read(self, cell, xs, start, weights, bias, sizes, reverse) -> tuple[Tensor, tuple]:
        """One layer in one direction."""
        several = len(start) > 1
        of_the_cell, W_hr = (weights[:4], weights[4:]) if bias else (weights[:2], weights[2:])
        weights = _with_biases(of_the_cell)
        if W_hr:
            cell, weights = cells.lstm_projected_cell, ProjectedWeights(*weights, *W_hr)
        state = start if several else start[0]
        if reverse:
            rows = turned(sizes)
            ys, final = self.read(cell, xs[rows], state, weights, sizes)
            ys = ys[rows]
        else:
            ys, final = self.read(cell, xs, state, weights, sizes)
        return ys, (final if several else (final,))


def _with_biases(weights) -> Weights:
    """Four weights from two or four; a bias that a layer does not have is zero."""
    W_ih, W_hh, *biases = weights
    if not biases or biases[0] is None:
        biases = [W_ih.new_zeros(len(W_ih))] * 2
    return Weights(W_ih, W_hh, *biases)


def _ours(forward: Callable, read: Callable) -> Callable:
    """torch's own `forward`, with our mathematics where it says `_VF`."""
    names = {**forward.__globals__, "_VF": _Mathematics(read)}
    code, closure = forward.__code__, forward.__closure__
    return FunctionType(code, names, forward.__name__, forward.__defaults__, closure)


class _Layer:
    """What our layers share: which way of reading `forward` takes."""

    readable = False

    def __init_subclass__(cls) -> None:
        theirs = cls.__mro__[2]
        cls._fast = _ours(theirs.forward, sequence)
        cls._readable = _ours(theirs.forward, unroll_packed)

    def forward(self, input, hx=None):
        """As torch.nn's: same shapes, same results, same errors."""
        return (self._readable if self.readable else self._fast)(input, hx)


class RNN(_Layer, nn.RNN):
    """`nn.RNN` with `gates.cells.rnn_cell`, or `rnn_relu_cell` for nonlinearity="relu"."""


class LSTM(_Layer, nn.LSTM):
    """`nn.LSTM` with `gates.cells.lstm_cell`, or `lstm_projected_cell` with proj_size."""


class GRU(_Layer, nn.GRU):
    """`nn.GRU` with `gates.cells.gru_cell`."""


class RNNCell(_Layer, nn.RNNCell):
    """`nn.RNNCell` with `gates.cells.rnn_cell` or `rnn_relu_cell`."""


class LSTMCell(_Layer, nn.LSTMCell):
    """`nn.LSTMCell` with `gates.cells.lstm_cell`."""


class GRUCell(_Layer, nn.GRUCell):
    """`nn.GRUCell` with `gates.cells.gru_cell`."""

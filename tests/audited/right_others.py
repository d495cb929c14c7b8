"""GRUs and plain networks that are right, in several hands' styles and conventions."""

import numpy as np
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

EXPECTED = {
    "TorchLikeGRU": {"kind": "gru", "order": "rzn", "biases": "2", "reset": "after", "z": "old"},
    "KerasLikeGRU": {"kind": "gru", "order": "zrn", "biases": "2", "reset": "after"},
    "KerasOldGRU": {"kind": "gru", "order": "zrn", "biases": "1", "reset": "before"},
    "PaperGRU": {"kind": "gru", "biases": "1", "reset": "before", "z": "new"},
    "ChungGRU": {"kind": "gru", "order": "zrn", "reset": "before", "z": "new"},
    "FlaxLikeGRU": {"kind": "gru", "biases": "1 and n's own", "reset": "after", "z": "old"},
    "BiasOutside": {"kind": "gru", "biases": "1", "reset": "after, bias outside"},
    "GatesThenCandidate": {"kind": "gru", "reset": "before", "z": "old"},
    "GRUOfCells": {"kind": "gru", "order": "rzn", "biases": "2", "axes": "batch"},
    "gru_of_the_course": {"kind": "gru", "order": "rzn", "biases": "2"},
    "ElmanTwoLinears": {"kind": "rnn", "biases": "2"},
    "ElmanJoined": {"kind": "rnn", "biases": "1", "joined": True},
    "ElmanRelu": {"kind": "rnn", "biases": "1", "candidate": "relu"},
    "ElmanFromTheRight": {"kind": "rnn", "biases": "1"},
    "NumpyRNN": {"kind": "rnn", "biases": "1"},
    "rnn_step": {"kind": "rnn", "biases": "1"},
    "PackedLSTM": {"kind": "lstm", "order": "ifgo", "padding": "zero"},
    "MaskedGRU": {"kind": "gru", "order": "rzn", "padding": "last repeated"},
    "WithDropout": {"kind": "gru", "order": "rzn", "biases": "2"},
}


class TorchLikeGRU(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.x2h = nn.Linear(input_size, 3 * hidden_size)
        self.h2h = nn.Linear(hidden_size, 3 * hidden_size)

    def forward(self, x, h):
        i_r, i_z, i_n = self.x2h(x).chunk(3, 1)
        h_r, h_z, h_n = self.h2h(h).chunk(3, 1)
        r = torch.sigmoid(i_r + h_r)
        z = torch.sigmoid(i_z + h_z)
        n = torch.tanh(i_n + r * h_n)
        return n + z * (h - n)


class KerasLikeGRU(nn.Module):
    def __init__(self, units, input_dim):
        super().__init__()
        self.units = units
        self.kernel = nn.Parameter(torch.randn(input_dim, 3 * units))
        self.recurrent_kernel = nn.Parameter(torch.randn(units, 3 * units))
        self.bias = nn.Parameter(torch.randn(2, 3 * units))

    def forward(self, inputs, initial_state=None):
        h = torch.zeros(inputs.shape[0], self.units) if initial_state is None else initial_state
        ys = []
        for t in range(inputs.shape[1]):
            xz, xr, xh = (inputs[:, t] @ self.kernel + self.bias[0]).chunk(3, -1)
            rz, rr, rh = (h @ self.recurrent_kernel + self.bias[1]).chunk(3, -1)
            z, r = torch.sigmoid(xz + rz), torch.sigmoid(xr + rr)
            h = z * h + (1 - z) * torch.tanh(xh + r * rh)
            ys.append(h)
        return torch.stack(ys, 1)


class KerasOldGRU(nn.Module):
    def __init__(self, units, input_dim):
        super().__init__()
        self.units = units
        self.kernel = nn.Parameter(torch.randn(input_dim, 3 * units))
        self.recurrent_kernel = nn.Parameter(torch.randn(units, 3 * units))
        self.bias = nn.Parameter(torch.randn(3 * units))

    def forward(self, x, h):
        n = self.units
        a = x @ self.kernel + self.bias
        inner = a[:, : 2 * n] + h @ self.recurrent_kernel[:, : 2 * n]
        z, r = torch.sigmoid(inner).chunk(2, -1)
        hh = torch.tanh(a[:, 2 * n :] + (r * h) @ self.recurrent_kernel[:, 2 * n :])
        return z * h + (1 - z) * hh


class PaperGRU(nn.Module):
    """A Linear for each gate on [h, x], z taking the new."""

    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.update = nn.Linear(input_size + hidden_size, hidden_size)
        self.reset = nn.Linear(input_size + hidden_size, hidden_size)
        self.out = nn.Linear(input_size + hidden_size, hidden_size)

    def forward(self, x, h):
        both = torch.cat([h, x], dim=1)
        z = torch.sigmoid(self.update(both))
        r = torch.sigmoid(self.reset(both))
        n = torch.tanh(self.out(torch.cat([r * h, x], dim=1)))
        return (1 - z) * h + z * n


class ChungGRU(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.W = nn.Parameter(torch.randn(3, input_size, hidden_size))
        self.U = nn.Parameter(torch.randn(3, hidden_size, hidden_size))
        self.b = nn.Parameter(torch.randn(3, hidden_size))

    def forward(self, xs):
        h = torch.zeros(xs.shape[1], self.U.shape[-1])
        ys = []
        for x in xs:
            z = torch.sigmoid(x @ self.W[0] + h @ self.U[0] + self.b[0])
            r = torch.sigmoid(x @ self.W[1] + h @ self.U[1] + self.b[1])
            n = torch.tanh(x @ self.W[2] + (r * h) @ self.U[2] + self.b[2])
            h = z * n + (1 - z) * h
            ys.append(h)
        return torch.stack(ys), h


class FlaxLikeGRU(nn.Module):
    """Dense layers: of x with a bias, of h without, but for n, which has one."""

    def __init__(self, in_features, hidden_features):
        super().__init__()
        self.ir = nn.Linear(in_features, hidden_features)
        self.iz = nn.Linear(in_features, hidden_features)
        self.in_ = nn.Linear(in_features, hidden_features)
        self.hr = nn.Linear(hidden_features, hidden_features, bias=False)
        self.hz = nn.Linear(hidden_features, hidden_features, bias=False)
        self.hn = nn.Linear(hidden_features, hidden_features)

    def forward(self, carry, inputs):
        h = carry
        r = torch.sigmoid(self.ir(inputs) + self.hr(h))
        z = torch.sigmoid(self.iz(inputs) + self.hz(h))
        n = torch.tanh(self.in_(inputs) + r * self.hn(h))
        new_h = (1.0 - z) * n + z * h
        return new_h, new_h


class BiasOutside(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.W = nn.Linear(input_size, 3 * hidden_size)
        self.U = nn.Linear(hidden_size, 3 * hidden_size, bias=False)

    def forward(self, x, h):
        xr, xz, xn = self.W(x).chunk(3, 1)
        hr, hz, hn = self.U(h).chunk(3, 1)
        n = torch.tanh(xn + torch.sigmoid(xr + hr) * hn)
        z = torch.sigmoid(xz + hz)
        return z * h + (1 - z) * n


class GatesThenCandidate(nn.Module):
    """As the GRU cell of TensorFlow 1: a kernel for both gates, and one for the candidate."""

    def __init__(self, input_size, num_units):
        super().__init__()
        self.gate_kernel = nn.Parameter(torch.randn(input_size + num_units, 2 * num_units))
        self.gate_bias = nn.Parameter(torch.ones(2 * num_units))
        self.candidate_kernel = nn.Parameter(torch.randn(input_size + num_units, num_units))
        self.candidate_bias = nn.Parameter(torch.zeros(num_units))

    def forward(self, inputs, state):
        gates = torch.sigmoid(torch.cat([inputs, state], 1) @ self.gate_kernel + self.gate_bias)
        r, u = gates.chunk(2, 1)
        c = torch.tanh(
            torch.cat([inputs, r * state], 1) @ self.candidate_kernel + self.candidate_bias
        )
        new_h = u * state + (1 - u) * c
        return new_h, new_h


class GRUOfCells(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.cell = nn.GRUCell(input_size, hidden_size)
        self.hidden_size = hidden_size

    def forward(self, x, h0=None):
        h = x.new_zeros(x.shape[0], self.hidden_size) if h0 is None else h0
        ys = []
        for t in range(x.shape[1]):
            h = self.cell(x[:, t], h)
            ys.append(h)
        return torch.stack(ys, dim=1), h


def gru_of_the_course(x, h, weights):
    W_ih, W_hh, b_ih, b_hh = weights
    x_r, x_z, x_n = (x @ W_ih.T + b_ih).chunk(3, dim=-1)
    h_r, h_z, h_n = (h @ W_hh.T + b_hh).chunk(3, dim=-1)
    r, z = torch.sigmoid(x_r + h_r), torch.sigmoid(x_z + h_z)
    return (1 - z) * torch.tanh(x_n + r * h_n) + z * h


class ElmanTwoLinears(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.i2h = nn.Linear(input_size, hidden_size)
        self.h2h = nn.Linear(hidden_size, hidden_size)

    def forward(self, x, h):
        return torch.tanh(self.i2h(x) + self.h2h(h))


class ElmanJoined(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.i2h = nn.Linear(input_size + hidden_size, hidden_size)

    def initHidden(self):
        return torch.zeros(1, self.hidden_size)

    def forward(self, input, hidden):
        return torch.tanh(self.i2h(torch.cat((input, hidden), 1)))


class ElmanRelu(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.i2h = nn.Linear(input_size, hidden_size)
        self.h2h = nn.Linear(hidden_size, hidden_size, bias=False)

    def forward(self, xs, h0=None):
        h = torch.zeros(xs.shape[1], self.h2h.in_features) if h0 is None else h0
        ys = []
        for x in xs:
            h = torch.relu(self.i2h(x) + self.h2h(h))
            ys.append(h)
        return torch.stack(ys), h


class ElmanFromTheRight(nn.Module):
    def __init__(self, num_inputs, num_hiddens):
        super().__init__()
        self.W_xh = nn.Parameter(torch.randn(num_inputs, num_hiddens))
        self.W_hh = nn.Parameter(torch.randn(num_hiddens, num_hiddens))
        self.b_h = nn.Parameter(torch.zeros(num_hiddens))

    def forward(self, inputs, state=None):
        if state is None:
            state = torch.zeros(inputs.shape[1], self.b_h.shape[0])
        outputs = []
        for X in inputs:
            state = torch.tanh(X @ self.W_xh + state @ self.W_hh + self.b_h)
            outputs.append(state)
        return outputs, state


class NumpyRNN:
    """Plain NumPy, matrices from the left, samples in columns, a step at a time."""

    def __init__(self, input_size, hidden_size):
        self.Wxh = np.random.randn(hidden_size, input_size) * 0.01
        self.Whh = np.random.randn(hidden_size, hidden_size) * 0.01
        self.bh = np.zeros((hidden_size, 1))

    def forward(self, x, h):
        return np.tanh(np.dot(self.Wxh, x) + np.dot(self.Whh, h) + self.bh)


def rnn_step(x, h, W, U, b):
    return torch.tanh(x @ W + h @ U + b)


class PackedLSTM(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.rnn = nn.LSTM(input_size, hidden_size, batch_first=True)

    def forward(self, x, lengths):
        packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        ys, state = self.rnn(packed)
        ys, _ = pad_packed_sequence(ys, batch_first=True, total_length=x.shape[1])
        return ys, state


class MaskedGRU(nn.Module):
    """Holds the state where the mask says that there is nothing."""

    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.cell = nn.GRUCell(input_size, hidden_size)

    def forward(self, x, mask=None):
        h = x.new_zeros(x.shape[1], self.cell.hidden_size)
        ys = []
        for t in range(x.shape[0]):
            new = self.cell(x[t], h)
            h = new if mask is None else torch.where(mask[t][:, None].bool(), new, h)
            ys.append(h)
        return torch.stack(ys), h


class WithDropout(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.drop = nn.Dropout(0.5)
        self.rnn = nn.GRU(input_size, hidden_size)

    def forward(self, x):
        return self.rnn(self.drop(x))

"""Written after the first four files, to see what those had not thought of: right ones, slips and near misses."""

import numpy as np
import torch
from torch import nn
from torch.nn.utils import parametrizations
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

EXPECTED = {
    "HiddenFirst": {"kind": "lstm", "order": "fiog", "biases": "1"},
    "StackBothWays": {"kind": "lstm", "layers": 2, "directions": 2, "axes": "batch"},
    "OwnCellsInLayers": {"kind": "gru", "order": "zrn", "layers": 2, "biases": "2"},
    "Unbatched": {"kind": "rnn", "biases": "1"},
    "NumpyLists": {"kind": "gru", "reset": "before", "z": "new", "biases": "1"},
    "WithNames": {"kind": "lstm", "order": "ifgo", "biases": "2", "axes": "batch"},
    "HalfBiases": {"kind": "lstm", "order": "ifgo"},
    "SignsTurned": {"kind": "gru", "z": "new", "reset": "after", "biases": "2"},
    "ScriptedLoop": {"kind": "lstm", "order": "ifgo", "biases": "1", "state": "h, c"},
    "FloatMask": {"kind": "lstm", "padding": "last repeated", "biases": "2"},
    "ForgetHalf": {"kind": "lstm", "offset": 0.5, "biases": "0"},
    "gru_paper_step": {"kind": "gru", "reset": "before", "z": "new", "biases": "1"},
    "lstm_tuple_of_three": {"kind": "lstm", "order": "ifgo", "biases": "1"},
    "rnn_columns": {"kind": "rnn", "biases": "1"},
    "ClampsMemory": "not placed",
    "ClampsFar": "not placed",
    "HalfTheStart": "not placed",
    "NeverUnsorted": "not placed",
    "BiasTwice": "not placed",
    "WeightNorm": "not placed",
    "OnlyFourSteps": "not placed",
    "SampleZeroOnly": "not placed",
    "GradientDoubled": "gradient-scaled",
    "TruncatedInside": "not placed",
    "OldResetGate": "not placed",
    "MemoryInOutput": "not placed",
    "TwoSlips": "not placed",
    "FinalOfFirstSample": "not placed",
}


class HiddenFirst(nn.Module):
    def __init__(self, hidden_dim, input_dim):
        super().__init__()
        self.hidden_dim = hidden_dim
        self.weight = nn.Parameter(torch.randn(hidden_dim + input_dim, 4 * hidden_dim))
        self.bias = nn.Parameter(torch.zeros(1, 4 * hidden_dim))

    def step(self, x, h, c):
        a = torch.hstack((h, x)) @ self.weight + self.bias
        f, i, o = a[:, : 3 * self.hidden_dim].sigmoid().chunk(3, 1)
        c = f * c + i * a[:, 3 * self.hidden_dim :].tanh()
        return o * c.tanh(), c

    def forward(self, sequence, h=None, c=None):
        zeros = sequence.new_zeros(sequence.shape[0], self.hidden_dim)
        h, c = zeros if h is None else h, zeros if c is None else c
        ys = []
        for t in range(sequence.shape[1]):
            h, c = self.step(sequence[:, t], h, c)
            ys.append(h)
        return torch.stack(ys, 1), h, c


class StackBothWays(nn.Module):
    def __init__(self, embedding_dim, hidden_dim):
        super().__init__()
        self.lstm = nn.LSTM(
            embedding_dim,
            hidden_dim,
            num_layers=2,
            bidirectional=True,
            batch_first=True,
            dropout=0.3,
        )

    def forward(self, embedded, hidden=None):
        out, hidden = self.lstm(embedded, hidden)
        return out, hidden


class _GRUCell(nn.Module):
    def __init__(self, n, m):
        super().__init__()
        self.ih, self.hh = nn.Linear(n, 3 * m), nn.Linear(m, 3 * m)

    def forward(self, x, h):
        xz, xr, xn = self.ih(x).chunk(3, -1)
        hz, hr, hn = self.hh(h).chunk(3, -1)
        z = torch.sigmoid(xz + hz)
        return z * h + (1 - z) * torch.tanh(xn + torch.sigmoid(xr + hr) * hn)


class OwnCellsInLayers(nn.Module):
    def __init__(self, input_size, hidden_size, num_layers):
        super().__init__()
        self.hidden_size = hidden_size
        self.layers = nn.ModuleList(
            [_GRUCell(input_size if k == 0 else hidden_size, hidden_size) for k in range(2)]
        )

    def forward(self, x):
        states = [x.new_zeros(x.shape[1], self.hidden_size) for _ in self.layers]
        ys = []
        for t in range(len(x)):
            y = x[t]
            for k, layer in enumerate(self.layers):
                y = states[k] = layer(y, states[k])
            ys.append(y)
        return torch.stack(ys), torch.stack(states)


class Unbatched(nn.Module):
    """One sequence at a time, (T, I)."""

    def __init__(self, n_in, n_hid):
        super().__init__()
        self.W, self.U = (
            nn.Parameter(torch.randn(n_hid, n_in)),
            nn.Parameter(torch.randn(n_hid, n_hid)),
        )
        self.b = nn.Parameter(torch.randn(n_hid))

    def forward(self, xs):
        h, ys = torch.zeros(self.b.shape[0]), []
        for t in range(xs.shape[0]):
            h = torch.tanh(torch.mv(self.W, xs[t]) + torch.mv(self.U, h) + self.b)
            ys.append(h)
        return torch.stack(ys)


def _sigmoid(a):
    return 1 / (1 + np.exp(-a))


class NumpyLists:
    def __init__(self, input_size, hidden_size):
        n, m = input_size, hidden_size
        self.W = [np.random.randn(n, m) for _ in range(3)]
        self.U = [np.random.randn(m, m) for _ in range(3)]
        self.b = [np.zeros(m) for _ in range(3)]

    def forward(self, x, h_prev):
        W, U, b = self.W, self.U, self.b
        z = _sigmoid(x @ W[0] + h_prev @ U[0] + b[0])
        r = _sigmoid(x @ W[1] + h_prev @ U[1] + b[1])
        n = np.tanh(x @ W[2] + (r * h_prev) @ U[2] + b[2])
        return (1 - z) * h_prev + z * n


class WithNames(nn.Module):
    def __init__(self, input_size, hidden_size, num_layers, batch_first, dropout):
        super().__init__()
        self.net = nn.LSTM(input_size, hidden_size, num_layers, batch_first=True, dropout=dropout)

    def forward(self, x):
        return {"output": self.net(x)[0]}


class HalfBiases(nn.Module):
    """A bias for i and f only."""

    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.W = nn.Linear(input_size, 4 * hidden_size, bias=False)
        self.U = nn.Linear(hidden_size, 4 * hidden_size, bias=False)
        self.b_i, self.b_f = (nn.Parameter(torch.randn(hidden_size)) for _ in range(2))

    def forward(self, x, state):
        h, c = state
        i, f, g, o = (self.W(x) + self.U(h)).chunk(4, 1)
        c = (f + self.b_f).sigmoid() * c + (i + self.b_i).sigmoid() * g.tanh()
        return o.sigmoid() * c.tanh(), c


class SignsTurned(nn.Module):
    """z is squashed from -a, so it is the new state's share in torch's blocks."""

    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.x2h, self.h2h = (
            nn.Linear(input_size, 3 * hidden_size),
            nn.Linear(hidden_size, 3 * hidden_size),
        )

    def forward(self, x, h):
        xr, xz, xn = self.x2h(x).chunk(3, 1)
        hr, hz, hn = self.h2h(h).chunk(3, 1)
        z = torch.sigmoid(-(xz + hz))
        return z * h + (1 - z) * torch.tanh(xn + torch.sigmoid(xr + hr) * hn)


class ScriptedLoop(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.lin = nn.Linear(input_size + hidden_size, 4 * hidden_size)
        self.hidden_size = hidden_size

    def forward(self, x, state=None):
        T, B, _ = x.shape
        h, c = state if state is not None else torch.zeros(2, B, self.hidden_size)
        out = x.new_empty(T, B, self.hidden_size)
        for t in range(T):
            i, f, g, o = torch.split(self.lin(torch.cat((x[t], h), -1)), self.hidden_size, -1)
            c = torch.addcmul(i.sigmoid() * g.tanh(), f.sigmoid(), c)
            h = out[t] = o.sigmoid() * c.tanh()
        return out, torch.stack([h, c])


class FloatMask(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.cell = nn.LSTMCell(input_size, hidden_size)

    def forward(self, x, mask):
        h = c = x.new_zeros(x.shape[0], self.cell.hidden_size)
        ys = []
        for t in range(x.shape[1]):
            m = mask[:, t : t + 1].to(x.dtype)
            h1, c1 = self.cell(x[:, t], (h, c))
            h, c = m * h1 + (1 - m) * h, m * c1 + (1 - m) * c
            ys.append(h)
        return torch.stack(ys, 1), (h, c)


class ForgetHalf(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.W = nn.Linear(input_size, 4 * hidden_size, bias=False)
        self.U = nn.Linear(hidden_size, 4 * hidden_size, bias=False)

    def forward(self, x, h, c):
        o, g, f, i = (self.W(x) + self.U(h)).chunk(4, 1)
        c = (f + 0.5).sigmoid() * c + i.sigmoid() * g.tanh()
        return o.sigmoid() * c.tanh(), c


def gru_paper_step(x, h, Wz, Uz, bz, Wr, Ur, br, Wh, Uh, bh):
    z = torch.sigmoid(x @ Wz + h @ Uz + bz)
    r = torch.sigmoid(x @ Wr + h @ Ur + br)
    return (1 - z) * h + z * torch.tanh(x @ Wh + (r * h) @ Uh + bh)


def lstm_tuple_of_three(x, state, params):
    W, U, b = params
    h, c = state
    i, f, g, o = torch.chunk(x @ W.T + h @ U.T + b, 4, -1)
    c = f.sigmoid() * c + i.sigmoid() * g.tanh()
    return o.sigmoid() * c.tanh(), c


def rnn_columns(x, h, Wx, Wh, b):
    return torch.tanh(Wx @ x + Wh @ h + b)


class _Cell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.x2h, self.h2h = (
            nn.Linear(input_size, 4 * hidden_size),
            nn.Linear(hidden_size, 4 * hidden_size),
        )

    def new(self, x, h, c):
        i, f, g, o = (self.x2h(x) + self.h2h(h)).chunk(4, -1)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        return o.sigmoid() * c.tanh(), c


class ClampsMemory(_Cell):
    most = 1.5

    def forward(self, x, state):
        h, c = self.new(x, *state)
        return h, c.clamp(-self.most, self.most)


class ClampsFar(ClampsMemory):
    most = 10.0


class HalfTheStart(nn.Module):
    """Uses h of the start, and zeros for c."""

    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.rnn = nn.LSTM(input_size, hidden_size)

    def forward(self, xs, state=None):
        if state is not None:
            state = (state[0], torch.zeros_like(state[1]))
        return self.rnn(xs, state)


class NeverUnsorted(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.rnn = nn.LSTM(input_size, hidden_size)

    def forward(self, xs, lengths):
        order = lengths.argsort(descending=True)
        packed = pack_padded_sequence(xs[:, order], lengths[order])
        return pad_packed_sequence(self.rnn(packed)[0], total_length=len(xs))[0]


class BiasTwice(_Cell):
    def forward(self, x, state):
        h, c = state
        i, f, g, o = (self.x2h(x) + self.x2h.bias + self.h2h(h) + 0.1 * self.h2h.bias).chunk(4, -1)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        return o.sigmoid() * c.tanh(), c


class WeightNorm(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.W = parametrizations.weight_norm(nn.Linear(input_size, hidden_size))
        self.U = nn.Linear(hidden_size, hidden_size)

    def forward(self, x, h):
        return torch.tanh(self.W(x) + self.U(h))


class _Layer(_Cell):
    def forward(self, xs):
        h = c = torch.zeros(xs.shape[1], self.hidden_size)
        ys = []
        for t, x in enumerate(xs):
            h, c = self.between(t, *self.new(x, h, c))
            ys.append(h)
        return torch.stack(ys), (h, c)

    def between(self, t, h, c):
        return h, c


class OnlyFourSteps(_Layer):
    def between(self, t, h, c):
        return (h, c) if t < 4 else (h * 0.5, c)


class SampleZeroOnly(_Layer):
    """What is returned as the state is that of sample 0, for all."""

    def forward(self, xs):
        ys, (h, c) = super().forward(xs)
        return ys, (h[:1].expand_as(h), c)


class FinalOfFirstSample(SampleZeroOnly):
    def forward(self, xs):
        ys, (h, c) = _Layer.forward(self, xs)
        return ys, (h, c + 1)


class TruncatedInside(_Layer):
    """No gradient goes further back than two steps."""

    def between(self, t, h, c):
        return (h.detach(), c.detach()) if t % 2 else (h, c)


class GradientDoubled(_Layer):
    def __init__(self, input_size, hidden_size):
        super().__init__(input_size, hidden_size)

    def forward(self, xs):
        W = self.h2h.weight
        double = 2 * W - W.detach()
        h = c = torch.zeros(xs.shape[1], self.hidden_size)
        ys = []
        for x in xs:
            i, f, g, o = (self.x2h(x) + h @ double.T + self.h2h.bias).chunk(4, -1)
            c = f.sigmoid() * c + i.sigmoid() * g.tanh()
            h = o.sigmoid() * c.tanh()
            ys.append(h)
        return torch.stack(ys)


class OldResetGate(nn.Module):
    """r comes from h alone."""

    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.x2h, self.h2h = (
            nn.Linear(input_size, 3 * hidden_size),
            nn.Linear(hidden_size, 3 * hidden_size),
        )

    def forward(self, x, h):
        xr, xz, xn = self.x2h(x).chunk(3, 1)
        hr, hz, hn = self.h2h(h).chunk(3, 1)
        z = torch.sigmoid(xz + hz)
        r = torch.sigmoid(hr * 1.1 + xr)
        return z * h + (1 - z) * torch.tanh(xn + r * hn)


class MemoryInOutput(_Cell):
    def forward(self, x, state):
        h, c = self.new(x, *state)
        return h + 0.05 * c, c


class TwoSlips(_Cell):
    """1 - f, and no tanh on the way out, and a relu for the candidate."""

    def forward(self, x, state):
        h, c = state
        i, f, g, o = (self.x2h(x) + self.h2h(h)).chunk(4, -1)
        c = (1 - f.sigmoid()) * c + i.sigmoid() * g.relu()
        return o.sigmoid() * c, c

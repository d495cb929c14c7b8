"""What is no LSTM, GRU or RNN, or has a mistake that is not known; and what cannot be audited."""

import torch
import torch.nn.functional as F
from torch import nn

EXPECTED = {
    "MinGRULike": "not placed",
    "CIFG": "not placed",
    "LayerNormLSTM": "not placed",
    "Multiplicative": "not placed",
    "PeepholeMatrices": "not placed",
    "Perceptron": "not placed",
    "Attention": "not placed",
    "Convolution": "not placed",
    "Swish": "not placed",
    "OddScale": "not placed",
    "ForgetSquared": "not placed",
    "DrawsInside": "not placed",
    "GRUWithThirdGate": "not placed",
    "Residual": "not placed",
    "Counting": "not placed",
    "WithHead": "not placed",
    "NeedsMore": "could not run",
    "RaisesInForward": "could not run",
    "no_weights": "could not run",
}


class _Cell(nn.Module):
    G = 4

    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.x2h = nn.Linear(input_size, self.G * hidden_size)
        self.h2h = nn.Linear(hidden_size, self.G * hidden_size)

    def gates(self, x, h):
        return (self.x2h(x) + self.h2h(h)).chunk(self.G, 1)


class MinGRULike(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.z = nn.Linear(input_size, hidden_size)
        self.n = nn.Linear(input_size, hidden_size)

    def forward(self, x, h):
        z = torch.sigmoid(self.z(x))
        return (1 - z) * h + z * self.n(x)


class CIFG(_Cell):
    G = 3

    def forward(self, x, state):
        h, c = state
        f, g, o = self.gates(x, h)
        f = f.sigmoid()
        c = f * c + (1 - f) * g.tanh()
        return o.sigmoid() * c.tanh(), c


class LayerNormLSTM(_Cell):
    def __init__(self, input_size, hidden_size):
        super().__init__(input_size, hidden_size)
        self.norm = nn.LayerNorm(4 * hidden_size)

    def forward(self, x, state):
        h, c = state
        i, f, g, o = self.norm(self.x2h(x) + self.h2h(h)).chunk(4, 1)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        return o.sigmoid() * c.tanh(), c


class Multiplicative(_Cell):
    def forward(self, x, state):
        h, c = state
        i, f, g, o = (self.x2h(x) * (1 + self.h2h(h))).chunk(4, 1)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        return o.sigmoid() * c.tanh(), c


class PeepholeMatrices(_Cell):
    def __init__(self, input_size, hidden_size):
        super().__init__(input_size, hidden_size)
        self.c2i = nn.Linear(hidden_size, hidden_size, bias=False)

    def forward(self, x, state):
        h, c = state
        i, f, g, o = self.gates(x, h)
        i = i + self.c2i(c)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        return o.sigmoid() * c.tanh(), c


class Perceptron(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.lin = nn.Linear(input_size, hidden_size)

    def forward(self, xs):
        return torch.tanh(self.lin(xs))


class Attention(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.q = nn.Linear(input_size, hidden_size)
        self.k = nn.Linear(input_size, hidden_size)
        self.v = nn.Linear(input_size, hidden_size)

    def forward(self, x):
        scores = self.q(x) @ self.k(x).transpose(1, 2)
        return scores.softmax(-1) @ self.v(x)


class Convolution(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.conv = nn.Conv1d(input_size, hidden_size, 3)

    def forward(self, x):
        return self.conv(F.pad(x.transpose(1, 2), (2, 0))).transpose(1, 2)


class Swish(_Cell):
    def forward(self, x, state):
        h, c = state
        i, f, g, o = self.gates(x, h)
        c = f.sigmoid() * c + i.sigmoid() * F.silu(g) * 0.7
        return o.sigmoid() * c.tanh(), c


class OddScale(_Cell):
    def forward(self, x, state):
        h, c = state
        i, f, g, o = self.gates(x, h)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        return 1.01 * o.sigmoid() * c.tanh(), c


class ForgetSquared(_Cell):
    """The first step is an LSTM's; from the second on it differs."""

    def forward(self, xs):
        h = c = torch.zeros(xs.shape[1], self.hidden_size)
        ys = []
        for x in xs:
            i, f, g, o = self.gates(x, h)
            c = f.sigmoid() ** 2 * c + i.sigmoid() * g.tanh()
            h = o.sigmoid() * c.tanh()
            ys.append(h)
        return torch.stack(ys), (h, c)


class DrawsInside(_Cell):
    def forward(self, x, state):
        h, c = state
        i, f, g, o = self.gates(x, h)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        return o.sigmoid() * c.tanh() + 0.1 * torch.randn_like(c), c


class GRUWithThirdGate(_Cell):
    def forward(self, x, h):
        r, z, n, w = self.gates(x, h)
        return (1 - z.sigmoid()) * (r.sigmoid() * n).tanh() + z.sigmoid() * w.sigmoid() * h


class Residual(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.rnn = nn.GRU(input_size, hidden_size)
        self.skip = nn.Linear(input_size, hidden_size)

    def forward(self, xs):
        return self.rnn(xs)[0] + self.skip(xs)


class Counting(_Cell):
    """Its numbers depend on how often it was called."""

    calls = 0

    def forward(self, x, state):
        self.calls += 1
        h, c = state
        i, f, g, o = self.gates(x, h)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        return o.sigmoid() * c.tanh() / (1 + 0.01 * self.calls), c


class WithHead(nn.Module):
    """A whole tagger: what comes out is scores, and no state."""

    def __init__(self, input_size, hidden_size, num_tags=3):
        super().__init__()
        self.rnn = nn.LSTM(input_size, hidden_size)
        self.head = nn.Linear(hidden_size, num_tags)

    def forward(self, xs):
        return self.head(self.rnn(xs)[0])


class NeedsMore(nn.Module):
    def __init__(self, config, vocabulary):
        super().__init__()
        self.table = nn.Embedding(len(vocabulary), config.width)

    def forward(self, tokens):
        return self.table(tokens)


class RaisesInForward(_Cell):
    def forward(self, *given):
        raise NotImplementedError("later")


def no_weights(x):
    return x

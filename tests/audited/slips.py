"""Cells and layers with one known slip each."""

import torch
import torch.nn.functional as F
from torch import nn

EXPECTED = {
    "NoOutputTanh": "lstm-no-output-tanh",
    "CandidateSigmoid": "candidate-sigmoid",
    "ForgetsTheWrongWay": "f-means-forget",
    "OldCInH": "lstm-old-c-in-h",
    "StoresTanhC": "lstm-stores-tanh-c",
    "CandidateUngated": "lstm-candidate-ungated",
    "OutputUngated": "lstm-output-ungated",
    "GatesRaw": "gate-left-raw",
    "AddsCandidate": "lstm-adds-candidate",
    "MemoryDropped": "lstm-memory-dropped",
    "BlocksNotTransposed": "recurrent-not-transposed",
    "TiedGates": "memory-keeps-what-is-not-written",
    "GRUNoBlend": "gru-no-blend",
    "GRUCandidateUngated": "gru-candidate-ungated",
    "GRUCandidateSigmoid": "candidate-sigmoid",
    "GRUTanhOnBlend": "gru-tanh-on-blend",
    "RNNNoSquash": "rnn-no-squash",
    "RNNSigmoid": "rnn-sigmoid",
    "rnn_squashed_too_early": "squashed-too-early",
    "StateNotCarried": "state-not-carried",
    "ReadsBatchAsTime": "time-and-batch-exchanged",
    "FeaturesReversed": "features-reversed",
    "TimeReversed": "time-reversed",
    "BackwardNotTurned": "backward-half-not-turned-back",
    "BackwardFirst": "backward-first",
    "SecondLayerFedC": "second-layer-fed-with-c",
    "IgnoresStart": "start-state-ignored",
    "CThenH": "returns-c-then-h",
    "SharedBias": "bias-shared-between-gates",
    "DetachedEachStep": "detached-every-step",
    "CDetached": "c-not-carried-back",
    "GradientCutAtWeights": "gradient-path-missing",
    "NoGradient": "no-gradient",
    "CollectsC": "collects-c",
    "FirstStateReturned": "first-state-returned",
    "PouredByView": "view-for-transpose",
    "OneStepLate": "output-one-step-late",
    "StateHandedUp": "state-handed-to-next-layer",
    "DirectionsAdded": "directions-added",
    "ReadsPadding": "reads-padding",
    "UnknownToPadding": "reads-padding",
}


class _Cell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.x2h = nn.Linear(input_size, 4 * hidden_size)
        self.h2h = nn.Linear(hidden_size, 4 * hidden_size)

    def gates(self, x, h):
        return (self.x2h(x) + self.h2h(h)).chunk(4, 1)


class NoOutputTanh(_Cell):
    def forward(self, x, state):
        h, c = state
        i, f, g, o = self.gates(x, h)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        return o.sigmoid() * c, c


class CandidateSigmoid(_Cell):
    def forward(self, x, state):
        h, c = state
        i, f, g, o = torch.sigmoid(self.x2h(x) + self.h2h(h)).chunk(4, 1)
        c = f * c + i * g
        return o * c.tanh(), c


class ForgetsTheWrongWay(_Cell):
    def forward(self, x, h, c):
        i, f, g, o = self.gates(x, h)
        c = (1 - f.sigmoid()) * c + i.sigmoid() * g.tanh()
        return o.sigmoid() * c.tanh(), c


class OldCInH(_Cell):
    def forward(self, x, state):
        h, c = state
        i, f, g, o = self.gates(x, h)
        h = o.sigmoid() * c.tanh()
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        return h, c


class StoresTanhC(_Cell):
    def forward(self, x, state):
        h, c = state
        i, f, g, o = self.gates(x, h)
        c = torch.tanh(f.sigmoid() * c + i.sigmoid() * g.tanh())
        return o.sigmoid() * c, c


class CandidateUngated(_Cell):
    def forward(self, xs):
        h = c = torch.zeros(xs.shape[1], self.hidden_size)
        ys = []
        for x in xs:
            _, f, g, o = self.gates(x, h)
            c = f.sigmoid() * c + g.tanh()
            h = o.sigmoid() * c.tanh()
            ys.append(h)
        return torch.stack(ys), (h, c)


class OutputUngated(_Cell):
    def forward(self, x, state):
        h, c = state
        i, f, g, _ = self.gates(x, h)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        return c.tanh(), c


class GatesRaw(_Cell):
    def forward(self, x, state):
        h, c = state
        i, f, g, o = self.gates(x, h)
        c = f * c + i.sigmoid() * g.tanh()
        return o.sigmoid() * c.tanh(), c


class AddsCandidate(_Cell):
    def forward(self, x, state):
        h, c = state
        i, f, g, o = self.gates(x, h)
        c = f.sigmoid() * c + i.sigmoid() + g.tanh()
        return o.sigmoid() * c.tanh(), c


class MemoryDropped(_Cell):
    def forward(self, x, state):
        h, c = state
        i, _, g, o = self.gates(x, h)
        c = i.sigmoid() * g.tanh()
        return o.sigmoid() * c.tanh(), c


class BlocksNotTransposed(_Cell):
    def forward(self, x, state):
        h, c = state
        H = self.hidden_size
        W, U = self.x2h.weight, self.h2h.weight
        a = [
            x @ W[k * H : (k + 1) * H].T
            + self.x2h.bias[k * H : (k + 1) * H]
            + h @ U[k * H : (k + 1) * H]
            + self.h2h.bias[k * H : (k + 1) * H]
            for k in range(4)
        ]
        c = a[1].sigmoid() * c + a[0].sigmoid() * a[2].tanh()
        return a[3].sigmoid() * c.tanh(), c


class TiedGates(_Cell):
    def forward(self, x, state):
        h, c = state
        i, _, g, o = self.gates(x, h)
        i = i.sigmoid()
        c = (1 - i) * c + i * g.tanh()
        return o.sigmoid() * c.tanh(), c


class _GRU(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.x2h = nn.Linear(input_size, 3 * hidden_size)
        self.h2h = nn.Linear(hidden_size, 3 * hidden_size)

    def parts(self, x, h, squash=torch.tanh):
        xr, xz, xn = self.x2h(x).chunk(3, -1)
        hr, hz, hn = self.h2h(h).chunk(3, -1)
        r, z = torch.sigmoid(xr + hr), torch.sigmoid(xz + hz)
        return z, squash(xn + r * hn)


class GRUNoBlend(_GRU):
    def forward(self, x, h):
        return self.parts(x, h)[1]


class GRUCandidateUngated(_GRU):
    def forward(self, x, h):
        z, n = self.parts(x, h)
        return n + z * h


class GRUCandidateSigmoid(_GRU):
    def forward(self, x, h):
        z, n = self.parts(x, h, torch.sigmoid)
        return (1 - z) * n + z * h


class GRUTanhOnBlend(_GRU):
    def forward(self, x, h):
        z, n = self.parts(x, h)
        return torch.tanh((1 - z) * n + z * h)


class RNNNoSquash(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.x2h = nn.Linear(input_size, hidden_size)
        self.h2h = nn.Linear(hidden_size, hidden_size)

    def forward(self, x, h):
        return self.x2h(x) + self.h2h(h)


class RNNSigmoid(RNNNoSquash):
    def forward(self, x, h):
        return torch.sigmoid(self.x2h(x) + self.h2h(h))


def rnn_squashed_too_early(x, h, weights):
    W_ih, W_hh, b_ih, b_hh = weights
    return torch.tanh(x @ W_ih.T + b_ih) + h @ W_hh.T + b_hh


class StateNotCarried(_Cell):
    def forward(self, xs):
        ys = []
        for x in xs:
            h = c = torch.zeros(xs.shape[1], self.hidden_size)
            i, f, g, o = self.gates(x, h)
            c = f.sigmoid() * c + i.sigmoid() * g.tanh()
            h = o.sigmoid() * c.tanh()
            ys.append(h)
        return torch.stack(ys), (h, c)


class ReadsBatchAsTime(nn.Module):
    """Its own comment says batch first, and its LSTM was not told."""

    def __init__(self, input_size, hidden_size, batch_first=True):
        super().__init__()
        self.batch_first = batch_first
        self.rnn = nn.LSTM(input_size, hidden_size)

    def forward(self, x):
        return self.rnn(x)[0]


class FeaturesReversed(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.rnn = nn.GRU(input_size, hidden_size)

    def forward(self, xs):
        return self.rnn(xs.flip(-1))


class TimeReversed(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.rnn = nn.LSTM(input_size, hidden_size)

    def forward(self, xs):
        return self.rnn(xs.flip(0))


def _both(there, back, xs, turn=True, join=lambda a, b: torch.cat([a, b], -1)):
    ys, _ = there(xs)
    other, _ = back(xs.flip(0))
    return join(ys, other.flip(0) if turn else other)


class _Both(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.there = nn.GRU(input_size, hidden_size)
        self.back = nn.GRU(input_size, hidden_size)


class BackwardNotTurned(_Both):
    def forward(self, xs):
        return _both(self.there, self.back, xs, turn=False)


class BackwardFirst(_Both):
    def forward(self, xs):
        return _both(self.there, self.back, xs, join=lambda a, b: torch.cat([b, a], -1))


class DirectionsAdded(_Both):
    def forward(self, xs):
        return _both(self.there, self.back, xs, join=torch.add)


class SecondLayerFedC(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.first = nn.LSTMCell(input_size, hidden_size)
        self.second = nn.LSTMCell(hidden_size, hidden_size)

    def forward(self, xs):
        one = two = None
        ys = []
        for x in xs:
            one = self.first(x, one)
            two = self.second(one[1], two)
            ys.append(two[0])
        return torch.stack(ys)


class StateHandedUp(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.first = nn.LSTM(input_size, hidden_size)
        self.second = nn.LSTM(hidden_size, hidden_size)

    def forward(self, xs):
        ys, state = self.first(xs)
        ys, _ = self.second(ys, state)
        return ys


class IgnoresStart(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.rnn = nn.LSTM(input_size, hidden_size)

    def forward(self, xs, state=None):
        ys, state = self.rnn(xs)
        return ys, state


class CThenH(_Cell):
    def forward(self, x, state):
        h, c = state
        i, f, g, o = self.gates(x, h)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        return c, o.sigmoid() * c.tanh()


class SharedBias(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.W = nn.Linear(input_size, 4 * hidden_size, bias=False)
        self.U = nn.Linear(hidden_size, 4 * hidden_size, bias=False)
        self.b = nn.Parameter(torch.randn(hidden_size))

    def forward(self, x, state):
        h, c = state
        i, f, g, o = (self.W(x) + self.U(h) + self.b.repeat(4)).chunk(4, 1)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        return o.sigmoid() * c.tanh(), c


class _Loop(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.cell = nn.LSTMCell(input_size, hidden_size)

    def between(self, h, c):
        return h, c

    def forward(self, xs, state=None):
        ys = []
        for x in xs:
            state = self.cell(x, state)
            ys.append(state[0])
            state = self.between(*state)
        return torch.stack(ys), state


class DetachedEachStep(_Loop):
    def between(self, h, c):
        return h.detach(), c.detach()


class CDetached(_Loop):
    def between(self, h, c):
        return h, c.detach()


class GradientCutAtWeights(_Cell):
    def forward(self, x, state):
        h, c = state
        a = self.x2h(x) + F.linear(h, self.h2h.weight.detach(), self.h2h.bias)
        i, f, g, o = a.chunk(4, 1)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        return o.sigmoid() * c.tanh(), c


class NoGradient(_Loop):
    def forward(self, xs):
        with torch.no_grad():
            return super().forward(xs)


class CollectsC(_Loop):
    def forward(self, xs):
        state, ys = None, []
        for x in xs:
            state = self.cell(x, state)
            ys.append(state[1])
        return torch.stack(ys), state


class FirstStateReturned(_Loop):
    def forward(self, xs, state):
        ys, _ = super().forward(xs, state)
        return ys, state


class PouredByView(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.rnn = nn.GRU(input_size, hidden_size)

    def forward(self, x):
        B, T, _ = x.shape
        ys, _ = self.rnn(x.transpose(0, 1))
        return ys.reshape(B, T, -1)


class OneStepLate(_Loop):
    def forward(self, xs):
        h = c = torch.zeros(xs.shape[1], self.cell.hidden_size)
        ys = []
        for x in xs:
            ys.append(h)
            h, c = self.cell(x, (h, c))
        return torch.stack(ys), (h, c)


class ReadsPadding(nn.Module):
    """Takes lengths, and makes nothing of them but zeros in the outputs."""

    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.rnn = nn.LSTM(input_size, hidden_size)

    def forward(self, x, lengths=None):
        ys, state = self.rnn(x)
        if lengths is not None:
            real = torch.arange(x.shape[0])[:, None] < lengths
            ys = ys * real[..., None]
        return ys, state


class UnknownToPadding(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.rnn = nn.GRU(input_size, hidden_size, batch_first=True)

    def forward(self, x, mask=None):
        return self.rnn(x)

"""LSTMs that are right, in several hands' styles and conventions."""

import math

import torch
import torch.nn.functional as F
from torch import nn

EXPECTED = {
    "LinearPerGate": {"kind": "lstm", "biases": "1", "joined": True, "first": "x"},
    "LinearPerGateHFirst": {"kind": "lstm", "biases": "1", "joined": True, "first": "h"},
    "OneLinear": {"kind": "lstm", "order": "ifog", "biases": "1"},
    "TwoLinears": {"kind": "lstm", "order": "ifgo", "biases": "2"},
    "TwoLinearsOneBias": {"kind": "lstm", "order": "figo", "biases": "1"},
    "FromTheRight": {"kind": "lstm", "order": "ifgo", "biases": "1", "orientation": "columns"},
    "FromTheRightKeras": {"kind": "lstm", "order": "ifgo", "biases": "1", "padding": None},
    "Einsum": {"kind": "lstm", "order": "ifgo", "biases": "1"},
    "InDict": {"kind": "lstm", "biases": "1"},
    "OfCells": {"kind": "lstm", "order": "ifgo", "biases": "2"},
    "TwoLayers": {"kind": "lstm", "order": "ifgo", "biases": "2", "layers": 2},
    "BothWays": {"kind": "lstm", "order": "ifgo", "biases": "2", "directions": 2},
    "BatchFirst": {"kind": "lstm", "order": "ifgo", "biases": "2", "axes": "batch"},
    "Preallocated": {"kind": "lstm", "order": "ifgo", "biases": "2"},
    "CellStateFirst": {"kind": "lstm", "order": "ifgo", "state": "c, h"},
    "ForgetOffset": {"kind": "lstm", "order": "igfo", "biases": "1", "offset": 1.0},
    "HardGates": {"kind": "lstm", "gate": "hard sigmoid, slope 0.2"},
    "SoftsignLSTM": {"kind": "lstm", "candidate": "softsign", "output": "softsign"},
    "OnnxOrder": {"kind": "lstm", "order": "iofg", "biases": "2"},
    "Peepholes": {"kind": "lstm", "order": "ifgo", "peepholes": "i old, f old, o new"},
    "PeepholesOldOnly": {"kind": "lstm", "peepholes": "i old, f old, o old"},
    "Projected": {"kind": "lstm", "order": "ifgo", "projection": True},
    "NoBias": {"kind": "lstm", "order": "ifgo", "biases": "0"},
    "IdleBias": {"kind": "lstm", "order": "ifgo", "biases": "1", "idle": ("b_unused",)},
    "LastOnly": {"kind": "lstm", "order": "ifgo", "biases": "2"},
    "StateInside": {"kind": "lstm", "order": "ifgo", "biases": "2"},
    "Interleaved": {"kind": "lstm", "order": "ifgo", "interleaved": True},
    "Float32Only": {"kind": "lstm", "order": "ifgo", "biases": "1"},
    "MixedOrders": {"kind": "lstm", "order": "ifgo", "recurrent_order": "figo"},
    "lstm_of_the_course": {"kind": "lstm", "order": "ifgo", "biases": "2"},
    "lstm_with_four_arrays": {"kind": "lstm", "order": "ifgo", "biases": "2"},
    "lstm_from_the_right": {"kind": "lstm", "order": "iogf", "biases": "1"},
    "lstm_from_a_dict": {"kind": "lstm", "biases": "1"},
}


class LinearPerGate(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.forget = nn.Linear(input_size + hidden_size, hidden_size)
        self.inp = nn.Linear(input_size + hidden_size, hidden_size)
        self.cand = nn.Linear(input_size + hidden_size, hidden_size)
        self.out = nn.Linear(input_size + hidden_size, hidden_size)

    def forward(self, x, h, c):
        z = torch.cat([x, h], dim=1)
        c = torch.sigmoid(self.forget(z)) * c + torch.sigmoid(self.inp(z)) * torch.tanh(
            self.cand(z)
        )
        h = torch.sigmoid(self.out(z)) * torch.tanh(c)
        return h, c


class LinearPerGateHFirst(LinearPerGate):
    def forward(self, x, state):
        h, c = state
        z = torch.cat((h, x), 1)
        f, i = self.forget(z).sigmoid(), self.inp(z).sigmoid()
        c = f * c + i * self.cand(z).tanh()
        return self.out(z).sigmoid() * c.tanh(), c


class OneLinear(nn.Module):
    """In the order i, f, o, g, with time first, from zeros."""

    def __init__(self, n_in, n_hidden):
        super().__init__()
        self.n_hidden = n_hidden
        self.gates = nn.Linear(n_in + n_hidden, 4 * n_hidden)

    def forward(self, xs):
        h = xs.new_zeros(xs.size(1), self.n_hidden)
        c = torch.zeros_like(h)
        out = []
        for x in xs:
            a = self.gates(torch.cat([x, h], -1))
            ifo, g = a.split([3 * self.n_hidden, self.n_hidden], dim=-1)
            i, f, o = ifo.sigmoid().chunk(3, -1)
            c = f * c + i * g.tanh()
            h = o * c.tanh()
            out.append(h)
        return torch.stack(out), (h, c)


class TwoLinears(nn.Module):
    def __init__(self, input_dim: int, hidden_dim: int):
        super().__init__()
        self.x2h = nn.Linear(input_dim, 4 * hidden_dim)
        self.h2h = nn.Linear(hidden_dim, 4 * hidden_dim)

    def forward(self, x, hx=None):
        if hx is None:
            zeros = torch.zeros(x.size(0), self.h2h.in_features)
            hx = (zeros, zeros)
        h, c = hx
        i, f, g, o = torch.chunk(self.x2h(x) + self.h2h(h), 4, dim=1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        return torch.sigmoid(o) * torch.tanh(c), c


class TwoLinearsOneBias(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.W = nn.Linear(input_size, 4 * hidden_size, bias=bias)
        self.U = nn.Linear(hidden_size, 4 * hidden_size, bias=False)

    def forward(self, xs, state=None):
        H = self.U.in_features
        if state is None:
            state = (xs.new_zeros(xs.shape[1], H),) * 2
        h, c = state
        inputs = self.W(xs)
        ys = []
        for a in inputs:
            a = a + self.U(h)
            f = torch.sigmoid(a[:, :H])
            i = torch.sigmoid(a[:, H : 2 * H])
            g = torch.tanh(a[:, 2 * H : 3 * H])
            o = torch.sigmoid(a[:, 3 * H :])
            c = f * c + i * g
            h = o * torch.tanh(c)
            ys.append(h.unsqueeze(0))
        return torch.cat(ys), (h, c)


class FromTheRight(nn.Module):
    """The style of a well-known gist: matrices on the right, batch first."""

    def __init__(self, input_sz, hidden_sz):
        super().__init__()
        self.input_sz, self.hidden_size = input_sz, hidden_sz
        self.W = nn.Parameter(torch.Tensor(input_sz, hidden_sz * 4))
        self.U = nn.Parameter(torch.Tensor(hidden_sz, hidden_sz * 4))
        self.bias = nn.Parameter(torch.Tensor(hidden_sz * 4))
        stdv = 1.0 / math.sqrt(hidden_sz)
        for weight in self.parameters():
            weight.data.uniform_(-stdv, stdv)

    def forward(self, x, init_states=None):
        bs, seq_sz, _ = x.size()
        hidden_seq = []
        if init_states is None:
            h_t, c_t = (torch.zeros(bs, self.hidden_size), torch.zeros(bs, self.hidden_size))
        else:
            h_t, c_t = init_states
        HS = self.hidden_size
        for t in range(seq_sz):
            gates = x[:, t, :] @ self.W + h_t @ self.U + self.bias
            i_t, f_t, g_t, o_t = (
                torch.sigmoid(gates[:, :HS]),
                torch.sigmoid(gates[:, HS : HS * 2]),
                torch.tanh(gates[:, HS * 2 : HS * 3]),
                torch.sigmoid(gates[:, HS * 3 :]),
            )
            c_t = f_t * c_t + i_t * g_t
            h_t = o_t * torch.tanh(c_t)
            hidden_seq.append(h_t.unsqueeze(0))
        hidden_seq = torch.cat(hidden_seq, dim=0).transpose(0, 1).contiguous()
        return hidden_seq, (h_t, c_t)


class FromTheRightKeras(nn.Module):
    """Called units, as in Keras; returns the sequences alone."""

    def __init__(self, units, features):
        super().__init__()
        self.units = units
        self.kernel = nn.Parameter(torch.randn(features, 4 * units))
        self.recurrent_kernel = nn.Parameter(torch.randn(units, 4 * units))
        self.bias = nn.Parameter(torch.zeros(4 * units))

    def forward(self, inputs):
        h = c = torch.zeros(inputs.shape[0], self.units)
        outputs = []
        for t in range(inputs.shape[1]):
            z = inputs[:, t] @ self.kernel + h @ self.recurrent_kernel + self.bias
            i, f, g, o = z.tensor_split(4, dim=1)
            c = f.sigmoid() * c + i.sigmoid() * g.tanh()
            h = o.sigmoid() * c.tanh()
            outputs.append(h)
        return torch.stack(outputs, dim=1)


class Einsum(nn.Module):
    def __init__(self, d_in, d_model):
        super().__init__()
        self.w = nn.Parameter(torch.randn(4, d_model, d_in))
        self.r = nn.Parameter(torch.randn(4, d_model, d_model))
        self.b = nn.Parameter(torch.randn(4, d_model))

    def forward(self, x, state):
        h, c = state
        pre = torch.einsum("ghi,bi->gbh", self.w, x) + torch.einsum("ghk,bk->gbh", self.r, h)
        i, f, z, o = pre + self.b[:, None]
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(z)
        return torch.sigmoid(o) * torch.tanh(c), c


class InDict(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.p = nn.ParameterDict()
        for gate in "ifco":
            self.p[f"W_x{gate}"] = nn.Parameter(torch.randn(input_size, hidden_size) * 0.1)
            self.p[f"W_h{gate}"] = nn.Parameter(torch.randn(hidden_size, hidden_size) * 0.1)
            self.p[f"b_{gate}"] = nn.Parameter(torch.zeros(hidden_size))

    def forward(self, inputs, H_C=None):
        if H_C is None:
            n = self.p["b_i"].shape[0]
            H_C = (torch.zeros(inputs.shape[1], n), torch.zeros(inputs.shape[1], n))
        H, C = H_C
        p, outputs = self.p, []
        for X in inputs:
            i = torch.sigmoid(X @ p["W_xi"] + H @ p["W_hi"] + p["b_i"])
            f = torch.sigmoid(X @ p["W_xf"] + H @ p["W_hf"] + p["b_f"])
            o = torch.sigmoid(X @ p["W_xo"] + H @ p["W_ho"] + p["b_o"])
            C_tilde = torch.tanh(X @ p["W_xc"] + H @ p["W_hc"] + p["b_c"])
            C = f * C + i * C_tilde
            H = o * torch.tanh(C)
            outputs.append(H)
        return outputs, (H, C)


class OfCells(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.cell = nn.LSTMCell(input_size, hidden_size)

    def forward(self, x):
        h = c = None
        state = None
        ys = []
        for t in range(x.size(0)):
            state = self.cell(x[t], state)
            h, c = state
            ys.append(h)
        return torch.stack(ys), (h, c)


class TwoLayers(nn.Module):
    def __init__(self, input_size, hidden_size, num_layers=2):
        super().__init__()
        sizes = [input_size] + [hidden_size] * (num_layers - 1)
        self.cells = nn.ModuleList(nn.LSTMCell(n, hidden_size) for n in sizes)

    def forward(self, x):
        states = [None] * len(self.cells)
        ys = []
        for step in x:
            for k, cell in enumerate(self.cells):
                states[k] = cell(step, states[k])
                step = states[k][0]
            ys.append(step)
        h_n, c_n = zip(*states, strict=True)
        return torch.stack(ys), (torch.stack(h_n), torch.stack(c_n))


class BothWays(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.forward_cell = nn.LSTMCell(input_size, hidden_size)
        self.backward_cell = nn.LSTMCell(input_size, hidden_size)

    @staticmethod
    def run(cell, xs):
        state, ys = None, []
        for x in xs:
            state = cell(x, state)
            ys.append(state[0])
        return ys, state

    def forward(self, xs):
        there, (h, c) = self.run(self.forward_cell, xs)
        back, (hb, cb) = self.run(self.backward_cell, xs.flip(0))
        ys = torch.cat([torch.stack(there), torch.stack(back[::-1])], dim=-1)
        return ys, (torch.stack([h, hb]), torch.stack([c, cb]))


class BatchFirst(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.cell = nn.LSTMCell(input_size, hidden_size)

    def forward(self, x, state=None):
        ys = []
        for t in range(x.shape[1]):
            state = self.cell(x[:, t], state)
            ys.append(state[0])
        return torch.stack(ys, 1), state


class Preallocated(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.weight_ih = nn.Parameter(torch.randn(4 * hidden_size, input_size))
        self.weight_hh = nn.Parameter(torch.randn(4 * hidden_size, hidden_size))
        self.bias_ih = nn.Parameter(torch.randn(4 * hidden_size))
        self.bias_hh = nn.Parameter(torch.randn(4 * hidden_size))

    def forward(self, x, h0, c0):
        T, B, _ = x.shape
        out = torch.empty(T, B, self.hidden_size)
        h, c = h0, c0
        for t in range(T):
            a = F.linear(x[t], self.weight_ih, self.bias_ih)
            a = a + F.linear(h, self.weight_hh, self.bias_hh)
            a = a.view(B, 4, self.hidden_size)
            i, f, o = a[:, 0].sigmoid(), a[:, 1].sigmoid(), a[:, 3].sigmoid()
            c = f * c + i * a[:, 2].tanh()
            h = o * c.tanh()
            out[t] = h
        return out, h, c


class CellStateFirst(Preallocated):
    def forward(self, x, state):
        c, h = state
        a = F.linear(x, self.weight_ih, self.bias_ih) + F.linear(h, self.weight_hh, self.bias_hh)
        i, f, g, o = a.chunk(4, 1)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        h = o.sigmoid() * c.tanh()
        return c, h


class ForgetOffset(nn.Module):
    """As the cell of TensorFlow 1: i, j, f, o, and 1 is added to f; returns the output and (c, h)."""

    def __init__(self, input_size, num_units, forget_bias=1.0):
        super().__init__()
        self.forget_bias = forget_bias
        self.kernel = nn.Parameter(torch.randn(input_size + num_units, 4 * num_units))
        self.bias = nn.Parameter(torch.zeros(4 * num_units))

    def forward(self, inputs, state):
        c, h = state
        i, j, f, o = (torch.cat([inputs, h], 1) @ self.kernel + self.bias).chunk(4, 1)
        c = c * torch.sigmoid(f + self.forget_bias) + torch.sigmoid(i) * torch.tanh(j)
        h = torch.tanh(c) * torch.sigmoid(o)
        return h, (c, h)


class HardGates(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.x2h = nn.Linear(input_size, 4 * hidden_size)
        self.h2h = nn.Linear(hidden_size, 4 * hidden_size, bias=False)

    def forward(self, x, state):
        h, c = state
        i, f, g, o = (self.x2h(x) + self.h2h(h)).chunk(4, -1)
        hard = lambda a: torch.clamp(0.2 * a + 0.5, 0, 1)  # noqa: E731
        c = hard(f) * c + hard(i) * torch.tanh(g)
        return hard(o) * torch.tanh(c), c


class SoftsignLSTM(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.x2h = nn.Linear(input_size, 4 * hidden_size)
        self.h2h = nn.Linear(hidden_size, 4 * hidden_size, bias=False)

    def forward(self, x, state):
        h, c = state
        i, f, g, o = (self.x2h(x) + self.h2h(h)).chunk(4, -1)
        c = f.sigmoid() * c + i.sigmoid() * F.softsign(g)
        return o.sigmoid() * F.softsign(c), c


class OnnxOrder(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.W = nn.Parameter(torch.randn(1, 4 * hidden_size, input_size))
        self.R = nn.Parameter(torch.randn(1, 4 * hidden_size, hidden_size))
        self.B = nn.Parameter(torch.randn(1, 8 * hidden_size))

    def forward(self, X):
        H = self.R.shape[-1]
        h = c = torch.zeros(X.shape[1], H)
        ys = []
        for x in X:
            a = x @ self.W[0].T + h @ self.R[0].T + self.B[0, : 4 * H] + self.B[0, 4 * H :]
            i, o, f, g = a.chunk(4, -1)
            c = f.sigmoid() * c + i.sigmoid() * g.tanh()
            h = o.sigmoid() * c.tanh()
            ys.append(h)
        return torch.stack(ys), h, c


class Peepholes(nn.Module):
    late = True

    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.x2h = nn.Linear(input_size, 4 * hidden_size)
        self.h2h = nn.Linear(hidden_size, 4 * hidden_size, bias=False)
        self.w_ci = nn.Parameter(torch.randn(hidden_size))
        self.w_cf = nn.Parameter(torch.randn(hidden_size))
        self.w_co = nn.Parameter(torch.randn(hidden_size))

    def forward(self, x, state):
        h, c_old = state
        i, f, g, o = (self.x2h(x) + self.h2h(h)).chunk(4, -1)
        i = torch.sigmoid(i + self.w_ci * c_old)
        f = torch.sigmoid(f + self.w_cf * c_old)
        c = f * c_old + i * torch.tanh(g)
        o = torch.sigmoid(o + self.w_co * (c if self.late else c_old))
        return o * torch.tanh(c), c


class PeepholesOldOnly(Peepholes):
    late = False


class Projected(nn.Module):
    def __init__(self, input_size, hidden_size, proj_size=2):
        super().__init__()
        self.rnn = nn.LSTM(input_size, hidden_size, proj_size=proj_size)

    def forward(self, x, state=None):
        return self.rnn(x, state)


class NoBias(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.rnn = nn.LSTM(input_size, hidden_size, bias=False, batch_first=True)

    def forward(self, x):
        return self.rnn(x)[0]


class IdleBias(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.W = nn.Parameter(torch.randn(4 * hidden_size, input_size))
        self.U = nn.Parameter(torch.randn(4 * hidden_size, hidden_size))
        self.b = nn.Parameter(torch.randn(4 * hidden_size))
        self.b_unused = nn.Parameter(torch.randn(4 * hidden_size))

    def forward(self, x, h, c):
        i, f, g, o = (x @ self.W.T + h @ self.U.T + self.b).chunk(4, 1)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        return o.sigmoid() * c.tanh(), c


class LastOnly(nn.Module):
    """Returns the last hidden state alone."""

    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.lstm = nn.LSTM(input_size, hidden_size, batch_first=True)

    def forward(self, x):
        _, (h, _) = self.lstm(x)
        return h[-1]


class StateInside(nn.Module):
    """Keeps its last state as an attribute, and starts from zeros at each call."""

    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.cell = nn.LSTMCell(input_size, hidden_size)
        self.hidden_size = hidden_size

    def init_hidden(self, n):
        self.h, self.c = torch.zeros(n, self.hidden_size), torch.zeros(n, self.hidden_size)

    def forward(self, xs):
        self.init_hidden(xs.shape[1])
        ys = []
        for x in xs:
            self.h, self.c = self.cell(x, (self.h, self.c))
            ys.append(self.h)
        return torch.stack(ys, dim=0)


class Interleaved(nn.Module):
    """The four gates of a unit stand next to each other."""

    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.x2h = nn.Linear(input_size, 4 * hidden_size)
        self.h2h = nn.Linear(hidden_size, 4 * hidden_size, bias=False)

    def forward(self, x, state):
        h, c = state
        i, f, g, o = (self.x2h(x) + self.h2h(h)).view(x.shape[0], -1, 4).unbind(-1)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        return o.sigmoid() * c.tanh(), c


class Float32Only(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.lin = nn.Linear(input_size + hidden_size, 4 * hidden_size)

    def forward(self, xs):
        h = torch.zeros(xs.shape[1], self.hidden_size, dtype=torch.float32)
        c, ys = h, []
        for x in xs:
            i, f, g, o = self.lin(torch.cat([x.float(), h], 1)).float().chunk(4, 1)
            c = f.sigmoid() * c + i.sigmoid() * g.tanh()
            h = o.sigmoid() * c.tanh()
            ys.append(h)
        return torch.stack(ys), h


class MixedOrders(nn.Module):
    """The input's rows are i, f, g, o, the recurrent ones f, i, g, o; odd, and consistent."""

    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.W = nn.Linear(input_size, 4 * hidden_size)
        self.U = nn.Linear(hidden_size, 4 * hidden_size, bias=False)

    def forward(self, x, state):
        h, c = state
        xi, xf, xg, xo = self.W(x).chunk(4, 1)
        hf, hi, hg, ho = self.U(h).chunk(4, 1)
        c = (xf + hf).sigmoid() * c + (xi + hi).sigmoid() * (xg + hg).tanh()
        return (xo + ho).sigmoid() * c.tanh(), c


def lstm_of_the_course(x, state, weights):
    W_ih, W_hh, b_ih, b_hh = weights
    h, c = state
    a_i, a_f, a_g, a_o = (x @ W_ih.T + b_ih + h @ W_hh.T + b_hh).chunk(4, dim=-1)
    c = torch.sigmoid(a_f) * c + torch.sigmoid(a_i) * torch.tanh(a_g)
    return torch.sigmoid(a_o) * torch.tanh(c), c


def lstm_with_four_arrays(x, h, c, W_ih, W_hh, b_ih, b_hh):
    return lstm_of_the_course(x, (h, c), (W_ih, W_hh, b_ih, b_hh))


def lstm_from_the_right(x, h_prev, c_prev, W, U, b):
    i, o, g, f = torch.chunk(x @ W + h_prev @ U + b, 4, 1)
    c = torch.sigmoid(f) * c_prev + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c


def lstm_from_a_dict(xt, a_prev, c_prev, parameters):
    """Samples stand in columns; NumPy-like, as in a well-known class."""
    concat = torch.cat([a_prev, xt], 0)
    ft = torch.sigmoid(parameters["Wf"] @ concat + parameters["bf"])
    it = torch.sigmoid(parameters["Wi"] @ concat + parameters["bi"])
    cct = torch.tanh(parameters["Wc"] @ concat + parameters["bc"])
    c_next = ft * c_prev + it * cct
    ot = torch.sigmoid(parameters["Wo"] @ concat + parameters["bo"])
    return ot * torch.tanh(c_next), c_next

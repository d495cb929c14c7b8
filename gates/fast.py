"""Whole sequences as one autograd step, with the hand-written backward of `gates.backward`, made fast.

What makes it fast, in plain Python: one product for all inputs before the loop; activations written into
buffers made once; in the backward, everything that does not depend on later steps computed for a stretch of
steps at once, so that a step is one matrix product and a few elementwise operations; the gradients of the
weights as one product at the end; and views of all steps cut in one call, since in a loop this short slicing
costs as much as arithmetic. The slopes of sigmoid and tanh come from aten's own functions,
`sigmoid_backward(d, y)`, d·y·(1 − y), and `tanh_backward(d, y)`, d·(1 − y²).

Sequences come packed, as in torch's PackedSequence: the rows of all steps one after the other, `sizes` saying
how many samples are still there at each step, never more than before. In a full batch all sizes are equal.
Saved tensors are never written to, so a backward may run twice. A gradient of a gradient is computed through
the readable cells of `gates.cells`.
"""

from collections.abc import Callable, Iterator, Sequence

import torch
from torch import Tensor
from torch.autograd import Function

from gates import cells
from gates.cells import Weights


def steps(sizes: Sequence[int], reverse: bool) -> Iterator[tuple[int, int]]:
    """For each step in the order of reading, the first row and the row after the last."""
    ends = [sum(sizes[: t + 1]) for t in range(len(sizes))] if len(set(sizes)) > 1 else None
    order = range(len(sizes) - 1, -1, -1) if reverse else range(len(sizes))
    for t in order:
        end = ends[t] if ends else (t + 1) * sizes[0]
        yield end - sizes[t], end


def unroll_packed(
    cell: Callable, xs: Tensor, state, weights: Weights, sizes: Sequence[int], reverse: bool = False
) -> tuple[Tensor, object]:
    """`gates.cells.unroll` for packed sequences, readable and slow.

    xs: (N, I), the rows of all steps. state: h, or the pair (h, c), each (B, H) with B the first of `sizes`.
    Returns ys (N, H) and the state of each sample after its own last step, in reading order.
    """
    pair = isinstance(state, tuple)
    parts, ys = (state if pair else (state,)), {}
    for start, end in steps(sizes, reverse):
        B = end - start
        live = tuple(part[:B] for part in parts)
        new = cell(xs[start:end], live if pair else live[0], weights)
        new = new if pair else (new,)
        ys[start] = new[0]
        parts = tuple(
            part if len(old) == B else torch.cat([part, old[B:]])
            for part, old in zip(new, parts, strict=True)
        )
    return torch.cat([ys[start] for start in sorted(ys)]), parts if pair else parts[0]


def _recomputed(cell: Callable, ctx, inputs: tuple, grads: tuple) -> tuple:
    """Gradients that can be differentiated again: through the readable cells."""
    xs, *state, W_ih, W_hh, b_ih, b_hh = inputs
    with torch.enable_grad():
        whole = tuple(state) if len(state) == 2 else state[0]
        weights = Weights(W_ih, W_hh, b_ih, b_hh)
        ys, final = unroll_packed(cell, xs, whole, weights, ctx.sizes, ctx.reverse)
        outputs = [ys, *final] if len(state) == 2 else [ys, final]
        wanted = [t for t in inputs if t.requires_grad]
        found = iter(
            torch.autograd.grad(outputs, wanted, grads, create_graph=True, allow_unused=True)
        )
    return tuple(next(found) if t.requires_grad else None for t in inputs)


def _side(da: Tensor, source: Tensor) -> tuple[Tensor, Tensor]:
    """The gradients of a weight and its bias, from those of the pre-activations, all steps at once."""
    return da.T @ source, da.sum(0)


def _room(h0: Tensor, sizes: Sequence[int], reverse: bool) -> tuple[Tensor, Tensor | None]:
    """A place for the states after the steps; and the same memory seen as the states before, if no sample ends early."""
    N, B = sum(sizes), len(h0)
    if len(set(sizes)) > 1:
        return h0.new_empty(N, h0.shape[1]), None
    room = h0.new_empty(N + B, h0.shape[1])
    room[N if reverse else 0 :][:B] = h0
    return (room[:N], room[B:]) if reverse else (room[B:], room[:N])


_sigmoid_backward = torch.ops.aten.sigmoid_backward
_tanh_backward = torch.ops.aten.tanh_backward


def _tanh_(a: Tensor) -> Tensor:
    """tanh in place; where there is much to do, as 2σ(2a) − 1, since torch's sigmoid is the faster of the two.

    The error is that of rounding numbers of size 1, also where the result is small.
    """
    if a.numel() < 2048:
        return a.tanh_()
    return a.mul_(2).sigmoid_().mul_(2).sub_(1)


def _stretches(sizes: Sequence[int], order: list[int], H: int) -> Iterator[tuple[list[int], slice]]:
    """The steps in pieces of at most 32,768 numbers a gate, and one step at least, with their rows.

    What is computed for such a piece is still in the processor's cache when the steps of the piece need it.
    """
    many = max(1, 2**15 // (H * max(sizes)))
    for first in range(0, len(order), many):
        stretch = order[first : first + many]
        start, end = min(stretch), max(stretch) + 1
        yield stretch, slice(sum(sizes[:start]), sum(sizes[:end]))


class _Live:
    """The samples that are still there, while `sizes` changes from step to step.

    Going one way through time samples end, the other way they begin. `whole` has a row for every sample.
    """

    def __init__(self, whole: Tensor, size: int) -> None:
        self.whole, self.now, self.ended = whole, whole[:size], []

    def fit(self, size: int) -> Tensor:
        """What is there for a step of this size: samples that have ended are put aside, new ones taken in."""
        if len(self.now) > size:
            self.ended.append(self.now[size:])
            self.now = self.now[:size]
        elif len(self.now) < size:
            self.now = torch.cat([self.now, self.whole[len(self.now) : size]])
        return self.now

    def all(self) -> Tensor:
        """A row for every sample, each as its last step left it."""
        return torch.cat([self.now, *reversed(self.ended)])


def _order(sizes: Sequence[int], reverse: bool) -> list[int]:
    return list(range(len(sizes)))[:: -1 if reverse else 1]


_TO_GIFO, _TO_IFGO = (2, 0, 1, 3), (1, 2, 0, 3)


def _blocks(matrix: Tensor, order: Sequence[int]) -> Tensor:
    """The blocks of rows of an LSTM's weights in another order."""
    return torch.cat([matrix.chunk(4)[k] for k in order])


class _LSTM(Function):
    """Inside, the blocks stand in the order g, i, f, o: three sigmoids side by side, and three factors of dc."""

    @staticmethod
    def forward(ctx, xs, h0, c0, W_ih, W_hh, b_ih, b_hh, sizes, reverse):
        H = h0.shape[1]
        W, U, b = (_blocks(weight, _TO_GIFO) for weight in (W_ih, W_hh, b_ih + b_hh))
        gates = torch.addmm(b, xs, W.T)
        ys, hs_before = _room(h0, sizes, reverse)
        cs, cs_before = _room(c0, sizes, reverse)
        tanh_cs = torch.empty_like(cs)
        A, A_ifo = gates.split(sizes), gates[:, H:].split(sizes)
        G, I, F, O = (part.split(sizes) for part in gates.chunk(4, 1))
        Y, C, TC = ys.split(sizes), cs.split(sizes), tanh_cs.split(sizes)
        order, U = _order(sizes, reverse), U.T
        hs_in, cs_in = [None] * len(sizes), [None] * len(sizes)
        h, c = _Live(h0, sizes[order[0]]), _Live(c0, sizes[order[0]])
        for t in order:
            hs_in[t], cs_in[t] = h.fit(sizes[t]), c.fit(sizes[t])
            A[t].addmm_(hs_in[t], U)
            A_ifo[t].sigmoid_()
            _tanh_(G[t])
            c.now = torch.mul(F[t], cs_in[t], out=C[t]).addcmul_(I[t], G[t])
            h.now = torch.mul(O[t], _tanh_(TC[t].copy_(c.now)), out=Y[t])
        ctx.sizes, ctx.reverse = sizes, reverse
        hs_before = torch.cat(hs_in) if hs_before is None else hs_before
        cs_before = torch.cat(cs_in) if cs_before is None else cs_before
        inner = (gates, hs_before, cs_before, tanh_cs)
        ctx.save_for_backward(xs, h0, c0, W_ih, W_hh, b_ih, b_hh, *inner)
        return ys, h.all(), c.all()

    @staticmethod
    def backward(ctx, dys, dh_final, dc_final):
        *inputs, gates, hs_before, cs_before, tanh_cs = ctx.saved_tensors
        if torch.is_grad_enabled():
            grads = (dys, dh_final, dc_final)
            return *_recomputed(cells.lstm_cell, ctx, tuple(inputs), grads), None, None
        sizes, xs, W_ih, W_hh = ctx.sizes, inputs[0], inputs[3], inputs[4]
        N, H = cs_before.shape
        da = torch.empty_like(gates)
        F, DY, DA = gates[:, 2 * H : 3 * H].split(sizes), dys.split(sizes), da.split(sizes)
        DA_gif, DA_o = da.view(N, 4, H)[:, :3].split(sizes), da[:, 3 * H :].split(sizes)
        order, U = _order(sizes, not ctx.reverse), _blocks(W_hh, _TO_GIFO)
        dh, dc = _Live(dh_final, sizes[order[0]]), _Live(dc_final, sizes[order[0]])
        for stretch, rows in _stretches(sizes, order, H):
            g, i, f, o = gates[rows].chunk(4, 1)
            of_g, of_i = _tanh_backward(i, g), _sigmoid_backward(g, i)  # factors of dc
            of_f = _sigmoid_backward(cs_before[rows], f)
            of_o = _sigmoid_backward(tanh_cs[rows], o)  # a factor of dh
            through_h = _tanh_backward(o, tanh_cs[rows])  # how dh acts on dc
            lengths = [sizes[t] for t in sorted(stretch)]
            K, K_o, K_h = (
                dict(zip(sorted(stretch), part.split(lengths), strict=True))
                for part in (torch.stack([of_g, of_i, of_f], 1), of_o, through_h)
            )
            for t in stretch:
                dh_t = dh.fit(sizes[t]) + DY[t]
                dc_t = torch.addcmul(dc.fit(sizes[t]), dh_t, K_h[t])
                torch.mul(K[t], dc_t[:, None], out=DA_gif[t])
                torch.mul(K_o[t], dh_t, out=DA_o[t])
                dh.now = DA[t] @ U
                dc.now = dc_t.mul_(F[t])
        (dW, db), (dU, _) = _side(da, xs), _side(da, hs_before)
        dW, dU, db = (_blocks(weight, _TO_IFGO) for weight in (dW, dU, db))
        dx = da @ _blocks(W_ih, _TO_GIFO) if ctx.needs_input_grad[0] else None
        return dx, dh.all(), dc.all(), dW, dU, db, db, None, None


class _GRU(Function):
    @staticmethod
    def forward(ctx, xs, h0, W_ih, W_hh, b_ih, b_hh, sizes, reverse):
        H = h0.shape[1]
        b = torch.cat([b_ih[: 2 * H] + b_hh[: 2 * H], b_ih[2 * H :]])
        gates = torch.addmm(b, xs, W_ih.T)
        hs_n = b_hh[2 * H :].repeat(
            len(xs), 1
        )  # becomes h W_hnᵀ + b_hn, which the reset gate multiplies
        ys, hs_before = _room(h0, sizes, reverse)
        A_rz, H_n, Y = gates[:, : 2 * H].split(sizes), hs_n.split(sizes), ys.split(sizes)
        R, Z, N = (part.split(sizes) for part in gates.chunk(3, 1))
        U_rz, U_n = W_hh[: 2 * H].T, W_hh[2 * H :].T
        order = _order(sizes, reverse)
        hs_in, h = [None] * len(sizes), _Live(h0, sizes[order[0]])
        for t in order:
            hs_in[t] = h_t = h.fit(sizes[t])
            A_rz[t].addmm_(h_t, U_rz).sigmoid_()
            _tanh_(N[t].addcmul_(R[t], H_n[t].addmm_(h_t, U_n)))
            h.now = torch.lerp(N[t], h_t, Z[t], out=Y[t])
        ctx.sizes, ctx.reverse = sizes, reverse
        hs_before = torch.cat(hs_in) if hs_before is None else hs_before
        inner = (gates, hs_n, hs_before)
        ctx.save_for_backward(xs, h0, W_ih, W_hh, b_ih, b_hh, *inner)
        return ys, h.all()

    @staticmethod
    def backward(ctx, dys, dh_final):
        *inputs, gates, hs_n, hs = ctx.saved_tensors
        if torch.is_grad_enabled():
            return *_recomputed(cells.gru_cell, ctx, tuple(inputs), (dys, dh_final)), None, None
        sizes, xs, W_ih, W_hh = ctx.sizes, inputs[0], inputs[2], inputs[3]
        N, H = hs.shape
        dh_part, dn, dhs = torch.empty_like(gates), torch.empty_like(hs), torch.empty_like(hs)
        Z, DY, DH = gates[:, H : 2 * H].split(sizes), dys.split(sizes), dhs.split(sizes)
        DA, DP = dh_part.view(N, 3, H).split(sizes), dh_part.split(sizes)
        order = _order(sizes, not ctx.reverse)
        dh = _Live(dh_final, sizes[order[0]])
        for stretch, rows in _stretches(sizes, order, H):
            r, z, n = gates[rows].chunk(3, 1)
            of_n = _tanh_backward(1 - z, n)  # every factor here is of dh
            of_r = _sigmoid_backward(of_n * hs_n[rows], r)
            of_z = _sigmoid_backward(hs[rows] - n, z)
            factors = torch.stack([of_r, of_z, of_n * r], 1)
            K = dict(
                zip(
                    sorted(stretch), factors.split([sizes[t] for t in sorted(stretch)]), strict=True
                )
            )
            for t in stretch:
                dh_t = torch.add(dh.fit(sizes[t]), DY[t], out=DH[t])
                torch.mul(K[t], dh_t[:, None], out=DA[t])
                dh.now = (dh_t * Z[t]).addmm_(DP[t], W_hh)
            torch.mul(dhs[rows], of_n, out=dn[rows])
        dU, db_hh = _side(dh_part, hs)
        dh_part[:, 2 * H :] = dn  # on x's side there is no reset gate
        dW, db_ih = _side(dh_part, xs)
        dx = dh_part @ W_ih if ctx.needs_input_grad[0] else None
        return dx, dh.all(), dW, dU, db_ih, db_hh, None, None


class _RNN(Function):
    """A plain network; `cell`, `squash` and its `slope`, times a gradient, come with a subclass."""

    @classmethod
    def forward(cls, ctx, xs, h0, W_ih, W_hh, b_ih, b_hh, sizes, reverse):
        ys = torch.addmm(b_ih + b_hh, xs, W_ih.T)
        Y, U, order = ys.split(sizes), W_hh.T, _order(sizes, reverse)
        hs_in, h = [None] * len(sizes), _Live(h0, sizes[order[0]])
        for t in order:
            hs_in[t] = h.fit(sizes[t])
            h.now = cls.squash(Y[t].addmm_(hs_in[t], U))
        ctx.sizes, ctx.reverse = sizes, reverse
        ctx.save_for_backward(xs, h0, W_ih, W_hh, b_ih, b_hh, ys, torch.cat(hs_in))
        return ys, h.all()

    @classmethod
    def backward(cls, ctx, dys, dh_final):
        *inputs, ys, hs = ctx.saved_tensors
        if torch.is_grad_enabled():
            return *_recomputed(cls.cell, ctx, tuple(inputs), (dys, dh_final)), None, None
        sizes, xs, W_ih, W_hh = ctx.sizes, inputs[0], inputs[2], inputs[3]
        da = torch.empty_like(ys)
        Y, DY, DA = ys.split(sizes), dys.split(sizes), da.split(sizes)
        order = _order(sizes, not ctx.reverse)
        dh = _Live(dh_final, sizes[order[0]])
        for t in order:
            DA[t].copy_(cls.slope(dh.fit(sizes[t]) + DY[t], Y[t]))
            dh.now = DA[t] @ W_hh
        (dW, db), (dU, _) = _side(da, xs), _side(da, hs)
        dx = da @ W_ih if ctx.needs_input_grad[0] else None
        return dx, dh.all(), dW, dU, db, db, None, None


class _TanhRNN(_RNN):
    cell, squash, slope = cells.rnn_cell, _tanh_, _tanh_backward


class _ReluRNN(_RNN):
    cell, squash, slope = cells.rnn_relu_cell, torch.relu_, lambda d, y: d * (y > 0)


_FUNCTIONS = {
    cells.rnn_cell: _TanhRNN,
    cells.rnn_relu_cell: _ReluRNN,
    cells.lstm_cell: _LSTM,
    cells.gru_cell: _GRU,
}


def sequence(
    cell: Callable, xs: Tensor, state, weights: Weights, sizes: Sequence[int], reverse: bool = False
) -> tuple[Tensor, object]:
    """`unroll_packed`, fast for the cells that have a hand-written backward; arguments and results are its."""
    function = _FUNCTIONS.get(cell)
    if function is None:
        return unroll_packed(cell, xs, state, weights, sizes, reverse)
    parts = state if isinstance(state, tuple) else (state,)
    ys, *final = function.apply(xs, *parts, *weights, tuple(sizes), reverse)
    return ys, tuple(final) if isinstance(state, tuple) else final[0]

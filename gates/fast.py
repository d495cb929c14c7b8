"""Whole sequences as one autograd step, with the hand-written backward of `gates.backward`, made fast.

What makes it fast, in plain Python: states and activations are written into buffers made once, cut into the
views of all steps in one call; tanh(a) is computed as 1 − 2σ(−2a), with the −2 put into the weights beforehand,
so that one call of sigmoid serves all gates. Time goes in stretches of steps: forward, one product serves all
inputs of a stretch; backward, everything that does not depend on later steps is computed for the stretch at once,
into the place where the gradients of the pre-activations will stand. A step is then one matrix product and a few
elementwise operations, and the gradients of the weights are one product a stretch, written xᵀ da and not daᵀ x,
which takes torch several times as long where x is narrow. `sigmoid_backward(d, y)` is aten's own d·y·(1 − y).
`make bench PROFILE=1` shows what remains.

Sequences come packed, as in torch's PackedSequence: the rows of all steps one after the other, `sizes` saying
how many samples are still there at each step, never more than before. In a full batch all sizes are equal.
States stand in a *room*: the rows of the start, then those of every step. What a step finds before it is then
always the first rows of the place before its own. Saved tensors are never written to, so a backward may run
twice. A gradient of a gradient is computed through the readable cells of `gates.cells`.
"""

from collections.abc import Callable, Sequence
from itertools import accumulate, pairwise

import torch
from torch import Tensor
from torch.autograd import Function

from gates import cells
from gates.cells import Weights


def turned(sizes: Sequence[int]) -> Tensor:
    """Where each row of packed sequences goes when every sample is read from its own end.

    sizes: how many samples there are at each step. Returns row numbers, (N,); turning twice changes nothing.
    """
    size = torch.tensor(sizes)
    starts = size.cumsum(0) - size
    step = torch.repeat_interleave(size)
    sample = torch.arange(len(step)) - starts[step]
    lengths = torch.bincount(sample)
    return starts[lengths[sample] - 1 - step] + sample


def unroll_packed(
    cell: Callable, xs: Tensor, state, weights: Weights, sizes: Sequence[int]
) -> tuple[Tensor, object]:
    """`gates.cells.unroll` for packed sequences, readable and slow.

    xs: (N, I), the rows of all steps. state: h, or the pair (h, c), each (B, H) with B the first of `sizes`.
    Returns ys (N, H) and the state of each sample after its own last step.
    """
    pair = isinstance(state, tuple)
    parts, ys = (state if pair else (state,)), []
    for x in xs.split(sizes):
        live = tuple(part[: len(x)] for part in parts)
        new = cell(x, live if pair else live[0], weights)
        new = new if pair else (new,)
        ys.append(new[0])
        parts = tuple(
            torch.cat([now, old[len(x) :]]) if len(old) > len(x) else now
            for now, old in zip(new, parts, strict=True)
        )
    return torch.cat(ys), parts if pair else parts[0]


def _recomputed(cell: Callable, ctx, inputs: Sequence[Tensor], grads: tuple) -> tuple:
    """Gradients that can be differentiated again: through the readable cells."""
    xs, *state, W_ih, W_hh, b_ih, b_hh = inputs
    with torch.enable_grad():
        whole = tuple(state) if len(state) == 2 else state[0]
        weights = Weights(W_ih, W_hh, b_ih, b_hh)
        ys, final = unroll_packed(cell, xs, whole, weights, ctx.sizes)
        outputs = [ys, *final] if len(state) == 2 else [ys, final]
        wanted = [t for t in inputs if t.requires_grad]
        found = iter(
            torch.autograd.grad(outputs, wanted, grads, create_graph=True, allow_unused=True)
        )
    return tuple(next(found) if t.requires_grad else None for t in inputs)


def _last(sizes: tuple[int, ...]) -> slice | Tensor:
    """The rows of the samples' last steps."""
    N, B = sum(sizes), sizes[0]
    return slice(N - B, N) if sizes[-1] == B else turned(sizes)[:B]


def _room(start: Tensor, sizes: tuple[int, ...]) -> Tensor:
    """A place for a state, (B + N, H): `start` in the first rows, the rest to be filled."""
    room = start.new_empty(len(start) + sum(sizes), start.shape[1])
    room[: len(start)] = start
    return room


def _room_of_gradients(dys: Tensor, dfinal: Tensor, sizes: tuple[int, ...]) -> Tensor:
    """A room of what reaches h from outside: nothing at the start, every step's output, the last steps' state."""
    room = torch.cat([torch.zeros_like(dfinal), dys])
    room[len(dfinal) :][_last(sizes)] += dfinal
    return room


def _after(room: Tensor, sizes: tuple[int, ...]) -> Sequence[Tensor]:
    """The state after each step."""
    return room[sizes[0] :].split(sizes)


def _before(room: Tensor, sizes: tuple[int, ...]) -> Sequence[Tensor]:
    """The state before each step, of the samples that take the step."""
    places = room[: len(room) - sizes[-1]].split((sizes[0], *sizes[:-1]))
    if sizes[-1] == sizes[0]:
        return places
    return [place[:size] for place, size in zip(places, sizes, strict=True)]


def _all_before(room: Tensor, sizes: tuple[int, ...]) -> Tensor:
    """The states before all steps, (N, H)."""
    if sizes[-1] == sizes[0]:
        return room[: sum(sizes)]
    return torch.cat(_before(room, sizes))


def _blocks(matrix: Tensor, count: int, sizes: tuple[int, ...]) -> list[Sequence[Tensor]]:
    """For each of `count` blocks of columns, the views of all steps."""
    return [block.split(sizes) for block in matrix.chunk(count, 1)]


def _stretches(sizes: tuple[int, ...], H: int) -> list[tuple[range, slice]]:
    """The steps in pieces of about 65,536 numbers a gate, each with its rows.

    What is computed for such a piece at once is still in the processor's cache when its steps need it.
    """
    many = max(1, 2**16 // max(1, H * sizes[0]))
    starts = range(0, len(sizes), many)
    ends = [*starts[1:], len(sizes)]
    rows = [0, *accumulate(sum(sizes[start:end]) for start, end in zip(starts, ends, strict=True))]
    return [
        (range(start, end), slice(*between))
        for start, end, between in zip(starts, ends, pairwise(rows), strict=True)
    ]


def _live(whole: Tensor, sizes: tuple[int, ...]) -> list[Tensor]:
    """At each step, the first rows of `whole`: those of the samples that take it."""
    if sizes[-1] == sizes[0]:
        return [whole] * len(sizes)
    return [whole[:size] for size in sizes]


_sigmoid_backward = torch.ops.aten.sigmoid_backward.grad_input
_tanh_backward = torch.ops.aten.tanh_backward.grad_input


class _LSTM(Function):
    """In the block of g stands s = σ(−2a_g), so that g = 1 − 2s; and q = σ(−2c), so that tanh(c) = 1 − 2q."""

    @staticmethod
    def forward(ctx, xs, h0, c0, W_ih, W_hh, b_ih, b_hh, sizes):
        H, minus_two = h0.shape[1], h0.new_tensor(-2)
        scale = h0.new_ones(4 * H)
        scale[2 * H : 3 * H] = -2
        W, U, b = scale[:, None] * W_ih, scale[:, None] * W_hh, scale * (b_ih + b_hh)
        gates, hs, cs = h0.new_empty(len(xs), 4 * H), _room(h0, sizes), _room(c0, sizes)
        qs = cs.new_empty(len(xs), H)
        A, Q, (I, F, S, O) = gates.split(sizes), qs.split(sizes), _blocks(gates, 4, sizes)
        H_before, H_after, W, U = _before(hs, sizes), _after(hs, sizes), W.T, U.T
        C_before, C_after = _before(cs, sizes), _after(cs, sizes)
        for steps, rows in _stretches(sizes, H):
            torch.addmm(b, xs[rows], W, out=gates[rows])
            for t in steps:
                A[t].addmm_(H_before[t], U).sigmoid_()
                c = torch.addcmul(I[t], F[t], C_before[t], out=C_after[t])
                c.addcmul_(I[t], S[t], value=-2)
                q = torch.mul(c, minus_two, out=Q[t]).sigmoid_()
                torch.addcmul(O[t], O[t], q, value=-2, out=H_after[t])
        ctx.sizes = sizes
        ctx.save_for_backward(xs, h0, c0, W_ih, W_hh, b_ih, b_hh, gates, hs, cs, qs)
        ys, last = hs[len(h0) :], _last(sizes)
        return ys, ys[last].clone(), cs[len(c0) :][last].clone()

    @staticmethod
    def backward(ctx, dys, dh_final, dc_final):
        *inputs, gates, hs, cs, qs = ctx.saved_tensors
        if torch.is_grad_enabled():
            return *_recomputed(cells.lstm_cell, ctx, inputs, (dys, dh_final, dc_final)), None
        sizes, (xs, _, _, W_ih, W_hh, *_), H = ctx.sizes, inputs, qs.shape[1]
        slope, one = gates.new_ones(4 * H), gates.new_ones(())
        slope[2 * H : 3 * H] = 4  # g = 1 − 2σ(−2a), so dg/da = 4 s (1 − s)
        W, U = slope[:, None] * W_ih, slope[:, None] * W_hh
        dhs, dc = _room_of_gradients(dys, dh_final, sizes), dc_final.clone()
        DH, DH_before = _after(dhs, sizes), _before(dhs, sizes)
        DC, DC_wide, F = _live(dc, sizes), _live(dc[:, None], sizes), _blocks(gates, 4, sizes)[1]
        dx = torch.empty_like(xs) if ctx.needs_input_grad[0] else None
        dWT, dUT = gates.new_zeros(W.shape[::-1]), gates.new_zeros(U.shape[::-1])
        db = torch.zeros_like(slope)
        hs_before, cs_before = _all_before(hs, sizes), _all_before(cs, sizes)
        for steps, rows in reversed(_stretches(sizes, H)):
            i, f, s, o = gates[rows].chunk(4, 1)
            q = qs[rows]
            da, of_h = torch.empty_like(gates[rows]), torch.empty_like(q)
            of_i, of_f, of_s, of_o = da.chunk(4, 1)  # factors of dc, the last of dh
            _sigmoid_backward(torch.sub(one, s, alpha=2), i, grad_input=of_i)
            _sigmoid_backward(cs_before[rows], f, grad_input=of_f)
            _sigmoid_backward(i, s, grad_input=of_s)
            _sigmoid_backward(torch.sub(one, q, alpha=2), o, grad_input=of_o)
            _sigmoid_backward(o, q, grad_input=of_h)  # a quarter of dc's factor of dh
            here = sizes[steps.start : steps.stop]
            DA, OF_H = da.split(here), of_h.split(here)
            DA_ifs, DA_o = da.view(-1, 4, H)[:, :3].split(here), of_o.split(here)
            for t in reversed(steps):
                k = t - steps.start
                DC[t].addcmul_(DH[t], OF_H[k], value=4)
                DA_ifs[k].mul_(DC_wide[t])
                DA_o[k].mul_(DH[t])
                DC[t].mul_(F[t])
                DH_before[t].addmm_(DA[k], U)
            dWT.addmm_(xs[rows].T, da)
            dUT.addmm_(hs_before[rows].T, da)
            db += da.sum(0)
            if dx is not None:
                torch.mm(da, W, out=dx[rows])
        dW, dU, db = (slope * dWT).T, (slope * dUT).T, slope * db
        return dx, dhs[: sizes[0]], dc, dW, dU, db, db, None


class _GRU(Function):
    """The blocks stand in the order p, r, z, n, where p = U_n h + b_hn is what the reset gate multiplies.

    So the products with h have the first three blocks, those with x the last three.
    """

    @staticmethod
    def forward(ctx, xs, h0, W_ih, W_hh, b_ih, b_hh, sizes):
        H = h0.shape[1]
        scale = h0.new_ones(3 * H)
        scale[2 * H :] = -2
        U, b_p = W_hh.roll(H, 0).T, b_hh[2 * H :]
        W = (scale[:, None] * W_ih).T
        b = scale * (b_ih + torch.cat([b_hh[: 2 * H], torch.zeros_like(b_p)]))
        gates, hs = h0.new_empty(len(xs), 4 * H), _room(h0, sizes)
        A_prz, A_rz = gates[:, : 3 * H].split(sizes), gates[:, H : 3 * H].split(sizes)
        P, R, Z, N = _blocks(gates, 4, sizes)
        H_before, H_after, one = _before(hs, sizes), _after(hs, sizes), h0.new_ones(())
        for steps, rows in _stretches(sizes, H):
            gates[rows, :H] = b_p
            torch.addmm(b, xs[rows], W, out=gates[rows, H:])
            for t in steps:
                A_prz[t].addmm_(H_before[t], U)
                A_rz[t].sigmoid_()
                s = N[t].addcmul_(R[t], P[t], value=-2).sigmoid_()
                n = torch.sub(one, s, alpha=2, out=N[t])
                torch.lerp(n, H_before[t], Z[t], out=H_after[t])
        ctx.sizes = sizes
        ctx.save_for_backward(xs, h0, W_ih, W_hh, b_ih, b_hh, gates, hs)
        ys = hs[len(h0) :]
        return ys, ys[_last(sizes)].clone()

    @staticmethod
    def backward(ctx, dys, dh_final):
        *inputs, gates, hs = ctx.saved_tensors
        if torch.is_grad_enabled():
            return *_recomputed(cells.gru_cell, ctx, inputs, (dys, dh_final)), None
        sizes, (xs, _, W_ih, W_hh, *_), H = ctx.sizes, inputs, hs.shape[1]
        U, hs_before, one = W_hh.roll(H, 0), _all_before(hs, sizes), gates.new_ones(())
        dhs, Z = _room_of_gradients(dys, dh_final, sizes), _blocks(gates, 4, sizes)[2]
        DH, DH_wide = _after(dhs, sizes), _after(dhs[:, None], sizes)
        DH_before = _before(dhs, sizes)
        dx = torch.empty_like(xs) if ctx.needs_input_grad[0] else None
        dWT, dUT = gates.new_zeros(W_ih.shape[::-1]), gates.new_zeros(U.shape[::-1])
        db = gates.new_zeros(4 * H)
        for steps, rows in reversed(_stretches(sizes, H)):
            p, r, z, n = gates[rows].chunk(4, 1)
            da = torch.empty_like(gates[rows])
            of_p, of_r, of_z, of_n = da.chunk(4, 1)  # factors of dh
            _tanh_backward(torch.sub(one, z), n, grad_input=of_n)
            torch.mul(of_n, r, out=of_p)
            _sigmoid_backward(of_n * p, r, grad_input=of_r)
            _sigmoid_backward(hs_before[rows] - n, z, grad_input=of_z)
            here = sizes[steps.start : steps.stop]
            DA, DA_prz = da.view(-1, 4, H).split(here), da[:, : 3 * H].split(here)
            for t in reversed(steps):
                k = t - steps.start
                DA[k].mul_(DH_wide[t])
                DH_before[t].addcmul_(DH[t], Z[t]).addmm_(DA_prz[k], U)
            dWT.addmm_(xs[rows].T, da[:, H:])
            dUT.addmm_(hs_before[rows].T, da[:, : 3 * H])
            db += da.sum(0)
            if dx is not None:
                torch.mm(da[:, H:], W_ih, out=dx[rows])
        db_p, db_rzn = db[:H], db[H:]
        return (
            dx,
            dhs[: sizes[0]],
            dWT.T,
            dUT.roll(-H, 1).T,
            db_rzn,
            torch.cat([db_rzn[: 2 * H], db_p]),
            None,
        )


class _RNN(Function):
    """A plain network; `cell`, `squash_` and its `slope`, times a gradient, come with a subclass."""

    @classmethod
    def forward(cls, ctx, xs, h0, W_ih, W_hh, b_ih, b_hh, sizes):
        hs, U = _room(h0, sizes), W_hh.T
        ys = torch.addmm(b_ih + b_hh, xs, W_ih.T, out=hs[len(h0) :])
        for h_before, h_after in zip(_before(hs, sizes), _after(hs, sizes), strict=True):
            cls.squash_(h_after.addmm_(h_before, U))
        ctx.sizes = sizes
        ctx.save_for_backward(xs, h0, W_ih, W_hh, b_ih, b_hh, hs)
        return ys, ys[_last(sizes)].clone()

    @classmethod
    def backward(cls, ctx, dys, dh_final):
        *inputs, hs = ctx.saved_tensors
        if torch.is_grad_enabled():
            return *_recomputed(cls.cell, ctx, inputs, (dys, dh_final)), None
        sizes, (xs, _, W_ih, W_hh, *_) = ctx.sizes, inputs
        dhs = _room_of_gradients(dys, dh_final, sizes)
        Y, DH, DH_before = _after(hs, sizes), _after(dhs, sizes), _before(dhs, sizes)
        for t in range(len(sizes) - 1, -1, -1):
            da = cls.slope(DH[t], Y[t], grad_input=DH[t])  # takes the place of dh
            DH_before[t].addmm_(da, W_hh)
        da = dhs[len(dh_final) :]
        dx = da @ W_ih if ctx.needs_input_grad[0] else None
        db = da.sum(0)
        return dx, dhs[: sizes[0]], (xs.T @ da).T, (_all_before(hs, sizes).T @ da).T, db, db, None


class _TanhRNN(_RNN):
    cell, squash_, slope = cells.rnn_cell, torch.tanh_, _tanh_backward


def _relu_backward(d: Tensor, y: Tensor, grad_input: Tensor) -> Tensor:
    return torch.mul(d, y > 0, out=grad_input)


class _ReluRNN(_RNN):
    cell, squash_, slope = cells.rnn_relu_cell, torch.relu_, _relu_backward


_FUNCTIONS = {
    cells.rnn_cell: _TanhRNN,
    cells.rnn_relu_cell: _ReluRNN,
    cells.lstm_cell: _LSTM,
    cells.gru_cell: _GRU,
}


def sequence(
    cell: Callable, xs: Tensor, state, weights: Weights, sizes: Sequence[int]
) -> tuple[Tensor, object]:
    """`unroll_packed`, fast for the cells that have a hand-written backward; arguments and results are its."""
    function = _FUNCTIONS.get(cell)
    if function is None:
        return unroll_packed(cell, xs, state, weights, sizes)
    parts = state if isinstance(state, tuple) else (state,)
    ys, *final = function.apply(xs, *parts, *weights, tuple(sizes))
    return ys, tuple(final) if isinstance(state, tuple) else final[0]

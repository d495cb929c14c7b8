"""Whole sequences as one autograd step, with the hand-written backward of `gates.backward`, made fast.

What makes it fast, in plain Python: states and activations are written into buffers made once, cut into the
views of all steps in one call (`gates.packed`); tanh(a) is computed as 1 − 2σ(−2a), with the −2 put into the weights
beforehand, so that one call of sigmoid serves all gates. Time goes in stretches of steps: forward, one product serves
all inputs of a stretch; backward, everything that does not depend on later steps is computed for the stretch at once,
into the place where the gradients of the pre-activations will stand. A step is then one matrix product and a few
elementwise operations, and the gradients of the weights are one product a stretch, written xᵀ da and not daᵀ x,
which takes torch several times as long where x is narrow. `sigmoid_backward(d, y)` is aten's own d·y·(1 − y).
`make bench PROFILE=1` shows what remains.

Saved tensors are never written to, so a backward may run twice. A gradient of a gradient, and gradients of several
numbers at once, are computed through the readable cells of `gates.cells`. Every gradient has memory of its own, since
a program may work on one in place. Where no gradient is wanted, `gates.forward` reads the sequence and keeps nothing;
and where neither can serve, the readable cells do: `serves` says when that is.
"""

import functools
from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn
from torch.autograd import Function, forward_ad

from gates import cells, forward
from gates.cells import Weights
from gates.packed import (
    after,
    all_before,
    before,
    blocks,
    last,
    live,
    room,
    stretches,
    unroll_packed,
)


def _recomputed(cell: Callable, ctx, inputs: Sequence[Tensor], grads: tuple) -> tuple:
    """Gradients that can be differentiated again, or are batched: through the readable cells."""
    again = torch.is_grad_enabled()
    with torch.enable_grad():
        # Of views, since one input may have come from another, and only what this step does with them counts.
        inputs = [t.view_as(t) for t in inputs]
        xs, *state, W_ih, W_hh, b_ih, b_hh = inputs
        whole = tuple(state) if len(state) == 2 else state[0]
        weights = Weights(W_ih, W_hh, b_ih, b_hh)
        ys, final = unroll_packed(cell, xs, whole, weights, ctx.sizes)
        outputs = [ys, *final] if len(state) == 2 else [ys, final]
        wanted = [t for t in inputs if t.requires_grad]
        found = iter(
            torch.autograd.grad(outputs, wanted, grads, create_graph=again, allow_unused=True)
        )
    return tuple(next(found) if t.requires_grad else None for t in inputs)


def wants_graph(grads: tuple[Tensor, ...]) -> bool:
    """Whether gradients are wanted that no backward by hand can give: with a graph, or several at once."""
    of = torch._C._functorch
    return torch.is_grad_enabled() or any(
        of.is_functorch_wrapped_tensor(grad) or of.is_legacy_batchedtensor(grad) for grad in grads
    )


def _room_of_gradients(dys: Tensor, dfinal: Tensor, sizes: tuple[int, ...]) -> Tensor:
    """A room of what reaches h from outside: nothing at the start, every step's output, the last steps' state."""
    place = torch.cat([torch.zeros_like(dfinal), dys])
    place[len(dfinal) :][last(sizes)] += dfinal
    return place


def _in_full_precision(backward: Callable) -> Callable:
    """A backward that autocast leaves alone, as its forward was."""

    @functools.wraps(backward)
    def run(*arguments):
        kind = arguments[-1].device.type
        if not autocast_is_on(kind):
            return backward(*arguments)
        with torch.autocast(kind, enabled=False):
            return backward(*arguments)

    return run


def _upright(dWT: Tensor) -> Tensor:
    """The gradient of a weight from its transpose, in the memory order that gradients have."""
    return dWT.T.contiguous()


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
        gates, hs, cs = h0.new_empty(len(xs), 4 * H), room(h0, sizes), room(c0, sizes)
        qs = cs.new_empty(len(xs), H)
        A, Q, (I, F, S, O) = (
            gates.split_with_sizes(sizes),
            qs.split_with_sizes(sizes),
            blocks(gates, 4, sizes),
        )
        H_before, H_after, W, U = before(hs, sizes), after(hs, sizes), W.T, U.T
        C_before, C_after = before(cs, sizes), after(cs, sizes)
        for steps, rows in stretches(sizes, H):
            torch.addmm(b, xs[rows], W, out=gates[rows])
            for t in steps:
                A[t].addmm_(H_before[t], U).sigmoid_()
                c = torch.addcmul(I[t], F[t], C_before[t], out=C_after[t])
                c.addcmul_(I[t], S[t], value=-2)
                q = torch.mul(c, minus_two, out=Q[t]).sigmoid_()
                torch.addcmul(O[t], O[t], q, value=-2, out=H_after[t])
        ctx.sizes = sizes
        ctx.save_for_backward(xs, h0, c0, W_ih, W_hh, b_ih, b_hh, gates, hs, cs, qs)
        ys, ends = hs[len(h0) :], last(sizes)
        return ys, ys[ends].clone(), cs[len(c0) :][ends].clone()

    @staticmethod
    @_in_full_precision
    def backward(ctx, dys, dh_final, dc_final):
        *inputs, gates, hs, cs, qs = ctx.saved_tensors
        if wants_graph((dys, dh_final, dc_final)):
            return *_recomputed(cells.lstm_cell, ctx, inputs, (dys, dh_final, dc_final)), None
        sizes, (xs, _, _, W_ih, W_hh, *_), H = ctx.sizes, inputs, qs.shape[1]
        slope, one = gates.new_ones(4 * H), gates.new_ones(())
        slope[2 * H : 3 * H] = 4  # g = 1 − 2σ(−2a), so dg/da = 4 s (1 − s)
        W, U = slope[:, None] * W_ih, slope[:, None] * W_hh
        dhs, dc = _room_of_gradients(dys, dh_final, sizes), dc_final.clone()
        DH, DH_before = after(dhs, sizes), before(dhs, sizes)
        DC, DC_wide, F = live(dc, sizes), live(dc[:, None], sizes), blocks(gates, 4, sizes)[1]
        dx = torch.empty_like(xs) if ctx.needs_input_grad[0] else None
        dWT, dUT = gates.new_zeros(W.shape[::-1]), gates.new_zeros(U.shape[::-1])
        db = torch.zeros_like(slope)
        hs_before, cs_before = all_before(hs, sizes), all_before(cs, sizes)
        for steps, rows in reversed(stretches(sizes, H)):
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
            DA, OF_H = da.split_with_sizes(here), of_h.split_with_sizes(here)
            DA_ifs, DA_o = (
                da.view(-1, 4, H)[:, :3].split_with_sizes(here),
                of_o.split_with_sizes(here),
            )
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
        dW, dU, db = _upright(slope * dWT), _upright(slope * dUT), slope * db
        return dx, dhs[: sizes[0]].clone(), dc, dW, dU, db, db.clone(), None


class _GRU(Function):
    """The blocks stand in the order p, r, z, n, as `gates.forward.gru` leaves them."""

    @staticmethod
    def forward(ctx, xs, h0, W_ih, W_hh, b_ih, b_hh, sizes):
        gates = h0.new_empty(len(xs), 4 * h0.shape[1])
        hs = forward.gru(xs, h0, Weights(W_ih, W_hh, b_ih, b_hh), sizes, kept=gates)
        ctx.sizes = sizes
        ctx.save_for_backward(xs, h0, W_ih, W_hh, b_ih, b_hh, gates, hs)
        ys = hs[len(h0) :]
        return ys, ys[last(sizes)].clone()

    @staticmethod
    @_in_full_precision
    def backward(ctx, dys, dh_final):
        *inputs, gates, hs = ctx.saved_tensors
        if wants_graph((dys, dh_final)):
            return *_recomputed(cells.gru_cell, ctx, inputs, (dys, dh_final)), None
        sizes, (xs, _, W_ih, W_hh, *_), H = ctx.sizes, inputs, hs.shape[1]
        U, hs_before, one = W_hh.roll(H, 0), all_before(hs, sizes), gates.new_ones(())
        dhs, Z = _room_of_gradients(dys, dh_final, sizes), blocks(gates, 4, sizes)[2]
        DH, DH_wide = after(dhs, sizes), after(dhs[:, None], sizes)
        DH_before = before(dhs, sizes)
        dx = torch.empty_like(xs) if ctx.needs_input_grad[0] else None
        dWT, dUT = gates.new_zeros(W_ih.shape[::-1]), gates.new_zeros(U.shape[::-1])
        db = gates.new_zeros(4 * H)
        for steps, rows in reversed(stretches(sizes, H)):
            p, r, z, n = gates[rows].chunk(4, 1)
            da = torch.empty_like(gates[rows])
            of_p, of_r, of_z, of_n = da.chunk(4, 1)  # factors of dh
            _tanh_backward(torch.sub(one, z), n, grad_input=of_n)
            torch.mul(of_n, r, out=of_p)
            _sigmoid_backward(of_n * p, r, grad_input=of_r)
            _sigmoid_backward(hs_before[rows] - n, z, grad_input=of_z)
            here = sizes[steps.start : steps.stop]
            DA, DA_prz = (
                da.view(-1, 4, H).split_with_sizes(here),
                da[:, : 3 * H].split_with_sizes(here),
            )
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
            dhs[: sizes[0]].clone(),
            _upright(dWT),
            _upright(dUT.roll(-H, 1)),
            db_rzn.clone(),
            torch.cat([db_rzn[: 2 * H], db_p]),
            None,
        )


def _rnn_forward(squash_: Callable, ctx, xs, h0, W_ih, W_hh, b_ih, b_hh, sizes) -> tuple:
    hs = forward.rnn(squash_, xs, h0, Weights(W_ih, W_hh, b_ih, b_hh), sizes)
    ctx.sizes = sizes
    ctx.save_for_backward(xs, h0, W_ih, W_hh, b_ih, b_hh, hs)
    ys = hs[len(h0) :]
    return ys, ys[last(sizes)].clone()


def _rnn_backward(cell: Callable, slope: Callable, ctx, dys, dh_final) -> tuple:
    """slope: that of the squashing, times a gradient."""
    *inputs, hs = ctx.saved_tensors
    if wants_graph((dys, dh_final)):
        return *_recomputed(cell, ctx, inputs, (dys, dh_final)), None
    sizes, (xs, _, W_ih, W_hh, *_) = ctx.sizes, inputs
    dhs = _room_of_gradients(dys, dh_final, sizes)
    Y, DH, DH_before = after(hs, sizes), after(dhs, sizes), before(dhs, sizes)
    for t in range(len(sizes) - 1, -1, -1):
        da = slope(DH[t], Y[t], grad_input=DH[t])  # takes the place of dh
        DH_before[t].addmm_(da, W_hh)
    da = dhs[len(dh_final) :]
    dx = torch.mm(da, W_ih) if ctx.needs_input_grad[0] else None
    db, dW, dU = da.sum(0), torch.mm(xs.T, da), torch.mm(all_before(hs, sizes).T, da)
    return dx, dhs[: sizes[0]].clone(), _upright(dW), _upright(dU), db, db.clone(), None


class _TanhRNN(Function):
    """A plain network."""

    @staticmethod
    def forward(ctx, *arguments):
        return _rnn_forward(torch.tanh_, ctx, *arguments)

    @staticmethod
    @_in_full_precision
    def backward(ctx, *grads):
        return _rnn_backward(cells.rnn_cell, _tanh_backward, ctx, *grads)


class _ReluRNN(Function):
    """A plain network with max(0, ·)."""

    @staticmethod
    def forward(ctx, *arguments):
        return _rnn_forward(torch.relu_, ctx, *arguments)

    @staticmethod
    @_in_full_precision
    def backward(ctx, *grads):
        return _rnn_backward(cells.rnn_relu_cell, _relu_backward, ctx, *grads)


def _relu_backward(d: Tensor, y: Tensor, grad_input: Tensor) -> Tensor:
    return torch.ops.aten.threshold_backward.grad_input(d, y, 0, grad_input=grad_input)


_FUNCTIONS = {
    cells.rnn_cell: _TanhRNN,
    cells.rnn_relu_cell: _ReluRNN,
    cells.lstm_cell: _LSTM,
    cells.gru_cell: _GRU,
}


_SQUASH = {cells.rnn_cell: torch.tanh_, cells.rnn_relu_cell: torch.relu_}
_PLAIN = (Tensor, nn.Parameter)


def is_watched() -> bool:
    """Whether somebody watches the operations one by one: a trace, export or compilation, a transform of torch.func, a
    forward-mode derivative, a mode of torch.utils that counts or fakes operations."""
    return (
        torch.compiler.is_compiling()
        or torch.jit.is_tracing()
        or torch._C._len_torch_dispatch_stack() > 0
        or torch._C._functorch.peek_interpreter_stack() is not None
        or forward_ad._current_level >= 0
    )


def serves(cell: Callable, tensors: Sequence[Tensor]) -> bool:
    """Whether a sequence can be read here; if not, the readable cells have to.

    tensors: all that goes in. They have to be plain tensors of float32 or float64, on one device and not empty, and
    nobody may be watching. (Under autocast, `gates.layers` hands over weights of another type.)
    """
    first = tensors[0]
    if is_watched() or cell not in _FUNCTIONS or first.dtype not in (torch.float32, torch.float64):
        return False
    dtype, device = first.dtype, first.device
    return all(
        type(t) in _PLAIN
        and t.dtype is dtype
        and t.layout is torch.strided
        and t.device == device
        and t.numel() > 0
        for t in tensors
    )


def sequence(
    cell: Callable, xs: Tensor, state, weights: Weights, sizes: Sequence[int] | None
) -> tuple[Tensor, object]:
    """`gates.packed.unroll_packed`, fast wherever that is possible; arguments and results are its."""
    parts = state if isinstance(state, tuple) else (state,)
    tensors = (xs, *parts, *weights)
    if not serves(cell, tensors):
        return unroll_packed(cell, xs, state, weights, sizes)
    watched = torch.is_grad_enabled() and any(t.requires_grad for t in tensors)
    if sizes is None and not watched and _onednn_serves(cell, xs):
        ys, *final = forward.lstm_by_onednn(xs, *parts, weights)
        return ys, tuple(final)
    T, B = xs.shape[:2] if sizes is None else (len(sizes), sizes[0])
    rows, every = (xs.reshape(T * B, -1), (B,) * T) if sizes is None else (xs, tuple(sizes))
    if watched:
        ys, *final = _FUNCTIONS[cell].apply(rows, *parts, *weights, every)
    elif cell is cells.lstm_cell:
        ys, *final = forward.lstm(rows, *parts, weights, every)
    else:
        hs = (
            forward.gru(rows, state, weights, every)
            if cell is cells.gru_cell
            else forward.rnn(_SQUASH[cell], rows, state, weights, every)
        )
        ys = hs[B:]
        final = [ys[last(every)]]
    ys = ys.view(T, B, -1) if sizes is None else ys
    # What was saved for the backward is not handed out, since a program may change what it gets in place; and
    # without gradients what is handed out is no view, which some programs may not change.
    ys = ys.clone() if watched else ys.data
    return ys, tuple(final) if isinstance(state, tuple) else final[0]


def autocast_is_on(kind: str) -> bool:
    """Whether autocast is on for a kind of device, such as "cpu"; where there is none, it is not."""
    return torch.amp.is_autocast_available(kind) and torch.is_autocast_enabled(kind)


def onednn_is_on() -> bool:
    """Whether oneDNN is there and switched on; `torch.backends.mkldnn.flags(enabled=False)` switches it off."""
    return torch.backends.mkldnn.is_available() and torch._C._get_mkldnn_enabled()


def _onednn_serves(cell: Callable, xs: Tensor) -> bool:
    """Whether oneDNN has this cell, for such an input."""
    fits = xs.device.type == "cpu" and xs.dtype is torch.float32
    return cell is cells.lstm_cell and fits and onednn_is_on()

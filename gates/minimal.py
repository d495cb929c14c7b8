"""Layers of minGRU and minLSTM over whole sequences: gates and candidates of many steps at once, then a scan.

`min_gru` in its fast order is one autograd step with a hand-written backward. Time goes in stretches of steps, whose
numbers are still in the processor's cache when they are needed again; backward, the gradient of the weights is one
product a stretch. Saved tensors are never written to, so a backward may run twice.
"""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.autograd import Function
from torch.nn import functional as F

from gates.fast import autocast_is_on, is_watched, wants_graph
from gates.scan import ORDERS, recomputed, run, scan_fast
from gates.variants import MinWeights

_STRETCH = 2**18  # numbers a gate in one stretch of steps


def min_gru(xs: Tensor, weights: MinWeights, h0: Tensor, how: str = "fast") -> Tensor:
    """A layer of minGRU over whole sequences: `min_gru_cell` unrolled.

    xs: (T, B, I) with T at least 1. weights: packed in the order z, n. h0: (B, H). how: the order in which steps are
    joined, "steps", "chunks", "doubling" or "fast"; another raises ValueError.
    Returns the hidden state after every step, (T, B, H).
    Source: Feng, Tung, Ahmed, Bengio and Hajimirsadeghi (2024), "Were RNNs All We Needed?"
    """
    order, tensors = _ordered(how), (xs, *weights, h0)
    if how == "fast" and _serves(tensors):
        return _MinGRU.apply(*tensors)
    return _min_gru(order, *tensors)


def min_lstm(xs: Tensor, weights: MinWeights, h0: Tensor, how: str = "fast") -> Tensor:
    """A layer of minLSTM over whole sequences: `min_lstm_cell` unrolled.

    Arguments and result are those of `min_gru`, but for weights: packed in the order i, f, g.
    """
    order = _ordered(how)
    a_i, a_f, g = F.linear(xs, *weights).chunk(3, dim=-1)
    kept = torch.sigmoid(F.logsigmoid(a_f) - F.logsigmoid(a_i))
    return order(kept, (1 - kept) * g, h0)


def _ordered(how: str) -> Callable[[Tensor, Tensor, Tensor], Tensor]:
    if how not in ORDERS:
        raise ValueError(f"There is no order {how!r}: choose one of {', '.join(ORDERS)}.")
    return ORDERS[how]


def _min_gru(order: Callable, xs: Tensor, W: Tensor, b: Tensor, h0: Tensor) -> Tensor:
    a_z, n = F.linear(xs, W, b).chunk(2, dim=-1)
    z = torch.sigmoid(a_z)
    return order(z, (1 - z) * n, h0)


def _serves(tensors: tuple[Tensor, ...]) -> bool:
    """Whether the layer can be read in one step: numbers of one type, float32 or float64, sizes that fit, and nobody who
    watches or wants other types."""
    xs, W, _, h0 = tensors
    alike = len({(t.dtype, t.device) for t in tensors}) == 1
    if not alike or h0.dtype not in (torch.float32, torch.float64) or is_watched():
        return False
    fits = xs.dim() == 3 and xs.numel() > 0 and h0.shape == (xs.shape[1], len(W) // 2)
    return fits and not autocast_is_on(xs.device.type)


def _stretches(T: int, numbers: int) -> list[slice]:
    """The steps in pieces of about _STRETCH numbers a gate."""
    size = max(1, _STRETCH // numbers)
    return [slice(first, min(first + size, T)) for first in range(0, T, size)]


def _join(n: Tensor, z: Tensor, h: Tensor, out: Tensor) -> Tensor:
    return torch.lerp(n, h, z, out=out)


class _MinGRU(Function):
    """Saved are the inputs, z and the states. n need not be, since (1 − z_t) ⊙ (n_t − h_{t−1}) is h_t − h_{t−1}: with D
    what a state does to the result, through all later ones, too, the gradient of a_z is D ⊙ z ⊙ (h_{t−1} − h_t), and
    that of n is D − D ⊙ z."""

    @staticmethod
    def forward(ctx, xs, W, b, h0):
        (T, B, I), H = xs.shape, h0.shape[1]
        (W_z, W_n), (b_z, b_n), pieces = W.chunk(2), b.chunk(2), _stretches(T, B * H)
        zs, hs, h = xs.new_empty(T, B, H), xs.new_empty(T, B, H), h0
        room = xs.new_empty(pieces[0].stop, B, H)
        for steps in pieces:
            rows, z, n = xs[steps].reshape(-1, I), zs[steps], room[: steps.stop - steps.start]
            torch.addmm(b_z, rows, W_z.T, out=z.view(-1, H)).sigmoid_()
            torch.addmm(b_n, rows, W_n.T, out=n.view(-1, H))
            run(z, n, h, hs[steps], join=_join)
            h = hs[steps.stop - 1]
        ctx.save_for_backward(xs, W, b, h0, zs, hs)
        return hs

    @staticmethod
    def backward(ctx, dhs):
        xs, W, b, h0, zs, hs = ctx.saved_tensors
        if wants_graph((dhs,)):
            return recomputed(lambda *inputs: _min_gru(scan_fast, *inputs), (xs, W, b, h0), dhs)
        (T, B, I), H = xs.shape, h0.shape[1]
        dx = xs.new_empty(xs.shape) if ctx.needs_input_grad[0] else None
        dWT, db, dh = W.new_zeros(I, 2 * H), torch.zeros_like(b), torch.zeros_like(h0)
        pieces = _stretches(T, B * H)
        room, wide = dhs.new_empty(2, pieces[0].stop, B, H), dhs.new_empty(pieces[0].stop, B, 2 * H)
        for steps in reversed(pieces):
            many, z, h = steps.stop - steps.start, zs[steps], hs[steps]
            (D, kept), da = room[:, :many], wide[:many]
            last = torch.add(dhs[steps.stop - 1], dh, out=D[-1])
            run(z[1:], dhs[steps][:-1], last, D[:-1], back=True)
            torch.mul(D, z, out=kept)
            da_z, da_n = da.chunk(2, -1)
            torch.sub(hs[steps.start - 1] if steps.start else h0, h[0], out=da_z[0])
            torch.sub(h[:-1], h[1:], out=da_z[1:])
            da_z.mul_(kept)
            torch.sub(D, kept, out=da_n)
            rows, dh = da.view(-1, 2 * H), kept[0].clone()
            dWT.addmm_(xs[steps].reshape(-1, I).T, rows)
            db += rows.sum(0)
            if dx is not None:
                torch.mm(rows, W, out=dx[steps].view(-1, I))
        return dx, dWT.T.contiguous(), db, dh

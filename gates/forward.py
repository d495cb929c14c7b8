"""Whole sequences forward, where no gradient is wanted: beside the outputs, no more is held than a few steps need.

tanh(a) is computed as 1 − 2σ(−2a), with the −2 put into the weights beforehand, so that one call of sigmoid serves all
gates. Time goes in stretches of steps, for each of which one product serves all inputs; the place for it is used again
for the next. Arguments are those of `gates.packed.unroll_packed`, states and weights one by one.
"""

from collections.abc import Callable

import torch
from torch import Tensor

from gates import packed
from gates.cells import Weights


def rnn(squash_: Callable, xs: Tensor, h0: Tensor, weights: Weights, sizes: tuple) -> Tensor:
    """The room of a plain network's states, (B + N, H); `squash_` works in place."""
    W_ih, W_hh, b_ih, b_hh = weights
    hs, U = packed.room(h0, sizes), W_hh.T
    torch.addmm(b_ih + b_hh, xs, W_ih.T, out=hs[len(h0) :])
    for h_before, h_after in zip(packed.before(hs, sizes), packed.after(hs, sizes), strict=True):
        squash_(h_after.addmm_(h_before, U))
    return hs


def gru(
    xs: Tensor, h0: Tensor, weights: Weights, sizes: tuple, kept: Tensor | None = None
) -> Tensor:
    """The room of a GRU's states, (B + N, H).

    kept: (N, 4H), where p, r, z and n of all steps are left for a backward, p = U_n h + b_hn being what the reset
    gate multiplies. So the products with h have the first three blocks, those with x the last three.
    """
    W_ih, W_hh, b_ih, b_hh = weights
    H = h0.shape[1]
    scale = h0.new_ones(3 * H)
    scale[2 * H :] = -2
    U, b_p = W_hh.roll(H, 0).T, b_hh[2 * H :]
    W = (scale[:, None] * W_ih).T
    b = scale * (b_ih + torch.cat([b_hh[: 2 * H], torch.zeros_like(b_p)]))
    hs, one = packed.room(h0, sizes), h0.new_ones(())
    H_before, H_after = packed.before(hs, sizes), packed.after(hs, sizes)
    pieces = packed.stretches(sizes, H)
    place = None if kept is not None else h0.new_empty(pieces[0][1].stop, 4 * H)
    views = _gru_views(kept, sizes) if kept is not None else None
    for steps, rows in pieces:
        gates = kept[rows] if place is None else place[: rows.stop - rows.start]
        gates[:, :H] = b_p
        torch.addmm(b, xs[rows], W, out=gates[:, H:])
        first = 0 if views else steps.start
        A_prz, A_rz, P, R, Z, N = views or _gru_views(gates, sizes[first : steps.stop])
        for t in steps:
            k = t - first
            A_prz[k].addmm_(H_before[t], U)
            A_rz[k].sigmoid_()
            s = N[k].addcmul_(R[k], P[k], value=-2).sigmoid_()
            n = torch.sub(one, s, alpha=2, out=N[k])
            torch.lerp(n, H_before[t], Z[k], out=H_after[t])
    return hs


def _gru_views(gates: Tensor, sizes: tuple) -> list:
    """The steps of p, r and z together, of r and z, and of p, r, z and n."""
    H = gates.shape[1] // 4
    together = (
        gates[:, : 3 * H].split_with_sizes(sizes),
        gates[:, H : 3 * H].split_with_sizes(sizes),
    )
    return [*together, *packed.blocks(gates, 4, sizes)]


def lstm(
    xs: Tensor, h0: Tensor, c0: Tensor, weights: Weights, sizes: tuple
) -> tuple[Tensor, Tensor, Tensor]:
    """An LSTM's outputs, (N, H), and its last h and c, (B, H).

    The memory is held as −2c: σ of that is the q in tanh(c) = 1 − 2q. Of the gates, i, f, o and s = σ(−2a_g) of one
    step are held, each in a place of its own, since what has no gaps is read faster.
    """
    W_ih, W_hh, b_ih, b_hh = weights
    B, H = h0.shape
    scale = h0.new_ones(4 * H)
    scale[2 * H : 3 * H] = -2
    W, U, b = (scale[:, None] * W_ih).T, (scale[:, None] * W_hh).T, scale * (b_ih + b_hh)
    hs, memory, gates = packed.room(h0, sizes), -2 * c0, h0.new_empty(4, B, H)
    H_before, H_after = packed.before(hs, sizes), packed.after(hs, sizes)
    q = torch.empty_like(memory)
    held = {n: (gates[:, :n], *gates[:, :n], memory[:n], q[:n]) for n in set(sizes)}
    pieces = packed.stretches(sizes, H)
    place = h0.new_empty(pieces[0][1].stop, 4 * H)
    for steps, rows in pieces:
        a = torch.addmm(b, xs[rows], W, out=place[: rows.stop - rows.start])
        here = sizes[steps.start : steps.stop]
        A, A_by_gate = (
            a.split_with_sizes(here),
            a.view(-1, 4, H).transpose(0, 1).split_with_sizes(here, 1),
        )
        for k, t in enumerate(steps):
            step, i, f, s, o, c, q = held[here[k]]
            A[k].addmm_(H_before[t], U)
            torch.sigmoid(A_by_gate[k], out=step)
            c.mul_(f).add_(i, alpha=-2).addcmul_(i, s, value=4)
            torch.sigmoid(c, out=q)
            torch.addcmul(o, o, q, value=-2, out=H_after[t])
    ys = hs[B:]
    return ys, ys[packed.last(sizes)], memory.mul_(-0.5)


def lstm_by_onednn(
    xs: Tensor, h0: Tensor, c0: Tensor, weights: Weights
) -> tuple[Tensor, Tensor, Tensor]:
    """As `lstm`, for a full batch xs, (T, B, I), by the primitive that torch.nn.LSTM itself ends in.

    oneDNN has an LSTM for float32 on the CPU, in one call for all steps. No loop over the steps in Python comes near
    it: `make bench` shows how far the loop above gets.
    """
    mode, H = 2, h0.shape[1]  # 2 is an LSTM
    layers, two_ways, batch_first, training = 1, False, False, False
    ys, h, c, _ = torch.mkldnn_rnn_layer(
        *(xs.contiguous(), *weights, h0[None].contiguous(), c0[None].contiguous(), False, []),
        *(mode, H, layers, True, two_ways, batch_first, training),
    )
    return ys, h[0], c[0]

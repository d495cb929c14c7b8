"""The linear recurrence h_t = a_t ⊙ h_{t−1} + b_t over a sequence, in four orders of the same sums.

a, b: (T, B, H) with T at least 1; what is kept and what is written do not depend on h. h0: (B, H).
Each function returns hs, (T, B, H), the state after every step. Two steps in a row are one step of
the same kind, since a_2 (a_1 h + b_1) + b_2 is (a_2 a_1) h + (a_2 b_1 + b_2); so steps can be
joined in any grouping, and many at the same time. Nothing is divided by a, whose numbers may be
zero, and no logarithm is taken, so they may have any sign and size.

`scan` follows the equation; `scan_in_chunks` and `scan_by_doubling` show how steps are joined;
`scan_fast` is the first of these two with buffers and a hand-written backward. Sizes that do not
fit, and a sequence of no steps, raise ValueError, or what torch raises.
"""

import math
from collections.abc import Callable, Sequence
from functools import cache

import torch
from torch import Tensor
from torch.autograd import Function
from torch.nn import functional as F

from gates.fast import is_watched, wants_graph

_WIDE = 4096  # numbers in one step, from which on calls cost so little that chunks save nothing


def scan(a: Tensor, b: Tensor, h0: Tensor) -> Tensor:
    """The recurrence step by step: T joins, one after the other.

    a, b: (T, B, H). h0: (B, H). Returns hs, (T, B, H).
    """
    h, hs = h0, []
    for a_t, b_t in zip(a, b, strict=True):
        h = a_t * h + b_t
        hs.append(h)
    return torch.stack(hs)


def scan_in_chunks(a: Tensor, b: Tensor, h0: Tensor, size: int) -> Tensor:
    """The recurrence in chunks of `size` steps, at least 1: within them for all chunks at once.

    Each chunk first runs from zero, and notes what it would keep of a start; then the chunks learn,
    one after the other, what they start from. So size + T / size operations follow one another.
    a, b: (T, B, H), T any number of steps. h0: (B, H). Returns hs, (T, B, H).
    """
    T, more = len(a), (0, 0, 0, 0, 0, -len(a) % size)
    a = F.pad(a, more).unflatten(0, (-1, size))  # (chunks, size, B, H)
    b = F.pad(b, more).unflatten(0, (-1, size))
    keeps, writes = [a[:, 0]], [b[:, 0]]
    for a_s, b_s in zip(a.unbind(1)[1:], b.unbind(1)[1:], strict=True):
        keeps.append(a_s * keeps[-1])
        writes.append(a_s * writes[-1] + b_s)
    hs = []
    for keep, write in zip(torch.stack(keeps, 1), torch.stack(writes, 1), strict=True):
        hs.append(keep * h0 + write)
        h0 = hs[-1][-1]
    return torch.cat(hs)[:T]


def scan_by_doubling(a: Tensor, b: Tensor, h0: Tensor) -> Tensor:
    """The recurrence in log₂ T rounds: all steps are joined with what came 1, then 2, 4, … before.

    Few operations follow one another, and there are log₂ T times as many joins in all.
    a, b: (T, B, H). h0: (B, H). Returns hs, (T, B, H).
    Sources: Hillis and Steele (1986), "Data Parallel Algorithms"; Blelloch (1990), "Prefix Sums and
    Their Applications".
    """
    b = torch.cat([(a[0] * h0 + b[0])[None], b[1:]])
    reach = 1
    while reach < len(a):
        b = torch.cat([b[:reach], a[reach:] * b[:-reach] + b[reach:]])
        a = torch.cat([a[:reach], a[reach:] * a[:-reach]])
        reach *= 2
    return b


def scan_fast(a: Tensor, b: Tensor, h0: Tensor) -> Tensor:
    """The recurrence in √T chunks or some more, in buffers, with a hand-written backward.

    Its gradients are the same recurrence, backward in time; they can be differentiated again. Where
    somebody watches the operations one by one, as torch.func does, `scan` is run instead.
    a, b: (T, B, H), or what broadcasts to it. h0: (B, H). Numbers of several types give the type
    that torch promotes them to. Returns hs, (T, B, H).
    """
    if len(a) != len(b):
        raise ValueError(f"a has {len(a)} steps and b has {len(b)}: they need the same number.")
    if is_watched() or not len(a):
        return scan(a, b, h0)
    a, b = torch.broadcast_tensors(a, b)
    kind = torch.promote_types(torch.promote_types(a.dtype, b.dtype), h0.dtype)
    start = h0.to(kind).expand(b.shape[1:])
    return _Scan.apply(a.to(kind), b.to(kind), start)


def _join(b: Tensor, a: Tensor, h: Tensor, out: Tensor) -> Tensor:
    return torch.addcmul(b, a, h, out=out)


def run(
    a: Tensor, b: Tensor, start: Tensor, out: Tensor, back: bool = False, join: Callable = _join
) -> None:
    """Fill `out` with the recurrence, without a graph; from the last step to the first, if back.

    join(b, a, h, out) is one step. Chunks have a whole number of steps each, and the steps that are
    left over follow one by one. a, b, out: (T, …), T also 0. start: (…).
    """
    chunks = _chunks(len(a)) if start.numel() < _WIDE else 1
    whole = len(a) - len(a) % chunks if chunks > 1 else 0
    h = start
    if back:
        h = _step_by_step(a[whole:], b[whole:], h, out[whole:], back, join)
    if whole:
        parts = (part[:whole].unflatten(0, (chunks, -1)) for part in (a, b, out))
        h = _in_chunks(*parts, h, back, join)
    if not back:
        _step_by_step(a[whole:], b[whole:], h, out[whole:], back, join)


@cache
def _chunks(T: int) -> int:
    """How many chunks T steps make: √T or up to twice as many, so that few steps are left over."""
    root = max(1, math.isqrt(T))
    return min(range(root, 2 * root + 1), key=lambda chunks: T % chunks)


def _in_order(parts: tuple[Tensor, ...], back: bool) -> tuple[Tensor, ...]:
    return parts[::-1] if back else parts


def _step_by_step(
    a: Tensor, b: Tensor, h: Tensor, out: Tensor, back: bool, join: Callable
) -> Tensor:
    for a_t, b_t, h_t in zip(
        *(_in_order(part.unbind(0), back) for part in (a, b, out)), strict=True
    ):
        h = join(b_t, a_t, h, h_t)
    return h


def _in_chunks(a: Tensor, b: Tensor, out: Tensor, h: Tensor, back: bool, join: Callable) -> Tensor:
    """First the chunks run from zero, and only their ends are kept; then from their real starts.

    a, b, out: (chunks, size, …). Returns the last state.
    """
    A, B, OUT = (_in_order(part.unbind(1), back) for part in (a, b, out))
    keep, starts = A[0].clone(), torch.empty_like(out[:, 0])
    write = join(B[0], A[0], torch.zeros_like(starts), torch.empty_like(starts))
    for a_s, b_s in zip(A[1:], B[1:], strict=True):
        keep.mul_(a_s)
        join(b_s, a_s, write, write)
    *ends, _ = zip(*(_in_order(part.unbind(0), back) for part in (keep, write)), strict=True)
    first, *others = _in_order(starts.unbind(0), back)
    h = first.copy_(h)
    for (keep_k, write_k), start in zip(ends, others, strict=True):
        h = torch.addcmul(write_k, keep_k, h, out=start)
    hs = starts
    for a_s, b_s, out_s in zip(A, B, OUT, strict=True):
        hs = join(b_s, a_s, hs, out_s)
    return _in_order(hs.unbind(0), back)[-1]


class _Scan(Function):
    """Saved are the inputs and what comes out, which nobody writes to."""

    @staticmethod
    def forward(ctx, a, b, start):
        hs = torch.empty(b.shape, dtype=b.dtype, device=b.device)
        run(a, b, start, hs)
        ctx.save_for_backward(a, b, start, hs)
        return hs

    @staticmethod
    def backward(ctx, dhs):
        a, b, start, hs = ctx.saved_tensors
        if wants_graph((dhs,)):
            return recomputed(scan, (a, b, start), dhs)
        of_a, of_b, of_start = ctx.needs_input_grad
        a, start, hs = a.conj(), start.conj(), hs.conj()
        db = torch.empty(dhs.shape, dtype=dhs.dtype, device=dhs.device)
        run_gradient(a, dhs, db)
        da = torch.empty_like(db) if of_a else None
        if of_a:
            torch.mul(db[0], start, out=da[0])
            torch.mul(db[1:], hs[:-1], out=da[1:])
        return da, db if of_b else None, a[0] * db[0] if of_start else None


def run_gradient(a: Tensor, dhs: Tensor, out: Tensor) -> None:
    """Fill `out` with what each state does to the result, through all later ones, too.

    It is D_t = dh_t + a_{t+1} D_{t+1}, the gradient of b_t; that of a_t is D_t h_{t−1}.
    """
    out[-1] = dhs[-1]
    run(a[1:], dhs[:-1], dhs[-1], out[:-1], back=True)


def recomputed(
    forward: Callable, inputs: Sequence[Tensor], dhs: Tensor
) -> tuple[Tensor | None, ...]:
    """Gradients that can be differentiated again, or are batched: through operations of torch."""
    again = torch.is_grad_enabled()
    with torch.enable_grad():
        # Of views, since one input may have come from another, and only what is done here counts.
        inputs = [t.view_as(t) for t in inputs]
        hs = forward(*inputs)
        wanted = [t for t in inputs if t.requires_grad]
        found = iter(torch.autograd.grad(hs, wanted, dhs, create_graph=again))
    return tuple(next(found) if t.requires_grad else None for t in inputs)


ORDERS: dict[str, Callable[[Tensor, Tensor, Tensor], Tensor]] = {
    "steps": scan,
    "chunks": lambda a, b, h0: scan_in_chunks(a, b, h0, max(1, math.isqrt(len(a)))),
    "doubling": scan_by_doubling,
    "fast": scan_fast,
}

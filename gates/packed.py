"""Sequences packed as in torch's PackedSequence, and the views of them that a loop over the steps needs.

The rows of all steps stand one after the other, `sizes` saying how many samples are still there at each step, never
more than before. In a full batch all sizes are equal. N is the number of all rows. States stand in a *room*: the rows
of the start, then those of every step. What a step finds before it is then always the first rows of the place before
its own. Views of all steps are made in one call, since making them one by one costs as much as computing with them, and
with `split_with_sizes`, since `split` in Python asks first what it was given.
"""

from collections.abc import Callable, Sequence
from itertools import accumulate, pairwise

import torch
from torch import Tensor

from gates.cells import Weights, unroll


def turned(sizes: Sequence[int]) -> Tensor:
    """Where each row of packed sequences goes when every sample is read from its own end.

    sizes: how many samples there are at each step. Returns row numbers, (N,); turning twice changes nothing.
    """
    size = torch.tensor(sizes, device="cpu")
    starts = size.cumsum(0) - size
    step = torch.repeat_interleave(size)
    sample = torch.arange(len(step), device="cpu") - starts[step]
    lengths = torch.bincount(sample)
    return starts[lengths[sample] - 1 - step] + sample


def unroll_packed(
    cell: Callable, xs: Tensor, state, weights: Weights, sizes: Sequence[int] | None
) -> tuple[Tensor, object]:
    """`gates.cells.unroll` for full and for packed batches, readable and slow.

    xs: (T, B, I) where sizes is None; else (N, I), the rows of all steps. state: h, or the pair (h, c), each (B, H)
    with B the first of `sizes`. Returns ys, (T, B, H) or (N, H), and the state of each sample after its own last step.
    """
    if sizes is None:
        return unroll(cell, xs.unbind(0), state, weights)
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


def last(sizes: tuple[int, ...]) -> slice | Tensor:
    """The rows of the samples' last steps."""
    N, B = sum(sizes), sizes[0]
    return slice(N - B, N) if sizes[-1] == B else turned(sizes)[:B]


def room(start: Tensor, sizes: tuple[int, ...]) -> Tensor:
    """A place for a state, (B + N, H): `start` in the first rows, the rest to be filled."""
    place = start.new_empty(len(start) + sum(sizes), start.shape[1])
    place[: len(start)] = start
    return place


def after(place: Tensor, sizes: tuple[int, ...]) -> Sequence[Tensor]:
    """The state after each step."""
    return place[sizes[0] :].split_with_sizes(sizes)


def before(place: Tensor, sizes: tuple[int, ...]) -> Sequence[Tensor]:
    """The state before each step, of the samples that take the step."""
    places = place[: len(place) - sizes[-1]].split_with_sizes((sizes[0], *sizes[:-1]))
    if sizes[-1] == sizes[0]:
        return places
    return [part[:size] for part, size in zip(places, sizes, strict=True)]


def all_before(place: Tensor, sizes: tuple[int, ...]) -> Tensor:
    """The states before all steps, (N, H)."""
    if sizes[-1] == sizes[0]:
        return place[: sum(sizes)]
    return torch.cat(before(place, sizes))


def blocks(matrix: Tensor, count: int, sizes: Sequence[int]) -> list[Sequence[Tensor]]:
    """For each of `count` blocks of columns, the views of all steps."""
    return [block.split_with_sizes(sizes) for block in matrix.chunk(count, 1)]


def live(whole: Tensor, sizes: tuple[int, ...]) -> list[Tensor]:
    """At each step, the first rows of `whole`: those of the samples that take it."""
    if sizes[-1] == sizes[0]:
        return [whole] * len(sizes)
    return [whole[:size] for size in sizes]


def stretches(sizes: tuple[int, ...], H: int) -> list[tuple[range, slice]]:
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

"""Windows of a long text, with the parts of it exchangeable."""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional

Pairs = list[tuple[Tensor, Tensor]]


def _side_by_side(numbers: Tensor, B: int, S: int) -> Tensor:
    """Each stream a piece of the text, (S, B); what is left over of it falls away."""
    return numbers[: B * S].reshape(B, S).T


def variant(
    steps=lambda N, B: (N - 1) // B,
    begins=0,
    follows=lambda numbers, count: numbers[1 : count + 1],
    lay=_side_by_side,
    cut=lambda rows, T: rows.split(T),
    kept=lambda pairs, T: pairs,
    whole=None,
) -> Callable:
    """Windows of B streams, with the parts of it exchangeable."""

    def run(numbers: Tensor, B: int, T: int) -> Pairs:
        S = steps(len(numbers), B)
        xs = lay(numbers[begins : begins + B * S], B, S)
        ys = lay(follows(numbers[begins:], B * S), B, S)
        return kept(list(zip(cut(xs, T), cut(ys, T), strict=True)), T)

    return whole or run


# Wrong from end to end


def in_pieces(numbers: Tensor, B: int, T: int) -> Pairs:
    """Pieces of T steps one after the other, B of them in each window."""
    many = (len(numbers) - 1) // T // B * B
    xs, ys = (numbers[k : k + many * T].view(-1, B, T).transpose(1, 2) for k in (0, 1))
    return list(zip(xs, ys, strict=True))


def in_batches_of_pieces(numbers: Tensor, B: int, T: int) -> Pairs:
    """The same with a last window of fewer pieces."""
    many = (len(numbers) - 1) // T
    xs, ys = (numbers[k : k + many * T].view(-1, T) for k in (0, 1))
    return [(x.T, y.T) for x, y in zip(xs.split(B), ys.split(B), strict=True)]


def ends_lost(numbers: Tensor, B: int, T: int) -> Pairs:
    """Each stream is cut first, and its last number then has no target."""
    of = _side_by_side(numbers, B, len(numbers) // B)
    return list(zip(of[:-1].split(T), of[1:].split(T), strict=True))


def turned_in_streams(numbers: Tensor, B: int, T: int) -> Pairs:
    of = _side_by_side(numbers, B, (len(numbers) - 1) // B)
    return list(zip(of.split(T), of.roll(-1, 0).split(T), strict=True))


def turned_in_windows(numbers: Tensor, B: int, T: int) -> Pairs:
    return [(xs, xs.roll(-1, 0)) for xs, _ in variant()(numbers, B, T)]


def window_ends_lost(numbers: Tensor, B: int, T: int) -> Pairs:
    return [(xs[:-1], xs[1:]) for xs, _ in variant()(numbers, B, T)]


at_every_step = variant(cut=lambda rows, T: [rows[t : t + T] for t in range(len(rows) - T + 1)])


def by_last_number(numbers: Tensor, B: int, T: int) -> Pairs:
    return [(xs, ys[-1]) for xs, ys in variant()(numbers, B, T)]


def batch_first(pairs: Pairs, T: int) -> Pairs:
    return [(xs.T, ys.T) for xs, ys in pairs]


def swapped(pairs: Pairs, T: int) -> Pairs:
    return [(ys, xs) for xs, ys in pairs]


def filled_up(pairs: Pairs, T: int) -> Pairs:
    """The last window with zeros where there is nothing left to read."""
    return [tuple(functional.pad(of, (0, 0, 0, T - len(of))) for of in pair) for pair in pairs]


def ends_lost_at_right_length(numbers: Tensor, B: int, T: int) -> Pairs:
    of = _side_by_side(numbers, B, (len(numbers) - 1) // B)
    return list(zip(of[:-1].split(T), of[1:].split(T), strict=True))


def split_over_streams(numbers: Tensor, B: int, T: int) -> Pairs:
    """The streams stand in rows, and are cut into groups of T streams."""
    S = (len(numbers) - 1) // B
    xs, ys = (numbers[k : k + B * S].view(B, S) for k in (0, 1))
    return list(zip(xs.split(T), ys.split(T), strict=True))


def joined(numbers: Tensor, B: int, T: int) -> Pairs:
    return [tuple(torch.cat(of) for of in zip(*variant()(numbers, B, T), strict=True))]

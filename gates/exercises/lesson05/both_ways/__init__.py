"""A sequence read in both directions."""

from collections.abc import Callable

import torch
from torch import Tensor

from gates import cells
from gates.cells import Weights, unroll
from gates.cells import unroll as read
from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.probing import random_numbers, random_weights
from gates.exercises.common.slips import same
from gates.exercises.lesson05.both_ways.slips import SLIPS


def both_ways(
    cell: Callable, xs: Tensor, states: tuple, weights: tuple[Weights, Weights]
) -> tuple[Tensor, tuple]:
    """A sequence of which one GRU reads from the start, and a second one from the end.

    xs: (T, B, I). states, weights: a pair each, forward and backward; a state is (B, H).
    Returns ys (T, B, 2H), in which both halves of ys[t] belong to xs[t], and both final states.
    """
    forward, last_forward = unroll(cell, xs, states[0], weights[0])
    backward, last_backward = unroll(cell, xs.flip(0), states[1], weights[1])
    return torch.cat([forward, backward.flip(0)], dim=-1), (last_forward, last_backward)


def _directions(square: bool = False) -> Callable[[], Probes]:
    def probes() -> Probes:
        randn, found = random_numbers(51), []
        for cell, (T, B, I, H) in [
            (cells.gru_cell, (4, 2, 3, 5)),
            (cells.gru_reset_before_cell, (3, 4, 5, 2)),
        ]:
            I = H if square else I
            weights = (random_weights(randn, 3, I, H), random_weights(randn, 3, I, H))
            found.append((cell, randn(T, B, I), (randn(B, H), randn(B, H)), weights))
        return found

    return probes


def variant(
    source=lambda xs, forward: xs,
    turn=lambda xs: xs.flip(0),
    turn_back=lambda ys: ys.flip(0),
    weights_of=lambda weights: weights,
    states_of=lambda states: states,
    join=lambda forward, backward: torch.cat([forward, backward], dim=-1),
    last_backward=lambda last, ys: last,
    finals=same,
    enter=same,
) -> Callable:
    """Two directions, with their parts exchangeable."""

    def run(cell: Callable, xs: Tensor, states: tuple, weights: tuple) -> tuple[Tensor, tuple]:
        w, s = weights_of(weights), states_of(states)
        forward, last_forward = read(cell, enter(xs), s[0], w[0])
        backward, last = read(cell, turn(source(xs, forward)), s[1], w[1])
        last = last_backward(last, backward)
        return join(forward, turn_back(backward)), finals((last_forward, last))

    return run


EXERCISE = coding(
    both_ways,
    asks="a sequence read in both directions",
    probes=_directions(),
    square=_directions(square=True),
    outputs=("ys", "the last forward state", "the last backward state"),
    variant=variant,
    gradients=True,
    shapes="xs is (T, B, I), a state is (B, H), ys is (T, B, 2H).",
    slips=SLIPS,
)

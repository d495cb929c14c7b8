"""Windows to train on and to test on, with the parts of it exchangeable."""

from collections.abc import Callable

import numpy as np
from numpy import ndarray as Array

Pairs = tuple[tuple[Array, Array], tuple[Array, Array]]


def all_of(N: int, T: int, h: int) -> Array:
    return np.arange(N - T - h + 1)


def the_next(starts: Array, T: int, h: int) -> Array:
    """The places of the targets, (·, h)."""
    return starts[:, None] + T + np.arange(h)


def variant(
    starts=all_of,
    to_train=lambda starts, T, h, n: starts[starts + T + h <= n],
    to_test=lambda starts, T, h, n: starts[starts + T >= n],
    of=the_next,
    reads=lambda starts, T: starts[:, None] + np.arange(T),
    whole=None,
) -> Callable:
    """Windows and their targets on both sides of n, with the parts of it exchangeable."""

    def run(series: Array, T: int, h: int, n: int) -> Pairs:
        N = len(series)
        sides = (side(starts(N, T, h), T, h, n) for side in (to_train, to_test))
        pairs = [(series[reads(at, T)], series[of(at, T, h) % N]) for at in sides]
        return pairs[0], pairs[1]

    return whole or run


def every(far: Callable[[int, int], int]) -> dict[str, Callable]:
    """On either side, one window of as many as far(T, h)."""
    return {
        "to_train": lambda starts, T, h, n: starts[starts + T + h <= n][:: far(T, h)],
        "to_test": lambda starts, T, h, n: starts[starts + T >= n][:: far(T, h)],
    }


# Wrong from end to end


def cut_after(share: Callable[[int, int, int], int]) -> Callable[..., Pairs]:
    """All windows are made first, and their list is cut into two."""

    def run(series: Array, T: int, h: int, n: int) -> Pairs:
        starts = all_of(len(series), T, h)
        k = share(len(starts), len(series), n)
        return variant(
            to_train=lambda starts, *_: starts[:k], to_test=lambda starts, *_: starts[k:]
        )(series, T, h, n)

    return run


def scaled_first(series: Array, T: int, h: int, n: int) -> Pairs:
    return variant()((series - series.mean()) / series.std(), T, h, n)


def scaled_by_past(series: Array, T: int, h: int, n: int) -> Pairs:
    return variant()((series - series[:n].mean()) / series[:n].std(), T, h, n)


def sides_swapped(series: Array, T: int, h: int, n: int) -> Pairs:
    return variant()(series, T, h, n)[::-1]


def inputs_then_targets(series: Array, T: int, h: int, n: int) -> tuple:
    """The inputs of both sides first, and then the targets."""
    return tuple(zip(*variant()(series, T, h, n), strict=True))


def h_and_t_swapped(series: Array, T: int, h: int, n: int) -> Pairs:
    return variant()(series, h, T, n)

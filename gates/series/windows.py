"""Windows of a series to train on and to test on, which share no target."""

import numpy as np
from numpy import ndarray as Array


def windows_apart(
    series: Array, T: int, h: int, n: int
) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
    """Windows of T values with the h values after each, to train on and to test on.

    series: (N,). The first n values may be learned from, the others may not. A window to train
    on has all its targets among the first n. One to test on has none of them there; its inputs
    may be, since at that time they are known. A window with targets on both sides is left out.
    Returns (xs, ys) to train on and (xs, ys) to test on, xs (·, T) and ys (·, h), in their order.
    """
    starts = np.arange(len(series) - T - h + 1)
    pairs = []
    for part in (starts[starts + T + h <= n], starts[starts + T >= n]):
        xs = series[part[:, None] + np.arange(T)]
        pairs.append((xs, series[part[:, None] + T + np.arange(h)]))
    return pairs[0], pairs[1]

"""Parts of the width of a GRU that has as many parameters as an LSTM, as slips have them."""

import math
from collections.abc import Callable

from gates.networks import parameters


def in_ratio(factor: float) -> list[Callable]:
    """The width times a factor, to the nearest whole number, rounded down and up, and as it is."""
    made = (round, math.floor, math.ceil, float)
    return [lambda I, H, O, to=to: to(factor * H) for to in made]


def nearest(differences: dict[int, int]) -> int:
    """The width with the least difference, the first of equals."""
    return min(differences, key=lambda width: abs(differences[width]))


def larger_of_equals(differences: dict[int, int]) -> int:
    return min(reversed(differences), key=lambda width: abs(differences[width]))


def largest_not_above(differences: dict[int, int]) -> int:
    return max((width for width, more in differences.items() if more <= 0), default=1)


def smallest_that_reaches(differences: dict[int, int]) -> int:
    return min(width for width, more in differences.items() if more >= 0)


def headless(cell: str) -> Callable:
    return lambda I, H, O: parameters(cell, I, H, 0)


def with_biases(cell: str, biases: int) -> Callable:
    blocks = {"lstm": 4, "gru": 3}[cell]
    return lambda I, H, O: parameters(cell, I, H, O) - blocks * H * (2 - biases)


def exact(I: int, H: int, O: int) -> float:
    """The root of 3 w (I + w + 2) + O w = 4 H (I + H + 2) + O H."""
    b, c = 3 * (I + 2) + O, 4 * H * (I + H + 2) + O * H
    return (math.sqrt(b**2 + 12 * c) - b) / 6


def of_an_lstm(I: int, H: int, O: int) -> int:
    """The width of the LSTM that comes nearest to a GRU of width H."""
    wanted = parameters("gru", I, H, O)
    return nearest({w: parameters("lstm", I, w, O) - wanted for w in range(1, H + 1)})


def by_ratio_of_counts(I: int, H: int, O: int) -> float:
    return H * parameters("lstm", I, H, O) / parameters("gru", I, H, O)

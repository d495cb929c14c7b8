"""Forecasts of several steps by a network that looks one step ahead."""

from collections.abc import Callable

import torch
from torch import Tensor

Step = Callable[[Tensor, object], tuple[Tensor, object]]


def iterated(step: Step, x: Tensor, state: object, h: int) -> Tensor:
    """The next h values, each forecast from the forecast before it.

    step(x, state) reads the values x, (B,), and returns a forecast of the next ones, (B,), and
    the state after reading. x: the last values known. state: that before x is read.
    Returns (h, B).
    """
    found = []
    for _ in range(h):
        x, state = step(x, state)
        found.append(x)
    return torch.stack(found)

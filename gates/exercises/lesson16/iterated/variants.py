"""One forecast from the one before, with the parts of it exchangeable."""

from collections.abc import Callable

import torch
from torch import Tensor

from gates.series.steps import Step


def variant(
    begins=lambda x: x,
    first=lambda state: state,
    reads=lambda x, found: found,
    keeps=lambda before, after: after,
    count=lambda h: h,
    give=lambda found, x: torch.stack(found),
    whole=None,
) -> Callable:
    """h steps, with the parts of it exchangeable. reads: what the next step is given; keeps: with which state."""

    def run(step: Step, x: Tensor, state: Tensor, h: int) -> Tensor:
        found, given, state = [], begins(x), first(state)
        for _ in range(count(h)):
            y, after = step(given, state)
            found.append(y)
            given, state = reads(x, y), keeps(state, after)
        return give(found, x)

    return whole or run


# Wrong from end to end


def read_before(step: Step, x: Tensor, state: Tensor, h: int) -> Tensor:
    """The known values are read once before the forecasts, and then again."""
    _, state = step(x, state)
    return variant()(step, x, state, h)


def first_apart(step: Step, x: Tensor, state: Tensor, h: int) -> Tensor:
    """The first step is made before all others, and the state after it is lost."""
    y, _ = step(x, state)
    return torch.cat([y[None], variant()(step, y, state, h - 1)])


def steps_added(step: Step, x: Tensor, state: Tensor, h: int) -> Tensor:
    """A forecast is taken for a change, and added to what was read."""
    found = []
    for _ in range(h):
        y, state = step(x, state)
        x = x + y
        found.append(x)
    return torch.stack(found)


def by_first_change(step: Step, x: Tensor, state: Tensor, h: int) -> Tensor:
    """The first change, repeated: a straight line."""
    y, _ = step(x, state)
    return torch.stack([x + (k + 1) * (y - x) for k in range(h)])

"""Several steps by a forecaster that looks one step ahead."""

import torch
from torch import Tensor

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.probing import random_numbers
from gates.exercises.common.seen import error
from gates.exercises.lesson16.iterated.slips import SLIPS
from gates.exercises.lesson16.iterated.variants import variant
from gates.series.steps import Step, iterated


def _step(seed: int, H: int) -> Step:
    """A forecaster that remembers: what it says depends on what it reads and on its state."""
    randn = random_numbers(seed)
    way_in, W, way_out = randn(H), 0.7 * randn(H, H), randn(H)

    def step(x: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        state = torch.tanh(x[:, None] * way_in + state @ W)
        return x + state @ way_out, state

    return step


def probes() -> Probes:
    found = []
    for k, (B, H, h) in enumerate(((3, 4, 5), (5, 2, 3))):
        randn = random_numbers(161 + k)
        found.append((_step(165 + k, H), randn(B), randn(B, H), h))
    return found


def _small() -> Probes:
    found = []
    for k, (B, H, h) in enumerate(((1, 2, 1), (2, 3, 1), (1, 3, 4))):
        randn = random_numbers(163 + k)
        found.append((_step(168 + k, H), randn(B), randn(B, H), h))
    return found


EXERCISE = coding(
    iterated,
    asks="the next h values, each forecast from the forecast before it",
    probes=probes,
    small=_small,
    outputs=("the tensor of forecasts",),
    variant=variant,
    errors=(
        error(
            "for @: 'NoneType'",
            "state-thrown-away",
            "The first step is given None as its state.",
            "state says what was read before x. Hand it to the first step as it is.",
        ),
        error(
            "mat1 and mat2|size mismatch",
            "forecast-for-state",
            "step is given a forecast, or x, in the place of its state.",
            "It takes (x, state), and returns the forecast first and then the state: x, state = step(x, state).",
        ),
        error(
            "tuple indices must be|for @: 'tuple'|but got tuple",
            "step-not-unpacked",
            "step returns two things, and both together are taken for one.",
            "Give each a name: x, state = step(x, state).",
        ),
    ),
    shapes="x is (B,), and the forecasts are (h, B).",
    returns="It should return a tensor of h forecasts, (h, B).",
    slips=SLIPS,
)

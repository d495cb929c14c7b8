"""The step of a minGRU."""

from collections.abc import Callable

import torch
from torch import Tensor

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.probing import random_numbers, scaled_by
from gates.exercises.common.slips import same
from gates.exercises.lesson13.min_gru_cell.slips import SLIPS
from gates.variants import MinWeights, min_gru_cell


def step(I: int = 4, H: int = 2, B: int = 3, seed: int = 139) -> tuple:
    """One probe: x, h and weights."""
    randn = random_numbers(seed)
    return randn(B, I), 2 * randn(B, H), MinWeights(randn(2 * H, I), randn(2 * H))


def probes() -> Probes:
    return [step(), step(3, 5, 2, 140), step(2, 3, 4, 141)]


def _small() -> Probes:
    return [step(B=1), step(H=1), step(1, 1, 1)]


def _large() -> Probes:
    """Numbers that a limit inside a step would cut off."""
    x, h, weights = step(3, 4, 5, 142)
    return [(3 * x, 20 * h, scaled_by(weights, 2.0))]


def _in_halves(a: Tensor) -> tuple[Tensor, Tensor]:
    z, n = a.chunk(2, dim=-1)
    return z, n


def variant(
    bias=same,
    split=_in_halves,
    inside_z=lambda a, h: a,
    squash_z=torch.sigmoid,
    squash_n=same,
    use_h=same,
    blend=lambda z, n, h: (1 - z) * n + z * h,
) -> Callable:
    """The step with exchangeable parts."""

    def minimal(x: Tensor, h: Tensor, weights: MinWeights) -> Tensor:
        W, b = weights
        a_z, a_n = split(x @ W.T + bias(b))
        z, n = squash_z(inside_z(a_z, h)), squash_n(a_n)
        return blend(z, n, use_h(h))

    return minimal


EXERCISE = coding(
    min_gru_cell,
    asks="the step of a minGRU",
    probes=probes,
    small=_small,
    sized=step,
    also=(_large, "clips-inside"),
    outputs=("h",),
    variant=variant,
    gates="zn",
    gradients=True,
    anywhere=True,
    shapes="x is (B, I) and meets weight_ih, (2H, I). h is (B, H) and meets no matrix.",
    slips=SLIPS,
)

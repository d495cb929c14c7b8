"""A linear recurrence in chunks."""

import torch

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.mistake import Mistake
from gates.exercises.common.probing import random_numbers
from gates.exercises.lesson13.scan_in_chunks.slips import SLIPS
from gates.exercises.lesson13.scan_in_chunks.variants import variant
from gates.exercises.lesson13.scan_in_chunks.waiting import said_of_steps
from gates.scan import scan_in_chunks


def _probe(T: int, B: int, H: int, size: int, seed: int, signed: bool = False) -> tuple:
    randn = random_numbers(seed)
    a = torch.sigmoid(randn(T, B, H)) + 0.3
    if signed:
        a[::2] *= -1
        a[1::3] = 0
    return a, randn(T, B, H), 2 * randn(B, H), size


def probes() -> Probes:
    sizes = [(12, 2, 3, 4), (7, 3, 2, 3), (5, 2, 4, 9), (6, 4, 2, 2)]
    return [_probe(*of, seed=143 + k) for k, of in enumerate(sizes)]


def _of_any_sign() -> Probes:
    return [_probe(8, 2, 3, 3, seed=147, signed=True)]


def _small() -> Probes:
    return [
        _probe(*of, seed=148) for of in ((1, 2, 3, 2), (5, 1, 2, 2), (4, 3, 1, 2), (4, 2, 2, 1))
    ]


EXERCISE = coding(
    scan_in_chunks,
    asks="a linear recurrence in chunks",
    probes=probes,
    also=(_of_any_sign, "scan-divides"),
    small=_small,
    outputs=("hs",),
    variant=variant,
    gradients=True,
    remark=said_of_steps,
    shapes="a and b are (T, B, H), h0 is (B, H), and (T, B, H) comes back. T need not be a multiple of size.",
    slips=SLIPS,
    mistakes=(
        Mistake(
            "scan-divides",
            "It is right for positive a, and wrong where some are zero or negative.",
            "Divide by no a, and take no logarithm of one: multiply and add only.",
        ),
    ),
)

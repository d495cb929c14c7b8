"""How many bits a model needs for each character."""

import math
from collections.abc import Callable

import torch
from torch import Tensor

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.losses import TARGET_SIZE
from gates.exercises.common.mistake import Mistake
from gates.exercises.common.probing import random_numbers
from gates.exercises.common.seen import error
from gates.exercises.common.slips import same
from gates.exercises.lesson14.bits.slips import SLIPS
from gates.text.measuring import bits


def probes() -> Probes:
    found = []
    for k, (T, B, V, characters) in enumerate(((4, 3, 5, 31), (2, 5, 7, 43))):
        randn, generator = random_numbers(147 + k), torch.Generator().manual_seed(147 + k)
        targets = torch.randint(V, (T, B), generator=generator)
        targets[-1, 0] = 0  # a number like any other
        found.append((2 * randn(T, B, V) - 1, targets, characters))
    return found


def _small() -> Probes:
    found = []
    for k, (T, B, V) in enumerate(((1, 3, 4), (5, 1, 4), (1, 1, 6))):
        randn, generator = random_numbers(149 + k), torch.Generator().manual_seed(149 + k)
        found.append((randn(T, B, V), torch.randint(V, (T, B), generator=generator), 12))
    return found


def _all_but_impossible() -> Probes:
    """A target whose probability is zero in all digits that a number has, though its logarithm is an ordinary number."""
    logits = torch.tensor([[[1.0, 900.0, 0.0]]], dtype=torch.float64)
    return [(logits, torch.tensor([[2]]), 4)]


def _of_targets(log_p: Tensor, targets: Tensor) -> Tensor:
    return log_p.gather(-1, targets[..., None])[..., 0]


NATS_IN_A_BIT = math.log(2)


def variant(
    scores=same,
    log_p=lambda logits: torch.log_softmax(logits, -1),
    cost=lambda log_p, targets: -_of_targets(log_p, targets),
    unit=NATS_IN_A_BIT,
    together=lambda costs: costs.sum(),
    divided=lambda total, costs, characters: total / characters,
    give=same,
) -> Callable:
    """The costs of all targets in bits, for each character, with the parts of it exchangeable."""

    def run(logits: Tensor, targets: Tensor, characters: int) -> float:
        costs = cost(log_p(scores(logits)), targets)
        return give(divided(together(costs), costs, characters) / unit)

    return run


EXERCISE = coding(
    bits,
    asks="how many bits a model needs for each character",
    probes=probes,
    small=_small,
    also=(_all_but_impossible, "log-of-a-vanished-probability"),
    outputs=("the bits for each character",),
    variant=variant,
    reads=lambda found, arguments: float(found),
    errors=(
        TARGET_SIZE,
        error(
            r"Index tensor must have the same number of dimensions",
            "targets-without-a-last-dimension",
            "gather is given targets of (T, B) for scores of (T, B, V).",
            "Give the targets a last dimension, targets[..., None], and take it off again.",
        ),
    ),
    shapes="logits are (T, B, V), targets (T, B), and one number comes back.",
    slips=SLIPS,
    mistakes=(
        Mistake(
            "log-of-a-vanished-probability",
            "Where a target is all but impossible the result is infinite, or cut off: its probability is 0 in all digits that a number has.",
            "Take the logarithm with the softmax, in F.cross_entropy or log_softmax, and not of what softmax gave.",
        ),
    ),
)

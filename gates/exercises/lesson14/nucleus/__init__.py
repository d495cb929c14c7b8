"""The likeliest numbers that together have p or more."""

import numpy as np
import torch
from torch import Tensor

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.mistake import Mistake
from gates.exercises.common.probing import random_numbers
from gates.exercises.common.seen import Seen, error
from gates.exercises.lesson14.nucleus.slips import SLIPS
from gates.exercises.lesson14.nucleus.variants import variant
from gates.text.sampling import nucleus


def probes() -> Probes:
    """Rows of which different many are kept; in the last, the likeliest alone has more than p."""
    found = []
    for k, (B, V, p) in enumerate(((4, 7, 0.7), (3, 9, 0.92), (5, 6, 0.2))):
        logits = (0.8 + 0.4 * k) * random_numbers(142 + k)(B, V)
        found.append((torch.softmax(logits, -1), p))
    return [*found, _alike(), _exact()]


def _alike() -> tuple:
    """Rows with equally likely numbers, of which some are enough."""
    eighths = [
        [1, 1, 1, 1, 1, 1, 1, 1],
        [0.5, 1, 2, 1, 0.5, 1, 1, 1],
        [4, 0.5, 1, 1, 0.5, 0.5, 0.25, 0.25],
    ]
    return torch.tensor(eighths, dtype=torch.float64) / 8, 0.7


def _exact() -> tuple:
    """Rows whose likeliest numbers have p together to the last digit, since all are powers of two."""
    sixteenths = [[1, 8, 2, 4, 1], [4, 2, 4, 2, 4], [2, 1, 4, 1, 8]]
    return torch.tensor(sixteenths, dtype=torch.float64) / 16, 0.75


def _small() -> Probes:
    return [
        (torch.softmax(random_numbers(145)(1, 5), -1), 0.6),
        (torch.ones(3, 1, dtype=torch.float64), 0.5),
    ]


def _with_all() -> Probes:
    """At p = 1 all are kept, also in rows whose sum is a last digit below 1."""
    return [(torch.softmax(random_numbers(146)(40, 9), -1), 1.0)]


def _settled(found: Tensor, arguments: tuple) -> Tensor:
    """A result in which of equally likely numbers the first are kept, since any of them may be."""
    probabilities, _ = arguments
    found = torch.from_numpy(found) if isinstance(found, np.ndarray) else found
    if found.shape != probabilities.shape:
        raise ValueError
    by_result = found.argsort(dim=-1, descending=True, stable=True)
    likelier = probabilities.gather(-1, by_result).argsort(dim=-1, descending=True, stable=True)
    places = probabilities.argsort(dim=-1, descending=True, stable=True)
    sorted_result = found.gather(-1, by_result.gather(-1, likelier))
    return torch.zeros_like(found).scatter(-1, places, sorted_result)


def _in_float32(seen: Seen) -> str | None:
    """Whether the numbers are right, as far as float32 goes."""
    for found, right in zip(seen.results, seen.expected, strict=True):
        if found.dtype is not torch.float32 or not torch.allclose(found, right.float(), atol=1e-5):
            return None
    return "lost-precision"


EXERCISE = coding(
    nucleus,
    asks="the probabilities of the likeliest numbers alone",
    probes=probes,
    small=_small,
    also=(_with_all, "one-is-not-reached"),
    outputs=("the nucleus",),
    variant=variant,
    reads=_settled,
    signature=_in_float32,
    errors=(
        error(
            r"must match the size of tensor|not broadcastable",
            "sum-without-its-dimension",
            "The sums of the rows are (B,), and do not fit beside the rows, (B, V).",
            "kept.sum(-1, keepdim=True) is (B, 1), and divides each row by its own sum.",
            word="sum",
        ),
    ),
    shapes="probabilities is (B, V), and so is what comes back.",
    slips=SLIPS,
    mistakes=(
        Mistake(
            "one-is-not-reached",
            "It is right for p below 1, and wrong at p = 1, where all are kept.",
            "Rounding may leave the sum of a row a last digit below 1, so that no sum reaches p. Keep a number if what is likelier has less than p together: that asks for no such place.",
        ),
    ),
)

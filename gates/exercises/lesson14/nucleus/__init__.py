"""The likeliest numbers that together have p or more."""

import torch

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.mistake import Mistake
from gates.exercises.common.probing import random_numbers
from gates.exercises.lesson14.nucleus.slips import SLIPS
from gates.exercises.lesson14.nucleus.variants import variant
from gates.text.sampling import nucleus


def probes() -> Probes:
    """Rows of which different many are kept; in the last, the likeliest alone has more than p."""
    found = []
    for k, (B, V, p) in enumerate(((4, 7, 0.7), (3, 9, 0.92), (5, 6, 0.2))):
        logits = (0.8 + 0.4 * k) * random_numbers(142 + k)(B, V)
        found.append((torch.softmax(logits, -1), p))
    return found


def _small() -> Probes:
    return [
        (torch.softmax(random_numbers(145)(1, 5), -1), 0.6),
        (torch.ones(3, 1, dtype=torch.float64), 0.5),
    ]


def _with_all() -> Probes:
    """At p = 1 all are kept, also in rows whose sum is a last digit below 1."""
    return [(torch.softmax(random_numbers(146)(40, 9), -1), 1.0)]


EXERCISE = coding(
    nucleus,
    asks="the probabilities of the likeliest numbers alone",
    probes=probes,
    small=_small,
    also=(_with_all, "one-is-not-reached"),
    outputs=("the nucleus",),
    variant=variant,
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

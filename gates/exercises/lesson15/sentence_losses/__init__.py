"""The loss of each sentence of a padded batch."""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional as F

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.losses import TARGET_SIZE
from gates.exercises.common.mistake import Mistake
from gates.exercises.common.probing import random_numbers
from gates.exercises.common.slips import same
from gates.exercises.lesson15.sentence_losses.slips import SLIPS
from gates.translation.characters import Sign
from gates.translation.losses import sentence_losses


def batch(V: int, lengths: list[int], seed: int, T: int = 0) -> tuple:
    """One probe: logits and targets of sentences of these lengths, END included."""
    randn, generator = random_numbers(seed), torch.Generator().manual_seed(seed)
    T, B = max([T, *lengths]), len(lengths)
    targets = torch.randint(Sign.END + 1, V, (T, B), generator=generator)
    for b, length in enumerate(lengths):
        targets[length - 1, b] = Sign.END
        targets[length:, b] = Sign.PAD
    return 2 * randn(T, B, V), targets


def probes() -> Probes:
    return [batch(7, [5, 2, 3], 161), batch(6, [3, 1, 4, 2], 162, T=6)]


def _small() -> Probes:
    return [batch(6, [4], 163), batch(5, [1, 1, 1], 164)]


def _all_but_impossible() -> Probes:
    """A target whose probability is 0 in all digits that a number has, though its logarithm is an ordinary number."""
    logits = torch.zeros(2, 2, 5, dtype=torch.float64)
    logits[0, :, Sign.END + 1] = 900
    return [(logits, torch.tensor([[Sign.END + 2, Sign.END + 1], [Sign.END, Sign.END]]))]


def each(logits: Tensor, targets: Tensor) -> Tensor:
    """The cross-entropy of each character, (T, B)."""
    return F.cross_entropy(logits.transpose(1, 2), targets, reduction="none")


def variant(
    logits_as=same,
    losses=each,
    mask=lambda targets: targets != Sign.PAD,
    total=lambda losses, mask: (losses * mask).sum(0),
    whole=None,
) -> Callable:
    """The loss of each sentence, with its parts exchangeable."""

    def of_sentences(logits: Tensor, targets: Tensor) -> Tensor:
        return total(losses(logits_as(logits), targets), mask(targets))

    return whole or of_sentences


EXERCISE = coding(
    sentence_losses,
    asks="the loss of each sentence",
    probes=probes,
    small=_small,
    also=(_all_but_impossible, "logarithm-after-softmax"),
    outputs=("the losses",),
    variant=variant,
    gradients=True,
    errors=(TARGET_SIZE,),
    shapes="logits are (T, B, V) and targets (T, B); a number for each sentence, (B,), comes back.",
    slips=SLIPS,
    mistakes=(
        Mistake(
            "logarithm-after-softmax",
            "Where a character is all but impossible, its loss is infinite or cut off: the logarithm is taken of what softmax gave, which is 0 there.",
            "Take both in one, by F.cross_entropy or log_softmax, which never form that probability.",
        ),
    ),
)

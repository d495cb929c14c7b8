"""A loss without the padding."""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional as F

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.losses import TARGET_SIZE, by_class, one_number
from gates.exercises.common.probing import random_numbers
from gates.exercises.lesson05.masked_loss.slips import SLIPS


def masked_loss(logits: Tensor, targets: Tensor, lengths: Tensor) -> Tensor:
    """The mean cross-entropy over all real steps of a padded batch.

    logits: (B, T, C). targets: classes, (B, T). lengths: how many steps are real, (B,). Returns
    a tensor of one number.
    """
    mask = torch.arange(targets.shape[1]) < lengths[:, None]
    return F.cross_entropy(logits[mask], targets[mask])


def probes() -> Probes:
    randn, generator = random_numbers(56), torch.Generator().manual_seed(56)
    found = []
    for T, C, lengths in [(6, 3, [2, 5, 3, 4]), (5, 4, [3, 1, 4])]:
        B = len(lengths)
        targets = torch.randint(C, (B, T), generator=generator)
        found.append((2 * randn(B, T, C), targets, torch.tensor(lengths)))
    return found


def variant(
    mask=lambda T, lengths: torch.arange(T) < lengths[:, None],
    average=lambda losses, mask, real: losses[mask].mean(),
    logits_as=lambda logits: logits,
    each=by_class,
    whole=None,
) -> Callable:
    """The mean cross-entropy over real steps, with its parts exchangeable; `real` is how many there are."""

    def loss(logits: Tensor, targets: Tensor, lengths: Tensor) -> Tensor:
        losses = each(logits_as(logits), targets)
        return average(losses, mask(targets.shape[1], lengths), lengths.sum())

    return whole or loss


EXERCISE = coding(
    masked_loss,
    asks="a loss without the padding",
    probes=probes,
    outputs=("the loss",),
    variant=variant,
    reads=one_number,
    errors=(TARGET_SIZE,),
    shapes="logits are (B, T, C), targets (B, T), lengths (B,).",
    slips=SLIPS,
)

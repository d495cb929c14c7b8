"""A loss over classes."""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional as F

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.losses import TARGET_SIZE, by_class, one_number, over_steps
from gates.exercises.common.probing import random_numbers
from gates.exercises.common.slips import same, slip


def class_loss(logits: Tensor, targets: Tensor) -> Tensor:
    """The mean cross-entropy over all steps of all samples.

    logits: as a linear layer gives them, (B, T, C). targets: classes, (B, T). Returns a tensor
    of one number.
    """
    return F.cross_entropy(logits.transpose(1, 2), targets)


def probes() -> Probes:
    randn, generator = random_numbers(58), torch.Generator().manual_seed(58)
    return [
        (2 * randn(B, T, C), torch.randint(C, (B, T), generator=generator))
        for B, T, C in [(4, 5, 3), (2, 3, 6)]
    ]


def _square_logits() -> Probes:
    """As many steps as classes, so that nothing complains."""
    randn, generator = random_numbers(59), torch.Generator().manual_seed(59)
    return [(2 * randn(3, 4, 4), torch.randint(4, (3, 4), generator=generator))]


def _poured(logits: Tensor, targets: Tensor) -> Tensor:
    B, T, C = logits.shape
    return F.cross_entropy(logits.reshape(B, C, T), targets, reduction="none")


def _classes_last(logits: Tensor, targets: Tensor) -> Tensor:
    return F.cross_entropy(logits, targets, reduction="none")


def variant(logits_as=same, each=by_class, average=torch.mean, whole=None) -> Callable:
    """The mean cross-entropy over all steps, with its parts exchangeable."""
    return whole or (lambda logits, targets: average(each(logits_as(logits), targets)))


def _poured_by_time(logits: Tensor, targets: Tensor) -> Tensor:
    B, T, C = logits.shape
    return by_class(logits.reshape(T, B, C), targets.T).mean()


def _poured_flat(logits: Tensor, targets: Tensor) -> Tensor:
    return F.cross_entropy(logits.reshape(logits.shape[-1], -1).T, targets.reshape(-1))


EXERCISE = coding(
    class_loss,
    asks="a loss over classes",
    probes=probes,
    square=_square_logits,
    outputs=("the loss",),
    variant=variant,
    reads=one_number,
    errors=(TARGET_SIZE,),
    shapes="logits are (B, T, C), targets (B, T).",
    slips=[
        slip("softmax-before-cross-entropy", logits_as=lambda logits: logits.softmax(-1)),
        slip(
            "softmax-before-cross-entropy",
            logits_as=lambda logits: logits.softmax(1),
            detail="It runs over the steps.",
        ),
        slip("classes-in-wrong-place", each=_classes_last),
        slip("classes-in-wrong-place", each=over_steps, detail="The softmax runs over the steps."),
        slip("view-for-transpose", each=_poured),
        slip("view-for-transpose", whole=_poured_by_time),
        slip("view-for-transpose", whole=_poured_flat),
        slip("summed-not-averaged", average=torch.sum),
        slip(
            "summed-not-averaged",
            average=lambda losses: losses.sum(1).mean(),
            detail="It is the sum over the steps.",
        ),
        slip(
            "summed-not-averaged",
            average=lambda losses: losses.sum(0).mean(),
            detail="It is the sum over the samples.",
        ),
        slip("loss-of-last-step-only", average=lambda losses: losses[:, -1].mean()),
    ],
)

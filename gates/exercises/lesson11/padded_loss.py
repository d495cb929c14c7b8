"""A loss that leaves padding out."""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional as F

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.losses import TARGET_SIZE, by_class, one_number
from gates.exercises.common.probing import random_numbers
from gates.exercises.common.slips import slip


def padded_loss(logits: Tensor, targets: Tensor, pad: int) -> Tensor:
    """The mean cross-entropy over all targets that are not padding.

    logits: (B, T, C). targets: classes, (B, T). pad: the class that stands where there is
    padding; it is the answer nowhere else. Returns a tensor of one number.
    """
    return F.cross_entropy(logits.transpose(1, 2), targets, ignore_index=pad)


def probes() -> Probes:
    """The class that stands for padding is 0 in one, another in the other, and real steps never have it."""
    randn, generator = random_numbers(93), torch.Generator().manual_seed(93)
    found = []
    for T, C, pad, lengths in ((6, 5, 0, [2, 6, 3, 4]), (5, 4, 2, [3, 2, 5])):
        B = len(lengths)
        targets = torch.randint(C - 1, (B, T), generator=generator)
        targets = targets + (targets >= pad)
        behind = torch.arange(T) >= torch.tensor(lengths)[:, None]
        found.append((2 * randn(B, T, C), targets.masked_fill(behind, pad), pad))
    return found


def _real(logits: Tensor, targets: Tensor, pad: int) -> tuple[Tensor, Tensor]:
    return by_class(logits, targets), targets != pad


def _over(average: Callable) -> Callable:
    """A loss that averages each step's losses, with a mask of the real ones."""
    return lambda logits, targets, pad: average(*_real(logits, targets, pad))


def _scores_hidden(logits: Tensor, targets: Tensor, pad: int) -> Tensor:
    """The logits of the padding are set to zero before the loss."""
    return by_class(logits * (targets != pad)[:, :, None], targets).mean()


def _class_hidden(logits: Tensor, targets: Tensor, pad: int) -> Tensor:
    """The score of the padding's class is taken away, and its steps are counted all the same."""
    kept = [k for k in range(logits.shape[2]) if k != pad]
    return by_class(logits[:, :, kept], targets.clamp(max=len(kept) - 1)).mean()


def _mean_of_samples(losses: Tensor, real: Tensor) -> Tensor:
    return ((losses * real).sum(1) / real.sum(1)).mean()


def _mean_of_steps(losses: Tensor, real: Tensor) -> Tensor:
    there = real.any(0)
    return ((losses * real).sum(0)[there] / real.sum(0)[there]).mean()


def _last_column(losses: Tensor, real: Tensor) -> Tensor:
    return losses[:, -1][real[:, -1]].mean()


def _also_padding(which: int) -> Callable:
    """The padding gets a real class, which is then left out wherever it stands."""

    def loss(logits: Tensor, targets: Tensor, pad: int) -> Tensor:
        ignored = which % logits.shape[2]
        moved = targets.masked_fill(targets == pad, ignored)
        return F.cross_entropy(logits.transpose(1, 2), moved, ignore_index=ignored)

    return loss


def _last_only(losses: Tensor, real: Tensor) -> Tensor:
    return losses[torch.arange(len(losses)), real.sum(1) - 1].mean()


def _other_pad(which: Callable) -> Callable:
    return lambda logits, targets, pad: F.cross_entropy(
        logits.transpose(1, 2), targets, ignore_index=which(logits, pad)
    )


EXERCISE = coding(
    padded_loss,
    asks="a loss that leaves padding out",
    probes=probes,
    outputs=("the loss",),
    reads=one_number,
    errors=(TARGET_SIZE,),
    shapes="logits are (B, T, C), targets (B, T).",
    slips=[
        slip(
            "loss-over-padding",
            whole=lambda logits, targets, pad: F.cross_entropy(logits.transpose(1, 2), targets),
        ),
        slip("loss-over-padding", whole=_other_pad(lambda logits, pad: -100)),
        slip("loss-divided-by-all", whole=_over(lambda losses, real: (losses * real).mean())),
        slip("masked-before-the-loss", whole=_scores_hidden),
        slip(
            "masked-before-the-loss",
            whole=_class_hidden,
            detail="It is the padding's class that is taken away.",
        ),
        slip(
            "mean-of-means", whole=_over(_mean_of_samples), detail="It is a mean for each sample."
        ),
        slip("summed-not-averaged", whole=_over(lambda losses, real: (losses * real).sum())),
        slip(
            "divided-by-samples",
            whole=_over(lambda losses, real: (losses * real).sum() / len(losses)),
        ),
        slip("mask-inverted", whole=_over(lambda losses, real: losses[~real].mean())),
        slip("mean-of-means", whole=_over(_mean_of_steps), detail="It is a mean for each step."),
        slip("loss-of-last-step-only", whole=_over(_last_only)),
        slip("loss-of-last-step-only", whole=_over(_last_column)),
        slip(
            "another-class-ignored",
            "Another class than the padding's is left out, or the padding has been given a class that real steps have.",
            "`pad` is the class to leave out, whatever number it is, and no other: ignore_index=pad.",
            whole=_also_padding(0),
        ),
        slip("another-class-ignored", whole=_also_padding(-1)),
        slip("another-class-ignored", whole=_other_pad(lambda logits, pad: 1)),
        slip("another-class-ignored", whole=_other_pad(lambda logits, pad: logits.shape[2] - 1)),
        slip("another-class-ignored", whole=_other_pad(lambda logits, pad: 0)),
        slip(
            "softmax-before-cross-entropy",
            whole=lambda logits, targets, pad: F.cross_entropy(
                logits.softmax(-1).transpose(1, 2), targets, ignore_index=pad
            ),
        ),
        slip(
            "classes-in-wrong-place",
            whole=lambda logits, targets, pad: F.cross_entropy(
                logits.reshape(len(logits), logits.shape[2], -1), targets, ignore_index=pad
            ),
        ),
    ],
)

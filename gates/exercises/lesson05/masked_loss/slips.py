"""Mistakes in a loss without the padding."""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional as F

from gates.exercises.common.losses import by_class, over_steps
from gates.exercises.common.slips import slip


def _zeros_in_padding(scores: bool, classes: bool, over_real: bool = False) -> Callable:
    """The mean over all steps, with scores or classes of the padding set to zero before."""

    def loss(logits: Tensor, targets: Tensor, lengths: Tensor) -> Tensor:
        mask = torch.arange(targets.shape[1]) < lengths[:, None]
        logits = logits * mask[:, :, None] if scores else logits
        losses = by_class(logits, targets * mask if classes else targets)
        return losses.sum() / lengths.sum() if over_real else losses.mean()

    return loss


def _class_as_padding(which: int) -> Callable:
    """The padding gets a class that is ignored, and so are the real steps that have it."""

    def loss(logits: Tensor, targets: Tensor, lengths: Tensor) -> Tensor:
        ignored = which % logits.shape[2]
        mask = torch.arange(targets.shape[1]) < lengths[:, None]
        targets = targets.where(mask, torch.full_like(targets, ignored))
        return F.cross_entropy(logits.transpose(1, 2), targets, ignore_index=ignored)

    return loss


def _class_left_out(which: int, masked: bool, over: str) -> Callable:
    """The steps of a class are left out, as `ignore_index` does; divided by what is kept, by real steps, or by all."""

    def loss(logits: Tensor, targets: Tensor, lengths: Tensor) -> Tensor:
        real = torch.arange(targets.shape[1]) < lengths[:, None]
        kept = (targets != which % logits.shape[2]) & (real if masked else True)
        count = {"kept": kept.sum(), "real": real.sum(), "all": real.numel()}[over]
        return (by_class(logits, targets) * kept).sum() / count

    return loss


def _total(losses: Tensor, mask: Tensor, real: Tensor) -> Tensor:
    return (losses * mask).sum()


def _over_real(losses: Tensor, mask: Tensor, real: Tensor) -> Tensor:
    return (losses * mask).sum() / real


def _mean_of_means(losses: Tensor, mask: Tensor, real: Tensor) -> Tensor:
    return ((losses * mask).sum(1) / mask.sum(1)).mean()


def _mean_of_step_means(losses: Tensor, mask: Tensor, real: Tensor) -> Tensor:
    """The mean over the samples that are still there at each step, averaged over the steps that have any."""
    any_left = mask.sum(0) > 0
    return ((losses * mask).sum(0)[any_left] / mask.sum(0)[any_left]).mean()


def _scrambled(logits: Tensor) -> Tensor:
    """What view(B, C, T) makes of logits (B, T, C), seen with the classes last again."""
    B, T, C = logits.shape
    return logits.reshape(B, C, T).transpose(1, 2)


def _one_more(T: int, lengths: Tensor) -> Tensor:
    return torch.arange(T) <= lengths[:, None]


def _one_less(T: int, lengths: Tensor) -> Tensor:
    return torch.arange(T) < lengths[:, None] - 1


SLIPS = [
    slip("loss-over-padding", average=lambda losses, mask, real: losses.mean()),
    slip(
        "loss-over-padding",
        average=lambda losses, mask, real: losses.sum() / real,
        detail="The sum is divided by the real ones.",
    ),
    slip("loss-divided-by-all", average=lambda losses, mask, real: (losses * mask).mean()),
    slip("mean-of-means", average=_mean_of_means, detail="It is a mean for each sample."),
    slip("mean-of-means", average=_mean_of_step_means, detail="It is a mean for each step."),
    slip("summed-not-averaged", average=_total),
    slip(
        "divided-by-samples",
        average=lambda losses, mask, real: _total(losses, mask, real) / len(losses),
    ),
    *[
        slip("masked-before-the-loss", whole=_zeros_in_padding(scores, classes, over_real))
        for scores, classes in ((True, False), (False, True), (True, True))
        for over_real in (False, True)
    ],
    *[
        slip(
            "real-class-ignored",
            "A class that real steps may have is ignored as if it were padding.",
            "ignore_index has to be a number that is no class, as −100 is by itself.",
            whole=_class_as_padding(which),
            seen=("pytorch/tutorials#2870",),
        )
        for which in (0, -1)
    ],
    *[
        slip("real-class-ignored", whole=_class_left_out(which, masked, over), detail=detail)
        for which in (0, 1, -1)
        for masked, over, detail in (
            (False, "kept", "And the padding is counted."),
            (True, "kept", "The padding is left out, too."),
            (True, "real", "The padding is left out, too, and it is divided by the real steps."),
            (False, "all", "And the padding is counted, and all steps are divided by."),
        )
    ],
    slip("mask-inverted", mask=lambda T, lengths: torch.arange(T) >= lengths[:, None]),
    slip(
        "mask-one-too-many",
        "One step of padding is counted for each sample.",
        "A sample of length n has the steps 0 to n − 1: the mask is steps < lengths.",
        mask=_one_more,
    ),
    slip("mask-one-too-many", mask=_one_more, average=_over_real),
    slip(
        "mask-one-too-few",
        "The last real step of each sample is left out.",
        "A sample of length n has the steps 0 to n − 1: the mask is steps < lengths.",
        mask=_one_less,
    ),
    slip("mask-one-too-few", mask=_one_less, average=_over_real),
    slip("softmax-before-cross-entropy", logits_as=lambda logits: logits.softmax(-1)),
    slip("classes-in-wrong-place", logits_as=_scrambled),
    slip("classes-in-wrong-place", each=over_steps, detail="The softmax runs over the steps."),
]

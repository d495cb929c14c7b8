"""Mistakes in the loss of each sentence."""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional as F

from gates.exercises.common.slips import slip
from gates.translation.characters import Sign


def _softmax_over(dimension: int) -> Callable:
    """Losses of which the softmax runs over another dimension than that of the classes."""

    def losses(logits: Tensor, targets: Tensor) -> Tensor:
        return -logits.log_softmax(dimension).gather(2, targets[:, :, None])[:, :, 0]

    return losses


def _scrambled(logits: Tensor) -> Tensor:
    """What view(T, V, B) makes of logits (T, B, V), seen with the classes last again."""
    T, B, V = logits.shape
    return logits.reshape(T, V, B).transpose(1, 2)


def _zeros_in_padding(logits: Tensor, targets: Tensor) -> Tensor:
    losses = F.cross_entropy(
        (logits * (targets != Sign.PAD)[:, :, None]).transpose(1, 2), targets, reduction="none"
    )
    return losses.sum(0)


def _shifted(logits: Tensor, targets: Tensor) -> Tensor:
    """Each character is looked for in the scores of the step before it."""
    losses = F.cross_entropy(logits[:-1].transpose(1, 2), targets[1:], reduction="none")
    return (losses * (targets[1:] != Sign.PAD)).sum(0)


def _without_first(losses: Tensor, mask: Tensor) -> Tensor:
    return (losses * mask)[1:].sum(0)


def _in_one(reduction: str) -> Callable:
    """One number for the whole batch, without its padding."""

    def loss(logits: Tensor, targets: Tensor) -> Tensor:
        return F.cross_entropy(
            logits.transpose(1, 2), targets, ignore_index=Sign.PAD, reduction=reduction
        )

    return loss


SLIPS = [
    slip(
        "sentence-pays-for-padding",
        "A sentence pays for its padding, too.",
        "Multiply each loss by whether its target is a character, targets != Sign.PAD, before you add.",
        mask=torch.ones_like,
    ),
    slip(
        "mask-inverted",
        mask=lambda targets: targets == Sign.PAD,
        detail="Here a step is real where its target is not PAD.",
    ),
    slip(
        "end-costs-nothing",
        "END is left out, so that a network is never taught where a sentence ends.",
        "END is a character like any other that has to be written; only PAD is none.",
        mask=lambda targets: targets > Sign.END,
    ),
    slip(
        "first-character-free",
        "The first character of each sentence is left out.",
        "The targets begin with the first character, since BEGIN is not among them: add from step 0.",
        total=_without_first,
    ),
    slip(
        "shifted-once-more",
        "Each character is looked for in the scores of the step before.",
        "logits[t] are the scores for targets[t] already: what the decoder is told, and not the target, is one step behind.",
        whole=_shifted,
    ),
    slip(
        "sentence-loss-averaged",
        "The loss of each sentence is divided by its number of characters.",
        "The sum is asked for: with a minus it is the log probability of the whole sentence.",
        total=lambda losses, mask: (losses * mask).sum(0) / mask.sum(0),
    ),
    slip(
        "sentence-loss-divided-alike",
        "The loss of each sentence is divided by the number of all steps, padding among them.",
        "The sum is asked for, and nothing is divided: add over the steps, sum(0).",
        total=lambda losses, mask: (losses * mask).mean(0),
    ),
    slip(
        "sentence-loss-divided-alike",
        total=lambda losses, mask: (losses * mask).sum(0) / mask.sum(),
        detail="It is divided by the number of all characters in the batch.",
    ),
    slip(
        "one-loss-for-all-sentences",
        "One number comes back for the whole batch.",
        'Take reduction="none", and add over the steps alone, sum(0): a number for each sentence, (B,).',
        whole=_in_one("mean"),
    ),
    slip("one-loss-for-all-sentences", whole=_in_one("sum")),
    slip("one-loss-for-all-sentences", total=lambda losses, mask: (losses * mask).sum()),
    slip("one-loss-for-all-sentences", total=lambda losses, mask: losses[mask.bool()].mean()),
    slip(
        "added-over-sentences",
        "The losses are added over the sentences, which leaves a number for each step.",
        "The steps are the first dimension of (T, B): add over it, sum(0).",
        total=lambda losses, mask: (losses * mask).sum(1),
    ),
    slip(
        "losses-not-added",
        "The losses of the characters come back, (T, B), one by one.",
        "Add them over the steps, sum(0).",
        total=lambda losses, mask: losses * mask,
    ),
    slip(
        "log-probability-for-loss",
        "The sign is that of a log probability.",
        "A loss is minus the log probability: it is 0 for a sentence that is certain, and above 0 for any other.",
        total=lambda losses, mask: -(losses * mask).sum(0),
    ),
    slip(
        "probabilities-for-losses",
        "Probabilities are added where losses should be.",
        "The loss of a character is minus the logarithm of its probability, which cross_entropy takes.",
        total=lambda losses, mask: (torch.exp(-losses) * mask).sum(0),
    ),
    slip("masked-before-the-loss", whole=_zeros_in_padding),
    slip("softmax-before-cross-entropy", logits_as=lambda logits: logits.softmax(-1)),
    slip("classes-in-wrong-place", logits_as=_scrambled),
    slip(
        "classes-in-wrong-place",
        losses=_softmax_over(0),
        detail="The softmax runs over the steps.",
    ),
    slip(
        "classes-in-wrong-place",
        losses=_softmax_over(1),
        detail="The softmax runs over the sentences.",
    ),
]

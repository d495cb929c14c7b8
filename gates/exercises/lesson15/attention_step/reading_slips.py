"""Mistakes in how the weights of additive attention are made, with the mask, and in what is read with them."""

import torch
from torch import Tensor

from gates.exercises.common.slips import same, slip


def _as_it_is(scores: Tensor, mask: Tensor) -> Tensor:
    return scores


def _one(weights: Tensor, states: Tensor) -> Tensor:
    """The state with the largest weight alone."""
    return states[weights.argmax(0), torch.arange(weights.shape[1])]


SLIPS = [
    slip(
        "attention-reads-padding",
        "The mask is not used, so that padding is read.",
        "Before the softmax, give the places where mask is false the lowest number there is.",
        use_mask=torch.ones_like,
    ),
    slip(
        "attention-mask-inverted",
        "The mask is the wrong way round: padding is read, and the text is not.",
        "mask is true where a state may be read; masked_fill fills where it is told true, so it is told ~mask.",
        use_mask=torch.logical_not,
    ),
    slip(
        "attention-mask-inverted",
        filled=lambda scores, mask: scores.masked_fill(mask, torch.finfo(scores.dtype).min),
        after=lambda weights, mask: weights,
    ),
    slip(
        "masked-after-softmax",
        "The mask comes after the softmax only, so that the weights of what may be read do not add up to 1.",
        "The softmax divides by all that it is given: take the padding out before it.",
        filled=_as_it_is,
    ),
    slip(
        "masked-after-softmax",
        filled=_as_it_is,
        after=lambda weights, mask: weights * mask / (weights * mask).sum(0).clamp(min=1e-9),
        detail="To divide once more does not bring back what the padding has taken away down to the last digit.",
    ),
    slip(
        "padding-not-low-enough",
        "The scores of the padding are set to a number that a real score may lie below.",
        "Take the lowest number there is, torch.finfo(scores.dtype).min.",
        filled=lambda scores, mask: scores.masked_fill(~mask, -100.0),
    ),
    slip(
        "padding-not-low-enough",
        filled=lambda scores, mask: scores.masked_fill(~mask, -100.0),
        after=lambda weights, mask: weights,
    ),
    slip(
        "mask-taken-for-a-length",
        "The mask is taken for a length: so many states from the first on, whichever it says.",
        "Use the mask as it is: it is true just where a state may be read.",
        use_mask=lambda mask: torch.arange(len(mask))[:, None] < mask.sum(0),
    ),
    slip(
        "padding-scored-zero",
        "The scores of the padding are set to 0, which is a score like any other.",
        "After exp a score of 0 counts as 1. Set it to the lowest number there is, torch.finfo(scores.dtype).min.",
        filled=lambda scores, mask: scores * mask,
        after=lambda weights, mask: weights,
    ),
    slip(
        "padding-scored-zero",
        filled=lambda scores, mask: scores * mask,
        detail="Afterward its weights are set to 0, too, and the others do not add up to 1.",
    ),
    slip(
        "softmax-over-batch",
        "The softmax runs over the samples, so that the weights of one depend on the others.",
        "The steps of the source are the first dimension of the scores, (S, B): softmax(0).",
        normed=lambda scores: scores.softmax(1),
    ),
    slip(
        "weights-not-normed",
        "The weights of a sample do not add up to 1.",
        "Take the softmax over the steps of the source, softmax(0).",
        normed=torch.sigmoid,
        detail="They are sigmoids, each by itself.",
    ),
    slip(
        "weights-not-normed", normed=torch.exp, detail="They are exponentials, without their sum."
    ),
    slip("weights-not-normed", normed=same, detail="They are the scores."),
    slip(
        "context-of-keys",
        "The keys are averaged where the states should be.",
        "Keys say how well a state fits, and the states are what is read: weights ⊙ states.",
        read=lambda weights, keys, states: keys,
    ),
    slip(
        "context-over-batch",
        "The states are added over the samples, and not over the steps of the source.",
        "The context has one row a sample, (B, M): add over the first dimension, sum(0).",
        gathered=lambda weights, states: (weights[:, :, None] * states).sum(1),
    ),
    slip(
        "context-divided-again",
        "The weighted sum is divided by the number of steps.",
        "The weights add up to 1, so the weighted sum is a mean already: sum(0), not mean(0).",
        gathered=lambda weights, states: (weights[:, :, None] * states).mean(0),
    ),
    slip(
        "context-unweighted",
        "The states are added without their weights.",
        "Multiply each state by its weight first: weights[:, :, None] * states.",
        gathered=lambda weights, states: states.sum(0),
    ),
    slip(
        "reads-one-state",
        "Only the state with the largest weight is read.",
        "The context is a mean of all states by their weights, so that gradients reach each of them.",
        gathered=_one,
    ),
    slip(
        "scores-for-weights",
        "The scores come back where the weights were asked for.",
        "The second result is what the softmax gives, with zeros where nothing may be read.",
        shown=lambda weights, scores: scores,
    ),
    slip(
        "weights-before-context",
        "The weights come back first, and the context second.",
        "Return context, weights.",
        returns=lambda context, weights: (weights, context),
    ),
]

"""One step of additive attention, with its mask."""

from collections.abc import Callable

import torch
from torch import Tensor

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.mistake import Mistake
from gates.exercises.common.probing import random_numbers
from gates.exercises.common.slips import same
from gates.exercises.lesson15.attention_step.slips import SLIPS
from gates.translation.attention import attention_step


def step(S: int, B: int, A: int, M: int, lengths: list[int], seed: int) -> tuple:
    """One probe: query, keys, states, v and the mask of sources of these lengths."""
    randn = random_numbers(seed)
    mask = torch.arange(S)[:, None] < torch.tensor(lengths)
    return randn(B, A), randn(S, B, A), randn(S, B, M), randn(A), mask


def probes() -> Probes:
    return [
        step(5, 3, 4, 2, [5, 2, 3], 151),
        step(4, 2, 3, 5, [1, 4], 152),
        _with_a_hole(),
        _far_apart(),
    ]


def _with_a_hole() -> tuple:
    """A mask that is no beginning: what may be read lies on both sides of what may not."""
    *rest, _ = step(4, 2, 3, 2, [4, 4], 158)
    return *rest, torch.tensor([[True, False], [False, True], [True, False], [True, True]])


def _far_apart() -> tuple:
    """Scores below −100 where one may read, and high ones in the padding."""
    query, keys, states, v, mask = step(3, 2, 4, 2, [2, 1], 159)
    keys = torch.where(mask[:, :, None], -3 - keys.abs(), 3 + keys.abs())
    return query / 4, keys, states, 26 + v.abs() / 4, mask


def _small() -> Probes:
    return [
        step(1, 3, 2, 4, [1, 1, 1], 153),
        step(3, 1, 2, 4, [2], 154),
        step(3, 2, 1, 1, [3, 1], 155),
    ]


def _nothing_to_read() -> Probes:
    return [step(4, 3, 2, 5, [2, 0, 4], 156), step(2, 2, 3, 1, [0, 0], 157)]


def _filled(scores: Tensor, mask: Tensor) -> Tensor:
    return scores.masked_fill(~mask, torch.finfo(scores.dtype).min)


def variant(
    joined=lambda query, keys: query + keys,
    squash=torch.tanh,
    scored=lambda found, v: found @ v,
    use_mask=same,
    filled=_filled,
    normed=lambda scores: scores.softmax(0),
    after=lambda weights, mask: weights * mask,
    read=lambda weights, keys, states: states,
    gathered=lambda weights, states: (weights[:, :, None] * states).sum(0),
    shown=lambda weights, scores: weights,
    returns=lambda context, weights: (context, weights),
) -> Callable:
    """The step with exchangeable parts."""

    def attending(query: Tensor, keys: Tensor, states: Tensor, v: Tensor, mask: Tensor) -> tuple:
        scores = scored(squash(joined(query, keys)), v)
        may = use_mask(mask)
        weights = after(normed(filled(scores, may)), may)
        context = gathered(weights, read(weights, keys, states))
        return returns(context, shown(weights, scores))

    return attending


EXERCISE = coding(
    attention_step,
    asks="one step of additive attention, with its mask",
    probes=probes,
    small=_small,
    also=(_nothing_to_read, "nothing-to-read"),
    outputs=("the context", "the weights"),
    variant=variant,
    gradients=True,
    shapes="query is (B, A), keys are (S, B, A), states (S, B, M), v is (A,) and mask (S, B).",
    slips=SLIPS,
    mistakes=(
        Mistake(
            "nothing-to-read",
            "Where a sample has nothing that may be read, its weights and its context have to be 0, and are not.",
            "−inf in all places makes NaN: fill with the lowest finite number, torch.finfo(scores.dtype).min, and multiply the weights by the mask after the softmax.",
        ),
    ),
)

"""What gates leave of a memory."""

from collections.abc import Callable

import torch
from torch import Tensor

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.probing import random_numbers
from gates.exercises.common.slips import slip


def what_is_left(fs: Tensor, t: int) -> Tensor:
    """The fraction of the memory after step t that is still there after the last step.

    fs: the forget gates of the steps 1 to T, (T, H), so fs[0] belongs to step 1.
    t: from 0, before the first step, to T - 1. Returns a fraction for each unit, (H,).
    """
    return fs[t:].prod(0)


def probes() -> Probes:
    randn = random_numbers(12)
    return [
        (torch.sigmoid(randn(7, 2)), 3),
        (torch.sigmoid(randn(5, 3)), 2),
        (torch.sigmoid(randn(4, 2)), 0),
    ]


def variant(
    keep=lambda fs: fs, steps=lambda fs, t: fs[t:], combine=lambda fs: fs.prod(0), whole=None
) -> Callable:
    """What is left of the memory after step t, with the parts of it exchangeable."""
    return whole or (lambda fs, t: combine(steps(keep(fs), t)))


_BY_HAND = "With the gates 0.5 and 0.8, 0.8 is left of what was there after step 1."


EXERCISE = coding(
    what_is_left,
    asks="what gates leave of a memory",
    probes=probes,
    variant=variant,
    gradients=True,
    slips=[
        slip("f-means-forget", keep=lambda fs: 1 - fs),
        slip("one-step-too-many", steps=lambda fs, t: fs[max(t - 1, 0) :], detail=_BY_HAND),
        slip("one-step-too-many", steps=lambda fs, t: fs[t - 1 :], detail=_BY_HAND),
        slip(
            "one-step-too-many",
            steps=lambda fs, t: fs[list(range(t - 1, len(fs)))],
            detail=_BY_HAND,
        ),
        slip("one-step-too-few", steps=lambda fs, t: fs[t + 1 :], detail="It is the first."),
        slip("one-step-too-few", steps=lambda fs, t: fs[t:-1], detail="It is the last."),
        slip(
            "steps-before-counted",
            "The gates of the steps before t are multiplied, and not those after it.",
            "Counting steps from 1, a memory made at step t meets the gates of the steps t + 1 to T. Python counts from 0, so these are fs[t:].",
            steps=lambda fs, t: fs[:t],
        ),
        slip("steps-before-counted", steps=lambda fs, t: fs[: t + 1]),
        slip(
            "start-ignored",
            "All gates are multiplied, whatever t is.",
            "What is there after step t has met the gates of the steps 1 to t already: only the later ones count.",
            steps=lambda fs, t: fs,
        ),
        slip(
            "one-gate-for-all-steps",
            "One gate is taken to the power of the number of steps, as if all were equal.",
            "Each step has a gate of its own: multiply them.",
            whole=lambda fs, t: fs[t] ** (len(fs) - t),
        ),
        slip("one-gate-for-all-steps", whole=lambda fs, t: fs[-1] ** (len(fs) - t)),
        slip("steps-add-up", combine=lambda fs: fs.sum(0)),
        slip("mean-for-product", combine=lambda fs: fs.mean(0) ** len(fs)),
        slip("mean-for-product", combine=lambda fs: fs.mean(0), detail="No power is taken."),
        slip(
            "mean-for-product",
            whole=lambda fs, t: fs.mean(0) ** (len(fs) - t),
            detail="It is the mean over all steps.",
        ),
    ],
)

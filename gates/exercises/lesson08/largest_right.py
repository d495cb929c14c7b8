"""The largest n that is right."""

from collections.abc import Callable

import torch
from torch import Tensor

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.seen import error
from gates.exercises.common.slips import slip
from gates.tasks.counting import largest_right


def probes() -> Probes:
    """With a gap, without one, with none right, and with all right."""
    rows = ([1, 1, 1, 0, 1, 1, 0], [1, 1, 0, 0, 0], [0, 1, 1, 0], [1, 1, 1], [1, 0, 1, 0, 0, 1, 0])
    return [(torch.tensor(row, dtype=torch.bool),) for row in rows]


def variant(whole=None) -> Callable:
    """The largest n up to which all is right."""
    return whole or (lambda right: int(right.long().cumprod(0).sum()))


def _last_right(right: Tensor) -> int:
    places = right.nonzero()
    return int(places[-1]) + 1 if len(places) else 0


def _longest_run(right: Tensor) -> int:
    most = run = 0
    for one in right.tolist():
        run = run + 1 if one else 0
        most = max(most, run)
    return most


def _first_wrong(right: Tensor) -> int:
    return int(right.long().cumprod(0).sum())


EXERCISE = coding(
    largest_right,
    asks="the largest n that is right",
    probes=probes,
    outputs=("the largest n",),
    variant=variant,
    reads=lambda n, arguments: float(n),
    errors=(
        error(
            "out of bounds|out of range|empty",
            "all-right-is-none",
            "For a list that is all right, something else than its length comes back.",
            "If all N are right, the answer is N. Searching for the first wrong one finds nothing then.",
        ),
    ),
    slips=[
        slip(
            "gap-ignored",
            "The last right n comes back, though there are wrong ones before it.",
            "All n from 1 up have to be right: stop at the first wrong one.",
            whole=_last_right,
        ),
        slip(
            "gap-ignored",
            whole=lambda right: max(_last_right(right) - 1, 0),
            detail="And counted from 0.",
        ),
        slip(
            "counts-the-right-ones",
            "The right answers are counted, also those beyond the first wrong one.",
            "Stop at the first wrong one. cumprod turns everything after it to 0.",
            whole=lambda right: int(right.sum()),
        ),
        slip(
            "longest-run-anywhere",
            "The longest run of right answers is taken, wherever it starts.",
            "The run has to start at n = 1.",
            whole=_longest_run,
        ),
        slip(
            "first-wrong-returned",
            "The first n that is wrong comes back, one too many.",
            "Asked for is the last n before it.",
            whole=lambda right: _first_wrong(right) + 1,
        ),
        slip("first-wrong-returned", whole=lambda right: min(_first_wrong(right) + 1, len(right))),
        slip(
            "largest-counted-from-zero",
            "The number is one too small: the first entry stands for n = 1.",
            "right[0] is n = 1, so k right answers from the start mean n = k.",
            whole=lambda right: max(_first_wrong(right) - 1, 0),
        ),
        slip("largest-counted-from-zero", whole=lambda right: _first_wrong(right) - 1),
        slip(
            "share-for-largest",
            "The share of right answers comes back.",
            "Asked for is an n: how far it goes from n = 1 without a mistake.",
            whole=lambda right: right.double().mean().item(),
        ),
        slip(
            "always-the-most",
            "The length of the list comes back, whatever is right.",
            "Stop at the first wrong one.",
            whole=lambda right: len(right),
        ),
        slip("all-right-is-none", whole=lambda right: 0 if right.all() else _first_wrong(right)),
        slip("all-right-is-none", whole=lambda right: int((~right).long().argmax())),
    ],
)

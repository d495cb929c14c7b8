"""The targets of the adding problem."""

from collections.abc import Callable

import torch
from torch import Tensor

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.slips import slip


def adding_targets(xs: Tensor) -> Tensor:
    """What the adding problem asks for: the sum of the two marked numbers.

    xs: (T, B, 2). At each step the first entry is a number, the second its mark, 1 or 0.
    Returns a sum for each sample, (B,).
    """
    numbers, marks = xs[..., 0], xs[..., 1]
    return (numbers * marks).sum(0)


def probes() -> Probes:
    generator = torch.Generator().manual_seed(70)
    found = []
    for T, B in ((7, 4), (5, 3)):
        numbers, marks = torch.rand(T, B, generator=generator), torch.zeros(T, B)
        for b in range(B):
            marks[torch.randperm(T, generator=generator)[:2], b] = 1
        found.append((torch.stack([numbers, marks], -1).double(),))
    return found


def variant(
    combine=lambda numbers, marks: numbers * marks, over=lambda values: values.sum(0), whole=None
) -> Callable:
    """The sum of the marked numbers, with its parts exchangeable."""
    return whole or (lambda xs: over(combine(xs[..., 0], xs[..., 1])))


def _product(xs: Tensor) -> Tensor:
    return torch.where(xs[..., 1] == 1, xs[..., 0], 1).prod(0)


def _last_marked(xs: Tensor) -> Tensor:
    backward = xs.flip(0)
    return backward[..., 0].gather(0, backward[..., 1].argmax(0)[None])[0]


EXERCISE = coding(
    adding_targets,
    asks="the targets of the adding problem",
    probes=probes,
    outputs=("the sum",),
    variant=variant,
    pairs=False,
    shapes="xs is (T, B, 2): the sum goes over the steps, and a sample's sum is one number.",
    slips=[
        slip(
            "marks-ignored",
            "All numbers are added, whether they are marked or not.",
            "Only the two numbers with a mark count: a product with the mark makes all others 0.",
            combine=lambda numbers, marks: numbers,
        ),
        slip(
            "marks-added",
            "The marks are added to the numbers.",
            "A mark says whether a number counts, so multiply by it.",
            combine=lambda numbers, marks: numbers + marks,
        ),
        slip(
            "marks-counted",
            "The marks are added up, and the numbers do not enter.",
            "Multiply each number by its mark before you add.",
            combine=lambda numbers, marks: marks,
        ),
        slip(
            "unmarked-taken",
            "The numbers without a mark are added.",
            "A mark of 1 says that the number counts.",
            combine=lambda numbers, marks: numbers * (1 - marks),
        ),
        slip(
            "adds-over-samples",
            "The sum runs over the samples, where it should run over the steps.",
            "xs is (T, B, 2), so the steps are dimension 0.",
            over=lambda values: values.sum(1),
        ),
        slip(
            "mean-for-sum",
            "A mean comes back where the sum is asked for.",
            "The target is the sum of the two marked numbers, so it may exceed 1.",
            over=lambda values: values.mean(0),
            detail="It is that over all steps.",
        ),
        slip(
            "mean-for-sum", over=lambda values: values.sum(0) / 2, detail="It is that of the two."
        ),
        slip(
            "adds-everything",
            "All samples are added into one number.",
            "Each sample has a sum of its own: name the dimension, .sum(0).",
            over=lambda values: values.sum(),
        ),
        slip(
            "adds-everything",
            over=lambda values: values.sum().expand(values.shape[1]),
            detail="Each sample gets it.",
        ),
        slip(
            "product-for-sum",
            "The two marked numbers are multiplied.",
            "Multiply each number by its mark, and then add the steps up.",
            whole=_product,
        ),
        slip(
            "one-number-only",
            "Only one of the two marked numbers comes back.",
            "Both count: add over all steps, after multiplying by the marks.",
            whole=lambda xs: (xs[..., 0] * xs[..., 1]).max(0).values,
        ),
        slip(
            "one-number-only",
            whole=lambda xs: xs[..., 0].gather(0, xs[..., 1].argmax(0)[None])[0],
            detail="It is the first.",
        ),
        slip("one-number-only", whole=_last_marked, detail="It is the last."),
    ],
)

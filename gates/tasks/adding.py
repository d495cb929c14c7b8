"""The adding problem: of many numbers two are marked, and their sum is asked for at the end."""

import torch
from torch import Tensor

from gates.tasks.task import Batch, Task, at_last, at_least, batch, chosen


def adding(length: int = 50) -> Task:
    """Each step has a number from 0 to 1 and a mark; one mark is in the first half, one in the second.

    length: how many steps, at least 2.
    """
    at_least("length", length, 2)

    def sample(B: int, generator: torch.Generator, part: str) -> Batch:
        numbers = torch.rand(length, B, generator=generator)
        marks, samples = torch.zeros(length, B), torch.arange(B)
        first = torch.randint(length // 2, (B,), generator=generator)
        second = torch.randint(length // 2, length, (B,), generator=generator)
        marks[first, samples] = marks[second, samples] = 1
        lengths = torch.full((B,), length)
        targets = at_last((numbers * marks).sum(0), lengths, length)
        return batch(torch.stack([numbers, marks], -1), targets)

    def show(of: Batch, b: int) -> str:
        steps = [f"{x:.2f}" + ("*" if mark else "") for x, mark in of.xs[:, b].tolist()]
        return f"{' '.join(steps)} → {of.targets[-1, b]:.2f}"

    def trivial(of: Batch) -> Tensor:
        return torch.ones(*of.targets.shape, 1)

    return Task(
        name="adding",
        options=chosen(adding, length=length),
        I=2,
        O=1,
        score="error",
        chance=1 / 6,  # the variance of the sum of two numbers from 0 to 1
        baseline="always answer 1, the mean of the sums",
        trivial=trivial,
        solved=0.01,
        source="Hochreiter and Schmidhuber (1997), Long Short-Term Memory; this form: Le, Jaitly and Hinton (2015)",
        sample=sample,
        show=show,
    )

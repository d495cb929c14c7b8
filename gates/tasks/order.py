"""Temporal order: in which order did two marked symbols come?"""

import torch

from gates.tasks.task import Batch, Task, always, at_last, at_least, batch, chosen, one_hot

_NAMES = "abcdXY"


def temporal_order(length: int = 30) -> Task:
    """X or Y comes once in the second tenth of the steps and once in the sixth; all else is a, b, c or d at random.

    length: how many steps, at least 10.
    """
    at_least("length", length, 10)
    tenth = length // 10

    def sample(B: int, generator: torch.Generator, part: str) -> Batch:
        seen, samples = torch.randint(4, (length, B), generator=generator), torch.arange(B)
        marks = torch.randint(2, (2, B), generator=generator)
        for start, mark in zip((tenth, 5 * tenth), marks, strict=True):
            place = torch.randint(start, start + tenth, (B,), generator=generator)
            seen[place, samples] = 4 + mark
        answer = 2 * marks[0] + marks[1]
        return batch(one_hot(seen, 6), at_last(answer, torch.full((B,), length), length))

    def show(of: Batch, b: int) -> str:
        seen = "".join(_NAMES[k] for k in of.xs[:, b].argmax(-1).tolist())
        first, second = divmod(int(of.targets[-1, b]), 2)
        return f"{seen} → {'XY'[first]} then {'XY'[second]}"

    return Task(
        name="temporal order",
        options=chosen(temporal_order, length=length),
        I=6,
        O=4,
        score="accuracy",
        chance=0.25,
        baseline="always answer the same order",
        trivial=always(4, 0),
        solved=0.99,
        source="Hochreiter and Schmidhuber (1997), Long Short-Term Memory, task 6a",
        sample=sample,
        show=show,
    )

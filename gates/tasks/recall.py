"""Delayed recall: at every step the symbol of a fixed number of steps ago is asked for."""

import torch

from gates.tasks.task import NONE, Batch, Task, always, at_least, batch, chosen, one_hot


def delayed_recall(delay: int = 5, length: int = 40, kinds: int = 4) -> Task:
    """A stream of symbols; from step `delay` on, the target is what came `delay` steps before.

    delay: at least 1. length: how many steps, more than the delay.
    """
    at_least("delay", delay, 1)
    at_least("length", length, delay + 1)

    def sample(B: int, generator: torch.Generator, part: str) -> Batch:
        seen = torch.randint(kinds, (length, B), generator=generator)
        targets = torch.full((length, B), NONE)
        targets[delay:] = seen[:-delay]
        return batch(one_hot(seen, kinds), targets)

    def show(of: Batch, b: int) -> str:
        seen = "".join("abcdefghij"[k] for k in of.xs[:, b].argmax(-1).tolist())
        asked = "".join("·" if k == NONE else "abcdefghij"[k] for k in of.targets[:, b].tolist())
        return f"{seen} → {asked}"

    return Task(
        name="delayed recall",
        options=chosen(delayed_recall, delay=delay, length=length, kinds=kinds),
        I=kinds,
        O=kinds,
        score="accuracy",
        chance=1 / kinds,
        baseline="always answer the same symbol",
        trivial=always(kinds, 0),
        solved=0.99,
        source="a common test of truncated backpropagation; see Williams and Peng (1990) for the truncation",
        sample=sample,
        show=show,
    )

"""The latch: the first symbol is to be remembered, whatever comes after."""

import torch

from gates.tasks.task import Batch, Task, always, at_last, at_least, batch, chosen


def latch(length: int = 20, kinds: int = 4, noise: float = 0.0) -> Task:
    """The first step shows one of `kinds` symbols; the other steps are blank, but for noise of that size.

    length: how many steps, at least 2.
    """
    at_least("length", length, 2)
    at_least("kinds", kinds, 2)

    def sample(B: int, generator: torch.Generator, part: str) -> Batch:
        symbol = torch.randint(kinds, (B,), generator=generator)
        xs = noise * torch.randn(length, B, kinds, generator=generator)
        xs[0] = torch.eye(kinds)[symbol]
        return batch(xs, at_last(symbol, torch.full((B,), length), length))

    def show(of: Batch, b: int) -> str:
        symbol = "abcdefghij"[of.targets[-1, b]]
        return f"{symbol}{'·' * (length - 1)} → {symbol}"

    return Task(
        name="latch",
        options=chosen(latch, length=length, kinds=kinds, noise=noise),
        I=kinds,
        O=kinds,
        score="accuracy",
        chance=1 / kinds,
        baseline="always answer the same symbol",
        trivial=always(kinds, 0),
        solved=0.99,
        source="Bengio, Simard and Frasconi (1994), Learning Long-Term Dependencies with Gradient Descent Is Difficult",
        sample=sample,
        show=show,
    )

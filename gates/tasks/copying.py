"""Copying: a few symbols are shown, then nothing for a while, and on a signal they are to be repeated."""

import torch
from torch import Tensor

from gates.tasks.task import Batch, Task, at_least, batch, chosen, one_hot


def copying(length: int = 20, symbols: int = 3, kinds: int = 8) -> Task:
    """`symbols` symbols out of `kinds`, `length` blanks of which the last is the signal, and as many steps to answer.

    The loss counts every step, blanks included; the score counts the repeated symbols only. length: at least 1.
    """
    at_least("length", length, 1)
    at_least("symbols", symbols, 1)
    at_least("kinds", kinds, 2)
    steps = length + 2 * symbols
    blank, signal = kinds, kinds + 1

    def sample(B: int, generator: torch.Generator, part: str) -> Batch:
        shown = torch.randint(kinds, (symbols, B), generator=generator)
        seen, targets = torch.full((steps, B), blank), torch.full((steps, B), blank)
        seen[:symbols], targets[-symbols:] = shown, shown
        seen[symbols + length - 1] = signal
        scored = torch.zeros(steps, B, dtype=torch.bool)
        scored[-symbols:] = True
        return batch(one_hot(seen, kinds + 2), targets, scored)

    def show(of: Batch, b: int) -> str:
        names = [*"abcdefghijklmnopqrstuvwx"[:kinds], "·", "?"]
        seen = "".join(names[k] for k in of.xs[:, b].argmax(-1).tolist())
        return f"{seen} → {''.join(names[k] for k in of.targets[:, b].tolist())}"

    def trivial(of: Batch) -> Tensor:
        outputs = torch.zeros(*of.targets.shape, kinds + 1)
        outputs[:, :, blank] = 1
        outputs[-symbols:, :, 0] = 2
        return outputs

    return Task(
        name="copying",
        options=chosen(copying, length=length, symbols=symbols, kinds=kinds),
        I=kinds + 2,
        O=kinds + 1,
        score="accuracy",
        chance=1 / kinds,
        baseline="answer blanks, and after the signal always the same symbol",
        trivial=trivial,
        solved=0.99,
        source="Hochreiter and Schmidhuber (1997); this form: Arjovsky, Shah and Bengio (2016), Unitary Evolution RNNs",
        sample=sample,
        show=show,
    )

"""Timing: spikes come after one of two neighboring numbers of steps, and at each the network says which it was."""

import torch

from gates.tasks.task import NONE, Batch, Task, always, at_least, batch, chosen


def timing(interval: int = 10, spikes: int = 5) -> Task:
    """Each spike comes `interval` steps after the one before, or one step later, evenly at random; all else is silence.

    At a spike the answer is 0 for the shorter time and 1 for the longer; the time of the first counts from the start.
    interval, spikes: each at least 1. Taken over from the task of measuring spike delays, with two delays: nothing but
    spikes in the input, times drawn anew for every spike, an answer at each, and no shorter times to begin with. Different
    are: two classes in place of a number to be met, and sequences of a few spikes from an empty state, each learned as a
    whole, in place of one stream that goes on.
    """
    at_least("interval", interval, 1)
    at_least("spikes", spikes, 1)

    def sample(B: int, generator: torch.Generator, part: str) -> Batch:
        longer = torch.randint(2, (spikes, B), generator=generator)
        place, samples = (interval + longer).cumsum(0) - 1, torch.arange(B)
        lengths = place[-1] + 1
        T = int(lengths.max())
        xs, targets = torch.zeros(T, B, 1), torch.full((T, B), NONE)
        xs[place, samples], targets[place, samples] = 1, longer
        return batch(xs, targets, lengths=lengths)

    def show(of: Batch, b: int) -> str:
        seen = "".join("|" if x else "·" for x in of.xs[: of.lengths[b], b, 0].tolist())
        times = [interval + k for k in of.targets[:, b].tolist() if k != NONE]
        return f"{seen} → {', '.join(map(str, times))}"

    return Task(
        name="timing",
        options=chosen(timing, interval=interval, spikes=spikes),
        I=1,
        O=2,
        score="accuracy",
        chance=0.5,
        baseline="always answer the shorter time",
        trivial=always(2, 0),
        solved=0.99,
        source="Gers, Schraudolph and Schmidhuber (2002), Learning Precise Timing with LSTM Recurrent Networks",
        sample=sample,
        show=show,
    )

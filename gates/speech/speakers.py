"""Who speaks? Networks that hear a whole utterance, and what does without a network, on the vowels of nine speakers."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import torch
from numpy import ndarray as Array
from torch import Tensor, nn

from gates import layers
from gates.tasks import vowels
from gates.tasks.task import Batch, Task
from gates.tasks.vowels import utterances

SPEAKERS = 9
LAYERS = {"lstm": nn.LSTM, "gru": layers.GRU}


def with_lengths() -> Task:
    """The task `vowels` with one more input: 1 where there is sound, 0 in the padding, so that a network can pack."""
    task = vowels()

    def sample(B: int | None, generator: torch.Generator, part: str) -> Batch:
        of = task.sample(B, generator, part)
        there = torch.arange(len(of.xs))[:, None] < of.lengths
        return replace(of, xs=torch.cat([of.xs, there[:, :, None].float()], -1))

    return replace(task, name="who speaks", I=task.I + 1, sample=sample)


class Hearer(nn.Module):
    """One recurrent layer over packed utterances, and a head that reads its last states: from xs, (T, B, I), to (T, B, O).

    The last of the I inputs is 1 where there is sound and 0 in the padding. With both ways, the head reads the last state of
    each direction, so that both have heard the whole utterance. The answer is the same at every step.
    """

    def __init__(self, I: int, H: int, O: int, cell: str = "lstm", both_ways: bool = True) -> None:
        super().__init__()
        self.layer = LAYERS[cell](I - 1, H, bidirectional=both_ways)
        self.head = nn.Linear(H * (1 + both_ways), O)

    def forward(self, xs: Tensor) -> Tensor:
        lengths = xs[..., -1].sum(0).long()
        packed = nn.utils.rnn.pack_padded_sequence(xs[..., :-1], lengths, enforce_sorted=False)
        _, state = self.layer(packed)
        h = state[0] if isinstance(state, tuple) else state  # (D, B, H)
        return self.head(torch.cat([*h], -1)).expand(len(xs), -1, -1)


def hearer(cell: str, H: int, both_ways: bool) -> Callable[[int, int], Hearer]:
    """What `gates.training.train` makes a network of: a function of I and O."""
    return lambda I, O: Hearer(I, H, O, cell, both_ways)


class Said(NamedTuple):
    """Which speaker was named, for each utterance of the validation and of the test part."""

    validation: Array
    test: Array


def ends(sound: Tensor) -> Tensor:
    """The first step and the last, (2 · 12,)."""
    return torch.cat([sound[0], sound[-1]])


def mean(sound: Tensor) -> Tensor:
    """The mean over the steps, (12,)."""
    return sound.mean(0)


def spread(sound: Tensor) -> Tensor:
    """Mean and deviation over the steps, (2 · 12,)."""
    return torch.cat([sound.mean(0), sound.std(0)])


def course(sound: Tensor) -> Tensor:
    """The means of the first, second and last third of the steps, and the number of steps, (3 · 12 + 1,)."""
    thirds = [part.mean(0) for part in sound.tensor_split(3)]
    return torch.cat([*thirds, torch.tensor([len(sound) / 10])])


SUMMARIES = {"ends": ends, "mean": mean, "mean and spread": spread, "thirds": course}


def linear(summary: str, C: float) -> Said:
    """Logistic regression on a summary of each utterance. C: how little it is regularized."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    parts = {part: _summed(sounds, summary) for part, (sounds, _) in utterances().items()}
    model = make_pipeline(StandardScaler(), LogisticRegression(C=C, max_iter=5000))
    model.fit(parts["training"], utterances()["training"][1].numpy())
    return Said(model.predict(parts["validation"]), model.predict(parts["test"]))


def _summed(sounds: Sequence[Tensor], summary: str) -> Array:
    return torch.stack([SUMMARIES[summary](sound) for sound in sounds]).double().numpy()


def warped(window: int | None, slopes: bool, k: int = 1) -> Said:
    """The speaker most frequent among the k nearest utterances by dynamic time warping, of equals the nearest one's.

    window: how many steps one utterance may run ahead of the other beyond what their lengths ask for; None for any.
    slopes: whether the changes from step to step stand beside the numbers.
    Source: Sakoe and Chiba (1978), Dynamic Programming Algorithm Optimization for Spoken Word Recognition.
    """
    from dtaidistance import dtw_ndim

    parts = utterances()
    known = [_steps(sound, slopes) for sound in parts["training"][0]]
    named, n = [], len(known)
    for part in ("validation", "test"):
        asked = [_steps(sound, slopes) for sound in parts[part][0]]
        block = ((0, n), (n, n + len(asked)))
        far = dtw_ndim.distance_matrix_fast(known + asked, block=block, window=window)[:n, n:]
        near = parts["training"][1].numpy()[far.argsort(0, kind="stable")[:k]]  # (k, B)
        named.append(np.array([_most(votes) for votes in near.T]))
    return Said(*named)


def _steps(sound: Tensor, slopes: bool) -> Array:
    steps = sound.double()
    if slopes:
        steps = torch.cat([steps, torch.diff(steps, dim=0, prepend=steps[:1])], -1)
    return steps.numpy()


def _most(votes: Array) -> int:
    """The most frequent of these, of equals the first."""
    counts = np.bincount(votes, minlength=SPEAKERS)[votes]
    return int(votes[counts.argmax()])


def by_speaker(named: Array, part: str = "test") -> Array:
    """The share of each speaker's utterances in which the right one was named, (9,)."""
    speakers = utterances()[part][1].numpy()
    right = np.asarray(named) == speakers
    return np.array([right[speakers == k].mean() for k in range(SPEAKERS)])

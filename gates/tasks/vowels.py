"""Spoken vowels: which of nine speakers says "a" and then "e"?"""

import warnings
from functools import cache

import torch
from torch import Tensor

from gates.tasks.task import Batch, Task, always, at_last, batch

CHANNELS = 12


@cache
def utterances() -> dict[str, tuple[list[Tensor], Tensor]]:
    """For each part, the recordings, each (T, 12) and scaled by the training part, and their speakers, 0 to 8.

    The published training part of 270 is divided: every fifth recording of a speaker is for validation.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from sktime.datasets import load_japanese_vowels

        loaded = {split: load_japanese_vowels(split=split) for split in ("train", "test")}
    parts: dict[str, list[tuple[Tensor, int]]] = {"training": [], "validation": [], "test": []}
    for split, (table, speakers) in loaded.items():
        for k, (row, speaker) in enumerate(zip(table.to_numpy(), speakers, strict=True)):
            sound = torch.tensor([list(channel) for channel in row], dtype=torch.float32).T
            part = "test" if split == "test" else "validation" if k % 5 == 4 else "training"
            parts[part].append((sound, int(speaker) - 1))
    known = torch.cat([sound for sound, _ in parts["training"]])
    mean, deviation = known.mean(0), known.std(0)
    return {
        part: (
            [(sound - mean) / deviation for sound, _ in of_it],
            torch.tensor([s for _, s in of_it]),
        )
        for part, of_it in parts.items()
    }


def vowels() -> Task:
    """Recordings of 7 to 29 steps with 12 numbers each; the speaker is asked for at the last step."""

    def sample(B: int | None, generator: torch.Generator, part: str) -> Batch:
        sounds, speakers = utterances()[part]
        if part == "training" and B is not None:
            chosen = torch.randint(len(sounds), (B,), generator=generator)
            sounds, speakers = [sounds[k] for k in chosen.tolist()], speakers[chosen]
        lengths = torch.tensor([len(sound) for sound in sounds])
        xs = torch.nn.utils.rnn.pad_sequence(sounds)
        return batch(xs, at_last(speakers, lengths, len(xs)), lengths=lengths)

    def show(of: Batch, b: int) -> str:
        length = int(of.lengths[b])
        loud = of.xs[:length, b, 0]
        scale = ((loud - loud.min()) / (loud.max() - loud.min() + 1e-6) * 7).round().int().tolist()
        line = "".join("▁▂▃▄▅▆▇█"[k] for k in scale)
        return f"{line} ({length} steps, first of 12 numbers) → speaker {of.targets[length - 1, b] + 1}"

    # In training all speak equally often; in the test part one speaks more than the others.
    common = int(utterances()["test"][1].bincount().argmax())
    return Task(
        name="vowels",
        I=CHANNELS,
        O=9,
        score="accuracy",
        chance=float((utterances()["test"][1] == common).double().mean()),
        baseline=f"always answer speaker {common + 1}, who is the most frequent in the test part",
        trivial=always(9, common),
        solved=1.0,
        finite=True,
        source="Kudo, Toyama and Shimbo (1999), Multidimensional Curve Classification Using Passing-Through Regions; "
        "JapaneseVowels, in the package sktime",
        sample=sample,
        show=show,
    )

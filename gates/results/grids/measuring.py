"""Lesson 12: what an LSTM and a GRU of equal width cost, by torch's layers and by the course's own."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pandas as pd
import torch
from torch import nn

from gates import costs, layers
from gates.training import COLUMNS

# Declared before running, for the part of C07 that is about time. Five sizes, fifteen interleaved rounds of processor time on
# one thread, run with --jobs 1. For a library, a GRU is cheaper in time if at each size its training step takes less than
# that of the LSTM as wide, by the interval of the ratio over the rounds; it is not if at each it takes more; else the library is
# named undecided. Counted beside that: the numbers that are kept for the way back, for each step, sample and unit.
SIZES = {  # steps, batch, inputs, units
    "T 50, B 32, I 32, H 32": (50, 32, 32, 32),
    "T 35, B 32, I 64, H 128": (35, 32, 64, 128),
    "T 100, B 64, I 2, H 64": (100, 64, 2, 64),
    "T 200, B 32, I 128, H 256": (200, 32, 128, 256),
    "T 100, B 1, I 64, H 64": (100, 1, 64, 64),
}
ROUNDS = {"seeds": 15, "steps": 1, "every": 1}  # a round stands where a seed does
LIBRARIES = {"torch.nn": nn, "gates.layers": layers}


@dataclass(frozen=True)
class Costs:
    """A row of a table of costs: an LSTM and a GRU of one library at one size, timed in the same rounds."""

    title: str
    label: str
    settings: dict = field(default_factory=lambda: dict(ROUNDS))

    def run(self) -> pd.DataFrame:
        """Milliseconds in each round, and the numbers kept."""
        T, B, I, H = SIZES[self.title]
        torch.manual_seed(0)
        xs, runs, kept = torch.randn(T, B, I), {}, {}
        for kind in ("LSTM", "GRU"):
            layer = getattr(LIBRARIES[self.label], kind)(I, H)
            kept[kind] = costs.kept_for_the_way_back(layer, xs) / 4 / (T * B * H)
            runs[f"{kind}, training"] = costs.training_step(layer, xs)
            runs[f"{kind}, reading"] = costs.reading(layer, xs)
        rows = [
            (self.title, self.label, number, 1, metric, 1000 * seconds)
            for metric, rounds in costs.interleaved(runs, ROUNDS["seeds"]).items()
            for number, seconds in enumerate(rounds)
        ]
        rows += [(self.title, self.label, 0, 1, f"{kind}, kept", of) for kind, of in kept.items()]
        return pd.DataFrame(rows, columns=list(COLUMNS))


def time_and_memory() -> Iterator[Costs]:
    """Time and memory of an LSTM and a GRU at five sizes, in fifteen rounds. About three minutes; with --jobs 1."""
    for size in SIZES:
        for library in LIBRARIES:
            yield Costs(size, library)

"""The settings of a training: what each is, and which cannot be right."""

import os
from collections.abc import Sequence
from dataclasses import dataclass

from gates.training import settings
from gates.translation.translator import Sizes


@dataclass(frozen=True, kw_only=True)
class Budget:
    """Settings, each of which has a default:

    seeds: how many, or which.
    steps: updates, for each seed.
    hidden: units H of the encoder, in each direction, and of the decoder.
    embedding: the size E of a character's vector.
    cell: the encoder's, "gru" or "lstm".
    both_ways: whether the encoder reads from both ends.
    right: how often in training the character before is the right one, and not the network's own; 1 is teacher forcing.
    learning_rate, batch_size: of Adam, and the pairs in an update.
    clip: the norm at which the gradients are held.
    cosine: whether the learning rate falls to zero over the updates, along half a wave of a cosine.
    every: updates between two evaluations.
    few: how many pairs there are to train on, the first of them; None for all.
    label: the name of the network in the table, if not that of its attention.
    folder: where a run that was stopped is kept; by default the folder runs in GATES_HOME, or in .gates in the home
    folder; it may be deleted at any time; where nothing can be written, training goes on and says so.
    progress: whether to show a bar.
    A setting that cannot be right raises ValueError.
    """

    seeds: int | Sequence[int] = 1
    steps: int = 600
    hidden: int = 64
    embedding: int = 32
    cell: str = "gru"
    both_ways: bool = True
    right: float = 1.0
    learning_rate: float = 1e-2
    batch_size: int = 64
    clip: float = 1.0
    cosine: bool = True
    every: int = 100
    few: int | None = None
    label: str | None = None
    folder: str | os.PathLike | None = None
    progress: bool = True

    def __post_init__(self) -> None:
        """Make seeds a tuple; refuse what cannot be right."""
        object.__setattr__(self, "seeds", settings.different_seeds(self.seeds))
        counts = {
            name: getattr(self, name)
            for name in ("steps", "hidden", "embedding", "batch_size", "every")
        }
        counts |= {"seeds": len(self.seeds), "few": 1 if self.few is None else self.few}
        settings.check_counts(counts)
        settings.check_draws(self.steps, self.seeds)
        if self.learning_rate <= 0 or self.clip <= 0:
            raise ValueError("learning_rate and clip have to be above 0.")
        if not 0 <= self.right <= 1:
            raise ValueError(f"right is {self.right}, and has to be a share, from 0 to 1.")

    def sizes(self, attention: str) -> Sizes:
        """The sizes of a translator with that attention."""
        return Sizes(attention, self.cell, self.both_ways, self.embedding, self.hidden)

    def decisive(self) -> dict[str, object]:
        """The settings that the numbers of a run depend on, besides its seed."""
        return settings.decisive(self)

"""The settings of a training: what each is, and which cannot be right."""

import os
from collections.abc import Sequence
from dataclasses import dataclass

from gates.training import settings


@dataclass(frozen=True, kw_only=True)
class Budget:
    """Settings, each of which has a default:

    both_ways: whether the network reads from both ends.
    seeds: how many, or which.
    steps: updates, for each seed.
    hidden: units H of the recurrent layer, in each direction.
    learning_rate, batch_size: of Adam, and the utterances in an update.
    clip: the norm at which the gradients are held.
    cosine: whether the learning rate falls to zero over the updates, along half a wave of a cosine.
    every: updates between two evaluations.
    label: the name of the network in the table, if not that of its cell.
    folder: where a run that was stopped is kept; by default the folder runs in GATES_HOME, or in .gates in the home
    folder; it may be deleted at any time; where nothing can be written, training goes on and says so.
    progress: whether to show a bar.
    A setting that cannot be right raises ValueError.
    """

    both_ways: bool = True
    seeds: int | Sequence[int] = 1
    steps: int = 300
    hidden: int = 48
    learning_rate: float = 1e-2
    batch_size: int = 16
    clip: float = 1.0
    cosine: bool = True
    every: int = 100
    label: str | None = None
    folder: str | os.PathLike | None = None
    progress: bool = True

    def __post_init__(self) -> None:
        """Make seeds a tuple; refuse what cannot be right."""
        object.__setattr__(self, "seeds", settings.different_seeds(self.seeds))
        counts = {name: getattr(self, name) for name in ("steps", "hidden", "batch_size", "every")}
        settings.check_counts({**counts, "seeds": len(self.seeds)})
        settings.check_draws(self.steps, self.seeds)
        if self.learning_rate <= 0 or self.clip <= 0:
            raise ValueError("learning_rate and clip have to be above 0.")

    def decisive(self) -> dict[str, object]:
        """The settings that the numbers of a run depend on, besides its seed."""
        return settings.decisive(self)

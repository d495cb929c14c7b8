"""The settings of a language model's training: what each is, which cannot be right, and which its numbers depend on."""

import os
from collections.abc import Sequence
from dataclasses import dataclass

from gates.training import MOST_STEPS, settings


@dataclass(frozen=True, kw_only=True)
class Budget:
    """Settings, each of which has a default:

    seeds: how many, or which.
    steps: updates, for each seed; an update reads one window of all streams.
    hidden: the hidden size H, and that of the embedding. layers: how many.
    tied: whether embedding and head have one matrix. dropout: see LanguageModel.
    learning_rate, clip: of Adam, and the norm at which the gradients are held.
    batch_size, window: how many streams, and how many steps of each an update reads; gradients go back no further.
    carried: whether the state goes on from window to window; if not, each starts from zeros.
    cosine: whether the learning rate falls to zero over the updates, along half a wave of a cosine.
    every: updates between two evaluations.
    label: the name of the model in the table, if not the cell's.
    folder: where a run that was stopped is kept; by default the folder runs in GATES_HOME, or in .gates in the home
    folder; it may be deleted at any time; where nothing can be written, training goes on and says so.
    progress: whether to show a bar.
    A setting that cannot be right raises ValueError.
    """

    seeds: int | Sequence[int] = 5
    steps: int = 1000
    hidden: int = 128
    layers: int = 1
    tied: bool = False
    dropout: float = 0.0
    learning_rate: float = 1e-2
    clip: float = 1.0
    batch_size: int = 32
    window: int = 50
    carried: bool = True
    cosine: bool = True
    every: int = 250
    label: str | None = None
    folder: str | os.PathLike | None = None
    progress: bool = True

    def __post_init__(self) -> None:
        """Make a tuple of the seeds, and refuse what cannot be right."""
        object.__setattr__(self, "seeds", settings.different_seeds(self.seeds))
        counts = ("steps", "hidden", "layers", "batch_size", "window", "every")
        numbers = {name: getattr(self, name) for name in counts}
        settings.check_counts({**numbers, "seeds": len(self.seeds)})
        if self.steps >= MOST_STEPS or min(self.seeds) < 0:
            raise ValueError(f"steps has to be below {MOST_STEPS}, and no seed below 0.")
        if self.learning_rate <= 0 or self.clip <= 0:
            raise ValueError("learning_rate and clip have to be above 0.")

    def decisive(self) -> dict[str, object]:
        """The settings that the numbers of a run depend on, besides its seed."""
        return settings.decisive(self)

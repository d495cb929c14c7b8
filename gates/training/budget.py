"""The settings of a training: what each is, which cannot be right, and which a run that is kept depends on."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gates.tasks.task import Task
from gates.training import settings, together
from gates.training.reader import Network


@dataclass(frozen=True, kw_only=True)
class Budget:
    """Settings, each of which has a default:

    seeds: how many, or which.
    steps: updates at most, for each seed.
    hidden: the hidden size H; a network of one's own has its own.
    learning_rate, batch_size: of Adam, and the samples in an update.
    clip: the norm at which the gradients of a network are held.
    every: updates between two evaluations.
    stop_when_solved: whether a seed stops at the evaluation that says it has solved the task.
    keep_bias, chrono, window, step: see Reader; a network of one's own has its own, and a step needs a label.
    cosine: whether the learning rate falls to zero over the updates, along half a wave of a cosine.
    weight_decay: at each update, every parameter loses this times the learning rate of itself (AdamW).
    generalization: whether to measure, at each evaluation, how well the training data themselves are fitted, and the
    losses beside the scores; the task has to be a finite one.
    stacked: whether seeds are trained together; None takes what is faster, and for a network of one's own one by one.
    Together it may draw nothing at random, and shorter batches of some seeds are padded at their ends for it.
    label: the name of the model in the table, if not the cell's.
    folder: where a run that was stopped is kept; by default the folder runs in GATES_HOME, or in .gates in the home
    folder; it may be deleted at any time; where nothing can be written, training goes on and says so.
    progress: whether to show a bar.
    A setting that cannot be right raises ValueError.
    """

    seeds: int | Sequence[int] = 5
    steps: int = 500
    hidden: int = 32
    learning_rate: float = 5e-3
    batch_size: int = 32
    clip: float = 1.0
    every: int = 50
    stop_when_solved: bool = True
    keep_bias: float | None = None
    chrono: int | None = None
    cosine: bool = False
    window: int | None = None
    step: Callable | None = None
    weight_decay: float = 0.0
    generalization: bool = False
    stacked: bool | None = None
    label: str | None = None
    folder: str | os.PathLike | None = None
    progress: bool = True

    def __post_init__(self) -> None:
        """Make numbers of NumPy and torch Python's, and seeds a tuple of them; refuse what cannot be right by itself."""
        for name in vars(self).keys() - {"seeds", "step"}:
            object.__setattr__(self, name, _plain(getattr(self, name)))
        object.__setattr__(self, "seeds", settings.different_seeds(self.seeds))
        counts = {name: getattr(self, name) for name in ("steps", "hidden", "batch_size", "every")}
        settings.check_counts({**counts, "seeds": len(self.seeds)})
        settings.check_draws(self.steps, self.seeds)
        if self.learning_rate <= 0 or self.clip <= 0 or self.weight_decay < 0:
            raise ValueError(
                "learning_rate and clip have to be above 0, and weight_decay not below."
            )
        if self.step is not None and self.label is None:
            raise ValueError('A step of one\'s own needs a name in the table: label="lstm, relu".')
        if self.window is not None and (self.stacked or self.window < 1):
            raise ValueError("window has to be 1 at least, and its seeds are trained one by one.")

    def check(self, task: Task, cell: str | Network) -> None:
        """Refuse with ValueError what cannot be right for this task, or for a network of one's own."""
        if self.generalization and not task.finite:
            raise ValueError(
                f"{task.title} is generated, so no training sample comes twice, and none can be learned by heart."
            )
        if isinstance(cell, str):
            return
        if self.label is None:
            raise ValueError(
                'A network of one\'s own needs a name in the table: label="two layers".'
            )
        starts = (self.keep_bias, self.chrono, self.window, self.step)
        if any(setting is not None for setting in starts):
            raise ValueError("A network of one's own sets its own biases, windows and steps.")

    def is_stacked(self, cell: str | Network, same_task: bool) -> bool:
        """Whether seeds are trained together: as was asked for where it can be, or what is faster."""
        if self.window is not None or not same_task or len(self.seeds) < 2:
            return False
        if not isinstance(cell, str):
            return bool(self.stacked)
        if self.stacked is not None:
            return bool(self.stacked)
        count = len(self.seeds)
        return bool(self.step) or together.is_faster(cell, count, self.hidden)

    def decisive(self) -> dict[str, object]:
        """The settings that the numbers of a run depend on, besides its seeds; its label stands for a step of one's own."""
        return settings.decisive(self, "stacked") | {"step": self.step and self.label}


def _plain(number: object) -> object:
    """A number of NumPy or torch as one of Python; anything else as it is."""
    return number.item() if hasattr(number, "item") else number

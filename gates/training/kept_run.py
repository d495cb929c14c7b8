"""A run that is kept: it writes down where it is at every evaluation, and goes on from there when it is made again."""

import contextlib
import math
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import ClassVar

import torch
from torch import Tensor, nn
from tqdm.auto import tqdm

from gates.training import kept, stored
from gates.training.calls import tell_of_stop
from gates.training.settings import MOST_STEPS, Settings

_OF_EVERY_RUN = {"step", "rows", "parameters", "adam"}  # parts of what is kept


class KeptRun(ABC):
    """The training of some seeds together, or of one, from wherever it was left.

    parameters: what is trained, by the optimizer. file: where the run is kept. keeps: whether to write there; False after it
    could not be done. rows: what was found, (seed, step, metric, value). step: how many updates are done.
    own: the attributes that are kept besides those of every run.
    """

    own: ClassVar[tuple[str, ...]] = ()

    def __init__(
        self,
        parameters: Sequence[Tensor],
        optimizer: torch.optim.Optimizer,
        seeds: Sequence[int],
        budget: Settings,
        file: Path,
        keeps: bool = True,
    ) -> None:
        self.parameters, self.optimizer = list(parameters), optimizer
        self.seeds, self.budget, self.file, self.keeps = seeds, budget, file, keeps
        self.step, self.kept_at = 0, 0
        self.rows: list[tuple[int, int, str, float]] = []

    @abstractmethod
    def update(self) -> Tensor | float:
        """One update of each seed; returns the loss before it, or the losses, (S,)."""

    @abstractmethod
    def evaluate(self, loss: Tensor | float) -> None:
        """Add to the rows. loss: the mean of what updates have returned since the evaluation before."""

    def is_done(self) -> bool:
        """Whether there is no update left."""
        return self.step >= self.budget.steps

    @abstractmethod
    def end(self) -> None:
        """Leave the networks as they shall be read with, now that no update is left."""

    def clip(self) -> None:
        """Hold the norm of the gradients."""
        nn.utils.clip_grad_norm_(self.parameters, self.budget.clip)

    def is_mine(self, state: dict[str, object]) -> bool:
        """Whether a state that has all parts, and parameters of these shapes, is of such a run."""
        return True

    def go(self, bar: tqdm) -> None:
        """Train to the end. bar: is moved by one for each update of each seed."""
        self.load()
        steps, every, count = self.budget.steps, self.budget.every, len(self.seeds)
        bar.update(self.step * count)
        if self.step > 0 and not self.is_done():
            print(f"Going on from update {self.step} of {steps}.")
        losses = 0.0
        try:
            while not self.is_done():
                losses = losses + self.update()
                self.step += 1
                bar.update(count)
                if self.step % every == 0 or self.step == steps:
                    self.evaluate(losses / (self.step % every or every))
                    self.save()
                    losses = 0.0
        except KeyboardInterrupt as stop:
            bar.close()
            where = f"it goes on from update {self.kept_at} of {steps}"
            tell_of_stop(stop, f"Stopped. Run this again, and {where}.")
            raise
        bar.update((steps - self.step) * count)
        self.end()

    @contextlib.contextmanager
    def own_chance(self) -> Iterator[None]:
        """Within this, what is drawn at random, as by dropout, depends on seed and step alone."""
        with torch.random.fork_rng(devices=[]):
            # torch.manual_seed would write down the stack for each kind of device, at every update
            torch.default_generator.manual_seed(MOST_STEPS * self.seeds[0] + self.step)
            yield

    def descend(self, loss: Tensor) -> None:
        """One step of the optimizer down a loss, with the gradients held and the learning rate of this update."""
        if self.budget.cosine:
            falling = (1 + math.cos(math.pi * self.step / self.budget.steps)) / 2
            self.optimizer.param_groups[0]["lr"] = self.budget.learning_rate * falling
        self.optimizer.zero_grad()
        loss.backward()
        self.clip()
        self.optimizer.step()

    def save(self) -> None:
        """Write down where the run is. Where that cannot be done, say so once and train on."""
        if not self.keeps:
            return
        state = {name: getattr(self, name) for name in ("step", "rows", *self.own)}
        state["parameters"] = [p.detach() for p in self.parameters]
        state["adam"] = self.optimizer.state_dict()
        if problem := stored.write(state, self.file):
            self.keeps = False
            print(
                f"Nothing can be kept in {self.file.parent} ({type(problem).__name__}). "
                f"Training goes on; if you stop it, it begins anew."
            )
        else:
            self.kept_at = self.step

    def load(self) -> None:
        """Go on from where a run with the same settings was; from the start if there is none that can be read."""
        state = kept.read(self.file)
        if not isinstance(state, dict) or state.keys() != {*_OF_EVERY_RUN, *self.own}:
            return
        shapes = [getattr(before, "shape", None) for before in state["parameters"]]
        if shapes != [mine.shape for mine in self.parameters] or not self.is_mine(state):
            return
        for name in ("step", "rows", *self.own):
            setattr(self, name, state[name])
        self.kept_at = self.step
        with torch.no_grad():
            for mine, before in zip(self.parameters, state["parameters"], strict=True):
                mine.copy_(before)
        self.optimizer.load_state_dict(state["adam"])

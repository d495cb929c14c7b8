"""The training of some seeds together, which writes down where it is at every evaluation and goes on from there."""

import math
from pathlib import Path

import torch
from torch import Tensor, nn
from tqdm.auto import tqdm

from gates.tasks.task import Batch, Task
from gates.training import kept
from gates.training.budget import MOST_STEPS, Budget
from gates.training.calls import tell_of_stop
from gates.training.together import Alone, Mapped, Together, padded

_HELD = ("validation", "test")
_PARTS = {"step", "rows", "done", "final", "solved_at", "parameters", "adam"}  # of what is kept


def drawn(task: Task, size: int, seed: int, step: int) -> Batch:
    """The batch of that step; a function of seed and step alone, so that a run can go on from anywhere."""
    return task.draw(size, seed=MOST_STEPS * seed + step)


class Run:
    """The training of some seeds together, from wherever it was left.

    readers: the networks, one for each of `seeds`; when the run has gone to its end, they are as they were when each
    was done. model: how they are trained together, or one alone. file: where the run is kept. keeps: whether to write
    there; False after it could not be done. rows: what was found, (seed, step, metric, value).
    """

    def __init__(
        self,
        task: Task,
        readers: list[nn.Module],
        seeds: list[int],
        model: type[Alone | Together | Mapped],
        budget: Budget,
        file: Path,
        keeps: bool = True,
    ) -> None:
        self.task, self.readers, self.seeds, self.budget = task, readers, seeds, budget
        self.file, self.keeps = file, keeps
        self.model = model(readers)
        self.optimizer = (
            torch.optim.AdamW(
                self.model.parameters, lr=budget.learning_rate, weight_decay=budget.weight_decay
            )
            if budget.weight_decay
            else torch.optim.Adam(self.model.parameters, lr=budget.learning_rate)
        )
        self.step, self.kept_at, self.rows, self.done = 0, 0, [], [False] * len(seeds)
        self.solved_at = [0] * len(seeds)
        self.final: list[list[Tensor]] = [[] for _ in seeds]
        parts = ("training", *_HELD) if budget.generalization else _HELD
        self.held = {part: task.held_out(part) for part in parts}

    def go(self, bar: tqdm) -> None:
        """Train to the end. bar: is moved by one for each update of each seed."""
        self.load()
        steps, every = self.budget.steps, self.budget.every
        bar.update(self.step * len(self.seeds))
        if 0 < self.step < steps and not all(self.done):
            print(f"Going on from update {self.step} of {steps}.")
        losses = torch.zeros(len(self.seeds))
        try:
            while self.step < steps and not all(self.done):
                losses += self.update()
                self.step += 1
                bar.update(len(self.seeds))
                if self.step % every == 0 or self.step == steps:
                    self.evaluate(losses / (self.step % every or every))
                    losses.zero_()
                    self.save()
        except KeyboardInterrupt as stop:
            bar.close()
            where = f"it goes on from update {self.kept_at} of {steps}"
            tell_of_stop(stop, f"Stopped. Run this again, and {where}.")
            raise
        bar.update((steps - self.step) * len(self.seeds))
        for k, reader in enumerate(self.readers):
            with torch.no_grad():
                for own, at_end in zip(reader.parameters(), self.final[k], strict=True):
                    own.copy_(at_end)

    def update(self) -> Tensor:
        """One update of each seed; returns the losses before it, (S,)."""
        size, step = self.budget.batch_size, self.step
        batches = padded([drawn(self.task, size, seed, step) for seed in self.seeds])
        with torch.random.fork_rng(devices=[]):  # dropout, too, depends on seed and step alone
            # torch.manual_seed would write down the stack for each kind of device, at every update
            torch.default_generator.manual_seed(MOST_STEPS * self.seeds[0] + step)
            together = self.model.outputs(batches)
        _check_shape(together[0], batches[0], self.task)
        found = torch.stack(
            [self.task.loss(ys, batch) for ys, batch in zip(together, batches, strict=True)]
        )
        if self.budget.cosine:
            falling = (1 + math.cos(math.pi * step / self.budget.steps)) / 2
            self.optimizer.param_groups[0]["lr"] = self.budget.learning_rate * falling
        self.optimizer.zero_grad()
        found.sum().backward()
        self.model.clip(self.budget.clip)
        self.optimizer.step()
        return found.detach()

    @torch.no_grad()
    def evaluate(self, losses: Tensor) -> None:
        """Note for each seed that is not done its loss and what it scores on held-out data. losses: (S,)."""
        for k, (seed, reader) in enumerate(zip(self.seeds, self.readers, strict=True)):
            if self.done[k]:
                continue
            self.model.hand_back(k)
            values = {"loss": losses[k].item()}
            reader.eval()
            for part, batch in self.held.items():
                outputs = reader(batch.xs)
                values[part] = self.task.grade(outputs, batch)
                if self.budget.generalization:
                    values[f"{part} loss"] = self.task.loss(outputs, batch).item()
            reader.train()
            if self.solved_at[k] == 0 and self.task.is_solved(values["validation"]):
                self.solved_at[k] = self.step
            self.rows += [(seed, self.step, metric, value) for metric, value in values.items()]
            at = self.solved_at[k]
            if self.step == self.budget.steps or (at and self.budget.stop_when_solved):
                self.rows.append((seed, at or self.step, "solved", float(at > 0)))
                self.final[k] = [p.detach().clone() for p in reader.parameters()]
                self.done[k] = True

    def save(self) -> None:
        """Write down where the run is. Where that cannot be done, say so once and train on."""
        if not self.keeps:
            return
        parameters = [p.detach() for p in self.model.parameters]
        state = {"step": self.step, "rows": self.rows, "done": self.done, "final": self.final}
        state["solved_at"] = self.solved_at
        state |= {"parameters": parameters, "adam": self.optimizer.state_dict()}
        if problem := kept.write(state, self.file):
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
        if not self.is_mine(state):
            return
        self.step, self.rows, self.done = state["step"], state["rows"], state["done"]
        self.final, self.solved_at, self.kept_at = state["final"], state["solved_at"], self.step
        with torch.no_grad():
            for mine, before in zip(self.model.parameters, state["parameters"], strict=True):
                mine.copy_(before)
        self.optimizer.load_state_dict(state["adam"])

    def is_mine(self, state: object) -> bool:
        """Whether this is what `save` writes, for these seeds and parameters."""
        if not isinstance(state, dict) or state.keys() != _PARTS:
            return False
        counts = [len(state[part]) for part in ("done", "final", "solved_at")]
        there = [getattr(before, "shape", None) for before in state["parameters"]]
        own = [mine.shape for mine in self.model.parameters]
        return counts == [len(self.seeds)] * 3 and there == own


def _check_shape(outputs: Tensor, batch: Batch, task: Task) -> None:
    wanted = (*batch.targets.shape, task.O)
    if tuple(outputs.shape) != wanted:
        raise ValueError(
            f"A network's outputs have to be (T, B, O), here {wanted}; they are {tuple(outputs.shape)}."
        )

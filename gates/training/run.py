"""The training of some seeds of a task together."""

from pathlib import Path

import torch
from torch import Tensor, nn

from gates.tasks.task import Batch, Task
from gates.training.budget import Budget
from gates.training.kept_run import KeptRun
from gates.training.settings import MOST_STEPS
from gates.training.together import Alone, Mapped, Together, padded

_HELD = ("validation", "test")


def drawn(task: Task, size: int, seed: int, step: int) -> Batch:
    """The batch of that step; a function of seed and step alone, so that a run can go on from anywhere."""
    return task.draw(size, seed=MOST_STEPS * seed + step)


class Run(KeptRun):
    """The training of some seeds together; see KeptRun.

    readers: the networks, one for each of `seeds`; when the run has gone to its end, they are as they were when each
    was done. model: how they are trained together, or one alone.
    """

    own = ("done", "final", "solved_at")

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
        self.task, self.readers, self.model = task, readers, model(readers)
        trained, rate = self.model.parameters, budget.learning_rate
        optimizer = (
            torch.optim.AdamW(trained, lr=rate, weight_decay=budget.weight_decay)
            if budget.weight_decay
            else torch.optim.Adam(trained, lr=rate)
        )
        super().__init__(trained, optimizer, seeds, budget, file, keeps)
        self.done, self.solved_at = [False] * len(seeds), [0] * len(seeds)
        self.final: list[list[Tensor]] = [[] for _ in seeds]
        parts = ("training", *_HELD) if budget.generalization else _HELD
        self.held = {part: task.held_out(part) for part in parts}

    def is_done(self) -> bool:
        """Whether there is no update left, or no seed that needs one."""
        return super().is_done() or all(self.done)

    def end(self) -> None:
        """Make the networks those of each seed's own end."""
        for reader, final in zip(self.readers, self.final, strict=True):
            with torch.no_grad():
                for own, at_end in zip(reader.parameters(), final, strict=True):
                    own.copy_(at_end)
            reader.eval()

    def clip(self) -> None:
        """Hold the norm of each seed's gradients by itself."""
        self.model.clip(self.budget.clip)

    def update(self) -> Tensor:
        """One update of each seed; returns the losses before it, (S,)."""
        size, step = self.budget.batch_size, self.step
        batches = padded([drawn(self.task, size, seed, step) for seed in self.seeds])
        with self.own_chance():
            together = self.model.outputs(batches)
        _check_shape(together[0], batches[0], self.task)
        found = torch.stack(
            [self.task.loss(ys, batch) for ys, batch in zip(together, batches, strict=True)]
        )
        self.descend(found.sum())
        return found.detach()

    @torch.no_grad()
    def evaluate(self, loss: Tensor) -> None:
        """Note for each seed that is not done its loss and what it scores on held-out data. loss: (S,)."""
        for k, (seed, reader) in enumerate(zip(self.seeds, self.readers, strict=True)):
            if self.done[k]:
                continue
            self.model.hand_back(k)
            values = {"loss": loss[k].item()}
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

    def is_mine(self, state: dict[str, object]) -> bool:
        """Whether a kept state is one of as many seeds."""
        return all(len(state[part]) == len(self.seeds) for part in self.own)


def _check_shape(outputs: Tensor, batch: Batch, task: Task) -> None:
    wanted = (*batch.targets.shape, task.O)
    if tuple(outputs.shape) != wanted:
        raise ValueError(
            f"A network's outputs have to be (T, B, O), here {wanted}; they are {tuple(outputs.shape)}."
        )

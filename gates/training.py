"""One `fit` for every lesson: several seeds, the same effort for all, a tidy table, and a stop that loses nothing.

A network is one recurrent layer with a linear head that reads its hidden state at every step. Adam, gradients clipped by
their norm, batches drawn from the seed and the number of the step. Several seeds are trained either one by one or as a
stack, in which one product serves all of them; the caller need not care, since the curves are the same but for
rounding. A run writes down where it is at every evaluation, so that one that was stopped, or killed, goes on from there.
"""

import contextlib
import hashlib
import json
import math
import operator
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from numbers import Integral
from pathlib import Path
from types import CodeType
from typing import NamedTuple

import pandas as pd
import torch
from torch import Tensor, nn
from tqdm.auto import tqdm

from gates import cells, layers
from gates.cells import Weights
from gates.home import home
from gates.tasks.task import LARGEST_SEED, Batch, Task

CELLS = ("rnn", "lstm", "gru")
MOST_STEPS = 1_000_003  # for one seed, so that no two seeds draw the same batch
COLUMNS = ("task", "cell", "seed", "step", "metric", "value")
STACKED_UP_TO = {
    "rnn": 32,
    "lstm": 32,
    "gru": 32,
}  # the hidden size up to which a stack is the faster one
Network = Callable[[int, int], nn.Module]
_LAYERS = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": layers.GRU}
_STEPS = {"rnn": cells.rnn_cell, "lstm": cells.lstm_cell, "gru": cells.gru_cell}
_HELD = ("validation", "test")
_KEEPS = {"lstm": 1, "gru": 1}  # the block of rows of the gate that keeps: f, and z


def in_windows(layer: nn.Module, xs: Tensor, window: int) -> Tensor:
    """The outputs of an LSTM that reads a sequence in windows, with the graph cut between them.

    layer: an nn.LSTM of one layer. xs: (T, B, I). window: how many steps, at least 1; the first
    window begins at the first step, and the last may be shorter.
    The state is carried from window to window, and no gradient flows back across a cut.
    Returns the outputs of all steps, (T, B, H).
    """
    ys, state = [], None
    for part in xs.split(window):
        y, (h, c) = layer(part, state)
        ys.append(y)
        state = h.detach(), c.detach()
    return torch.cat(ys)


class Reader(nn.Module):
    """A recurrent layer and a linear head: from xs, (T, B, I), to outputs, (T, B, O).

    cell: "rnn", "lstm" or "gru". keep_bias: the bias that the gate that keeps, f in an LSTM and z in a GRU, starts
    from; None leaves it as PyTorch draws it. chrono: a number of steps T; the biases are then drawn so that memories
    last from 1 to T steps. Source of chrono: Tallec and Ollivier (2018), Can Recurrent Neural Networks Warp Time?
    window: for an LSTM, gradients go back no further than to the start of a window of so many steps; None, through all.
    step: a step of one's own that takes the same weights, in place of the cell's.
    """

    def __init__(
        self,
        cell: str,
        I: int,
        H: int,
        O: int,
        keep_bias: float | None = None,
        chrono: int | None = None,
        window: int | None = None,
        step: Callable | None = None,
    ) -> None:
        super().__init__()
        if cell not in CELLS:
            raise ValueError(f"There is no cell {cell!r}: choose one of {', '.join(CELLS)}.")
        if window is not None and (cell != "lstm" or step is not None):
            raise ValueError("Only an LSTM is read in windows, and with its own step.")
        self.cell, self.layer, self.head = cell, _LAYERS[cell](I, H), nn.Linear(H, O)
        self.window, self._step = window, step
        with torch.no_grad():
            if keep_bias is not None and cell in _KEEPS:
                self._start_gate(_KEEPS[cell], torch.full((H,), float(keep_bias)))
            if chrono is not None and cell in _KEEPS:
                lasting = torch.log(1 + (chrono - 2) * torch.rand(H))
                self._start_gate(_KEEPS[cell], lasting)
                if cell == "lstm":
                    self._start_gate(0, -lasting)

    def _start_gate(self, block: int, value: Tensor) -> None:
        rows = slice(block * len(value), (block + 1) * len(value))
        self.layer.bias_ih_l0[rows] = value
        self.layer.bias_hh_l0[rows] = 0

    @property
    def weights(self) -> Weights:
        """The layer's weights, as the cells take them."""
        layer = self.layer
        return Weights(layer.weight_ih_l0, layer.weight_hh_l0, layer.bias_ih_l0, layer.bias_hh_l0)

    @property
    def step(self) -> Callable:
        """The layer's step, as `gates.cells` has it; or the one of one's own."""
        return self._step or _STEPS[self.cell]

    def forward(self, xs: Tensor) -> Tensor:
        if self._step:
            h = xs.new_zeros(xs.shape[1], self.layer.hidden_size)
            state = (h, h) if self.cell == "lstm" else h
            return self.head(cells.unroll(self._step, xs, state, self.weights)[0])
        ys = in_windows(self.layer, xs, self.window) if self.window else self.layer(xs)[0]
        return self.head(ys)


class _Turned:
    """A stack of matrices, (S, rows, columns), whose `.T` is the stack of their transposes, as a cell needs it."""

    def __init__(self, stack: Tensor) -> None:
        self.T = stack.mT


class _Stack:
    """Readers of different seeds, trained together: each parameter is a stack, (S, …), and each product serves all."""

    def __init__(self, readers: Sequence[Reader]) -> None:
        self.readers, self.cell = readers, readers[0].cell
        together = zip(*(reader.parameters() for reader in readers), strict=True)
        self.parameters = [
            torch.stack([p.detach() for p in group]).requires_grad_() for group in together
        ]

    def outputs(self, batches: Sequence[Batch]) -> list[Tensor]:
        xs = torch.stack([batch.xs for batch in batches], 1)  # (T, S, B, I)
        W, U, b, d, head, head_bias = self.parameters
        weights = Weights(_Turned(W), _Turned(U), b[:, None], d[:, None])
        h = xs.new_zeros(*xs.shape[1:3], U.shape[2])
        state = (h, h) if self.cell == "lstm" else h
        ys, _ = cells.unroll(self.readers[0].step, xs, state, weights)
        return list((ys @ head.mT + head_bias[:, None]).unbind(1))

    def clip(self, most: float) -> None:
        """Hold the norm of each seed's gradient at `most`, as clip_grad_norm_ does."""
        norms = sum(p.grad.flatten(1).square().sum(1) for p in self.parameters).sqrt()
        factors = (most / (norms + 1e-6)).clamp(max=1)
        for p in self.parameters:
            p.grad.mul_(factors.view(-1, *[1] * (p.dim() - 1)))

    def hand_back(self, k: int) -> None:
        """Write the parameters of seed number k into its reader."""
        with torch.no_grad():
            for own, stacked in zip(self.readers[k].parameters(), self.parameters, strict=True):
                own.copy_(stacked[k])


class _Alone:
    """One reader, trained by itself, with the same methods as a stack."""

    def __init__(self, readers: Sequence[nn.Module]) -> None:
        (self.reader,) = readers
        self.parameters = list(self.reader.parameters())

    def outputs(self, batches: Sequence[Batch]) -> list[Tensor]:
        return [self.reader(batches[0].xs)]

    def clip(self, most: float) -> None:
        nn.utils.clip_grad_norm_(self.parameters, most)

    def hand_back(self, k: int) -> None:
        pass


def _drawn(task: Task, size: int, seed: int, step: int) -> Batch:
    """The batch of that step; a function of seed and step alone, so that a run can go on from anywhere."""
    return task.draw(size, seed=MOST_STEPS * seed + step)


def _padded(batches: list[Batch]) -> list[Batch]:
    """Batches padded to the same number of steps, so that they can be stacked."""
    T = max(len(batch.xs) for batch in batches)

    def more(values: Tensor, filling: float) -> Tensor:
        missing = T - len(values)
        return (
            torch.cat([values, values.new_full((missing, *values.shape[1:]), filling)])
            if missing
            else values
        )

    return [
        Batch(
            more(b.xs, 0),
            more(b.targets, float("nan") if b.targets.is_floating_point() else -100),
            more(b.scored, 0),
            b.lengths,
        )
        for b in batches
    ]


def _stack_is_faster(cell: str, seeds: int, hidden: int) -> bool:
    """What was measured on one core with T = 50: torch's own LSTM, alone, is faster than a stack of readable steps."""
    if cell == "rnn":
        return seeds > 1
    return cell == "gru" and seeds > 1 and (seeds >= 8 or hidden <= 16)


def _tell_of_stop(stop: KeyboardInterrupt, sentence: str) -> None:
    """Say in a sentence that training was stopped: a notebook shows it in place of the traceback, a script prints it."""
    if hasattr(stop, "_render_traceback_"):
        return
    notebook = sys.modules.get("IPython")
    if notebook is None or notebook.get_ipython() is None:
        print(sentence)
    stop._render_traceback_ = lambda: [sentence]


@contextlib.contextmanager
def _as_usual() -> Iterator[None]:
    """Train with gradients and in full precision, whatever surrounds the call, and end an interruption with a sentence."""
    with torch.inference_mode(False), torch.enable_grad(), torch.autocast("cpu", enabled=False):
        try:
            yield
        except KeyboardInterrupt as stop:
            _tell_of_stop(stop, "Stopped. Run this again, and it goes on from what was kept.")
            raise


def _plain(number: object) -> object:
    """A number of NumPy or torch as one of Python; anything else as it is."""
    return number.item() if hasattr(number, "item") else number


def _whole(seeds: int | Sequence[int]) -> list[int]:
    """The seeds as whole numbers of Python: how many, or which."""
    try:
        if isinstance(seeds, Integral) or getattr(seeds, "shape", None) == ():
            return list(range(operator.index(seeds)))
        return [operator.index(seed) for seed in seeds]
    except TypeError as reason:
        raise ValueError("seeds has to be a whole number, or a list of whole numbers.") from reason


def fit(task: Task | Callable[[int], Task], cell: str | Network, **settings) -> pd.DataFrame:
    """Train a network over several seeds; one row for each seed, evaluation and metric.

    Takes the settings of `train`. Returns columns task, cell, seed, step, metric and value. Metrics: "loss", the mean
    over the training batches since the evaluation before; "validation" and "test", the task's score on held-out
    samples; with generalization=True also "training", the score on all that is trained on, and "training loss",
    "validation loss" and "test loss"; and, once for each seed, "solved": 1 at the first evaluation whose validation
    score said so, or 0 at the last.
    """
    return train(task, cell, **settings)[0]


@_as_usual()
def train(
    task: Task | Callable[[int], Task],
    cell: str | Network,
    *,
    seeds: int | Sequence[int] = 5,
    steps: int = 500,
    hidden: int = 32,
    learning_rate: float = 5e-3,
    batch_size: int = 32,
    clip: float = 1.0,
    every: int = 50,
    stop_when_solved: bool = True,
    keep_bias: float | None = None,
    chrono: int | None = None,
    cosine: bool = False,
    window: int | None = None,
    step: Callable | None = None,
    weight_decay: float = 0.0,
    generalization: bool = False,
    stacked: bool | None = None,
    label: str | None = None,
    folder: str | os.PathLike | None = None,
    progress: bool = True,
) -> tuple[pd.DataFrame, list[nn.Module]]:
    """As `fit`, and the trained networks as well, one for each seed, in evaluation mode.

    task: what is to be learned; or a function that makes it from the seed, so that each seed has data of its own. cell:
    "rnn", "lstm" or "gru"; or, for a network of one's own, a function that makes it from I and O, so that it goes
    from xs, (T, B, I), to outputs, (T, B, O). Such a network needs a label, and its seeds are trained one by one.
    seeds: how many, or which. steps: updates at most, for each seed. every: updates between two evaluations.
    hidden, keep_bias, chrono, window, step: see Reader; a network of one's own has its own, and a step needs a label. cosine: whether the learning rate falls
    to zero over the updates, along half a wave of a cosine. weight_decay: at each update, every parameter loses this
    times the learning rate of itself (AdamW). generalization: whether to measure, at each evaluation, how well the
    training data themselves are fitted, and the losses beside the scores; the task has to be a finite one. stacked: whether seeds are trained
    together; None takes what is faster. label: the name of the model in the table, if not the cell's. folder: where a
    run that was stopped is kept; by default the folder runs in GATES_HOME, or in .gates in the home folder; it may be
    deleted at any time; where nothing can be written, training goes on and says so. A setting that cannot be right raises ValueError.
    """
    seeds = _whole(seeds)
    steps, hidden, batch_size, every = map(_plain, (steps, hidden, batch_size, every))
    learning_rate, clip, weight_decay = map(_plain, (learning_rate, clip, weight_decay))
    keep_bias, chrono, window = map(_plain, (keep_bias, chrono, window))
    tasks = _tasks(task, seeds)
    task = tasks[0] if tasks else task
    if len(set(seeds)) < len(seeds):
        raise ValueError("A seed that stands twice is no second seed.")
    numbers = {"steps": steps, "hidden": hidden, "batch_size": batch_size, "every": every}
    for name, number in {**numbers, "seeds": len(seeds)}.items():
        if number < 1:
            raise ValueError(f"{name} is {number}, and has to be 1 at least.")
    if steps >= MOST_STEPS or min(seeds) < 0 or MOST_STEPS * (max(seeds) + 1) > LARGEST_SEED:
        most = LARGEST_SEED // MOST_STEPS - 1
        raise ValueError(f"steps has to be below {MOST_STEPS}, and a seed from 0 to {most}.")
    if learning_rate <= 0 or clip <= 0 or weight_decay < 0:
        raise ValueError("learning_rate and clip have to be above 0, and weight_decay not below.")
    if generalization and not task.finite:
        raise ValueError(
            f"{task.title} is generated, so no training sample comes twice, and none can be learned by heart."
        )
    own = not isinstance(cell, str)
    if own and label is None:
        raise ValueError('A network of one\'s own needs a name in the table: label="two layers".')
    if step is not None and label is None:
        raise ValueError('A step of one\'s own needs a name in the table: label="lstm, relu".')
    if own and (stacked or any(of is not None for of in (keep_bias, chrono, window, step))):
        raise ValueError(
            "A network of one's own is trained one by one, and sets its own biases, windows and steps."
        )
    if window is not None and (stacked or window < 1):
        raise ValueError("window has to be 1 at least, and its seeds are trained one by one.")
    if own or window is not None or any(each is not task for each in tasks):
        stacked = False
    elif stacked is None:
        stacked = len(seeds) > 1 if step else _stack_is_faster(cell, len(seeds), hidden)
    readers = []
    for seed in seeds:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            made = (
                cell(task.I, task.O)
                if own
                else Reader(cell, task.I, hidden, task.O, keep_bias, chrono, window, step)
            )
            readers.append(made)
    if any(True for _ in readers[0].buffers()):
        raise ValueError(
            "A network with buffers, as of a BatchNorm, cannot be kept and gone on with."
        )
    settings = [
        task.name,
        task.options,
        _described(cell, readers[0]),
        hidden,
        learning_rate,
        batch_size,
        clip,
        every,
        keep_bias,
        chrono,
        cosine,
        window,
        weight_decay,
        generalization,
        step and label,
    ]
    how = _How(
        steps,
        learning_rate,
        batch_size,
        clip,
        every,
        stop_when_solved,
        cosine,
        weight_decay,
        generalization,
    )
    groups = [list(range(len(seeds)))] if stacked else [[k] for k in range(len(seeds))]
    rows, files, keeps = [], [], True
    with tqdm(total=steps * len(seeds), unit="update", leave=False, disable=not progress) as bar:
        bar.set_description(f"{task.title}, {label or cell}")
        for group in groups:
            of_group = [seeds[k] for k in group]
            of_it = tasks[group[0]]
            run = _Run(of_it, [readers[k] for k in group], of_group, stacked, how)
            run.file = _file(folder, [*settings, of_it.drawn, steps, stop_when_solved, of_group])
            files.append(run.file)
            run.keeps = keeps
            run.go(bar)
            rows, keeps = rows + run.rows, run.keeps
    for file in files:
        with contextlib.suppress(OSError):  # a folder that became read-only, or was none
            file.unlink(missing_ok=True)
    for reader in readers:
        reader.eval()
    table = pd.DataFrame(rows, columns=["seed", "step", "metric", "value"])
    table.insert(0, "task", task.title)
    table.insert(1, "cell", label or cell)
    order = {seed: k for k, seed in enumerate(seeds)}
    return table.sort_values(
        ["seed", "step"],
        key=lambda c: c.map(order) if c.name == "seed" else c,
        kind="stable",
        ignore_index=True,
    ), readers


def _described(cell: str | Network, made: nn.Module) -> str:
    """What a kept run may go on with: the cell's name, or all that can be said of a network of one's own."""
    if isinstance(cell, str):
        return cell
    sizes = [(name, tuple(p.shape)) for name, p in made.named_parameters()]
    return repr((str(made), sizes, _code(getattr(cell, "__code__", None))))


def _code(of: object) -> object:
    """What a piece of code does, without where it stands."""
    if isinstance(of, CodeType):
        return of.co_code, of.co_names, [_code(const) for const in of.co_consts]
    return of


def _file(folder: str | os.PathLike | None, settings: list) -> Path:
    """Where a run with these settings, and with the library as it is, is kept while it is not done."""
    folder = Path(folder) if folder else home() / "runs"
    here = Path(__file__).parent
    sources = [here / "training.py", here / "cells.py", *sorted((here / "tasks").glob("*.py"))]
    digest = hashlib.sha256(json.dumps(settings, default=_plain).encode())
    for source in sources:
        digest.update(source.read_bytes())
    digest.update(torch.__version__.encode())
    return folder / f"{digest.hexdigest()[:20]}.pt"


def _check_shape(outputs: Tensor, batch: Batch, task: Task) -> None:
    wanted = (*batch.targets.shape, task.O)
    if tuple(outputs.shape) != wanted:
        raise ValueError(
            f"A network's outputs have to be (T, B, O), here {wanted}; they are {tuple(outputs.shape)}."
        )


def _tasks(task: Task | Callable[[int], Task], seeds: list[int]) -> list[Task]:
    """The task of each seed."""
    if isinstance(task, Task):
        return [task] * len(seeds)
    told = "The task has to be made first, with brackets: adding(50), not adding."
    try:
        tasks = [task(seed) for seed in seeds]
    except (TypeError, ValueError) as reason:
        raise ValueError(told) from reason
    if not all(isinstance(each, Task) for each in tasks):
        raise ValueError(told)
    if len({each.title for each in tasks}) > 1:
        raise ValueError("The tasks of all seeds have to be the same but for the data drawn.")
    return tasks


class _How(NamedTuple):
    """How a run trains, from its first update to its last."""

    steps: int
    rate: float
    size: int
    most: float
    every: int
    stops: bool
    cosine: bool
    decay: float
    generalization: bool


class _Run:
    """The training of some seeds together, from wherever it was left."""

    def __init__(
        self, task: Task, readers: list[nn.Module], seeds: list[int], stacked: bool, how: _How
    ) -> None:
        self.task, self.seeds = task, seeds
        self.steps, self.rate, self.size, self.most, self.every, self.stops = how[:6]
        self.cosine, self.generalization = how.cosine, how.generalization
        self.model = _Stack(readers) if stacked else _Alone(readers)
        self.optimizer = (
            torch.optim.AdamW(self.model.parameters, lr=self.rate, weight_decay=how.decay)
            if how.decay
            else torch.optim.Adam(self.model.parameters, lr=self.rate)
        )
        self.step, self.kept, self.rows, self.done = 0, 0, [], [False] * len(seeds)
        self.solved_at = [0] * len(seeds)
        self.final: list[list[Tensor]] = [[] for _ in seeds]
        self.readers, self.file, self.keeps = readers, Path(), True
        parts = ("training", "validation", "test") if self.generalization else _HELD
        self.held = {part: task.held_out(part) for part in parts}

    def go(self, bar: tqdm) -> None:
        self.load()
        bar.update(self.step * len(self.seeds))
        if 0 < self.step < self.steps and not all(self.done):
            print(f"Going on from update {self.step} of {self.steps}.")
        losses = torch.zeros(len(self.seeds))
        try:
            while self.step < self.steps and not all(self.done):
                batches = _padded(
                    [_drawn(self.task, self.size, seed, self.step) for seed in self.seeds]
                )
                with torch.random.fork_rng(
                    devices=[]
                ):  # dropout, too, depends on seed and step alone
                    # torch.manual_seed would write down the stack for each kind of device, at every update
                    torch.default_generator.manual_seed(MOST_STEPS * self.seeds[0] + self.step)
                    together = self.model.outputs(batches)
                _check_shape(together[0], batches[0], self.task)
                found = [
                    self.task.loss(outputs, batch)
                    for outputs, batch in zip(together, batches, strict=True)
                ]
                if self.cosine:
                    through = math.pi * self.step / self.steps
                    self.optimizer.param_groups[0]["lr"] = self.rate * (1 + math.cos(through)) / 2
                self.optimizer.zero_grad()
                torch.stack(found).sum().backward()
                self.model.clip(self.most)
                self.optimizer.step()
                losses += torch.stack(found).detach()
                self.step += 1
                bar.update(len(self.seeds))
                if self.step % self.every == 0 or self.step == self.steps:
                    since = self.every if self.step % self.every == 0 else self.step % self.every
                    self.evaluate(losses / since)
                    losses.zero_()
                    self.save()
        except KeyboardInterrupt as stop:
            bar.close()
            where = f"it goes on from update {self.kept} of {self.steps}"
            _tell_of_stop(stop, f"Stopped. Run this again, and {where}.")
            raise
        bar.update((self.steps - self.step) * len(self.seeds))
        for k, reader in enumerate(self.readers):
            with torch.no_grad():
                for own, kept in zip(reader.parameters(), self.final[k], strict=True):
                    own.copy_(kept)

    @torch.no_grad()
    def evaluate(self, losses: Tensor) -> None:
        for k, (seed, reader) in enumerate(zip(self.seeds, self.readers, strict=True)):
            if self.done[k]:
                continue
            self.model.hand_back(k)
            values = {"loss": losses[k].item()}
            reader.eval()
            for part, batch in self.held.items():
                outputs = reader(batch.xs)
                values[part] = self.task.grade(outputs, batch)
                if self.generalization:
                    values[f"{part} loss"] = self.task.loss(outputs, batch).item()
            reader.train()
            if self.solved_at[k] == 0 and self.task.is_solved(values["validation"]):
                self.solved_at[k] = self.step
            self.rows += [(seed, self.step, metric, value) for metric, value in values.items()]
            at = self.solved_at[k]
            if self.step == self.steps or (at and self.stops):
                self.rows.append((seed, at or self.step, "solved", float(at > 0)))
                self.final[k] = [p.detach().clone() for p in reader.parameters()]
                self.done[k] = True

    def save(self) -> None:
        """Write down where the run is: all or nothing. Where that cannot be done, say so once and train on."""
        if not self.keeps:
            return
        partial = self.file.with_suffix(f".{os.getpid()}")
        parameters = [p.detach() for p in self.model.parameters]
        state = {"step": self.step, "rows": self.rows, "done": self.done, "final": self.final}
        state["solved_at"] = self.solved_at
        state |= {"parameters": parameters, "adam": self.optimizer.state_dict()}
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            torch.save(state, partial)
            partial.replace(self.file)
        except (OSError, RuntimeError) as problem:  # torch.save raises the latter on a full disk
            self.keeps = False
            with contextlib.suppress(OSError):
                partial.unlink(missing_ok=True)
            print(
                f"Nothing can be kept in {self.file.parent} ({type(problem).__name__}). "
                f"Training goes on; if you stop it, it begins anew."
            )
        else:
            self.kept = self.step

    def load(self) -> None:
        """Go on from where a run with the same settings was; from the start if there is none that can be read."""
        try:
            state = torch.load(self.file, weights_only=True)
        except Exception:  # none there, or a file of somebody else's, which may raise anything
            return
        own = list(self.model.parameters)
        if not self.is_mine(state, own):
            return
        self.step, self.rows, self.done = state["step"], state["rows"], state["done"]
        self.final, self.kept, self.solved_at = state["final"], state["step"], state["solved_at"]
        with torch.no_grad():
            for mine, kept in zip(own, state["parameters"], strict=True):
                mine.copy_(kept)
        self.optimizer.load_state_dict(state["adam"])

    def is_mine(self, state: object, own: list[Tensor]) -> bool:
        """Whether this is what `save` writes, for these seeds and parameters."""
        parts = {"step", "rows", "done", "final", "solved_at", "parameters", "adam"}
        if not isinstance(state, dict) or state.keys() != parts:
            return False
        counts = [len(state[part]) for part in ("done", "final", "solved_at")]
        there = [getattr(kept, "shape", None) for kept in state["parameters"]]
        return counts == [len(self.seeds)] * 3 and there == [mine.shape for mine in own]


def solved(table: pd.DataFrame) -> pd.DataFrame:
    """For each task and cell: how many seeds solved it, out of how many, and after how many updates, the median."""
    rows = table[table["metric"] == "solved"]
    found = []
    for (task, cell), of_it in rows.groupby(["task", "cell"], sort=False):
        steps = of_it.loc[of_it["value"] == 1, "step"]
        median = float(steps.median()) if len(steps) else math.nan
        found.append(
            {
                "task": task,
                "cell": cell,
                "solved": len(steps),
                "seeds": len(of_it),
                "updates": median,
            }
        )
    return pd.DataFrame(found)

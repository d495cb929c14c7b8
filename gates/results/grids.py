"""The long runs behind the shipped tables: what was declared before running, and how to run it again.

`python -m gates.results.grids` lists them; with a name it trains that grid, a row at a time, and writes the table and
what belongs beside it. Rows that are done are kept in GATES_HOME until the table is written, so that a grid that was
stopped goes on where it was.
"""

import hashlib
import math
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pandas as pd
import torch
from torch import Tensor
from torch.nn import functional as F
from tqdm.auto import tqdm

from gates import probes
from gates.cells import swapped_lstm_cell
from gates.home import home
from gates.networks import Stack
from gates.results import save
from gates.tasks import (
    adding,
    copying,
    counting,
    delayed_recall,
    digits,
    latch,
    reber,
    temporal_order,
)
from gates.tasks.counting import largest_right, strings
from gates.tasks.task import Task
from gates.training import CELLS, COLUMNS, Network, Reader, train


@dataclass(frozen=True)
class Row:
    """A task and a network, trained with some settings; `look` measures more in the trained networks.

    task: the task, or a function that makes it from the seed. metrics: those that the table keeps, all if there are
    none. keep: what is kept of the table besides.
    """

    task: Task | Callable[[int], Task]
    cell: str | Network
    label: str
    settings: dict = field(default_factory=dict)
    look: Callable[[Reader, Task], dict[str, float]] | None = None
    metrics: tuple[str, ...] = ()
    keep: Callable[[pd.DataFrame], pd.DataFrame] | None = None

    @property
    def title(self) -> str:
        """How the table calls the task."""
        return (self.task if isinstance(self.task, Task) else self.task(0)).title

    def run(self) -> pd.DataFrame:
        table, readers = train(self.task, self.cell, label=self.label, **self.settings)
        if self.metrics:
            table = table[table["metric"].isin(self.metrics)]
        if self.keep:
            table = self.keep(table)
        if self.look is None:
            return table
        steps, more = self.settings["steps"], []
        for seed, reader in enumerate(readers):
            for metric, value in self.look(reader, self.task).items():
                more.append((self.task.title, self.label, seed, steps, metric, value))
        return pd.concat([table, pd.DataFrame(more, columns=list(COLUMNS))], ignore_index=True)


# Lesson 06. Equal effort for all cells: at most 2000 updates of Adam on 32 samples each, gradients clipped at a norm of
# 1 as in every fit.
LONG_MEMORY = {"seeds": 5, "steps": 2000, "every": 100, "hidden": 32, "learning_rate": 5e-3}


def long_memory() -> Iterator[Row]:
    """Which cell learns what, as PyTorch starts it, up to how many steps. About fifty minutes."""
    for make, other in ((adding, 400), (copying, 20), (latch, 20), (temporal_order, 20)):
        for length in sorted((50, 100, 200, other)):
            for cell in CELLS:
                yield Row(make(length), cell, cell, LONG_MEMORY)


# Five times the updates, at the shortest of the lengths at which nobody copied within 2000.
COPYING_LONGER = LONG_MEMORY | {"steps": 10_000, "every": 500}


def copying_longer() -> Iterator[Row]:
    """Whether the three cells learn to copy over 20 steps when they are given more time. About ten minutes."""
    for cell in CELLS:
        yield Row(copying(20), cell, cell, COPYING_LONGER)


# How evenly training goes, on two tasks short enough for all three cells. Five seeds were run first; of eight comparisons
# they decided one, so fifteen were declared after that.
STABILITY = {"seeds": 15, "steps": 500, "every": 25, "hidden": 32, "stop_when_solved": False}
RATES = (1e-3, 3e-3, 1e-2, 3e-2, 1e-1)
CLIPS = {"clipped at 1": 1.0, "not clipped": 1e9}


def stability() -> Iterator[Row]:
    """Five learning rates, with and without clipping, fifteen seeds each. About fifteen minutes."""
    for task in (delayed_recall(3, 20), temporal_order(20)):
        for cell in CELLS:
            for rate in RATES:
                for name, clip in CLIPS.items():
                    label = f"{cell}, {rate:g}, {name}"
                    settings = STABILITY | {"learning_rate": rate, "clip": clip}
                    yield Row(task, cell, label, settings, metrics=("validation", "solved"))


# Lesson 07. The gate that keeps, started with several biases: the forget gate of an LSTM, z of a GRU.
OPENED = {"seeds": 10, "steps": 1000, "every": 50, "hidden": 16, "learning_rate": 3e-3}
BIASES = (0, 1, 3, 5)


def starts(task: Task, settings: dict, chrono: int) -> Iterator[Row]:
    """A row for each way to start an LSTM and a GRU."""
    for cell in ("lstm", "gru"):
        yield Row(task, cell, cell, settings)
        for bias in BIASES:
            yield Row(task, cell, f"{cell}, bias {bias}", settings | {"keep_bias": bias})
        yield Row(task, cell, f"{cell}, chrono", settings | {"chrono": chrono})


def opened_latch() -> Iterator[Row]:
    """Which bias learns the latch over 20, 50 and 100 steps, ten seeds each. About ten minutes."""
    for length in (20, 50, 100):
        yield Row(latch(length), "rnn", "rnn", OPENED)
        yield from starts(latch(length), OPENED, chrono=length)
        for cell in ("lstm", "gru"):
            if length < 100:  # chrono that is not told the length
                yield Row(latch(length), cell, f"{cell}, chrono for 100", OPENED | {"chrono": 100})


def opened_adding() -> Iterator[Row]:
    """Whether the same biases help with adding over 50 steps, five seeds each. About five minutes."""
    yield from starts(adding(50), LONG_MEMORY, chrono=50)


def opened_copying() -> Iterator[Row]:
    """Whether chrono biases let the cells copy, five seeds each. About ten minutes."""
    for length in (20, 50, 100):
        for cell in ("lstm", "gru"):
            settings = LONG_MEMORY | {"chrono": length + 6}
            yield Row(copying(length), cell, f"{cell}, chrono", settings)


WINDOWS = {"seeds": 5, "steps": 600, "every": 50, "hidden": 32, "learning_rate": 5e-3}


def windows() -> Iterator[Row]:
    """How far back a truncated gradient lets an LSTM remember, five seeds each. About ten minutes."""
    for delay in (2, 5, 10):
        for window in (1, 2, 4, 8, 16, 40):
            settings = WINDOWS | {"window": window}
            yield Row(delayed_recall(delay, 40), "lstm", f"lstm, window {window}", settings)


# Lesson 08. The grammar stops a seed when it is solved, as in lessons 06 and 07.
GRAMMAR = {"seeds": 10, "steps": 800, "every": 50, "hidden": 16, "learning_rate": 5e-3}


def grammar() -> Iterator[Row]:
    """Whether each cell learns the embedded Reber grammar, ten seeds each. About two minutes."""
    for cell in CELLS:
        yield Row(reber(), cell, cell, GRAMMAR)


# Counting: all updates for every seed, and a learning rate that falls to zero.
COUNTING = {
    "seeds": 10,
    "steps": 2000,
    "every": 200,
    "hidden": 10,
    "learning_rate": 1e-2,
    "cosine": True,
    "stop_when_solved": False,
}
FARTHEST = 500


@torch.no_grad()
def look_at_counting(reader: Reader, task: Task) -> dict[str, float]:
    """How far a network counts, and which unit does it, by how much for an a and for a b."""
    longest = task.options["longest"]
    batch = strings(torch.arange(1, FARTHEST + 1))
    right = ((reader(batch.xs).argmax(-1) == batch.targets) | ~batch.scored).all(0)
    xs = strings(torch.tensor([longest])).xs
    found = probes.states(reader.step, xs, None, reader.weights)[1:]
    held = torch.stack([(state[1] if isinstance(state, tuple) else state)[0] for state in found])
    unit = probes.counter_unit(held, longest)
    changes = held[:, unit].diff()
    return {
        "largest n": largest_right(right),
        "counter unit": unit,
        "per a": changes[: longest - 1].mean().item(),
        "per b": changes[longest - 1 :].mean().item(),
    }


def counting_far() -> Iterator[Row]:
    """How far each cell counts beyond what it was trained on, ten seeds each. About fifteen minutes."""
    for longest in (10, 30, 100):
        for cell in CELLS:
            yield Row(counting(longest), cell, cell, COUNTING, look_at_counting)


def counting_longer() -> Iterator[Row]:
    """The same with five times the updates, five seeds each. About thirty minutes."""
    for longest in (30, 100):
        for cell in CELLS:
            settings = COUNTING | {"seeds": 5, "steps": 10_000, "every": 1000}
            yield Row(counting(longest), cell, cell, settings, look_at_counting)


# Lesson 09. Few digits, of which some say another digit than they show; each seed draws its own. All networks have the
# same updates, and the table keeps what they reach after few of them, after all, and where the validation loss is least.
OVERFITTING = {
    "seeds": 10,
    "steps": 2000,
    "every": 100,
    "stop_when_solved": False,
    "generalization": True,
}
EARLY = 300
OTHER_SEEDS = range(10, 15)  # for all tables of lesson 09 once more


def few_digits(few: int, mislabeled: float, hands: str = "same") -> Callable[[int], Task]:
    """From a seed to the digits it trains on."""
    return lambda seed: digits("rows", few, mislabeled, drawn=seed, hands=hands)


def stack(H: int, L: int = 1, **remedies: float) -> Network:
    """From I and O to a stack of L layers of H units."""
    return lambda I, O: Stack(I, H, O, L, **remedies)


def three_times(table: pd.DataFrame) -> pd.DataFrame:
    """What is kept of each seed: the rows after EARLY updates and after all, and those where a careful person stops.

    That is where the validation loss is least; the metrics of these rows end in ", stopped early".
    """
    kept = []
    for _, of_it in table.groupby("seed", sort=False):
        losses = of_it[of_it["metric"] == "validation loss"]
        best = losses.loc[losses["value"].idxmin(), "step"]
        stopped = of_it[of_it["step"] == best]
        stopped = stopped[~stopped["metric"].isin(("loss", "solved"))]
        kept.append(of_it[of_it["step"].isin((EARLY, of_it["step"].max()))])
        kept.append(stopped.assign(metric=stopped["metric"] + ", stopped early"))
    return pd.concat(kept)


# Layers: from one to four of 32 units; and one layer that has as many parameters as four. Declared for C10: with four
# layers and 100 digits, does the gap between training and test accuracy grow, and the test accuracy fall, by intervals
# of paired differences from one layer that exclude 0, after all updates; and is the same so with 1000 digits?
LAYERS = OVERFITTING | {"steps": 3000}
NETWORKS = {
    "1 layer": (32, 1),
    "2 layers": (32, 2),
    "3 layers": (32, 3),
    "4 layers": (32, 4),
    "1 wide layer": (83, 1),
}


def layers(
    seeds: int | range = 10, names: Iterable[str] = tuple(NETWORKS), hands: str = "same"
) -> Iterator[Row]:
    """One to four layers on few and many digits, with and without wrong labels. About thirty minutes."""
    for few in (100, 1000):
        for mislabeled in (0.0, 0.2):
            for name in names:
                task, settings = few_digits(few, mislabeled, hands), LAYERS | {"seeds": seeds}
                yield Row(task, stack(*NETWORKS[name]), name, settings, keep=three_times)


def layers_again() -> Iterator[Row]:
    """The same with five other seeds. About fifteen minutes."""
    yield from layers(OTHER_SEEDS)


# New hands. In the tables above each hand stands in training and in test. The rows that decide C10, and further below
# those that decide C11 and two of C12, are trained once more on digits whose test part is by other hands,
# with the same settings and rules. Declared before running: a claim keeps its verdict if these tables give the same one;
# if they do not, it is mixed.
def layers_new_hands() -> Iterator[Row]:
    """One layer and four, tried on the digits of other hands than those trained on, ten seeds. About ten minutes."""
    yield from layers(names=("1 layer", "4 layers"), hands="new")


# Dropout before the head, and none: how much data, how many wrong labels, how many units. All places of this map are
# shown, whichever way they go.
def dropout_map(seeds: int | range = 10) -> Iterator[Row]:
    """Where dropout of a half helps an LSTM of one layer, and where it harms. About forty minutes."""
    for few in (50, 200, 800):
        for mislabeled in (0.0, 0.2, 0.4):
            for H in (8, 32, 128):
                for p in (0.0, 0.5):
                    label = f"{H} units, dropout {p:g}"
                    settings = OVERFITTING | {"seeds": seeds}
                    task, cell = few_digits(few, mislabeled), stack(H, at_output=p)
                    yield Row(task, cell, label, settings, keep=three_times)


def dropout_map_again() -> Iterator[Row]:
    """The same with five other seeds. About twenty minutes."""
    yield from dropout_map(OTHER_SEEDS)


# Remedies for two layers of 32 units on 200 digits: three strengths each, of which the one with the best mean validation
# accuracy after all updates counts, and its test accuracy is compared with that of no remedy, by the interval of paired
# differences. More data are no remedy one can choose; they are there to compare with. Declared for C12: a remedy works on
# clean labels, or on wrong ones, if it raises the test accuracy and narrows the gap between training and test accuracy,
# both by intervals that exclude 0. With early stopping there are eight; the claim holds where at least four of them work,
# a kind of dropout among them.
REMEDIES: dict[str, dict[float, dict]] = {
    "dropout between layers": {p: {"between": p} for p in (0.2, 0.5, 0.8)},
    "dropout before the head": {p: {"at_output": p} for p in (0.2, 0.5, 0.8)},
    "dropout on inputs": {p: {"at_input": p} for p in (0.1, 0.3, 0.5)},
    "locked dropout": {p: {"locked": p} for p in (0.1, 0.25, 0.5)},
    "noise on inputs": {s: {"noise": s} for s in (0.1, 0.3, 0.5)},
    "weight decay": {d: {} for d in (0.1, 0.3, 1.0)},
    "fewer units": {H: {} for H in (4, 8, 16)},
}


def remedies(seeds: int | range = 10) -> Iterator[Row]:
    """Seven remedies in three strengths, with and without wrong labels. About forty minutes."""
    settings = OVERFITTING | {"seeds": seeds}
    for mislabeled in (0.0, 0.2):
        few, many = few_digits(200, mislabeled), few_digits(400, mislabeled)
        yield Row(few, stack(32, 2), "none", settings, keep=three_times)
        for name, strengths in REMEDIES.items():
            for strength, remedy in strengths.items():
                H = int(strength) if name == "fewer units" else 32
                decay = strength if name == "weight decay" else 0.0
                of_it = settings | {"weight_decay": decay}
                label = f"{name}, {strength:g}"
                yield Row(few, stack(H, 2, **remedy), label, of_it, keep=three_times)
        yield Row(many, stack(32, 2), "twice the data", settings, keep=three_times)


def remedies_again() -> Iterator[Row]:
    """The same with ten other seeds, since one remedy more or less decides. About forty minutes."""
    yield from remedies(range(10, 20))


# Of the eight remedies the two whose numbers C12 gives, in the strength that both tables chose for these labels; five
# seeds. Stopping early comes with none.
STRENGTHS = {
    0.0: {"locked dropout": 0.1, "noise on inputs": 0.3},
    0.2: {"locked dropout": 0.25, "noise on inputs": 0.5},
}


def remedies_new_hands() -> Iterator[Row]:
    """Two remedies, tried on the digits of other hands than those trained on, five seeds. About five minutes."""
    settings = OVERFITTING | {"seeds": 5}
    for mislabeled, strengths in STRENGTHS.items():
        task = few_digits(200, mislabeled, "new")
        yield Row(task, stack(32, 2), "none", settings, keep=three_times)
        for name, strength in strengths.items():
            cell, label = stack(32, 2, **REMEDIES[name][strength]), f"{name}, {strength:g}"
            yield Row(task, cell, label, settings, keep=three_times)


# Lesson 10. One activation of an LSTM swapped for another, in its gates, its candidate or its output; and two pairs.
# Equal effort: the same updates for all. Declared for C11: of each swap's six differences in the test score from the
# LSTM as it is, paired over seeds, those count whose interval at 99.9% excludes 0, since there are a hundred of them. A
# swap changes the result if two of its six do, or more; the claim holds for a place if three of its five swaps do.
def identity(a: Tensor) -> Tensor:
    return a


ACTIVATIONS: dict[str, tuple[Callable, float]] = {  # and the largest slope
    "tanh": (torch.tanh, 1.0),
    "sigmoid": (torch.sigmoid, 0.25),
    "hard sigmoid": (F.hardsigmoid, 1 / 6),
    "softsign": (F.softsign, 1.0),
    "relu": (torch.relu, 1.0),
    "identity": (identity, 1.0),
}
AS_IT_IS = {"gate": "sigmoid", "candidate": "tanh", "output": "tanh"}
SWAPS: dict[str, dict[str, str]] = {
    "as it is": AS_IT_IS,
    **{
        f"{place} {name}": AS_IT_IS | {place: name}
        for place, usual in AS_IT_IS.items()
        for name in ACTIVATIONS
        if name != usual
    },
    "candidate and output relu": AS_IT_IS | {"candidate": "relu", "output": "relu"},
    "candidate and output identity": AS_IT_IS | {"candidate": "identity", "output": "identity"},
}
ACTIVATED = {
    "seeds": 10,
    "every": 100,
    "hidden": 32,
    "learning_rate": 5e-3,
    "stop_when_solved": False,
}
UPDATES = {"digits": 600, "adding": 1000}


def swapped(swap: dict[str, str]) -> Callable:
    """The step of an LSTM with these activations."""
    return partial(swapped_lstm_cell, **{place: ACTIVATIONS[k][0] for place, k in swap.items()})


def look_at_activations(swap: dict[str, str]) -> Callable[[Reader, Task], dict[str, float]]:
    """What trained networks do: how large memories and gradients are, and how much of them hardly reacts."""

    def look(reader: Reader, task: Task) -> dict[str, float]:
        batch = task.held_out("validation")
        found = probes.pre_activations(reader.step, batch.xs, None, reader.weights)
        into = {
            "gate": torch.stack([found[letter] for letter in "ifo"]),
            "candidate": found["g"],
            "output": found["c"],
        }
        lost = any(values.isnan().any() for values in found.values())
        some = task.draw(32, seed=0)
        grads = torch.autograd.grad(task.loss(reader(some.xs), some), list(reader.parameters()))
        return {
            "largest |c|": found["c"].abs().max().item(),
            "gradient": torch.cat([grad.flatten() for grad in grads]).norm().item(),
            **{
                f"saturated, {place}": (
                    math.nan if lost else probes.saturated(into[place], *ACTIVATIONS[name])
                )
                for place, name in swap.items()
            },
        }

    return look


def activations() -> Iterator[Row]:
    """Seventeen swaps of activations on digits in 8 to 64 steps, and on adding in 20 and 50. About fifty minutes."""
    orders = ("rows", "half rows", "pairs", "pixels")
    for task in (*map(digits, orders), adding(20), adding(50)):
        for name, swap in SWAPS.items():
            settings = ACTIVATED | {"steps": UPDATES[task.name], "step": swapped(swap)}
            yield Row(task, "lstm", name, settings, look_at_activations(swap))


# The four columns of digits, with new hands and without the pairs; the two of adding stay as they are. Declared with all
# swaps in 64 steps, which take longest. When the other columns were known, most of them could not change the verdict any
# more, since a swap counts from two differences on: those are left out there that had two or more, and those that had none.
STILL_OPEN = ("as it is", "gate softsign", "candidate relu", "output relu")


def activations_new_hands() -> Iterator[Row]:
    """Fifteen swaps, tried on the digits of other hands than those trained on, ten seeds. About fifteen minutes."""
    for order in ("rows", "half rows", "pairs", "pixels"):
        for name, swap in SWAPS.items():
            if " and " in name or (order == "pixels" and name not in STILL_OPEN):
                continue
            settings = ACTIVATED | {"steps": UPDATES["digits"], "step": swapped(swap)}
            task, kept = digits(order, hands="new"), ("validation", "test")
            yield Row(task, "lstm", name, settings, metrics=kept)


GRIDS: dict[str, Callable[[], Iterator[Row]]] = {
    grid.__name__: grid
    for grid in (
        long_memory,
        copying_longer,
        stability,
        opened_latch,
        opened_adding,
        opened_copying,
        windows,
        grammar,
        counting_far,
        counting_longer,
        layers,
        layers_again,
        layers_new_hands,
        dropout_map,
        dropout_map_again,
        remedies,
        remedies_again,
        remedies_new_hands,
        activations,
        activations_new_hands,
    )
}


def kept(name: str, row: Row) -> Path:
    """Where a row that is done is kept."""
    told = sorted((k, v) for k, v in row.settings.items() if k != "step")  # which the label tells
    what = repr((name, row.title, row.label, told, torch.__version__))
    return home() / "runs" / f"{name}-{hashlib.sha256(what.encode()).hexdigest()[:16]}.csv"


def make(name: str) -> pd.DataFrame:
    """Run a grid, or what is missing of it; rows that are done are kept."""
    tables = []
    for row in tqdm(list(GRIDS[name]()), unit="row"):
        file = kept(name, row)
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            partial = file.with_suffix(f".{os.getpid()}")
            row.run().to_csv(partial, index=False)
            partial.replace(file)
        tables.append(pd.read_csv(file))
    return pd.concat(tables, ignore_index=True)


def main(arguments: list[str]) -> None:
    if len(arguments) != 1 or arguments[0] not in GRIDS:
        listed = "\n".join(f"  {name}: {grid.__doc__}" for name, grid in GRIDS.items())
        sys.exit(f"Say which grid to run:\n{listed}")
    (name,) = arguments
    torch.set_num_threads(1)
    print(save(make(name), name, f"python -m gates.results.grids {name}"))
    for row in GRIDS[name]():
        kept(name, row).unlink(missing_ok=True)


if __name__ == "__main__":
    main(sys.argv[1:])

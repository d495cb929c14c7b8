"""Windows of a series as a task that `gates.training` trains networks on, and the trained network as a forecaster."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from numpy import ndarray as Array
from torch import Tensor

from gates.series.kind import QUANTILES, Series, ends, following, origins
from gates.series.model import Forecaster
from gates.series.scaling import Scaling, changes, fitted
from gates.series.scores import mase
from gates.tasks.task import Batch, Task
from gates.training import train

WARM = 0.25  # the share of a window's first steps whose forecasts do not count, since too little was read before them


@dataclass(frozen=True)
class Forecasting(Task):
    """A series to forecast. The score is the MASE of the median; a target is the next h values, (T, B, h)."""

    unit_error: float = 1.0  # MASE's scale, as the network's outputs are scaled

    def loss(self, outputs: Tensor, batch: Batch) -> Tensor:
        """The mean pinball loss. outputs: (T, B, h, Q)."""
        there = ~batch.targets.isnan()
        missed = batch.targets[there][:, None] - outputs[there]
        q = outputs.new_tensor(QUANTILES)
        return torch.maximum(q * missed, (q - 1) * missed).mean()

    def grade(self, outputs: Tensor, batch: Batch) -> float:
        """The mean absolute error of the median in units of MASE's."""
        median = outputs[..., QUANTILES.index(0.5)]
        missed = (median - batch.targets)[batch.scored]
        return missed.abs().mean().item() / self.unit_error


def forecasting(series: Series, scaling: Scaling, h: int, T: int) -> Forecasting:
    """Forecasts of the next h values from what was read before, learned on windows of T values of the training part.

    A window begins anywhere where all its targets are in the training part. Held out is the series read from its start,
    and what counts is the origins of the validation part, or of the test part. Too few values raise ValueError.
    """
    values, (a, _) = series.values, ends(len(series.values))
    lag = scaling.lag
    room = a - h - T - lag + 1
    if room < 1:
        raise ValueError(
            f"The training part has {a} values, too few for windows of {T} that look {h} ahead: take smaller ones."
        )
    inputs = torch.tensor(scaling.inputs(values), dtype=torch.float32)
    targets = torch.tensor(_scaled_targets(values, scaling, h), dtype=torch.float32)

    def sample(B: int | None, generator: torch.Generator, part: str) -> Batch:
        if part != "training":
            xs, ys = inputs[:, None], torch.full((len(inputs), 1, h), float("nan"))
            counts = torch.as_tensor(origins(len(values), part, h)) - lag
            ys[counts, 0] = targets[counts]
            return Batch(xs, ys, ~ys.isnan(), torch.tensor([len(xs)]))
        begins = torch.arange(room) if B is None else torch.randint(room, (B,), generator=generator)
        steps = torch.arange(T)[:, None] + begins
        ys = targets[steps]
        ys[: int(WARM * T)] = float("nan")
        return Batch(inputs[steps], ys, ~ys.isnan(), torch.full((len(begins),), T))

    def show(of: Batch, b: int) -> str:
        read = " ".join(f"{x:.2f}" for x in of.xs[-5:, b, 0].tolist())
        return f"… {read} → {' '.join(f'{y:.2f}' for y in of.targets[-1, b].tolist())}"

    def trivial(of: Batch) -> Tensor:
        return torch.zeros(*of.targets.shape, len(QUANTILES))

    unit = np.abs(changes(values[:a], series.season)[:, 0]).mean() / scaling.deviation[0]
    test = origins(len(values), "test", h)
    known = scaling.base(values, test, h)
    return Forecasting(
        name=series.name,
        options={"ahead": h},
        I=values.shape[1],
        O=len(QUANTILES),
        score="error",
        chance=mase(known, following(values, test, h), values[:a, 0], series.season),
        baseline="change nothing, or by the mean change",
        trivial=trivial,
        solved=0.0,
        source=series.source,
        sample=sample,
        show=show,
        held=1,
        finite=True,
        drawn=_which(values, scaling, T),
        unit_error=float(unit),
    )


def _scaled_targets(values: Array, scaling: Scaling, h: int) -> Array:
    """For each period that is read and has h values after it, these as a network has to say them, (N − lag − h, h)."""
    at = np.arange(scaling.lag, len(values) - h)
    return (following(values, at, h) - scaling.base(values, at, h)) / scaling.deviation[0]


def _which(values: Array, scaling: Scaling, T: int) -> int:
    """A number that tells these data, and the code that reads them, from others; a run that was stopped is found by it."""
    digest = hashlib.sha256(values.tobytes() + repr((scaling, T)).encode())
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    return int.from_bytes(digest.digest()[:6])


@dataclass(frozen=True)
class Trained:
    """A trained network with the scaling it was trained with."""

    model: Forecaster
    scaling: Scaling

    @torch.no_grad()
    def quantiles(self, values: Array, origins: Array, h: int) -> Array:
        """Quantiles of the h values after each origin, (O, h, Q), by reading the series once from its start.

        values: (N, C). origins: places in it, from the scaling's lag on. h: up to that of the network. All is computed
        with as many digits as the weights have.
        """
        _check_reach(h, self.model.settings["h"])
        xs = torch.tensor(self.scaling.inputs(values), dtype=self.model.dtype)
        outputs = self.model(xs[:, None])[:, 0, :h].double().numpy()
        at = np.asarray(origins)
        return self.scaling.back(outputs[at - self.scaling.lag], self.scaling.base(values, at, h))


def _check_reach(h: int, most: int) -> None:
    if not 1 <= h <= most:
        raise ValueError(f"The network looks 1 to {most} values ahead, and not {h}.")


def network(cell: str, H: int, h: int) -> Callable[[int, int], Forecaster]:
    """What `gates.training.train` makes a network of: a function of I and O."""
    return lambda I, O: Forecaster(I, H, h, cell)


def learned(
    series: Series, cell: str, h: int, lag: int, T: int = 48, hidden: int = 16, **settings: object
) -> tuple[pd.DataFrame, list[Trained]]:
    """Train a network for each seed to forecast the next h values.

    cell: "rnn", "lstm" or "gru". lag: what it reads, see Scaling. T: the values of a window. settings: those of
    `gates.training.train`, whose help says what they are.
    Returns its table, in MASE, and the forecasters.
    """
    scaling = fitted(series.values, lag, ends(len(series.values))[0])
    task = forecasting(series, scaling, h, T)
    label = settings.pop("label", cell)
    table, models = train(task, network(cell, hidden, h), label=label, **settings)
    return table, [Trained(model, scaling) for model in models]

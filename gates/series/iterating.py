"""The same network one step at a time: sample paths, each fed with its own forecasts and with errors made before."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy import ndarray as Array
from torch import Tensor

from gates.series.kind import QUANTILES, Series, following, origins
from gates.series.learning import Trained
from gates.series.steps import iterated

PATHS = 200


@dataclass(frozen=True)
class Iterated:
    """One-step forecasts, iterated. errors: what they missed on validation, scaled; each step of a path draws one.

    A median of medians has no spread, so a path adds to each step's median an error that the network has made before.
    The quantiles of all paths are those of the forecast.
    """

    trained: Trained
    errors: Array
    paths: int = PATHS
    seed: int = 0

    @torch.no_grad()
    def quantiles(self, values: Array, origins: Array, h: int) -> Array:
        """Quantiles of the h values after each origin, (O, h, Q)."""
        at, scaling, model = np.asarray(origins), self.trained.scaling, self.trained.model
        generator = np.random.default_rng(self.seed)
        drawn = generator.choice(self.errors, (h, self.paths * len(at)))
        errors = iter(torch.tensor(drawn, dtype=model.dtype))
        xs, state = self._read_to(values, at)

        def step(x: Tensor, state: object) -> tuple[Tensor, object]:
            outputs, state = model.read(x[None, :, None], state)
            median = outputs[0, :, 0, QUANTILES.index(0.5)]
            return median + next(errors), state

        found = iterated(step, xs, state, h).double().numpy()  # scaled changes, (h, O · paths)
        found = found * scaling.deviation[0] + scaling.mean[0]
        levels = self._added_up(found, np.repeat(at, self.paths), values)
        levels = levels.reshape(h, len(at), self.paths)
        return np.quantile(levels, QUANTILES, axis=2).transpose(2, 1, 0)

    def _read_to(self, values: Array, at: Array) -> tuple[Tensor, object]:
        """The input at each origin, and the state before it is read, each repeated for all paths."""
        inputs = torch.tensor(self.trained.scaling.inputs(values), dtype=self.trained.model.dtype)
        wanted, states, state = set((at - self.trained.scaling.lag).tolist()), {}, None
        for k, x in enumerate(inputs[: max(wanted) + 1]):
            if k in wanted:
                states[k] = state
            _, state = self.trained.model.read(x[None, None], state)
        first = self.trained.model.read(inputs[:1, None])[1]
        zeros = _mapped(torch.zeros_like, first)
        in_order = [
            zeros if states[k] is None else states[k] for k in (at - self.trained.scaling.lag)
        ]
        joined = _joined(in_order)
        repeated = _mapped(lambda part: part.repeat_interleave(self.paths, 1), joined)
        x = inputs[at - self.trained.scaling.lag, 0].repeat_interleave(self.paths)
        return x, repeated

    def _added_up(self, steps: Array, at: Array, values: Array) -> Array:
        """Values from changes, (h, B): each is counted from the value a lag before, known or forecast."""
        lag, levels = self.trained.scaling.lag, []
        if lag == 0:
            return steps
        for j, change in enumerate(steps):
            before = levels[j - lag] if j >= lag else values[at + 1 + j - lag, 0]
            levels.append(before + change)
        return np.array(levels)


def _mapped(of, state: object) -> object:
    """The same done to h, or to h and c."""
    return tuple(map(of, state)) if isinstance(state, tuple) else of(state)


def _joined(states: list) -> object:
    """States side by side, as a batch."""
    if isinstance(states[0], tuple):
        return tuple(torch.cat(parts, 1) for parts in zip(*states, strict=True))
    return torch.cat(states, 1)


def one_by_one(trained: Trained, series: Series, paths: int = PATHS) -> Iterated:
    """A forecaster that iterates, with the one-step errors of the validation part.

    A series of several columns raises ValueError: to go on with, the network would have to forecast all of them.
    """
    values, scaling = series.values, trained.scaling
    if values.shape[1] > 1:
        raise ValueError(
            f"{series.name} has {values.shape[1]} columns, and the network forecasts the first alone: it cannot go on by itself."
        )
    at = origins(len(values), "validation", 1)
    median = trained.quantiles(values, at, 1)[:, 0, QUANTILES.index(0.5)]
    missed = (following(values, at, 1)[:, 0] - median) / scaling.deviation[0]
    return Iterated(trained, missed, paths)

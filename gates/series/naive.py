"""The simplest forecast: the last value, or that of a season ago, with intervals from what it missed in the past."""

from dataclasses import dataclass

import numpy as np
from numpy import ndarray as Array

from gates.series.kind import QUANTILES, following


@dataclass(frozen=True)
class Naive:
    """The value that stands a season before; of several, the last that is known. season: 1 repeats the last value.

    missed: quantiles of what it missed in the past, at each horizon, (h, Q).
    """

    season: int
    missed: Array

    def quantiles(self, values: Array, origins: Array, h: int) -> Array:
        """Quantiles of the h values after each origin, (O, h, Q). The middle one is the repeated value itself."""
        return repeated(values, origins, h, self.season)[..., None] + self.missed[:h]


def repeated(values: Array, origins: Array, h: int, season: int) -> Array:
    """Values from the last season that is known, for the h periods after each origin: (O, h)."""
    ahead = np.arange(1, h + 1)
    back = season * -(-ahead // season)
    return values[np.asarray(origins)[:, None] + ahead - back, 0]


def naive(values: Array, n: int, season: int, h: int) -> Naive:
    """Such a forecast, whose intervals come from the first n values. values: (N, C)."""
    at = np.arange(season - 1, n - h)
    errors = following(values, at, h) - repeated(values, at, h, season)
    missed = np.quantile(errors, QUANTILES, axis=0).T
    missed[:, QUANTILES.index(0.5)] = 0
    return Naive(season, missed)

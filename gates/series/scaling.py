"""What a network reads in place of a series: changes, with their mean and scale taken out, which the past alone has told."""

from dataclasses import dataclass

import numpy as np
from numpy import ndarray as Array


@dataclass(frozen=True)
class Scaling:
    """Changes over `lag` periods with mean 0 and deviation 1, as far as they were known when it was fitted.

    lag: 0 for the values themselves, 1 for changes from value to value, a season for changes from season to season.
    mean, deviation: of these, for each column, (C,).
    """

    lag: int
    mean: Array
    deviation: Array

    def inputs(self, values: Array) -> Array:
        """What is read at periods lag to N − 1: (N − lag, C). values: (N, C)."""
        return (changes(values, self.lag) - self.mean) / self.deviation

    def base(self, values: Array, origins: Array, h: int) -> Array:
        """The forecast that is nothing but the scaling, for periods t + 1 to t + h of each origin t: (O, h).

        The mean for lag 0; else the last value that stands a number of lags before, and for each lag the mean change.
        """
        if self.lag == 0:
            return np.full((len(origins), h), self.mean[0])
        ahead = np.arange(1, h + 1)
        lags = -(-ahead // self.lag)  # rounded up
        return values[origins[:, None] + ahead - self.lag * lags, 0] + lags * self.mean[0]

    def back(self, scaled: Array, base: Array) -> Array:
        """Scaled differences from the base as values of the series. scaled: (O, h, Q); base: (O, h)."""
        return base[..., None] + self.deviation[0] * scaled


def changes(values: Array, lag: int) -> Array:
    """Values less those `lag` periods before, (N − lag, C); the values themselves for lag 0."""
    return values[lag:] - values[: len(values) - lag] if lag else values


def fitted(values: Array, lag: int, n: int) -> Scaling:
    """A scaling that knows the first n values and no others.

    With n = N it has seen what is to be forecast: the scaler's leak. A column that never changes raises ValueError.
    """
    known = changes(values[:n], lag)
    deviation = known.std(0)
    if not (deviation > 0).all():
        raise ValueError("A column does not change among the values that the scaling is fitted to.")
    return Scaling(lag, known.mean(0), deviation)

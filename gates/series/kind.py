"""A time series with its periods, its unit and its source, and the places where it is cut."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy import ndarray as Array

TRAINING, VALIDATION = 0.6, 0.2  # shares of the values; the rest is the test part
QUANTILES = (
    0.1,
    0.5,
    0.9,
)  # of every forecast here: an interval for four values in five, and its middle


@dataclass(frozen=True)
class Series:
    """Numbers in the order of time, all periods of one length and none missing.

    table: a row for each period, with a PeriodIndex; the first column is what is forecast, and others are read besides.
    unit: of the first column. season: after how many periods it repeats itself, more or less; 1 if it does not.
    source: where it was taken from.
    """

    name: str
    table: pd.DataFrame = field(repr=False)
    unit: str
    season: int
    source: str = field(repr=False)

    @property
    def values(self) -> Array:
        """All columns, (N, C)."""
        return self.table.to_numpy(dtype=float)

    @property
    def target(self) -> pd.Series:
        """What is forecast, by period."""
        return self.table.iloc[:, 0]

    def after(self, h: int) -> pd.PeriodIndex:
        """The h periods beyond the end."""
        last = self.table.index[-1]
        return pd.period_range(last + 1, periods=h, freq=self.table.index.freq)


def ends(N: int) -> tuple[int, int]:
    """Where the training part ends, and where the validation part does: the first is [:a], the second [a:b], the test [b:]."""
    a = round(TRAINING * N)
    return a, a + round(VALIDATION * N)


def origins(N: int, part: str, h: int) -> Array:
    """The places t from which values t + 1 to t + h are forecast so that all of them lie in one part.

    part: "validation" or "test". What is known at origin t are the values 0 to t.
    """
    a, b = ends(N)
    if part not in ("validation", "test"):
        raise ValueError(f'The part is "validation" or "test", and not {part!r}.')
    begins, stops = (a, b) if part == "validation" else (b, N)
    if stops - begins < h:
        raise ValueError(
            f"The {part} part has {stops - begins} values, too few to look {h} ahead: take a smaller h."
        )
    return np.arange(begins - 1, stops - h)


def following(values: Array, origins: Array, h: int) -> Array:
    """What is forecast at each origin: the h values after it, (O, h), from (N, C)."""
    return values[np.asarray(origins)[:, None] + np.arange(1, h + 1), 0]

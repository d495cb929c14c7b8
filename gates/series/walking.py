"""Walk-forward evaluation: from each origin a forecast that knows the values up to there, and its scores."""

from typing import Protocol

import numpy as np
import pandas as pd
from numpy import ndarray as Array

from gates.series.kind import QUANTILES, Series, ends, following, origins
from gates.series.scores import coverage, mase, pinball


class Quantiles(Protocol):
    """What forecasts: a network, or any of the simple methods."""

    def quantiles(self, values: Array, origins: Array, h: int) -> Array:
        """Quantiles of the h values after each origin, (O, h, Q)."""


def walked(forecaster: Quantiles, series: Series, h: int, part: str = "test") -> pd.DataFrame:
    """Forecasts from every origin of a part, a row for each origin and horizon.

    Columns: origin, the last period that is known; ahead, from 1 to h; actual; and q10, q50 and q90.
    """
    values = series.values
    at = origins(len(values), part, h)
    found, known = forecaster.quantiles(values, at, h), series.table.index
    table = pd.DataFrame(
        {
            "origin": known[np.repeat(at, h)],
            "ahead": np.tile(np.arange(1, h + 1), len(at)),
            "actual": following(values, at, h).ravel(),
        }
    )
    for k, q in enumerate(QUANTILES):
        table[f"q{100 * q:.0f}"] = found[..., k].ravel()
    return table


def ahead(forecaster: Quantiles, series: Series, h: int) -> pd.DataFrame:
    """Forecasts of the h periods beyond the end, a row each: q10, q50 and q90, by period."""
    values = series.values
    found = forecaster.quantiles(values, np.array([len(values) - 1]), h)[0]
    return pd.DataFrame(found, series.after(h), [f"q{100 * q:.0f}" for q in QUANTILES])


def scored(forecaster: Quantiles, series: Series, h: int, part: str = "test") -> dict[str, float]:
    """MASE of the median, pinball loss in units of MASE's, and the share of values within the interval."""
    values = series.values
    past, at = values[: ends(len(values))[0], 0], origins(len(values), part, h)
    found, actual = forecaster.quantiles(values, at, h), following(values, at, h)
    unit = np.abs(past[series.season :] - past[: -series.season]).mean()
    return {
        "MASE": mase(found[..., QUANTILES.index(0.5)], actual, past, series.season),
        "pinball": pinball(found, actual, QUANTILES) / float(unit),
        "coverage": float(coverage(found[..., 0], found[..., -1], actual).mean()),
    }


def by_origin(forecaster: Quantiles, series: Series, h: int, part: str = "test") -> Array:
    """The mean absolute error over the horizons of each origin, in units of MASE's, (O,): their mean is the MASE."""
    values = series.values
    past, at = values[: ends(len(values))[0], 0], origins(len(values), part, h)
    found, actual = forecaster.quantiles(values, at, h), following(values, at, h)
    unit = np.abs(past[series.season :] - past[: -series.season]).mean()
    return np.abs(found[..., QUANTILES.index(0.5)] - actual).mean(1) / unit

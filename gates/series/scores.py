"""How good forecasts are: MASE for points, pinball loss for quantiles, coverage for intervals."""

from collections.abc import Sequence

import numpy as np
from numpy import ndarray as Array


def mase(forecasts: Array, actual: Array, past: Array, m: int) -> float:
    """The mean absolute error, in units of what repeating a season missed in the past.

    forecasts, actual: (O, h), from O origins. past: the series to learn from, (n,). m: the
    length of a season; 1 repeats the last value. Source: Hyndman and Koehler (2006), Another
    Look at Measures of Forecast Accuracy.
    """
    scale = np.abs(past[m:] - past[:-m]).mean()
    return float(np.abs(forecasts - actual).mean() / scale)


def pinball(forecasts: Array, actual: Array, quantiles: Sequence[float]) -> float:
    """The mean pinball loss: q times what a forecast of quantile q is too low, 1 − q times what it is too high.

    forecasts: (O, h, Q). actual: (O, h). It is least, on average, where each forecast is the quantile.
    Source: Koenker and Bassett (1978), Regression Quantiles.
    """
    missed = actual[..., None] - forecasts
    q = np.asarray(quantiles)
    return float(np.maximum(q * missed, (q - 1) * missed).mean())


def coverage(low: Array, high: Array, actual: Array) -> Array:
    """The share of values within their interval, its ends included, for each horizon.

    low, high, actual: (O, h), from O origins, h steps ahead. Returns (h,).
    """
    return ((low <= actual) & (actual <= high)).mean(axis=0)

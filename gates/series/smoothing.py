"""Exponential smoothing: level, trend and season that every value moves a little; statsmodels' ETS fits by how much."""

from dataclasses import dataclass, field
from itertools import accumulate
from statistics import NormalDist

import numpy as np
import pandas as pd
from numpy import ndarray as Array

from gates.series.kind import QUANTILES

Z = np.array([NormalDist().inv_cdf(q) for q in QUANTILES])


@dataclass(frozen=True)
class Smoothing:
    """yₜ = lₜ₋₁ + φ bₜ₋₁ + sₜ₋ₘ + eₜ, and eₜ moves the level l by α, the trend b by β and the season's s by γ times itself.

    phi: below 1 a trend flattens; 0 for none. level, trend, season: where they start, the season's (m,) from the first
    period on; (1,) of 0 without a season. deviation: of e, which is taken to be normal.
    """

    alpha: float
    beta: float
    gamma: float
    phi: float
    level: float
    trend: float
    season: Array = field(repr=False)
    deviation: float = 1.0

    def quantiles(self, values: Array, origins: Array, h: int) -> Array:
        """Quantiles of the h values after each origin, (O, h, Q): each origin has read all values up to it."""
        m, at = len(self.season), set(np.asarray(origins).tolist())
        ahead = np.arange(1, h + 1)
        flattened = np.array(list(accumulate(self.phi**ahead)))  # φ + φ² + …, (h,)
        found, l, b, s = {}, self.level, self.trend, list(self.season)
        for t, y in enumerate(values[: max(at) + 1, 0]):
            e = y - (l + self.phi * b + s[0])
            l, b = l + self.phi * b + self.alpha * e, self.phi * b + self.beta * e
            s = [*s[1:], s[0] + self.gamma * e]
            if t in at:
                found[t] = l + b * flattened + np.array([s[(k - 1) % m] for k in ahead])
        middle = np.array([found[t] for t in np.asarray(origins).tolist()])
        moved = self.alpha + self.beta * flattened + self.gamma * (ahead % m == 0)
        variances = 1 + np.concatenate([[0], np.cumsum(moved[:-1] ** 2)])
        return middle[..., None] + self.deviation * np.sqrt(variances)[:, None] * Z


def smoothing(values: Array, n: int, season: int, trend: bool) -> Smoothing:
    """ETS of the first column, fitted by likelihood to its first n values, errors added; season: 1 for none.

    trend: whether there is one, that flattens. Source: Hyndman, Koehler, Ord and Snyder (2008), Forecasting with
    Exponential Smoothing.
    """
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    form = {"error": "add", "trend": "add" if trend else None, "damped_trend": trend}
    if season > 1:
        form |= {"seasonal": "add", "seasonal_periods": season}
    # a Series, since of an array ETSModel can be fitted and can forecast, but gives no intervals
    found = ETSModel(pd.Series(values[:n, 0]), **form).fit(disp=False)
    of = dict(zip(found.model.param_names, found.params, strict=True))
    # the last that is named is that of the first period
    starts = [of.get(f"initial_seasonal.{k}", 0.0) for k in reversed(range(season))]
    return Smoothing(
        alpha=of["smoothing_level"],
        beta=of.get("smoothing_trend", 0.0),
        gamma=of.get("smoothing_seasonal", 0.0),
        phi=of.get("damping_trend", 0.0),
        level=of["initial_level"],
        trend=of.get("initial_trend", 0.0),
        season=np.array(starts),
        deviation=float(np.sqrt(found.scale)),
    )

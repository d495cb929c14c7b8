"""Exponential smoothing by statsmodels' ETS: level, trend and season that are moved a little by every value."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy import ndarray as Array

from gates.series.kind import QUANTILES

DRAWN = 1000  # paths, where intervals are simulated
RNG = 0  # without a fixed one, simulated intervals differ from call to call


@dataclass(frozen=True)
class Smoothing:
    """One form of ETS with parameters that were fitted to the past. form: what statsmodels' ETSModel is told."""

    form: dict = field(repr=False)
    parameters: Array = field(repr=False)

    def quantiles(self, values: Array, origins: Array, h: int) -> Array:
        """Quantiles of the h values after each origin, (O, h, Q): each origin reads all values up to it."""
        from statsmodels.tsa.exponential_smoothing.ets import ETSModel

        found = np.empty((len(origins), h, len(QUANTILES)))
        level = QUANTILES[-1] - QUANTILES[0]
        simulated = "mul" in self.form.values()
        for k, t in enumerate(origins):
            read = ETSModel(pd.Series(values[: t + 1, 0]), **self.form).smooth(self.parameters)
            how = {"simulate_repetitions": DRAWN, "rng": RNG} if simulated else {}
            ahead = read.get_prediction(t + 1, t + h, **how).summary_frame(alpha=1 - level)
            found[k] = ahead[["pi_lower", "mean", "pi_upper"]].to_numpy()
        return found


def smoothing(values: Array, n: int, season: int, trend: bool, seasonal: bool) -> Smoothing:
    """ETS of the first column, fitted by likelihood to its first n values: errors added, a damped trend or none."""
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    form = {"error": "add", "trend": "add" if trend else None, "damped_trend": trend}
    if seasonal:
        form |= {"seasonal": "add", "seasonal_periods": season}
    found = ETSModel(pd.Series(values[:n, 0]), **form).fit(disp=False)
    return Smoothing(form, np.asarray(found.params))

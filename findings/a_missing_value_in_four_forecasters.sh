#!/usr/bin/env bash
# statsmodels 0.15.0, pandas 3.0.6: one missing value among 96, and four models of the same family are fitted.
# Expected: one way of treating it, an error or a bridge.
# Seen: three ways. ETSModel and the older ExponentialSmoothing fit without an error and forecast NaN. ExponentialSmoothing of the
# module statespace, which is the same model once more, bridges the gap and forecasts as without it. AutoReg raises, and blames exog,
# which was never given: it means the lags that it made of the series itself.
# Output seen:
#   ETSModel: NaN
#   holtwinters.ExponentialSmoothing: NaN
#   statespace.ExponentialSmoothing: within 0.1 of the forecast from all values
#   AutoReg: MissingDataError: exog contains inf or nans
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check statsmodels==0.15.0 pandas==3.0.6
"$folder/venv/bin/python" - <<'PYTHON'
import sys
import warnings
from importlib.metadata import version

import numpy as np
import pandas as pd
from statsmodels.tsa import holtwinters
from statsmodels.tsa.ar_model import AutoReg
from statsmodels.tsa.exponential_smoothing.ets import ETSModel
from statsmodels.tsa.statespace.exponential_smoothing import ExponentialSmoothing

assert version("statsmodels") == "0.15.0" and version("pandas") == "3.0.6"
warnings.simplefilter("ignore")
season, t = np.array([5.0, -1.0, -3.0, 0.0]), np.arange(96)
y = 10 + 0.1 * t + season[t % 4] + np.random.default_rng(0).normal(0, 0.2, 96)
whole = pd.Series(y, pd.period_range("2000Q1", periods=96, freq="Q"))
gap = whole.copy()
gap.iloc[30] = np.nan
form = {"trend": "add", "seasonal": "add", "seasonal_periods": 4}
models = {
    "ETSModel": lambda of: ETSModel(of, **form).fit(disp=False),
    "holtwinters.ExponentialSmoothing": lambda of: holtwinters.ExponentialSmoothing(of, **form).fit(),
    "statespace.ExponentialSmoothing": lambda of: ExponentialSmoothing(of, trend=True, seasonal=4).fit(disp=False),
    "AutoReg": lambda of: AutoReg(of, lags=4, trend="ct").fit(),
}
found = []
for name, fit in models.items():
    try:
        got, wanted = (np.asarray(fit(of).forecast(4)) for of in (gap, whole))
        near = np.allclose(got, wanted, atol=0.1)
        told = "NaN" if np.isnan(got).all() else f"within 0.1 of the forecast from all values" if near else "another forecast"
    except Exception as problem:
        told = f"{type(problem).__name__}: {problem}"
    found.append(f"{name}: {told}")
print("\n".join(found))
seen = [
    "ETSModel: NaN",
    "holtwinters.ExponentialSmoothing: NaN",
    "statespace.ExponentialSmoothing: within 0.1 of the forecast from all values",
    "AutoReg: MissingDataError: exog contains inf or nans",
]
sys.exit(found != seen)
PYTHON

#!/usr/bin/env bash
# statsmodels 0.15.0, pandas 3.0.6: the fitted parameters of ETSModel with a season, by their names.
# Expected: initial_seasonal.0 is the season's first period, that of the first value.
# Seen: it is the last one. The names count back from the start: .0 is the period just before the first value, and so the last of
# a season, .1 the one before it. Whoever puts the model together from its parameters by their numbers gets the season in reverse, without
# an error. In the fitted states the same numbers stand in the order of time.
# Output seen (a season of 5, -1, -3, 0 and quarters, each less the first):
#   by name:   [-4.9, -7.9, -5.9, 0.0]
#   by states: [0.0, -5.9, -7.9, -4.9]
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
from statsmodels.tsa.exponential_smoothing.ets import ETSModel

assert version("statsmodels") == "0.15.0" and version("pandas") == "3.0.6"
warnings.simplefilter("ignore")
season, t = np.array([5.0, -1.0, -3.0, 0.0]), np.arange(96)
y = 10 + 0.1 * t + season[t % 4] + np.random.default_rng(0).normal(0, 0.2, 96)
series = pd.Series(y, pd.period_range("2000Q1", periods=96, freq="Q"))
fitted = ETSModel(series, trend="add", seasonal="add", seasonal_periods=4).fit(disp=False)
of = dict(zip(fitted.model.param_names, fitted.params))
named = np.array([of[f"initial_seasonal.{k}"] for k in range(4)])
states = fitted.states["seasonal"].to_numpy()[:4]
by_name, by_states = (named - named[3]).round(1), (states - states[0]).round(1)
print("by name:  ", by_name.tolist())
print("by states:", by_states.tolist())
same = np.allclose(by_name[::-1], by_states, atol=0.15)
is_it = np.allclose(by_states, season - season[0], atol=0.15)
sys.exit(not (same and is_it and not np.allclose(by_name - by_name[0], season - season[0], atol=0.5)))
PYTHON

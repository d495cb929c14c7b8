#!/usr/bin/env bash
# statsmodels 0.15.0, pandas 3.0.6: summary_frame(0.2) of a forecast by ETSModel and of one by AutoReg.
# Expected: both take alpha first, as pred_int and conf_int do, and give intervals of 80%.
# Seen: the first parameter of ETS's is endog, the data shown beside the forecast. So 0.2 is taken for data, nothing is
# raised, and the intervals are the usual ones of 95%, more than half as wide again. Of AutoReg's it is alpha. With alpha=0.2 both
# give 80%.
# Output seen:
#   first parameter: ETS endog, AutoReg alpha
#   ETS, summary_frame(0.2) is as wide as 95%: True, as 80%: False
#   AutoReg, summary_frame(0.2) is as wide as 95%: False, as 80%: True
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check statsmodels==0.15.0 pandas==3.0.6
"$folder/venv/bin/python" - <<'PYTHON'
import inspect
import sys
import warnings
from importlib.metadata import version

import numpy as np
import pandas as pd
from statsmodels.tsa.ar_model import AutoReg
from statsmodels.tsa.exponential_smoothing.ets import ETSModel

assert version("statsmodels") == "0.15.0" and version("pandas") == "3.0.6"
warnings.simplefilter("ignore")
series = pd.Series(np.arange(40.0) + np.random.default_rng(0).normal(size=40))
forecasts = {
    "ETS": ETSModel(series, error="add").fit(disp=False).get_prediction(40, 41),
    "AutoReg": AutoReg(series, 1).fit().get_prediction(40, 41),
}

def width(frame):
    low, high = (frame.filter(regex=end).iloc[:, 0] for end in ("lower", "upper"))
    return (high - low).to_numpy()

first = {name: list(inspect.signature(of.summary_frame).parameters)[0] for name, of in forecasts.items()}
found = ["first parameter: " + ", ".join(f"{name} {of}" for name, of in first.items())]
for name, of in forecasts.items():
    got = width(of.summary_frame(0.2))
    same = {f"{100 - 100 * alpha:.0f}%": np.allclose(got, width(of.summary_frame(alpha=alpha))) for alpha in (0.05, 0.2)}
    found.append(f"{name}, summary_frame(0.2) is as wide as 95%: {same['95%']}, as 80%: {same['80%']}")
print("\n".join(found))
seen = [
    "first parameter: ETS endog, AutoReg alpha",
    "ETS, summary_frame(0.2) is as wide as 95%: True, as 80%: False",
    "AutoReg, summary_frame(0.2) is as wide as 95%: False, as 80%: True",
]
sys.exit(found != seen)
PYTHON

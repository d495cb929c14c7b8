"""Real series, all of them inside the package statsmodels: sunspots, carbon dioxide, and the American economy.

statsmodels is loaded by the first that is made, since that takes seconds. Their indices are periods. With whole years,
which pandas makes a RangeIndex of, statsmodels' autoregression would put its forecasts beneath wrong labels.
"""

from functools import cache

import numpy as np
import pandas as pd

from gates.series.kind import Series


@cache
def sunspots() -> Series:
    """The sunspot number of each year from 1700 to 2008, ten for a group and one for a spot; it rises and falls in about eleven years."""
    from statsmodels.datasets import sunspots as data

    found = data.load_pandas().data
    years = pd.PeriodIndex(found["YEAR"].astype(int).astype(str), freq="Y", name="year")
    table = pd.DataFrame({"sunspots": found["SUNACTIVITY"].to_numpy()}, years)
    return Series(
        "sunspots", table, "sunspot number", 11, _source("yearly numbers of sunspots, NOAA")
    )


@cache
def carbon_dioxide() -> Series:
    """Carbon dioxide in the air above Mauna Loa, monthly means of weekly values, from May 1964 to December 2001.

    The measurements begin in 1958. Of five months before May 1964 there are none, and filling them in would take a value
    from after the gap, so the series begins behind them.
    """
    from statsmodels.datasets import co2 as data

    weekly = data.load_pandas().data["co2"]
    monthly = weekly.groupby(weekly.index.to_period("M")).mean()
    table = monthly.loc["1964-05":].to_frame("carbon dioxide")
    return Series("carbon dioxide", table, "ppm", 12, _source("Keeling and Whorf (2004), CDIAC"))


@cache
def economy() -> Series:
    """The American economy by quarters, 1959 to 2009: unemployment, growth, inflation, interest, in percent.

    What is forecast is unemployment; growth is that of the gross domestic product, in percent a year.
    """
    from statsmodels.datasets import macrodata as data

    found = data.load_pandas().data.astype({"year": int, "quarter": int})
    growth = 400 * np.log(found["realgdp"]).diff()
    table = pd.DataFrame(
        {
            "unemployment": found["unemp"],
            "growth": growth,
            "inflation": found["infl"],
            "interest": found["tbilrate"],
        }
    )
    table.index = pd.PeriodIndex.from_fields(year=found["year"], quarter=found["quarter"])
    return Series(
        "unemployment", table.iloc[1:], "percent", 1, _source("macrodata, Federal Reserve")
    )


def _source(of: str) -> str:
    return f"{of}; public domain, in the package statsmodels"

"""Forecasts of a time series, with their intervals, beside what came."""

from textwrap import fill

import pandas as pd

from gates import words_over_time
from gates.figures.look import blank
from gates.picture import GROUND, Picture

_COLOR = "#0072B2"


def forecast(
    known: pd.Series, found: pd.DataFrame, ylabel: str, actual: pd.Series | None = None
) -> Picture:
    """What is known as a dark line; the median of a forecast and its interval, shaded; and a ring for each value that came.

    known: values by period, or by number. found: q10, q50 and q90 by period, as `gates.series.walking.ahead` gives them;
    a row of NaN parts two forecasts. actual: values by period; those that are not there yet may be left out.
    """
    figure, axes = blank(8.2, 3.0)
    places = _places(found.index)
    axes.fill_between(
        places, found["q10"], found["q90"], color=_COLOR, alpha=0.25, linewidth=0,
        label="interval for four in five",
    )  # fmt: skip
    axes.plot(_places(known.index), known, color="#222222", linewidth=1.3, label="known")
    axes.plot(places, found["q50"], "--", color=_COLOR, label="median")
    if actual is not None:
        axes.plot(
            _places(actual.index), actual, linestyle="", marker="o", markersize=5,
            color="#D55E00", markerfacecolor=GROUND, label="what came",
        )  # fmt: skip
    axes.set(ylabel=fill(ylabel, 24), xlabel=known.index.name or "")
    figure.legend(*axes.get_legend_handles_labels(), loc="outside upper center", ncols=4)
    figure.words = words_over_time.forecast(known, found, ylabel, actual)
    return figure


def _places(index: pd.Index) -> pd.Index:
    """Periods as the days on which they begin, which an axis can show; anything else as it is."""
    return index.to_timestamp() if isinstance(index, pd.PeriodIndex) else index

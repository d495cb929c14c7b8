"""What somebody expected, beside what was measured."""

import pandas as pd
from matplotlib.axes import Axes

from gates import words
from gates.figures.look import blank
from gates.picture import GROUND, Picture

HELD = {"color": "#0072B2", "marker": "o", "markersize": 6}
MISSED = {"color": "#D55E00", "marker": "D", "markersize": 5.5, "markerfacecolor": GROUND}
_BAND = "#D8D5CB"
_LEAST, _MOST = -1.0, 2.0  # what is drawn, in widths of a wager from its lower end
_SMALL = {"fontsize": 9.5}


def calibration(table: pd.DataFrame) -> Picture:
    """A row for each wager, its interval drawn as the same gray band, and in or beside it what was measured.

    table: a row for each claim, by its id, with `low` and `high`, the wager; `number`, `measured low` and `measured high`;
    and `expected`, `measured` and `figure`, what the row says in words. What lies far outside is cut off at an arrow.
    """
    rows = len(table)
    figure, axes = blank(8.2, min(4.7, 1.1 + 0.29 * rows))
    axes.fill_betweenx([-0.45, rows - 0.55], 0, 1, color=_BAND, linewidth=0)
    for place, (_, row) in enumerate(table.iterrows()):
        _draw(axes, place, row)
    places = range(-1, rows)
    axes.set_yticks(places, ["expected", *table["expected"]], **_SMALL)
    beside = axes.secondary_yaxis("right")
    beside.set_yticks(places, ["measured", *table["measured"]], **_SMALL)
    left = -14 - 5.4 * max(map(len, ["expected", *table["expected"]]))
    for place, claim in enumerate(table.index):
        axes.annotate(
            claim, (0, place), (left, 0), xycoords=("axes fraction", "data"), ha="right",
            va="center", textcoords="offset points", annotation_clip=False, **_SMALL,
        )  # fmt: skip
    axes.set_xticks([0, 1], ["lower end", "upper end"], **_SMALL)
    axes.set(xlim=(_LEAST - 0.1, _MOST + 0.1), ylim=(rows - 0.4, -1.5))
    for one in (axes, beside):
        one.tick_params(axis="y", length=0)
        one.spines[:].set_visible(False)
    axes.spines["bottom"].set_visible(True)
    held = ((table["low"] <= table["number"]) & (table["number"] <= table["high"])).sum()
    axes.set_title(f"{held} of {rows} held; four in five are meant")
    figure.words = words.calibration(table)
    return figure


def _draw(axes: Axes, place: int, row: pd.Series) -> None:
    """What was measured in one row; an arrow stands for what is out of sight."""
    width = row["high"] - row["low"]
    ends = [(row[of] - row["low"]) / width for of in ("measured low", "number", "measured high")]
    look = HELD if 0 <= ends[1] <= 1 else MISSED
    line = [min(max(end, _LEAST), _MOST) for end in (ends[0], ends[2])]
    axes.plot(line, [place] * 2, color=look["color"], linewidth=1.5)
    if ends[0] < _LEAST:
        axes.plot(_LEAST, place, "<", color=look["color"], markersize=6)
    if ends[2] > _MOST:
        axes.plot(_MOST, place, ">", color=look["color"], markersize=6)
    if _LEAST <= ends[1] <= _MOST:
        axes.plot(ends[1], place, linestyle="", **look)

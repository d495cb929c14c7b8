"""Scores of seeds, and differences between models, with their intervals."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from textwrap import fill

import numpy as np
import pandas as pd

from gates import stats, words
from gates.figures.look import BASELINE, MODELS, blank, label_rows
from gates.picture import GROUND, Picture
from gates.words import called

_APART = 1.6  # how far the first row of an outer label is from the row above; others are 1 apart
_BELOW = 0.36  # how far a mean is below the marks of its seeds


def by_seed(
    table: pd.DataFrame, by: str | Sequence[str], score: str, xlabel: str | None = None
) -> Picture:
    """For each row one pale mark a seed, and below the marks their mean with its 95% interval.

    table: one row for each mark, with the columns `score` and those in `by`. by: the column whose values name the rows;
    or several columns, the outermost first, of which all but the last are written once beside their rows. Rows stand in
    the order in which their names come in the table. xlabel: what is written below, if not the score's name.
    Color and mark are the model's; where a row is named by model and kind, the mark is the kind's.
    Fewer than two seeds in a row raise ValueError.
    """
    by = [by] if isinstance(by, str) else list(by)
    in_order = {column: pd.Categorical(table[column], table[column].unique()) for column in by}
    groups = table.assign(**in_order).groupby(by, observed=True)[score]
    rows = {tuple(map(str, row)): values for row, values in groups}
    labels, intervals = list(rows), {row: stats.interval(values) for row, values in rows.items()}
    places = _places(labels)
    figure, axes = blank(7.5, min(4.6, 0.8 + 0.7 * (1 - places[-1])))
    for place, (row, values), style in zip(places, rows.items(), _styles(labels), strict=True):
        axes.plot(values, [place] * len(values), linestyle="", alpha=0.4, markersize=5, **style)
        mean, low, high = intervals[row]
        error = [[mean - low], [high - mean]]
        axes.errorbar(mean, place - _BELOW, xerr=error, capsize=4, markersize=6, **style)
    label_rows(axes, labels, [place - _BELOW / 2 for place in places])
    axes.set(ylim=(places[-1] - _BELOW - 0.4, 0.4), xlabel=xlabel or score)
    axes.locator_params(axis="x", nbins=5)
    axes.grid(axis="x", alpha=0.3)
    figure.words = words.by_seed(xlabel or score, intervals)
    return figure


def _places(labels: Sequence[tuple[str, ...]]) -> list[float]:
    """Where the rows lie along the y axis, from the first at 0 down."""
    places = [0.0]
    for above, row in pairwise(labels):
        places.append(places[-1] - (1 if row[:-1] == above[:-1] else _APART))
    return places


def _styles(labels: Sequence[tuple[str, ...]]) -> Iterator[dict]:
    """Color and mark of each row."""
    kinds = list(dict.fromkeys(row[-1] for row in labels))
    for row in labels:
        style = next((MODELS[called(name)] for name in row if called(name) in MODELS), BASELINE)
        is_kind = len(row) > 1 and called(row[-1]) not in MODELS
        mark = "osD^v"[kinds.index(row[-1]) % 5] if is_kind else style["marker"]
        yield {"color": style["color"], "marker": mark}


def differences(
    panels: dict[str, dict[str | tuple[str, ...], stats.Interval]], xlabel: str
) -> Picture:
    """Differences with their intervals, a line each, a panel a setting; hollow where the interval holds 0.

    panels: for each setting, labels to (mean, low, high), in the same order. A label of several parts has the outermost
    first, which is written once beside its rows.
    """
    labels = [(of,) if isinstance(of, str) else of for of in next(iter(panels.values()))]
    places = _places(labels)
    figure, all_axes = blank(
        min(8.3, 2.6 + 2.1 * len(panels)),
        min(4.7, 1.05 + 0.32 * (1 - places[-1])),
        ncols=len(panels),
        sharey=True,
        sharex=True,
    )
    for axes, (setting, of_it) in zip(np.atleast_1d(all_axes), panels.items(), strict=True):
        axes.axvline(0, color="#222222", linewidth=0.8)
        for place, (mean, low, high) in zip(places, of_it.values(), strict=True):
            decided = low > 0 or high < 0
            axes.errorbar(
                mean,
                place,
                xerr=[[mean - low], [high - mean]],
                fmt="o",
                color="#0072B2" if decided else "#6E6E6E",
                markerfacecolor=None if decided else GROUND,
                capsize=3,
                markersize=6,
            )
        axes.set_title(fill(setting, 17) if len(panels) > 2 else setting)
        axes.grid(axis="x", alpha=0.3)
        axes.locator_params(axis="x", nbins=4)
    np.atleast_1d(all_axes)[0].set_ylim(places[-1] - 0.6, 0.6)
    label_rows(np.atleast_1d(all_axes)[0], labels, places)
    figure.supxlabel(xlabel, fontsize=11)
    figure.words = words.differences(panels, xlabel)
    return figure

"""Tables as maps: the darker or the stronger the color, the larger the number."""

from textwrap import fill

import pandas as pd
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from gates import words
from gates.figures.look import SIGNS, SIZES, bare, blank, ink_on, label_rows, label_widths
from gates.picture import GROUND, Picture


def heat_map(values: pd.DataFrame, label: str, most: float | None = None) -> Picture:
    """A table of numbers as a map, darker for more, with each number in its place, hatched where there is none.

    values: one row, one column a setting; where rows have several labels, the outer ones are written once. most: the
    value of the darkest color; the greatest number in the table, if left out.
    """
    top = most if most is not None else float(values.max().max())
    colors = ScalarMappable(Normalize(0, top or 1), SIZES)
    figure = _map(values, label, colors, values.map("{:g}".format), values.map(lambda _: False))
    figure.words = words.heat_map(values, label)
    return figure


def signed_map(values: pd.DataFrame, decided: pd.DataFrame, label: str, digits: int = 1) -> Picture:
    """A table of differences as a map: the stronger the color the larger, with two colors for the two signs.

    values: one row, one column a setting. decided: true where an interval excludes 0; the number is bold there, and in
    brackets elsewhere. A place without a number is hatched. digits: how many are printed behind the point.
    """
    most = float(values.abs().max().max()) or 1.0
    colors = ScalarMappable(Normalize(-1.5 * most, 1.5 * most), f"{SIGNS}_r")
    sure = decided.astype(bool)
    texts = values.map(f"{{:+.{digits}f}}".format)
    texts = texts.where(sure, "(" + texts + ")")
    figure = _map(values, label, colors, texts, sure)
    figure.axes[-1].set_ylim(-most, most)
    figure.words = words.signed_map(values, decided, label, digits)
    return figure


def _map(
    values: pd.DataFrame,
    label: str,
    colors: ScalarMappable,
    texts: pd.DataFrame,
    bold: pd.DataFrame,
) -> Picture:
    """A table as a map with a text in each place and a bar of colors; a place without a number is hatched.

    Where rows have several labels, the outer ones are written once, beside all the rows that they stand for.
    """
    rows, columns = values.shape
    labels = [row if isinstance(row, tuple) else (row,) for row in values.index]
    labels = [tuple(map(str, row)) for row in labels]
    across = max(0.42, *(0.1 * len(text) + 0.12 for text in texts.to_numpy().ravel()))
    figure, axes = blank(
        min(8.3, max(4.2, sum(label_widths(labels)) + (across + 0.3) * columns + 1.1)),
        min(4.7, 1.25 + 0.34 * rows),
    )
    axes.imshow(values.to_numpy(dtype=float), cmap=colors.cmap, norm=colors.norm, aspect="auto")
    for i in range(rows):
        for j in range(columns):
            value = float(values.iat[i, j])
            if value != value:
                place = (j - 0.5, i - 0.5)
                axes.add_patch(Rectangle(place, 1, 1, fill=False, hatch="////", ec="#B5B2A8", lw=0))
                continue
            ink, weight = ink_on(colors.to_rgba(value)), "bold" if bold.iat[i, j] else "normal"
            style = {"ha": "center", "va": "center", "color": ink, "weight": weight, "fontsize": 10}
            axes.text(j, i, texts.iat[i, j], **style)
    axes.set_xticks(range(columns), values.columns)
    for row in label_rows(axes, labels, range(rows)):
        axes.axhline(row - 0.5, color=GROUND, linewidth=3)
    axes.set(xlabel=values.columns.name or "", ylabel=values.index.name or "")
    bare(axes)
    bar = figure.colorbar(colors, ax=axes, fraction=0.06, pad=0.02, aspect=25)
    bar.outline.set_visible(False)
    bar.set_label(fill(label, max(18, 8 * rows // 2)))
    bar.locator = MaxNLocator(5, integer=True)
    return figure

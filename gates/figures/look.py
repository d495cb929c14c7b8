"""One style and one color for each letter and each model, in all pictures; and what several kinds of them are made with."""

from collections import Counter
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap

from gates.picture import Picture
from gates.words import called

COLORS = {
    "f": "#D55E00",
    "i": "#009E73",
    "g": "#56B4E9",
    "n": "#56B4E9",
    "o": "#CC79A7",
    "r": "#E69F00",
    "z": "#0072B2",
    "c": "#222222",
    "h": "#6E6E6E",
}
MODELS = {
    "RNN": {"color": "#6E6E6E", "linestyle": "--", "marker": "s"},
    "LSTM": {"color": "#0072B2", "linestyle": "-", "marker": "o"},
    "nn.LSTM": {"color": "#222222", "linestyle": ":", "marker": "x"},
    "GRU": {"color": "#D55E00", "linestyle": "-.", "marker": "^"},
}
BASELINE = {"color": "#222222", "marker": "D"}
# A map's colors, from pale to dark blue: even steps of lightness, and so told apart by color-blind eyes and in gray print.
_PALE_TO_DARK = ["#E9E6D6", "#B9CED6", "#8DB6D0", "#629DC7", "#4083B8", "#2A69A4", "#1B5188"]
SIZES = LinearSegmentedColormap.from_list("sizes", [*_PALE_TO_DARK, "#133A66", "#0B2545"])
SIGNS = "PuOr"  # orange and purple for the two signs


def blank(width: float, height: float, **options) -> tuple[Picture, Axes]:
    """A picture, sizes in inches, and its axes. A notebook shows one of 8.3 by 4.7 inches as large as it is."""
    figure = Picture(figsize=(width, height), layout="constrained")
    return figure, figure.subplots(**options)


def bare(axes: Axes) -> None:
    """No lines and no ticks around an image."""
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)


def ink_on(color: tuple[float, ...]) -> str:
    """Black or white, whichever has the greater contrast on a color."""
    parts = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in color[:3]]
    luminance = sum(w * v for w, v in zip((0.2126, 0.7152, 0.0722), parts, strict=True))
    return "black" if luminance > 0.179 else "white"


def style_of(model: str) -> dict:
    """Color and line of a model, whether it is written as a name, "LSTM", or as a cell, "lstm"."""
    found = MODELS.get(called(model)) or {"color": "#222222", "linestyle": ":"}
    return {key: found[key] for key in ("color", "linestyle")}


def styles_of(models: Sequence[str]) -> dict[str, dict]:
    """A style for each model. Models of a family, as "lstm" and "lstm, bias 3", share color and line, not the mark."""
    markers, met, styles = ["", "o", "s", "^", "D", "v"], Counter(), {}
    for model in models:
        family = str(model).split(",")[0]
        styles[model] = {**style_of(family), "marker": markers[met[family] % 6], "markersize": 5}
        met[family] += 1
    return styles


def label_widths(labels: Sequence[tuple[str, ...]]) -> list[float]:
    """About how many inches the labels of each level take, the outermost level first. labels: as in `label_rows`."""
    return [0.3 + 0.078 * max(map(len, names)) for names in zip(*labels, strict=True)]


def label_rows(axes: Axes, labels: Sequence[tuple[str, ...]], places: Sequence[float]) -> set[int]:
    """Write the innermost label of each row at its place, and each outer one once, beside all the rows it stands for.

    labels: for each row its labels, the outermost first. places: where the rows lie, along the y axis.
    Returns the numbers of the rows at which another outer label begins.
    """
    *outer, inner = zip(*labels, strict=True)
    axes.set_yticks(places, inner)
    widths, left, begins = label_widths(labels), 0.0, set()
    options = {"textcoords": "offset points", "ha": "right", "annotation_clip": False}
    for level in reversed(range(len(outer))):
        left += widths[level + 1]
        names = [row[: level + 1] for row in labels]
        starts = [k for k in range(len(names)) if k == 0 or names[k - 1] != names[k]]
        for first, end in zip(starts, [*starts[1:], len(names)], strict=True):
            middle = (0, (places[first] + places[end - 1]) / 2)
            at = ("axes fraction", "data")
            text = names[first][-1]
            axes.annotate(text, middle, (-72 * left, 0), xycoords=at, va="center", **options)
        begins |= set(starts[1:])
    return begins

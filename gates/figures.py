"""One function for each kind of picture, from tables or tensors; one style and one color for each letter everywhere.

Each gives a picture that carries its words, by the function of the same name in gates.words. Importing gates.picture,
as this module does, sets the style, so that figures a learner draws look the same.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from textwrap import fill

import numpy as np
import pandas as pd
import torch
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import LinearSegmentedColormap, Normalize, to_rgba
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator
from torch import Tensor, nn

from gates import stats, words
from gates.picture import GROUND, Picture
from gates.words import called as _called

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
_BASELINE = {"color": "#222222", "marker": "D"}
# A map's colors, from pale to dark blue: even steps of lightness, and so told apart by color-blind eyes and in gray print.
_PALE_TO_DARK = ["#E9E6D6", "#B9CED6", "#8DB6D0", "#629DC7", "#4083B8", "#2A69A4", "#1B5188"]
SIZES = LinearSegmentedColormap.from_list("sizes", [*_PALE_TO_DARK, "#133A66", "#0B2545"])
SIGNS = "PuOr"  # orange and purple for the two signs


def _axes(width: float, height: float, **options) -> tuple[Picture, Axes]:
    """A picture, sizes in inches, and its axes. A notebook shows one of 8.3 by 4.7 inches as large as it is."""
    figure = Picture(figsize=(width, height), layout="constrained")
    return figure, figure.subplots(**options)


def _bare(axes: Axes) -> None:
    """No lines and no ticks around an image."""
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)


def memory_over_steps(table: pd.DataFrame) -> Picture:
    """What is left of a memory at each step. table: a column for each forget gate; the index counts steps."""
    figure, axes = _axes(7, 3)
    for label, line in zip(table.columns, [":", "--", "-", "-."], strict=False):
        axes.plot(table.index, table[label], line, color=COLORS["f"], linewidth=2, label=label)
    axes.set(xlabel="step", ylabel="memory that is left", ylim=(0, None))
    handles, labels = axes.get_legend_handles_labels()
    axes.legend(handles[::-1], labels[::-1], loc="center left", bbox_to_anchor=(1, 0.5))
    figure.words = words.memory_over_steps(table)
    return figure


def packing(layer: nn.LSTM | nn.LSTMCell, gates: str = "ifgo") -> Picture:
    """The rows of a layer's weights, gate by gate, as torch.nn packs them; every number is printed in its place."""
    names = [name for name, _ in layer.named_parameters()][:4]
    tensors = [getattr(layer, name).detach() for name in names]
    widths = [t.shape[1] if t.dim() == 2 else 1 for t in tensors]
    figure, all_axes = _axes(8.2, 4.2, ncols=4, sharey=True, width_ratios=[w + 0.6 for w in widths])
    for axes, name, tensor in zip(all_axes, names, tensors, strict=True):
        _numbers(axes, tensor if tensor.dim() == 2 else tensor[:, None], gates)
        axes.set_title(f"{name.removesuffix('_l0')}\n{tuple(tensor.shape)}")
    H = len(tensors[0]) // len(gates)
    all_axes[0].set_yticks(
        [k * H + (H - 1) / 2 for k in range(len(gates))], list(gates), fontsize=14, weight="bold"
    )
    for axes in all_axes:
        axes.tick_params(axis="y", length=0)
    figure.words = words.packing(dict(zip(names, tensors, strict=True)), gates)
    return figure


def _numbers(axes: Axes, matrix: Tensor, gates: str) -> None:
    rows, columns = matrix.shape
    H = rows // len(gates)
    for k in range(rows):
        color = COLORS[gates[k // H]]
        for j in range(columns):
            axes.add_patch(
                Rectangle((j - 0.5, k - 0.5), 1, 1, facecolor=color, alpha=0.35, edgecolor=GROUND)
            )
            axes.text(
                j,
                k,
                f"{round(matrix[k, j].item(), 2) + 0.0:.2f}",
                ha="center",
                va="center",
                fontsize=9,
            )
    axes.set(xlim=(-0.5, columns - 0.5), ylim=(rows - 0.5, -0.5), xticks=[])
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)


def digit_and_states(image: Tensor, states: Tensor, title: str) -> Picture:
    """A digit beside the hidden state after each of its rows. image: (T, I). states: (T, H)."""
    figure, (left, right) = _axes(8.2, 3, ncols=2, width_ratios=[1, 2.6])
    steps = range(1, len(states) + 1)
    left.imshow(image, cmap="gray_r", aspect="auto")
    left.set(title=title, ylabel="step", xticks=[])
    shown = right.imshow(states, cmap="PuOr", vmin=-1, vmax=1, aspect="auto")
    right.set(title="h after each row", xlabel="hidden unit")
    for axes in (left, right):
        _bare(axes)
        axes.set_yticks(range(len(states)), steps)
    figure.colorbar(shown, ax=right, label="value of h")
    figure.words = words.digit_and_states(image, states, title)
    return figure


def by_seed(
    table: pd.DataFrame, score: str, intervals: dict[str, tuple[float, float, float]]
) -> Picture:
    """One mark for each seed and model, below it the mean with its interval.

    table: columns `model`, `seed` and `score`. intervals: for each model to show, (mean, low, high).
    """
    figure, axes = _axes(7, 0.8 + 0.7 * len(intervals))
    for place, (model, (mean, low, high)) in enumerate(intervals.items()):
        style = {key: MODELS.get(model, _BASELINE)[key] for key in ("color", "marker")}
        values = table.loc[table["model"] == model, score]
        axes.plot(values, [place] * len(values), linestyle="", alpha=0.4, **style)
        error = [[mean - low], [high - mean]]
        axes.errorbar(mean, place - 0.3, xerr=error, capsize=4, markersize=7, **style)
    axes.set_yticks([place - 0.15 for place in range(len(intervals))], list(intervals))
    axes.set(ylim=(-0.7, len(intervals) - 0.6), xlabel=score)
    axes.locator_params(axis="x", nbins=5)
    axes.grid(axis="x", alpha=0.3)
    figure.words = words.by_seed(score, intervals)
    return figure


def learning(table: pd.DataFrame, score: str, models: Sequence[str]) -> Picture:
    """A score over epochs: the mean over seeds, and a band from the worst seed to the best. table: `model`, `epoch`, `seed`, `score`."""
    figure, axes = _axes(7, 3)
    for model in models:
        seeds = table[table["model"] == model].pivot(index="epoch", columns="seed", values=score)
        style = {key: MODELS[model][key] for key in ("color", "linestyle")}
        axes.plot(
            seeds.index,
            seeds.mean(axis=1),
            label=f"{model}, mean of {seeds.shape[1]} seeds and range",
            **style,
        )
        axes.fill_between(
            seeds.index,
            seeds.min(axis=1),
            seeds.max(axis=1),
            color=style["color"],
            alpha=0.2,
            linewidth=0,
        )
    axes.set(xlabel="epoch", ylabel=score)
    last = int(table["epoch"].max())
    axes.set_xticks([1, *range(5, last + 1, 5)] if last >= 5 else range(1, last + 1))
    axes.legend()
    figure.words = words.learning(table, score, models)
    return figure


def _style(model: str) -> dict:
    """Color and line of a model, whether it is written as a name, "LSTM", or as a cell, "lstm"."""
    found = MODELS.get(_called(model)) or {"color": "#222222", "linestyle": ":"}
    return {key: found[key] for key in ("color", "linestyle")}


def _styles(models: Sequence[str]) -> dict[str, dict]:
    """A style for each model. Models of a family, as "lstm" and "lstm, bias 3", share color and line, not the mark."""
    markers, met, styles = ["", "o", "s", "^", "D", "v"], Counter(), {}
    for model in models:
        family = str(model).split(",")[0]
        styles[model] = {**_style(family), "marker": markers[met[family] % 6], "markersize": 5}
        met[family] += 1
    return styles


def curves(
    table: pd.DataFrame, metric: str, chance: float | None = None, ylabel: str | None = None
) -> Picture:
    """A metric over updates for each cell: the median of the seeds, and a band from the least to the greatest.

    table: the tidy table of gates.training, of one task. A seed that stopped early, since it had solved the task, keeps
    its last value. chance: what guessing reaches, drawn as a line.
    """
    figure, axes = _axes(7, 3.2)
    rows = table[table["metric"] == metric]
    steps = sorted(rows["step"].unique())
    styles = _styles(list(rows["cell"].unique()))
    for cell, of_it in rows.groupby("cell", sort=False):
        seeds = of_it.pivot(index="step", columns="seed", values="value").reindex(steps).ffill()
        style = styles[cell]
        label = f"{_called(cell)}, {seeds.shape[1]} seeds"
        every = max(1, len(seeds) // 10)
        axes.plot(seeds.index, seeds.median(axis=1), label=label, markevery=every, **style)
        low, high = seeds.min(axis=1), seeds.max(axis=1)
        axes.fill_between(seeds.index, low, high, color=style["color"], alpha=0.18, linewidth=0)
    if chance is not None:
        axes.update_datalim([(0, chance)], updatex=False)
        axes.autoscale_view()
        axes.axhline(chance, color="#222222", linewidth=0.8, linestyle=(0, (1, 3)))
        axes.annotate(
            "chance", (1.02, chance), xycoords=("axes fraction", "data"), va="center", fontsize=9
        )
    axes.set(xlabel="updates", ylabel=fill(ylabel or metric, 24))
    axes.legend(loc="center left", bbox_to_anchor=(1 if chance is None else 1.12, 0.5))
    figure.words = words.curves(table, metric, chance)
    return figure


def over_distance(table: pd.DataFrame, ylabel: str = "norm of the gradient") -> Picture:
    """A norm over the distance in steps, on a logarithmic scale, for each model.

    table: columns `model`, `seed`, `distance`, `norm`. The median of the seeds, and a band from the least to the
    greatest. Models of a family, as "LSTM" and "LSTM, bias 3", share a color and differ in their marks. A median of
    zero, where numbers have become too small to be stored, is left out.
    """
    figure, axes = _axes(7, 3.6)
    styles = _styles(list(table["model"].unique()))
    for model, of_it in table.groupby("model", sort=False):
        seeds = of_it.pivot(index="distance", columns="seed", values="norm")
        middle, low, high = seeds.median(axis=1), seeds.min(axis=1), seeds.max(axis=1)
        every = max(1, len(seeds) // 10)
        shown = middle.where(middle > 0)
        axes.plot(seeds.index, shown, label=str(model), markevery=every, **styles[model])
        least = seeds.where(seeds > 0).min().min()
        color = styles[model]["color"]
        band = (low.clip(lower=least), high.where(high > 0))
        axes.fill_between(seeds.index, *band, color=color, alpha=0.15, linewidth=0)
    axes.axhline(1, color="#222222", linewidth=0.8)
    axes.set(yscale="log", xlabel="distance in steps", ylabel=ylabel)
    axes.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    figure.words = words.over_distance(table, ylabel)
    return figure


def groups(table: pd.DataFrame, by: str, score: str, xlabel: str) -> Picture:
    """For each model and each kind in `by`, one pale mark a seed, and below them the mean with its 95% interval.

    table: columns `cell`, `seed`, `by` and `score`. A model has a color, a kind a mark and a line of its own.
    """
    figure, axes = _axes(7.5, 4)
    kinds, models, places = list(table[by].unique()), list(table["cell"].unique()), []
    intervals = {}
    for place, (model, kind) in enumerate((m, k) for m in models for k in kinds):
        rows = table[(table["cell"] == model) & (table[by] == kind)]
        color, marker = MODELS[model]["color"], "osD^v"[kinds.index(kind)]
        height = -place - place // len(kinds)
        places.append(height)
        mean, low, high = intervals[model, kind] = stats.interval(rows[score])
        axes.plot(rows[score], [height] * len(rows), marker, color=color, alpha=0.35, markersize=5)
        error = [[mean - low], [high - mean]]
        axes.errorbar(
            mean, height - 0.3, xerr=error, fmt=marker, color=color, capsize=4, markersize=6
        )
    axes.set_yticks(places, [f"{model}, {kind}" for model in models for kind in kinds])
    axes.set(xlabel=xlabel)
    axes.grid(axis="x", alpha=0.3)
    figure.words = words.groups(by, xlabel, intervals)
    return figure


def influence(table: pd.DataFrame, over: str, of: Sequence[str], ylabel: str) -> Picture:
    """How much each of several letters acts, over a setting; each line is named at its end.

    table: columns `over`, `seed`, and one for each letter in `of`. The median of the seeds, and a band from the least
    to the greatest.
    """
    figure, axes = _axes(6.5, 3.2)
    for letter, line in zip(of, ("-", "--", "-.", ":"), strict=False):
        seeds = table.pivot(index=over, columns="seed", values=letter)
        middle, color = seeds.median(axis=1), COLORS.get(letter, "#222222")
        axes.plot(seeds.index, middle, line, color=color, linewidth=2)
        band = seeds.min(axis=1), seeds.max(axis=1)
        axes.fill_between(seeds.index, *band, color=color, alpha=0.18, linewidth=0)
        end = (seeds.index[-1], middle.iloc[-1])
        axes.annotate(f"of {letter}", end, (6, 0), textcoords="offset points", va="center")
    axes.set(xlabel=over, ylabel=fill(ylabel, 24), ylim=(0, None))
    figure.words = words.influence(table, over, of, ylabel)
    return figure


def product_of_gates(table: pd.DataFrame) -> Picture:
    """What a product of forget gates predicts of a gradient, and what is measured, on the same axes.

    table: columns `model`, `seed`, `distance`, and three sizes of ∂c_T/∂c_t: `product`, as the gates predict it;
    `direct`, measured with h held; and `whole`, measured with all that depends on c. Medians over the seeds, and for
    `whole` a band from the least to the greatest. Each model is written at the end of its lines.
    """
    figure, axes = _axes(7.5, 4)
    for model, of_it in table.groupby("model", sort=False):
        seeds = {
            kind: of_it.pivot(index="distance", columns="seed", values=kind)
            for kind in ("product", "direct", "whole")
        }
        middle = {kind: values.median(axis=1) for kind, values in seeds.items()}
        distances = middle["product"].index
        axes.plot(distances, middle["product"], color=COLORS["f"], linewidth=2)
        axes.plot(distances, middle["direct"], "o", color=COLORS["f"], markerfacecolor=GROUND)
        axes.plot(distances, middle["whole"], "--", color=COLORS["c"])
        band = seeds["whole"].min(axis=1), seeds["whole"].max(axis=1)
        axes.fill_between(distances, *band, color=COLORS["c"], alpha=0.15, linewidth=0)
        for kind in ("product", "whole"):
            end = (distances[-1], middle[kind].iloc[-1])
            options = {"textcoords": "offset points", "va": "center", "fontsize": 9}
            axes.annotate(model, end, (6, 0), **options)
    axes.plot([], [], color=COLORS["f"], linewidth=2, label="product of f, predicted")
    axes.plot([], [], "o", color=COLORS["f"], markerfacecolor=GROUND, label="measured, h held")
    axes.plot([], [], "--", color=COLORS["c"], label="measured, all ways")
    axes.axhline(1, color="#222222", linewidth=0.8)
    axes.set(yscale="log", xlabel="distance in steps", ylabel="size of the gradient, c to c")
    axes.margins(x=0.02)
    figure.legend(*axes.get_legend_handles_labels(), loc="outside upper center", ncols=3)
    figure.words = words.product_of_gates(table)
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
    deep = values.index.nlevels
    inner = [str(row[-1]) if deep > 1 else str(row) for row in values.index]
    outer = [[str(row[k]) for row in values.index] for k in range(deep - 1)]
    widths = [0.3 + 0.078 * max(map(len, names)) for names in [*outer, inner]]
    across = max(0.42, *(0.1 * len(text) + 0.12 for text in texts.to_numpy().ravel()))
    figure, axes = _axes(
        min(8.3, max(4.2, sum(widths) + (across + 0.3) * columns + 1.1)),
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
            ink, weight = _ink(colors.to_rgba(value)), "bold" if bold.iat[i, j] else "normal"
            style = {"ha": "center", "va": "center", "color": ink, "weight": weight, "fontsize": 10}
            axes.text(j, i, texts.iat[i, j], **style)
    axes.set_xticks(range(columns), values.columns)
    axes.set_yticks(range(rows), inner)
    axes.set(xlabel=values.columns.name or "", ylabel=(values.index.name or "") * (deep == 1))
    _bare(axes)
    left = 0.0
    for names, width in zip(outer[::-1], widths[:0:-1], strict=True):
        left += width
        _beside(axes, names, left)
    bar = figure.colorbar(colors, ax=axes, fraction=0.06, pad=0.02, aspect=25)
    bar.outline.set_visible(False)
    bar.set_label(fill(label, max(18, 8 * rows // 2)))
    bar.locator = MaxNLocator(5, integer=True)
    return figure


def _ink(color: tuple[float, ...]) -> str:
    """Black or white, whichever has the greater contrast on a color."""
    parts = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in color[:3]]
    luminance = sum(w * v for w, v in zip((0.2126, 0.7152, 0.0722), parts, strict=True))
    return "black" if luminance > 0.179 else "white"


def _beside(axes: Axes, names: Sequence[str], left: float) -> None:
    """Write each name once, so many inches to the left, beside the rows it stands for, with a line above these."""
    starts = [k for k, name in enumerate(names) if k == 0 or names[k - 1] != name]
    for k, end in zip(starts, [*starts[1:], len(names)], strict=True):
        at = ((0, (k + end - 1) / 2), ("axes fraction", "data"))
        options = {"textcoords": "offset points", "ha": "right", "annotation_clip": False}
        axes.annotate(names[k], at[0], (-72 * left, 0), xycoords=at[1], va="center", **options)
        if k:
            axes.axhline(k - 0.5, color=GROUND, linewidth=3)


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


def in_words(table: pd.DataFrame, metric: str, chance: float | None = None) -> str:
    """What `curves` shows, in a sentence for each cell: the words that its picture carries. Takes the same."""
    return words.curves(table, metric, chance).result


def counter(tracks: pd.DataFrame, symbols: str, of: str = "c") -> Picture:
    """What the counting unit holds after each symbol of a string, a panel a seed, with the symbols below.

    A thin line stands where the first symbol gives way to another.

    tracks: columns `panel`, `step` and `of`, one row a step. symbols: the string, a letter a step.
    """
    panels = list(tracks["panel"].unique())
    height = min(4.7, 0.6 + 1.2 * len(panels))
    figure, all_axes = _axes(8.2, height, nrows=len(panels), sharex=True, sharey=True)
    turn = len(symbols) - len(symbols.lstrip(symbols[0])) + 0.5
    for axes, panel in zip(np.atleast_1d(all_axes), panels, strict=True):
        track = tracks[tracks["panel"] == panel]
        axes.axhline(0, color="#222222", linewidth=0.8)
        axes.axvline(turn, color="#222222", linewidth=0.8, linestyle=":")
        axes.plot(track["step"], track[of], "-o", color=COLORS[of], markersize=3)
        axes.set_xticks(list(track["step"]), list(symbols))
        axes.set_ylabel(of, rotation=0)
        axes.set_title(panel, loc="left", fontsize=10, pad=2)
    figure.words = words.counter(tracks, symbols, of)
    return figure


def gates_over(
    found: dict[str, Tensor], symbols: str, order: Sequence[int] | None = None
) -> Picture:
    """Each gate of each unit over a sequence, a panel a gate: pale is 0, dark is 1; for a candidate, from −1 to 1.

    found: letters to (T, H). symbols: what was read, a letter a step. order: the units from the top down.
    """
    T, H = next(iter(found.values())).shape
    width, height = min(8.3, 1.2 + 0.24 * T * len(found)), min(4.7, 1.4 + 0.13 * H)
    figure, all_axes = _axes(width, height, ncols=len(found), sharey=True)
    for axes, (letter, values) in zip(all_axes, found.items(), strict=True):
        rows = (values.T if order is None else values.T[list(order)]).numpy()
        colors, least = (SIGNS, -1) if letter in "gnc" else (SIZES, 0)
        shown = axes.imshow(rows, cmap=colors, vmin=least, vmax=1, aspect="auto")
        chip = {"facecolor": COLORS[letter], "edgecolor": "none", "boxstyle": "round,pad=0.15"}
        ink = _ink(to_rgba(COLORS[letter]))
        axes.set_title(letter, color=ink, fontsize=13, weight="bold", pad=9, bbox=chip)
        axes.set_xticks(range(T), list(symbols), fontsize=9)
        _bare(axes)
        bar = figure.colorbar(shown, ax=axes, location="bottom", shrink=0.8, ticks=[least, 0, 1])
        bar.set_label(f"value of {letter}", fontsize=10)
        bar.outline.set_visible(False)
    all_axes[0].set(ylabel="unit", yticks=[])
    figure.words = words.gates_over(found, symbols)
    return figure


def fitting(table: pd.DataFrame, score: str = "accuracy") -> Picture:
    """How well networks fit the data they are trained on, and new ones: the loss above, the score below, a column a network.

    table: the tidy table of gates.training with generalization=True, of one task. Medians over the seeds, and bands from
    the least to the greatest; of the training data dashed, of the validation data solid.
    """
    cells = list(table["cell"].unique())
    figure, all_axes = _axes(
        min(8.3, 1.5 + 2.6 * len(cells)), 4.6, nrows=2, ncols=len(cells), sharex=True, sharey="row"
    )
    all_axes = np.asarray(all_axes).reshape(2, len(cells))
    styles = {"training": ("#222222", "--"), "validation": ("#0072B2", "-")}
    for column, cell in enumerate(cells):
        of_it = table[table["cell"] == cell]
        for row, ending in enumerate((" loss", "")):
            axes = all_axes[row, column]
            for part, (color, line) in styles.items():
                rows = of_it[of_it["metric"] == part + ending]
                seeds = rows.pivot(index="step", columns="seed", values="value")
                axes.plot(seeds.index, seeds.median(axis=1), line, color=color, label=part)
                band = seeds.min(axis=1), seeds.max(axis=1)
                axes.fill_between(seeds.index, *band, color=color, alpha=0.15, linewidth=0)
        all_axes[0, column].set_title(cell)
        all_axes[1, column].set_xlabel("updates")
    for axes in all_axes[:, 0]:
        axes.set_ylim(0, None)
    all_axes[0, 0].set_ylabel("loss")
    all_axes[1, 0].set_ylabel(score)
    handles = all_axes[0, 0].get_legend_handles_labels()
    figure.legend(*handles, loc="outside upper center", ncols=2)
    figure.words = words.fitting(table, score)
    return figure


def differences(panels: dict[str, dict[str, stats.Interval]], xlabel: str) -> Picture:
    """Differences with their intervals, a line each, a panel a setting; hollow where the interval holds 0.

    panels: for each setting, labels to (mean, low, high), in the same order.
    """
    labels = list(next(iter(panels.values())))
    figure, all_axes = _axes(
        min(8.3, 2.6 + 2.1 * len(panels)),
        min(4.7, 1.05 + 0.32 * len(labels)),
        ncols=len(panels),
        sharey=True,
        sharex=True,
    )
    for axes, (setting, of_it) in zip(np.atleast_1d(all_axes), panels.items(), strict=True):
        axes.axvline(0, color="#222222", linewidth=0.8)
        for place, (mean, low, high) in enumerate(of_it.values()):
            decided = low > 0 or high < 0
            axes.errorbar(
                mean,
                -place,
                xerr=[[mean - low], [high - mean]],
                fmt="o",
                color="#0072B2" if decided else "#6E6E6E",
                markerfacecolor=None if decided else GROUND,
                capsize=3,
                markersize=6,
            )
        axes.set_title(fill(setting, 17) if len(panels) > 2 else setting)
        axes.set_yticks([-place for place in range(len(labels))], labels)
        axes.grid(axis="x", alpha=0.3)
        axes.locator_params(axis="x", nbins=4)
    figure.supxlabel(xlabel, fontsize=11)
    figure.words = words.differences(panels, xlabel)
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


def lines(table: pd.DataFrame, ylabel: str) -> Picture:
    """One line for each column, named beside it, over the index, whose name is written below.

    Lines differ in color, dash and mark, so that they can be told apart in print.
    """
    figure, axes = _axes(7, 2.8)
    looks = [
        ("#222222", "-", "o"),
        ("#D55E00", "--", "s"),
        ("#0072B2", "-.", "^"),
        ("#009E73", ":", "D"),
    ]
    every = max(1, len(table) // 12)
    for name, (color, line, mark) in zip(table.columns, looks, strict=False):
        look = {"color": color, "linestyle": line, "marker": mark}
        axes.plot(table.index, table[name], label=name, markevery=every, markersize=5, **look)
    axes.set(xlabel=table.index.name or "", ylabel=fill(ylabel, 24))
    axes.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    figure.words = words.lines(table, ylabel)
    return figure


def against(right: Sequence[float], found: Sequence[float], xlabel: str, ylabel: str) -> Picture:
    """What was found over what is right, a point each, beside the line on which both are equal."""
    figure, axes = _axes(4.5, 3.2)
    axes.plot(right, found, ".", color="#0072B2", alpha=0.3, rasterized=True)
    ends = [min(right), max(right)]
    axes.plot(ends, ends, "--", color="#222222", linewidth=1)
    axes.set(xlabel=xlabel, ylabel=fill(ylabel, 24))
    figure.words = words.against(right, found, xlabel, ylabel)
    return figure


def pictures(shown: dict[str, Tensor]) -> Picture:
    """Pictures side by side, dark where the number is large. shown: a title for each, and its numbers, (rows, columns)."""
    figure, all_axes = _axes(2.4 * len(shown), 2.6, ncols=len(shown))
    for axes, (title, numbers) in zip(np.atleast_1d(all_axes), shown.items(), strict=True):
        axes.imshow(np.asarray(numbers), cmap="gray_r")
        axes.set(title=title, xticks=[], yticks=[])
        _bare(axes)
    figure.words = words.pictures(shown)
    return figure


def shapes_of(functions: dict[str, Callable], low: float = -5, high: float = 5) -> Picture:
    """Activations and their slopes, each function in a panel: its value solid, its slope dashed."""
    columns = min(3, len(functions))
    rows = -(-len(functions) // columns)
    figure, all_axes = _axes(
        2.75 * columns, min(4.7, 1.9 * rows), nrows=rows, ncols=columns, sharex=True, squeeze=False
    )
    for axes, (name, function) in zip(all_axes.flat, functions.items(), strict=False):
        a = torch.linspace(low, high, 401, requires_grad=True)
        values = function(a)
        (slopes,) = torch.autograd.grad(values.sum(), a)
        axes.axhline(0, color="#BBBBBB", linewidth=0.8)
        places = a.detach().numpy()
        axes.plot(places, values.detach().numpy(), color="#222222", label="value")
        axes.plot(places, slopes.numpy(), "--", color="#0072B2", label="slope")
        axes.set_title(name)
        axes.set_ylim(-1.3, 2.3)
    figure.legend(
        *all_axes.flat[0].get_legend_handles_labels(), loc="outside upper center", ncols=2
    )
    figure.words = words.shapes_of(functions, low, high)
    return figure

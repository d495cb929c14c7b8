"""What goes on within a network: memories, states, gradients, gates."""

from collections.abc import Sequence
from textwrap import fill

import numpy as np
import pandas as pd
from matplotlib.colors import to_rgba
from torch import Tensor

from gates import words
from gates.figures.look import COLORS, SIGNS, SIZES, bare, blank, ink_on, styles_of
from gates.picture import GROUND, Picture


def memory_over_steps(table: pd.DataFrame) -> Picture:
    """What is left of a memory at each step. table: a column for each forget gate; the index counts steps."""
    figure, axes = blank(7, 3)
    for label, line in zip(table.columns, [":", "--", "-", "-."], strict=False):
        axes.plot(table.index, table[label], line, color=COLORS["f"], linewidth=2, label=label)
    axes.set(xlabel="step", ylabel="memory that is left", ylim=(0, None))
    handles, labels = axes.get_legend_handles_labels()
    axes.legend(handles[::-1], labels[::-1], loc="center left", bbox_to_anchor=(1, 0.5))
    figure.words = words.memory_over_steps(table)
    return figure


def digit_and_states(image: Tensor, states: Tensor, title: str) -> Picture:
    """A digit beside the hidden state after each of its rows. image: (T, I). states: (T, H)."""
    figure, (left, right) = blank(8.2, 3, ncols=2, width_ratios=[1, 2.6])
    steps = range(1, len(states) + 1)
    left.imshow(image, cmap="gray_r", aspect="auto")
    left.set(title=title, ylabel="step", xticks=[])
    shown = right.imshow(states, cmap="PuOr", vmin=-1, vmax=1, aspect="auto")
    right.set(title="h after each row", xlabel="hidden unit")
    for axes in (left, right):
        bare(axes)
        axes.set_yticks(range(len(states)), steps)
    figure.colorbar(shown, ax=right, label="value of h")
    figure.words = words.digit_and_states(image, states, title)
    return figure


def over_distance(table: pd.DataFrame, ylabel: str = "norm of the gradient") -> Picture:
    """A norm over the distance in steps, on a logarithmic scale, for each model.

    table: columns `model`, `seed`, `distance`, `norm`. The median of the seeds, and a band from the least to the
    greatest. Models of a family, as "LSTM" and "LSTM, bias 3", share a color and differ in their marks. A median of
    zero, where numbers have become too small to be stored, is left out.
    """
    figure, axes = blank(7, 3.6)
    styles = styles_of(list(table["model"].unique()))
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


def influence(table: pd.DataFrame, over: str, of: Sequence[str], ylabel: str) -> Picture:
    """How much each of several letters acts, over a setting; each line is named at its end.

    table: columns `over`, `seed`, and one for each letter in `of`. The median of the seeds, and a band from the least
    to the greatest.
    """
    figure, axes = blank(6.5, 3.2)
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
    figure, axes = blank(7.5, 4)
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


def counter(tracks: pd.DataFrame, symbols: str, of: str = "c") -> Picture:
    """What the counting unit holds after each symbol of a string, a panel a seed, with the symbols below.

    A thin line stands where the first symbol gives way to another.

    tracks: columns `panel`, `step` and `of`, one row a step. symbols: the string, a letter a step.
    """
    panels = list(tracks["panel"].unique())
    height = min(4.7, 0.6 + 1.2 * len(panels))
    figure, all_axes = blank(8.2, height, nrows=len(panels), sharex=True, sharey=True)
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
    figure, all_axes = blank(width, height, ncols=len(found), sharey=True)
    for axes, (letter, values) in zip(all_axes, found.items(), strict=True):
        rows = (values.T if order is None else values.T[list(order)]).numpy()
        colors, least = (SIGNS, -1) if letter in "gnc" else (SIZES, 0)
        shown = axes.imshow(rows, cmap=colors, vmin=least, vmax=1, aspect="auto")
        chip = {"facecolor": COLORS[letter], "edgecolor": "none", "boxstyle": "round,pad=0.15"}
        ink = ink_on(to_rgba(COLORS[letter]))
        axes.set_title(letter, color=ink, fontsize=13, weight="bold", pad=9, bbox=chip)
        axes.set_xticks(range(T), list(symbols), fontsize=9)
        bare(axes)
        bar = figure.colorbar(shown, ax=axes, location="bottom", shrink=0.8, ticks=[least, 0, 1])
        bar.set_label(f"value of {letter}", fontsize=10)
        bar.outline.set_visible(False)
    all_axes[0].set(ylabel="unit", yticks=[])
    figure.words = words.gates_over(found, symbols)
    return figure

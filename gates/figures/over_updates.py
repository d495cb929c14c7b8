"""What is reached over epochs and updates."""

from collections.abc import Sequence
from textwrap import fill

import numpy as np
import pandas as pd

from gates import stats, words
from gates.figures.look import MODELS, blank, styles_of
from gates.picture import GROUND, Picture
from gates.stats import Interval
from gates.words import called


def learning(table: pd.DataFrame, score: str, models: Sequence[str]) -> Picture:
    """A score over epochs: the mean over seeds, and a band from the worst seed to the best. table: `model`, `epoch`, `seed`, `score`."""
    figure, axes = blank(7, 3)
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


def curves(
    table: pd.DataFrame, metric: str, chance: float | None = None, ylabel: str | None = None
) -> Picture:
    """A metric over updates for each cell: the median of the seeds, and a band from the least to the greatest.

    table: the tidy table of gates.training, of one task. A seed that stopped early, since it had solved the task, keeps
    its last value. chance: what guessing reaches, drawn as a line.
    """
    figure, axes = blank(7, 3.2)
    rows = table[table["metric"] == metric]
    steps = sorted(rows["step"].unique())
    styles = styles_of(list(rows["cell"].unique()))
    for cell, of_it in rows.groupby("cell", sort=False):
        seeds = of_it.pivot(index="step", columns="seed", values="value").reindex(steps).ffill()
        style = styles[cell]
        label = f"{called(cell)}, {seeds.shape[1]} seeds"
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


def in_words(table: pd.DataFrame, metric: str, chance: float | None = None) -> str:
    """What `curves` shows, in a sentence for each cell: the words that its picture carries. Takes the same."""
    return words.curves(table, metric, chance).result


def fitting(table: pd.DataFrame, score: str = "accuracy") -> Picture:
    """How well networks fit the data they are trained on, and new ones: the loss above, the score below, a column a network.

    table: the tidy table of gates.training with generalization=True, of one task. Medians over the seeds, and bands from
    the least to the greatest; of the training data dashed, of the validation data solid.
    """
    cells = list(table["cell"].unique())
    figure, all_axes = blank(
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


def over_budgets(
    panels: dict[str, dict[int, Interval]], more: str, less: str, ylabel: str
) -> Picture:
    """How far one model is ahead of another after few updates and after many: a panel for each task.

    panels: for each task, numbers of updates to (mean, low, high) of a difference; above 0 the model `more` is ahead, below it
    `less`. ylabel: what is subtracted from what, and the level of the intervals. A mark is full where its interval does not
    hold 0. Panels have scales of their own, all with 0 in the middle.
    """
    columns = min(3, len(panels))
    rows = -(-len(panels) // columns)
    figure, all_axes = blank(8.2, min(4.7, 0.9 + 1.3 * rows), nrows=rows, ncols=columns)
    all_axes = np.asarray(all_axes).reshape(-1)
    for axes, (name, of_it) in zip(all_axes, panels.items(), strict=False):
        budgets = sorted(of_it)
        mean, low, high = np.array([of_it[budget] for budget in budgets]).T
        places = np.arange(len(budgets))
        axes.axhline(0, color="#222222", linewidth=0.8)
        axes.plot(places, mean, color="#6E6E6E", linewidth=1)
        for place, of in zip(places, zip(mean, low, high, strict=True), strict=True):
            ahead = {"more": more, "less": less}.get(stats.verdict(of))
            style = MODELS.get(ahead, {"color": "#6E6E6E", "marker": "o"})
            axes.errorbar(
                place,
                of[0],
                yerr=[[of[0] - of[1]], [of[2] - of[0]]],
                color=style["color"],
                marker=style["marker"],
                markerfacecolor=style["color"] if ahead else GROUND,
                capsize=3,
                markersize=6,
            )
        far = 1.15 * max(abs(low.min()), abs(high.max()), 1e-9)
        axes.set(ylim=(-far, far), xlim=(-0.4, len(budgets) - 0.6))
        axes.set_xticks(places, budgets)
        axes.locator_params(axis="y", nbins=3)
        axes.set_title(name, fontsize=10)
        axes.grid(axis="y", alpha=0.3)
    for axes in all_axes[len(panels) :]:
        axes.set_visible(False)
    figure.supxlabel("updates", fontsize=10)
    figure.supylabel(ylabel, fontsize=10)
    figure.words = words.over_budgets(panels, more, less, ylabel)
    return figure

"""What is reached over epochs and updates."""

from collections.abc import Sequence
from textwrap import fill

import numpy as np
import pandas as pd

from gates import words
from gates.figures.look import MODELS, blank, styles_of
from gates.picture import Picture
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

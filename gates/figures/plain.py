"""What stands by itself: lines, points, pictures, activations, and the rows of a layer's weights."""

from collections.abc import Callable, Sequence
from textwrap import fill

import numpy as np
import pandas as pd
import torch
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from torch import Tensor, nn

from gates import words
from gates.figures.look import COLORS, bare, blank
from gates.picture import GROUND, Picture


def lines(table: pd.DataFrame, ylabel: str) -> Picture:
    """One line for each column, named beside it, over the index, whose name is written below.

    Lines differ in color, dash and mark, so that they can be told apart in print. More than four raise ValueError.
    """
    looks = [
        ("#222222", "-", "o"),
        ("#D55E00", "--", "s"),
        ("#0072B2", "-.", "^"),
        ("#009E73", ":", "D"),
    ]
    if table.shape[1] > len(looks):
        raise ValueError(f"There are looks for {len(looks)} lines, and {table.shape[1]} columns.")
    figure, axes = blank(7, 2.8)
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
    figure, axes = blank(4.5, 3.2)
    axes.plot(right, found, ".", color="#0072B2", alpha=0.3, rasterized=True)
    ends = [min(right), max(right)]
    axes.plot(ends, ends, "--", color="#222222", linewidth=1)
    axes.set(xlabel=xlabel, ylabel=fill(ylabel, 24))
    figure.words = words.against(right, found, xlabel, ylabel)
    return figure


def pictures(shown: dict[str, Tensor]) -> Picture:
    """Pictures side by side, dark where the number is large. shown: a title for each, and its numbers, (rows, columns)."""
    figure, all_axes = blank(2.4 * len(shown), 2.6, ncols=len(shown))
    for axes, (title, numbers) in zip(np.atleast_1d(all_axes), shown.items(), strict=True):
        axes.imshow(np.asarray(numbers), cmap="gray_r")
        axes.set(title=title, xticks=[], yticks=[])
        bare(axes)
    figure.words = words.pictures(shown)
    return figure


def shapes_of(functions: dict[str, Callable], low: float = -5, high: float = 5) -> Picture:
    """Activations and their slopes, each function in a panel: its value solid, its slope dashed."""
    columns = min(3, len(functions))
    rows = -(-len(functions) // columns)
    figure, all_axes = blank(
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


def packing(layer: nn.LSTM | nn.LSTMCell, gates: str = "ifgo") -> Picture:
    """The rows of a layer's weights, gate by gate, as torch.nn packs them; every number is printed in its place."""
    names = [name for name, _ in layer.named_parameters()][:4]
    tensors = [getattr(layer, name).detach() for name in names]
    widths = [t.shape[1] if t.dim() == 2 else 1 for t in tensors]
    figure, all_axes = blank(8.2, 4.2, ncols=4, sharey=True, width_ratios=[w + 0.6 for w in widths])
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

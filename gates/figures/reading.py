"""What a network reads of a text while it writes another."""

from torch import Tensor

from gates import words
from gates.figures.look import SIZES, bare, blank
from gates.picture import Picture

ACROSS, DOWN = 46, 24  # characters for which there is room


def attention_map(weights: Tensor, source: str, target: str) -> Picture:
    """How strongly each character of a source is read for each character that is written: pale is 0, dark is 1.

    weights: of attention, (T, S), a row for each character of the target and one for its end, as
    `gates.translation.weights_of` gives them. Texts of more than 46 and 23 characters, and weights of another shape, raise
    ValueError.
    """
    T, S = len(target) + 1, len(source)
    if tuple(weights.shape) != (T, S):
        raise ValueError(
            f"The weights have to be ({T}, {S}), a row for each character of the target and one for "
            f"its end, and they are {tuple(weights.shape)}."
        )
    if S > ACROSS or T > DOWN:
        raise ValueError(
            f"There is room for {ACROSS} characters of the source and {DOWN - 1} of the target: "
            "choose shorter texts."
        )
    figure, axes = blank(min(8.3, 2.0 + 0.15 * max(S, 12)), min(4.7, 1.2 + 0.145 * T))
    shown = axes.imshow(weights.numpy(), cmap=SIZES, vmin=0, vmax=1, aspect="auto")
    style = {"fontsize": 9, "family": "monospace"}
    axes.set_xticks(range(S), words.visible(source), **style)
    axes.set_yticks(range(T), [*words.visible(target), "end"], **style)
    axes.xaxis.tick_top()
    axes.xaxis.set_label_position("top")
    axes.set(xlabel="read", ylabel="written")
    bare(axes)
    bar = figure.colorbar(shown, ax=axes, fraction=0.06, pad=0.02, aspect=25, ticks=[0, 0.5, 1])
    bar.set_label("weight")
    bar.outline.set_visible(False)
    figure.words = words.attention_map(weights, source, target)
    return figure

"""Mistakes in layers upon layers."""

from collections.abc import Callable

from torch import Tensor

from gates.cells import Weights
from gates.cells import unroll as read
from gates.exercises.common.slips import slip
from gates.exercises.lesson05.stack_layers.variants import variant


def _first_layer_shown(cell: Callable, xs: Tensor, states: list, weights: list[Weights]) -> tuple:
    """All layers are run and the output of the first is returned."""
    _, finals = variant()(cell, xs, states, weights)
    return read(cell, xs, states[0], weights[0])[0], finals


def _below_top_shown(cell: Callable, xs: Tensor, states: list, weights: list[Weights]) -> tuple:
    """All layers are run and what the top one reads is returned."""
    ys, _ = variant()(cell, xs, states[:-1], weights[:-1])
    return ys, variant()(cell, xs, states, weights)[1]


def _state_handed_up(cell: Callable, xs: Tensor, states: list, weights: list[Weights]) -> tuple:
    """Each layer starts from the final state of the one below."""
    ys, state, finals = xs, states[0], []
    for layer_weights in weights:
        ys, state = read(cell, ys, state, layer_weights)
        finals.append(state)
    return ys, finals


SLIPS = [
    slip(
        "layer-reads-input",
        "Every layer reads the input.",
        "A layer reads what the layer below shows at each step.",
        handed=lambda hs, cs, xs: xs,
    ),
    slip(
        "layer-reads-c",
        "The cell state, and not the hidden state, is handed up to the next layer.",
        "A layer shows h. Its c stays inside.",
        handed=lambda hs, cs, xs: cs,
        shown=lambda hs, cs: cs,
        detail="The output is c, too.",
        seen=("pytorch/examples#167",),
    ),
    slip("layer-reads-c", handed=lambda hs, cs, xs: cs),
    slip(
        "one-state-for-all-layers",
        "All layers start from the same state.",
        "Each layer has a state of its own: states[layer].",
        start=lambda states, k: states[0],
        seen=("pclucas14/GansFallingShort#2",),
    ),
    slip(
        "one-state-for-all-layers",
        start=lambda states, k: states[-1],
        detail="It is the last one's.",
    ),
    slip(
        "one-weight-for-all-layers",
        "All layers use the weights of the first.",
        "Each layer has weights of its own: weights[layer].",
        use=lambda weights, k: weights[0],
    ),
    slip(
        "top-layer-missing",
        "What comes back belongs to a lower layer: the top one is not used.",
        "The output is what the last layer shows. Check the range of the loop.",
        layers=lambda L: L - 1,
    ),
    slip("collects-c", shown=lambda hs, cs: cs),
    slip(
        "top-layer-missing", whole=_first_layer_shown, detail="It is the output of the first layer."
    ),
    slip("top-layer-missing", whole=_below_top_shown, detail="It is what the top layer reads."),
    slip(
        "one-state-for-all-layers",
        whole=_state_handed_up,
        detail="Each layer starts where the one below ended.",
    ),
    slip(
        "finals-reversed",
        "The final states are listed from the top layer down.",
        "Their order is that of the layers, the lowest first, as in h_n.",
        finals=lambda lasts, states: lasts[::-1],
    ),
    slip("first-state-returned", finals=lambda lasts, states: list(states)),
    slip(
        "first-state-returned",
        finals=lambda lasts, states: states[-1],
        detail="And of the top layer only.",
    ),
    slip("returns-c-then-h", finals=lambda lasts, states: [(c, h) for h, c in lasts]),
    slip(
        "top-state-only",
        "Of the final states only one comes back, and not one for each layer.",
        "Make the list once, before the loop over layers, and append each layer's final state to it.",
        finals=lambda lasts, states: lasts[-1:],
        seen=("jzilly/RecurrentHighwayNetworks#5",),
    ),
    slip("top-state-only", finals=lambda lasts, states: lasts[-1], detail="It is not in a list."),
    slip(
        "top-state-only",
        finals=lambda lasts, states: lasts[:1],
        detail="It is that of the first layer.",
    ),
    slip(
        "top-state-only",
        finals=lambda lasts, states: lasts[0],
        detail="It is that of the first layer, not in a list.",
    ),
    slip(
        "top-state-only",
        finals=lambda lasts, states: [lasts[-1]] * len(lasts),
        detail="It stands there once for each layer.",
    ),
]

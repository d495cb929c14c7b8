"""Weights drawn anew."""

import math
from collections.abc import Callable

import torch
from torch import nn

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.mistake import Mistake
from gates.exercises.common.modules import LEARNS, learns
from gates.exercises.common.probing import made
from gates.exercises.common.seen import Seen, error
from gates.exercises.common.slips import same, slip


def fresh_weights(layer: nn.GRU) -> nn.GRU:
    """A layer whose matrices are drawn anew by Xavier's uniform rule, and whose biases are zero.

    layer: an nn.GRU of any number of layers. Returns the same layer, changed.
    """
    for parameter in layer.parameters():
        if parameter.dim() > 1:
            nn.init.xavier_uniform_(parameter)
        else:
            nn.init.zeros_(parameter)
    return layer


def probes() -> Probes:
    def make() -> Probes:
        return [(nn.GRU(I, H, L).double(),) for I, H, L in [(30, 40, 2), (50, 20, 3)]]

    return made(15, make)


def variant(biases="zero", layers=None, rule=nn.init.xavier_uniform_, whole=None) -> Callable:
    """Draw a layer's weights, with the parts of it exchangeable."""

    def draw(layer: nn.GRU) -> nn.GRU:
        for name, parameter in layer.named_parameters():
            if layers and not any(name.endswith(f"_l{k}") for k in layers):
                continue
            if parameter.dim() > 1:
                rule(parameter)
            elif biases == "zero":
                nn.init.zeros_(parameter)
        return layer

    return whole or draw


def _another_layer(layer: nn.GRU) -> nn.GRU:
    return variant()(nn.GRU(layer.input_size, layer.hidden_size, layer.num_layers).double())


_UNCHANGED, _AS_ASKED, _OTHER = 2, 1, 0


def _how_drawn(layer: nn.GRU, arguments: tuple) -> list[int]:
    """Whether it is the same layer; for each parameter: as asked, left as it was, or something else; whether all learn."""
    found = [int(layer is arguments[0])]
    for before, now in zip(_untouched(arguments[0]).parameters(), layer.parameters(), strict=True):
        if torch.equal(before, now):
            found.append(_UNCHANGED)
        elif now.dim() == 1:
            found.append(_AS_ASKED if not now.any() else _OTHER)
        else:
            bounds = [math.sqrt(6 / (rows + now.shape[1])) for rows in (len(now), len(now) // 3)]
            fits = any(0.95 * bound < now.abs().max() <= bound for bound in bounds)
            found.append(_AS_ASKED if fits else _OTHER)
    return [*found, learns(layer)]


def _untouched(layer: nn.GRU) -> nn.GRU:
    """The probe that a layer was copied from."""
    size = (layer.input_size, layer.hidden_size)
    return next(made for (made,) in probes() if (made.input_size, made.hidden_size) == size)


def _drawn_wrongly(seen: Seen) -> str | None:
    for (layer,), drawn in zip(seen.probes, seen.results, strict=True):
        for before, how in zip(layer.parameters(), drawn[1:-1], strict=True):
            if how == _OTHER:
                return "drawn-by-another-rule" if before.dim() > 1 else "xavier-on-bias"
    return None


EXERCISE = coding(
    fresh_weights,
    asks="weights drawn anew",
    probes=probes,
    draws=True,
    outputs=lambda arguments: (
        "whether it is the layer that was handed in",
        *(f"how {name} is set" for name, _ in arguments[0].named_parameters()),
        LEARNS,
    ),
    variant=variant,
    reads=_how_drawn,
    signature=_drawn_wrongly,
    errors=(
        error(
            "Fan in and fan out",
            "xavier-on-bias",
            "Xavier's rule is applied to a bias, which has one dimension only.",
            "The rule needs a matrix: ask for parameter.dim() > 1, and give biases a constant.",
            seen=("pytorch/pytorch#9221",),
        ),
    ),
    slips=[
        slip(
            "new-layer-returned",
            "A new layer is returned, and the one that was given is as it was.",
            "Draw into the parameters of the layer itself, and return it.",
            whole=_another_layer,
        ),
        slip(
            "other-layers-forgotten",
            "Only the first layer is treated; the ones above it stay as they were.",
            "Go through layer.parameters(), which has those of all layers.",
            layers=(0,),
        ),
        slip(
            "biases-not-zeroed",
            "The biases stay as they were drawn.",
            "Go through the biases, too: nn.init.zeros_(parameter) where parameter.dim() is 1.",
            biases="left",
        ),
        slip("chrono-nothing-written", whole=same),
        slip("left-frozen", whole=lambda layer: variant()(layer).requires_grad_(False)),
    ],
    mistakes=(
        Mistake(
            "drawn-by-another-rule",
            "The matrices are not drawn by Xavier's uniform rule.",
            "nn.init.xavier_uniform_(parameter): its numbers lie within ±√(6 / (rows + columns)).",
        ),
    ),
)

"""PyTorch's weights, loaded."""

from collections.abc import Callable

import torch
from torch import nn

from gates.cells import Weights
from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.probing import made
from gates.exercises.common.slips import slip


def lstm_weights(layer: nn.LSTM) -> Weights:
    """The weights of the first layer of an nn.LSTM, in the form our cell takes.

    Returns `Weights(weight_ih, weight_hh, bias_ih, bias_hh)`: the layer's own tensors, as they are.
    """
    return Weights(layer.weight_ih_l0, layer.weight_hh_l0, layer.bias_ih_l0, layer.bias_hh_l0)


def probes() -> Probes:
    return made(5, lambda: [(nn.LSTM(I, H, dtype=torch.float64),) for I, H in [(3, 2), (4, 5)]])


def variant(pick=lambda W_ih, W_hh, b_ih, b_hh: (W_ih, W_hh, b_ih, b_hh)) -> Callable:
    """The four tensors of an nn.LSTM layer, as `pick` hands them over."""

    def weights(layer: nn.LSTM) -> tuple:
        return pick(layer.weight_ih_l0, layer.weight_hh_l0, layer.bias_ih_l0, layer.bias_hh_l0)

    return weights


EXERCISE = coding(
    lstm_weights,
    asks="PyTorch's weights, loaded",
    probes=probes,
    outputs=Weights._fields,
    variant=variant,
    pairs=False,
    gradients=True,
    slips=[
        slip(
            "matrices-swapped",
            "weight_ih and weight_hh have changed places.",
            "weight_ih has I columns and meets x; weight_hh has H columns and meets h.",
            pick=lambda W, U, b, d: (U, W, b, d),
        ),
        slip(
            "biases-swapped",
            "bias_ih and bias_hh have changed places: an LSTM cannot tell, but a GRU can.",
            "The order is weight_ih, weight_hh, bias_ih, bias_hh.",
            pick=lambda W, U, b, d: (W, U, d, b),
        ),
        slip(
            "biases-merged",
            "The two biases are merged into one: the outputs agree, but the weights no longer go back into PyTorch's layer.",
            "Hand over bias_ih and bias_hh as they are; the cell adds them.",
            pick=lambda W, U, b, d: (W, U, b + d, torch.zeros_like(b)),
        ),
        slip("biases-merged", pick=lambda W, U, b, d: (W, U, torch.zeros_like(b), b + d)),
        slip(
            "biases-merged",
            pick=lambda W, U, b, d: (W, U, b + d, b + d),
            detail="It stands in both places.",
        ),
        slip(
            "weights-transposed",
            "The matrices are transposed.",
            "Hand them over as torch.nn stores them, (4H, I) and (4H, H); the cell does the transposing.",
            pick=lambda W, U, b, d: (W.T, U.T, b, d),
        ),
        slip("recurrent-not-transposed", pick=lambda W, U, b, d: (W, U.T, b, d)),
        slip("drops-bias-hh", pick=lambda W, U, b, d: (W, U, b, torch.zeros_like(b))),
        slip("drops-bias-ih", pick=lambda W, U, b, d: (W, U, torch.zeros_like(b), d)),
        slip(
            "drops-bias-hh",
            pick=lambda W, U, b, d: (W, U, b, b),
            detail="bias_ih stands in both places.",
        ),
    ],
)

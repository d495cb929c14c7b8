"""A bias for the forget gate."""

from collections.abc import Callable

import torch
from torch import nn

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.mistake import Mistake
from gates.exercises.common.modules import LEARNS, learns
from gates.exercises.common.probing import made, rough
from gates.exercises.common.seen import error
from gates.exercises.lesson02.set_forget_bias.slips import SLIPS


def set_forget_bias(layer: nn.LSTM, value: float) -> nn.LSTM:
    """A layer whose forget gates start from a given bias; all else stays as it was.

    layer: an nn.LSTM of one layer. value: what the two biases of each forget gate add up to.
    Returns the same layer, changed.
    """
    H = layer.hidden_size
    with torch.no_grad():
        layer.bias_ih_l0[H : 2 * H] = value
        layer.bias_hh_l0[H : 2 * H] = 0
    return layer


def probes() -> Probes:
    def make() -> Probes:
        return [
            (rough(nn.LSTM(I, H, dtype=torch.float64)), value)
            for I, H, value in [(3, 2, 1.0), (2, 5, -0.7)]
        ]

    return made(6, make)


def _rows(layer: nn.LSTM, block: int) -> slice:
    H = layer.hidden_size
    return slice(block * H, (block + 1) * H)


def variant(
    blocks=(1,),
    of_ih=lambda old, value: value,
    of_hh=lambda old, value: 0,
    erased=(),
    given=lambda value: value,
    learns=True,
    ranges=None,
) -> Callable:
    """Set a layer's forget bias, with its parts exchangeable; blocks are counted i, f, g, o.

    erased: the bias and the block of each other gate that is set to zero before. ranges: from H to the rows of
    bias_ih that are set and those of bias_hh that become zero, where they are no blocks.
    """

    def change(layer: nn.LSTM, value: float) -> nn.LSTM:
        value = given(value)
        with torch.no_grad():
            for name, block in erased:
                getattr(layer, name)[_rows(layer, block)] = 0
            if ranges:
                of_value, of_zero = ranges(layer.hidden_size)
                layer.bias_ih_l0[of_value] = value
                layer.bias_hh_l0[of_zero] = 0
                return layer
            for block in blocks:
                rows = _rows(layer, block)
                layer.bias_ih_l0[rows] = of_ih(layer.bias_ih_l0[rows].clone(), value)
                layer.bias_hh_l0[rows] = of_hh(layer.bias_hh_l0[rows].clone(), value)
        return layer.requires_grad_(learns)

    return change


def _lstm_parts(layer: nn.LSTM, arguments: tuple) -> tuple:
    """The matrices and the sum of the biases, which is all that an LSTM sees; and whether they learn."""
    W, U, b, d = (parameter.detach() for parameter in layer.parameters())
    return W, U, b + d, learns(layer)


EXERCISE = coding(
    set_forget_bias,
    asks="a bias for the forget gate",
    probes=probes,
    outputs=("weight_ih", "weight_hh", "the sum of the biases", LEARNS),
    variant=variant,
    errors=(error("in-?place", "no-grad-missing"),),
    reads=_lstm_parts,
    slips=SLIPS,
    mistakes=(
        Mistake(
            "forget-bias-row-missing",
            "One row of the forget gate is left out.",
            "Its rows go from H to 2H. In Python a slice leaves its end out, so H:2 * H has them all.",
        ),
    ),
)

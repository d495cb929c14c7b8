"""An LSTM step with other activations."""

import torch
from torch import Tensor

from gates.cells import swapped_lstm_cell
from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.mistake import Mistake
from gates.exercises.common.stepping import step
from gates.exercises.lesson10.swapped_lstm_cell.slips import SLIPS
from gates.exercises.lesson10.swapped_lstm_cell.variants import variant


def _leaky(a: Tensor) -> Tensor:
    return torch.where(a > 0, a, 0.2 * a)


def _bent(a: Tensor) -> Tensor:
    return a / (1 + a.abs())


def _wave(a: Tensor) -> Tensor:
    return torch.sin(a) + 0.3 * a


def probes() -> Probes:
    chosen = ((_bent, _leaky, _wave), (torch.sigmoid, torch.sin, _bent))
    sizes = ({}, {"I": 3, "H": 5, "B": 2})
    return [
        (*step(4, seed=83 + k, **size), *functions)
        for k, (size, functions) in enumerate(zip(sizes, chosen, strict=True))
    ]


def _usual_steps() -> Probes:
    """The same without activations, which are then the usual ones."""
    return [probe[:3] for probe in probes()]


EXERCISE = coding(
    swapped_lstm_cell,
    asks="an LSTM step with other activations",
    probes=probes,
    also=(_usual_steps, "wrong-default"),
    outputs=("h", "c"),
    variant=variant,
    gates="ifgo",
    gradients=True,
    shapes="x is (B, I) and meets weight_ih, (4H, I). h is (B, H) and meets weight_hh, (4H, H). c is (B, H).",
    slips=SLIPS,
    mistakes=(
        Mistake(
            "wrong-default",
            "Without activations handed in, this is not the usual step.",
            "The defaults stand in the first line of the exercise: gate=torch.sigmoid, candidate=torch.tanh, output=torch.tanh.",
        ),
    ),
)

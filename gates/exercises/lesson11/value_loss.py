"""A loss over numbers."""

from torch import Tensor
from torch.nn import functional as F

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.losses import one_number
from gates.exercises.common.probing import random_numbers
from gates.exercises.common.slips import slip


def value_loss(predictions: Tensor, targets: Tensor) -> Tensor:
    """The mean squared error of one prediction for each sample.

    predictions: as a linear layer gives them, (N, 1). targets: (N,). Returns a tensor of one
    number.
    """
    return F.mse_loss(predictions.squeeze(1), targets)


def probes() -> Probes:
    randn = random_numbers(60)
    return [(randn(n, 1), randn(n)) for n in (5, 3)]


EXERCISE = coding(
    value_loss,
    asks="a loss over numbers",
    probes=probes,
    outputs=("the loss",),
    reads=one_number,
    shapes="predictions are (N, 1), targets (N,).",
    slips=[
        slip("broadcast-loss", whole=lambda p, y: ((p - y) ** 2).mean()),
        slip("summed-not-averaged", whole=lambda p, y: ((p[:, 0] - y) ** 2).sum()),
        slip(
            "root-of-mse",
            "The root of the mean squared error is returned.",
            "The mean of the squares was asked for.",
            whole=lambda p, y: ((p[:, 0] - y) ** 2).mean().sqrt(),
        ),
    ],
)

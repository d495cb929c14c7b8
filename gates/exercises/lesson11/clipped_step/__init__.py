"""A step with a clipped gradient."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.modules import parameter_names
from gates.exercises.common.probing import made
from gates.exercises.lesson11.clipped_step.slips import SLIPS
from gates.exercises.lesson11.clipped_step.variants import variant


def clipped_step(
    layer: nn.GRU, optimizer: torch.optim.Optimizer, x: Tensor, target: Tensor, max_norm: float
) -> float:
    """One training step, with the gradient's norm held at max_norm or less.

    x: (T, B, I). target: (T, B, H). The loss is the mean squared error of the layer's output.
    Gradients of an earlier step may still be there. Returns the norm of the gradient before it
    was clipped, as a number.
    """
    optimizer.zero_grad()
    F.mse_loss(layer(x)[0], target).backward()
    norm = nn.utils.clip_grad_norm_(layer.parameters(), max_norm)
    optimizer.step()
    return norm.item()


def probes() -> Probes:
    def make() -> Probes:
        found = []
        for T, B, I, H, max_norm in [(5, 2, 3, 4, 0.05), (4, 3, 2, 3, 0.2), (3, 2, 2, 4, 50.0)]:
            layer = nn.GRU(I, H).double()
            for parameter in layer.parameters():
                parameter.grad = torch.randn_like(parameter)
            x, target = (
                torch.randn(T, B, I, dtype=torch.float64),
                3 * torch.randn(T, B, H, dtype=torch.float64),
            )
            found.append((layer, torch.optim.SGD(layer.parameters(), lr=0.5), x, target, max_norm))
        return found

    return made(13, make)


def _norm_and_weights(norm: float, arguments: tuple) -> tuple:
    return float(norm), [parameter.detach() for parameter in arguments[0].parameters()]


EXERCISE = coding(
    clipped_step,
    asks="a step with a clipped gradient",
    probes=probes,
    outputs=lambda arguments: (
        "the norm",
        *(f"{name} after the step" for name in parameter_names(arguments[0])),
    ),
    variant=variant,
    reads=_norm_and_weights,
    tolerance=1e-6,
    slips=SLIPS,
)

"""A sequence read in windows."""

import torch
from torch import Tensor, nn

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.modules import parameter_names
from gates.exercises.common.probing import made, rough
from gates.exercises.common.seen import error
from gates.exercises.lesson07.in_windows.slips import SLIPS
from gates.exercises.lesson07.in_windows.variants import variant
from gates.training import in_windows


def probes() -> Probes:
    def make() -> Probes:
        return [
            (rough(nn.LSTM(I, H).double()), torch.randn(T, B, I, dtype=torch.float64), window)
            for I, H, T, B, window in ((3, 2, 10, 5, 4), (2, 4, 9, 3, 2))
        ]

    return made(72, make)


def _outputs_and_gradients(ys: Tensor, arguments: tuple) -> tuple:
    """The outputs, and the gradient of a sum of them, each with a weight of its own, for the inputs and parameters."""
    layer, xs, _ = arguments
    randn = torch.Generator().manual_seed(0)
    loss = (ys * torch.randn(ys.shape, generator=randn, dtype=ys.dtype)).sum()
    parameters = [xs, *layer.parameters()]
    if not loss.requires_grad:
        return ys.detach(), [torch.zeros_like(p) for p in parameters]
    grads = torch.autograd.grad(loss, parameters, allow_unused=True)
    return ys.detach(), [
        torch.zeros_like(p) if g is None else g for p, g in zip(parameters, grads, strict=True)
    ]


EXERCISE = coding(
    in_windows,
    asks="a sequence read in windows",
    probes=probes,
    outputs=lambda arguments: (
        "the outputs",
        "the gradient of xs",
        *(f"the gradient of {name}" for name in parameter_names(arguments[0])),
    ),
    variant=variant,
    reads=_outputs_and_gradients,
    graph=True,
    errors=(
        error(r"hx|index 1 is out of bounds|must be tuple|not iterable|3-D", "lstm-given-h-only"),
        error("'tuple' object has no attribute 'detach'", "pair-detached-as-one"),
    ),
    shapes="xs is (T, B, I), the windows are parts of its first dimension, and (T, B, H) comes back.",
    slips=SLIPS,
)

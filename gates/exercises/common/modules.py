"""What is read off a module that an answer has made or changed."""

import torch
from torch import Tensor, nn

from gates.exercises.common.probing import rough


def layer_outputs(layer: nn.Module, T: int, B: int) -> tuple[Tensor, Tensor]:
    with torch.no_grad():
        return rough(layer.double())(torch.randn(T, B, layer.input_size, dtype=torch.float64))


def learns(module: nn.Module) -> int:
    """Whether all parameters of a module still learn."""
    return int(all(parameter.requires_grad for parameter in module.parameters()))


LEARNS = "whether all parameters still learn"


def parameter_names(layer: nn.Module, head: nn.Module | None = None) -> list[str]:
    names = [name for name, _ in layer.named_parameters()]
    return names + [f"the head's {name}" for name, _ in (head or nn.Identity()).named_parameters()]

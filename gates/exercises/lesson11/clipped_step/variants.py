"""A step with a clipped gradient, with its parts exchangeable."""

from collections.abc import Callable

from torch import Tensor, nn
from torch.nn import functional as F


def variant(
    clip=lambda parameters, max_norm: nn.utils.clip_grad_norm_(parameters, max_norm).item(),
    when="erase backward clip step",
    told=lambda before, after: before,
) -> Callable:
    """A training step, with its parts exchangeable; `when` is the order of what is done."""

    def step(layer, optimizer, x, target, max_norm) -> float:
        parameters = list(layer.parameters())
        loss = F.mse_loss(layer(x)[0], target)
        before = 0.0
        for what in when.split():
            if what == "erase":
                optimizer.zero_grad()
            elif what == "backward":
                loss.backward()
            elif what == "clip":
                before = clip(parameters, max_norm)
            else:
                optimizer.step()
        return told(before, norm(parameters))

    return step


def norm(parameters: list[Tensor]) -> float:
    return nn.utils.clip_grad_norm_(parameters, float("inf")).item()

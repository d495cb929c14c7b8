"""Mistakes in a step with a clipped gradient."""

from torch import Tensor, nn

from gates.exercises.common.slips import slip
from gates.exercises.lesson11.clipped_step.variants import norm


def _by_value(parameters: list[Tensor], max_norm: float) -> float:
    before = norm(parameters)
    nn.utils.clip_grad_value_(parameters, max_norm)
    return before


def _by_small_value(parameters: list[Tensor], max_norm: float) -> float:
    """No entry above what every entry of a gradient of that norm would be if all were equal."""
    before = norm(parameters)
    count = sum(parameter.numel() for parameter in parameters)
    if before > max_norm:
        nn.utils.clip_grad_value_(parameters, max_norm / count**0.5)
    return before


def _always(parameters: list[Tensor], max_norm: float) -> float:
    """Scaled to the norm, up as well as down."""
    before = norm(parameters)
    for parameter in parameters:
        parameter.grad *= max_norm / before
    return before


def _at_one(parameters: list[Tensor], max_norm: float) -> float:
    return nn.utils.clip_grad_norm_(parameters, 1.0).item()


def _not_at_all(parameters: list[Tensor], max_norm: float) -> float:
    return norm(parameters)


def _cut_off(before: float, after: float) -> float:
    return after


SLIPS = [
    slip(
        "clip-after-step",
        "The gradient is clipped after the optimizer has used it.",
        "The order is backward(), clip, step().",
        when="erase backward step clip",
    ),
    slip(
        "clip-before-backward",
        "Clipping comes before backward(), when the new gradients are not there yet.",
        "The order is zero_grad(), backward(), clip, step().",
        when="erase clip backward step",
    ),
    slip("clip-before-backward", when="clip erase backward step"),
    slip("clips-values", clip=_by_value),
    slip("clips-values", clip=_by_value, told=_cut_off, detail="So is the norm that is returned."),
    slip("clips-values", clip=_by_small_value),
    slip(
        "norm-after-clipping",
        "The norm is taken after clipping, so it never shows what was cut.",
        "clip_grad_norm_ returns the norm before clipping.",
        told=_cut_off,
    ),
    slip(
        "never-clipped",
        "The gradient is not clipped.",
        "torch.nn.utils.clip_grad_norm_(layer.parameters(), max_norm), between backward() and step().",
        clip=_not_at_all,
    ),
    slip(
        "always-rescaled",
        "Every gradient is brought to the limit, the small ones, too.",
        "A gradient whose norm is below max_norm stays as it is.",
        clip=_always,
    ),
    slip(
        "limit-written-in",
        "A limit stands in the code and is not the one that was handed in.",
        "Clip at max_norm.",
        clip=_at_one,
    ),
    slip("zero-grad-too-late", when="backward erase clip step"),
    slip("zero-grad-missing", when="backward clip step"),
]

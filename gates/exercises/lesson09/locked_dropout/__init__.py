"""Dropout with one mask for all steps."""

from collections.abc import Callable

import torch
from torch import Tensor

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.mistake import Mistake
from gates.exercises.common.probing import random_numbers
from gates.exercises.lesson09.locked_dropout.slips import SLIPS
from gates.networks import locked_dropout


def probes() -> Probes:
    """Large enough that the share that is dropped can be told."""
    randn = random_numbers(80)
    return [(randn(T, B, N) + 3, p) for T, B, N, p in ((6, 60, 40, 0.25), (4, 50, 60, 0.8))]


def _to_drop_from_with_zeros() -> Probes:
    """The same with zeros in half of the first step, which are not dropped."""
    found = probes()
    for xs, _ in found:
        xs[0, :, ::2] = 0
    return found


def variant(
    shape=lambda xs: xs.shape[1:],
    kept=lambda u, p: u >= p,
    scale=lambda p: 1 / (1 - p),
    whole=None,
) -> Callable:
    """Dropout with one mask, with the parts of it exchangeable."""

    def drop(xs: Tensor, p: float) -> Tensor:
        mask = kept(torch.rand(shape(xs)), p).to(xs.dtype)
        return xs * mask * scale(p)

    return whole or drop


def _how_masked(ys: Tensor, arguments: tuple) -> tuple[int, ...]:
    """What can be said of a mask that is drawn: what it shares, how much it drops, and how it scales the rest."""
    xs, p = arguments
    if not isinstance(ys, Tensor) or ys.shape != xs.shape:
        raise ValueError
    mask = (ys / xs).detach().double()
    mask = torch.where(xs == 0, mask[-1:], mask)  # a mask cannot be seen in zeros
    kept, dropped = mask[mask != 0], (mask == 0).double().mean().item()
    scales = {0: 1 / (1 - p), 1: 1.0, 2: 1 / p, 3: 1 - p, 4: p}
    found = -1 if not len(kept) else 9
    if len(kept) and (kept.max() - kept.min()) < 1e-6:
        found = next((k for k, s in scales.items() if abs(kept[0].item() - s) < 1e-6), 9)
    shares = {0: p, 1: 1 - p, 2: 0.0, 3: 1.0}
    near = min(shares, key=lambda k: abs(dropped - shares[k]))
    shared = [int(torch.allclose(mask, mask.narrow(k, 0, 1).expand_as(mask))) for k in range(3)]
    # Where samples or numbers share a mask, few numbers are drawn, and their share is less certain.
    off = 0.12 if any(shared[1:]) else 0.05
    return (*shared, near if abs(dropped - shares[near]) < off else 9, found)


EXERCISE = coding(
    locked_dropout,
    asks="dropout with one mask for all steps",
    probes=probes,
    also=(_to_drop_from_with_zeros, "mask-from-values"),
    draws=True,
    outputs=(
        "whether the mask is the same at all steps",
        "whether the mask is the same for all samples",
        "whether the mask is the same for all numbers of a sample",
        "whether the share that is dropped is p",
        "how the rest is scaled",
    ),
    signature=lambda seen: "changes-inputs" if seen.changed else None,
    variant=variant,
    pairs=False,
    reads=_how_masked,
    shapes="xs is (T, B, N), and so is what comes back.",
    returns="It should return a tensor of the shape of xs.",
    slips=SLIPS,
    mistakes=(
        Mistake(
            "mask-from-values",
            "A number that is zero in the input is taken for one that was dropped.",
            "Draw the mask by itself, for example from torch.ones, and not from the numbers of a step.",
        ),
    ),
)

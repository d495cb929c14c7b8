"""A single step through a layer."""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.probing import made, rough
from gates.exercises.common.seen import error
from gates.exercises.common.slips import slip


def one_step(layer: nn.GRU, x: Tensor, h: Tensor) -> Tensor:
    """The next hidden states of a batch that takes a single step through a layer.

    layer: an nn.GRU of one layer that takes time first. x: one input for each sample, (B, I).
    h: (B, H). Returns (B, H).
    """
    ys, _ = layer(x[None], h[None])
    return ys[0]


def probes() -> Probes:
    def make() -> Probes:
        return [
            (
                rough(nn.GRU(I, H).double()),
                torch.randn(B, I, dtype=torch.float64),
                torch.randn(B, H, dtype=torch.float64),
            )
            for I, H, B in [(3, 2, 4), (2, 5, 3)]
        ]

    return made(10, make)


def _single_sample() -> Probes:
    def make() -> Probes:
        h = torch.randn(1, 2, dtype=torch.float64)
        return [(rough(nn.GRU(3, 2).double()), torch.randn(1, 3, dtype=torch.float64), h)]

    return made(15, make)


def _as_sequence(start: Callable) -> Callable:
    def step(layer: nn.GRU, x: Tensor, h: Tensor) -> Tensor:
        return layer(x, start(h))[0]

    return step


EXERCISE = coding(
    one_step,
    asks="a single step through a layer",
    probes=probes,
    small=_single_sample,
    outputs=("h",),
    errors=(
        error(
            "'tuple' object has no attribute",
            "gru-given-a-pair",
            "A GRU is given a pair, though its state is h alone.",
            "Hand over h.",
            seen=("IBM/pytorch-seq2seq#126",),
        ),
        error(
            r"Expected hidden size \(1, 1,|unbatched 2-D",
            "batch-read-as-sequence",
            "A batch of single inputs is read as one long sequence, each sample as a step.",
            "A layer takes a two-dimensional input for one unbatched sequence. Give it a time dimension: x[None].",
        ),
    ),
    shapes="x is (B, I), h is (B, H); the layer takes (T, B, I) and (1, B, H).",
    slips=[
        slip("batch-read-as-sequence", whole=_as_sequence(lambda h: None)),
        slip("batch-read-as-sequence", whole=_as_sequence(lambda h: h[:1])),
        slip("batch-read-as-sequence", whole=_as_sequence(lambda h: h[-1:])),
        slip("batch-read-as-sequence", whole=lambda layer, x, h: layer(x)[1]),
        slip("batch-read-as-sequence", whole=lambda layer, x, h: layer(x, h[:1])[1]),
        slip("batch-read-as-sequence", whole=lambda layer, x, h: layer(x)[1].expand(len(x), -1)),
        slip("batch-read-as-sequence", whole=lambda layer, x, h: layer(x)[1][0]),
        slip(
            "batch-read-as-sequence",
            whole=lambda layer, x, h: layer(x[:, None], h[:1, None])[0][:, 0],
            detail="The new dimension stands where the batch belongs.",
        ),
        slip(
            "batch-read-as-sequence",
            whole=lambda layer, x, h: layer(x[:, None])[0][:, 0],
            detail="The new dimension stands where the batch belongs.",
        ),
        slip(
            "batch-read-as-sequence",
            whole=lambda layer, x, h: layer(x[:, None])[0][-1],
            detail="The new dimension stands where the batch belongs.",
        ),
        slip(
            "batch-read-as-sequence",
            whole=lambda layer, x, h: layer(x[:, None])[1][0],
            detail="The new dimension stands where the batch belongs.",
        ),
        slip(
            "step-ignores-state",
            "The step starts from zeros and not from the state that was handed in.",
            "Hand the state over: layer(x[None], h[None]).",
            whole=lambda layer, x, h: layer(x[None])[0][0],
        ),
        slip(
            "squeezed",
            whole=lambda layer, x, h: layer(x[None], h[None])[0].squeeze(),
        ),
    ],
)

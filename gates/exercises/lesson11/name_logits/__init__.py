"""A reading at the last real step."""

import torch
from torch import Tensor, nn

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.probing import made, rough
from gates.exercises.common.seen import error
from gates.exercises.lesson11.name_logits.slips import SLIPS


def name_logits(layer: nn.GRU, head: nn.Linear, xs: Tensor, lengths: Tensor) -> Tensor:
    """What a classifier says of each sample after the last of its own steps.

    layer: an nn.GRU of one layer with batch_first=True. head: from H numbers to C logits. xs:
    padded at the ends, (B, T, I). lengths: how many steps are real, (B,). Returns (B, C).
    """
    ys, _ = layer(xs)
    return head(ys[torch.arange(len(lengths)), lengths - 1])


def probes() -> Probes:
    def make() -> Probes:
        found = []
        for I, H, C, T, lengths in ((3, 4, 2, 7, [4, 6, 2, 5]), (2, 3, 4, 6, [3, 5, 2])):
            layer = rough(nn.GRU(I, H, batch_first=True).double())
            xs = torch.randn(len(lengths), T, I, dtype=torch.float64)
            found.append((layer, nn.Linear(H, C).double(), xs, torch.tensor(lengths)))
        return found

    return made(86, make)


EXERCISE = coding(
    name_logits,
    asks="a reading at the last real step",
    probes=probes,
    outputs=("the logits",),
    errors=(
        error("out of bounds for dimension 0", "sample-for-step"),
        error("out of bounds|out of range", "length-as-index"),
        error("sorted in decreasing order", "unsorted-lengths"),
        error(r"equal to batch_size|start .* exceeds dimension", "packed-without-batch-first"),
    ),
    shapes="xs is (B, T, I), lengths (B,); the output of the layer is (B, T, H).",
    slips=SLIPS,
)

"""A reading of the top layer."""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.probing import made, rough
from gates.exercises.common.seen import error
from gates.exercises.common.slips import slip


def top_logits(layer: nn.GRU, head: nn.Linear, xs: Tensor) -> Tensor:
    """What a classifier says of each sample after the top layer has read all of it.

    layer: an nn.GRU of two layers or more, with batch_first=True. head: from H numbers to C
    logits. xs: (B, T, I), all steps real. Returns (B, C).
    """
    _, h_n = layer(xs)
    return head(h_n[-1])


def probes() -> Probes:
    def make() -> Probes:
        found = []
        for I, H, C, L, T, B in ((3, 4, 2, 3, 6, 5), (2, 3, 4, 2, 4, 3)):
            layer = rough(nn.GRU(I, H, L, batch_first=True).double())
            xs = torch.randn(B, T, I, dtype=torch.float64)
            found.append((layer, nn.Linear(H, C).double(), xs))
        return found

    return made(88, make)


def _stack(pick: Callable) -> Callable:
    """A classifier that reads what `pick` takes from the outputs, (B, T, H), and h_n, (L, B, H)."""

    def logits(layer: nn.GRU, head: nn.Linear, xs: Tensor) -> Tensor:
        ys, h_n = layer(xs)
        return head(pick(ys, h_n))

    return logits


EXERCISE = coding(
    top_logits,
    asks="a reading of the top layer",
    probes=probes,
    outputs=("the logits",),
    errors=(
        error(
            "out of bounds|out of range",
            "no-such-layer",
            "There is no layer of that number.",
            "h_n[-1] is the top layer's state, however many layers there are.",
        ),
    ),
    shapes="xs is (B, T, I), the output (B, T, H), h_n is (L, B, H).",
    slips=[
        slip("first-layer-state", whole=_stack(lambda ys, h_n: h_n[0])),
        slip(
            "layers-averaged",
            "The states of all layers are put together.",
            "Only the top layer has everything below it in its state: h_n[-1].",
            whole=_stack(lambda ys, h_n: h_n.mean(0)),
        ),
        slip("layers-averaged", whole=_stack(lambda ys, h_n: h_n.sum(0))),
        slip(
            "layers-averaged",
            whole=_stack(lambda ys, h_n: h_n.max(0).values),
            detail="It is the largest of them that is taken.",
        ),
        slip("sample-for-step", whole=_stack(lambda ys, h_n: ys[-1])),
        slip("sample-for-step", whole=_stack(lambda ys, h_n: h_n[:, -1])),
        slip(
            "sample-for-step",
            whole=_stack(lambda ys, h_n: h_n[:, 0]),
            detail="It is the first sample.",
        ),
        slip("first-step-taken", whole=_stack(lambda ys, h_n: ys[:, 0])),
        slip("averages-steps", whole=_stack(lambda ys, h_n: ys.mean(1))),
        slip(
            "state-view",
            "h_n is reshaped with view, so the states of samples and layers are mixed.",
            "h_n is (L, B, H), with the layers first: h_n[-1] is (B, H), and needs no view.",
            whole=_stack(lambda ys, h_n: h_n.reshape(h_n.shape[1], len(h_n), -1)[:, -1]),
        ),
        slip(
            "state-view",
            whole=_stack(lambda ys, h_n: h_n.reshape(h_n.shape[1], len(h_n), -1)[:, 0]),
        ),
        slip(
            "state-view",
            whole=_stack(lambda ys, h_n: h_n.reshape(h_n.shape[1], -1)[:, : h_n.shape[2]]),
        ),
        slip(
            "state-view",
            whole=_stack(lambda ys, h_n: h_n.reshape(h_n.shape[1], -1)[:, -h_n.shape[2] :]),
        ),
        slip("output-for-h-n", whole=_stack(lambda ys, h_n: ys)),
    ],
)

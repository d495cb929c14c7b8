"""What both directions have read."""

import torch
from torch import Tensor, nn

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.modules import layer_outputs
from gates.exercises.common.probing import made
from gates.exercises.common.slips import slip


def both_ends(ys: Tensor, h_n: Tensor) -> Tensor:
    """What a bidirectional network has read when each direction is at its end.

    ys: the output of a stack of L bidirectional layers, (T, B, 2H). h_n: its final states, (2L,
    B, H). Returns for each sample the top layer's final states, forward then backward, (B, 2H).
    """
    return torch.cat([h_n[-2], h_n[-1]], dim=-1)


def probes() -> Probes:
    sizes = [(2, 3, 5, 4), (5, 2, 3, 2), (3, 1, 4, 2)]
    return made(
        8,
        lambda: [layer_outputs(nn.GRU(3, H, L, bidirectional=True), T, B) for H, L, T, B in sizes],
    )


def _halves(ys: Tensor) -> tuple[Tensor, Tensor]:
    return ys.chunk(2, dim=-1)


def _sides(one: Tensor, other: Tensor) -> Tensor:
    return torch.cat([one, other], dim=-1)


EXERCISE = coding(
    both_ends,
    asks="what both directions have read",
    probes=probes,
    shapes="ys is (T, B, 2H), h_n is (2L, B, H).",
    slips=[
        slip("bi-last-output", whole=lambda ys, h_n: ys[-1]),
        slip("bi-first-output", whole=lambda ys, h_n: ys[0]),
        slip("bi-view", whole=lambda ys, h_n: h_n[-2:].reshape(h_n.shape[1], -1)),
        slip("bi-view", whole=lambda ys, h_n: h_n.reshape(h_n.shape[1], -1)),
        slip("bi-view", whole=lambda ys, h_n: h_n.reshape(len(h_n) // 2, h_n.shape[1], -1)[-1]),
        slip(
            "bi-view", whole=lambda ys, h_n: h_n.reshape(h_n.shape[1], -1)[:, -2 * h_n.shape[2] :]
        ),
        slip(
            "bi-direction-major",
            "h_n is read as if all forward states came first.",
            "Its order is layer 0 forward, layer 0 backward, layer 1 forward, and so on.",
            whole=lambda ys, h_n: _sides(h_n[len(h_n) // 2 - 1], h_n[-1]),
            seen=("OpenNMT/OpenNMT-py#61",),
        ),
        slip("bi-direction-major", whole=lambda ys, h_n: _sides(h_n[0], h_n[len(h_n) // 2])),
        slip("first-layer-state", whole=lambda ys, h_n: _sides(h_n[0], h_n[1])),
        slip("bi-one-direction", whole=lambda ys, h_n: h_n[-1]),
        slip("bi-one-direction", whole=lambda ys, h_n: h_n[-2]),
        slip("backward-first", whole=lambda ys, h_n: _sides(h_n[-1], h_n[-2])),
        slip("directions-added", whole=lambda ys, h_n: h_n[-1] + h_n[-2]),
        slip("directions-added", whole=lambda ys, h_n: (h_n[-1] + h_n[-2]) / 2),
        slip("sample-for-step", whole=lambda ys, h_n: ys[:, -1]),
        slip(
            "first-step-taken",
            whole=lambda ys, h_n: _sides(_halves(ys[0])[0], _halves(ys[-1])[1]),
            detail="For each direction the wrong end is taken.",
        ),
    ],
)

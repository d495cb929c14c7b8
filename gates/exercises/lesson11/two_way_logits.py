"""A reading of both directions."""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.probing import made, rough
from gates.exercises.common.seen import error
from gates.exercises.common.slips import slip


def two_way_logits(layer: nn.LSTM, head: nn.Linear, xs: Tensor) -> Tensor:
    """What a classifier says of each sample when both directions have read all of it.

    layer: an nn.LSTM of one layer with bidirectional=True and batch_first=True. head: from the
    2H numbers of both directions, the forward ones first, to C logits. xs: (B, T, I), all steps
    real. Returns (B, C).
    """
    _, (h_n, _) = layer(xs)
    return head(torch.cat([h_n[0], h_n[1]], dim=-1))


def probes() -> Probes:
    def make() -> Probes:
        found = []
        for I, H, C, T, B in ((3, 4, 2, 6, 5), (2, 3, 4, 5, 3)):
            layer = rough(nn.LSTM(I, H, batch_first=True, bidirectional=True).double())
            xs = torch.randn(B, T, I, dtype=torch.float64)
            found.append((layer, nn.Linear(2 * H, C).double(), xs))
        return found

    return made(87, make)


def _two(pick: Callable) -> Callable:
    """A classifier that reads what `pick` takes from the outputs, (B, T, 2H), h_n and c_n, (2, B, H)."""

    def logits(layer: nn.LSTM, head: nn.Linear, xs: Tensor) -> Tensor:
        ys, (h_n, c_n) = layer(xs)
        return head(pick(ys, h_n, c_n))

    return logits


def _halves(ys: Tensor) -> tuple[Tensor, Tensor]:
    return ys.chunk(2, dim=-1)


EXERCISE = coding(
    two_way_logits,
    asks="a reading of both directions",
    probes=probes,
    outputs=("the logits",),
    errors=(
        error(
            r"shapes cannot be multiplied",
            "two-way-summary-size",
            "The head is given another number of entries than it takes, 2H for each sample.",
            "Join the two final states along the last dimension: torch.cat([h_n[0], h_n[1]], dim=-1).",
        ),
    ),
    shapes="xs is (B, T, I), the output (B, T, 2H), h_n and c_n are (2, B, H).",
    slips=[
        slip("bi-last-output", whole=_two(lambda ys, h_n, c_n: ys[:, -1])),
        slip("bi-first-output", whole=_two(lambda ys, h_n, c_n: ys[:, 0])),
        slip("bi-view", whole=_two(lambda ys, h_n, c_n: h_n.reshape(h_n.shape[1], -1))),
        slip("bi-view", whole=_two(lambda ys, h_n, c_n: h_n.reshape(-1, 2 * h_n.shape[2]))),
        slip("backward-first", whole=_two(lambda ys, h_n, c_n: torch.cat([h_n[1], h_n[0]], -1))),
        slip("bi-one-direction", whole=_two(lambda ys, h_n, c_n: h_n[0].repeat(1, 2))),
        slip("bi-one-direction", whole=_two(lambda ys, h_n, c_n: h_n[-1].repeat(1, 2))),
        slip(
            "bi-one-direction", whole=_two(lambda ys, h_n, c_n: torch.cat([h_n[0], 0 * h_n[1]], -1))
        ),
        slip(
            "bi-one-direction", whole=_two(lambda ys, h_n, c_n: torch.cat([0 * h_n[0], h_n[1]], -1))
        ),
        slip("averages-steps", whole=_two(lambda ys, h_n, c_n: ys.mean(1))),
        slip(
            "c-for-h",
            "The cell state is read where the hidden state was asked for.",
            "nn.LSTM gives (h_n, c_n): the first of the two is what it shows.",
            whole=_two(lambda ys, h_n, c_n: torch.cat([c_n[0], c_n[1]], -1)),
        ),
        slip("sample-for-step", whole=_two(lambda ys, h_n, c_n: ys[-1])),
        slip(
            "sample-for-step",
            whole=_two(lambda ys, h_n, c_n: torch.cat([_halves(ys[-1])[0], _halves(ys[0])[1]], -1)),
        ),
        slip("first-step-taken", whole=lambda layer, head, xs: head(layer(xs[:, :1])[0][:, 0])),
        slip(
            "first-step-taken",
            whole=_two(
                lambda ys, h_n, c_n: torch.cat([_halves(ys[:, 0])[0], _halves(ys[:, -1])[1]], -1)
            ),
            detail="For each direction the wrong end is taken.",
        ),
    ],
)

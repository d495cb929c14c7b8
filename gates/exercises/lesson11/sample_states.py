"""A batch with its samples first, read rightly."""

import torch
from torch import Tensor, nn

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.probing import made, rough
from gates.exercises.common.slips import slip


def sample_states(layer: nn.GRU, xs: Tensor) -> Tensor:
    """The state of each sample after its last step, from a layer that wants the steps first.

    layer: an nn.GRU of one layer, made without batch_first. xs: with the samples first,
    (B, T, I). Returns (B, H).
    """
    _, h_n = layer(xs.transpose(0, 1))
    return h_n[-1]


def probes() -> Probes:
    def make() -> Probes:
        return [
            (rough(nn.GRU(I, H).double()), torch.randn(B, T, I, dtype=torch.float64))
            for I, H, B, T in ((3, 4, 5, 7), (2, 3, 6, 4))
        ]

    return made(89, make)


def _square_batches() -> Probes:
    """As many samples as steps, so that nothing complains."""

    def make() -> Probes:
        return [(rough(nn.GRU(3, 4).double()), torch.randn(5, 5, 3, dtype=torch.float64))]

    return made(90, make)


EXERCISE = coding(
    sample_states,
    asks="a batch with its samples first, read rightly",
    probes=probes,
    square=_square_batches,
    outputs=("the states",),
    shapes="xs is (B, T, I), the layer wants (T, B, I), and (B, H) comes back.",
    slips=[
        slip(
            "samples-fed-as-steps",
            "The layer takes samples for steps: it was made without batch_first, and the batch has its samples first.",
            "Let the two dimensions change places before the layer reads: xs.transpose(0, 1). The layer stays as it was made.",
            whole=lambda layer, xs: layer(xs)[1][-1],
        ),
        slip("samples-fed-as-steps", whole=lambda layer, xs: layer(xs)[0][-1]),
        slip("samples-fed-as-steps", whole=lambda layer, xs: layer(xs)[0][:, -1]),
        slip("samples-fed-as-steps", whole=lambda layer, xs: layer(xs)[0][0]),
        slip(
            "samples-fed-as-steps",
            whole=lambda layer, xs: layer(xs)[0].mean(1),
            detail="And the steps are averaged.",
        ),
        slip(
            "samples-fed-as-steps",
            whole=lambda layer, xs: layer(xs)[0].transpose(0, 1)[-1],
            detail="The output is turned, after the layer has read samples as steps.",
        ),
        slip(
            "samples-fed-as-steps",
            whole=lambda layer, xs: layer(xs)[0].transpose(0, 1)[:, -1],
            detail="The output is turned, after the layer has read samples as steps.",
        ),
        slip(
            "view-for-transpose",
            whole=lambda layer, xs: layer(xs.reshape(xs.shape[1], xs.shape[0], -1))[1][-1],
        ),
        slip(
            "view-for-transpose",
            whole=lambda layer, xs: layer(xs.transpose(0, 1))[0].reshape(*xs.shape[:2], -1)[:, -1],
        ),
        slip("sample-for-step", whole=lambda layer, xs: layer(xs.transpose(0, 1))[0][:, -1]),
        slip("first-step-taken", whole=lambda layer, xs: layer(xs.transpose(0, 1))[0][0]),
        slip("averages-steps", whole=lambda layer, xs: layer(xs.transpose(0, 1))[0].mean(0)),
        slip("time-reversed", whole=lambda layer, xs: layer(xs.transpose(0, 1).flip(0))[1][-1]),
        slip(
            "last-step-read-alone",
            "Only the last step is read, without those before it.",
            "Hand the whole sequence to the layer; the state after it is what was asked for.",
            whole=lambda layer, xs: layer(xs[:, -1][None])[1][-1],
        ),
        slip("last-step-read-alone", whole=lambda layer, xs: layer(xs.transpose(0, 1)[-1:])[0][-1]),
    ],
)

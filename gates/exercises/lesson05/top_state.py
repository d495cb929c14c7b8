"""What a stack has read."""

from torch import Tensor, nn

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.modules import layer_outputs
from gates.exercises.common.probing import made
from gates.exercises.common.slips import slip


def top_state(ys: Tensor, h_n: Tensor) -> Tensor:
    """The hidden state of the top layer after the last step.

    ys: what a layer of torch.nn returns as output, (T, B, H). h_n: its final states, (L, B, H).
    Returns (B, H).
    """
    return h_n[-1]


def probes() -> Probes:
    return made(
        7,
        lambda: [
            layer_outputs(nn.GRU(3, H, L), T, B) for H, L, T, B in [(2, 3, 5, 4), (5, 2, 3, 2)]
        ],
    )


EXERCISE = coding(
    top_state,
    asks="what a stack has read",
    probes=probes,
    shapes="ys is (T, B, H), h_n is (L, B, H).",
    slips=[
        slip("first-layer-state", whole=lambda ys, h_n: h_n[0]),
        slip("output-for-h-n", whole=lambda ys, h_n: ys),
        slip("sample-for-step", whole=lambda ys, h_n: ys[:, -1]),
        slip("sample-for-step", whole=lambda ys, h_n: h_n[:, -1]),
        slip("first-step-taken", whole=lambda ys, h_n: ys[0]),
        slip("averages-steps", whole=lambda ys, h_n: ys.mean(0)),
    ],
)

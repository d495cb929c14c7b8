"""Time before batch."""

from torch import Tensor

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.probing import random_numbers
from gates.exercises.common.slips import slip


def time_first(xs: Tensor) -> Tensor:
    """A batch with its samples first, turned so that time comes first.

    xs: (B, T, I). Returns (T, B, I).
    """
    return xs.transpose(0, 1)


def probes() -> Probes:
    randn = random_numbers(54)
    return [(randn(3, 5, 2),), (randn(4, 2, 3),)]


EXERCISE = coding(
    time_first,
    asks="time before batch",
    probes=probes,
    gradients=True,
    shapes="xs is (B, T, I).",
    slips=[
        slip(
            "view-for-transpose", whole=lambda xs: xs.reshape(xs.shape[1], xs.shape[0], xs.shape[2])
        ),
        slip(
            "all-dimensions-turned",
            "The order of all dimensions is reversed.",
            "Only time and batch change places: transpose(0, 1).",
            whole=lambda xs: xs.permute(2, 1, 0),
        ),
    ],
)

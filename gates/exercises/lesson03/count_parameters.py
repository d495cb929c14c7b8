"""The number of parameters."""

from collections.abc import Callable

from gates.exercises.common.coding import coding
from gates.exercises.common.counting import OF_ONE_LAYER


def count_parameters(I: int, H: int) -> int:
    """How many numbers `nn.LSTM(I, H)` learns.

    I: input size. H: hidden size. Returns a whole number.
    """
    return 4 * (H * I + H * H + 2 * H)


def variant(blocks=4, biases=2, steps=1) -> Callable:
    """How many numbers one LSTM layer learns."""
    return lambda I, H: blocks * (H * I + H * H + biases * H) * steps


EXERCISE = coding(
    count_parameters,
    asks="the number of parameters",
    probes=lambda: [(3, 5), (8, 32)],
    outputs=("the count",),
    variant=variant,
    slips=OF_ONE_LAYER,
)

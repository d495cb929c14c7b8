"""The number of parameters of a stack."""

from collections.abc import Callable

from gates.exercises.common.coding import coding
from gates.exercises.common.counting import OF_ONE_LAYER
from gates.exercises.common.slips import slip


def count_layers(I: int, H: int, L: int, D: int) -> int:
    """How many numbers a stack of L LSTM layers learns.

    I: input size. H: hidden size. D: directions, 1 or 2. As `nn.LSTM(I, H, num_layers=L,
    bidirectional=D == 2)`.
    """
    total = 0
    for layer in range(L):
        size = I if layer == 0 else D * H
        total += D * 4 * (H * size + H * H + 2 * H)
    return total


def variant(
    blocks=4, biases=2, upper=lambda I, H, D: D * H, directions=lambda D: D, layers=lambda L: L
) -> Callable:
    """How many numbers a stack of LSTM layers learns, with the parts of the count exchangeable."""

    def count(I: int, H: int, L: int, D: int) -> int:
        sizes = [I] + [upper(I, H, D)] * (layers(L) - 1)
        return directions(D) * sum(blocks * (H * size + H * H + biases * H) for size in sizes)

    return count


EXERCISE = coding(
    count_layers,
    asks="the number of parameters of a stack",
    probes=lambda: [(3, 5, 3, 2), (7, 2, 2, 1), (4, 6, 1, 2)],
    outputs=("the count",),
    variant=variant,
    slips=[
        *OF_ONE_LAYER,
        slip(
            "counts-layers-alike",
            "Every layer is counted as if it read the input.",
            "From the second layer on, a layer reads the H numbers of each direction of the one below.",
            upper=lambda I, H, D: I,
        ),
        slip(
            "counts-layer-two-too-small",
            "The upper layers are counted as if they read H numbers, though both directions hand theirs up.",
            "With two directions, the second layer reads 2H numbers.",
            upper=lambda I, H, D: H,
        ),
        slip("counts-one-direction", directions=lambda D: 1),
        slip("counts-one-direction", directions=lambda D: 1, upper=lambda I, H, D: H),
        slip(
            "counts-one-layer",
            "Only one layer is counted.",
            "Each of the L layers has weights of its own.",
            layers=lambda L: 1,
        ),
    ],
)

"""A state to start from."""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.mistake import Mistake
from gates.exercises.common.probing import fresh, made
from gates.exercises.common.seen import Seen
from gates.exercises.common.slips import slip


def initial_state(layer: nn.LSTM, x: Tensor) -> tuple[Tensor, Tensor]:
    """The state from which a layer starts if it is given none.

    layer: any nn.LSTM without proj_size; it may be stacked, bidirectional, or have batch_first.
    x: a batch that it is to read. Returns the pair (h_0, c_0) in the shape that
    layer(x, (h_0, c_0)) expects, of x's type and on x's device.
    """
    B = x.shape[0] if layer.batch_first else x.shape[1]
    directions = 2 if layer.bidirectional else 1
    zeros = x.new_zeros(layer.num_layers * directions, B, layer.hidden_size)
    return zeros, zeros.clone()


def probes() -> Probes:
    def make() -> Probes:
        found = []
        for options, (T, B, I, H) in [
            ({"num_layers": 3, "bidirectional": True}, (5, 4, 3, 2)),
            ({"num_layers": 3, "batch_first": True}, (3, 5, 2, 4)),
            ({"num_layers": 2, "batch_first": True, "bidirectional": True}, (4, 2, 3, 5)),
        ]:
            size = (B, T, I) if options.get("batch_first") else (T, B, I)
            found.append(
                (nn.LSTM(I, H, **options).double(), torch.randn(*size, dtype=torch.float64))
            )
        return found

    return made(9, make)


def _zeros(size: Callable) -> Callable:
    """A pair of zeros whose size is made from L layers, D directions and the first two sizes of the input."""

    def state(layer: nn.LSTM, x: Tensor) -> tuple[Tensor, Tensor]:
        L, D, H = layer.num_layers, 2 if layer.bidirectional else 1, layer.hidden_size
        B, T = x.shape[:2] if layer.batch_first else x.shape[1::-1]
        zeros = x.new_zeros(*size(L, D, B, T, H, layer.batch_first))
        return zeros, zeros

    return state


def _random_state(seen: Seen) -> str | None:
    again = seen.run(fresh(seen.probes[0]), seed=1)
    moves = not seen.agree(seen.results[0], again)
    return "state-random" if moves and seen.fits(seen.results[0], seen.expected[0]) else None


EXERCISE = coding(
    initial_state,
    asks="a state to start from",
    probes=probes,
    outputs=("h_0", "c_0"),
    signature=_random_state,
    slips=[
        slip(
            "state-batch-first",
            "The state is made with the batch in front.",
            "batch_first changes input and output only; a state is always (layers · directions, B, H).",
            whole=_zeros(lambda L, D, B, T, H, first: (B, L * D, H)),
            seen=("pytorch/pytorch#4145", "pytorch/pytorch#19675"),
        ),
        slip(
            "state-batch-first",
            whole=_zeros(lambda L, D, B, T, H, first: (B, L * D, H) if first else (L * D, B, H)),
        ),
        slip(
            "state-without-layers",
            "The state is made for a single layer.",
            "Every layer and direction has a state: (layers · directions, B, H).",
            whole=_zeros(lambda L, D, B, T, H, first: (D, B, H)),
        ),
        slip("state-without-layers", whole=_zeros(lambda L, D, B, T, H, first: (B, H))),
        slip("state-without-layers", whole=_zeros(lambda L, D, B, T, H, first: (1, B, H))),
        slip(
            "state-without-directions",
            "The state is made for one direction only.",
            "Every layer and direction has a state: (layers · directions, B, H).",
            whole=_zeros(lambda L, D, B, T, H, first: (L, B, H)),
        ),
        slip(
            "state-sized-by-time",
            "The number of steps is taken for the number of samples.",
            "With batch_first the batch is x.shape[0], without it x.shape[1].",
            whole=_zeros(lambda L, D, B, T, H, first: (L * D, T, H)),
        ),
        slip(
            "state-sized-by-time",
            whole=_zeros(lambda L, D, B, T, H, first: (L * D, B if first else T, H)),
        ),
        slip(
            "state-sized-by-time",
            whole=_zeros(lambda L, D, B, T, H, first: (L * D, T if first else B, H)),
        ),
    ],
    mistakes=(
        Mistake(
            "state-random",
            "The state is random, so the same input gives another result every time.",
            "A layer that is given no state starts from zeros.",
        ),
    ),
)

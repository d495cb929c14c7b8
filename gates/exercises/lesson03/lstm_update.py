"""From the gates to h and c."""

import numpy as np
import torch
from numpy import ndarray as Array
from torch import Tensor

from gates.backward import sigmoid
from gates.exercises.common.coding import coding
from gates.exercises.common.plan import Plan
from gates.exercises.common.slips import same, slip
from gates.exercises.common.squashing import of_tanh
from gates.exercises.common.step_parts import array
from gates.exercises.common.stepping import update
from gates.exercises.common.updating import PARTS, SLIPS, pair


def lstm_update(i: Tensor, f: Tensor, g: Tensor, o: Tensor, c: Tensor) -> tuple[Tensor, Tensor]:
    """The new memory, and what is shown of it.

    i, f, g, o: input gate, forget gate, candidate and output gate, as fractions and values
    already squashed, each (B, H). c: the old cell state, (B, H).
    Returns the new pair (h, c), each (B, H).
    """
    c = f * c + i * g
    h = o * torch.tanh(c)
    return h, c


def _handed(*gates_and_memory: Tensor) -> dict[str, Array]:
    return dict(zip("ifgoc", map(array, gates_and_memory), strict=True))


variant = Plan(_handed, PARTS, ("h_new", "c_kept"), pair)


_AGAIN = {
    "keep": sigmoid,
    "written": lambda f, i, g: sigmoid(i) * g,
    "readout": lambda o, squashed: sigmoid(o) * squashed,
}


EXERCISE = coding(
    lstm_update,
    asks="from the gates to h and c",
    probes=update,
    outputs=("h", "c"),
    variant=variant,
    gradients=True,
    shapes="All five tensors are (B, H).",
    slips=[
        *SLIPS,
        *[
            slip(
                "lstm-squashed-again",
                memory=lambda f, i, c: sigmoid(f) * c,
                written=lambda f, i, g, squash=squash: sigmoid(i) * squash(g),
                readout=lambda o, squashed: sigmoid(o) * squashed,
            )
            for squash in (np.tanh, same)
        ],
        *[
            slip("lstm-squashed-again", **{k: _AGAIN[k] for k in parts}, detail=f"It is {name}.")
            for parts, name in (
                (("keep",), "f"),
                (("written",), "i"),
                (("readout",), "o"),
                (("keep", "written"), "f and i"),
                (("keep", "readout"), "f and o"),
                (("written", "readout"), "i and o"),
            )
        ],
        slip("candidate-squashed-again", written=lambda f, i, g: i * np.tanh(g)),
        *of_tanh("squash_c", "It is the memory on its way to h."),
    ],
)

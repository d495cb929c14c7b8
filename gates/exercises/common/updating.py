"""From the gates of an LSTM to the new h and c, for the step and for the update alone."""

import numpy as np
import torch
from numpy import ndarray as Array
from torch import Tensor

from gates.exercises.common.plan import Part
from gates.exercises.common.slips import same, slip
from gates.exercises.common.squashing import tanh_twice
from gates.exercises.common.step_parts import both, first, second


def _memory(i, f, g, c, keep, memory, written, tie) -> Array:
    i, f = tie(i, f)
    return memory(keep(f), i, c) + written(f, i, g)


# From the gates to the new h and c, for the step and for the update alone.
PARTS = [
    Part(
        "c_new",
        ("i", "f", "g", "c"),
        _memory,
        {
            "keep": same,
            "memory": lambda f, i, c: f * c,
            "written": lambda f, i, g: i * g,
            "tie": both,
        },
    ),
    Part("c_kept", ("c_new", "c"), lambda new, old, store: store(new, old), {"store": first}),
    Part(
        "h_new",
        ("o", "c_new", "c"),
        lambda o, new, old, squash_c, readout, shown: readout(o, squash_c(shown(new, old))),
        {"squash_c": np.tanh, "readout": lambda o, squashed: o * squashed, "shown": first},
    ),
]


def pair(h: Array, c: Array) -> tuple[Tensor, Tensor]:
    return torch.from_numpy(h), torch.from_numpy(c)


def _swapped(h: Array, c: Array) -> tuple[Tensor, Tensor]:
    return pair(c, h)


_COUPLED = [
    slip("memory-keeps-what-is-not-written", tie=lambda i, f: (i, 1 - i)),
    slip("writes-what-is-not-kept", tie=lambda i, f: (1 - f, f)),
]


SLIPS = [
    slip("lstm-no-output-tanh", squash_c=same),
    slip("lstm-stores-tanh-c", store=lambda new, old: np.tanh(new)),
    slip("lstm-stores-tanh-c", store=lambda new, old: np.tanh(new), squash_c=tanh_twice),
    slip("lstm-tanh-twice", squash_c=tanh_twice),
    slip("lstm-old-c-in-h", shown=second),
    slip("f-means-forget", keep=lambda f: 1 - f),
    slip("lstm-gates-swapped", memory=lambda f, i, c: i * c, written=lambda f, i, g: f * g),
    slip("lstm-forget-gates-candidate", written=lambda f, i, g: f * g),
    slip("lstm-input-gates-memory", memory=lambda f, i, c: i * c),
    slip("lstm-adds-candidate", written=lambda f, i, g: i + g),
    slip("lstm-candidate-ungated", written=lambda f, i, g: g),
    slip("lstm-memory-ungated", memory=lambda f, i, c: c),
    slip("lstm-memory-dropped", memory=lambda f, i, c: np.zeros_like(c)),
    slip("lstm-output-ungated", readout=lambda o, squashed: squashed),
    slip(
        "gate-adds",
        readout=lambda o, squashed: o + squashed,
        detail="It is the output gate that is added.",
    ),
    slip("gate-adds", memory=lambda f, i, c: f + c, detail="It is the forget gate that is added."),
    slip("lstm-forget-gates-all", written=lambda f, i, g: f * i * g),
    slip("lstm-tanh-outside", squash_c=same, readout=lambda o, c: np.tanh(o * c)),
    slip("returns-c-then-h", returns=_swapped),
    slip("lstm-returns-old-c", store=second),
    *_COUPLED,
]

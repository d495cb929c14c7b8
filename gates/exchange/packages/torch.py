"""torch.nn's layers, and those of `gates.layers`, one layer deep."""

import numpy as np
import torch
from numpy import ndarray as Array
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from gates.exchange.packages import Arrays
from gates.exchange.reading import Reading
from gates.exchange.rows import ROWS, Row

NAMES = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")


def made(row: Row, I: int, H: int, both: bool = False) -> nn.RNNBase:
    """A layer with torch's initial values, in one direction or in both."""
    kind, *relu = row.layer.split()
    options = {"nonlinearity": "relu"} if relu else {}
    return getattr(nn, kind)(I, H, bidirectional=both, **options)


def row_of(layer: nn.RNNBase) -> Row | None:
    """The row of a layer; None for one with a projection."""
    if not isinstance(layer, nn.RNNBase) or layer.proj_size:
        return None
    relu = " relu" if layer.mode == "RNN_RELU" else ""
    return ROWS.get(f"torch {layer.mode.split('_')[0]}{relu}")


def arrays(layer: nn.RNNBase, depth: int = 0) -> list[dict[str, Array]]:
    """torch's arrays of one layer of a stack, for each direction."""
    names = [name for name in NAMES if layer.bias or "bias" not in name]
    return [
        {name: getattr(layer, f"{name}_l{depth}{end}").detach().numpy().copy() for name in names}
        for end in ("", "_reverse")[: 1 + layer.bidirectional]
    ]


def put(layer: nn.RNNBase, new: Arrays, depth: int = 0) -> nn.RNNBase:
    """Copy arrays into one layer of a stack, for each direction; the layer is changed, and comes back."""
    with torch.no_grad():
        for end, of_direction in zip(("", "_reverse"), new, strict=False):
            for name, array in of_direction.items():
                parameter = getattr(layer, f"{name}_l{depth}{end}", None)
                if parameter is None and not np.any(array):
                    continue  # a layer without bias
                parameter.copy_(torch.from_numpy(np.ascontiguousarray(array)))
    return layer


def read(
    layer: nn.RNNBase,
    xs: Array,
    lengths: Array | None = None,
    start: tuple[Array, ...] | None = None,
) -> Reading:
    """What the layer makes of a batch, packed if lengths are given."""
    batch = torch.from_numpy(xs)
    if lengths is not None:
        batch = pack_padded_sequence(batch, torch.as_tensor(lengths), enforce_sorted=False)
    hx = None if start is None else tuple(torch.from_numpy(part) for part in start)
    hx = hx[0] if hx and layer.mode != "LSTM" else hx
    with torch.no_grad():
        ys, state = layer(batch, hx)
    if lengths is not None:
        ys, _ = pad_packed_sequence(ys, total_length=len(xs))
    state = state if isinstance(state, tuple) else (state,)
    return Reading(ys.numpy(), tuple(part.numpy() for part in state))

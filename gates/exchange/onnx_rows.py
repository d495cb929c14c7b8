"""The arrays of ONNX's recurrent nodes, made of torch's and back.

ONNX keeps a layer in both directions together: W (D, G·H, I), R (D, G·H, H) and B (D, 2·G·H), the input's bias before the
state's. Its blocks stand in another order: i, o, f, g for the LSTM, whose g it calls c; z, r, n for the GRU, whose n it
calls h. Nothing is added or multiplied on the way, so a round trip changes no bit.
"""

from collections.abc import Sequence

import numpy as np
from torch import Tensor, nn

from gates.exchange.rows import GATES, ROWS

# Where each of ONNX's blocks stands among torch's
BLOCKS = {
    row.layer.split()[0]: tuple(GATES[row.cell].index(gate) for gate in row.order)
    for row in ROWS.values()
    if row.package == "onnxruntime"
}


class OnnxFileError(ValueError):
    """A layer that no file can hold, or a file that no layer can be read from; a notebook shows the sentence alone."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


def kind_of(layer: nn.RNNBase) -> str:
    """LSTM, GRU or RNN, for torch's layers, ours, and classes made from them."""
    return next(kind for kind in BLOCKS if isinstance(layer, getattr(nn, kind)))


def packages() -> tuple:
    """The modules onnx and onnxruntime; ImportError with a sentence where one is missing."""
    try:
        import onnx
        import onnxruntime
    except ImportError as reason:
        raise ImportError(
            f"The package {reason.name} is missing: `python course.py frameworks` installs it, with all frameworks."
        ) from reason
    return onnx, onnxruntime


def to_onnx(kind: str, weight: Tensor) -> np.ndarray:
    """The blocks of one weight or bias, (G·H, …), in ONNX's order."""
    blocks = weight.detach().cpu().numpy().reshape(len(BLOCKS[kind]), -1, *weight.shape[1:])
    return blocks[list(BLOCKS[kind])].reshape(weight.shape)


def from_onnx(kind: str, weight: np.ndarray) -> np.ndarray:
    """The blocks of one weight or bias, (G·H, …), in torch's order."""
    blocks = weight.reshape(len(BLOCKS[kind]), -1, *weight.shape[1:])
    return blocks[np.argsort(BLOCKS[kind])].reshape(weight.shape)


def node_arrays(kind: str, directions: Sequence[Sequence[Tensor]]) -> dict[str, np.ndarray]:
    """W, R and, for a layer with biases, B.

    directions: for each, weight_ih and weight_hh, and bias_ih and bias_hh where the layer has them.
    """
    W, R, *biases = (
        np.stack([to_onnx(kind, weight) for weight in of_both])
        for of_both in zip(*directions, strict=True)
    )
    return {"W": W, "R": R} | ({"B": np.concatenate(biases, axis=1)} if biases else {})


def torch_arrays(
    kind: str, W: np.ndarray, R: np.ndarray, B: np.ndarray | None
) -> list[list[np.ndarray]]:
    """The way back: for each direction weight_ih and weight_hh, and bias_ih and bias_hh where B is not None."""
    return [
        [
            from_onnx(kind, weight)
            for weight in (W[d], R[d], *(np.split(B[d], 2) if B is not None else ()))
        ]
        for d in range(len(W))
    ]

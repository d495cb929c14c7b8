"""The network that lessons train: one recurrent layer, the ways to start it, and a linear head at every step."""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from gates import cells, layers
from gates.cells import Weights

CELLS = ("rnn", "lstm", "gru")
Network = Callable[[int, int], nn.Module]  # a network of one's own, made from I and O
_LAYERS = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": layers.GRU}
_STEPS = {"rnn": cells.rnn_cell, "lstm": cells.lstm_cell, "gru": cells.gru_cell}
_KEEPS = {"lstm": 1, "gru": 1}  # the block of rows of the gate that keeps: f, and z


def in_windows(layer: nn.Module, xs: Tensor, window: int) -> Tensor:
    """The outputs of an LSTM that reads a sequence in windows, with the graph cut between them.

    layer: an nn.LSTM of one layer. xs: (T, B, I). window: how many steps, at least 1; the first
    window begins at the first step, and the last may be shorter.
    The state is carried from window to window, and no gradient flows back across a cut.
    Returns the outputs of all steps, (T, B, H).
    """
    ys, state = [], None
    for part in xs.split(window):
        y, (h, c) = layer(part, state)
        ys.append(y)
        state = h.detach(), c.detach()
    return torch.cat(ys)


class Reader(nn.Module):
    """A recurrent layer and a linear head: from xs, (T, B, I), to outputs, (T, B, O).

    cell: "rnn", "lstm" or "gru". keep_bias: the bias that the gate that keeps, f in an LSTM and z in a GRU, starts
    from; None leaves it as PyTorch draws it. chrono: a number of steps T; the biases are then drawn so that memories
    last from 1 to T steps. Source of chrono: Tallec and Ollivier (2018), Can Recurrent Neural Networks Warp Time?
    window: for an LSTM, gradients go back no further than to the start of a window of so many steps; None, through all.
    step: a step of one's own that takes the same weights, in place of the cell's.
    An unknown cell, and a window for what is no LSTM with its own step, raise ValueError.
    """

    def __init__(
        self,
        cell: str,
        I: int,
        H: int,
        O: int,
        keep_bias: float | None = None,
        chrono: int | None = None,
        window: int | None = None,
        step: Callable | None = None,
    ) -> None:
        super().__init__()
        if cell not in CELLS:
            raise ValueError(f"There is no cell {cell!r}: choose one of {', '.join(CELLS)}.")
        if window is not None and (cell != "lstm" or step is not None):
            raise ValueError("Only an LSTM is read in windows, and with its own step.")
        self.cell, self.layer, self.head = cell, _LAYERS[cell](I, H), nn.Linear(H, O)
        self.window, self._step = window, step
        with torch.no_grad():
            if keep_bias is not None and cell in _KEEPS:
                self._start_gate(_KEEPS[cell], torch.full((H,), float(keep_bias)))
            if chrono is not None and cell in _KEEPS:
                lasting = torch.log(1 + (chrono - 2) * torch.rand(H))
                self._start_gate(_KEEPS[cell], lasting)
                if cell == "lstm":
                    self._start_gate(0, -lasting)

    def _start_gate(self, block: int, value: Tensor) -> None:
        rows = slice(block * len(value), (block + 1) * len(value))
        self.layer.bias_ih_l0[rows] = value
        self.layer.bias_hh_l0[rows] = 0

    @property
    def weights(self) -> Weights:
        """The layer's weights, as the cells take them."""
        layer = self.layer
        return Weights(layer.weight_ih_l0, layer.weight_hh_l0, layer.bias_ih_l0, layer.bias_hh_l0)

    @property
    def step(self) -> Callable:
        """The layer's step, as `gates.cells` has it; or the one of one's own."""
        return self._step or _STEPS[self.cell]

    def forward(self, xs: Tensor) -> Tensor:
        if self._step:
            h = xs.new_zeros(xs.shape[1], self.layer.hidden_size)
            state = (h, h) if self.cell == "lstm" else h
            return self.head(cells.unroll(self._step, xs, state, self.weights)[0])
        ys = in_windows(self.layer, xs, self.window) if self.window else self.layer(xs)[0]
        return self.head(ys)

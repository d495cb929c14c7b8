"""The network that forecasts: quantiles of each of the next h values, after every value it reads."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from gates import layers
from gates.series.kind import QUANTILES

LAYERS = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": layers.GRU}


class Forecaster(nn.Module):
    """A recurrent layer and a head: from inputs (T, B, I) to quantiles of the next h values, (T, B, h, Q), as `scaling` scales them.

    I: columns of the series. H: the hidden size. h: how far ahead. cell: "rnn", "lstm" or "gru". Q, the number of
    QUANTILES, rise from each to the next by what softplus leaves above 0, so that no two of them cross.
    """

    def __init__(self, I: int, H: int, h: int, cell: str = "lstm") -> None:
        super().__init__()
        if cell not in LAYERS:
            raise ValueError(f"There is no cell {cell!r}: choose one of {', '.join(LAYERS)}.")
        self.settings = {"I": I, "H": H, "h": h, "cell": cell}
        self.layer = LAYERS[cell](I, H)
        self.head = nn.Linear(H, h * len(QUANTILES))
        with (
            torch.no_grad()
        ):  # it starts as the base forecast, that the scaling is, and intervals around it
            self.head.weight.mul_(0.1)

    @property
    def dtype(self) -> torch.dtype:
        """That of its weights, which its inputs must have, too."""
        return self.head.weight.dtype

    def read(self, xs: Tensor, state: object = None) -> tuple[Tensor, object]:
        """The quantiles at every step, and the state after the last. state: what came back before; None for zeros."""
        ys, state = self.layer(xs, state)
        raw = self.head(ys).unflatten(-1, (-1, len(QUANTILES)))
        middle = QUANTILES.index(0.5)
        up = F.softplus(raw[..., middle + 1 :]).cumsum(-1)
        down = F.softplus(raw[..., :middle]).flip(-1).cumsum(-1).flip(-1)
        center = raw[..., middle : middle + 1]
        return torch.cat([center - down, center, center + up], -1), state

    def forward(self, xs: Tensor) -> Tensor:
        """The quantiles at every step, (T, B, h, Q)."""
        return self.read(xs)[0]

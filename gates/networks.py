"""Networks of one's own for `gates.training`: stacks of LSTMs with the usual remedies against overfitting in their places.

Every remedy acts in training mode only. After `eval()` all these networks compute the same function of their weights.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from gates.cells import Weights, lstm_cell


def locked_dropout(xs: Tensor, p: float) -> Tensor:
    """Dropout with one mask for all steps: what a sample loses at one step, it loses at all.

    xs: (T, B, N). p: the share that is dropped, from 0 to below 1.
    A mask is drawn for every sample and each of its N numbers; what is kept is divided by 1 - p.
    Returns (T, B, N).
    """
    mask = (torch.rand(xs.shape[1:]) >= p).to(xs.dtype)
    return xs * mask / (1 - p)


def parameters(cell: str, I: int, H: int, O: int) -> int:
    """How many parameters a recurrent layer with a linear head has.

    cell: "rnn", "lstm" or "gru", with 1, 4 and 3 blocks of H rows. I, H, O: the sizes. The layer has two biases a row, as in
    torch.nn, and the head has O rows.
    """
    blocks = {"rnn": 1, "lstm": 4, "gru": 3}[cell]
    return blocks * H * (I + H + 2) + O * (H + 1)


def equal_width(I: int, H: int, O: int) -> int:
    """The width at which a GRU has as nearly as possible the number of parameters of an LSTM.

    I: input size. H: the LSTM's width. O: outputs of the heads, whose parameters count, too.
    Returns a whole number, at least 1; of two widths that are equally near, the smaller.
    """
    wanted = parameters("lstm", I, H, O)
    return min(range(1, 2 * H + 1), key=lambda width: abs(parameters("gru", I, width, O) - wanted))


class Stack(nn.Module):
    """L layers of LSTM and a linear head: from xs, (T, B, I), to outputs, (T, B, O).

    noise: the deviation of normal noise that is added to every input. at_input, between, at_output: shares that are
    dropped out of the inputs, between two layers, and before the head, anew at every step; between is what
    nn.LSTM(dropout=…) does, so with one layer it does nothing. locked: the share dropped out of the inputs of each
    layer, of its h and before the head, the same units at all steps of a sample. Each share is from 0 to below 1.
    Sources: Zaremba, Sutskever and Vinyals (2014), Recurrent Neural Network Regularization; for locked, Gal and
    Ghahramani (2016), A Theoretically Grounded Application of Dropout in Recurrent Neural Networks.
    """

    def __init__(
        self,
        I: int,
        H: int,
        O: int,
        L: int = 1,
        *,
        noise: float = 0.0,
        at_input: float = 0.0,
        between: float = 0.0,
        at_output: float = 0.0,
        locked: float = 0.0,
    ) -> None:
        super().__init__()
        if noise < 0 or not all(0 <= p < 1 for p in (at_input, between, at_output, locked)):
            raise ValueError("Shares are from 0 to below 1, and noise is not below 0.")
        # nn.LSTM warns of dropout with one layer, which does nothing
        self.layer = nn.LSTM(I, H, L, dropout=between if L > 1 else 0.0)
        self.head = nn.Linear(H, O)
        self.noise, self.at_input, self.at_output, self.locked = noise, at_input, at_output, locked

    def extra_repr(self) -> str:
        shares = ("noise", "at_input", "at_output", "locked")
        return ", ".join(f"{name}={getattr(self, name)}" for name in shares)

    def forward(self, xs: Tensor) -> Tensor:
        if self.training and self.noise:
            xs = xs + self.noise * torch.randn_like(xs)
        xs = F.dropout(xs, self.at_input, self.training)
        ys = self._locked(xs) if self.training and self.locked else self.layer(xs)[0]
        return self.head(F.dropout(ys, self.at_output, self.training))

    def _locked(self, xs: Tensor) -> Tensor:
        """The outputs with one mask a sample for the inputs of each layer, for its h, and for the outputs."""
        B, H = xs.shape[1], self.layer.hidden_size
        for parameters in self.layer.all_weights:
            weights = Weights(*parameters)
            xs = locked_dropout(xs, self.locked)
            h = c = xs.new_zeros(B, H)
            kept, ys = locked_dropout(torch.ones_like(h)[None], self.locked)[0], []
            for x in xs:
                h, c = lstm_cell(x, (h * kept, c), weights)
                ys.append(h)
            xs = torch.stack(ys)
        return locked_dropout(xs, self.locked)

"""Layers with torch.nn's names, arguments and `state_dict`, computing with the cells of this library."""

from torch import Tensor, nn

from gates.cells import Weights, lstm_cell, unroll


class LSTM(nn.RNNBase):
    """One LSTM layer in one direction that exchanges its `state_dict` with `nn.LSTM(input_size, hidden_size)`.

    Parameters, their order and their initial values for a given seed are torch's, since `RNNBase` makes them.
    The attribute `cell` is the step that is repeated; a subclass may set another of the same form.
    """

    cell = staticmethod(lstm_cell)

    def __init__(
        self, input_size: int, hidden_size: int, batch_first: bool = False, device=None, dtype=None
    ) -> None:
        super().__init__(
            "LSTM", input_size, hidden_size, batch_first=batch_first, device=device, dtype=dtype
        )

    def forward(
        self, input: Tensor, hx: tuple[Tensor, Tensor] | None = None
    ) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """Read a batch of sequences.

        input: (T, B, I), or (B, T, I) with batch_first. hx: (h, c), each (1, B, H); zeros where it is left out.
        Returns `output`, the hidden state after every step, (T, B, H) or (B, T, H), and the final (h, c), each (1, B, H).
        An input without three dimensions, or of another size than I, raises ValueError or RuntimeError as nn.LSTM does.
        """
        if input.dim() != 3:
            raise ValueError(f"LSTM: Expected input to be 3D, got {input.dim()}D instead")
        xs = input.transpose(0, 1) if self.batch_first else input
        if hx is None:
            zeros = xs.new_zeros(1, xs.shape[1], self.hidden_size)
            hx = (zeros, zeros)
        self.check_input(xs, None)
        for state in hx:
            self.check_hidden_size(state, (1, xs.shape[1], self.hidden_size))
        weights = Weights(self.weight_ih_l0, self.weight_hh_l0, self.bias_ih_l0, self.bias_hh_l0)
        ys, (h, c) = unroll(self.cell, xs, (hx[0][0], hx[1][0]), weights)
        return (ys.transpose(0, 1) if self.batch_first else ys), (h[None], c[None])

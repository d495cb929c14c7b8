"""The network that listens: from frames of sound to the letters and the blank, step by step."""

from collections.abc import Iterable

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from gates import layers
from gates.speech.letters import LETTERS
from gates.speech.mel import M as BANDS

LAYERS = {"lstm": nn.LSTM, "gru": layers.GRU, "rnn": layers.RNN}
STACKED = 2  # frames that are one step


class Listener(nn.Module):
    """One recurrent layer over pairs of frames, packed, so that padding is never read, and a linear head.

    H: units, in each direction. cell: "lstm", "gru" or "rnn". both_ways: whether a second layer reads from the end; then a
    step's letters depend on all that is said, also later. M: bands of a frame. An unknown cell raises ValueError.
    mean, deviation: of each band in what it was trained on, (M,); set them by `adapt`.
    Sources: Graves, Fernández and Schmidhuber (2005), "Bidirectional LSTM Networks for Improved Phoneme Classification
    and Recognition"; frames side by side as in Sak, Senior, Rao and Beaufays (2015), "Fast and Accurate Recurrent Neural
    Network Acoustic Models for Speech Recognition".
    """

    def __init__(
        self, H: int = 48, cell: str = "lstm", both_ways: bool = True, M: int = BANDS
    ) -> None:
        super().__init__()
        if cell not in LAYERS:
            raise ValueError(f"There is no cell {cell!r} here: choose one of {', '.join(LAYERS)}.")
        self.settings = {"H": H, "cell": cell, "both_ways": both_ways, "M": M}
        self.layer = LAYERS[cell](STACKED * M, H, bidirectional=both_ways)
        self.head = nn.Linear(2 * H if both_ways else H, len(LETTERS))
        self.register_buffer("mean", torch.zeros(M))
        self.register_buffer("deviation", torch.ones(M))

    def adapt(self, features: Iterable[Tensor]) -> None:
        """Take mean and deviation from some utterances, (T, M) each: those to train on, and no others."""
        frames = torch.cat(list(features)).double()
        self.mean.copy_(frames.mean(0))
        self.deviation.copy_(frames.std(0).clamp_min(1e-3))

    def forward(self, xs: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
        """The log probabilities of letters and blank, (T//2, B, K), and how many steps each utterance has, (B,).

        xs: frames, (T, B, M). lengths: (B,), in frames; an odd last one is left out. What stands behind an utterance's end
        changes nothing of it. A length below 2 or above T raises ValueError.
        """
        T, B, M = xs.shape
        if lengths.min() < STACKED or lengths.max() > T:
            raise ValueError(
                f"Lengths have to be from {STACKED} to {T}, the frames there are: leave shorter utterances out."
            )
        steps, lengths = T // STACKED, lengths // STACKED
        xs = ((xs - self.mean) / self.deviation)[: steps * STACKED]
        pairs = xs.view(steps, STACKED, B, M).transpose(1, 2).reshape(steps, B, STACKED * M)
        packed = pack_padded_sequence(pairs, lengths, enforce_sorted=False)
        states, _ = pad_packed_sequence(self.layer(packed)[0], total_length=steps)
        return self.head(states).log_softmax(-1), lengths

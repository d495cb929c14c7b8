"""The encoder: it reads a source text and keeps the state after each character."""

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from gates import layers

LAYERS = {"gru": layers.GRU, "lstm": layers.LSTM}


class Memory(NamedTuple):
    """What is kept of a batch of sources.

    states: the hidden state after each character, (S, B, M), zeros in the padding. mask: (S, B), true where there is a
    character. last: (B, M), the state after the last character; of a network that reads both ways, each way's own last.
    keys: what attention knows the states by; None without attention.
    """

    states: Tensor
    mask: Tensor
    last: Tensor
    keys: Tensor | None = None

    def of(self, rows: Tensor) -> "Memory":
        """The memory of some samples, (N,), each as often as it is named."""
        states, mask, last, keys = self
        keys = None if keys is None else keys[:, rows]
        return Memory(states[:, rows], mask[:, rows], last[rows], keys)


class Encoder(nn.Module):
    """Characters as vectors, and one recurrent layer over them, packed, so that padding is never read.

    V: how many characters there are. E: the size of a character's vector. H: the layer's units, in each direction. cell:
    "gru" or "lstm". both_ways: whether a second layer reads from the end. M, the size of a state, is H or 2H. The layers
    are those of `gates.layers`, which stand in for torch.nn's. An unknown cell raises ValueError.
    Sources: Cho et al. (2014), "Learning Phrase Representations using RNN Encoder–Decoder for Statistical Machine
    Translation"; Sutskever, Vinyals and Le (2014), "Sequence to Sequence Learning with Neural Networks".
    """

    def __init__(self, V: int, E: int, H: int, cell: str = "gru", both_ways: bool = True) -> None:
        super().__init__()
        if cell not in LAYERS:
            raise ValueError(f"There is no cell {cell!r} here: choose one of {', '.join(LAYERS)}.")
        self.embedding = nn.Embedding(V, E)
        self.layer = LAYERS[cell](E, H, bidirectional=both_ways)
        self.M = 2 * H if both_ways else H

    def forward(self, sources: Tensor, lengths: Tensor) -> Memory:
        """sources: characters, (S, B). lengths: (B,), each from 1 to S; others raise ValueError."""
        S = len(sources)
        if lengths.min() < 1 or lengths.max() > S:
            raise ValueError(
                f"Lengths have to be from 1 to {S}, the steps there are: leave empty texts out."
            )
        packed = pack_padded_sequence(self.embedding(sources), lengths, enforce_sorted=False)
        states, final = self.layer(packed)
        h = final[0] if isinstance(final, tuple) else final
        states, _ = pad_packed_sequence(states, total_length=S)
        mask = torch.arange(S)[:, None] < lengths
        return Memory(states, mask, torch.cat(h.unbind(0), -1))

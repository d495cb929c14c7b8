"""The network that translates: an encoder, a decoder, and the characters that both know."""

from typing import NamedTuple

import torch
from torch import Tensor, nn

from gates.translation.characters import Batch, Characters, Sign
from gates.translation.decoder import Decoder
from gates.translation.encoder import Encoder, Memory


class Sizes(NamedTuple):
    """The sizes of a translator, and its kind.

    attention: "none", "dot" or "additive"; see `Decoder`. cell: the encoder's, "gru" or "lstm". both_ways: whether the
    encoder reads from both ends. E: the size of a character's vector. H: units of the encoder, in each direction, and of the
    decoder.
    """

    attention: str = "dot"
    cell: str = "gru"
    both_ways: bool = True
    E: int = 32
    H: int = 64


SMALL = Sizes()


class Translator(nn.Module):
    """From texts to texts, character by character.

    source, target: the characters of the two sides. sizes: see `Sizes`. Unknown kinds raise ValueError.
    """

    def __init__(self, source: Characters, target: Characters, sizes: Sizes = SMALL) -> None:
        super().__init__()
        attention, cell, both_ways, E, H = sizes
        self.source, self.target, self.sizes = source, target, sizes
        self.encoder = Encoder(len(source), E, H, cell, both_ways)
        self.decoder = Decoder(len(target), E, H, self.encoder.M, attention)

    def forward(self, batch: Batch, right: float = 1.0) -> tuple[Tensor, Tensor | None]:
        """The logits of a batch's targets, (T, B, V), and the weights of attention, (T, S, B), or None.

        right: how often the character before is the right one, as the batch gives it; else it is the one that the network
        itself scored highest, drawn anew for each step and sample. 1 is teacher forcing, 0 free running.
        Source: S. Bengio, Vinyals, Jaitly and Shazeer (2015), "Scheduled Sampling for Sequence Prediction with Recurrent
        Neural Networks".
        """
        memory = self.encoder(batch.sources, batch.lengths)
        if right >= 1:
            return self.decoder(batch.given, memory)
        memory, h = self.decoder.remember(memory)
        characters, logits, weights = batch.given[0], [], []
        for t in range(len(batch.given)):
            if t > 0:
                own = logits[-1].detach().argmax(-1)
                told = torch.rand(own.shape) < right
                characters = torch.where(told, batch.given[t], own)
            scored, h, read = self.decoder.step(characters, h, memory)
            logits.append(scored)
            weights.append(read)
        return torch.stack(logits), None if weights[0] is None else torch.stack(weights)

    def begun(self, sources: Tensor, lengths: Tensor) -> tuple[Memory, Tensor, Tensor]:
        """What a decoder starts from: the memory with its keys, the state, (B, H), and BEGIN for each sample, (B,)."""
        memory, h = self.decoder.remember(self.encoder(sources, lengths))
        return memory, h, torch.full((len(h),), Sign.BEGIN)

"""The decoder: it writes a target text character by character, with attention or from the last state alone."""

import torch
from torch import Tensor, nn

from gates.cells import Weights, gru_cell
from gates.layers import GRU
from gates.translation.attention import Additive, Dot
from gates.translation.encoder import Memory

KINDS = ("none", "dot", "additive")


class Decoder(nn.Module):
    """A GRU over the target's characters, which is told something of the source at each step: the context.

    attention: "none", the context is the encoder's last state at every step; "dot", it is read with the state after
    this step's character; "additive", it is read with the state before, and the GRU is told it. In all three the next
    character is scored from the state and the context. So the three differ in what the context is, and, in "additive",
    in when it is read.
    V: how many characters there are. E: the size of a character's vector. H: units. M: the size of an encoder's state.
    scale: see `Dot`. An unknown attention raises ValueError.
    Sources: Cho et al. (2014); Luong, Pham and Manning (2015); Bahdanau, Cho and Bengio (2015).
    """

    def __init__(
        self, V: int, E: int, H: int, M: int, attention: str = "none", scale: bool = True
    ) -> None:
        super().__init__()
        if attention not in KINDS:
            raise ValueError(f"There is no attention {attention!r}: choose {', '.join(KINDS)}.")
        self.kind = attention
        self.embedding = nn.Embedding(V, E)
        self.start = nn.Linear(M, H)
        told = 0 if attention == "dot" else M
        self.layer = GRU(E + told, H)
        self.attention = {
            "none": lambda: None,
            "dot": lambda: Dot(H, M, scale),
            "additive": lambda: Additive(H, M, H),
        }[attention]()
        self.mix, self.head = nn.Linear(H + M, H), nn.Linear(H, V)

    @property
    def weights(self) -> Weights:
        """The GRU's weights, as `gates.cells.gru_cell` takes them."""
        of = self.layer
        return Weights(of.weight_ih_l0, of.weight_hh_l0, of.bias_ih_l0, of.bias_hh_l0)

    def remember(self, memory: Memory) -> tuple[Memory, Tensor]:
        """What is to be had once a sentence: the memory with its keys, and the state before the first character, (B, H)."""
        if self.attention is not None:
            memory = memory._replace(keys=self.attention.keys(memory.states))
        return memory, torch.tanh(self.start(memory.last))

    def scores(self, h: Tensor, context: Tensor) -> Tensor:
        """The logits of the next character, (…, V), from the state, (…, H), and the context, (…, M)."""
        return self.head(torch.tanh(self.mix(torch.cat([h, context], -1))))

    def step(
        self, characters: Tensor, h: Tensor, memory: Memory
    ) -> tuple[Tensor, Tensor, Tensor | None]:
        """One step. characters: those before, (B,). h: (B, H). memory: with its keys.

        Returns the logits of the next characters, (B, V), the new h, and the weights of attention, (S, B), or None.
        """
        x, weights = self.embedding(characters), None
        _, mask, context, keys = memory
        if self.kind == "additive":
            context, weights = self.attention(h, keys, memory.states, mask)
        if self.kind != "dot":
            x = torch.cat([x, context], -1)
        h = gru_cell(x, h, self.weights)
        if self.kind == "dot":
            context, weights = self.attention(h, keys, memory.states, mask)
        return self.scores(h, context), h, weights

    def forward(self, given: Tensor, memory: Memory) -> tuple[Tensor, Tensor | None]:
        """Teacher forcing: at each step the right character before is told, given, (T, B). memory: without keys.

        Returns the logits, (T, B, V), and the weights of attention, (T, S, B), or None. Where nothing that is read
        depends on what was read before, in "none" and "dot", all steps go through the GRU in one call.
        """
        memory, h = self.remember(memory)
        if self.kind == "additive":
            logits, weights = [], []
            for characters in given:
                scored, h, read = self.step(characters, h, memory)
                logits.append(scored)
                weights.append(read)
            return torch.stack(logits), torch.stack(weights)
        xs = self.embedding(given)
        contexts = memory.last.expand(len(given), -1, -1)
        if self.kind == "none":
            xs = torch.cat([xs, contexts], -1)
        (hs, _), weights = self.layer(xs, h[None]), None
        if self.kind == "dot":
            contexts, weights = self.attention(hs, memory.keys, memory.states, memory.mask)
        return self.scores(hs, contexts), weights

"""Which states of the source a decoder reads at a step: two ways to score them, and what is made of the scores."""

import math

import torch
from torch import Tensor, nn

from gates.variants import attend


def attention_step(
    query: Tensor, keys: Tensor, states: Tensor, v: Tensor, mask: Tensor
) -> tuple[Tensor, Tensor]:
    """One step of additive attention: a mean of the states, weighted by how well each fits.

    query: what is asked for, (B, A). keys: what each of S states is known by, (S, B, A). states:
    what is read of them, (S, B, M). v: (A,), which makes one score of A numbers. mask: (S, B), true
    where a state may be read, and not padding.
    Returns the context, (B, M), and the weights, (S, B), which add up to 1 over S, and are 0 where
    nothing may be read. A sample none of whose states may be read gets zeros.
    Source: Bahdanau, Cho and Bengio (2015), "Neural Machine Translation by Jointly Learning to
    Align and Translate".
    """
    scores = torch.tanh(query + keys) @ v
    lowest = torch.finfo(scores.dtype).min  # -inf would make NaN where nothing may be read
    weights = scores.masked_fill(~mask, lowest).softmax(0) * mask
    context = (weights[:, :, None] * states).sum(0)
    return context, weights


class Additive(nn.Module):
    """Additive attention: the score of a state s for a query q is v · tanh(W q + U s).

    H: the size of a query. M: that of a state. A: how many numbers tanh is taken of.
    Source: Bahdanau, Cho and Bengio (2015), "Neural Machine Translation by Jointly Learning to Align and Translate".
    """

    def __init__(self, H: int, M: int, A: int) -> None:
        super().__init__()
        self.W, self.U = nn.Linear(H, A, bias=False), nn.Linear(M, A)
        self.v = nn.Parameter(torch.empty(A).uniform_(-1, 1) / math.sqrt(A))

    def keys(self, states: Tensor) -> Tensor:
        """What states, (S, B, M), are known by, (S, B, A): computed once for all steps."""
        return self.U(states)

    def forward(
        self, query: Tensor, keys: Tensor, states: Tensor, mask: Tensor
    ) -> tuple[Tensor, Tensor]:
        """query: (B, H). Returns context and weights, as `attention_step` does."""
        return attention_step(self.W(query), keys, states, self.v, mask)


class Dot(nn.Module):
    """Attention by dot products: the score of a state s for a query q is W q · s, which Luong et al. call general.

    H: the size of a query. M: that of a state. scale: whether the products are divided by √M.
    Source: Luong, Pham and Manning (2015), "Effective Approaches to Attention-based Neural Machine Translation".
    """

    def __init__(self, H: int, M: int, scale: bool = True) -> None:
        super().__init__()
        self.W, self.scale = nn.Linear(H, M, bias=False), scale

    def keys(self, states: Tensor) -> Tensor:
        """The states themselves."""
        return states

    def forward(
        self, query: Tensor, keys: Tensor, states: Tensor, mask: Tensor
    ) -> tuple[Tensor, Tensor]:
        """query: (B, H), or (T, B, H) for T at once. Returns the context, (B, M) or (T, B, M), and the weights."""
        return attend(self.W(query), states, self.scale, mask)

"""The network that predicts what comes next in a text."""

from torch import Tensor, nn
from torch.nn import functional as F

from gates import layers

LAYERS = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": layers.GRU}


class LanguageModel(nn.Module):
    """An embedding, L recurrent layers and a head: from numbers, (T, B), to scores of what comes next, (T, B, V).

    V: how many numbers there are. cell: "rnn", "lstm" or "gru". H: the hidden size, and that of the embedding. tied: the head's weight is the
    embedding's, one matrix (V, H) for both. dropout: the share that is dropped out of the embedded inputs, between layers, and before the head.
    Sources: Mikolov et al. (2010), Recurrent Neural Network Based Language Model; tied: Press and Wolf (2017), Using the
    Output Embedding to Improve Language Models; dropout: Zaremba, Sutskever and Vinyals (2014).
    """

    def __init__(
        self,
        V: int,
        cell: str = "lstm",
        H: int = 128,
        L: int = 1,
        *,
        tied: bool = False,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        if cell not in LAYERS:
            raise ValueError(f"There is no cell {cell!r}: choose one of {', '.join(LAYERS)}.")
        if not 0 <= dropout < 1:
            raise ValueError(f"dropout is {dropout}, and has to be a share, from 0 to below 1.")
        self.settings = {"V": V, "cell": cell, "H": H, "L": L, "tied": tied, "dropout": dropout}
        self.dropout = dropout
        self.embedding = nn.Embedding(V, H)
        self.layer = LAYERS[cell](H, H, L, dropout=dropout if L > 1 else 0.0)
        self.head = nn.Linear(H, V)
        if tied:
            self.head.weight = self.embedding.weight
            nn.init.normal_(self.embedding.weight, 0, H**-0.5)

    def forward(self, xs: Tensor, state: object = None) -> tuple[Tensor, object]:
        """The scores and the state after the last step. state: what came back before; None for zeros."""
        embedded = F.dropout(self.embedding(xs), self.dropout, self.training)
        ys, state = self.layer(embedded, state)
        return self.head(F.dropout(ys, self.dropout, self.training)), state


def detached(state: object) -> object:
    """A state without the graph that leads to it: h, or the pair (h, c)."""
    return tuple(part.detach() for part in state) if isinstance(state, tuple) else state.detach()

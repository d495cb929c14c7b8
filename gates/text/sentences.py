"""A network that reads reviews as numbers of words: an embedding, a packed batch, and an answer at each word."""

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from gates.tasks.sentiment import encoded, numbers
from gates.text.codec import TextError
from gates.text.model import LAYERS


class SentenceReader(nn.Module):
    """An embedding, a recurrent layer that reads packed reviews, and a head: to outputs, (T, B, O).

    I: how many words there are; number 0 is the padding, whose row of the embedding is zero and stays so. O: outputs.
    cell: "rnn", "lstm" or "gru". H, E: the sizes of the hidden state and of the embedding.
    """

    def __init__(self, I: int, O: int, cell: str = "lstm", H: int = 32, E: int = 16) -> None:
        super().__init__()
        if cell not in LAYERS:
            raise ValueError(f"There is no cell {cell!r}: choose one of {', '.join(LAYERS)}.")
        self.embedding = nn.Embedding(I + 1, E, padding_idx=0)
        self.layer = LAYERS[cell](E, H)
        self.head = nn.Linear(H, O)

    def forward(self, xs: Tensor) -> Tensor:
        """xs: numbers of words, (T, B), 0 behind a review's end; or one of I at each step, (T, B, I).

        A review of no words raises ValueError, since torch packs none.
        """
        seen = numbers(xs) if xs.dim() == 3 else xs
        lengths = (seen != 0).sum(0)
        if not lengths.all():
            raise ValueError("There is a review of no words in the batch: leave it out.")
        packed = pack_padded_sequence(self.embedding(seen), lengths, enforce_sorted=False)
        ys, _ = pad_packed_sequence(self.layer(packed)[0], total_length=len(seen))
        return self.head(ys)


@torch.no_grad()
def speaks_well(reader: SentenceReader, text: str) -> float:
    """How sure the network is that a typed review speaks well of the film, from 0 to 1.

    text: words that it knows, with a space between them. An empty text and an unknown word raise TextError.
    """
    words = text.lower().replace(",", " , ").split()
    if not words:
        raise TextError("The review is empty: type a sentence, such as 'the film was not bad'.")
    try:
        seen, _ = encoded([words])
    except ValueError as reason:
        raise TextError(str(reason)) from reason
    return torch.softmax(reader(seen)[-1, 0], -1)[1].item()

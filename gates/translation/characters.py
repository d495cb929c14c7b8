"""Texts as numbers, character by character, and back; and batches of them, padded at their ends, time first."""

from collections import Counter
from collections.abc import Iterable, Sequence
from enum import IntEnum
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from gates.translation.texts import Pair


class Sign(IntEnum):
    """The numbers that stand for no character: padding, the beginning and the end of a text, and a character not known."""

    PAD = 0
    BEGIN = 1
    END = 2
    UNKNOWN = 3


_SHOWN = ("", "", "", "�")  # the four in a text; the last as Unicode's replacement character


class Characters:
    """The characters that a network knows: each has a number, after the four of `Sign`.

    known: the characters, in the order of their numbers. One that comes twice, or what is not one character each,
    raises ValueError.
    """

    def __init__(self, known: Sequence[str]) -> None:
        if len(set(known)) < len(known) or any(len(character) != 1 for character in known):
            raise ValueError("Each character has to be one, and to come once.")
        self.known = tuple(known)
        self._numbers = {character: len(_SHOWN) + k for k, character in enumerate(self.known)}

    @classmethod
    def of(cls, texts: Iterable[str], least: int = 2) -> "Characters":
        """The characters of some texts, in Unicode's order.

        least: in how many texts a character has to stand; with 2, those that stand in one text only are unknown, so
        that a network learns what to do with an unknown one.
        """
        counts = Counter(character for text in texts for character in set(text))
        return cls(sorted(character for character, count in counts.items() if count >= least))

    def __len__(self) -> int:
        return len(_SHOWN) + len(self.known)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Characters) and self.known == other.known

    def __hash__(self) -> int:
        return hash(self.known)

    def __repr__(self) -> str:
        return f"Characters({''.join(self.known)!r})"

    def encode(self, text: str) -> list[int]:
        """The numbers of a text's characters; UNKNOWN for each that is not known."""
        return [self._numbers.get(character, Sign.UNKNOWN) for character in text]

    def decode(self, numbers: Iterable[int] | Tensor) -> str:
        """The text of some numbers up to the first END; PAD and BEGIN show nothing, and UNKNOWN shows �."""
        text = []
        for number in numbers.tolist() if isinstance(numbers, Tensor) else numbers:
            if number == Sign.END:
                break
            text.append(
                _SHOWN[number] if number < len(_SHOWN) else self.known[number - len(_SHOWN)]
            )
        return "".join(text)

    def unseen(self, text: str) -> list[str]:
        """The characters of a text that are not known, each once, in the order in which they come."""
        return [character for character in dict.fromkeys(text) if character not in self._numbers]


class Batch(NamedTuple):
    """Pairs as numbers, padded with PAD at their ends.

    sources: (S, B), of lengths (B,). given: (T, B), BEGIN and then the target, which a decoder is told. targets: (T, B),
    the target and then END, which it has to say.
    """

    sources: Tensor
    lengths: Tensor
    given: Tensor
    targets: Tensor


def in_batch(pairs: Sequence[Pair], source: Characters, target: Characters) -> Batch:
    """Some pairs as a batch. source, target: the characters of the two sides. An empty source raises ValueError."""
    sources, lengths = sources_in_batch([pair.source for pair in pairs], source)
    said = [target.encode(pair.target) for pair in pairs]
    given = pad_sequence([torch.tensor([Sign.BEGIN, *of]) for of in said], padding_value=Sign.PAD)
    targets = pad_sequence([torch.tensor([*of, Sign.END]) for of in said], padding_value=Sign.PAD)
    return Batch(sources, lengths, given, targets)


def sources_in_batch(texts: Sequence[str], source: Characters) -> tuple[Tensor, Tensor]:
    """Some texts as numbers, (S, B), padded with PAD, and their lengths, (B,). An empty one raises ValueError."""
    if not texts or not all(texts):
        raise ValueError(
            "There is an empty text, of which no state can be read: leave it out, or give it a character."
        )
    numbers = [torch.tensor(source.encode(text)) for text in texts]
    lengths = torch.tensor([len(of) for of in numbers])
    return pad_sequence(numbers, padding_value=Sign.PAD), lengths

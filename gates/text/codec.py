"""Text to numbers and back, by characters or by words, with a number for all that is unknown."""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property

import torch
from torch import Tensor

UNKNOWN = 0
SHOWN = (
    "\N{REPLACEMENT CHARACTER}"  # what stands for an unknown token where numbers become text again
)
OTHERS = 0x110000  # how many characters Unicode has room for
_END = ""  # of a token, where it is spelled
# A word with the space before it, a run of white space up to that space, or one sign. Nothing is lost between them.
_WORD = re.compile(r" ?[^\W_]+|\s+(?!\S)|\s|[^\w\s]|_")
CUTS: dict[str, Callable[[str], list[str]]] = {"characters": list, "words": _WORD.findall}


class TextError(ValueError):
    """A text, or what is asked about one, that a model can do nothing with; a notebook shows the sentence alone."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


@dataclass(frozen=True)
class Codec:
    """Numbers for the tokens of a text, which are its characters or its words.

    unit: "characters" or "words". known: the tokens that have numbers of their own, from 1 on; all others are number 0, UNKNOWN.
    letters: how often each letter stands in those that training has and that were left unknown, "" for their ends. By that, unknown tokens are spelled.
    """

    unit: str
    known: tuple[str, ...] = field(repr=False)
    letters: dict[str, int] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        """How many numbers there are, UNKNOWN among them."""
        return 1 + len(self.known)

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {token: number for number, token in enumerate(self.known, start=1)}

    def cut(self, text: str) -> list[str]:
        """The tokens of a text, which put together are the text again."""
        return CUTS[self.unit](text)

    def encode(self, text: str) -> Tensor:
        """The numbers of a text, (N,), UNKNOWN where a token has none."""
        return torch.tensor([self._numbers.get(token, UNKNOWN) for token in self.cut(text)]).long()

    def decode(self, numbers: Tensor | Iterable[int]) -> str:
        """The text of some numbers, (N,), with � for UNKNOWN."""
        tokens = (SHOWN, *self.known)
        return "".join(tokens[number] for number in torch.as_tensor(numbers).tolist())

    def typed(self, text: str) -> Tensor:
        """The numbers of a text that somebody has typed, (N,). Empty, or with an unknown token in it, it raises TextError.

        A first word that is known only with a space before it is read so, as it would be inside a text.
        """
        if not text:
            raise TextError("The text is empty: type a few words for the model to read.")
        tokens = self.cut(text)
        if tokens[0] not in self._numbers and f" {tokens[0]}" in self._numbers:
            tokens[0] = f" {tokens[0]}"
        unknown = next((k for k, token in enumerate(tokens) if token not in self._numbers), None)
        if unknown is not None:
            place = len("".join(self.cut(text)[:unknown])) + 1
            what = "character" if self.unit == "characters" else "word"
            raise TextError(
                f"The {what} {tokens[unknown]!r}, at place {place}, is not among those that the model has learned: "
                "leave it out, or write another."
            )
        return torch.tensor([self._numbers[token] for token in tokens])

    def spelled(self, tokens: Iterable[str]) -> float:
        """How many bits it takes to spell the unknown among some tokens, letter by letter.

        Each letter costs what its share says among the letters of rare tokens, every one of them counted once more; and so
        does the end. A letter that none of them has costs, besides, as much as one of all characters that there are.
        """
        total = sum(self.letters.values()) + len(self.letters) + 1

        def cost(letter: str) -> float:
            if letter in self.letters:
                return -math.log2((self.letters[letter] + 1) / total)
            return math.log2(total) + math.log2(OTHERS)

        unknown = (token for token in tokens if token not in self._numbers)
        return sum(cost(letter) for token in unknown for letter in (*token, _END))

    def per_character(self, bits: Tensor, text: str) -> float:
        """Bits per character of a text.

        bits: what each of its tokens but the first has cost, (N − 1,), unknown ones as such; the first is given. To spell out
        those that are unknown is added. So numbers by characters and by words can be compared with one another.
        """
        first, *others = self.cut(text)
        return (float(bits.sum()) + self.spelled(others)) / (len(text) - len(first))


def codec_of(text: str, unit: str = "characters", least: int = 2) -> Codec:
    """Numbers for the tokens that a text has at least `least` times, the most frequent first.

    unit: "characters" or "words"; another one raises ValueError.
    """
    if unit not in CUTS:
        raise ValueError(f'The unit is "characters" or "words", and not {unit!r}.')
    counts = Counter(CUTS[unit](text))
    frequent = [token for token, count in counts.items() if count >= least]
    rare = [token for token, count in counts.items() if count < least]
    letters = Counter(letter for token in rare for letter in (*token, _END))
    known = sorted(frequent, key=lambda token: (-counts[token], token))
    return Codec(unit, tuple(known), dict(sorted(letters.items())))

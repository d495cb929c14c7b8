"""The ten words, and the letters that spell them, as numbers and back."""

from collections.abc import Iterable

from torch import Tensor

WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")

BLANK = 0  # what stands for no letter at all
LETTERS = ("", " ", *sorted(set("".join(WORDS))))
"""What each number stands for: the blank for nothing, then a space, then the letters in the order of the alphabet."""

_NUMBERS = {letter: k for k, letter in enumerate(LETTERS) if letter}


def encode(text: str) -> list[int]:
    """The numbers of a text's letters. A letter that no digit's word has raises ValueError."""
    for letter in text:
        if letter not in _NUMBERS:
            raise ValueError(
                f"There is no “{letter}” in the ten words: write digits as words, in small letters, with spaces between."
            )
    return [_NUMBERS[letter] for letter in text]


def decode(numbers: Iterable[int] | Tensor) -> str:
    """The text of some numbers; a blank shows nothing."""
    return "".join(
        LETTERS[k] for k in (numbers.tolist() if isinstance(numbers, Tensor) else numbers)
    )

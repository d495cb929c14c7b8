"""How many words and letters were heard wrongly, of those that were said."""

from collections.abc import Sequence
from typing import NamedTuple


class Errors(NamedTuple):
    """The fewest changes that make of what was heard what was wanted.

    substitutions: words that are another. deletions: words that are missing. insertions: words too many.
    """

    substitutions: int
    deletions: int
    insertions: int


def word_errors(said: Sequence[str], wanted: Sequence[str]) -> float:
    """The word error rate of all texts together: wrong, missing and additional words, for each word that is wanted.

    said: what was understood. wanted: what is right. 0 is best, and with many additional words it is above 1. White space
    of any kind parts words. Lists of two lengths, no texts, and a wanted text without words raise ValueError.
    """
    from jiwer import wer  # here: what only learns need not wait for it

    heard, right = _texts(said, wanted)
    return float(wer(right, heard))


def letter_errors(said: Sequence[str], wanted: Sequence[str]) -> float:
    """The same with letters in place of words; the space between two words is one of them."""
    from jiwer import cer

    heard, right = _texts(said, wanted)
    return float(cer(right, heard))


def errors_by_kind(said: Sequence[str], wanted: Sequence[str]) -> Errors:
    """The word errors of all texts, counted by kind."""
    from jiwer import process_words

    heard, right = _texts(said, wanted)
    found = process_words(right, heard)
    return Errors(found.substitutions, found.deletions, found.insertions)


def _texts(said: Sequence[str], wanted: Sequence[str]) -> tuple[list[str], list[str]]:
    """Both lists with one space between words, since jiwer parts them at that alone."""
    if isinstance(said, str) or isinstance(wanted, str):
        raise ValueError("Give lists of texts, in brackets: a single text is a list of one.")
    if not wanted or len(said) != len(wanted):
        raise ValueError(
            f"There are {len(said)} texts said and {len(wanted)} wanted: there has to be one for each, and some."
        )
    heard, right = ([" ".join(text.split()) for text in texts] for texts in (said, wanted))
    if not all(right):
        raise ValueError(
            f"Text {right.index('') + 1} of those wanted has no words, so nothing can be divided by: leave it out."
        )
    return heard, right

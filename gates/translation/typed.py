"""A text that somebody types, and what a network makes of it; where that cannot be trusted, a sentence says why."""

import unicodedata
from dataclasses import dataclass

from gates.translation.beam import beam_search
from gates.translation.translator import Translator

LISTED = 5  # unseen characters that a sentence names


class CannotTranslate(ValueError):
    """What cannot be translated; a notebook shows its sentence and no traceback."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


@dataclass(frozen=True)
class Answer:
    """What a network made of a text. note: why it should be doubted; empty, if there is no reason known."""

    text: str
    note: str = ""

    def __str__(self) -> str:
        return f"{self.text}\n{self.note}" if self.note else self.text


def translate(
    translator: Translator, text: str, width: int = 4, alpha: float = 1.0, most: int = 100
) -> Answer:
    """A text as somebody types it, translated by a beam search; see `beam_search` for the settings.

    Letters are composed, and spaces made plain, as in what the network has learned from. What is no text, or an empty
    one, raises CannotTranslate, a ValueError.
    """
    if not isinstance(text, str):
        raise CannotTranslate(
            f"There is a {type(text).__name__} where a text should be: write it in quotes."
        )
    plain = " ".join(unicodedata.normalize("NFC", text).split())
    if not plain:
        raise CannotTranslate("The text is empty: type some characters between the quotes.")
    best = beam_search(translator, plain, width, alpha, most)[0]
    notes = [_of_unseen(translator.source.unseen(plain), plain)]
    if not best.ended:
        notes.append(
            f"It did not come to an end within {most} characters: shorten the text, or allow more with most=."
        )
    if not best.text:
        notes.append("It wrote nothing: try a text more like those it has learned from.")
    return Answer(best.text, " ".join(filter(None, notes)))


def _of_unseen(unseen: list[str], text: str) -> str:
    """What to say of characters that a network does not know."""
    if not unseen:
        return ""
    if len(unseen) == len(set(text)):
        return (
            "It has learned none of these characters, so this is a guess: try a text in an alphabet "
            "that it has learned from."
        )
    named = ", ".join(_named(character) for character in unseen[:LISTED])
    more = f" and {len(unseen) - LISTED} more" if len(unseen) > LISTED else ""
    return (
        f"It has not learned {named}{more}, and reads each as unknown: replace it, or doubt the "
        "translation."
    )


def _named(character: str) -> str:
    """A character as a person would point to it; one that cannot be seen, by its name."""
    if character.isprintable():
        return f"“{character}”"
    return unicodedata.name(character, f"U+{ord(character):04X}").lower()

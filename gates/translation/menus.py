"""The words of an interface in English and in French: what JupyterLab's menus, buttons and settings say."""

import gettext
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib import resources

from gates.translation.texts import Corpus, Pair, apart, words

PACKAGE = "jupyterlab_language_pack_fr_FR"
MOST_WORDS = 12
MOST_CHARACTERS = 60
_CONTEXT = (
    "\x04"  # gettext writes a message's context before the message itself, with this between them
)
_FILLED_IN = re.compile(r"%\w|\$|[{}<>`]|https?:")  # %1, {name}, $, `code`, <b>


def messages() -> Iterator[tuple[str, str, str]]:
    """All messages of the package: English, French, and the part of JupyterLab they belong to; a plural comes beside its singular."""
    folders = resources.files(PACKAGE) / "locale" / "fr_FR" / "LC_MESSAGES"
    for file in sorted(folders.iterdir(), key=lambda file: file.name):
        if not file.name.endswith(".mo"):
            continue
        with file.open("rb") as stream:
            # There is no public way to ask which messages a catalog has.
            catalog = gettext.GNUTranslations(stream)._catalog
        for key, french in catalog.items():
            english = key[0] if isinstance(key, tuple) else key
            if english:  # the empty message is the file's heading
                yield english.rpartition(_CONTEXT)[2], french, file.name.removesuffix(".mo")


def clean(text: str) -> str:
    """A text without what is no language: key marks, dots and colons at its end; plain spaces and apostrophes.

    An access key is marked by & or _ before its letter.
    """
    text = re.sub(r"(?<!\w)[&_](?=\w)|(?<=\w)&(?=\w)", "", text)
    text = text.replace("’", "'").replace("\u202f", " ").replace("\xa0", " ")
    return re.sub(r"\s*(…|\.\.\.|:)$", "", " ".join(text.split()))


def unfit(english: str, french: str) -> str:
    """Why a pair is not taken; empty for one that is."""
    if any(_FILLED_IN.search(text) for text in (english, french)):
        return "has places to be filled in"
    if "\n" in english.strip() or "\n" in french.strip():
        return "has several lines"
    english, french = clean(english), clean(french)
    if not 1 <= words(english) <= MOST_WORDS or not words(french):
        return f"has no word, or more than {MOST_WORDS}"
    if max(len(english), len(french)) > MOST_CHARACTERS:
        return f"has more than {MOST_CHARACTERS} characters"
    return ""


@cache
def menus(seed: int = 0) -> Corpus:
    """English texts of 1 to 12 words and 60 characters at most, and how they are translated into French.

    A pair comes once; an English text may have several French ones, and a French text several English ones, all of which
    stand in one part. seed: which pairs are for training, four in five, for validation and for the test, one in ten each.
    What is not taken is counted by the reason.
    Source: the package jupyterlab-language-pack-fr-FR (BSD license), which the volunteers of JupyterLab write.
    """
    found, left_out = {}, Counter()
    for english, french, part in messages():
        if why := unfit(english, french):
            left_out[why] += 1
        elif (pair := (clean(english), clean(french))) in found:
            left_out["comes again"] += 1
        else:
            found[pair] = Pair(*pair, part)
    held = len(found) // 10
    return Corpus(
        name="English to French",
        **apart(list(found.values()), held, held, seed),
        source=f"the package {PACKAGE.replace('_', '-')}",
        left_out=dict(left_out),
    )

"""What does without a network: rules for dates, and French texts that are known already."""

from collections import Counter
from collections.abc import Callable, Sequence

from babel.dates import parse_date

from gates.translation.readings import Reader
from gates.translation.texts import Pair

Baseline = Callable[[Sequence[Pair], Sequence[Pair]], list[str]]
"""From pairs to learn from and pairs to translate, whose targets it does not look at, to texts."""


def copied(known: Sequence[Pair], pairs: Sequence[Pair]) -> list[str]:
    """The source as it is."""
    return [pair.source for pair in pairs]


def most_frequent(known: Sequence[Pair], pairs: Sequence[Pair]) -> list[str]:
    """Always the target that is the most frequent among the known pairs, the first of equals."""
    (common, _), *_ = Counter(pair.target for pair in known).most_common(1)
    return [common] * len(pairs)


def nearest_source(known: Sequence[Pair], pairs: Sequence[Pair]) -> list[str]:
    """The target of the known source that is the most alike, the first of equals.

    Alike are texts that share rare runs of 1 to 6 characters within words: the cosine of their TF-IDF, by scikit-learn.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer  # here: it takes a while to load

    runs = TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 6))
    there = runs.fit_transform([pair.source for pair in known])
    asked = runs.transform([pair.source for pair in pairs])
    return [known[k].target for k in (asked @ there.T).toarray().argmax(1)]


def by_parse_date(known: Sequence[Pair], pairs: Sequence[Pair]) -> list[str]:
    """Babel's own `parse_date`, which is told the locale and the format; nothing where it raises."""
    return [_parsed(pair) for pair in pairs]


def _parsed(pair: Pair) -> str:
    locale, length = pair.kind.split(", ")
    try:
        return parse_date(pair.source, locale=locale, format=length).isoformat()
    except (ValueError, IndexError):
        return ""


def by_dateutil(known: Sequence[Pair], pairs: Sequence[Pair]) -> list[str]:
    """The package dateutil, which reads English and is told nothing of the locale; nothing where it raises."""
    from dateutil import parser

    found = []
    for pair in pairs:
        try:
            found.append(parser.parse(pair.source).date().isoformat())
        except (ValueError, OverflowError):
            found.append("")
    return found


def by_rules(reader: Reader) -> Baseline:
    """The rules by which the dates were written, read backward: the first date that they allow."""

    def translated(known: Sequence[Pair], pairs: Sequence[Pair]) -> list[str]:
        readings = (next(iter(reader(pair.source)), None) for pair in pairs)
        return [day.isoformat() if day else "" for day in readings]

    return translated


OF_TEXTS: dict[str, Baseline] = {
    "the source as it is": copied,
    "the most frequent target": most_frequent,
    "the nearest source's target": nearest_source,
}
OF_DATES: dict[str, Baseline] = {
    **OF_TEXTS,
    "Babel's parse_date, told the locale": by_parse_date,
    "dateutil": by_dateutil,
}

"""Dates as they are written in many languages, and the one way in which a standard writes them: 5 mars 1987, 1987-03-05."""

from collections import Counter
from datetime import date, timedelta
from functools import cache

import torch

from gates.translation.readings import FIRST, LAST, LENGTHS, Reader, Style, write
from gates.translation.texts import Corpus, Pair, apart

LOCALES = (
    *("en_US", "en_GB", "fr_FR", "de_DE", "es_ES", "it_IT", "pt_BR", "ca_ES", "ro_RO", "nl_NL"),
    *("sv_SE", "da_DK", "nb_NO", "fi_FI", "is_IS", "et_EE", "lv_LV", "lt_LT", "pl_PL", "cs_CZ"),
    *("sk_SK", "sl_SI", "hr_HR", "hu_HU", "tr_TR", "eu_ES", "el_GR", "ru_RU", "uk_UA", "bg_BG"),
)
"""Languages in the Latin, Greek and Cyrillic scripts, each in one region."""

STYLES = tuple(Style(locale, length) for locale in LOCALES for length in LENGTHS)


@cache
def reader() -> Reader:
    """The rules of all styles, read backward."""
    return Reader(STYLES)


@cache
def dates(seed: int = 0, pairs: int = 10_000) -> Corpus:
    """Dates from 1950 to 2049 in thirty languages and four formats each, with the same dates as ISO 8601 has them.

    seed: which dates are drawn, and in which of the 120 styles each is written. pairs: how many are drawn; each date at
    most once, so that none stands in two parts. A text that in some style stands for another date, as 3/5/87 does, is
    left out and counted. Of the pairs a tenth is for validation, a tenth for the test. The same seed gives the same pairs.
    Fewer than 10 pairs, or more than there are days, raise ValueError.
    Source: the Unicode CLDR's formats, by the package Babel.
    """
    days = (date(LAST, 12, 31) - date(FIRST, 1, 1)).days + 1
    if not 10 <= pairs <= days:
        raise ValueError(f"pairs is {pairs}, and has to be from 10 to {days}, one for each day.")
    generator = torch.Generator().manual_seed(seed)
    which = torch.randperm(days, generator=generator)[:pairs].tolist()
    in_style = torch.randint(len(STYLES), (pairs,), generator=generator).tolist()
    found, left_out = [], Counter()
    for day, k in zip(which, in_style, strict=True):
        this, style = date(FIRST, 1, 1) + timedelta(day), STYLES[k]
        text = write(this, style)
        if len(reader()(text)) > 1:
            left_out["stands for several dates"] += 1
        else:
            found.append(Pair(text, this.isoformat(), str(style)))
    held = len(found) // 10
    return Corpus(
        name="dates",
        **apart(found, held, held, seed),
        source="the Unicode CLDR's formats for dates, by the package Babel",
        left_out=dict(left_out),
    )

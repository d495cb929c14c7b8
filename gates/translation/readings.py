"""Which dates a text can stand for: the rules by which dates are written, read backward."""

import re
from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import NamedTuple

from babel import Locale
from babel.dates import get_date_format

FIRST, LAST = 1950, 2049  # a hundred years, so that two digits say which
DIGITS = "[0-9]+"
LENGTHS = ("short", "medium", "long", "full")  # as the Unicode CLDR calls its four formats


class Style(NamedTuple):
    """A way to write dates. locale: a language and a region, such as "en_GB". length: one of LENGTHS."""

    locale: str
    length: str

    def __str__(self) -> str:
        return f"{self.locale}, {self.length}"


def write(day: date, style: Style) -> str:
    """The date as it is written in that style, by the package Babel, but with plain spaces.

    Bulgarian, Russian and Ukrainian have narrow no-break spaces there, which few people can type.
    """
    locale, pattern = _pattern(style)
    return " ".join(pattern.apply(day, locale).split())


@cache
def _pattern(style: Style) -> tuple[Locale, object]:
    locale = Locale.parse(style.locale)
    return locale, get_date_format(style.length, locale)


def _shape(text: str) -> str:
    return re.sub(DIGITS, "0", text)


class Reader:
    """Reads dates that are written in any of some styles.

    It knows no grammar: each style writes dates of all months, on all days of the week; what such a text has beside its
    numbers tells the style and a month in words, and the order of the numbers which is the day and which the year.
    """

    def __init__(self, styles: Sequence[Style]) -> None:
        self.shapes: dict[str, dict[tuple[Style, str], int]] = {}
        for style in styles:
            # In 2034 and on days after the 12th, so that no two numbers are the same; a full format names the day of the week.
            for month in range(1, 13):
                for day in range(22, 29 if style.length == "full" else 23):
                    text = write(date(2034, month, day), style)
                    named = {str(day): "d", str(month): "m", f"{month:02}": "m", "2034": "y"}
                    order = "".join(named.get(number, "s") for number in re.findall(DIGITS, text))
                    self.shapes.setdefault(_shape(text), {})[style, order] = month

    def __call__(self, text: str) -> dict[date, Style]:
        """All dates from FIRST to LAST that a style writes like this, with the first such style; none for another text."""
        numbers = [int(number) for number in re.findall(DIGITS, text)]
        found: dict[date, Style] = {}
        for (style, order), month in self.shapes.get(_shape(text), {}).items():
            values = {"m": month, **dict(zip(order, numbers, strict=True))}
            year = values["y"] if "y" in values else FIRST + (values["s"] - FIRST) % 100
            try:
                day = date(year, values["m"], values["d"])
            except ValueError:  # no such day
                continue
            if day not in found and FIRST <= year <= LAST and write(day, style) == text:
                found[day] = style
        return found

#!/usr/bin/env bash
# babel 2.18.0: which dates that format_date has written parse_date reads back, in the same locale and format.
# Expected: all of them, but perhaps for the century of a year with two digits.
# Seen: parse_date knows the order of day, month and year in the format and takes numbers only. A month in words is
# counted neither as a number nor refused in words: "medium" and "long" raise IndexError in English, French and Polish alike. And
# where it reads a short date, a year of two digits is always of this century, with no pivot.
# Output seen:
#   short: en_US 11/11/63 -> 2063-11-11, fr_FR 11/11/1963 -> 1963-11-11, pl_PL 11.11.1963 -> 1963-11-11
#   medium: en_US IndexError, fr_FR IndexError, pl_PL IndexError
#   long: en_US IndexError, fr_FR IndexError, pl_PL IndexError
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check babel==2.18.0
"$folder/venv/bin/python" - <<'PYTHON'
import sys
from datetime import date
from importlib.metadata import version
from babel.dates import format_date, parse_date

assert version("babel") == "2.18.0"

def told(locale, length):
    text = format_date(date(1963, 11, 11), length, locale=locale)
    try:
        return f"{locale} {text} -> {parse_date(text, locale=locale, format=length)}"
    except Exception as problem:
        return f"{locale} {type(problem).__name__}"

found = [
    f"{length}: " + ", ".join(told(locale, length) for locale in ("en_US", "fr_FR", "pl_PL"))
    for length in ("short", "medium", "long")
]
print("\n".join(found))
seen = [
    "short: en_US 11/11/63 -> 2063-11-11, fr_FR 11/11/1963 -> 1963-11-11, pl_PL 11.11.1963 -> 1963-11-11",
    "medium: en_US IndexError, fr_FR IndexError, pl_PL IndexError",
    "long: en_US IndexError, fr_FR IndexError, pl_PL IndexError",
]
sys.exit(found != seen)
PYTHON

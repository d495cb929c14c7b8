#!/usr/bin/env bash
# jiwer 4.0.0: which white space parts words in its word error rate, and what an empty reference gives.
# Expected: any white space parts words, or the space alone does; a rate without a reference to divide by is an error.
# Seen: the space alone parts words, so that a tab, a line break or a no-break space joins two words into a wrong one; but
# two white spaces of any kind in a row are made one space first, and two tabs do part words. A reference without words
# gives the number of words that were heard, as a whole number, in the place of a rate.
# Output seen:
#   against "one two": space 0, tab 1.0, line break 1.0, no-break space 1.0, two spaces 0, two tabs 0, two no-break spaces 0
#   no words in the reference, three heard: 3
#   no words on either side: 0
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check jiwer==4.0.0 rapidfuzz==3.14.6
"$folder/venv/bin/python" - <<'PYTHON'
import sys
from importlib.metadata import version
from jiwer import wer

assert (version("jiwer"), version("rapidfuzz")) == ("4.0.0", "3.14.6")
SPACES = {"space": " ", "tab": "\t", "line break": "\n", "no-break space": "\u00a0"}
SPACES |= {"two spaces": "  ", "two tabs": "\t\t", "two no-break spaces": "\u00a0\u00a0"}
rates = {name: wer("one two", f"one{space}two") for name, space in SPACES.items()}
found = [
    'against "one two": ' + ", ".join(f"{name} {rate or 0}" for name, rate in rates.items()),
    f"no words in the reference, three heard: {wer('', 'one two three')!r}",
    f"no words on either side: {wer('', '')!r}",
]
print("\n".join(found))
seen = [
    'against "one two": space 0, tab 1.0, line break 1.0, no-break space 1.0, two spaces 0, two tabs 0, two no-break spaces 0',
    "no words in the reference, three heard: 3",
    "no words on either side: 0",
]
sys.exit(found != seen)
PYTHON

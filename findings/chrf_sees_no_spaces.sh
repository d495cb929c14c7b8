#!/usr/bin/env bash
# sacrebleu 2.6.0: what chrF, with its settings as they come, makes of spaces and of empty texts.
# Expected: a text with its spaces missing, or with one between all letters, is no perfect match; two empty texts are one.
# Seen: white space is taken out before characters are counted, so that both score 100, as the right text does; two
# empty texts score 0; and in a corpus a pair of empty texts counts for nothing, so that the rest decides. With
# whitespace=True spaces count, and word_order=2 (chrF++) notices words that are run together; two empty texts stay at 0.
# Output seen:
#   as it comes: right 100, run together 100, spaced out 100, both empty 0
#   whitespace=True: right 100, run together 38, spaced out 23, both empty 0
#   word_order=2: right 100, run together 86, spaced out 75, both empty 0
#   a corpus of a right text and an empty pair: 100
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check sacrebleu==2.6.0
"$folder/venv/bin/python" - <<'PYTHON'
import sys
from importlib.metadata import version
from sacrebleu.metrics import CHRF

assert version("sacrebleu") == "2.6.0"
PAIRS = {
    "right": ("Save as", "Save as"),
    "run together": ("Saveas", "Save as"),
    "spaced out": ("S a v e a s", "Save as"),
    "both empty": ("", ""),
}

def told(name, metric):
    scores = {of: metric.sentence_score(one, [other]).score for of, (one, other) in PAIRS.items()}
    return f"{name}: " + ", ".join(f"{of} {score:.0f}" for of, score in scores.items())

found = [
    told("as it comes", CHRF()),
    told("whitespace=True", CHRF(whitespace=True)),
    told("word_order=2", CHRF(word_order=2)),
    f"a corpus of a right text and an empty pair: {CHRF().corpus_score(['Save as', ''], [['Save as', '']]).score:.0f}",
]
print("\n".join(found))
seen = [
    "as it comes: right 100, run together 100, spaced out 100, both empty 0",
    "whitespace=True: right 100, run together 38, spaced out 23, both empty 0",
    "word_order=2: right 100, run together 86, spaced out 75, both empty 0",
    "a corpus of a right text and an empty pair: 100",
]
sys.exit(found != seen)
PYTHON

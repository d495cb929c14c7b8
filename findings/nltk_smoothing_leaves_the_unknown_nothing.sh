#!/usr/bin/env bash
# nltk 3.9.2: what its smoothed n-gram models give a symbol that training did not have.
# Expected: something. That is what Kneser-Ney and Witten-Bell smoothing are for, and the vocabulary has <UNK> for it.
# Seen: the three interpolated models give <UNK> exactly nothing, after any context: at the lowest order they fall back to counts,
# not to equal shares. So one new character in a held-out text makes its perplexity infinite, without an error or a
# warning, while all sums over the vocabulary are 1. Laplace gives it a share. Held-out bits that are to be compared need <UNK> in
# the training text, by a vocabulary with a cutoff, or a share of one's own.
# Output seen:
#   KneserNeyInterpolated: sum 1.000, <UNK> 0.0, entropy inf
#   WittenBellInterpolated: sum 1.000, <UNK> 0.0, entropy inf
#   AbsoluteDiscountingInterpolated: sum 1.000, <UNK> 0.0, entropy inf
#   Laplace: sum 1.000, <UNK> 0.042, entropy 4.58
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check nltk==3.9.2
"$folder/venv/bin/python" - <<'PYTHON'
import sys
import nltk
from nltk import lm
from nltk.lm.preprocessing import padded_everygram_pipeline

assert nltk.__version__ == "3.9.2"
text, found = list("the cat sat on the mat and the dog sat on the cat"), []
for name in (
    "KneserNeyInterpolated", "WittenBellInterpolated", "AbsoluteDiscountingInterpolated", "Laplace"
):
    model = getattr(lm, name)(2)
    model.fit(*padded_everygram_pipeline(2, [text]))
    total = sum(model.score(symbol, ["t"]) for symbol in model.vocab)
    unknown = round(model.score("<UNK>", ["t"]), 3)
    entropy = round(model.entropy([("t", "z")]), 2)
    found.append(f"{name}: sum {total:.3f}, <UNK> {unknown}, entropy {entropy}")
print("\n".join(found))
seen = [
    "KneserNeyInterpolated: sum 1.000, <UNK> 0.0, entropy inf",
    "WittenBellInterpolated: sum 1.000, <UNK> 0.0, entropy inf",
    "AbsoluteDiscountingInterpolated: sum 1.000, <UNK> 0.0, entropy inf",
    "Laplace: sum 1.000, <UNK> 0.042, entropy 4.58",
]
sys.exit(found != seen)
PYTHON

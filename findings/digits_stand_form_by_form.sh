#!/usr/bin/env bash
# scikit-learn 1.9.1: load_digits() keeps the forms on which the 1,797 digits were written, and its labels show where each begins.
# Expected: the rows are in no order that matters, so that a random split measures digits that are new.
# Seen: the labels are fourteen copies of one sequence of 130, each with up to eight digits missing: the same digits were asked for in
# the same order, form after form, person after person. A random split puts every hand on both sides; three nearest
# neighbors are better by two to three points for it. No column says who wrote what, and the description nothing of the order.
# Output seen:
#   pieces of 130 126 130 130 130 130 130 123 128 130 128 130 122 130 rows
#   labels that stand in the first piece, too, in this order: 0.968 or more
#   3 nearest neighbors: random halves 0.988, last half from the first 0.963, first from the last 0.951
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check scikit-learn==1.9.1 numpy==2.4.6 scipy==1.17.1
"$folder/venv/bin/python" - <<'PYTHON'
import sys
from difflib import SequenceMatcher

import numpy as np
from sklearn.datasets import load_digits
from sklearn.neighbors import KNeighborsClassifier

data = load_digits()
X, y = data.data, data.target
STARTS = [0, 130, 256, 386, 516, 646, 776, 906, 1029, 1157, 1287, 1415, 1545, 1667]
pieces = [y[start:end].tolist() for start, end in zip(STARTS, [*STARTS[1:], len(y)])]
alike = [SequenceMatcher(None, pieces[0], piece, autojunk=False).ratio() for piece in pieces]


def score(train, test):
    return KNeighborsClassifier(3).fit(X[train], y[train]).score(X[test], y[test])


half, order = len(y) // 2, np.random.default_rng(0).permutation(len(y))
first, last = np.arange(half), np.arange(half, len(y))
scores = score(order[:half], order[half:]), score(first, last), score(last, first)
print("pieces of", *map(len, pieces), "rows")
print(f"labels that stand in the first piece, too, in this order: {min(alike):.3f} or more")
print(
    "3 nearest neighbors: random halves {:.3f}, last half from the first {:.3f}, first from the last {:.3f}".format(*scores)
)
sys.exit(not (min(alike) > 0.965 and scores[0] - max(scores[1:]) > 0.015))
PYTHON

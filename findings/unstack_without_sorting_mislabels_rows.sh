#!/usr/bin/env bash
# pandas 3.0.6 (3.0.0 alike; 2.3.3 is right): unstack(sort=False) puts values beside the labels of other rows, without an error.
# Expected: sort=False changes the order in which rows and columns come, and no value.
# Seen: where two levels or more stay in the index and rows do not come sorted, labels are in the order of their first appearance, and
# the values are in the order in which the levels' own codes count up, so half of a small table stands in wrong rows. With one
# level left, and by pivot, or by pivot_table(sort=False), everything is right. A table of results for task and seed looks whole and
# plausible, and every mean in it is wrong. unstack() and then loc, for the order one wants, is safe.
# Output seen:
#   unstack(sort=False): y 1 holds y1, x 1 holds y2, y 2 holds x1, x 2 holds x2
#   wrong values: unstack 0, pivot 0, pivot_table(sort=False) 0, unstack(sort=False) 2 of 4
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pandas==3.0.6 numpy==2.4.6
"$folder/venv/bin/python" - <<'PYTHON'
import sys

import pandas as pd

rows = [(task, seed, "score") for seed in (1, 2) for task in "yx"]
table = pd.DataFrame(rows, columns=["task", "seed", "metric"])
table["value"] = [f"{task}{seed}" for task, seed, _ in rows]
series = table.set_index(["task", "seed", "metric"])["value"]
wide = {
    "unstack": series.unstack(),
    "pivot": table.pivot(index=["task", "seed"], columns="metric", values="value"),
    "pivot_table(sort=False)": table.pivot_table(
        index=["task", "seed"], columns="metric", values="value", aggfunc="first", sort=False
    ),
    "unstack(sort=False)": series.unstack(sort=False),
}
found = {name: sum(of.loc[(t, s), "score"] != f"{t}{s}" for t, s, _ in rows) for name, of in wide.items()}
held = ", ".join(f"{t} {s} holds {v}" for (t, s), v in wide["unstack(sort=False)"]["score"].items())
print(f"unstack(sort=False): {held}")
print(f"wrong values: {', '.join(f'{name} {count}' for name, count in found.items())} of {len(rows)}")
sys.exit(list(found.values()) != [0, 0, 0, 2])
PYTHON

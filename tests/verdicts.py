"""The verdicts on all answers of the bank, to be compared before and after a rebuild of the checks.

`python tests/verdicts.py record FILE` judges every answer and writes what was said; `python tests/verdicts.py compare A B`
prints a table by lesson of how many verdicts, named mistakes and texts are the same in two such files, and ends with 1
if any differs. Run the first on each of the two commits.
"""

import hashlib
import json
import sys
from collections import Counter
from pathlib import Path

import torch
from tqdm import tqdm

sys.path.insert(0, str(Path(__file__).parent))

Told = dict[str, list]


def recorded() -> Told:
    """For each answer of the bank, by a key made of its text: its exercise's lesson, status, mistakes and message."""
    from bank import BANK, EXERCISES, judge, written

    found: Told = {}
    for entry in tqdm(BANK):
        text = "\0".join((entry["exercise"], entry["mistake"], entry["code"]))
        key = f"{entry['exercise']} {hashlib.sha256(text.encode()).hexdigest()[:16]}"
        verdict = judge(entry["exercise"], written(entry["code"], entry["exercise"]))
        lesson = EXERCISES[entry["exercise"]].lesson
        found[key] = [lesson, verdict.status, list(verdict.mistakes), verdict.message]
    return found


def compare(before: Told, after: Told) -> int:
    """Print the table; 1 if anything differs, 0 if not."""
    counts = {k: Counter() for k in sorted({v[0] for v in (*before.values(), *after.values())})}
    for key in before.keys() | after.keys():
        one, other = before.get(key), after.get(key)
        of = counts[(one or other)[0]]
        of["answers"] += 1
        if one is None or other is None:
            of["only in one"] += 1
            print(f"only {'before' if one else 'after'}: {key}")
            continue
        same = [one[k] == other[k] for k in (1, 2, 3)]
        for name, is_same in zip(("verdict", "mistakes", "text"), same, strict=True):
            of[name] += is_same
        if not all(same):
            print(f"{key}\n  before: {one[1:]}\n  after:  {other[1:]}")
    columns = ("answers", "verdict", "mistakes", "text", "only in one")
    print(f"{'lesson':8}" + "".join(f"{name:>13}" for name in columns))
    for name, of in [*counts.items(), ("all", sum(counts.values(), Counter()))]:
        print(f"{name:8}" + "".join(f"{of[column]:13}" for column in columns))
    together = sum(counts.values(), Counter())
    return int(
        any(together[name] != together["answers"] for name in ("verdict", "mistakes", "text"))
    )


if __name__ == "__main__":
    torch.set_num_threads(1)
    match sys.argv[1:]:
        case ["record", file]:
            Path(file).write_text(json.dumps(recorded(), indent=1), encoding="utf-8")
        case ["compare", one, other]:
            sys.exit(
                compare(*(json.loads(Path(f).read_text(encoding="utf-8")) for f in (one, other)))
            )
        case _:
            sys.exit(__doc__)

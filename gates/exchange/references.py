"""What each framework's layers made of small random arrays, stored for where the framework is missing.

`python -m gates.exchange.references` makes `references.npz` anew, in which all frameworks and their versions have to be
there; with `--check` it only says whether they would make the same.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy import ndarray as Array

from gates.exchange.packages import CALLED, here, missing
from gates.exchange.reading import Reading
from gates.exchange.rows import MEASURED_WITH, ROWS, Row

FILE = Path(__file__).with_name("references.npz")
T, B, I, H = 5, 3, 3, 4
LENGTHS = (5, 1, 3)
CLOSE = 1e-5  # of float32 numbers of size 1, summed in another order


@dataclass(frozen=True)
class Reference:
    """A layer's arrays, what it was given, and what it made of that. lengths: None where it cannot be told any."""

    row: Row
    arrays: list[dict[str, Array]]
    xs: Array
    start: tuple[Array, ...]
    lengths: tuple[int, ...] | None
    reading: Reading


def cases() -> Iterator[tuple[Row, int]]:
    """The rows, in one direction and, where the framework has that, in two."""
    for row in ROWS.values():
        yield row, 1
        if row.together:
            yield row, 2


def made_now(row: Row, directions: int) -> Reference:
    """The reference, by the framework itself. Raises ImportError if it is missing."""
    package = here(row.package)
    random = np.random.default_rng([len(row.name), *row.name.encode(), directions])
    normal = lambda *shape: random.normal(0, 0.7, shape).astype(np.float32)  # noqa: E731
    layer = package.made(row, I, H, directions == 2)
    arrays = [
        {name: normal(*array.shape) for name, array in sorted(one.items())}
        for one in package.arrays(layer)
    ]
    layer = package.put(layer, arrays)
    xs, start = normal(T, B, I), tuple(normal(directions, B, H) for _ in row.state)
    lengths = LENGTHS if row.at_end else None
    return Reference(row, arrays, xs, start, lengths, package.read(layer, xs, lengths, start))


def stored(row: Row, directions: int) -> Reference:
    """The reference, from the file."""
    names = f"{row.name}|{directions}|"
    of = {
        name.removeprefix(names): array for name, array in _file().items() if name.startswith(names)
    }
    arrays = [
        {
            name.removeprefix(f"{k}|"): array
            for name, array in of.items()
            if name.startswith(f"{k}|")
        }
        for k in range(directions)
    ]
    start, state = (
        tuple(of[f"{end}|{part}"] for part in sorted(row.state, reverse=True))
        for end in ("start", "state")
    )
    return Reference(
        row, arrays, of["xs"], start, LENGTHS if row.at_end else None, Reading(of["ys"], state)
    )


def versions() -> dict[str, str]:
    """The versions with which the file was made."""
    return json.loads(str(_file()["versions"]))


def largest_difference(one: Reading, other: Reading) -> float:
    """Of all outputs and of all parts of the state."""
    pairs = zip((one.ys, *one.state), (other.ys, *other.state), strict=True)
    return max(float(np.abs(a - b).max()) for a, b in pairs)


@cache
def _file() -> dict[str, Array]:
    with np.load(FILE, allow_pickle=False) as file:
        return dict(file)


def _packed(reference: Reference) -> dict[str, Array]:
    names = f"{reference.row.name}|{len(reference.arrays)}|"
    parts = sorted(reference.row.state, reverse=True)  # h first
    held = {"xs": reference.xs, "ys": reference.reading.ys}
    held |= {f"start|{part}": array for part, array in zip(parts, reference.start, strict=True)}
    held |= {
        f"state|{part}": array for part, array in zip(parts, reference.reading.state, strict=True)
    }
    for k, one in enumerate(reference.arrays):
        held |= {f"{k}|{name}": array for name, array in one.items()}
    return {names + name: np.asarray(array) for name, array in held.items()}


def _installed() -> dict[str, str]:
    return {
        name: version(CALLED.get(name, name)) if name != "torch" else version(name).split("+")[0]
        for name in MEASURED_WITH
    }


def main() -> str | None:
    parser = argparse.ArgumentParser(
        prog="python -m gates.exchange.references", description=__doc__
    )
    parser.add_argument("--check", action="store_true", help="write nothing")
    check = parser.parse_args().check
    lacks = [name for package in MEASURED_WITH for name in missing(package)]
    if lacks:
        return (
            f"Install {', '.join(dict.fromkeys(lacks))} first: `python course.py frameworks` does."
        )
    now = [made_now(row, directions) for row, directions in cases()]
    if check:
        apart = [
            largest_difference(one.reading, stored(one.row, len(one.arrays)).reading) for one in now
        ]
        print(
            f"{len(now)} references, made with {_installed()}: at most {max(apart):.1e} from the file."
        )
        return "They are not what the file holds." if max(apart) > CLOSE else None
    held = {name: array for one in now for name, array in _packed(one).items()}
    np.savez_compressed(FILE, versions=np.array(json.dumps(_installed())), **held)
    print(f"{FILE.name}: {len(now)} references, {FILE.stat().st_size / 1000:.0f} kB.")
    return None


if __name__ == "__main__":
    sys.exit(main())

"""`python -m gates.results.grids`: the grids; with a name, that grid is run and its table written."""

import sys

import torch

from gates.results import save
from gates.results.grids import GRIDS, kept, make


def main(arguments: list[str]) -> None:
    if len(arguments) != 1 or arguments[0] not in GRIDS:
        listed = "\n".join(f"  {name}: {grid.__doc__}" for name, grid in GRIDS.items())
        sys.exit(f"Say which grid to run:\n{listed}")
    (name,) = arguments
    torch.set_num_threads(1)
    print(save(make(name), name, f"python -m gates.results.grids {name}"))
    for row in GRIDS[name]():
        kept(name, row).unlink(missing_ok=True)


if __name__ == "__main__":
    main(sys.argv[1:])

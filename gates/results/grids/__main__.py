"""`python -m gates.results.grids`: the grids; with a name, that grid is run and its table written."""

import argparse
import sys

import torch

from gates.results import save
from gates.results.grids import GRIDS
from gates.results.grids.running import Unfinished, forget, make


def _parser() -> argparse.ArgumentParser:
    listed = "\n".join(f"  {name}: {grid.__doc__}" for name, grid in GRIDS.items())
    parser = argparse.ArgumentParser(
        prog="python -m gates.results.grids",
        description=f"Run a grid and write its table. There are:\n{listed}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", choices=list(GRIDS), metavar="NAME", help="which grid")
    parser.add_argument("--jobs", type=int, help="how many rows side by side (one a core)")
    parser.add_argument("--scheduler", help="the address of a dask scheduler")
    return parser


def main(arguments: list[str]) -> None:
    if not arguments:
        _parser().print_help()
        sys.exit("Say which grid to run.")
    asked = _parser().parse_args(arguments)
    torch.set_num_threads(1)  # as in every run, and so beside the table
    try:
        table = make(asked.name, asked.jobs, asked.scheduler)
    except Unfinished as problem:
        sys.exit(str(problem))
    except KeyboardInterrupt:
        sys.exit("\nStopped. What is done is kept; the same command goes on from there.")
    print(save(table, asked.name, f"python -m gates.results.grids {asked.name}"))
    forget(asked.name)


if __name__ == "__main__":
    main(sys.argv[1:])

"""`python -m gates.build [NN …]`, or `--new NN_name` for the skeleton of a lesson."""

import argparse
import sys

from gates.build.execution import build
from gates.build.sources import BadSource, new
from gates.facts import BadFacts


def main() -> None:
    parser = argparse.ArgumentParser(prog="gates.build", description="Build the lessons.")
    parser.add_argument("only", nargs="*", help="numbers of lessons, such as 03; all, if left out")
    parser.add_argument("--new", metavar="NAME", help="write the skeleton of a new lesson instead")
    arguments = parser.parse_args()
    try:
        if arguments.new is not None:
            print(f"Wrote lessons/{new(arguments.new).name}: fill it in, then run `make build`.")
        else:
            build(only=arguments.only)
    except (BadSource, BadFacts) as problem:
        sys.exit(f"\n{problem}")


if __name__ == "__main__":
    main()

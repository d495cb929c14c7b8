"""`python -m gates.checks grade FOLDER`: grade the notebooks of a class."""

import argparse
from pathlib import Path

from gates.checks.grading import MEGABYTES, SECONDS, grade, histogram


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m gates.checks")
    commands = parser.add_subparsers(dest="command", required=True)
    of = commands.add_parser("grade", help="judge the exercises in a folder of learners' notebooks")
    of.add_argument("folder", type=Path, help="one subfolder, or one notebook, for each learner")
    of.add_argument("--out", type=Path, default=Path("grades.csv"), help="the table (grades.csv)")
    of.add_argument("--seconds", type=float, default=SECONDS, help="for one exercise")
    of.add_argument("--megabytes", type=int, default=MEGABYTES, help="for one exercise")
    arguments = parser.parse_args()
    if not arguments.folder.is_dir():
        parser.error(
            f"there is no folder {arguments.folder}: name the one that holds the notebooks."
        )
    found = grade(arguments.folder, arguments.out, arguments.seconds, arguments.megabytes)
    print(histogram(found))
    passed = sum(row.status == "passed" for row in found)
    print(f"{passed} of {len(found)} passed. The table is in {arguments.out}.")


if __name__ == "__main__":
    main()

"""`python -m gates.checks grade FOLDER`: grade the hand-ins of a class."""

import argparse
import sys
from pathlib import Path

from gates.checks.grading import (
    MEGABYTES,
    SECONDS,
    cores,
    grade,
    guards,
    histogram,
    page,
    room,
    roster,
)
from gates.checks.verdict import PASSED


def _positive(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is no number") from None
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is not above 0")
    return number


def _count(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"{text} is not a whole number above 0")
    return int(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m gates.checks")
    commands = parser.add_subparsers(dest="command", required=True)
    of = commands.add_parser("grade", help="judge the exercises in a folder of hand-ins")
    where = "one subfolder, or one file, for each learner: .ipynb, .py or .zip; or a single file"
    of.add_argument("folder", type=Path, help=where)
    of.add_argument(
        "--out",
        type=Path,
        default=Path("grades.csv"),
        help="the table (grades.csv); the page, the wagers and the learners' feedback go beside it",
    )
    of.add_argument("--roster", type=Path, help="a list of the class, to see who is missing")
    of.add_argument(
        "--column", default="", help="the heading of the roster's names, if not the first column"
    )
    of.add_argument("--jobs", type=_count, default=cores(), help=f"answers at once ({cores()})")
    of.add_argument(
        "--seconds", type=_positive, default=SECONDS, help=f"for one exercise ({SECONDS:g})"
    )
    of.add_argument(
        "--megabytes", type=_count, default=MEGABYTES, help=f"for one exercise ({MEGABYTES})"
    )
    return parser


def main() -> None:
    parser = _parser()
    given = parser.parse_args()
    if not given.folder.exists():
        parser.error(f"there is no folder {given.folder}: name the one that holds the notebooks.")
    if given.out.suffix.lower() in (".html", ".htm"):
        better = given.out.with_suffix(".csv")
        parser.error(f"the table is a CSV file, and the page goes beside it: write --out {better}.")
    try:
        names = roster.read(given.roster, given.column) if given.roster else None
        guards.hide()
        graded = grade(given.folder, given.out, given.seconds, given.megabytes, given.jobs, names)
    except (roster.BadRoster, OSError) as problem:
        parser.error(str(problem))
    found = [row for row in graded.rows if row.exercise]
    print(histogram(found))
    passed = sum(row.status == PASSED for row in found)
    html, folder = page.places(given.out)
    print(
        f"{passed} of {len(found)} answers passed. The table is in {given.out}, to be read in {html};"
    )
    print(f"what each learner gets to read is in {folder}. {guards.told()}")
    if graded.wagers:
        print(f"{len(graded.wagers)} wagers are pooled in {room.place(given.out)}.")
    if graded.stopped:
        sys.exit(130)


if __name__ == "__main__":
    main()

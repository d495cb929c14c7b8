"""`python -m gates.sweep LESSON -p seeds 5 10 …`: a lesson run at each point of a grid, and one table of all runs."""

import argparse
import hashlib
import importlib.util
import shlex
import sys
from collections import Counter
from pathlib import Path

from gates.home import home
from gates.results import tell
from gates.sweep import engine, kept, lesson, points, table
from gates.sweep.guard import Limits
from gates.sweep.points import Unusable


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m gates.sweep",
        description="Run a lesson once for each point of a grid of its parameters. A sweep that was stopped, or killed, "
        "goes on where it was when the same command is given again. A run that fails, is killed, or takes more than it "
        "may is a row that says so.",
    )
    parser.add_argument("lesson", help="a lesson's number, such as 06, or the path of a notebook")
    parser.add_argument(
        "-p",
        dest="parameters",
        nargs="+",
        action="append",
        default=[],
        metavar=("NAME", "VALUE"),
        help="a parameter and its values; 0..9 are the whole numbers from 0 to 9",
    )
    parser.add_argument(
        "--out",
        type=Path,
        default=Path("sweep.csv"),
        help="the table, .csv or .parquet (sweep.csv)",
    )
    parser.add_argument("--jobs", type=int, help="how many runs side by side (one a core)")
    parser.add_argument(
        "--scheduler", help="the address of a dask scheduler, such as tcp://host:8786"
    )
    parser.add_argument(
        "--seconds", type=float, default=3600, help="the time a run may take (3600)"
    )
    parser.add_argument(
        "--megabytes", type=float, default=float("inf"), help="the memory it may hold (any)"
    )
    parser.add_argument(
        "--folder", type=Path, help="where runs are kept; all machines have to see it"
    )
    parser.add_argument(
        "--again", action="store_true", help="run those once more that did not finish"
    )
    return parser


def main(arguments: list[str]) -> int:
    """Sweep, write the table and what each run took, and say where. Returns the exit code."""
    asked = _parser().parse_args(arguments)
    try:
        _needs(asked)
        table.check(asked.out)
        file = lesson.notebook(asked.lesson)
        grid = points.points(asked.parameters, lesson.usual(file))
    except Unusable as problem:
        print(problem, file=sys.stderr)
        return 2
    folder = asked.folder or home() / "sweeps" / _named(file)
    jobs = lesson.jobs(file, grid, folder.absolute())
    print(f"{len(jobs)} runs of {file.name}; each is kept in {folder} as it ends.", flush=True)
    try:
        outcomes = engine.sweep(
            jobs,
            folder,
            Limits(asked.seconds, asked.megabytes),
            asked.jobs,
            asked.scheduler,
            asked.again,
            title=file.stem,
        )
    except KeyboardInterrupt:
        done = sum(kept.read(folder, job.key) is not None for job in jobs)
        print(
            f"\nStopped. {done} of {len(jobs)} runs are kept; the same command goes on from there."
        )
        return 130
    except OSError as problem:
        print(f"The scheduler {asked.scheduler} does not answer ({problem}).", file=sys.stderr)
        return 2
    found = table.tidy(grid, outcomes)
    table.write(found, asked.out)
    beside = asked.out.with_name(f"{asked.out.stem}.runs.csv")
    table.write(table.costs(grid, outcomes), beside)
    command = f"python -m gates.sweep {shlex.join(arguments)}"
    tell(asked.out.with_suffix(".json"), command)
    counts = Counter(outcome.status for outcome in outcomes)
    told = ", ".join(
        f"{counts[status]} {status}" for status in sorted(counts, key=counts.get)[::-1]
    )
    print(f"{told}. The table is {asked.out}, {len(found)} rows; what each run took is {beside}.")
    if counts.keys() - {kept.FINISHED}:
        print(f"To run the others once more: {command} --again")
    return 0


def _named(file: Path) -> str:
    """A folder's name for a notebook: two of one name in different places are two."""
    return f"{file.stem}-{hashlib.sha256(str(file).encode()).hexdigest()[:8]}"


def _needs(asked: argparse.Namespace) -> None:
    """Refuse what a package is missing for."""
    wanted = {"papermill": True, "joblib": True, "distributed": asked.scheduler}
    wanted["pyarrow"] = asked.out.suffix == ".parquet"
    missing = [
        name for name, needed in wanted.items() if needed and not importlib.util.find_spec(name)
    ]
    if missing:
        raise Unusable(f"This needs {' and '.join(missing)}: pip install {' '.join(missing)}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""A lesson run at one point of a grid, through papermill; and what it found."""

import contextlib
import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path

import nbformat
import pandas as pd
from nbformat import NotebookNode

from gates.claims import CLAIMS
from gates.printed import printed, told
from gates.sweep import points, recording
from gates.sweep.job import Job
from gates.sweep.kept import Failed
from gates.sweep.points import Unusable

ROOT = Path(__file__).resolve().parents[2]


def notebook(lesson: str, root: Path = ROOT) -> Path:
    """The notebook of a lesson: its complete edition by its number, or any notebook by its path."""
    if lesson.endswith(".ipynb"):
        if not Path(lesson).is_file():
            raise Unusable(f"There is no notebook {lesson}.")
        return Path(lesson).absolute()
    found = sorted((root / "solutions").glob(f"{lesson.zfill(2)}_*.ipynb"))
    if not found:
        there = ", ".join(file.name[:2] for file in sorted((root / "solutions").glob("*.ipynb")))
        raise Unusable(
            f"There is no lesson {lesson}: name one of {there or 'the course, which has none here'}, or a notebook's path."
        )
    return found[0]


def usual(file: Path) -> dict[str, object]:
    """The parameters that a notebook has by itself."""
    cells = [cell for cell in _read(file).cells if "parameters" in cell.metadata.get("tags", ())]
    if len(cells) != 1:
        many = f"{len(cells)} cells" if cells else "no cell"
        raise Unusable(
            f"{file.name} has {many} tagged parameters, and a sweep needs one, which holds what is varied."
        )
    return points.parameters(cells[0].source)


def jobs(file: Path, grid: list[dict], folder: Path) -> list[Job]:
    """A run of the notebook for each point of a grid."""
    sources = [(cell.cell_type, cell.source) for cell in _read(file).cells]
    digest = hashlib.sha256(repr(sources).encode()).hexdigest()
    found = []
    for point in grid:
        arguments = {"file": str(file), "point": point, "folder": str(folder)}
        shown = ", ".join(f"{name} {value}" for name, value in point.items())
        of = [file.name, digest, version("torch"), point]
        found.append(Job(f"{__name__}:run", arguments, of, shown))
    return found


def run(file: str, point: dict, folder: str) -> pd.DataFrame:
    """Run a notebook with these parameters. Returns what it recorded and what it printed of the claims.

    While it runs, its home and its executed copy lie in folder; when it has finished they are removed, and after a failure the
    copy stays, to be looked into. A run counts as finished if every cell ran, whatever cells did that are
    tagged raises-exception; one that did not raises Failed with the cell and its error.
    """
    import papermill
    from papermill.exceptions import PapermillException

    name = hashlib.sha256(repr(sorted(point.items())).encode()).hexdigest()[:12]
    home, executed = Path(folder, f"{name}.home"), Path(folder, f"{name}.ipynb")
    home.mkdir(parents=True, exist_ok=True)
    rows = home / "recorded.jsonl"
    rows.unlink(missing_ok=True)
    os.environ |= {"GATES_HOME": str(home), "IPYTHONDIR": str(home), recording.VARIABLE: str(rows)}
    # papermill says so, too, of a run that has finished, where a cell raised that may
    with contextlib.suppress(PapermillException):
        papermill.execute_notebook(
            file,
            executed,
            point,
            kernel_name="python3",
            progress_bar=False,
            cwd=str(Path(file).parent),
        )
    cells = _read(executed).cells
    if problem := unfinished(cells):
        raise Failed(f"{problem} The notebook as it ran is {executed}.")
    table = pd.DataFrame([*recording.recorded(rows), *figures(cells)])
    shutil.rmtree(home)
    executed.unlink()
    return table


def unfinished(cells: list[NotebookNode]) -> str:
    """In a sentence, which cell of an executed notebook failed, or was not reached; empty if it has finished."""
    for cell in cells:
        if cell.cell_type != "code" or not cell.source.strip():
            continue
        for output in cell.outputs:
            if output.output_type == "error" and not _may_raise(cell):
                first = (output.evalue.strip().splitlines() or [""])[0]
                return f"Cell {cell.get('id')} raised {output.ename}: {first}"
        if cell.execution_count is None and not _may_raise(cell):
            return f"Cell {cell.get('id')} was not reached."
    return ""


def figures(cells: list[NotebookNode]) -> Iterator[dict]:
    """The claims' figures that cells have printed, a row each: metric "C08 figure", value, low and high."""
    by_id: Mapping[str, NotebookNode] = {cell.get("id"): cell for cell in cells}
    for claim in CLAIMS:
        for name, figure in claim.figures.items():
            if figure.cell in by_id and by_id[figure.cell].cell_type == "code":
                try:
                    number, low, high = told(figure, printed(by_id[figure.cell]))
                except ValueError:  # other parameters, other words: "not enough seeds solved it"
                    continue
                yield {"metric": f"{claim.id} {name}", "value": number, "low": low, "high": high}


def _may_raise(cell: NotebookNode) -> bool:
    return "raises-exception" in cell.metadata.get("tags", ())


def _read(file: Path) -> NotebookNode:
    return nbformat.read(file, as_version=4)

"""A source's two editions, the learner's and the complete one, before anything is executed."""

import json
import subprocess
import sys

import nbformat
from nbformat import NotebookNode

from gates.build.exercises import blank, solved
from gates.build.keys import key
from gates.build.sources import Lesson, has

EDITIONS = ("notebooks", "solutions")
LONGEST_LINE = 100


def _folded(cell: NotebookNode) -> str:
    """A hint, folded behind its first line."""
    title, _, body = cell.source.strip().partition("\n")
    return f"<details><summary>{title.lstrip('# ')}</summary>\n\n{body.strip()}\n\n</details>"


def convert(lesson: Lesson) -> dict[str, NotebookNode]:
    """Both editions of a lesson, without outputs. Names that an edition uses and does not define raise BadSource."""
    editions, of_it = {}, key(lesson)
    for edition in EDITIONS:
        notebook = nbformat.v4.new_notebook(
            metadata={
                "kernelspec": {
                    "display_name": "Python 3 (ipykernel)",
                    "language": "python",
                    "name": "python3",
                },
                "language_info": {"name": "python"},
                "gates": {"edition": edition, "key": of_it},
            }
        )
        for cell in lesson.notebook.cells:
            if has(cell, "instructor"):
                continue
            tags = list(cell.metadata.tags)
            if cell.cell_type != "code":
                source = _folded(cell) if has(cell, "hint") else cell.source
                made = nbformat.v4.new_markdown_cell(source)
            else:
                source = cell.source
                if has(cell, "exercise"):
                    source = (blank if edition == "notebooks" else solved)(lesson, cell)
                    tags.append("raises-exception")
                made = nbformat.v4.new_code_cell(source)
            made.id, made.metadata = cell.id, NotebookNode(tags=tags)
            notebook.cells.append(made)
        for cell in notebook.cells:
            lines = cell.source.splitlines() if cell.cell_type == "code" else []
            if long := [line for line in lines if len(line) > LONGEST_LINE]:
                what = f"a line is longer than {LONGEST_LINE} characters, and a narrow window cuts it off"
                raise lesson.bad(cell, f"{what}: {long[0].strip()[:40]} …")
        nbformat.validate(notebook)
        _check_names(lesson, notebook)
        editions[edition] = notebook
    return editions


def _check_names(lesson: Lesson, notebook: NotebookNode) -> None:
    """Ask ruff for names that are used and never defined, and for code that does not parse."""
    command = [
        sys.executable,
        "-m",
        "ruff",
        "check",
        "--isolated",
        "--select",
        "F821,E9",
        "--output-format",
        "json",
    ]
    told = subprocess.run(
        [*command, "--stdin-filename", f"{lesson.name}.ipynb", "-"],
        input=nbformat.writes(notebook),
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    for finding in json.loads(told.stdout):
        cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
        cell = cells[_code_position(notebook, finding["cell"])]
        edition = "learner" if notebook.metadata.gates.edition == "notebooks" else "complete"
        advice = " Import or define it in a cell above." if finding["code"] == "F821" else ""
        raise lesson.bad(cell, f"in the {edition} edition, {finding['message']}.{advice}")


def _code_position(notebook: NotebookNode, position: int) -> int:
    """The index among code cells of the cell that ruff calls `position`, counting all cells from 1."""
    return sum(cell.cell_type == "code" for cell in notebook.cells[: position - 1])

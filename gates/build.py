"""Lessons to notebooks: `lessons/NN_name.md` becomes a learner edition and a complete, executed edition.

Run as `python -m gates.build [NN …]`, or `--new NN_name` for the skeleton of a lesson. Tags in a source mean:

    exercise      a library import to be written by the learner, or code between the solution markers
    hint          folded; its first line, a heading, becomes the line one clicks
    instructor    for the source only
    parameters    the one cell that papermill may overwrite; needed where a cell is tagged `experiment`
    experiment    a measurement over seeds
"""

import argparse
import ast
import hashlib
import importlib
import inspect
import json
import os
import re
import subprocess
import sys
import tempfile
import textwrap
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode
from tqdm import tqdm

from gates import front, texts
from gates.exercises import EXERCISES
from gates.facts import BadFacts

ROOT = Path(__file__).resolve().parent.parent
EDITIONS = ("notebooks", "solutions")
LONGEST_CELL = 15
LONGEST_LINE = 100
CELL_SECONDS = 180
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
_CHECKED = re.compile(r"\b(?:check|predict)\(\s*[\"'](\w+)[\"']")
_GIVEN = re.compile(r"\b(?:check|show_me)\(\s*[\"'](\w+)[\"']")


class BadSource(Exception):
    """A lesson that cannot be built. The text names the lesson and the cell, and says what to do."""


@dataclass(frozen=True)
class Lesson:
    """A lesson's source: its path, name and number, and the notebook that its text stands for."""

    path: Path
    notebook: NotebookNode

    @property
    def name(self) -> str:
        return self.path.stem

    @property
    def number(self) -> str:
        return self.name[:2]

    def bad(self, cell: NotebookNode, what: str) -> BadSource:
        return BadSource(f"lessons/{self.path.name}, cell {cell.id}: {what}")


def lessons(root: Path = ROOT) -> list[Path]:
    """The sources, in order."""
    return front.sources(root)


def load(path: Path) -> Lesson:
    """Read a source and check it; a bad one raises BadSource, or BadFacts for its front matter."""
    notebook = texts.notebook(path)
    lesson = Lesson(path, notebook)
    used = set()
    for order, cell in enumerate(notebook.cells):
        cell.metadata.setdefault("tags", [])
        cell.id = f"{lesson.number}-{cell.metadata.pop('name', f'{order:03d}')}"
        if cell.id in used or not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", cell.id):
            raise lesson.bad(
                cell, "its name must be the only one of its kind, in letters, digits, - and _."
            )
        used.add(cell.id)
    _check_cells(lesson)
    _check_exercises(lesson)
    _check_parameters(lesson)
    return lesson


def _has(cell: NotebookNode, tag: str) -> bool:
    return tag in cell.metadata.tags


def _check_cells(lesson: Lesson) -> None:
    for cell in lesson.notebook.cells:
        if cell.cell_type == "markdown" and (
            found := re.search(r"^(```|:::)\{|\{\w+\}`", cell.source, re.M)
        ):
            raise lesson.bad(
                cell,
                f"{found.group()!r} is a MyST directive or role, which a notebook shows as raw text.",
            )
        if cell.cell_type == "code":
            lines = [
                line
                for line in cell.source.splitlines()
                if line.strip() and line.strip() not in (BEGIN, END)
            ]
            if len(lines) > LONGEST_CELL:
                raise lesson.bad(
                    cell, f"it has {len(lines)} lines; {LONGEST_CELL} are the most. Split it."
                )
            inside = False
            for line in cell.source.splitlines():
                if line.strip() == (END if not inside else BEGIN):
                    raise lesson.bad(cell, f"`{line.strip()}` without its counterpart before it.")
                inside = not inside if line.strip() in (BEGIN, END) else inside
            if inside:
                raise lesson.bad(cell, f"`{BEGIN}` is not closed by `{END}`.")


def _check_exercises(lesson: Lesson) -> None:
    cells = [cell for cell in lesson.notebook.cells if cell.cell_type == "code"]
    for order, cell in enumerate(cells):
        for name in _GIVEN.findall(cell.source):
            if name not in EXERCISES:
                raise lesson.bad(cell, f"there is no exercise {name!r} in gates/exercises/.")
        if BEGIN in cell.source and not _has(cell, "exercise"):
            raise lesson.bad(cell, "it holds a solution, so it needs the tag `exercise`.")
        if not _has(cell, "exercise"):
            continue
        names = _asked(lesson, cell)
        checked = {name for later in cells[order + 1 :] for name in _CHECKED.findall(later.source)}
        if missing := [name for name in names if name not in checked]:
            raise lesson.bad(
                cell,
                f'the exercise {missing[0]} has no check: add a cell with check("{missing[0]}").',
            )


def _check_parameters(lesson: Lesson) -> None:
    tagged = [cell for cell in lesson.notebook.cells if _has(cell, "parameters")]
    experiments = [cell for cell in lesson.notebook.cells if _has(cell, "experiment")]
    if len(tagged) > 1:
        raise lesson.bad(tagged[1], "it is a second cell tagged `parameters`; there may be one.")
    for cell in tagged:
        code = [c.source for c in lesson.notebook.cells if c.cell_type == "code" and c is not cell]
        if not any(re.search(r"^valid\(", source, re.M) for source in code):
            what = "its parameters are not checked: add a cell below it that calls `valid(…)` from gates.settings."
            raise lesson.bad(cell, what)
    if experiments and not tagged:
        raise lesson.bad(
            experiments[0], "it is an experiment, so the lesson needs a cell tagged `parameters`."
        )


def _imported(lesson: Lesson, cell: NotebookNode) -> tuple[str, object] | None:
    """The name and the object of an exercise that is a library import; None for one with solution markers."""
    if BEGIN in cell.source:
        return None
    body = ast.parse(cell.source).body
    if len(body) != 1 or not isinstance(body[0], ast.ImportFrom) or len(body[0].names) != 1:
        raise lesson.bad(
            cell,
            f"an exercise is one import from the library, or code between `{BEGIN}` and `{END}`.",
        )
    module, name = body[0].module or "", body[0].names[0].name
    try:
        return name, getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError):
        raise lesson.bad(cell, f"{module} has no {name}.") from None


def _asked(lesson: Lesson, cell: NotebookNode) -> list[str]:
    """The names that an exercise cell asks the learner for."""
    if found := _imported(lesson, cell):
        return [found[0]]
    names = []
    for node in ast.parse(cell.source).body:
        if isinstance(node, ast.FunctionDef):
            names.append(node.name)
        elif isinstance(node, ast.Assign):
            names += [target.id for target in node.targets if isinstance(target, ast.Name)]
    if not names:
        raise lesson.bad(cell, "the exercise defines no name that a check could look up.")
    return names


def _solved(lesson: Lesson, cell: NotebookNode) -> str:
    """An exercise cell as the complete edition shows it."""
    if found := _imported(lesson, cell):
        return inspect.getsource(found[1]).rstrip()
    return "\n".join(line for line in cell.source.splitlines() if line.strip() not in (BEGIN, END))


def _blank(lesson: Lesson, cell: NotebookNode) -> str:
    """An exercise cell as the learner gets it: signature and docstring, or the code around the solutions."""
    if found := _imported(lesson, cell):
        source = inspect.getsource(found[1])
        body = ast.parse(source).body[0].body
        head = source.splitlines()[: body[0].end_lineno]
        return "\n".join([*head, "    # Your code here.", "    return ..."])
    lines, block = [], None
    for line in cell.source.splitlines():
        if line.strip() == BEGIN:
            block = []
        elif line.strip() == END:
            lines += _emptied(block)
            block = None
        elif block is not None:
            block.append(line)
        else:
            lines.append(line)
    return "\n".join(lines)


def _emptied(block: list[str]) -> list[str]:
    """What is left of a solution: `return ...`, or `name = ...` for each name it gives a value, comments kept."""
    margin = re.match(r"\s*", block[0]).group() if block else ""
    code = textwrap.dedent("\n".join(block))
    nodes = ast.parse(f"def _():\n{textwrap.indent(code, '    ')}").body[0].body
    if isinstance(nodes[-1], ast.Return):
        return [f"{margin}# Your code here.", f"{margin}return ..."]
    names = [
        ast.unparse(target)
        for node in nodes
        if isinstance(node, ast.Assign)
        for target in node.targets
    ]
    remarks = [re.search(r"  # .*", line) for line in block]
    remark = next((found.group() for found in remarks if found), "")
    return [f"{margin}{name} = ...{remark}" for name in names] or [f"{margin}..."]


def _folded(cell: NotebookNode) -> str:
    """A hint, folded behind its first line."""
    title, _, body = cell.source.strip().partition("\n")
    return f"<details><summary>{title.lstrip('# ')}</summary>\n\n{body.strip()}\n\n</details>"


def convert(lesson: Lesson) -> dict[str, NotebookNode]:
    """Both editions of a lesson, without outputs. Names that an edition uses and does not define raise BadSource."""
    editions = {}
    for edition in EDITIONS:
        notebook = nbformat.v4.new_notebook(
            metadata={
                "kernelspec": {
                    "display_name": "Python 3 (ipykernel)",
                    "language": "python",
                    "name": "python3",
                },
                "language_info": {"name": "python"},
                "gates": {"edition": edition, "key": key(lesson.path)},
            }
        )
        for cell in lesson.notebook.cells:
            if _has(cell, "instructor"):
                continue
            tags = list(cell.metadata.tags)
            if cell.cell_type != "code":
                source = _folded(cell) if _has(cell, "hint") else cell.source
                made = nbformat.v4.new_markdown_cell(source)
            else:
                source = cell.source
                if _has(cell, "exercise"):
                    source = (_blank if edition == "notebooks" else _solved)(lesson, cell)
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
        raise lesson.bad(cell, f"in the {edition} edition, {finding['message']}.")


def _code_position(notebook: NotebookNode, position: int) -> int:
    """The index among code cells of the cell that ruff calls `position`, counting all cells from 1."""
    return sum(cell.cell_type == "code" for cell in notebook.cells[: position - 1])


def key(path: Path) -> str:
    """A hash of all that an edition depends on: the source, the library and what it knows of all lessons, the pins."""
    root = path.parent.parent
    digest = hashlib.sha256()
    library = [
        file for file in sorted((ROOT / "gates").rglob("*")) if file.suffix in (".py", ".toml")
    ]
    for file in [path, *library, root / "requirements.txt"]:
        digest.update(file.read_text(encoding="utf-8").encode() if file.exists() else b"")
        digest.update(b"\0")
    return digest.hexdigest()[:16]


def execute(notebook: NotebookNode, folder: Path, progress: tqdm) -> None:
    """Run a notebook in place and keep what is fit to be stored: no widgets, no times, no versions."""
    client = NotebookClient(
        notebook,
        timeout=CELL_SECONDS,
        kernel_name="python3",
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
        store_widget_state=False,
        resources={"metadata": {"path": str(folder)}},
        on_cell_executed=lambda **_: progress.update(),
    )
    with tempfile.TemporaryDirectory() as home:  # nobody's progress goes in, or comes out
        client.execute(env={**os.environ, "GATES_HOME": home, "IPYTHONDIR": home})
    notebook.metadata.pop("widgets", None)
    notebook.metadata.language_info = {"name": "python"}
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if not _is_widget(output)]


def _is_widget(output: NotebookNode) -> bool:
    return "application/vnd.jupyter.widget-view+json" in output.get("data", {})


def same_source(a: NotebookNode, b: NotebookNode) -> str | None:
    """None where two notebooks have the same cells; else the id of the first one that differs."""
    for one, other in zip(a.cells, b.cells, strict=False):
        if (one.id, one.cell_type, one.source, one.metadata.get("tags")) != (
            other.id,
            other.cell_type,
            other.source,
            other.metadata.get("tags"),
        ):
            return one.id
    if len(a.cells) != len(b.cells):
        longer = max(a.cells, b.cells, key=len)
        return longer[min(len(a.cells), len(b.cells))].id
    return None


def _current(file: Path, fresh: NotebookNode) -> bool:
    """Whether the built file is what a fresh build would give."""
    if not file.exists():
        return False
    stored = nbformat.read(file, as_version=4)
    return (
        stored.metadata.get("gates") == fresh.metadata.gates and same_source(fresh, stored) is None
    )


def build(root: Path = ROOT, only: list[str] | None = None) -> list[Path]:
    """Build the lessons whose editions are not current, and remove editions without a source; the files written.

    First come the texts that all lessons' front matter makes, such as README's map.
    """
    written = texts.write(root)
    sources = [path for path in lessons(root) if not only or path.stem[:2] in only]
    if only and (missing := set(only) - {path.stem[:2] for path in sources}):
        raise BadSource(f"There is no lesson {', '.join(sorted(missing))} in lessons/.")
    for path in sources:
        for edition, notebook in convert(load(path)).items():
            file = root / edition / f"{path.stem}.ipynb"
            if _current(file, notebook):
                print(f"{edition}/{file.name}: current", flush=True)
                continue
            file.parent.mkdir(exist_ok=True)
            if edition == "solutions":
                with tqdm(
                    total=len(notebook.cells), desc=f"{edition}/{file.name}", unit="cell"
                ) as progress:
                    execute(notebook, file.parent, progress)
                    progress.update(progress.total - progress.n)
            else:
                print(f"{edition}/{file.name}: written", flush=True)
            partial = file.with_suffix(".partial")
            partial.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8", newline="\n")
            partial.replace(file)
            written.append(file)
    if not only:
        known = {path.stem for path in lessons(root)}
        for file in [file for edition in EDITIONS for file in (root / edition).glob("*.ipynb")]:
            if file.stem not in known:
                print(f"{file.parent.name}/{file.name}: removed, its source is gone", flush=True)
                file.unlink()
    return written


def new(name: str, root: Path = ROOT) -> Path:
    """Write the skeleton of a lesson, a valid one, from lessons/TEMPLATE.md."""
    if not front.NAME.fullmatch(name):
        raise BadSource(
            "Give the lesson a name of two digits and words, for example `make lesson NAME=07_opening_the_gate`."
        )
    file = root / "lessons" / f"{name}.md"
    if any(path.stem[:2] == name[:2] for path in lessons(root)):
        raise BadSource(f"There is a lesson {name[:2]} already; it is left as it is.")
    text = (ROOT / "lessons" / "TEMPLATE.md").read_text(encoding="utf-8")
    title = name[3:].replace("_", " ")
    file.write_text(text.replace("NN_TITLE", title), encoding="utf-8", newline="\n")
    return file


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

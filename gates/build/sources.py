"""A lesson's source: where it lies, its cells, and the markers and tags in them."""

import re
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from gates import front, texts

ROOT = Path(__file__).resolve().parent.parent.parent
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"


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

    @property
    def code(self) -> str:
        """All its code cells, one below the other."""
        cells = [cell.source for cell in self.notebook.cells if cell.cell_type == "code"]
        return "\n".join(cells)

    def bad(self, cell: NotebookNode, what: str) -> BadSource:
        """The exception to raise for one of its cells. what: a sentence that says what is wrong, and what to do."""
        return BadSource(f"lessons/{self.path.name}, cell {cell.id}: {what}")


def lessons(root: Path = ROOT) -> list[Path]:
    """The sources, in order."""
    return front.sources(root)


def read(path: Path) -> Lesson:
    """Read a source, with what its facts make, and give each cell an id.

    A name that cannot be one raises BadSource, and front matter that does not fit BadFacts.
    """
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
    return lesson


def has(cell: NotebookNode, tag: str) -> bool:
    """Whether a cell of a source carries a tag."""
    return tag in cell.metadata.tags


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

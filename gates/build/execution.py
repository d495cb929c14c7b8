"""Execute the complete edition, write what is not current, and keep what is."""

import os
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode
from tqdm import tqdm

from gates import texts
from gates.build.editions import EDITIONS, convert
from gates.build.rules import load
from gates.build.sources import ROOT, BadSource, lessons

CELL_SECONDS = 180


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

    All sources are read before anything is written, and the texts that their front matter makes, such as README's map,
    come first.
    """
    sources = [path for path in lessons(root) if not only or path.stem[:2] in only]
    if only and (missing := set(only) - {path.stem[:2] for path in sources}):
        raise BadSource(f"There is no lesson {', '.join(sorted(missing))} in lessons/.")
    for path in sources:
        load(path)
    written = texts.write(root)
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

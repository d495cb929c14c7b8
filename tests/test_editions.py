"""The built notebooks in the repository are what a fresh build gives, and hold what they should."""

import ast
import html
import re
from copy import deepcopy
from functools import cache
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest

from gates import build
from gates.picture import HIGHEST, WIDEST

SOURCES = [path.stem for path in build.lessons()]
LARGEST = 3_000_000  # bytes
DRAWS = re.compile(
    r"^ *(?:display\()?(?:figures\.\w+|drawings\.\w+|shapes\.output_\w+|draw)\(", re.M
)


def images(cell: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    """The outputs of a cell that hold an image, of whatever type."""
    found = [output for output in cell.get("outputs", []) if "data" in output]
    kinds = re.compile(r"image/|<img|<svg")
    return [o for o in found if kinds.search(" ".join([*o.data, o.data.get("text/html", "")]))]


@pytest.fixture(params=SOURCES)
def name(request: pytest.FixtureRequest) -> str:
    only = request.config.getoption("--lesson")
    if only and not request.param.startswith(only):
        pytest.skip("another lesson was asked for")
    return request.param


@cache
def stored(edition: str, name: str) -> nbformat.NotebookNode:
    """A built notebook, read once; who changes it takes a copy."""
    return nbformat.read(build.ROOT / edition / f"{name}.ipynb", as_version=4)


@cache
def converted(name: str) -> dict[str, nbformat.NotebookNode]:
    return build.convert(build.load(build.ROOT / "lessons" / f"{name}.md"))


def staleness(
    edition: str, fresh: nbformat.NotebookNode, built: nbformat.NotebookNode, name: str
) -> str | None:
    """A sentence that says how a built notebook differs from its source; None if it does not."""
    cell = build.same_source(fresh, built)
    if cell:
        return f"{edition}/{name}.ipynb differs from lessons/{name}.md in cell {cell}: run `make build`."
    if fresh.metadata.gates != built.metadata.get("gates"):
        return f"{edition}/{name}.ipynb was built with an older library or older packages: run `make build`."
    return None


@pytest.mark.parametrize("edition", build.EDITIONS)
def test_an_edition_is_what_its_source_gives(edition: str, name: str) -> None:
    fresh = converted(name)[edition]
    file = build.ROOT / edition / f"{name}.ipynb"
    assert file.exists(), f"{edition}/{name}.ipynb is missing: run `make build`."
    assert file.stat().st_size < LARGEST
    stale = staleness(edition, fresh, stored(edition, name), name)
    assert not stale, stale


def test_one_edited_word_is_noticed_and_named() -> None:
    fresh = stored("notebooks", SOURCES[0])
    edited = deepcopy(fresh)
    edited.cells[3].source += " word"
    assert edited.cells[3].id in staleness("notebooks", fresh, edited, SOURCES[0])
    edited = deepcopy(fresh)
    edited.metadata.gates.key = "older"
    assert "older library" in staleness("notebooks", fresh, edited, SOURCES[0])
    shorter = deepcopy(fresh)
    lost = shorter.cells.pop().id
    assert lost in staleness("notebooks", fresh, shorter, SOURCES[0])


def test_the_learner_edition_holds_no_outputs(name: str) -> None:
    for cell in stored("notebooks", name).cells:
        assert not cell.get("outputs"), f"notebooks/{name}.ipynb, cell {cell.id} holds an output."


def test_the_solution_edition_was_executed_without_an_error(name: str) -> None:
    for cell in stored("solutions", name).cells:
        where = f"solutions/{name}.ipynb, cell {cell.id}"
        if cell.cell_type == "code":
            assert cell.execution_count, f"{where} was not executed."
            for output in cell.outputs:
                assert output.output_type != "error", f"{where} holds an error."
                assert output.get("name") != "stderr", f"{where} holds a warning: {output.text}"


def test_the_solutions_pass_their_own_checks_and_show_their_figures(name: str) -> None:
    for cell in stored("solutions", name).cells:
        where = f"solutions/{name}.ipynb, cell {cell.id}"
        if re.search(r"^\w+ = check\(", cell.source, re.M):
            texts = [output.data["text/plain"] for output in cell.outputs]
            assert ": passed" in texts[0], f"{where}: {texts[0]}"
        if DRAWS.search(cell.source):
            assert images(cell), f"{where} shows no figure."


def test_there_is_no_edition_without_a_source() -> None:
    for edition in build.EDITIONS:
        built = {file.stem for file in (build.ROOT / edition).glob("*.ipynb")}
        assert built == set(SOURCES), f"{edition}/ and lessons/ differ: run `make build`."


def test_checked_outputs_are_stored(name: str) -> None:
    for cell in stored("solutions", name).cells:
        if "nbval-check-output" in cell.metadata.tags:
            assert cell.outputs, f"solutions/{name}.ipynb, cell {cell.id}: nothing to compare with."


def test_every_figure_is_described(name: str) -> None:
    """The first sentence after figures says in words what one would see."""
    cells = stored("notebooks", name).cells
    for here, after in pairwise(cells):
        if DRAWS.search(here.source) and not DRAWS.search(after.source):
            told = next(c for c in cells[cells.index(after) :] if c.cell_type == "markdown")
            assert re.match(r"\*.*(figures? shows?|drawing shows)", told.source), (
                f"cell {here.id} has no description below it."
            )


def test_no_image_is_without_words(name: str) -> None:
    """Each has an alternative text, in HTML, which JupyterLab and nbconvert prefer to a bare image and keep."""
    for cell in stored("solutions", name).cells:
        for output in images(cell):
            where = f"solutions/{name}.ipynb, cell {cell.id}"
            assert "text/html" in output.data, f"{where} shows an image without words."
            tags = re.findall(r"<img\b[^>]*>", output.data["text/html"])
            said = [re.search(r'\balt="([^"]*)"', tag) for tag in tags]
            assert tags and all(said), f"{where} shows an image without words."
            for text in said:
                told = html.unescape(text[1])
                assert re.search(r"\d|Drawing", told), f"{where} states no result: {told}"
                assert 20 < len(told) < 1000, f"{where} says too little or too much: {told}"


def test_figures_fit_a_small_window(name: str) -> None:
    for cell in stored("solutions", name).cells:
        for output in images(cell):
            size = re.search(r'width="(\d+)" height="(\d+)"', output.data.get("text/html", ""))
            assert size and int(size[1]) <= WIDEST and int(size[2]) <= HIGHEST, cell.id


def test_every_lesson_says_what_it_loads_and_ends_with_the_map(name: str) -> None:
    cells = stored("notebooks", name).cells
    first = next(cell for cell in cells if cell.cell_type == "code")
    assert first.source.startswith('print("Loading PyTorch'), first.id
    assert any(cell.source == "gates.progress()" for cell in cells[-3:]), (
        f"{name} does not end with the map: put a cell with `gates.progress()` before its key points."
    )
    assert re.search(r"\]\(\d\d_\w+\.ipynb\)", cells[-1].source), (
        f"{name} leads nowhere: link the lesson that follows, or one to go back to, in the last cell."
    )


def test_no_cell_of_the_learners_edition_is_long(name: str) -> None:
    """A blank counts as it is handed out, with the signature and the docstring of the answer."""
    for cell in stored("notebooks", name).cells:
        lines = [line for line in cell.source.splitlines() if line.strip()]
        if cell.cell_type == "code":
            assert len(lines) <= 15, f"{cell.id} has {len(lines)} lines; shorten its head."


def test_sources_are_text(name: str) -> None:
    text = Path(build.ROOT, "lessons", f"{name}.md").read_text(encoding="utf-8")
    assert "\t" not in text and "\r" not in text


def assigned(code: str) -> set[str]:
    """The names that a cell binds itself, outside of functions and comprehensions."""
    found, open_nodes = set(), list(ast.parse(code).body)
    while open_nodes:
        node = open_nodes.pop()
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        inner = (ast.FunctionDef, ast.ClassDef, ast.Lambda, ast.GeneratorExp)
        if not isinstance(node, (*inner, ast.ListComp, ast.SetComp, ast.DictComp)):
            open_nodes += ast.iter_child_nodes(node)
    return found


@pytest.mark.parametrize("path", build.lessons(), ids=lambda path: path.stem)
def test_no_cell_binds_a_parameter_to_something_else(path: Path) -> None:
    """Else a cell that is run again would use another value than the one that stands at the top."""
    cells = [cell for cell in stored("solutions", path.stem).cells if cell.cell_type == "code"]
    parameters = set()
    for cell in cells:
        if "parameters" in cell.metadata.tags:
            parameters |= assigned(cell.source)
    for cell in cells:
        if "parameters" not in cell.metadata.tags:
            clash = assigned(cell.source) & parameters
            assert not clash, f"{cell.id} binds {clash}"

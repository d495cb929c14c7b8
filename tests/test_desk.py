"""The learner's folder: lessons come in, and no file of the learner's is ever overwritten."""

import html
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from gates import build, desk, front
from gates.checks import progress


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GATES_HOME", str(tmp_path / "progress"))
    (tmp_path / "notebooks").mkdir()
    edit(tmp_path / "notebooks" / "03_lstm.ipynb", "x = 1")
    return tmp_path


def edit(file: Path, source: str, **metadata: str) -> None:
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source)], metadata=metadata
    )
    file.write_text(nbformat.writes(notebook), encoding="utf-8")


def source(file: Path) -> str:
    return nbformat.read(file, as_version=4).cells[0].source


def test_a_lesson_is_laid_out_once(root: Path) -> None:
    assert "ready" in desk.lay(root)[0]
    mine = root / "my_course" / "03_lstm.ipynb"
    edit(mine, "mine")
    assert desk.lay(root) == [] and source(mine) == "mine"


def test_a_changed_lesson_goes_beside_and_is_said_once(root: Path) -> None:
    desk.lay(root)
    mine = root / "my_course" / "03_lstm.ipynb"
    edit(mine, "mine")
    edit(root / "notebooks" / "03_lstm.ipynb", "x = 2")
    said = desk.lay(root)
    assert "has changed" in said[0] and "03_lstm.new.ipynb" in said[0]
    assert source(mine) == "mine" and source(mine.with_name("03_lstm.new.ipynb")) == "x = 2"
    assert desk.lay(root) == []
    edit(root / "notebooks" / "03_lstm.ipynb", "x = 3")
    assert "03_lstm.new2.ipynb" in desk.lay(root)[0]
    assert source(mine.with_name("03_lstm.new.ipynb")) == "x = 2"


def test_a_lesson_whose_cells_are_the_same_has_not_changed(root: Path) -> None:
    desk.lay(root)
    edit(root / "notebooks" / "03_lstm.ipynb", "x = 1", key="another build")
    assert desk.lay(root) == []


def test_reset_backs_up_and_restores(root: Path) -> None:
    desk.lay(root)
    mine = root / "my_course" / "03_lstm.ipynb"
    edit(mine, "mine")
    said = desk.reset("03", root)
    (backup,) = (root / "my_course" / "backup").iterdir()
    assert source(backup) == "mine" and source(mine) == "x = 1" and backup.name in said[0]
    edit(mine, "mine again")
    desk.reset("03", root)
    assert len(list((root / "my_course" / "backup").iterdir())) == 2


def test_reset_of_an_unknown_lesson_says_so(root: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no lesson 99"):
        desk.reset("99", root)


def test_a_damaged_ledger_loses_nothing(root: Path) -> None:
    desk.lay(root)
    mine = root / "my_course" / "03_lstm.ipynb"
    edit(mine, "mine")
    (root / "my_course" / desk.LEDGER).write_text("{half")
    desk.lay(root)
    assert source(mine) == "mine"


def test_a_copy_never_goes_over_a_file(root: Path) -> None:
    target = root / "there.ipynb"
    edit(target, "mine")
    with pytest.raises(FileExistsError):
        desk._copy(root / "notebooks" / "03_lstm.ipynb", target)
    assert source(target) == "mine" and not target.with_suffix(".partial").exists()


@pytest.fixture
def whole(root: Path) -> Path:
    """A project's folder with all that is laid out beside the lessons, small."""
    (root / "notebooks" / "03_lstm.ipynb").unlink()
    (root / "solutions").mkdir()
    for name in ("00_start_here", "01_forget"):
        edit(root / "notebooks" / f"{name}.ipynb", "x = ...")
        edit(root / "solutions" / f"{name}.ipynb", "x = 1  # see [01](01_forget.ipynb)")
    (root / "README.md").write_text(
        "# Gates\n\nSee [00](notebooks/00_start_here.ipynb), its [answers](solutions/00_start_here.ipynb#cell-id=00-a), the\n"
        "[sheet](CHEATSHEET.md), [how](CONTRIBUTING.md) and [web](https://example.org).\n\n"
        "## Twenty claims\n\n| C01 | holds |\n|---|---|\n\n## Practical questions\n\nNone.\n",
        encoding="utf-8",
    )
    (root / "CHEATSHEET.md").write_text("# Sheet\n\n$h_t$, see [it](README.md)\n", encoding="utf-8")
    return root


def texts(file: Path) -> str:
    return "\n".join(cell.source for cell in nbformat.read(file, as_version=4).cells)


def links(file: Path) -> list[str]:
    """The relative links of a page, those of its outputs too."""
    outputs = [
        output.data["text/html"]
        for cell in nbformat.read(file, as_version=4).cells
        for output in cell.get("outputs", [])
    ]
    found = re.findall(r"\]\(([^)\s]+)\)", texts(file))
    found += re.findall(r'href="([^"]+)"', "\n".join(outputs))
    return [link for link in found if not link.startswith("http")]


def test_everything_is_a_click_away_from_home(whole: Path) -> None:
    desk.lay(whole)
    course = whole / "my_course"
    reached, ahead = set(), {course / "home.ipynb"}
    while ahead:
        page = ahead.pop()
        reached.add(page)
        nbformat.validate(nbformat.read(page, as_version=4))
        for link in links(page):
            file = page.parent / link.partition("#")[0]
            assert file.exists(), f"{page.name} links to {link}"
            ahead |= {file.resolve()} - reached
    laid = {file.resolve() for file in course.rglob("*.ipynb")}
    lessons = {course / "00_start_here.ipynb", course / "01_forget.ipynb"}
    assert laid - lessons <= reached
    assert "C01" in texts(course / "reference" / "claims.ipynb")
    assert "None." not in texts(course / "reference" / "claims.ipynb")
    answers = "../solutions/00_start_here.solution.ipynb#cell-id=00-a"
    assert answers in links(course / "reference" / "about.ipynb")


def test_home_shows_all_lessons_of_the_course_as_links_with_the_learners_state(
    whole: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    progress.note("keep_or_forget", "passed")
    desk._lay_page(whole, "home.ipynb", desk._home(build.ROOT, []), None)
    cell, _ = [c for c in nbformat.read(whole / "home.ipynb", 4).cells if c.cell_type == "code"]
    (output,) = cell.outputs
    for source in build.lessons():
        title = front.read(source).question
        assert f'href="{source.stem}.ipynb"' in output.data["text/html"]
        assert html.escape(title) in output.data["text/html"]
    assert "1 of 6 passed" in output.data["text/html"]
    monkeypatch.chdir(whole)
    names: dict = {}
    exec(cell.source.replace("gates.progress()", "map_ = gates.progress()"), names)
    assert str(names["map_"]) == output.data["text/plain"]


def of_wagers() -> nbformat.NotebookNode:
    """The cell of the home page that shows the wagers."""
    page = nbformat.from_dict(desk._home(build.ROOT, []))
    (cell,) = [c for c in page.cells if c.cell_type == "code" and "calibration" in c.source]
    return cell


def test_home_shows_the_wagers_and_its_cell_brings_them_up_to_date(root: Path) -> None:
    said = of_wagers().outputs[0].data["text/html"]
    assert "No wager is settled yet. Here will stand" in said and "<img" not in said
    measured = {"number": -0.109, "measured_low": -0.126, "measured_high": -0.092}
    with progress.changing() as record:
        record["wagers"]["C10"] = {"low": -0.2, "high": 0.1} | measured | {"held": True}
        record["wagers"]["C11"] = {"low": -0.2, "high": 0.1}
        record["wagers"]["C99"] = {"low": -0.2, "high": 0.1} | measured | {"held": True}
    cell = of_wagers()
    assert "1 of 1 wager held" in cell.outputs[0].data["text/html"]
    assert "−0.109 [−0.126, −0.092]" in cell.outputs[0].data["text/html"]
    names: dict = {}
    exec(cell.source.replace("calibration.show()", "shown = calibration.show()"), names)
    assert names["shown"]._repr_mimebundle_() == cell.outputs[0].data


NO_PICTURE = """
import sys
import gates
from gates import calibration, desk
gates.progress()._repr_mimebundle_()
calibration.show()._repr_mimebundle_()
desk._home(desk.ROOT, [])
assert "matplotlib" not in sys.modules
"""


def test_home_loads_nothing_that_draws_while_there_is_nothing_to_draw(root: Path) -> None:
    subprocess.run([sys.executable, "-c", NO_PICTURE], check=True)


def test_a_solution_says_what_it_is_and_leads_back(whole: Path) -> None:
    desk.lay(whole)
    solution = whole / "my_course" / "solutions" / "00_start_here.solution.ipynb"
    first, second = nbformat.read(solution, as_version=4).cells
    assert "all answers" in first.source and "(../00_start_here.ipynb)" in first.source
    assert (
        "(../01_forget.ipynb)" in second.source
        and "01_forget.ipynb" not in texts(whole / "my_course" / "home.ipynb").split("<details>")[0]
    )


def test_the_courses_pages_are_refreshed_and_what_was_written_in_them_is_kept(whole: Path) -> None:
    assert len(desk.lay(whole)) == 2 and desk.lay(whole) == []
    sheet = whole / "my_course" / "reference" / "cheat_sheet.ipynb"
    (whole / "CHEATSHEET.md").write_text("# Sheet 2\n", encoding="utf-8")
    assert desk.lay(whole) == [] and "Sheet 2" in texts(sheet)
    edit(sheet, "my notes")
    assert desk.lay(whole) == [] and texts(sheet) == "my notes"
    (whole / "CHEATSHEET.md").write_text("# Sheet 3\n", encoding="utf-8")
    (said,) = desk.lay(whole)
    (kept,) = (whole / "my_course" / "backup").iterdir()
    assert kept.name in said and texts(kept) == "my notes" and "Sheet 3" in texts(sheet)


def test_a_page_that_was_saved_by_jupyterlab_is_still_the_courses(whole: Path) -> None:
    desk.lay(whole)
    home = whole / "my_course" / "home.ipynb"
    opened = nbformat.read(home, as_version=4)
    opened.metadata.language_info = {"name": "python"}
    opened.cells[1].outputs = []
    home.write_text(nbformat.writes(opened), encoding="utf-8")  # the source as a list of lines
    assert desk.lay(whole) == [] and not (whole / "my_course" / "backup").exists()
    assert nbformat.read(home, as_version=4).cells[1].outputs


@pytest.mark.parametrize("content", ["my own text", "", "[]", "{}"])
def test_a_file_of_the_learners_that_bears_a_pages_name_is_kept(whole: Path, content: str) -> None:
    mine = whole / "my_course" / "home.ipynb"
    mine.parent.mkdir()
    mine.write_text(content, encoding="utf-8")
    said = desk.lay(whole)
    (kept,) = (whole / "my_course" / "backup").iterdir()
    assert kept.read_text(encoding="utf-8") == content and any(kept.name in s for s in said)
    assert "# Home" in texts(mine)

"""The learner's folder: lessons come in, and no file of the learner's is ever overwritten."""

from pathlib import Path

import nbformat
import pytest

from gates import desk


@pytest.fixture
def root(tmp_path: Path) -> Path:
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

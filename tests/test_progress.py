"""Progress survives a damaged file, and two notebooks at once."""

import json
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import gates
from gates import build
from gates.checks import exercises, notebook, progress
from gates.checks.exercises import EXERCISES


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GATES_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_what_was_passed_stays_passed() -> None:
    progress.note("lstm_cell", "wrong", ("lstm-gate-order",))
    progress.note("lstm_cell", "passed")
    entry = progress.note("lstm_cell", "wrong")
    assert entry["status"] == "passed" and entry["failures"] == 2
    assert progress.read()["exercises"]["lstm_cell"]["mistakes"] == ["lstm-gate-order"]


def test_a_damaged_file_is_put_aside(home: Path) -> None:
    home.mkdir()
    (home / "progress.json").write_text('{"exercises": {"lstm')
    progress.note("lstm_cell", "passed")
    assert (home / "progress.damaged.json").exists()
    assert (
        json.loads((home / "progress.json").read_text())["exercises"]["lstm_cell"]["status"]
        == "passed"
    )


def test_two_at_once_lose_nothing() -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: progress.note("lstm_cell", "wrong"), range(40)))
    assert progress.read()["exercises"]["lstm_cell"]["failures"] == 40


def test_the_map_shows_every_exercise_and_what_was_met() -> None:
    progress.note("lstm_cell", "wrong", ("lstm-gate-order",))
    progress.seen("unroll")
    text = str(gates.progress())
    assert (
        "lstm_cell: the LSTM step (tried)" in text
        and "unroll: the loop over time (answer seen)" in text
    )
    assert "another order than PyTorch packs them" in text
    assert "<table>" in gates.progress()._repr_mimebundle_()["text/html"]


def test_a_lesson_that_is_not_begun_takes_one_line() -> None:
    lines = str(gates.progress()).splitlines()
    assert len(lines) == len(exercises.LESSONS) and "exercises (open)" in lines[3]
    progress.note("lstm_cell", "wrong")
    begun = [line for line in str(gates.progress()).splitlines() if " 03 " in line]
    asked = {name for name, task in EXERCISES.items() if task.lesson == "03"}
    assert len(begun) == len(asked - exercises.PLANNED)
    assert any("lstm_cell" in line and "(tried)" in line for line in begun)


WRITER = """
import sys
from gates.checks import progress
for k in range(int(sys.argv[2])):
    progress.note(sys.argv[1], "wrong", ("lstm-gate-order",))
    print(k, flush=True)
"""


def writing(exercise: str, rounds: int) -> subprocess.Popen:
    command = [sys.executable, "-c", WRITER, exercise, str(rounds)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_a_killed_kernel_leaves_a_whole_file_and_no_lock(home: Path) -> None:
    progress.note("unroll", "passed")
    for lines in (3, 10):
        kernel = writing("lstm_cell", 10_000)
        for _ in range(lines):
            kernel.stdout.readline()
        kernel.kill()
        kernel.wait()
        kernel.stdout.close()
        record = json.loads((home / "progress.json").read_text())
        assert record["exercises"]["unroll"]["status"] == "passed"
        assert record["exercises"]["lstm_cell"]["failures"] >= lines
    assert progress.note("lstm_cell", "passed")["status"] == "passed"


def test_two_notebooks_at_once_lose_nothing() -> None:
    kernels = [writing(name, 30) for name in ("lstm_cell", "unroll")]
    for kernel in kernels:
        kernel.communicate()
    entries = progress.read()["exercises"]
    assert [entries[name]["failures"] for name in ("lstm_cell", "unroll")] == [30, 30]


@pytest.mark.parametrize(
    "content",
    ["", "[]", '{"exercises": []}', '{"exercises": {"a": 3}, "predictions": {}}', "\ufffd"],
)
def test_whatever_is_in_the_file_a_check_goes_on(content: str, home: Path) -> None:
    home.mkdir()
    (home / "progress.json").write_text(content, encoding="utf-8")
    assert progress.note("lstm_cell", "passed")["status"] == "passed"
    assert (home / "progress.damaged.json").read_text(encoding="utf-8") == content


def test_where_nothing_can_be_saved_checks_and_predictions_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("GATES_HOME", str(tmp_path / "file"))  # a file where a folder is needed
    shown = []
    monkeypatch.setattr(notebook, "display", shown.append)
    names = {"count_parameters": lambda I, H: 0, "guess": "a", "check": notebook.check}
    names |= {"predict": notebook.predict, "reveal": notebook.reveal}
    exec(
        "count_parameters = check('count_parameters')\npredict('guess')\nreveal('guess', 'b')",
        names,
    )
    assert "could not be noted" in shown[0].message and names["count_parameters"](1, 1) == 16
    assert capsys.readouterr().out.count("could not be noted") == 2


def test_the_map_shows_no_exercise_that_no_lesson_asks_for() -> None:
    """An exercise belongs to the map once its lesson has a check of it."""
    for number in exercises.LESSONS:
        (source,) = (build.ROOT / "lessons").glob(f"{number}_*.md")
        asked = set(re.findall(r"check\(\"(\w+)\"\)", source.read_text(encoding="utf-8")))
        known = {name for name, task in EXERCISES.items() if task.lesson == number}
        assert known - exercises.PLANNED == asked
    assert "train_chunks" not in str(gates.progress())  # of a lesson that is not there yet

"""Progress survives a damaged file, and two notebooks at once."""

import html
import json
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import gates
from gates import build
from gates.checks import course_map, exercises, notebook, progress
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


def test_the_map_has_each_lessons_link_question_minutes_and_exercises_in_their_order() -> None:
    shown, pages = gates.progress()._repr_mimebundle_()["text/html"], course_map.pages()
    assert list(pages) == [path.stem[:2] for path in build.lessons()] == list(exercises.LESSONS)
    rows = re.findall(r"<tr><th scope=\"row\".*?</tr>", shown)
    for row, source in zip(rows, build.lessons(), strict=True):
        text, page = source.read_text(encoding="utf-8"), pages[source.stem[:2]]
        title, minutes = re.search(r"^# (.+)$", text, re.M), re.search(r"about (\d+) min", text)
        assert f'<a href="{source.stem}.ipynb">' in row and (build.ROOT / "notebooks").is_dir()
        assert html.escape(title[1]) in row and f">{minutes[1]}</td>" in row
        asked = list(dict.fromkeys(re.findall(r'check\("(\w+)"\)', text)))
        assert course_map.exercises(page) == asked, source.stem


def test_lesson_00_shows_where_all_lessons_go() -> None:
    text = build.lessons()[0].read_text(encoding="utf-8")
    rows = re.findall(r"^\| \[?(\d\d)\]?(?:\((\S+)\))? \| (.+) \|$", text, re.M)
    pages = list(course_map.pages().values())
    assert [(number, question) for number, _, question in rows] == [
        (page.number, page.question) for page in pages
    ]
    assert [link for _, link, _ in rows[1:]] == [page.file for page in pages[1:]]


def test_mistakes_that_are_overcome_stand_apart_from_open_ones() -> None:
    progress.note("lstm_cell", "wrong", ("lstm-gate-order",))
    assert "Mistakes still open:\n— lstm_cell" in str(gates.progress())
    progress.note("lstm_cell", "passed")
    text = str(gates.progress())
    assert "Mistakes met and overcome:\n— lstm_cell" in text and "still open" not in text
    shown = gates.progress()._repr_mimebundle_()["text/html"]
    assert "<details><summary>Mistakes met and overcome: 1</summary>" in shown


def test_the_map_bears_more_in_the_record_than_it_knows() -> None:
    entry = {"status": "wrong", "failures": 1, "seen": False, "mistakes": ["gone"], "new": [1]}
    record = {"exercises": {"lstm_cell": entry, "gone": {}}, "predictions": {"p": {}}, "new": {}}
    assert "lstm_cell: the LSTM step (tried)" in str(course_map.Map(record))


def test_links_of_the_map_find_the_lessons_one_folder_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "04_gru.ipynb").touch()
    (tmp_path / "home.ipynb").touch()
    (tmp_path / "solutions").mkdir()
    for folder, way in ((tmp_path, ""), (tmp_path / "solutions", "../")):
        monkeypatch.chdir(folder)
        shown = gates.progress()._repr_mimebundle_()["text/html"]
        assert f'href="{way}04_gru.ipynb"' in shown and f'href="{way}home.ipynb"' in shown


def test_after_a_start_the_map_says_where_to_go_on() -> None:
    assert "Go on with" not in gates.progress()._repr_mimebundle_()["text/html"]
    for name in course_map.exercises(course_map.pages()["00"]):
        progress.note(name, "passed")
    shown = gates.progress()._repr_mimebundle_()["text/html"]
    assert 'Go on with <a href="01_why_plain_rnns_forget.ipynb">' in shown


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

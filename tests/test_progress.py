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
from gates import build, front, texts
from gates import home as places
from gates.checks import course_map, notebook, progress
from gates.exercises import EXERCISES
from gates.facts import parts
from gates.lessons import ALL, LESSONS


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GATES_HOME", str(tmp_path / "home"))
    progress.news()
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
    shown = gates.progress()._repr_mimebundle_()["text/html"]
    assert list(ALL) == [path.stem[:2] for path in build.lessons()] == list(LESSONS)
    rows = re.findall(r"<tr><th scope=\"row\".*?</tr>", shown)
    for row, source in zip(rows, build.lessons(), strict=True):
        text = "\n".join(cell.source for cell in texts.notebook(source).cells)
        title, minutes = re.search(r"^# (.+)$", text, re.M), re.search(r"about (\d+) min", text)
        assert f'<a href="{source.stem}.ipynb">' in row and (build.ROOT / "notebooks").is_dir()
        assert html.escape(title[1]) in row and f">{minutes[1]}</td>" in row
        asked = list(dict.fromkeys(re.findall(r'check\("(\w+)"\)', text)))
        assert course_map.exercises(ALL[source.stem[:2]]) == asked, source.stem


def test_lesson_00_shows_where_all_lessons_go() -> None:
    text = "\n".join(cell.source for cell in texts.notebook(build.lessons()[0]).cells)
    rows = re.findall(r"^\| \[?(\d\d)\]?(?:\((\S+)\))? \| (.+) \|$", text, re.M)
    pages = front.read_all(build.ROOT)
    assert [(number, question) for number, _, question in rows] == [
        (page.number, page.question) for page in pages
    ]
    assert [link for _, link, _ in rows] == ["", *(page.file for page in pages[1:])]
    named = r"Part ([IV]+)(?: of the course, lessons|,) (\d\d)(?: (?:to|and) (\d\d))?"
    told = [(part, first, last or first) for part, first, last in re.findall(named, text)]
    found = {part: (of_it[0].number, of_it[-1].number) for part, of_it in parts(pages).items()}
    assert {part: (first, last) for part, first, last in told} == found


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
    record = {
        "exercises": {"lstm_cell": entry, "gone": {**entry, "mistakes": []}},
        "predictions": {"p": {}},
        "new": {},
    }
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
    for name in course_map.exercises(ALL["00"]):
        progress.note(name, "passed")
    shown = gates.progress()._repr_mimebundle_()["text/html"]
    assert 'Go on with <a href="01_why_plain_rnns_forget.ipynb">' in shown


def test_a_lesson_that_is_not_begun_takes_one_line() -> None:
    lines = str(gates.progress()).splitlines()
    assert len(lines) == len(LESSONS) and "exercises (open)" in lines[3]
    progress.note("lstm_cell", "wrong")
    begun = [line for line in str(gates.progress()).splitlines() if " 03 " in line]
    asked = {name for name, task in EXERCISES.items() if task.lesson == "03"}
    assert len(begun) == len(asked)
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


def entry(**values: str) -> str:
    """A file with one entry, some of whose values are others."""
    usual = {"status": '"wrong"', "failures": "1", "seen": "false", "mistakes": "[]"}
    parts = ", ".join(f'"{name}": {value}' for name, value in {**usual, **values}.items())
    return '{"exercises": {"lstm_cell": {' + parts + '}}, "predictions": {}}'


MEASURED = '"number": 0.5, "measured_low": 0.4, "measured_high": 0.6, "held": true'


def wagered(entry: str) -> str:
    """A file with one wager."""
    return '{"exercises": {}, "predictions": {}, "wagers": {"C10": ' + entry + "}}"


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        '{"exercises": []}',
        '{"exercises": {"a": 3}, "predictions": {}}',
        "\ufffd",
        entry(failures='"x"'),
        entry(failures="1.5"),
        entry(failures="true"),
        entry(mistakes='[["a"]]'),
        entry(mistakes='"a"'),
        entry(status="[]"),
        entry(status='"great"'),
        entry(seen="0"),
        entry(open="[1]"),
        '{"exercises": {}, "predictions": {"a": {"guess": 1}}}',
        '{"exercises": {}, "predictions": {"a": {"guess": "a", "right": "yes"}}}',
        '{"exercises": {}, "predictions": {"a": []}}',
        wagered('{"low": 0}'),
        wagered('{"low": 0, "high": NaN}'),
        wagered('{"low": 0, "high": true}'),
        wagered('{"low": 1, "high": 0}'),
        wagered('{"low": 0, "high": 1' + "0" * 400 + "}"),
        wagered('{"low": 0, "high": 1, "held": true}'),
        wagered('{"low": 0, "high": 1, ' + MEASURED.replace("0.5", "[]") + "}"),
        wagered('{"low": 0, "high": 1, ' + MEASURED.replace("true", "1") + "}"),
        wagered('{"low": 0.6, "high": 1, ' + MEASURED + "}"),  # which it does not hold
        '{"exercises": {}, "predictions": {}, "wagers": []}',
        "[" * 100_000,
        '{"exercises": ' * 50_000,
        '{"exercises": {"lstm_cell": ' + "9" * 5000 + '}, "predictions": {}}',
    ],
)
def test_whatever_is_in_the_file_a_check_goes_on(content: str, home: Path) -> None:
    home.mkdir()
    (home / "progress.json").write_text(content, encoding="utf-8")
    assert str(gates.progress())
    assert progress.note("lstm_cell", "passed")["status"] == "passed"
    assert (home / "progress.damaged.json").read_text(encoding="utf-8") == content
    assert str(gates.progress()) and not list(home.glob("*.damaged2.json"))


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
    for number in LESSONS:
        (source,) = (build.ROOT / "lessons").glob(f"{number}_*.md")
        asked = set(re.findall(r"check\(\"(\w+)\"\)", source.read_text(encoding="utf-8")))
        known = {name for name, task in EXERCISES.items() if task.lesson == number}
        assert known == asked
    assert "train_chunks" not in str(gates.progress())  # of a lesson that is not there yet


def test_a_second_damage_leaves_the_first_backup_as_it_is(home: Path) -> None:
    home.mkdir()
    for number, content in enumerate(("first", "second", "third")):
        (home / "progress.json").write_text(content)
        assert progress.note("lstm_cell", "wrong")["failures"] == 1
        kept = home / f"progress.damaged{number + 1 if number else ''}.json"
        assert kept.read_text() == content
    assert (home / "progress.damaged.json").read_text() == "first"


def test_what_is_sound_in_a_damaged_file_stays(home: Path) -> None:
    progress.note("unroll", "passed")
    record = json.loads((home / "progress.json").read_text())
    record["exercises"]["lstm_cell"] = {"status": "wrong", "failures": "x"}
    (home / "progress.json").write_text(json.dumps(record))
    assert progress.read()["exercises"].keys() == {"unroll"}
    assert "only in part" in progress.news() and (home / "progress.damaged.json").exists()


def test_what_a_newer_course_adds_to_the_file_is_no_damage(home: Path) -> None:
    progress.note("unroll", "passed")
    record = json.loads((home / "progress.json").read_text())
    record["exercises"]["unroll"]["minutes"], record["version"] = 3, 2
    (home / "progress.json").write_text(json.dumps(record), encoding="utf-8-sig")  # and a mark
    progress.note("lstm_cell", "wrong")
    again = json.loads((home / "progress.json").read_text())
    assert again["exercises"]["unroll"]["minutes"] == 3 and again["version"] == 2
    assert not list(home.glob("*damaged*"))


def test_a_file_from_before_there_were_wagers_is_whole(home: Path) -> None:
    home.mkdir()
    (home / "progress.json").write_text('{"exercises": {}, "predictions": {"a": {"guess": "b"}}}')
    assert progress.read()["wagers"] == {} and progress.news() == ""
    with progress.changing() as record:
        record["wagers"]["C10"] = {"low": 0, "high": 1}
        record["wagers"]["C11"] = json.loads('{"low": 0, "high": 1, ' + MEASURED + "}")
    assert list(progress.read()["wagers"]) == ["C10", "C11"]
    assert progress.news() == "" and not list(home.glob("*damaged*"))


def test_a_damaged_wager_takes_no_other_along(home: Path) -> None:
    home.mkdir()
    whole = (
        '{"exercises": {}, "predictions": {}, "wagers": {"C10": {"low": 0, "high": 1}, "C11": 3}}'
    )
    (home / "progress.json").write_text(whole)
    assert progress.read()["wagers"] == {"C10": {"low": 0, "high": 1}}
    assert "only in part" in progress.news()


def test_the_map_says_how_many_wagers_held() -> None:
    assert "Wagers" not in str(gates.progress())
    with progress.changing() as record:
        record["wagers"]["C10"] = {"low": 0, "high": 1}
    assert "Wagers: 1 made, none settled yet." in str(gates.progress())
    settled = json.loads('{"low": 0, "high": 1, ' + MEASURED + "}")
    with progress.changing() as record:
        record["wagers"] |= {"C10": settled, "C11": {**settled, "high": 0.3, "held": False}}
    said = "Wagers: 1 of 2 held what was measured; four in five are meant."
    assert said in str(gates.progress())
    assert f"<p>{said}</p>" in gates.progress()._repr_mimebundle_()["text/html"]


def test_the_learner_is_told_once_that_the_map_began_anew(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home.mkdir()
    shown = []
    monkeypatch.setattr(notebook, "display", shown.append)
    (home / "progress.json").write_text("damaged")
    names = {"count_parameters": lambda I, H: 0, "check": notebook.check}
    exec("check('count_parameters')\ncheck('count_parameters')", names)
    assert "begins anew" in shown[0].message and "progress.damaged.json" in shown[0].message
    assert "begins anew" not in shown[1].message
    (home / "progress.json").write_text("damaged again")
    for expected in (1, 0):
        gates.progress()
        assert capsys.readouterr().out.count("begins anew") == expected


def test_mistakes_are_open_until_the_exercise_is_passed() -> None:
    progress.note("lstm_cell", "wrong", ("lstm-gate-order",))
    entry = progress.note("lstm_cell", "wrong", ("output-is-c",))
    assert progress.still_open(entry) == ["lstm-gate-order", "output-is-c"]
    assert progress.overcome(entry) == []
    entry = progress.note("lstm_cell", "passed")
    assert progress.still_open(entry) == []
    assert progress.overcome(entry) == ["lstm-gate-order", "output-is-c"]
    entry = progress.note("lstm_cell", "wrong", ("output-is-c",))
    assert progress.still_open(entry) == ["output-is-c"] and entry["status"] == "passed"
    assert progress.overcome(entry) == ["lstm-gate-order"]


def test_entries_of_an_earlier_course_have_open_and_overcome_mistakes_too() -> None:
    old = {"status": "wrong", "failures": 1, "seen": False, "mistakes": ["a"]}
    assert progress.still_open(old) == ["a"] and progress.overcome(old) == []
    old["status"] = "passed"
    assert progress.still_open(old) == [] and progress.overcome(old) == ["a"]


# One place for one learner


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A learner's home folder, in which GATES_HOME is not set."""
    monkeypatch.delenv("GATES_HOME")
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setattr(places, "__file__", str(tmp_path / "site" / "gates" / "home.py"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_progress_is_in_my_course_from_wherever_a_lesson_is_run(
    nowhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert progress.path() == nowhere / ".gates" / "progress.json"
    inside = nowhere / "site" / "my_course" / ".progress" / "progress.json"
    (nowhere / "site" / "my_course" / "more").mkdir(parents=True)
    assert progress.path() == inside  # the project's
    monkeypatch.setattr(places, "__file__", str(nowhere / "lib" / "gates" / "home.py"))
    assert progress.path() == nowhere / ".gates" / "progress.json"
    monkeypatch.chdir(nowhere / "site" / "my_course" / "more")
    assert progress.path() == inside  # the one that the notebook lies in
    monkeypatch.setenv("GATES_HOME", str(nowhere / "chosen"))
    assert progress.path() == nowhere / "chosen" / "progress.json"


def test_what_was_done_elsewhere_comes_onto_the_map_once_and_nothing_is_lost(
    nowhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    progress.note("unroll", "passed")
    progress.note("lstm_cell", "wrong", ("output-is-c",))
    with progress.changing() as record:
        record["predictions"] = {"a": {"guess": "a"}, "b": {"guess": "a"}}
        record["wagers"] = {"C10": {"low": 0, "high": 1}}
    (nowhere / "my_course").mkdir()
    monkeypatch.setenv("GATES_HOME", str(nowhere / "my_course" / ".progress"))  # as make lab does
    with progress.changing() as record:
        assert record["exercises"].keys() == {"unroll", "lstm_cell"}
        record["exercises"].pop("unroll")
        record["predictions"]["b"] = {"guess": "c"}
    kept = nowhere / ".gates" / "progress.moved.json"
    assert str(kept) in progress.news()
    assert json.loads(kept.read_text())["exercises"]["unroll"]["status"] == "passed"
    monkeypatch.delenv("GATES_HOME")
    monkeypatch.chdir(nowhere / "my_course")
    assert progress.read()["exercises"].keys() == {"lstm_cell"}  # added once
    assert progress.read()["predictions"] == {"a": {"guess": "a"}, "b": {"guess": "c"}}
    assert progress.read()["wagers"] == {"C10": {"low": 0, "high": 1}}
    assert progress.news() == ""


def test_two_maps_become_one(nowhere: Path) -> None:
    (nowhere / ".gates").mkdir()
    progress.note("lstm_cell", "wrong", ("output-is-c",))
    progress.note("lstm_cell", "wrong")
    progress.note("unroll", "passed")
    with progress.changing() as record:
        record["wagers"] = {"C10": {"low": 2, "high": 3}, "C11": {"low": 2, "high": 3}}
    other = (nowhere / ".gates" / "progress.json").read_text()
    (nowhere / ".gates" / "progress.json").unlink()
    (nowhere / "site" / "my_course").mkdir(parents=True)
    progress.note("lstm_cell", "passed")
    progress.note("unroll", "wrong", ("state-random",))
    with progress.changing() as record:
        record["wagers"] = {"C10": {"low": 0, "high": 1}}
    (nowhere / ".gates" / "progress.json").write_text(other)
    entries = progress.read()["exercises"]
    assert entries["lstm_cell"]["status"] == entries["unroll"]["status"] == "passed"
    assert entries["lstm_cell"]["failures"] == 2
    assert progress.overcome(entries["lstm_cell"]) == ["output-is-c"]
    assert entries["unroll"]["mistakes"] == ["state-random"]
    wagers = progress.read()["wagers"]
    assert wagers == {"C10": {"low": 0, "high": 1}, "C11": {"low": 2, "high": 3}}


def test_a_chosen_place_takes_nothing_from_another(
    nowhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    progress.note("unroll", "passed")
    monkeypatch.setenv("GATES_HOME", str(nowhere / "chosen"))
    assert progress.read()["exercises"] == {} and progress.news() == ""
    assert (nowhere / ".gates" / "progress.json").exists()


def test_a_folder_in_the_place_of_the_file_stops_no_map(home: Path) -> None:
    (home / "progress.json").mkdir(parents=True)
    assert progress.read() == {"exercises": {}, "predictions": {}, "wagers": {}}
    assert "cannot be read" in progress.news()

"""Test files side by side: one summary, a failing test by its name and with its reason, and a home for each process."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import conftest
import course

HOME = """import os

def test_home():
    with open("homes", "a") as file:
        file.write(os.environ["PYTEST_XDIST_WORKER"] + " " + os.environ["GATES_HOME"] + "\\n")
"""
BROKEN = """import pytest

@pytest.fixture
def torn():
    raise ValueError("torn before the test")

def test_well():
    ...

def test_wrong():
    assert 1 + 1 == 3

def test_torn(torn):
    ...

def test_left():
    pytest.skip("left out")
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """What a run of two processes says, and its folder: two notebooks, two files in which all is well, a broken one."""
    folder = tmp_path_factory.mktemp("side")
    shutil.copy(course.ROOT / "conftest.py", folder)
    (folder / "tests").mkdir()
    for name, text in {"one": HOME, "two": HOME, "broken": BROKEN}.items():
        (folder / "tests" / f"test_{name}.py").write_text(text, encoding="utf-8")
    for edition in ("notebooks", "solutions"):
        (folder / edition).mkdir()
        cells = [nbformat.v4.new_code_cell("import time\ntime.sleep(0.3)") for _ in range(3)]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / edition / "03_a.ipynb")
    options = ["-p", "xdist", "-p", "nbval.plugin", "-p", "no:cacheprovider", "--nbval-lax"]
    options += ["--nbval-current-env", "--record", *course.side_by_side(), "-n", "2"]
    few = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    command = [sys.executable, "-m", "pytest", *options, "."]
    done = subprocess.run(command, cwd=folder, env=few, capture_output=True, text=True)
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout, folder


def test_there_is_one_table_of_notebooks(told: tuple[str, Path]) -> None:
    rows = re.findall(r"^(\w+/03_a\.ipynb) +[\d.]+ +([\d.]+) MB$", told[0], re.M)
    assert [name for name, _ in rows] == ["notebooks/03_a.ipynb", "solutions/03_a.ipynb"]
    assert all(float(megabytes) > 10 for _, megabytes in rows)
    assert len(re.findall(r"^together +[\d.]+$", told[0], re.M)) == 1


def test_each_file_is_told_once_when_it_is_done(told: tuple[str, Path]) -> None:
    lines = dict(re.findall(r"^\[ *\d+%\] (\S+) +[\d.]+ s  (.+)$", told[0], re.M))
    assert lines["notebooks/03_a.ipynb"] == lines["solutions/03_a.ipynb"] == "3 passed"
    assert lines["tests/test_one.py"] == lines["tests/test_two.py"] == "1 passed"
    assert lines["tests/test_broken.py"] == "2 failed, 1 passed, 1 skipped"
    assert len(lines) == 5 and "[100%]" in told[0]


def test_what_failed_is_named_with_its_reason(told: tuple[str, Path]) -> None:
    assert re.search(r"^FAILED tests/test_broken.py::test_wrong$", told[0], re.M)
    assert re.search(r"^FAILED tests/test_broken.py::test_wrong - assert .+ == 3$", told[0], re.M)
    assert "ERROR tests/test_broken.py::test_torn - ValueError: torn before the test" in told[0]
    assert re.search(r"1 failed, 9 passed, 1 skipped, 1 error in", told[0])


def test_each_process_has_a_home_of_its_own_and_none_is_left(told: tuple[str, Path]) -> None:
    lines = (told[1] / "homes").read_text(encoding="utf-8").splitlines()
    homes = dict(line.split(" ", 1) for line in lines)
    assert len(lines) == 2 and len(set(homes.values())) == len(homes)
    assert not any(Path(home).exists() or Path(home).parent.exists() for home in homes.values())


def test_the_seconds_of_each_file_are_recorded(told: tuple[str, Path]) -> None:
    kept = json.loads((told[1] / "tests" / "seconds.json").read_text(encoding="utf-8"))
    names = {f"tests/test_{name}.py" for name in ("one", "two", "broken")}
    assert kept.keys() == {"notebooks/03_a.ipynb", "solutions/03_a.ipynb", *names}


def test_the_longest_files_come_first_and_unknown_ones_are_no_short_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names = ["short.py::a", "short.py::b", "new.py::a", "long.ipynb::Cell 0", "long.ipynb::Cell 1"]
    items = [SimpleNamespace(nodeid=name) for name in names]
    monkeypatch.setattr(conftest, "_known", lambda: {"long.ipynb": 60.0, "short.py": 2.0})
    conftest.pytest_collection_modifyitems(SimpleNamespace(workerinput={}), items)
    assert [item.nodeid for item in items] == [*names[3:], names[2], *names[:2]]
    conftest.pytest_collection_modifyitems(SimpleNamespace(), backwards := items[::-1])
    assert backwards == items[::-1], "alone, a process keeps the order in which files stand"


@pytest.mark.parametrize(("cores", "processes"), [(1, "1"), (2, "2"), (64, "4")])
def test_as_many_processes_as_cores(
    monkeypatch: pytest.MonkeyPatch, cores: int, processes: str
) -> None:
    monkeypatch.setattr(course.os, "sched_getaffinity", lambda _: set(range(cores)), raising=False)
    assert course.side_by_side()[:2] == ["-n", processes]

"""The key of an edition: which files of the library a lesson reaches, and that a change in one of them is noticed."""

import re
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from gates import build
from gates.build.keys import LIBRARY
from gates.build.reach import reached

FILES = {
    "__init__.py": "def __getattr__(name):\n    return import_module(name)",
    "cells.py": "",
    "late.py": "",
    "layers.py": "from gates.cells import step\n\ndef make():\n    from gates import late",
    "named.py": 'MODULE = "gates.cells"',
    "open.py": "import importlib\n\ndef load(name):\n    return importlib.import_module(name)",
    "foreign.py": 'import importlib\n\ndef load(x):\n    return importlib.import_module(f"faker.{x}")',
    "own.py": 'import importlib\n\ndef load(x):\n    return importlib.import_module(f"gates.{x}")',
    "text.py": 'exec("import gates.cells")',
    "relative.py": "from . import cells",
    "star.py": "from gates.tables import *",
    "tables/__init__.py": "",
    "tables/grids.py": "from gates import cells",
    "tables/long.csv": "a,b",
    "checks/__init__.py": "from gates.checks.judging import check\nfrom gates import exercises",
    "checks/judging.py": "def check(name): ...",
    "exercises/__init__.py": "import pkgutil\n\nALL = [import_module(x.name) for x in pkgutil.iter_modules()]",
    "exercises/common/__init__.py": "",
    "exercises/lesson03/__init__.py": "",
    "exercises/lesson03/update.py": "from gates.exercises.common import coding\nfrom gates import late",
    "exercises/lesson03/other.py": "",
    "exercises/lesson04/flip.py": "from gates import layers",
}
ROOTS = {"__init__.py"}
CHECKS = {"checks/__init__.py", "checks/judging.py", "exercises/__init__.py", *ROOTS}
UPDATE = {"exercises/lesson03/update.py", "exercises/lesson03/__init__.py", "late.py"}
UPDATE |= {"exercises/common/__init__.py", *CHECKS}
CHECK = "from gates.checks import check\n"
REACHED = {
    "nothing": ("import torch", ROOTS),
    "a module and what it imports, late too": (
        "from gates import layers",
        {"layers.py", "cells.py", "late.py", *ROOTS},
    ),
    "a name of a module": ("from gates.cells import step", {"cells.py", *ROOTS}),
    "an import in a function": ("def f():\n    import gates.cells", {"cells.py", *ROOTS}),
    "after the dot": ("import gates\ngates.cells.step()", {"cells.py", *ROOTS}),
    "after the dot of an alias": ("import gates as g\ng.cells.step()", {"cells.py", *ROOTS}),
    "a string": ("from gates import named", {"named.py", "cells.py", *ROOTS}),
    "a package and its data": (
        "from gates import tables",
        {"tables/__init__.py", "tables/long.csv", *ROOTS},
    ),
    "a module and its package's data": (
        "from gates.tables.grids import GRIDS",
        {"tables/__init__.py", "tables/grids.py", "tables/long.csv", "cells.py", *ROOTS},
    ),
    "a computed name of another library": (
        "from gates import foreign",
        {"foreign.py", *ROOTS},
    ),
    "an exercise that is checked": (f'{CHECK}check("update")', UPDATE),
    "two cells": (f'{CHECK}\ncheck("nothing")\nx = check("update")', UPDATE),
    "a check by another name": (
        'from gates.checks import check as judged\njudged("update")',
        UPDATE,
    ),
}
EVERYTHING = {
    "a computed name": "from gates import open",
    "a computed name of ours": "from gates import own",
    "code in a string": "from gates import text",
    "a relative import": "from gates import relative",
    "a star": "from gates import star",
    "a cell that is no Python": "%time f()",
    "the package given away": "import gates\nf(gates)",
}
ANY_EXERCISE = {
    "a computed name": f"{CHECK}for name in names:\n    check(name)",
    "a check given away": f"{CHECK}list(map(check, names))",
    "the checks as a module": "from gates import checks\nchecks.check(name)",
    "the checks after the dot": "import gates.checks\ngates.checks.check(name)",
}


@pytest.fixture
def library(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        file = tmp_path / "gates" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return tmp_path / "gates"


def names(code: str, library: Path) -> set[str]:
    return {file.relative_to(library).as_posix() for file in reached(code, library)}


@pytest.mark.parametrize("case", REACHED)
def test_what_is_reached_and_no_more(library: Path, case: str) -> None:
    code, wanted = REACHED[case]
    assert names(code, library) == wanted


@pytest.mark.parametrize("case", EVERYTHING)
def test_what_cannot_be_read_reaches_everything(library: Path, case: str) -> None:
    assert names(EVERYTHING[case], library) == set(FILES)


@pytest.mark.parametrize("case", ANY_EXERCISE)
def test_where_no_exercise_is_named_all_are_reached(library: Path, case: str) -> None:
    found = names(ANY_EXERCISE[case], library)
    assert {name for name in FILES if name.startswith("exercises/")} <= found
    assert "tables/grids.py" not in found


def test_a_change_in_what_is_reached_changes_the_key_and_no_other_does(
    library: Path, tmp_path: Path
) -> None:
    (tmp_path / "lessons").mkdir()
    source = tmp_path / "lessons" / "03_lstm.md"
    source.write_text("One source.\n")
    cell = nbformat.v4.new_code_cell("from gates import layers, tables")
    lesson = build.Lesson(source, nbformat.v4.new_notebook(cells=[cell]))
    changes: list[Callable[[], object]] = []

    def key() -> str:
        return build.key(lesson, library)

    before = key()
    for name in ("layers.py", "cells.py", "late.py", "__init__.py", "tables/long.csv"):
        (library / name).write_text(FILES[name] + "\n", encoding="utf-8")
        assert key() != before, name
        before = key()
    for name in ("open.py", "tables/grids.py", "checks/judging.py"):
        (library / name).write_text(FILES[name] + "\n", encoding="utf-8")
        assert key() == before, name
    changes += [
        lambda: (tmp_path / "requirements.txt").write_text("torch==2.0.0\n"),
        lambda: source.write_text(source.read_text() + "\nA word.\n"),
        lambda: (library / "cells.py").rename(library / "cells" / "__init__.py"),
    ]
    (library / "cells").mkdir()
    for change in changes:
        change()
        assert key() != before
        before = key()


@pytest.fixture(scope="module")
def lessons() -> dict[str, set[str]]:
    """For each lesson of the course, the files that it reaches."""
    return {path.stem: names(build.load(path).code, LIBRARY) for path in build.lessons()}


def stale(lessons: dict[str, set[str]], file: str) -> set[str]:
    """The lessons that a change in this file would execute again."""
    assert (LIBRARY / file).is_file()
    return {name for name, files in lessons.items() if file in files}


def importing(what: str) -> set[str]:
    return {
        path.stem
        for path in build.lessons()
        if re.search(rf"^from {what}\b", path.read_text(encoding="utf-8"), re.M)
    }


def test_a_change_reaches_the_lessons_that_use_it(lessons: dict[str, set[str]]) -> None:
    assert stale(lessons, "drawings.py") == importing("gates import .*drawings")
    assert stale(lessons, "shapes.py") == importing("gates import .*shapes")
    assert stale(lessons, "ruling.py") == importing("gates.ruling")
    assert stale(lessons, "claims.toml") == importing("gates.claims") == set()
    assert stale(lessons, "results/grids/memory.py") == importing("gates.results.grids")
    assert stale(lessons, "results/long_memory.csv") >= importing("gates import .*results")
    for file in (
        "checks/judging.py",
        "checks/course_map.py",
        "lessons.toml",
        "wagers.toml",
        "cells.py",
    ):
        assert stale(lessons, file) == set(lessons), file


def test_a_change_in_an_exercise_reaches_the_lessons_that_ask_for_it(
    lessons: dict[str, set[str]],
) -> None:
    for name, file in (("gru_cell", "gru_cell/slips.py"), ("flip_z", "flip_z.py")):
        asking = {
            path.stem
            for path in build.lessons()
            if re.search(rf'(check|show_me)\("{name}"\)', path.read_text(encoding="utf-8"))
        }
        assert stale(lessons, f"exercises/lesson04/{file}") == asking != set()
    for file in ("common/coding.py", "common/mistakes/any_answer.toml"):
        assert stale(lessons, f"exercises/{file}") == set(lessons)


def test_what_makes_and_grades_lessons_reaches_none(lessons: dict[str, set[str]]) -> None:
    tools = ["desk.py", "checks/__main__.py", "tasks/__main__.py"]
    for folder in ("build", "checks/grading"):
        tools += [
            file.relative_to(LIBRARY).as_posix()
            for file in (LIBRARY / folder).rglob("*")
            if file.suffix in (".py", ".jinja")
        ]
    for file in tools:
        assert stale(lessons, file) == set(), file

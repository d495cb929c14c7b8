"""Grading: what becomes a row, what an answer is allowed to need, and what it cannot do."""

import contextlib
import csv
import io
import json
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from gates import build
from gates.checks import __main__ as commands
from gates.checks import grading
from gates.checks.__main__ import main
from gates.checks.finding import Cell
from gates.checks.grading import Row, apart, guards, room, roster
from gates.checks.grading.notebooks import files, notebook, script
from gates.checks.grading.slicing import program
from gates.checks.grading.text import shown
from gates.exercises import EXERCISES

SETUP = "import torch\nfrom torch import nn"
RIGHT = "def lstm_update(i, f, g, o, c):\n    c = f * c + i * g\n    return o * torch.tanh(c), c"
WRONG = "def lstm_update(i, f, g, o, c):\n    c = f * c + i * g\n    return o * c, c"
BLANK = "def lstm_update(i, f, g, o, c):\n    # Your code here.\n    return ..."
CHECK = 'lstm_update = check("lstm_update")'
UPDATE = "def lstm_update(i, f, g, o, c):\n    c = f * c + i * g\n"


def as_notebook(*cells: str | dict) -> bytes:
    made = [
        cell if isinstance(cell, dict) else {"cell_type": "code", "source": cell} for cell in cells
    ]
    return json.dumps({"cells": made}).encode()


def cell(source: str, id: str = "", *tags: str) -> dict:
    return {"cell_type": "code", "source": source, "id": id, "metadata": {"tags": list(tags)}}


def write(path: Path, *cells: str | dict) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(as_notebook(SETUP, *cells))
    return path


# The complete edition


@pytest.mark.parametrize(
    "path", sorted((build.ROOT / "solutions").glob("*.ipynb")), ids=lambda p: p.stem
)
def test_the_complete_edition_passes_and_borrows_nothing(path: Path) -> None:
    found = list(grading.rows(path, jobs=2))
    lesson = [name for name, task in EXERCISES.items() if task.lesson == path.stem[:2]]
    assert [(row.exercise, row.status, row.uses) for row in found] == [
        (name, "passed", "") for name in lesson
    ]


# What an answer may need of its notebook


TANH = f"{UPDATE}    return o * squash(c), c"
FINE = {
    "helper between answer and check": [TANH, "def squash(a):\n    return torch.tanh(a)", CHECK],
    "helper below the check": [TANH, CHECK, "def squash(a):\n    return torch.tanh(a)"],
    "helper of a helper": ["def t(a):\n    return torch.tanh(a)", "def squash(a):\n    return t(a)", TANH],
    "helper redefined": [
        "def squash(a):\n    return a",
        TANH,
        "def squash(a):\n    return torch.tanh(a)",
        CHECK,
    ],
    "helper in a branch": ["if True:\n    squash = torch.tanh\nelse:\n    squash = torch.sin", TANH],
    "star import": ["from torch import *", f"{UPDATE}    return o * tanh(c), c"],
    "attribute set": [
        "class T:\n    pass",
        "T.s = 1.0",
        f"{UPDATE}    return T.s * o * torch.tanh(c), c",
    ],
    "attribute set below": [
        "class T:\n    s = 0.0",
        f"{UPDATE}    return T.s * o * torch.tanh(c), c",
        "T.s = 1.0",
        CHECK,
    ],
    "setattr": [
        "class T:\n    pass",
        "setattr(T, 's', 1.0)",
        f"{UPDATE}    return T.s * o * torch.tanh(c), c",
    ],
    "items set": ["gains = {}", "gains['o'] = 1.0", f"{UPDATE}    return gains['o'] * o * torch.tanh(c), c"],
    "list grown": ["steps = []", "steps.append(torch.tanh)", f"{UPDATE}    return o * steps[0](c), c"],
    "items set in a loop": [
        "gains = {}",
        "for k in 'ab':\n    gains[k] = 1.0",
        f"{UPDATE}    return gains['a'] * o * torch.tanh(c), c",
    ],
    "tensor changed in place": [
        "one = torch.zeros(())",
        "with torch.no_grad():\n    one.fill_(1.0)",
        f"{UPDATE}    return one * o * torch.tanh(c), c",
    ],
    "shadowed builtin": ["sum = torch.tanh", f"{UPDATE}    return o * sum(c), c"],
    "shell": ["!ls", f"!ls\n{RIGHT}", "!rm -f nothing", CHECK],
    "shell into a name": ["found = !ls", f"{RIGHT}\nfound = !ls\nprint(found[:1])"],
    "help": [f"{RIGHT}\ntorch.tanh?"],
    "timed": [f"%%time\n{RIGHT}"],
    "magic": [f"%matplotlib inline\n{RIGHT}"],
    "await": [f"import asyncio\nawait asyncio.sleep(0)\n{RIGHT}"],
    "answer and check in one cell": [f"from gates.checks import check\n{RIGHT}\n{CHECK}"],
    "answer in a branch": ["if True:\n    " + RIGHT.replace("\n", "\n    ")],
    "answer called in a scratch cell": [RIGHT, CHECK, "lstm_update(1, 2, 3, 4, 5)"],
    "a scratch line that stops": [f"{RIGHT}\nprint(lstm_update(1, 2))"],
    "a needless cell that stops": ["c = 1 / 0\no = undefined", RIGHT],
    "a cell that cannot be read": ["broken(", RIGHT],
    "a constant": ["ONE = 1.0", f"{UPDATE}    return ONE * o * torch.tanh(c), c"],
    "a global that the function sets": [f"{UPDATE}    global seen\n    seen = c\n    return o * torch.tanh(c), c"],
    "a class that is called": [
        "class Update:\n    def __call__(self, i, f, g, o, c):\n        c = f * c + i * g\n        return o * torch.tanh(c), c",
        "lstm_update = Update()",
    ],
    "a decorator": [
        "def kept(function):\n    return function",
        f"@kept\n{RIGHT}",
    ],
    "another answer": [
        f"{RIGHT}\ndef other(*gates):\n    return lstm_update(*gates)",
        "def unroll(cell, xs, state, weights):\n    return ...",
    ],
    "a fresh copy below": [cell(RIGHT, "03-lstm-update"), CHECK, cell(BLANK, "b1", "exercise"), CHECK],
    "a trial below": [cell(RIGHT, "03-lstm-update"), CHECK, WRONG],
    "an earlier trial": [WRONG, RIGHT, CHECK],
    "a helper reads what is defined below it": [
        "def squash(a):\n    return per_gate(a)",
        "def per_gate(a):\n    return torch.tanh(a)",
        TANH,
        CHECK,
    ],
    "a helper below the answer reads what is below it": [
        TANH,
        "def squash(a):\n    return t(a)",
        "def t(a):\n    return torch.tanh(a)",
        CHECK,
    ],
    "a helper reads the last value": [
        "G = 3.0",
        "def squash(a):\n    return G * torch.tanh(a)",
        "G = 1.0",
        TANH,
    ],
    "a method reads what is below its class": [
        "class T:\n    def squash(self, a):\n        return G * torch.tanh(a)",
        "G = 1.0",
        "def squash(a):\n    return T().squash(a)",
        TANH,
    ],
    "a default is read where it stands": [
        "G = 1.0",
        "def squash(a, by=G):\n    return by * torch.tanh(a)",
        "G = 3.0",
        TANH,
    ],
    "a value computed before its helper's value changed": [
        "G = 1.0",
        "def squash(a):\n    return G * torch.tanh(a)",
        "one = squash(torch.tensor(20.0))",
        "G = 3.0",
        f"{UPDATE}    return one * o * torch.tanh(c), c",
    ],
    "another name for a helper": [
        "G = 3.0",
        "def tanh(a):\n    return G * torch.tanh(a)",
        "squash = tanh",
        "G = 1.0",
        TANH,
    ],
    "helpers that call each other": [
        "def squash(a, k=1):\n    return other(a, k)",
        "def other(a, k):\n    return squash(a, k - 1) if k else torch.tanh(a)",
        TANH,
    ],
    "a registry": [
        "R = {}",
        "def reg(f):\n    R[f.__name__] = f\n    return f",
        "@reg\ndef squash(a):\n    return torch.tanh(a)",
        f"{UPDATE}    return o * R['squash'](c), c",
    ],
    "a registry with names": [
        "R = {}",
        "def reg(name):\n    def keep(f):\n        R[name] = f\n        return f\n    return keep",
        "@reg('s')\ndef squash(a):\n    return torch.tanh(a)",
        f"{UPDATE}    return o * R['s'](c), c",
    ],
    "a registry that a call of a call fills": [
        "R = {}",
        "def set_up():\n    fill()",
        "def fill():\n    R['s'] = torch.tanh",
        "set_up()",
        f"{UPDATE}    return o * R['s'](c), c",
    ],
    "a global that a call sets": [
        "def set_up():\n    global G\n    G = 1.0",
        "set_up()",
        f"{UPDATE}    return G * o * torch.tanh(c), c",
    ],
    "a function for each kind": [
        "import functools\n@functools.singledispatch\ndef squash(a):\n    raise TypeError",
        "@squash.register\ndef _(a: torch.Tensor):\n    return torch.tanh(a)",
        TANH,
    ],
    "a scripted helper": ["@torch.jit.script\ndef squash(a):\n    return torch.tanh(a)", TANH],
    "a picture": [f"import matplotlib.pyplot as plt\nplt.plot([1])\nplt.show()\ndisplay(1)\n{RIGHT}"],
}  # fmt: skip


@pytest.fixture(scope="module")
def fine(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Row]]:
    folder = tmp_path_factory.mktemp("fine")
    for name, cells in FINE.items():
        write(folder / name / "03.ipynb", *cells)
    found: dict[str, list[Row]] = {}
    for row in grading.rows(folder, jobs=2):
        found.setdefault(row.learner, []).append(row)
    return found


@pytest.mark.parametrize("case", FINE)
def test_an_answer_gets_what_it_needs(case: str, fine: dict[str, list[Row]]) -> None:
    said = [(row.status, row.said) for row in fine[case] if row.exercise == "lstm_update"]
    assert [status for status, _ in said] == ["passed"], said


def test_only_what_is_needed_is_run() -> None:
    cells = [
        "scale = 2.0\ndef squash(a):\n    return broken(a)",
        "import torch as t\nscale = 1.0\nunused = 1 / 0",
        "def squash(a):\n    return scale * t.tanh(a)",
        "broken(",
        'lstm_cell = check("lstm_cell")',
        "c = 1 / 0\nself = 2",
        "%matplotlib inline\n" + TANH,
    ]
    made = program("lstm_update", [Cell(source) for source in cells], 6)
    assert made.before == [
        "import torch as t",
        "scale = 1.0",
        "def squash(a):\n    return scale * t.tanh(a)",
    ]
    assert made.after == [] and "%" not in made.cell


def test_copies_make_one_row_that_says_so(fine: dict[str, list[Row]]) -> None:
    (row,) = fine["a fresh copy below"]
    assert (
        "There are 2 answers; the one in cell 2 of a fresh copy below/03.ipynb counts." in row.said
    )


def test_the_last_answer_of_all_files_counts(tmp_path: Path) -> None:
    write(tmp_path / "ana" / "03.ipynb", RIGHT)
    write(tmp_path / "ana" / "03b.ipynb", WRONG)
    write(tmp_path / "ana" / "03c.ipynb", BLANK)
    (row,) = grading.rows(tmp_path)
    assert (row.notebook, row.status, row.code) == ("ana/03b.ipynb", "wrong", WRONG)
    assert "There are 3 answers" in row.said


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ([CHECK], "no cell answers it"),
        ([cell("", "03-lstm-update"), CHECK], "The exercise cell is empty."),
        (
            [cell(RIGHT.replace("lstm_update", "update"), "03-lstm-update"), CHECK],
            "defines update, and not lstm_update",
        ),
        ([cell("# nothing\n1", "03-lstm-update")], "does not define lstm_update"),
        ([cell(BLANK, "03-lstm-update")], "It still returns `...`"),
        ([{"cell_type": "markdown", "source": RIGHT}, CHECK], "no cell answers it"),
    ],
)
def test_no_answer_is_a_row_that_says_what_was_found(
    cells: list, says: str, tmp_path: Path
) -> None:
    (row,) = grading.rows(write(tmp_path / "03.ipynb", *cells))
    assert (row.exercise, row.status) == ("lstm_update", "not attempted")
    assert says in row.said


STOPS = {
    "from myhelp import sig": (
        "from myhelp import sig",
        "`from myhelp import sig` (ModuleNotFoundError: No module named 'myhelp').",
    ),
    "a file": ("sig = torch.load('my.pt')", "`sig = torch.load('my.pt')` (FileNotFoundError: "),
    "input": ("sig = input()", "`sig = input()` (EOFError: "),
    "several lines": (
        "class sig:\n    held = open('my.txt')",
        "`class sig: …` (FileNotFoundError: ",
    ),
}


@pytest.mark.parametrize("case", STOPS)
def test_a_needed_statement_that_stops_is_named(case: str, tmp_path: Path) -> None:
    source, says = STOPS[case]
    (row,) = grading.rows(write(tmp_path / "03.ipynb", source, f"{UPDATE}    return sig(c), c"))
    assert row.status == "raised"
    assert "A statement above it that it needs stops when it is graded: " + says in row.said


def test_a_module_beside_the_notebook_is_imported(tmp_path: Path) -> None:
    code = "from myhelp import squash\n"
    helper = b"from other import tanh\n\n\ndef squash(a):\n    return tanh(a)\n"
    other = b"from torch import tanh\n"
    lends = b"import torch\nfrom gates.cells import lstm_cell\nsquash = torch.tanh\n"
    nb = as_notebook(SETUP, code, TANH)
    for name, data in (("03.ipynb", nb), ("myhelp.py", helper), ("other.py", other)):
        (tmp_path / "ana").mkdir(exist_ok=True)
        (tmp_path / "ana" / name).write_bytes(data)
    inside = {"w/03.ipynb": nb, "w/myhelp.py": helper, "w/other.py": other}
    (tmp_path / "ben.zip").write_bytes(zipped(inside))
    (tmp_path / "cid.zip").write_bytes(zipped({"03.ipynb": nb, "myhelp.py": lends}))
    (tmp_path / "dan.zip").write_bytes(zipped({"03.ipynb": nb, "elsewhere/myhelp.py": lends}))
    found = {row.learner: row for row in grading.rows(tmp_path) if row.exercise}
    assert {name: (row.status, row.uses) for name, row in found.items()} == {
        "ana": ("passed", ""),
        "ben": ("passed", ""),
        "cid": ("passed", "gates"),
        "dan": ("raised", ""),
    }


BORROWED = {
    "imported": ("from gates.cells import lstm_cell", "gates"),
    "imported above": ("X", "gates"),
    "imported under another name": (
        "from gates.cells import lstm_cell as mine\ndef lstm_cell(x, state, weights):\n    return mine(x, state, weights)",
        "gates",
    ),
    "imported inside": (
        "def lstm_cell(x, state, weights):\n    from gates import cells\n    return cells.lstm_cell(x, state, weights)",
        "gates",
    ),
    "imported as a whole": ("import gates.cells\nlstm_cell = gates.cells.lstm_cell", "gates"),
    "by its text": (
        "import importlib\nlstm_cell = importlib.import_module('gates.cells').lstm_cell",
        "gates",
    ),
    "with a star": ("from gates.cells import *\nmine = lstm_cell\nlstm_cell = mine", "gates"),
    "from the exercises": (
        "from gates.exercises import EXERCISES\nlstm_cell = EXERCISES['lstm_cell'].reference",
        "gates",
    ),
    "torch's": (
        "def lstm_cell(x, state, weights):\n    layer = nn.LSTMCell(x.shape[1], state[0].shape[1]).to(x.dtype)\n"
        "    return torch.func.functional_call(layer, weights._asdict(), (x, state))",
        "torch's own layer",
    ),
    "torch's compiled": (
        "def lstm_cell(x, state, weights):\n    return torch.lstm_cell(x, state, *weights)",
        "torch's own layer",
    ),
    "its own": (
        "def lstm_cell(x: nn.LSTM, state, weights):\n    h, c = state\n"
        "    i, f, g, o = (x @ weights[0].T + weights[2] + h @ weights[1].T + weights[3]).chunk(4, 1)\n"
        "    c = f.sigmoid() * c + i.sigmoid() * g.tanh()\n    return o.sigmoid() * c.tanh(), c",
        "",
    ),
}


def test_borrowed_answers_are_marked_and_not_failed(tmp_path: Path) -> None:
    for name, (code, _) in BORROWED.items():
        cells = [code, 'lstm_cell = check("lstm_cell")']
        if code == "X":
            cells[0] = "lstm_cell = lambda *a: reference(*a)"
            cells.insert(0, "from gates.cells import lstm_cell as reference, rnn_cell, Weights")
        write(tmp_path / name / "03.ipynb", *cells)
    found = {row.learner: (row.status, row.uses) for row in grading.rows(tmp_path, jobs=2)}
    assert found == {name: ("passed", uses) for name, (_, uses) in BORROWED.items()}


# What an answer cannot do. Each of these is harmless by itself.


FORGES = """import gc
for o in gc.get_objects():
    if type(o).__name__ == 'Connection' and o.writable:
        o.send_bytes(b'%s')
lstm_update = 1"""
HOSTILE = {
    "wrong": (WRONG, "wrong", "tanh"),
    "blank": (BLANK, "not attempted", ""),
    "unparsable": ("def lstm_update(i, f, g, o, c:\n    return h", "raised", "cannot read the cell"),
    "surrogate": ("lstm_update = '\ud800'", "raised", "cannot read the cell"),
    "null": ("lstm_update = 1\0", "raised", "cannot read the cell"),
    "nested": ("lstm_update = " + "(" * 3000 + ")" * 3000, "raised", "cannot read the cell"),
    "raising": ("def lstm_update(i, f, g, o, c):\n    return h, c", "raised", "misspelled"),
    "stopping": ("lstm_update = 1 / 0", "raised", "The cell stops: ZeroDivisionError"),
    "speechless": (
        "class E(Exception):\n    def __str__(self):\n        raise KeyError\nraise E\nlstm_update = 1",
        "raised",
        "whose text raises",
    ),
    "surrogate in a message": ("raise ValueError('\\udcff')\nlstm_update = 1", "raised", "\\xff"),
    "no exception": (
        "class E(BaseException):\n    pass\nraise E\nlstm_update = 1",
        "raised",
        "The cell stops: E",
    ),
    "asking for much": (
        "held = bytearray(10**13)\nlstm_update = 1",
        "stopped",
        "more memory than the limit of 1500 MB",
    ),
    "leaving": ("import sys\nsys.exit('x' * 10**6)\nlstm_update = 1", "raised", "SystemExit"),
    "talking": ("print('x' * 10**7)\n" + RIGHT, "passed", ""),
    "asking": ("answer = input()\n" + RIGHT, "raised", "EOF"),
    "crashing": ("import os\nos._exit(7)\nlstm_update = 1", "stopped", "ended before it was done"),
    "forging": (FORGES % '{"value": {"status": "great"}}', "stopped", "no report"),
    "forging badly": (FORGES % "[1, 2", "stopped", "no report"),
    "forging a list": (FORGES % '{"value": [7]}', "stopped", "no report"),
    "forging a number": (
        FORGES % '{"value": {"status": "passed", "which": 7}}',
        "stopped",
        "no report",
    ),
    "formula": ("def lstm_update(i, f, g, o, c):\n    raise ValueError('=1+1')", "raised", "=1+1"),
}  # fmt: skip
SLOW = {
    "hanging": ("while True:\n    pass\nlstm_update = 1", "still running"),
    "deaf": (
        "import signal, time\nfor k in (2, 15):\n    signal.signal(k, signal.SIG_IGN)\ntime.sleep(999)\nlstm_update = 1",
        "still running",
    ),
    "greedy": (
        "kept = []\nwhile True:\n    kept.append(bytearray(10**7))\nlstm_update = 1",
        "memory",
    ),
}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Row]:
    folder = tmp_path_factory.mktemp("hostile")
    for name, (code, *_) in HOSTILE.items():
        write(folder / name / "03.ipynb", code)
    return {row.learner: row for row in grading.rows(folder, jobs=2)}


@pytest.mark.parametrize("case", HOSTILE)
def test_whatever_an_answer_does_it_is_one_row(case: str, hostile: dict[str, Row]) -> None:
    _, status, says = HOSTILE[case]
    row = hostile[case]
    assert (row.exercise, row.status) == ("lstm_update", status), row
    assert says in row.said
    "\n".join(row.cells()).encode()


@pytest.mark.parametrize("case", SLOW)
def test_an_answer_is_ended_at_its_limits(case: str, tmp_path: Path) -> None:
    code, says = SLOW[case]
    write(tmp_path / "a.ipynb", code)
    write(tmp_path / "b.ipynb", RIGHT)
    seconds = 60 if says == "memory" else 6
    stopped, passed = grading.rows(tmp_path, seconds=seconds, megabytes=900)
    assert (stopped.status, passed.status) == ("stopped", "passed")
    assert says in stopped.said


FORK_TWICE = """import os, sys, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execv(sys.executable, ['python', '-c', 'import time; time.sleep(987)'])
    os._exit(0)
time.sleep(1)
"""
BREED = {
    "a process in a session of its own": (
        "import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', 'import time; time.sleep(987)'], start_new_session=True)\n"
        + RIGHT
    ),
    "forked twice": FORK_TWICE + RIGHT,
    "forked twice, and its parent gone": FORK_TWICE + "os._exit(0)\nlstm_update = 1",
}


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(
            case,
            marks=pytest.mark.skipif(
                "fork" in case and sys.platform != "linux", reason="only Linux finds them"
            ),
        )
        for case in BREED
    ],
)
def test_nothing_that_an_answer_started_is_left(case: str, tmp_path: Path) -> None:
    write(tmp_path / "a.ipynb", BREED[case])
    list(grading.rows(tmp_path))
    for _ in range(50):
        if not (left := sleepers()):
            break
        time.sleep(0.1)
    for process in left:
        process.kill()
    assert not left


def sleepers() -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter(["cmdline", "status"]):
        if "time.sleep(987)" in " ".join(process.info["cmdline"] or ()):
            found.append(process)
    return found


def test_the_graders_environment_is_not_an_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRADERS_SECRET", "swordfish")
    look = (
        "import os, pathlib\n"
        "found = ' '.join(os.environ)\n"
        "for file in pathlib.Path('/proc/self').glob('environ'):\n"
        "    found += file.read_bytes().decode()\n"
        "raise ValueError(('SECRET' in found, os.getcwd() == os.environ['HOME'], os.listdir()))\nlstm_update = 1"
    )
    write(tmp_path / "a.ipynb", look)
    fresh = "import sys; from gates.checks import grading; from pathlib import Path\nif __name__ == '__main__': print(*grading.rows(Path(sys.argv[1])))"
    (tmp_path / "fresh.txt").write_text(fresh)
    told = subprocess.run(
        [sys.executable, str(tmp_path / "fresh.txt"), str(tmp_path / "a.ipynb")],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(build.ROOT)},
    )
    assert "(False, True, [])" in told.stdout, told.stdout + told.stderr


def test_an_answer_changes_no_other_hand_in(tmp_path: Path) -> None:
    """All are read before the first is run, on any system."""
    other = tmp_path / "ben" / "03.ipynb"
    for learner in ("ana", "ben", "cid"):
        write(tmp_path / learner / "03.ipynb", RIGHT)
    write(
        tmp_path / "ana" / "03.ipynb",
        f"import os\nif os.path.exists({str(other)!r}):\n    os.unlink({str(other)!r})\n{RIGHT}",
    )
    assert [row.status for row in grading.rows(tmp_path)][1:] == ["passed", "passed"]


@pytest.mark.skipif(not guards.version(), reason="this system has no Landlock")
def test_where_landlock_is_an_answer_reaches_its_own_folder_only(tmp_path: Path) -> None:
    target = write(tmp_path / "ben" / "03.ipynb", RIGHT)
    kept = target.read_bytes()
    tries = [
        f"os.unlink({str(target)!r})",
        f"open({str(target)!r}, 'w')",
        f"open({str(target)!r}).read()",
        f"os.listdir({str(tmp_path)!r})",
        f"os.mkdir({str(tmp_path / 'new')!r})",
        "os.kill(os.getppid(), 0)",
        "open(f'/proc/{os.getppid()}/environ').read()",
        "socket.create_connection(('127.0.0.1', 9))",
    ]
    code = ["import os, socket\nfailed = []"]
    for one in tries:
        code.append(
            f"try:\n    {one}\n    failed.append({one!r})\nexcept PermissionError:\n    pass"
        )
    code.append("open('mine', 'w').write('x')\nif failed:\n    raise ValueError(failed)")
    write(tmp_path / "ana" / "03.ipynb", "\n".join([*code, RIGHT]))
    found = list(grading.rows(tmp_path))
    assert [row.status for row in found] == ["passed", "passed"], found[0].said
    assert target.read_bytes() == kept


# What is handed in


def zipped(contents: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in contents.items():
            archive.writestr(name, data)
    return file.getvalue()


NB = as_notebook(SETUP, RIGHT)
PERCENT = f'# ---\n# jupyter: x\n# ---\n\n# %% [markdown]\n# def text(\n\n# %%\n{SETUP}\n\n# %% id="03-lstm-update" tags=["exercise"]\n{RIGHT}\n\n# %%\n# %matplotlib inline\n{CHECK}\n'
ENCRYPTED = bytearray(zipped({"03.ipynb": NB}))
ENCRYPTED[6] |= 1
ENCRYPTED[ENCRYPTED.rindex(b"PK\x01\x02") + 8] |= 1
OLD = {"worksheets": [{"cells": [{"cell_type": "code", "input": [f"{SETUP}\n", RIGHT]}]}]}
# The file that a learner hands in, and the row that it becomes.
FILES: dict[str, tuple[str, bytes, str, str]] = {
    "notebook": ("03.ipynb", NB, "passed", ""),
    "capitals": ("03.IPYNB", NB, "passed", ""),
    "deep": ("a/b/c/03.ipynb", NB, "passed", ""),
    ".dotted": ("03.ipynb", NB, "passed", ""),
    "dotted inside": (".mine/03.ipynb", NB, "passed", ""),
    "percent": ("03.py", PERCENT.encode(), "passed", ""),
    "exported": ("03.py", f"# In[1]:\n\n{SETUP}\n\n\n# In[ ]:\n\nget_ipython().system('ls')\n{RIGHT}\n".encode(), "passed", ""),
    "plain": ("03.py", f"{SETUP}\n\n\n{RIGHT}\n\n\nif __name__ == '__main__':\n    print(1 / 0)\n".encode(), "passed", ""),
    "windows": ("03.py", b"\xef\xbb\xbf" + f"{SETUP}\n{RIGHT}".replace("\n", "\r\n").encode(), "passed", ""),
    "bom": ("03.ipynb", b"\xef\xbb\xbf" + NB, "passed", ""),
    "utf-16": ("03.ipynb", NB.decode().encode("utf-16"), "passed", ""),
    "version 3": ("03.ipynb", json.dumps(OLD).encode(), "passed", ""),
    "zip": ("03.zip", zipped({"work/03.ipynb": NB}), "passed", ""),
    "zip of a script": ("03.ZIP", zipped({"03.py": PERCENT.encode(), "__MACOSX/._03.py": b"x"}), "passed", ""),
    "zip in a zip": ("03.zip", zipped({"in.zip": zipped({"03.ipynb": NB})}), "passed", ""),
    "zip with a way out": ("03.zip", zipped({"../../../03.ipynb": NB, "/etc/x.txt": b""}), "passed", ""),
    "zip three deep": ("03.zip", zipped({"a.zip": zipped({"b.zip": zipped({"03.ipynb": NB})})}), "unreadable", "unpack it"),
    "zip of nothing": ("03.zip", zipped({"a.txt": b""}), "unreadable", "no notebook and no Python file"),
    "zip that is none": ("03.zip", b"PK\x03\x04", "unreadable", "cannot be opened"),
    "zip with a lock": ("03.zip", bytes(ENCRYPTED), "unreadable", "encrypted"),
    "zip that swells": ("03.zip", zipped({"03.ipynb": b" " * 40_000_000}), "unreadable", "more than 30 MB"),
    "no json": ("03.ipynb", b"\xff{", "unreadable", "no notebook"),
    "deep json": ("03.ipynb", b'{"cells": ' + b"[" * 200_000, "unreadable", "no notebook"),
    "other json": ("03.ipynb", b"[1, 2]", "unreadable", "no notebook"),
    "cells that are none": ("03.ipynb", b'{"cells": [7]}', "unreadable", "no notebook"),
    "odd cells": ("03.ipynb", json.dumps({"cells": [{"cell_type": "code", "source": f"{SETUP}\n{RIGHT}", "id": 7, "metadata": [1]}]}).encode(), "passed", ""),
    "too large": ("03.ipynb", b" " * 30_000_001, "unreadable", "more than 30 MB"),
    "surrogate": ("03.ipynb", as_notebook(SETUP, "x = '\ud800'", RIGHT), "passed", ""),
    "no encoding": ("03.py", b"# caf\xe9\nlstm_update = 1", "unreadable", "encoding"),
    "no exercise": ("03.ipynb", as_notebook("x = 1"), "no exercise", "no exercise of the course"),
    "empty file": ("03.ipynb", b"", "unreadable", "no notebook"),
    "report only": ("report.pdf", b"%PDF", "nothing handed in", "only report.pdf"),
    "checkpoints only": (".ipynb_checkpoints/03-checkpoint.ipynb", NB, "nothing handed in", "empty"),
    "=cmd": ("03.ipynb", NB, "passed", ""),
    "<b>bold</b>": ("03.ipynb", NB, "passed", ""),
}  # fmt: skip


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, list[Row]]]:
    folder = tmp_path_factory.mktemp("class")
    for learner, (name, data, *_) in FILES.items():
        path = folder / learner.replace("/", "∕") / name
        path.parent.mkdir(parents=True)
        path.write_bytes(data)
    found: dict[str, list[Row]] = {}
    for row in grading.rows(folder, jobs=2):
        found.setdefault(row.learner.replace("∕", "/"), []).append(row)
    return folder, found


@pytest.mark.parametrize("case", FILES)
def test_every_hand_in_is_a_row(case: str, handed_in: tuple[Path, dict[str, list[Row]]]) -> None:
    *_, status, says = FILES[case]
    (row,) = handed_in[1][case]
    assert row.status == status, row
    assert says in row.said
    assert row.exercise == ("lstm_update" if status == "passed" else "")


def test_nothing_of_a_zip_file_is_written(handed_in: tuple[Path, dict[str, list[Row]]]) -> None:
    folder, _ = handed_in
    assert not (folder.parent / "03.ipynb").exists()
    assert len([path for path in folder.rglob("*") if path.is_file()]) == len(FILES)


@pytest.mark.skipif(os.name != "posix", reason="such names and files are Unix's")
def test_odd_names_links_and_pipes_are_rows_too(tmp_path: Path) -> None:
    folder = tmp_path / "class"
    target = write(tmp_path / "elsewhere" / "03.ipynb", RIGHT)
    strange = os.fsencode(folder) + b"/jos\xe9"
    folder.mkdir()
    os.mkdir(strange)
    (folder / "linked").symlink_to(target.parent)
    (folder / "lost.ipynb").symlink_to(tmp_path / "nowhere")
    (folder / "ana").mkdir()
    (folder / "ana" / "03.ipynb").symlink_to(target)
    (folder / "ben").mkdir()
    (folder / "ben" / "a\nb.txt").touch()
    (folder / "cid").mkdir()
    os.mkfifo(folder / "cid" / "03.ipynb")
    (folder / "essay.docx").touch()
    (folder / "grades.csv").touch()
    (folder / "__MACOSX").mkdir()
    Path(os.fsdecode(strange), "03.ipynb").write_bytes(NB)
    found = {row.learner: (row.status, row.said) for row in grading.rows(folder)}
    statuses = {learner: status for learner, (status, _) in found.items()}
    assert statuses == {
        "ana": "unreadable",
        "ben": "nothing handed in",
        "cid": "unreadable",
        "essay": "nothing handed in",
        "jos\\xe9": "passed",
        "linked": "unreadable",
        "lost": "unreadable",
    }
    assert "links are not followed" in found["ana"][1] and "no plain file" in found["cid"][1]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may open all")
def test_a_file_that_may_not_be_read_is_a_row(tmp_path: Path) -> None:
    write(tmp_path / "a.ipynb", RIGHT).chmod(0)
    (row,) = grading.rows(tmp_path)
    assert row.status == "unreadable"


def test_a_class_in_one_zip_file_is_a_folder(tmp_path: Path) -> None:
    whole = tmp_path / "class.zip"
    whole.write_bytes(
        zipped({"class/ana/03.ipynb": NB, "class/ben/w/03.zip": zipped({"03.ipynb": NB})})
    )
    assert [row.learner for row in grading.rows(whole)] == ["ana", "ben"]
    whole.write_bytes(zipped({"ana.ipynb": NB, "ben/03.ipynb": NB}))
    assert [row.learner for row in grading.rows(whole)] == ["ana", "ben"]


A_CLASS = {
    "files in one folder": {"hw3/ana_03.ipynb": NB, "hw3/ben_03.ipynb": NB},
    "folders in one folder": {
        "hw3/ana_03/03.ipynb": NB,
        "hw3/ben_03/x.ipynb": NB,
        "hw3/x.csv": b"",
    },
    "zip files": {"ana_03.zip": zipped({"03.ipynb": NB}), "ben_03.zip": zipped({"w/03.ipynb": NB})},
    "zip files in one folder": {
        "hw3/ana_03.zip": zipped({"03.ipynb": NB}),
        "hw3/ben_03.ZIP": zipped({"03.ipynb": NB}),
    },
    "backslashes": {"hw3\\ana_03\\03.ipynb": NB, "hw3\\ben_03\\03.ipynb": NB},
}


@pytest.mark.parametrize("case", A_CLASS)
def test_the_folder_that_holds_a_class_is_no_learner(case: str, tmp_path: Path) -> None:
    whole, folder = tmp_path / "one" / "class.zip", tmp_path / "two"
    whole.parent.mkdir()
    whole.write_bytes(zipped(A_CLASS[case]))
    for name, data in A_CLASS[case].items():
        path = folder / name.replace("\\", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    for given in (whole, whole.parent, folder):
        found = [(row.learner, row.status) for row in grading.rows(given)]
        assert found == [("ana_03", "passed"), ("ben_03", "passed")], given


def test_a_lone_learners_notebooks_stay_together(tmp_path: Path) -> None:
    whole = tmp_path / "ana.zip"
    for inside in ("", "ana/"):
        whole.write_bytes(zipped({f"{inside}03_x.ipynb": NB, f"{inside}03_y.ipynb": NB}))
        for given in (whole, tmp_path):
            assert [row.learner for row in grading.rows(given)] == ["ana"]


def test_those_in_a_class_zip_without_a_notebook_have_rows(tmp_path: Path) -> None:
    contents = {
        "hw3/": b"",
        "hw3/ana/": b"",
        "hw3/ana/03.ipynb": NB,
        "hw3/ana/notes.pdf": b"",
        "hw3/ben/report.pdf": b"",
        "hw3/cid/": b"",
        "hw3/essay.docx": b"",
        "hw3/names.csv": b"",
    }
    whole = tmp_path / "class.zip"
    whole.write_bytes(zipped(contents))
    found = {row.learner: (row.status, row.said) for row in grading.rows(whole)}
    assert {name: status for name, (status, _) in found.items()} == {
        "ana": "passed",
        "ben": "nothing handed in",
        "cid": "nothing handed in",
        "essay": "nothing handed in",
    }
    assert "only report.pdf" in found["ben"][1] and "is empty" in found["cid"][1]
    assert "essay.docx is no notebook" in found["essay"][1]
    whole.write_bytes(zipped({"ben/report.pdf": b"", "Cid.zip": zipped({"x.pdf": b""})}))
    assert [row.learner for row in grading.rows(whole)] == ["Cid", "ben"]
    whole.write_bytes(zipped({"ben/report.pdf": b"", "cid/report.pdf": b""}))
    assert [row.learner for row in grading.rows(whole)] == ["ben", "cid"]


def test_a_folder_of_nothing_has_no_rows(tmp_path: Path) -> None:
    assert list(grading.rows(tmp_path)) == []


def test_a_zip_file_of_too_many_or_too_large_files_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from gates.checks.grading import notebooks

    many = zipped({f"{k}.py": b"x = 1" for k in range(4)})
    monkeypatch.setattr(notebooks, "MOST_FILES", 3)
    assert list(files("a.zip", many)) == [("a.zip", "It holds more than 3 files.")]
    monkeypatch.setattr(notebooks, "MOST_FILES", 5)
    monkeypatch.setattr(notebooks, "MOST_BYTES", 9)
    assert list(files("a.zip", many))[-1][0] == "a.zip"
    assert "unpacks to more" in list(files("a.zip", many))[-1][1]


def test_a_script_is_read_as_cells() -> None:
    found = script(PERCENT.encode())
    assert Cell(RIGHT, "03-lstm-update", ("exercise",)) in found
    assert found[-1].source == f"%matplotlib inline\n{CHECK}"
    assert [part.source for part in script(b"a = 1\n\n# why\n@f\ndef g():\n    pass\n")] == [
        "a = 1",
        "# why\n@f\ndef g():\n    pass",
    ]
    assert notebook(b'{"cells": []}') == []


# The class


@pytest.mark.parametrize(
    ("data", "column"),
    [
        (b"name,mail\nAna,a@x\nBen,b@x\n", ""),
        (b"\xef\xbb\xbfName;mail\r\nAna;a@x\r\nBen;b@x\r\n", ""),
        ("Ana\tx\rBen\ty\r".encode("utf-16"), ""),
        (b"Ana\nBen\n\nAna\n", ""),
        (b"mail;learner\na@x;Ana\nb@x; Ben \n", "Learner"),
        (b'"Ana"\n"Ben"', ""),
    ],
)
def test_a_roster_is_read_as_it_comes(data: bytes, column: str, tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_bytes(data)
    assert roster.read(path, column) == ["Ana", "Ben"]


def test_a_roster_that_cannot_be_used_is_told_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    with pytest.raises(roster.BadRoster, match="cannot be opened"):
        roster.read(path)
    path.write_text("\n")
    with pytest.raises(roster.BadRoster, match="is empty"):
        roster.read(path)
    path.write_text("name,mail\n")
    with pytest.raises(roster.BadRoster, match="no column login; its first line has name, mail"):
        roster.read(path, "login")


def test_names_on_a_roster_fit_folders_in_other_writings() -> None:
    assert roster.same("José", "jose\u0301") and roster.same("Ana Silva", "Ana Silva_8123_file")
    assert not roster.same("Ana", "Anabel")


def test_who_is_missing_and_who_is_unknown_have_rows(tmp_path: Path) -> None:
    write(tmp_path / "ana" / "03.ipynb", RIGHT)
    write(tmp_path / "zoe" / "03.ipynb", RIGHT)
    found = [(row.learner, row.status) for row in grading.rows(tmp_path, roster=["Ana", "Ben"])]
    assert found == [
        ("zoe", "not on the roster"),
        ("Ben", "nothing handed in"),
        ("ana", "passed"),
        ("zoe", "passed"),
    ]


# Processes


def test_results_come_in_the_order_of_the_hand_ins(tmp_path: Path) -> None:
    write(tmp_path / "a.ipynb", f"import time\ntime.sleep(1)\n{RIGHT}")
    for learner in "bcd":
        write(tmp_path / f"{learner}.ipynb", RIGHT)
    assert [row.learner for row in grading.rows(tmp_path, jobs=3)] == list("abcd")


def test_a_stop_keeps_what_is_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for learner in "abc":
        write(tmp_path / "class" / f"{learner}.ipynb", RIGHT)
    real = apart.calls

    def stops(function, arguments, *rest) -> Iterator:
        if function.__name__ == "read":
            yield from real(function, arguments, *rest)
            return
        outcome = apart.Outcome({"status": "passed", "mistakes": [], "said": "", "which": 0}, "", 1)
        yield 1, outcome  # the second is done before the first
        raise KeyboardInterrupt

    monkeypatch.setattr(apart, "calls", stops)
    graded = grading.grade(tmp_path / "class", tmp_path / "out.csv")
    assert graded.stopped and [row.learner for row in graded.rows] == ["b"]
    assert "stopped before its end" in (tmp_path / "out.html").read_text(encoding="utf-8")


def test_calls_that_nobody_waits_for_are_ended() -> None:
    calls = apart.calls(time.sleep, [(0,), (987,), (987,)], jobs=3)
    next(calls)
    before = {child.pid for child in psutil.Process().children(recursive=True)}
    calls.close()
    with contextlib.suppress(psutil.Error):
        time.sleep(0.2)
    after = {child.pid for child in psutil.Process().children(recursive=True)}
    assert len(before - after) >= 2


# Texts


def test_a_text_of_any_kind_can_be_stored() -> None:
    assert shown("jos\udce9") == "jos\\xe9"
    assert shown("\ud83d") == "\\ud83d"
    assert shown("naïve 漢字 👍\u00a0a\tb\nc") == "naïve 漢字 👍\u00a0a\tb\nc"
    assert shown("a\x1b[31mb\x00\u202e") == "a\\u001b[31mb\\u0000\\u202e"
    assert len(shown("x" * 10**6)) == 5000


def test_a_spreadsheet_finds_no_formula() -> None:
    row = Row("=ana", "+1.ipynb", "unroll", "raised", said="@x\n=y", code="@f\ndef g(): ...")
    assert row.cells() == [
        *("'=ana", "'+1.ipynb", "unroll", "raised", "", "'@x =y", "", ""),
        "'@f\ndef g(): ...",
    ]


# Wagers

OWN = "wager_c10 = (-0.2, -0.05)  # (lower end, upper end)"
READ = {
    "its own cell": ([cell(OWN, "09-wager-c10", "exercise")], (-0.2, -0.05)),
    "its name": ([OWN], (-0.2, -0.05)),
    "its name in another lesson": ([cell(OWN, "03-lstm-cell")], (-0.2, -0.05)),
    "its own cell before another": (
        [cell(OWN, "09-wager-c10"), "wager_c10 = (0, 1)"],
        (-0.2, -0.05),
    ),
    "its own cell with another name": (
        [cell("mine = [-0.2, -0.05]", "09-wager-c10")],
        (-0.2, -0.05),
    ),
    "the last": (["wager_c10 = (0, 1)", OWN], (-0.2, -0.05)),
    "the last that is one": ([OWN, "wager_c10 = ...", "wager_c10 = 3"], (-0.2, -0.05)),
    "where its own is blank": ([cell("wager_c10 = ...", "09-wager-c10"), OWN], (-0.2, -0.05)),
    "annotated": (["wager_c10: tuple = (-0.2, -0.05)"], (-0.2, -0.05)),
    "a blank": (["wager_c10 = ..."], None),
    "an expression": (["wager_c10 = (-1 / 5, 0)"], None),
    "a call": (["wager_c10 = tuple([-0.2, 0.5])"], None),
    "another claim's": (["wager_c07 = (0, 1)", "wager_c99 = (0, 1)"], None),
    "in another unit": (["wager_c10 = (-20, -5)"], None),
    "turned around": (["wager_c10 = (0.5, -0.5)"], None),
    "too large": ([f"wager_c10 = (0, 1{'0' * 400})"], None),
    "too deep": ([f"wager_c10 = ({'-' * 3000}0.1, 1)"], None),
    "unreadable": (["wager_c10 = (0,"], None),
}


@pytest.mark.parametrize("case", READ)
def test_a_wager_is_read_as_a_literal(case: str) -> None:
    given, wanted = READ[case]
    cells = [
        Cell(one["source"], one["id"], tuple(one["metadata"]["tags"]))
        if isinstance(one, dict)
        else Cell(one)
        for one in given
    ]
    assert room.wagers_in(cells) == ({"C10": wanted} if wanted else {})


def test_a_rooms_wagers_are_pooled_and_never_run(tmp_path: Path) -> None:
    folder, trap = tmp_path / "class", tmp_path / "trap"
    run = f"open({str(trap)!r}, 'w')"
    write(folder / "ana" / "03.ipynb", "wager_c10 = (-0.3, 0.1)", RIGHT, CHECK)
    write(folder / "ana" / "09.ipynb", "wager_c10 = (-0.2, 0.0)", "wager_c06 = (0.5, 1.2)")
    write(folder / "ben.ipynb", "wager_c10 = (-0.1, 0.1)", f"wager_c06 = ({run}, 1)[:0] or (0, 1)")
    write(folder / "cid.ipynb", "wager_c10 = (0.0, 0.2)", WRONG)
    write(folder / "dan.ipynb", RIGHT)
    with zipfile.ZipFile(folder / "eva.zip", "w") as archive:
        archive.writestr("09.ipynb", as_notebook("wager_c10 = (-0.4, 0.4)"))
    (folder / "fay.ipynb").write_bytes(b"{")
    out = tmp_path / "grades.csv"
    graded = grading.grade(folder, out, jobs=2)
    assert not trap.exists()
    assert [(one.learner, one.claim, one.low, one.high) for one in graded.wagers] == [
        ("ana", "C10", -0.2, 0.0),
        ("ana", "C06", 0.5, 1.2),
        ("ben", "C10", -0.1, 0.1),
        ("cid", "C10", 0.0, 0.2),
        ("eva", "C10", -0.4, 0.4),
    ]
    with (tmp_path / "grades_wagers.csv").open(encoding="utf-8") as file:
        table = list(csv.DictReader(file))
    assert [list(row.values())[:8] for row in table] == [
        ["C06", "1", "1", "0.5", "1.2", "1.011", "1.009", "1.012"],
        ["C10", "4", "2", "-0.15", "0.15", "-0.109", "-0.126", "-0.092"],
    ]
    assert table[0]["sentence"].startswith("The update gate controls")
    text = (tmp_path / "grades.html").read_text(encoding="utf-8")
    assert "What the room expected, and what was measured" in text
    statuses = {row.learner: row.status for row in graded.rows}
    assert statuses["dan"] == "passed" and statuses["fay"] == "unreadable"


def test_a_room_without_wagers_is_no_fault(tmp_path: Path) -> None:
    write(tmp_path / "class" / "dan.ipynb", RIGHT)
    out = tmp_path / "grades.csv"
    assert grading.grade(tmp_path / "class", out).wagers == []
    assert not (tmp_path / "grades_wagers.csv").exists()
    (tmp_path / "grades_wagers.csv").write_text("of an earlier grading")
    grading.grade(tmp_path / "class", out)
    left = (tmp_path / "grades_wagers.csv").read_text(encoding="utf-8")
    assert left.split() == [",".join(room.COLUMNS)]


@pytest.mark.parametrize(
    "given",
    [
        None,
        {},
        {"wagers": None},
        {"wagers": {"C10": None, "C11": [1, 2, 3], "C99": [0, 1], "C08": ["0", 1]}},
        {"wagers": {"C10": [0.1, -0.1], "C13": [1e400, 2]}},
    ],
)
def test_what_a_process_reports_of_wagers_is_not_trusted(given: dict | None) -> None:
    assert list(room.of_learner("ana", [given] if given is not None else [])) == []


# The command


def graded(*arguments: object) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "gates.checks", "grade", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


def test_a_class_becomes_a_table_a_page_and_feedback(tmp_path: Path) -> None:
    folder = tmp_path / "class"
    write(folder / "ana" / "03.ipynb", RIGHT, CHECK)
    write(
        folder / "ben" / "03.ipynb", WRONG, "reading_order = 'a'", CHECK, 'check("reading_order")'
    )
    write(folder / "cid.ipynb", WRONG)
    write(folder / "dan" / "empty.ipynb", "x = 1")
    (folder / "eva").mkdir()
    (folder / "eva" / "broken.ipynb").write_bytes(b"\xff{")
    names = tmp_path / "names.csv"
    names.write_text("name\nana\nben\ncid\ndan\neva\nfay\n", encoding="utf-8")
    out = tmp_path / "new" / "folder" / "grades.csv"
    told = graded(folder, "--out", out, "--roster", names, "--jobs", 2)
    assert told.returncode == 0, told.stderr
    with out.open(encoding="utf-8") as file:
        table = list(csv.DictReader(file))
    said = {(row["learner"], row["exercise"]): (row["status"], row["mistakes"]) for row in table}
    assert said == {
        ("fay", ""): ("nothing handed in", ""),
        ("ana", "lstm_update"): ("passed", ""),
        ("ben", "lstm_update"): ("wrong", "lstm-no-output-tanh"),
        ("ben", "reading_order"): ("wrong", "same-shape-same-network"),
        ("cid", "lstm_update"): ("wrong", "lstm-no-output-tanh"),
        ("dan", ""): ("no exercise", ""),
        ("eva", ""): ("unreadable", ""),
    }
    assert all(row["code"] and float(row["seconds"] or 1) > 0 for row in table if row["exercise"])
    assert "   2 ████████████████████ lstm-no-output-tanh" in told.stdout
    assert "1 of 4 answers passed" in told.stdout and "exercise/s" in told.stderr
    assert (out.parent / "grades.html").exists()
    feedback = {path.name for path in (out.parent / "grades_feedback").iterdir()}
    assert feedback == {f"{name}.html" for name in ("ana", "ben", "cid", "dan", "eva")}


def run_here(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture, *arguments: object
) -> tuple[int, str, str]:
    """The command in this process: its exit status, and what it printed."""
    monkeypatch.setattr(guards, "hide", lambda: None)
    monkeypatch.setattr(sys, "argv", ["gates.checks", "grade", *map(str, arguments)])
    status = 0
    try:
        main()
    except SystemExit as leaving:
        status = int(leaving.code or 0)
    return status, *capsys.readouterr()


def test_a_single_file_is_graded(tmp_path: Path, monkeypatch, capsys) -> None:
    file = write(tmp_path / "ana.ipynb", RIGHT)
    status, printed, _ = run_here(monkeypatch, capsys, file, "--out", tmp_path / "one.csv")
    assert status == 0 and "1 of 1 answers passed" in printed


def test_nothing_at_all_is_graded(tmp_path: Path, monkeypatch, capsys) -> None:
    (tmp_path / "class").mkdir()
    arguments = [tmp_path / "class", "--out", tmp_path / "none.csv"]
    status, printed, _ = run_here(monkeypatch, capsys, *arguments)
    assert status == 0 and "0 of 0 answers passed" in printed


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["none"], "there is no folder"),
        ([".", "--seconds", "0"], "0 is not above 0"),
        ([".", "--seconds", "x"], "x is no number"),
        ([".", "--jobs", "0"], "0 is not a whole number above 0"),
        ([".", "--megabytes", "nan"], "nan is not a whole number above 0"),
        ([".", "--roster", "none.csv"], "cannot be opened"),
        ([".", "--out", "file/grades.csv"], "file"),
        ([".", "--out", "x.html"], "write --out x.csv"),
        ([".", "--roster", "names.xlsx"], "names.xlsx is no text: save it as CSV"),
    ],
)
def test_what_cannot_be_graded_is_told_in_one_sentence(
    arguments: list[str], says: str, tmp_path: Path, monkeypatch, capsys
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").touch()
    (tmp_path / "names.xlsx").write_bytes(zipped({"sheet.xml": b"<a/>"}))
    status, _, told = run_here(monkeypatch, capsys, *arguments)
    assert status == 2 and says in told


def test_a_stopped_grading_says_so(tmp_path: Path, monkeypatch, capsys) -> None:
    def stopped(*_: object) -> grading.Graded:
        return grading.Graded([], True)

    monkeypatch.setattr(commands, "grade", stopped)
    assert run_here(monkeypatch, capsys, tmp_path)[0] == 130

"""Grading a folder: every notebook becomes rows, whatever it holds, and nothing in it stops the others."""

import csv
import json
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from gates.checks import grading
from gates.checks.grading import Row

RIGHT = "def lstm_update(i, f, g, o, c):\n    c = f * c + i * g\n    return o * torch.tanh(c), c"
WRONG = "def lstm_update(i, f, g, o, c):\n    c = f * c + i * g\n    return o * c, c"


def notebook(path: Path, *cells: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    made = [
        {"cell_type": "code", "source": cell}
        for cell in ("import torch\nfrom torch import nn", *cells)
    ]
    path.write_text(json.dumps({"cells": made}), encoding="utf-8")


HOSTILE = {
    "right": (RIGHT, "passed", ""),
    "wrong": (WRONG, "wrong", "tanh"),
    "blank": (
        "def lstm_update(i, f, g, o, c):\n    # Your code here.\n    return ...",
        "not attempted",
        "",
    ),
    "unparsable": (
        "def lstm_update(i, f, g, o, c:\n    return h",
        "raised",
        "cannot read the cell",
    ),
    "raising": ("def lstm_update(i, f, g, o, c):\n    return h, c", "raised", "misspelled"),
    "stopping": ("lstm_update = 1 / 0", "raised", "The cell stops: ZeroDivisionError"),
    "leaving": ("import sys\nsys.exit('x' * 10**6)\nlstm_update = 1", "raised", "SystemExit"),
    "hanging": ("while True:\n    pass\nlstm_update = 1", "stopped", "still running"),
    "deaf": (
        "import signal, time\nfor k in (2, 15):\n    signal.signal(k, signal.SIG_IGN)\ntime.sleep(999)\nlstm_update = 1",
        "stopped",
        "still running",
    ),
    "greedy": (
        "kept = []\nwhile True:\n    kept.append(bytearray(10**7))\nlstm_update = 1",
        "stopped",
        "memory",
    ),
    "crashing": ("import os\nos._exit(7)\nlstm_update = 1", "stopped", "ended before it was done"),
    "talking": ("print('x' * 10**7)\n" + RIGHT, "passed", ""),
    "forging": (
        'import gc\nfor o in gc.get_objects():\n    if type(o).__name__ == \'Connection\' and o.writable:\n        o.send_bytes(b\'{"status": "great", "said": ""}\')\nlstm_update = 1',
        "stopped",
        "no report",
    ),
    "breeding": (
        "import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', 'import time; time.sleep(987)'], start_new_session=True)\n"
        + RIGHT,
        "passed",
        "",
    ),
    "formula": ("def lstm_update(i, f, g, o, c):\n    raise ValueError('=1+1')", "raised", "=1+1"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_each_answer_is_judged_in_a_process_of_its_own(case: str, tmp_path: Path) -> None:
    cell, status, says = HOSTILE[case]
    notebook(tmp_path / "03_lesson.ipynb", cell)
    seconds = 4 if status == "stopped" else 30
    begun = time.monotonic()
    (row,) = grading.rows(tmp_path, seconds=seconds, megabytes=900)
    assert time.monotonic() - begun < 60  # a limit that is not kept would take forever
    assert (row.exercise, row.status) == ("lstm_update", status), row
    assert says in row.said


def test_nothing_that_an_answer_started_is_left(tmp_path: Path) -> None:
    notebook(tmp_path / "a.ipynb", HOSTILE["breeding"][0])
    list(grading.rows(tmp_path))
    time.sleep(0.2)
    lines = []
    for process in psutil.process_iter(["cmdline"]):
        lines.append(" ".join(process.info["cmdline"] or ()))
    assert not [line for line in lines if "time.sleep(987)" in line]


def test_a_class_becomes_a_table_and_a_histogram(tmp_path: Path) -> None:
    folder = tmp_path / "class"
    notebook(folder / "ana" / "03.ipynb", RIGHT, 'lstm_update = check("lstm_update")')
    notebook(folder / "ben" / "03.ipynb", WRONG, "reading_order = 'a'")
    notebook(folder / "cid.ipynb", WRONG)
    notebook(folder / "dan" / "empty.ipynb", "x = 1")
    (folder / "eva").mkdir()
    (folder / "eva" / "broken.ipynb").write_bytes(b"\xff{")
    out = tmp_path / "grades.csv"
    told = subprocess.run(
        [sys.executable, "-m", "gates.checks", "grade", str(folder), "--out", str(out)],
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert told.returncode == 0, told.stderr
    with out.open(encoding="utf-8") as file:
        table = list(csv.DictReader(file))
    said = {(row["learner"], row["exercise"]): (row["status"], row["mistakes"]) for row in table}
    assert said == {
        ("ana", "lstm_update"): ("passed", ""),
        ("ben", "lstm_update"): ("wrong", "lstm-no-output-tanh"),
        ("ben", "reading_order"): ("wrong", "same-shape-same-network"),
        ("cid", "lstm_update"): ("wrong", "lstm-no-output-tanh"),
        ("dan", ""): ("no exercise", ""),
        ("eva", ""): ("unreadable", ""),
    }
    assert "   2 ████████████████████ lstm-no-output-tanh" in told.stdout
    assert "1 of 6 passed" in told.stdout and "exercise/s" in told.stderr


def test_an_answer_may_use_helpers_from_cells_before_it() -> None:
    cells = [
        "import torch as t\nscale = 1.0\nunused = 1 / 0",
        "def squash(a):\n    return scale * t.tanh(a)",
        "broken(",
        'lstm_cell = check("lstm_cell")',
        "%matplotlib inline\ndef lstm_update(i, f, g, o, c):\n    c = f * c + i * g\n    return o * squash(c), c",
    ]
    before, cell = grading.program(cells, 4)
    assert "import torch as t" in before and "scale = 1.0" in before and "def squash" in before
    assert "unused" not in before and "check(" not in before and "%" not in cell
    assert grading.judged_apart("lstm_update", before, cell)["status"] == "passed"


def test_the_last_answer_in_a_notebook_counts() -> None:
    cells = ["unroll = 3", "def unroll(a):\n    pass", 'unroll = check("unroll")', "unroll == 3"]
    assert grading.answers(cells) == {"unroll": 1}


def test_a_spreadsheet_finds_no_formula() -> None:
    row = Row("=ana", "+1.ipynb", "unroll", "raised", said="@x\n=y")
    assert row.cells() == ["'=ana", "'+1.ipynb", "unroll", "raised", "", "'@x =y"]


def test_a_folder_that_is_not_there_is_told_in_one_sentence(tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "gates.checks", "grade", str(tmp_path / "none")],
        capture_output=True,
        text=True,
    )
    assert told.returncode == 2 and "there is no folder" in told.stderr

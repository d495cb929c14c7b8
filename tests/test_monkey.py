"""A monkey learner fills exercises and checks with anything at all: Run All goes on, and each verdict is right."""

import json
import os
import random
from pathlib import Path

import nbformat
import pytest
from bank import BANK, NAMES
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from test_run_all import LEARNER, client
from traitlets.config import Config

from gates.exercises import EXERCISES, Choice, Coding

KINDS = ("right", "wrong", "blank", "raising", "unparsable", "wrongly shaped")
ROUNDS = 100


def filling(exercise: str, kind: str, chance: random.Random) -> tuple[str, set[str]]:
    """A source for the exercise's cell, and the statuses that a verdict on it may have."""
    task = EXERCISES[exercise]
    if isinstance(task, Choice):
        return {
            "right": (f"{exercise} = {task.reference!r}", {"passed"}),
            "wrong": (f"{exercise} = {chance.choice(list(task.wrong))!r}", {"wrong"}),
            "blank": (f"{exercise} = ...", {"not attempted"}),
            "raising": (
                f"{exercise} = {task.reference}",
                {"raised", "wrong"},
            ),  # no quotes: c may be a tensor
            "unparsable": (f"{exercise} = '{task.reference}", {"raised"}),
            "wrongly shaped": (f"{exercise} = [1, 2]", {"wrong"}),
        }[kind]
    of_it = [entry for entry in BANK if entry["exercise"] == exercise]
    head = f"def {exercise}(*arguments):\n    "
    if kind in ("right", "wrong"):
        codes = [e["code"] for e in of_it if (e["mistake"] == "right") == (kind == "right")]
        code = chance.choice(codes) if codes else f"{head}return 0"
        return code, {"passed"} if kind == "right" and codes else {"wrong", "wrong shape", "raised"}
    if kind == "blank":
        return chance.choice([f"{head}return ...", f"{exercise} = ...", f"{exercise} = None"]), {
            "not attempted"
        }
    if kind == "raising":
        lines = [
            "return arguments[7]",
            "return undefined_name",
            "1 / 0",
            "raise SystemExit",
            "import nothing_like_it",
        ]
        return head + chance.choice(lines), {"raised"}
    if kind == "unparsable":
        return chance.choice(
            [f"def {exercise}(a, b:\n    return a", f"{head}return (1", f"{exercise} = = 3"]
        ), {"raised"}
    bodies = ["return 'h'", "return None", "return [arguments]", "pass", "return {}, 1, 2"]
    return chance.choice([head + chance.choice(bodies), f"{exercise} = 3"]), {
        "wrong shape",
        "wrong",
    }


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> InteractiveShell:
    """The heart of a notebook's kernel, with a history of cells and the names that learners use."""
    os.environ["GATES_HOME"] = str(tmp_path_factory.mktemp("home"))
    InteractiveShell.clear_instance()
    config = Config()
    config.HistoryManager.hist_file = ":memory:"
    made = InteractiveShell.instance(config=config)
    made.push(NAMES)
    made.run_cell("from gates.checks import check", store_history=True)
    yield made
    InteractiveShell.clear_instance()


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_any_filling_gets_the_right_verdict_and_stops_nothing(
    seed: int, shell: InteractiveShell
) -> None:
    chance = random.Random(seed)
    exercise, kind = chance.choice(list(EXERCISES)), KINDS[seed % len(KINDS)]
    source, statuses = filling(exercise, kind, chance)
    shell.user_ns.pop(exercise, None)
    with capture_output() as captured:
        shell.run_cell(source, store_history=True)
        done = shell.run_cell(f'{exercise} = check("{exercise}")', store_history=True)
    assert done.success, f"the check of {exercise} stopped the notebook: {done.error_in_exec}"
    verdict = captured.outputs[-1].data["text/plain"]
    assert any(f"{exercise}: {status}\n" in verdict + "\n" for status in statuses), (
        f"{source}\n{verdict}"
    )
    handed_back = shell.user_ns[exercise]
    task = EXERCISES[exercise]
    assert handed_back == task.reference if isinstance(task, Choice) else callable(handed_back)


# What learners import for themselves, in answers that do without what the lesson has imported.
IMPORTS = """import math
from collections.abc import Callable, Sequence
import numpy as np
from numpy import ndarray as Array
from torch.nn import functional as F
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence
from gates.cells import Weights, gru_cell, lstm_cell, rnn_cell, unroll"""


@pytest.mark.parametrize("seed", range(12))  # each lesson once
def test_whole_notebooks_filled_by_the_monkey_run_to_their_end(seed: int, tmp_path: Path) -> None:
    chance = random.Random(1000 + seed)
    paths = sorted(LEARNER.glob("*.ipynb"))
    path = paths[seed % len(paths)]
    notebook, expected = nbformat.read(path, as_version=4), {}
    for cell in notebook.cells:
        tags = cell.metadata.get("tags", ())
        if "parameters" in tags:
            cell.source += "\nseeds, few, epochs, steps = 2, 2, 1, 20"
        for exercise in EXERCISES:
            asked = f"def {exercise}(" in cell.source or cell.source.startswith(f"{exercise} = ...")
            if "exercise" in tags and asked:
                cell.source, expected[exercise] = filling(exercise, chance.choice(KINDS), chance)
        if "check(" in cell.source and chance.random() < 0.2:
            cell.source = f"{cell.source}\n{cell.source}"  # run twice
    assert expected
    notebook.cells.insert(0, nbformat.v4.new_code_cell(IMPORTS))
    client(notebook).execute(env={**os.environ, "GATES_HOME": str(tmp_path)})
    assert all(cell.execution_count for cell in notebook.cells if cell.cell_type == "code")
    file = tmp_path / "progress.json"
    record = json.loads(file.read_text())["exercises"] if file.exists() else {}
    for exercise, statuses in expected.items():
        assert record.get(exercise, {"status": "not attempted"})["status"] in statuses, exercise


def test_every_coding_exercise_has_right_answers_in_the_bank() -> None:
    right = {entry["exercise"] for entry in BANK if entry["mistake"] == "right"}
    coding = {name for name, task in EXERCISES.items() if isinstance(task, Coding)}
    assert coding - right <= {"count_parameters", "lstm_weights", "keep_or_forget", "after_steps"}

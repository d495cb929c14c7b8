"""Run All never stops at an exercise, whatever a learner has written: solved, left, raising or unparsable."""

import json
import os
from pathlib import Path

import nbformat
import papermill
import pytest
from bank import BANK, written
from nbclient import NotebookClient

from gates import build
from gates.checks import judge
from gates.exercises import EXERCISES, Coding

LEARNER = build.ROOT / "notebooks"
FILLINGS = {
    "keep_or_forget": ("def keep_or_forget(a, c):\n    return torch.sigmoid(a) * c", "passed"),
    "after_steps": ("def after_steps(a, c, T)\n    return c", "raised"),  # no colon
    "reading_f": ("reading_f = 'a'", "wrong"),
    "rnn_cell": (
        "def rnn_cell(x, h, weights):\n    W, U, b, d = weights\n    return x @ W.T + b + h @ U.T + d",
        "wrong",
    ),
    "rnn_backward": ("def rnn_backward(dh_new, x, h, weights):\n    return d_x", "raised"),
    "clip": (None, None),
    "reading_clip": ("reading_clip = 'a'", "passed"),
    "memory_step": (
        "def memory_step(f, i, g, c):\n    return torch.addcmul(i * g, f, c)",
        "passed",
    ),
    "what_is_left": ("def what_is_left(fs, t):\n    return fs[t:].mean(0)", "wrong"),
    "bias_for": ("bias_for = lambda fraction, T: [", "raised"),
    "gru_cell": (
        "def gru_cell(x, h, weights):\n    new = gates.cells.gru_cell(x, h, weights)\n    return new.T",
        "wrong shape",
    ),
    "flip_z": (None, None),
    "agreeing": ("def agreeing(weights):\n    return weights", "wrong"),
    "locked_dropout": ("def locked_dropout(xs, p):\n    return F.dropout(xs, p)", "raised"),
    "early_stop": (
        "def early_stop(losses, patience):\n    return losses.index(min(losses))",
        "wrong",
    ),
    "after_writing": (
        "def after_writing(f, i, g, T):\n    return i * g * sum(f**k for k in range(T))",
        "passed",
    ),
    "saturated": ("def saturated(a, activation, steepest):\n    return a[", "raised"),
    "diagnosis_4": ("diagnosis_4 = 'l'", "wrong"),
    "carried": ("def carried(state, B):\n    return state[0].detach()", "wrong shape"),
    "top_logits": (
        "def top_logits(layer, head, xs):\n    return head(layer(xs)[0][:, -1])",
        "passed",
    ),
    "both_ends": ("def both_ends(ys, h_n):\n    return ys[-1]", "wrong"),
    "last_valid": (
        "def last_valid(ys, lengths):\n    return ys[lengths, range(len(lengths))]",
        "wrong",
    ),
    "count_layers": ("def count_layers(I, H, L, D):\n    return 4 / (L - L)", "raised"),
    "adding_targets": (
        "def adding_targets(xs):\n    return (xs[..., 0] * xs[..., 1]).sum(0)",
        "passed",
    ),
    "least_share": ("def least_share(n, chance):\n    return chance ** (1 / nothing)", "raised"),
    "memory_horizon": (
        "def memory_horizon(f):\n    return -1 / f.mean((0, 1)).log()",
        "wrong",
    ),
    "in_windows": ("def in_windows(layer, xs, window:\n", "raised"),
    "largest_right": (
        "def largest_right(right):\n    return int(right.int().cumprod(0).sum())",
        "passed",
    ),
    "counter_unit": ("def counter_unit(cs, n):\n    return cs[-1].argmax()", "wrong"),
    "lstm_update": (
        "def lstm_update(i, f, g, o, c):\n    c = f * c + i * g\n    return o * c, c",
        "wrong",
    ),
    "lstm_cell": ("def lstm_cell(x, state, weights:\n", "raised"),
    "unroll": (None, None),
    "lstm_weights": ("lstm_weights = 1 / 0", "raised"),
    "count_parameters": (
        "def count_parameters(I, H):\n    return 4 * (H * I + H * H + 2 * H)",
        "passed",
    ),
}


IMPORTS = "import math\nimport numpy as np\nimport torch\nfrom torch import Tensor, nn\nimport torch.nn.functional as F\n"


def fillings(path: Path) -> dict[str, tuple[str | None, str | None]]:
    """What a lesson's exercises are filled with, and what a check says of it.

    As above; or for a lesson that has nothing there, answers of the bank, a right one and a wrong one in turns.
    """
    text = path.read_text(encoding="utf-8").replace('\\"', '"')
    asked = [name for name in EXERCISES if f'check("{name}")' in text]
    if own := {name: FILLINGS[name] for name in asked if name in FILLINGS}:
        return own
    found = {}
    for k, name in enumerate(name for name in asked if isinstance(EXERCISES[name], Coding)):
        answers = [
            e["code"] for e in BANK if e["exercise"] == name and (e["mistake"] != "right") == k % 2
        ]
        status = judge(name, written(answers[0], name)).status
        found[name] = (IMPORTS + answers[0], status)
    return found


def client(notebook: nbformat.NotebookNode) -> NotebookClient:
    quiet = ["--IPKernelApp.log_level=ERROR"]
    return NotebookClient(notebook, timeout=120, kernel_name="python3", extra_arguments=quiet)


def run(path: Path, fill: bool, home: Path) -> tuple[nbformat.NotebookNode, dict]:
    """Execute a learner's notebook, its exercises filled as above; the notebook and the progress it left."""
    notebook, filled = nbformat.read(path, as_version=4), fillings(path)
    for cell in notebook.cells:
        for name, (source, _) in filled.items():
            asked = f"def {name}(" in cell.source or cell.source.startswith(f"{name} = ...")
            if fill and source and asked and "exercise" in cell.metadata.tags:
                cell.source = source
        if "parameters" in cell.metadata.tags:
            cell.source += "\nseeds, few, epochs, steps = 2, 2, 1, 20"
    client(notebook).execute(env={**os.environ, "GATES_HOME": str(home)})
    file = home / "progress.json"
    return notebook, json.loads(file.read_text()) if file.exists() else {"exercises": {}}


@pytest.mark.parametrize("path", sorted(LEARNER.glob("*.ipynb")), ids=lambda path: path.stem)
def test_with_all_kinds_of_answers_run_all_reaches_the_end(path: Path, tmp_path: Path) -> None:
    notebook, record = run(path, True, tmp_path)
    assert all(cell.execution_count for cell in notebook.cells if cell.cell_type == "code")
    filled = {name: status for name, (source, status) in fillings(path).items() if source}
    assert filled, f"{path.stem} asks for nothing: give it an exercise, and answers in tests/bank/."
    for name, status in filled.items():
        assert record["exercises"][name]["status"] == status, name
    unfilled = record["exercises"].keys() - filled.keys()
    assert not unfilled, f"{unfilled} were left blank and are recorded all the same"


def test_a_lesson_with_no_answers_of_its_own_is_filled_from_the_bank(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("test_run_all.FILLINGS", {})
    found = fillings(LEARNER / "02_inventing_the_lstm.ipynb")
    assert {name: status == "passed" for name, (_, status) in found.items()} == {
        "bias_for": True,
        "memory_step": False,
        "set_forget_bias": True,
        "what_is_left": False,
    }


def test_papermill_trains_the_row_that_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GATES_HOME", str(tmp_path))
    asked = {"cell": "rnn", "length": 100, "few": 2, "steps": 20}
    out = tmp_path / "out.ipynb"
    source = LEARNER / "06_long_memory_on_trial.ipynb"
    done = papermill.execute_notebook(source, out, parameters=asked, progress_bar=False)
    live = next(cell for cell in done.cells if cell.id == "06-live")
    said = "".join(output.get("text", "") for output in live.outputs)
    assert "adding, length 100, rnn: trained live for 20 updates, shipped for 2000." in said


def test_an_untouched_lesson_records_nothing(tmp_path: Path) -> None:
    _, record = run(LEARNER / "00_start_here.ipynb", False, tmp_path)
    assert record["exercises"] == {}


def executed(cells: list[str], home: Path) -> list[str]:
    """Run cells as a notebook in which nothing stops; the text below each."""
    made = [nbformat.v4.new_code_cell(c, metadata={"tags": ["raises-exception"]}) for c in cells]
    notebook = nbformat.v4.new_notebook(cells=made)
    client(notebook).execute(env={**os.environ, "GATES_HOME": str(home)})
    return [
        "".join(o.get("text") or o.get("data", {}).get("text/plain", "") for o in cell.outputs)
        for cell in notebook.cells
    ]


def test_predictions_are_letters_and_the_first_one_counts(tmp_path: Path) -> None:
    cells = [
        "from gates.checks import predict, reveal",
        'predict("guess")',
        "guess = 0.04",
        'predict("guess")',
        "guess = a",
        'predict("guess")',
        'guess = "B"',
        'predict("guess")',
        'guess = "c"',
        'predict("guess")',
        'reveal("guess", "c")',
    ]
    texts = executed(cells, tmp_path)
    assert "No prediction yet" in texts[1]
    assert "Nothing was recorded" in texts[3] and "Nothing was recorded" in texts[5]
    assert "Your prediction is b" in texts[7]
    assert "Your first prediction, b, is the one that counts" in texts[9]
    assert "You said b: not so" in texts[10] and "0 of 1 right" in texts[10]


SECOND_THOUGHTS = """
from gates.checks import check, show_me
import torch
"""


def test_checks_work_out_of_order_and_again(tmp_path: Path) -> None:
    """A wrong answer stays wrong when checked twice; a new one is judged anew; an unparsable one is told so."""
    wrong = "def keep_or_forget(a, c):\n    return (1 - torch.sigmoid(a)) * c"
    right = "def keep_or_forget(a, c):\n    return torch.sigmoid(a) * c"
    cells = [
        SECOND_THOUGHTS,
        'keep_or_forget = check("keep_or_forget")',  # before any exercise cell
        wrong,
        'keep_or_forget = check("keep_or_forget")',
        'keep_or_forget = check("keep_or_forget"); print(keep_or_forget)',  # again, without a new answer
        right,
        'keep_or_forget = check("keep_or_forget"); print(keep_or_forget.__name__)',
        "def keep_or_forget(a, c:\n    pass",
        'keep_or_forget = check("keep_or_forget"); print(keep_or_forget(torch.zeros(1), torch.ones(1)))',
        'show_me("keep_or_forget")',
        right,
        'keep_or_forget = check("keep_or_forget")',
        "keep_or_forget = undefined_name",  # raises, and the name keeps what passed
        'keep_or_forget = check("keep_or_forget")',
        "reading_f = 'c'",
        'reading_f = check("reading_f")',
        "reading_f = c",  # without the quotes
        'reading_f = check("reading_f")',
    ]
    texts = executed(cells, tmp_path)
    assert "not attempted" in texts[1] and "There is no keep_or_forget yet" in texts[1]
    assert "wrong" in texts[3] and "1 − f" in texts[3]
    assert "wrong" in texts[4] and "standing in for yours" in texts[4] and "show_me" in texts[4]
    assert "passed" in texts[6] and "standing in" not in texts[6]
    assert "raised" in texts[8] and "on line 1" in texts[8] and "0.5" in texts[8]
    assert "torch.sigmoid(a)" in texts[9]
    assert "passed" in texts[11] and "raised" in texts[13] and "stopped before" in texts[13]
    assert "passed" in texts[15] and "raised" in texts[17]
    assert json.loads((tmp_path / "progress.json").read_text())["exercises"]["keep_or_forget"][
        "seen"
    ]

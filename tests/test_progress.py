"""Progress survives a damaged file, and two notebooks at once."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import gates
from gates.checks import progress


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

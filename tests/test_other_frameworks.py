"""Lesson 18's ground: the same numbers with a framework and without, first values, and the lesson where none is installed."""

import importlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from gates.exchange import ROWS, anywhere, packages, read, references
from gates.exchange.references import CLOSE, largest_difference
from gates.exchange.starting import drawn

HERE = Path(__file__).resolve().parent.parent
FILLED = [row for row in ROWS.values() if row.package != "onnxruntime"]
OTHERS = ("keras", "jax", "flax", "equinox", "haiku", "onnx", "onnxruntime")


@pytest.fixture
def absent(monkeypatch: pytest.MonkeyPatch) -> None:
    """No framework but torch is installed."""
    monkeypatch.setattr(
        packages, "find_spec", lambda name: None if name in OTHERS else packages.__spec__
    )


@pytest.mark.parametrize("row", ROWS.values(), ids=lambda row: row.name)
def test_the_same_numbers_come_with_the_framework_and_without(row, monkeypatch) -> None:
    if lacks := packages.missing(row.package):
        pytest.skip(f"{', '.join(lacks)} not installed: `python course.py frameworks` does that")
    one, live = anywhere.either(row)
    given = row, one.arrays, one.xs, one.lengths, one.start
    with_it = anywhere.run(*given)
    assert live and largest_difference(with_it, one.reading) < CLOSE
    if row.package == "torch":
        return
    monkeypatch.setattr(packages, "find_spec", lambda name: None)
    stored, live = anywhere.either(row)
    assert not live and largest_difference(stored.reading, one.reading) < CLOSE
    assert largest_difference(anywhere.run(*given), with_it) < CLOSE


def test_padding_in_front_is_read_the_same_without_keras(monkeypatch) -> None:
    row = ROWS["keras LSTM"]
    one = references.stored(row, 1)
    given = row, one.arrays, one.xs, one.lengths, one.start, True
    without = anywhere._behind(*given[:-1])
    own = read(row, one.arrays, one.xs[-1:, 1:2], None, tuple(part[:, 1:2] for part in one.start))
    assert np.array_equal(without.ys[-1:, 1:2], own.ys) and not without.ys[:-1, 1].any()
    if not packages.missing("keras"):
        assert largest_difference(anywhere.run(*given), without) < CLOSE
    monkeypatch.setattr(packages, "find_spec", lambda name: None)
    assert largest_difference(anywhere.run(*given), without) == 0


def test_a_layer_without_a_mask_refuses_padding_in_front() -> None:
    one = references.stored(ROWS["torch LSTM"], 1)
    with pytest.raises(ValueError, match="torch LSTM has no mask for padding in front"):
        anywhere.run(one.row, one.arrays, one.xs, one.lengths, one.start, in_front=True)


def test_whose_numbers_they_are_is_said(absent) -> None:
    told = anywhere.said(ROWS["haiku GRU"])
    assert told.startswith("Haiku is not installed here: these are the numbers that Haiku 0.0.17 ")
    assert anywhere.said(ROWS["torch GRU"]).startswith("PyTorch ")


@pytest.mark.parametrize("row", FILLED, ids=lambda row: row.name)
def test_first_values_are_as_large_as_the_row_says(row) -> None:
    I, H = 40, 64
    arrays = drawn(row, I, H, np.random.default_rng(0))
    for one in row.arrays:
        values = arrays[one.name]
        if row.start_f is not None and one.holds == "b":
            f = row.order.index("f")
            assert (values[f * H : (f + 1) * H] == row.start_f).all()
            values = np.delete(values, slice(f * H, (f + 1) * H))
        rms = np.sqrt((values**2).mean())
        assert rms == pytest.approx(one.start.rms(I, H), rel=0.12), one.name


@pytest.mark.parametrize("row", FILLED, ids=lambda row: row.name)
def test_first_values_are_like_the_frameworks_own(row) -> None:
    """In shape, in root mean square, and in where they are cut off."""
    if lacks := packages.missing(row.package):
        pytest.skip(f"{', '.join(lacks)} not installed: `python course.py frameworks` does that")
    I, H = 40, 64
    package = packages.here(row.package)
    torch.manual_seed(0)
    if row.package == "keras":
        importlib.import_module("keras").utils.set_random_seed(0)
    theirs = package.arrays(package.made(row, I, H))[0]
    ours = drawn(row, I, H, np.random.default_rng(1))
    assert ours.keys() == theirs.keys()
    for name, values in theirs.items():
        rms, own = (np.sqrt((of**2).mean()) for of in (values, ours[name]))
        assert ours[name].shape == values.shape and own == pytest.approx(rms, rel=0.2), name
        if "orthogonal" not in next(one for one in row.arrays if one.name == name).start.words:
            assert np.abs(ours[name]).max() == pytest.approx(np.abs(values).max(), rel=0.1), name


def test_a_format_has_no_first_values() -> None:
    with pytest.raises(ValueError, match="onnxruntime GRU is a format"):
        drawn(ROWS["onnxruntime GRU"], 2, 3, np.random.default_rng(0))


ALONE = f"""
import importlib.util, sys
import jupytext
from IPython.core.interactiveshell import InteractiveShell

absent, find = {OTHERS!r}, importlib.util.find_spec
importlib.util.find_spec = lambda name, *rest: None if name.split(".")[0] in absent else find(name, *rest)
sys.modules |= dict.fromkeys(absent)  # an import of these raises
shell = InteractiveShell.instance()
for cell in jupytext.read("lessons/18_other_frameworks.md").cells:
    if cell.cell_type == "code":
        shell.run_cell(cell.source, store_history=True).raise_error()
assert not any(map(sys.modules.get, absent))
print("all cells ran")
"""


def test_the_lesson_runs_where_no_framework_is_installed(tmp_path) -> None:
    env = {**os.environ, "GATES_HOME": str(tmp_path), "MPLBACKEND": "agg", "PYTHONPATH": str(HERE)}
    command = [sys.executable, "-c", ALONE]
    ran = subprocess.run(command, cwd=HERE, env=env, capture_output=True, text=True, timeout=170)
    assert ran.returncode == 0 and "all cells ran" in ran.stdout, ran.stdout[-2000:] + ran.stderr
    assert "Keras is not installed here" in ran.stdout

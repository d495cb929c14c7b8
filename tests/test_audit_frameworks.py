"""The audit of other frameworks' layers, where they are installed: each is placed as its row of `gates.exchange` says."""

import os

import pytest
from torch import nn

import gates
from gates.exchange.packages import here, missing
from gates.exchange.rows import ROWS

os.environ.setdefault("KERAS_BACKEND", "torch")
OTHERS = [name for name, row in ROWS.items() if row.package in ("keras", "onnxruntime", "equinox")]
OTHERS += ["flax nnx.GRUCell", "haiku LSTM"]


@pytest.mark.parametrize("name", OTHERS)
def test_a_layer_is_placed_as_its_row_says(name: str) -> None:
    row = ROWS[name]
    if lacks := missing(row.package):
        pytest.skip(f"{' and '.join(lacks)} must be installed for this test.")
    report = gates.audit(here(row.package).made(row, 3, 4))
    assert report.placed, str(report)
    assert report.kind == row.cell and report.offset == row.offset
    assert report.order in ("", row.order)
    assert report.z == row.z_keeps and report.reset.split(",")[0] == row.reset
    at_end = {"zero": "zero", "last": "last repeated", "goes on": "goes on", "": None}
    assert report.padding == at_end[row.at_end]


def test_a_subclass_with_a_slip_is_not_placed() -> None:
    keras = pytest.importorskip("keras", reason="keras must be installed for this test.")

    class Backward(keras.layers.LSTM):
        def call(self, sequences, **named):
            return super().call(keras.ops.flip(sequences, 1), **named)

    report = gates.audit(Backward)
    assert (report.status, report.slip) == ("slip", "time-reversed")


def test_a_file_that_was_written(tmp_path) -> None:
    for package in ("onnx", "onnxruntime"):
        pytest.importorskip(package, reason=f"{package} must be installed for this test.")
    from gates.audit.files import of_file
    from gates.exchange.onnx_file import write

    file = tmp_path / "layer.onnx"
    write(nn.GRU(3, 4, num_layers=2, bidirectional=True).eval(), file, lengths=True)
    report = of_file(str(file))
    assert report.placed, str(report)
    assert (report.kind, report.order, report.layers, report.directions) == ("gru", "zrn", 2, 2)
    assert report.padding == "zero"

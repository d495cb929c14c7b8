"""Each row of the table of what an exporter does, done once more."""

import pytest
import torch

pytest.importorskip("onnx", reason="onnx is not installed: nothing is exported")
pytest.importorskip("onnxruntime", reason="onnxruntime is not installed: no ONNX file is run")
pytest.importorskip("onnxscript", reason="onnxscript is not installed: nothing is exported")

from gates.exchange.exported import CASES, TORCH, happens, table


@pytest.mark.skipif(
    torch.__version__.split("+")[0] != TORCH,
    reason=f"the table says what torch {TORCH} does: measure it anew with this torch",
)
@pytest.mark.parametrize(
    "case", CASES, ids=lambda case: f"{case.name}-{'-'.join(case.layers)}-{case.exporter}"
)
def test_it_happens_again(case) -> None:
    assert happens(case) == case.happened


def test_the_table_has_all_rows() -> None:
    assert table().size == len(CASES) and table().index.is_unique
    assert set(table()) == {case.exporter for case in CASES} and not table().isna().any(axis=None)

#!/usr/bin/env bash
# torch 2.13.0 (CPU), onnxruntime 1.32.0: torch.onnx.export of nn.GRU and nn.LSTM, time first, steps and samples declared dynamic.
# Expected: what dynamo=False gives: a file that reads any number of steps.
# Seen: the default exporter writes the number of steps of its example into the Reshape behind the node, though that axis was
# declared dynamic. 5 steps are right; 6 raise when the file is run; 10 steps of 2 samples come out as 5 steps of 4 samples,
# without a word, two steps side by side as if they were samples. And it takes the dynamic axis once: a second export of the same
# layer in one process raises. batch_first=True is right, the first time.
# Output seen:
#   GRU default: 5 steps right, 6 steps raise, 10 steps of 2 samples come out as (5, 4, 4)
#   GRU default, once more: raises TorchExportError
#   GRU dynamo=False: 5 steps right, 6 steps right, 10 steps right
#   LSTM default: 5 steps right, 6 steps raise, 10 steps of 2 samples come out as (5, 4, 4)
#   LSTM default, once more: raises TorchExportError
#   LSTM dynamo=False: 5 steps right, 6 steps right, 10 steps right
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 onnx==1.23.2 onnxscript==0.7.2 onnxruntime==1.32.0
"$folder/venv/bin/python" - <<'PYTHON'
import io
import logging
import sys
import warnings

import onnxruntime
import torch
from torch import nn

warnings.simplefilter("ignore")
logging.disable(logging.WARNING)
assert torch.__version__.split("+")[0] == "2.13.0" and onnxruntime.__version__ == "1.32.0"
example = torch.randn(5, 2, 3)

def file_of(layer, dynamo):
    file = io.BytesIO()
    if dynamo:
        dynamic = torch.export.Dim.DYNAMIC
        torch.onnx.export(layer, (example,), verbose=False, dynamic_shapes=({0: dynamic, 1: dynamic},)).save(file)
    else:
        torch.onnx.export(
            layer, (example,), file, dynamo=False, input_names=["xs"], dynamic_axes={"xs": {0: "T", 1: "B"}}
        )
    return file.getvalue()

def told(session, layer, T):
    xs = torch.randn(T, 2, 3)
    wanted = layer(xs)[0].detach()
    try:
        output = torch.from_numpy(session.run(None, {session.get_inputs()[0].name: xs.numpy()})[0])
    except Exception:
        return f"{T} steps raise"
    if output.shape != wanted.shape:
        return f"{T} steps of 2 samples come out as {tuple(output.shape)}"
    return f"{T} steps {'right' if torch.allclose(output, wanted, atol=1e-5) else 'wrong'}"

found = []
for kind in (nn.GRU, nn.LSTM):
    torch.manual_seed(0)
    layer = kind(3, 4).eval()
    for words, dynamo in (("default", True), ("default, once more", True), ("dynamo=False", False)):
        try:
            session = onnxruntime.InferenceSession(file_of(layer, dynamo), providers=["CPUExecutionProvider"])
            what = ", ".join(told(session, layer, T) for T in (5, 6, 10))
        except torch.onnx.errors.OnnxExporterError as problem:
            what = f"raises {type(problem).__name__}"
        found.append(f"{kind.__name__} {words}: {what}")
print("\n".join(found))
seen = [
    line
    for kind in ("GRU", "LSTM")
    for line in (
        f"{kind} default: 5 steps right, 6 steps raise, 10 steps of 2 samples come out as (5, 4, 4)",
        f"{kind} default, once more: raises TorchExportError",
        f"{kind} dynamo=False: 5 steps right, 6 steps right, 10 steps right",
    )
]
sys.exit(found != seen)
PYTHON

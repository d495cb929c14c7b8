#!/usr/bin/env bash
# onnx 1.23.2, onnxruntime 1.32.0: an LSTM, a GRU and an RNN node with sequence_lens, run by onnx.reference and by onnxruntime.
# Expected: the reference evaluator says what the standard says; it is what one compares an implementation with.
# Seen: for all three it takes sequence_lens and reads the padding behind a sample's end all the same, without a word, so the output
# there is not 0 and the last state is that of the padding. For the LSTM it ignores clip, too. onnxruntime does both.
# Output seen:
#   LSTM: behind a sample's end onnxruntime gives 0, the reference evaluator something else
#   GRU: behind a sample's end onnxruntime gives 0, the reference evaluator something else
#   RNN: behind a sample's end onnxruntime gives 0, the reference evaluator something else
#   LSTM with clip=0.01: the output differs from that without clip in onnxruntime; it does not in the reference evaluator
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check numpy==2.4.6 onnx==1.23.2 onnxruntime==1.32.0
"$folder/venv/bin/python" - <<'PYTHON'
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

assert onnx.__version__ == "1.23.2" and onnxruntime.__version__ == "1.32.0"
I, H, T, B = 3, 4, 5, 2
draw = np.random.default_rng(0)
xs = draw.normal(size=(T, B, I)).astype(np.float32)
runs = {
    "onnxruntime": lambda file, fed: onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"]).run(None, fed)[0],
    "reference": lambda file, fed: ReferenceEvaluator(onnx.load_from_string(file)).run(None, fed)[0],
}

def file_of(kind, G, **options):
    weights = {"W": (1, G * H, I), "R": (1, G * H, H)}
    same = np.random.default_rng(1)
    stored = [numpy_helper.from_array(same.normal(size=shape).astype(np.float32), name) for name, shape in weights.items()]
    node = helper.make_node(kind, ["xs", "W", "R", "", "lengths"], ["ys"], hidden_size=H, **options)
    graph = helper.make_graph(
        [node],
        kind,
        [
            helper.make_tensor_value_info("xs", TensorProto.FLOAT, [T, B, I]),
            helper.make_tensor_value_info("lengths", TensorProto.INT32, [B]),
        ],
        [helper.make_tensor_value_info("ys", TensorProto.FLOAT, [T, 1, B, H])],
        stored,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model, full_check=True)
    return model.SerializeToString()

found = []
short, full = ({"xs": xs, "lengths": np.array(lengths, np.int32)} for lengths in ([T, 2], [T, T]))
for kind, G, options in (("LSTM", 4, {}), ("GRU", 3, {"linear_before_reset": 1}), ("RNN", 1, {})):
    file = file_of(kind, G, **options)
    assert np.allclose(*(run(file, full) for run in runs.values()), atol=1e-5)
    behind = {name: "something else" if run(file, short)[2:, 0, 1].any() else "0" for name, run in runs.items()}
    found.append(
        f"{kind}: behind a sample's end onnxruntime gives {behind['onnxruntime']}, the reference evaluator {behind['reference']}"
    )
plain, cut = file_of("LSTM", 4), file_of("LSTM", 4, clip=0.01)
differs = {name: not np.allclose(run(plain, full), run(cut, full), atol=1e-5) for name, run in runs.items()}
found.append(
    f"LSTM with clip=0.01: the output {'differs' if differs['onnxruntime'] else 'does not differ'} from that without clip in "
    f"onnxruntime; it {'does' if differs['reference'] else 'does not'} in the reference evaluator"
)
print("\n".join(found))
seen = [
    *(
        f"{kind}: behind a sample's end onnxruntime gives 0, the reference evaluator something else"
        for kind in ("LSTM", "GRU", "RNN")
    ),
    "LSTM with clip=0.01: the output differs from that without clip in onnxruntime; it does not in the reference evaluator",
]
sys.exit(found != seen)
PYTHON

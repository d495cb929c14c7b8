#!/usr/bin/env bash
# torch 2.13.0 (CPU): which type comes out of a recurrent layer under torch.autocast("cpu", torch.bfloat16).
# Expected: one rule for all of them, since all are made of the same products.
# Seen: it depends on the class, on packing, and with proj_size it is two types in one state. A program that allots its
# buffers, or joins the outputs of two layers, cannot go by the block it stands in.
# Output seen:
#   LSTM output bfloat16, state bfloat16 bfloat16
#   LSTM packed output float32, state float32 float32
#   LSTM proj_size output bfloat16, state bfloat16 float32
#   GRU output float32, state float32
#   RNN output bfloat16, state bfloat16
#   LSTMCell float32 float32, GRUCell float32, RNNCell bfloat16
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
"$folder/venv/bin/python" - <<'PYTHON'
import sys
import warnings
import torch
from torch import nn
from torch.nn.utils.rnn import pack_sequence

warnings.simplefilter("ignore")
assert torch.__version__.split("+")[0] == "2.13.0"
x = torch.randn(5, 3, 4)

def types(value):
    parts = value if isinstance(value, tuple) else (value,)
    return " ".join(str(part.dtype).removeprefix("torch.") for part in parts)

def told(name, layer, sequence):
    output, state = layer(sequence)
    output = output if isinstance(output, torch.Tensor) else output.data
    return f"{name} output {types(output)}, state {types(state)}"
with torch.autocast("cpu", torch.bfloat16):
    packed = pack_sequence([x[:, 0], x[:3, 1]])
    found = [
        told("LSTM", nn.LSTM(4, 6), x),
        told("LSTM packed", nn.LSTM(4, 6), packed),
        told("LSTM proj_size", nn.LSTM(4, 6, proj_size=2), x),
        told("GRU", nn.GRU(4, 6), x),
        told("RNN", nn.RNN(4, 6), x),
        ", ".join(
            f"{cell.__name__} {types(cell(4, 6)(x[0]))}"
            for cell in (nn.LSTMCell, nn.GRUCell, nn.RNNCell)
        ),
    ]
print("\n".join(found))
seen = [
    "LSTM output bfloat16, state bfloat16 bfloat16",
    "LSTM packed output float32, state float32 float32",
    "LSTM proj_size output bfloat16, state bfloat16 float32",
    "GRU output float32, state float32",
    "RNN output bfloat16, state bfloat16",
    "LSTMCell float32 float32, GRUCell float32, RNNCell bfloat16",
]
sys.exit(found != seen)
PYTHON

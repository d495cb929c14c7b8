#!/usr/bin/env bash
# torch 2.13.0 (CPU): a subclass of nn.LSTM that changes nothing is not treated as an nn.LSTM.
# Expected: `class Mine(nn.LSTM): pass` can be used wherever nn.LSTM can.
# Seen: quantize_dynamic leaves it as it is, without a word; torch.fx.symbolic_trace, for which nn.LSTM is one node, goes
# into it and raises TraceError; torch.jit.script, which takes nn.LSTM, raises. All three go by the name of the class or
# of its module: the map of what is quantized, the leaves of a trace, and the overloads of `forward`.
# Output seen:
#   quantize_dynamic: nn.LSTM becomes torch.ao.nn.quantized.dynamic.modules.rnn.LSTM, the subclass stays __main__.Mine
#   fx.symbolic_trace: nn.LSTM is placeholder, call_module, output; the subclass raises TraceError
#   jit.script: nn.LSTM is scripted; the subclass raises RuntimeError
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

warnings.simplefilter("ignore")
assert torch.__version__.split("+")[0] == "2.13.0"

class Mine(nn.LSTM):
    pass

def quantized(layer):
    kind = type(torch.ao.quantization.quantize_dynamic(nn.Sequential(layer), {nn.LSTM})[0])
    return f"{kind.__module__}.{kind.__name__}"

def traced(layer):
    try:
        graph = torch.fx.symbolic_trace(nn.Sequential(layer)).graph
        return ", ".join(node.op for node in graph.nodes)
    except torch.fx.proxy.TraceError as problem:
        return f"raises {type(problem).__name__}"

def scripted(layer):
    try:
        torch.jit.script(layer)
        return "is scripted"
    except RuntimeError as problem:
        return f"raises {type(problem).__name__}"

theirs, mine = nn.LSTM(4, 6), Mine(4, 6)
found = [
    f"quantize_dynamic: nn.LSTM becomes {quantized(theirs)}, the subclass stays {quantized(mine)}",
    f"fx.symbolic_trace: nn.LSTM is {traced(theirs)}; the subclass {traced(mine)}",
    f"jit.script: nn.LSTM {scripted(theirs)}; the subclass {scripted(mine)}",
]
print("\n".join(found))
seen = [
    "quantize_dynamic: nn.LSTM becomes torch.ao.nn.quantized.dynamic.modules.rnn.LSTM, the subclass stays __main__.Mine",
    "fx.symbolic_trace: nn.LSTM is placeholder, call_module, output; the subclass raises TraceError",
    "jit.script: nn.LSTM is scripted; the subclass raises RuntimeError",
]
sys.exit(found != seen)
PYTHON

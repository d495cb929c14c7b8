#!/usr/bin/env bash
# torch 2.13.0 (CPU): torch.export with an example in which two arguments are the same tensor.
# Expected: two inputs, or an error that says that the example cannot tell them apart.
# Seen: two placeholders, the first of which nothing reads: both places read the second, without a word, strict or not. It takes no odd
# program: an LSTM whose example starts from zeros = torch.zeros(...), given as (zeros, zeros), is exported as one that starts from
# c_0 in both places and ignores h_0. torch.onnx.export builds on it, so its file does the same. With two tensors all is right.
# Output seen:
#   a - 2b of 1 and 5: eager -9, exported with one tensor -5, exported with two tensors -9
#   LSTM from h_0 and c_0: exported with (zeros, zeros), strict=False: reads c_0 twice
#   LSTM from h_0 and c_0: exported with (zeros, zeros), strict=True: reads c_0 twice
#   LSTM from h_0 and c_0: exported with (zeros, zeros.clone()), strict=False: reads both
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

class Less(nn.Module):
    def forward(self, a, b):
        return a - 2 * b

class Starts(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.LSTM(3, 4)

    def forward(self, xs, h, c):
        return self.layer(xs, (h, c))[0]

def exported(module, *example, strict=False):
    return torch.export.export(module, example, strict=strict).module()

one, a, b = torch.ones(1), torch.ones(1), torch.full((1,), 5.0)
once, both = exported(Less(), one, one), exported(Less(), one, one.clone())
found = [
    f"a - 2b of 1 and 5: eager {Less()(a, b).item():.0f}, exported with one tensor {once(a, b).item():.0f}, "
    f"exported with two tensors {both(a, b).item():.0f}"
]
torch.manual_seed(0)
layer, xs, zeros = Starts().eval(), torch.randn(5, 2, 3), torch.zeros(1, 2, 4)
h, c = torch.randn(2, 1, 2, 4)
for words, second, strict in (("zeros", zeros, False), ("zeros", zeros, True), ("zeros.clone()", zeros.clone(), False)):
    output = exported(layer, xs, zeros, second, strict=strict)(xs, h, c)
    reads = "both" if torch.allclose(output, layer(xs, h, c), atol=1e-5) else "something else"
    reads = "c_0 twice" if torch.allclose(output, layer(xs, c, c), atol=1e-5) else reads
    found.append(f"LSTM from h_0 and c_0: exported with (zeros, {words}), strict={strict}: reads {reads}")
print("\n".join(found))
seen = [
    "a - 2b of 1 and 5: eager -9, exported with one tensor -5, exported with two tensors -9",
    "LSTM from h_0 and c_0: exported with (zeros, zeros), strict=False: reads c_0 twice",
    "LSTM from h_0 and c_0: exported with (zeros, zeros), strict=True: reads c_0 twice",
    "LSTM from h_0 and c_0: exported with (zeros, zeros.clone()), strict=False: reads both",
]
sys.exit(found != seen)
PYTHON

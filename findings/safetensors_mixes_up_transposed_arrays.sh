#!/usr/bin/env bash
# safetensors 0.8.0, torch 2.13.0 (CPU): a transposed weight is saved and loaded, as an array of NumPy and as a tensor of torch.
# Expected: what comes back is what was saved, or an error; of torch's tensors that are not contiguous, save_file says so.
# Seen: safetensors.numpy saves an array's memory as it lies, under the shape of the view, without a word. What comes back has the right
# shape, type and values, in other places. It is met where weights go from one framework to another, since kernels of Keras and
# Flax are those of torch transposed: a network with them runs and gives other numbers.
# Output seen:
#   numpy, w.T: same shape, other values
#   numpy, np.ascontiguousarray(w.T): same shape, same values
#   numpy, np.asfortranarray(w): same shape, other values
#   torch, w.T: raises ValueError
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 safetensors==0.8.0
"$folder/venv/bin/python" - "$folder" <<'PYTHON'
import sys
from importlib.metadata import version
from pathlib import Path

import numpy as np
import safetensors.numpy
import safetensors.torch
import torch

assert version("safetensors") == "0.8.0" and torch.__version__.split("+")[0] == "2.13.0"
path = Path(sys.argv[1]) / "w.safetensors"
w = np.arange(6, dtype=np.float32).reshape(2, 3)

def told(words, module, value):
    try:
        module.save_file({"w": value}, path)
    except ValueError as problem:
        return f"{words}: raises {type(problem).__name__}"
    back = np.asarray(module.load_file(path)["w"])
    wanted = np.asarray(value)
    shape = "same" if back.shape == wanted.shape else "another"
    return f"{words}: {shape} shape, {'same' if np.array_equal(back, wanted) else 'other'} values"

found = [
    told("numpy, w.T", safetensors.numpy, w.T),
    told("numpy, np.ascontiguousarray(w.T)", safetensors.numpy, np.ascontiguousarray(w.T)),
    told("numpy, np.asfortranarray(w)", safetensors.numpy, np.asfortranarray(w)),
    told("torch, w.T", safetensors.torch, torch.from_numpy(w).T),
]
print("\n".join(found))
seen = [
    "numpy, w.T: same shape, other values",
    "numpy, np.ascontiguousarray(w.T): same shape, same values",
    "numpy, np.asfortranarray(w): same shape, other values",
    "torch, w.T: raises ValueError",
]
sys.exit(found != seen)
PYTHON

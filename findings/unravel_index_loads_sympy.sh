#!/usr/bin/env bash
# torch 2.13.0 (CPU): the first call of torch.unravel_index in a process.
# Expected: a few microseconds, as for any function that turns one number into a few others.
# Seen: it asks whether the shape holds symbolic sizes, and for that loads torch.fx.experimental.symbolic_shapes and, behind it, the
# computer algebra of sympy: hundreds of modules, and half a second on a slow machine. numpy.unravel_index does the same
# without. A program that only points at its largest difference pays for it once a process.
# Output seen (the number of modules may vary; sympy is among them or not):
#   before: sympy loaded False; after torch.unravel_index: sympy loaded True; result (1, 2), numpy's (1, 2)
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
"$folder/venv/bin/python" - <<'PYTHON'
import sys

import numpy as np
import torch

assert torch.__version__.split("+")[0] == "2.13.0"
before = "sympy" in sys.modules
found = tuple(int(k) for k in torch.unravel_index(torch.tensor(6), (2, 4)))
after = "sympy" in sys.modules
other = tuple(int(k) for k in np.unravel_index(6, (2, 4)))
told = (
    f"before: sympy loaded {before}; after torch.unravel_index: sympy loaded {after}; "
    f"result {found}, numpy's {other}"
)
print(told)
sys.exit(told != "before: sympy loaded False; after torch.unravel_index: sympy loaded True; result (1, 2), numpy's (1, 2)")
PYTHON

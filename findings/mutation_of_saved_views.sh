#!/usr/bin/env bash
# torch 2.13.0 (CPU): torch.autograd.graph.allow_mutation_on_saved_tensors and a loop over the steps of a sequence.
# Expected: inside that context, tensors saved for a backward may be changed in place, and gradients are those of the
# values at the time of the forward pass.
# Seen: so it is if a product read the whole tensor, or a view that begins where the tensor begins. Of a view that begins
# later, such as x[1], the values *after* the change are used, and without the context's usual error: a recurrent loop over
# x.unbind(0) gets the gradient of its first step right and those of all others wrong.
# Output seen (the gradient of W in the sum of x @ W, x all ones and multiplied by 3 before the backward):
#   x @ W 3.0, x[:2] @ W 2.0, x[1:] @ W 6.0, step by step 7.0
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
"$folder/venv/bin/python" - <<'PYTHON'
import sys

import torch
from torch.autograd import graph

assert torch.__version__.split("+")[0] == "2.13.0"
READ = {
    "x @ W": lambda x, W: (x @ W).sum(),
    "x[:2] @ W": lambda x, W: (x[:2] @ W).sum(),
    "x[1:] @ W": lambda x, W: (x[1:] @ W).sum(),
    "step by step": lambda x, W: sum((row[None] @ W).sum() for row in x.unbind(0)),
}


def gradient(read):
    W = torch.ones(2, 1, requires_grad=True)
    with graph.allow_mutation_on_saved_tensors():
        x = torch.ones(3, 2).clone()
        loss = read(x, W)
        x.mul_(3)
        loss.backward()
    return W.grad[0].item()


found = ", ".join(f"{name} {gradient(read)}" for name, read in READ.items())
print(found)
sys.exit(found != "x @ W 3.0, x[:2] @ W 2.0, x[1:] @ W 6.0, step by step 7.0")
PYTHON

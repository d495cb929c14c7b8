#!/usr/bin/env bash
# torch 2.13.0 (CPU): what a language model with tied weights is after it has loaded the file of one without.
# Expected: load_state_dict, which is strict by default, refuses: embedding and head of the file differ, and the model has one
# matrix for both. Or the first of the two wins, by which the matrix is known.
# Seen: all keys match, nothing is said, and the head's matrix is in both places, since keys are copied in their order and the
# last one stays. Saved once more, the file has two equal matrices; what the embedding was is lost. And padding_idx, whose row an
# embedding keeps at zero, is no longer zero: the tie gives it the head's row, and training moves it.
# Output seen:
#   loaded: <All keys matched successfully>
#   embedding is that of the file: False, the head's: True
#   row of padding_idx: zeros False, moved by one step: True
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
"$folder/venv/bin/python" - <<'PYTHON'
import sys
import torch
from torch import nn

assert torch.__version__.split("+")[0] == "2.13.0"
torch.manual_seed(0)

def model(tied):
    made = nn.ModuleDict({"embedding": nn.Embedding(7, 4, padding_idx=0), "head": nn.Linear(4, 7)})
    if tied:
        made["embedding"].weight = made["head"].weight
    return made

without, tied = model(False).state_dict(), model(True)
told = tied.load_state_dict(without)
weight = tied["embedding"].weight
found = [
    f"loaded: {told}",
    f"embedding is that of the file: {torch.equal(weight, without['embedding.weight'])}, "
    f"the head's: {torch.equal(weight, without['head.weight'])}",
]
before = weight[0].detach().clone()
step = torch.optim.SGD(tied.parameters(), lr=0.1)
scores = tied["head"](tied["embedding"](torch.tensor([1, 2, 3])))
nn.functional.cross_entropy(scores, torch.tensor([2, 3, 4])).backward()
step.step()
moved = not torch.equal(before, weight[0])
found.append(f"row of padding_idx: zeros {bool((before == 0).all())}, moved by one step: {moved}")
print("\n".join(found))
seen = [
    "loaded: <All keys matched successfully>",
    "embedding is that of the file: False, the head's: True",
    "row of padding_idx: zeros False, moved by one step: True",
]
sys.exit(found != seen)
PYTHON

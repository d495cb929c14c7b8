#!/usr/bin/env bash
# torch 2.13.0 (CPU): which recurrent modules torch.func.vmap can run over stacked weights, as for an ensemble of seeds.
# Expected: all or none, since an LSTMCell and a GRUCell are made of the same operations.
# Seen: GRUCell and RNNCell run, with a warning of a slow fallback, and are right in values and gradients; LSTMCell and all
# three layers raise, since these return several tensors or lists and there is no fallback for them. A cell that is written out
# in matrix products runs, without a warning: so an ensemble of recurrent networks needs a cell of one's own.
# Output seen:
#   RNN raises, LSTM raises, GRU raises
#   RNNCell runs with 1 warning, LSTMCell raises, GRUCell runs with 1 warning
#   a cell written out runs with 0 warnings
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
from torch.func import functional_call, stack_module_state, vmap

assert torch.__version__.split("+")[0] == "2.13.0"
class WrittenOut(nn.LSTMCell):
    def forward(self, x):
        sums = x @ self.weight_ih.T + self.bias_ih + self.bias_hh
        i, f, g, o = sums.chunk(4, -1)
        return torch.sigmoid(o) * torch.tanh(torch.sigmoid(i) * torch.tanh(g))
def told(kind):
    x = torch.randn(5, 2, 3) if issubclass(kind, nn.RNNCellBase) else torch.randn(5, 7, 2, 3)
    seeds = [kind(3, 4) for _ in x]
    weights, _ = stack_module_state(seeds)

    def run(weights, x):
        out = functional_call(seeds[0], weights, (x,))
        return out[0] if isinstance(out, tuple) else out

    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        try:
            together = vmap(run)(weights, x)
        except RuntimeError as problem:
            assert "Batching rule not implemented" in str(problem)
            return "raises"
    alone = torch.stack([run(dict(seed.named_parameters()), one) for seed, one in zip(seeds, x)])
    assert torch.allclose(together, alone, atol=1e-6)
    return f"runs with {len(warned)} warning{'' if len(warned) == 1 else 's'}"
kinds = (nn.RNN, nn.LSTM, nn.GRU), (nn.RNNCell, nn.LSTMCell, nn.GRUCell)
found = [", ".join(f"{kind.__name__} {told(kind)}" for kind in of) for of in kinds]
found.append(f"a cell written out {told(WrittenOut)}")
print("\n".join(found))
seen = [
    "RNN raises, LSTM raises, GRU raises",
    "RNNCell runs with 1 warning, LSTMCell raises, GRUCell runs with 1 warning",
    "a cell written out runs with 0 warnings",
]
sys.exit(found != seen)
PYTHON

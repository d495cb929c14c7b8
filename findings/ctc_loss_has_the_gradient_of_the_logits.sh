#!/usr/bin/env bash
# torch 2.13.0 (CPU): nn.functional.ctc_loss, its gradient by log_probs, and what it takes for a target.
# Expected: the gradient by log_probs is the derivative, as of any other loss; classes that are not there raise.
# Seen: it is softmax − posterior. That is the derivative by the logits, and passes unchanged through log_softmax, so that a
# network behind log_softmax learns rightly. By log_probs themselves the derivative is −posterior, and gradcheck fails: whoever
# scales, masks or mixes log probabilities before the loss gets a wrong gradient. A target that no path says gives inf, and NaN
# as gradient. Class −1, class K and the blank in a target give ordinary losses.
# Output seen:
#   by log_probs: −posterior False, softmax − posterior True, gradcheck False; by the logits: gradcheck True
#   no path: loss inf, gradient all NaN True
#   targets taken without an error: −1, K, the blank
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
"$folder/venv/bin/python" - <<'PYTHON'
import itertools
import sys
import torch
from torch.autograd import grad, gradcheck
from torch.nn.functional import ctc_loss

assert torch.__version__.split("+")[0] == "2.13.0"
T, K, target = 4, 3, [1, 2]
def loss(log_probs, target=target):
    lengths = torch.tensor([T]), torch.tensor([len(target)])
    return ctc_loss(log_probs[:, None], torch.tensor([target]), *lengths, reduction="none")[0]

torch.manual_seed(0)
logits = torch.randn(T, K, dtype=torch.float64, requires_grad=True)
log_probs = logits.detach().log_softmax(-1).requires_grad_()
paths = [path for path in itertools.product(range(K), repeat=T)
         if [k for k, _ in itertools.groupby(path) if k] == target]
shares = torch.stack([log_probs.detach()[range(T), path].sum() for path in paths]).softmax(0)
posterior = torch.zeros(T, K, dtype=torch.float64)
for share, path in zip(shares, paths):
    posterior[range(T), path] += share
(got,) = grad(loss(log_probs), log_probs)
alone = gradcheck(loss, log_probs, raise_exception=False)
behind = gradcheck(lambda x: loss(x.log_softmax(-1)), logits, raise_exception=False)
found = [f"by log_probs: −posterior {torch.allclose(got, -posterior)}, softmax − posterior "
         f"{torch.allclose(got, log_probs.detach().exp() - posterior)}, gradcheck {alone}; by the logits: gradcheck {behind}"]
impossible = loss(logits.log_softmax(-1), [1, 1, 1])
(got,) = grad(impossible, logits)
found.append(f"no path: loss {impossible.item()}, gradient all NaN {bool(got.isnan().all())}")
values = {"−1": loss(log_probs, [1, -1]), "K": loss(log_probs, [1, K]), "the blank": loss(log_probs, [1, 0])}
found.append(f"targets taken without an error: {', '.join(name for name, of in values.items() if of.isfinite())}")
print("\n".join(found))
seen = ["by log_probs: −posterior False, softmax − posterior True, gradcheck False; by the logits: gradcheck True",
        "no path: loss inf, gradient all NaN True", "targets taken without an error: −1, K, the blank"]
sys.exit(found != seen)
PYTHON

#!/usr/bin/env bash
# torch 2.13.0 (CPU): nn.functional.ctc_loss, its gradient by log_probs, and what it takes for a target.
# Expected: the gradient by log_probs is the derivative, as of any other loss; a target that no path says costs inf, and
# where the loss cannot change its gradient is 0; a class that is not there, and the blank as a letter, raise.
# Seen: the gradient by log_probs is softmax − posterior. That is the derivative by the logits, and passes unchanged through
# log_softmax, so that a network behind log_softmax learns rightly. By log_probs themselves the derivative is −posterior,
# which gradcheck says, too: whoever scales, masks or mixes log probabilities before the loss gets a wrong gradient. A
# target that no path says gives inf, and NaN as gradient. Class −1, class K and the blank in a target give ordinary losses.
# Output seen:
#   by log_probs: −posterior no, softmax − posterior yes, gradcheck no
#   by the logits behind log_softmax: gradcheck yes
#   twice the log_probs: gradient by the logits off by more than a tenth
#   no path: loss inf, gradient NaN in all places
#   class −1: no error, class K: no error, the blank: no error
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
def collapsed(path):
    return [k for k, _ in itertools.groupby(path) if k]
def said(yes):
    return "yes" if yes else "no"

torch.manual_seed(0)
logits = torch.randn(T, K, dtype=torch.float64, requires_grad=True)
log_probs = logits.detach().log_softmax(-1).requires_grad_()
paths = [path for path in itertools.product(range(K), repeat=T) if collapsed(path) == target]
shares = torch.stack([log_probs.detach()[range(T), path].sum() for path in paths]).softmax(0)
posterior = torch.zeros(T, K, dtype=torch.float64)
for share, path in zip(shares, paths):
    posterior[range(T), path] += share
(got,) = grad(loss(log_probs), log_probs)
softmax = log_probs.detach().exp()
checked = [gradcheck(f, x, raise_exception=False) for f, x in
           ((loss, log_probs), (lambda x: loss(x.log_softmax(-1)), logits))]
found = [f"by log_probs: −posterior {said(torch.allclose(got, -posterior))}, softmax − posterior "
         f"{said(torch.allclose(got, softmax - posterior))}, gradcheck {said(checked[0])}",
         f"by the logits behind log_softmax: gradcheck {said(checked[1])}"]

doubled = lambda x: loss(2 * x.log_softmax(-1))
(got,) = grad(doubled(logits), logits)
change = torch.zeros_like(got)
with torch.no_grad():
    for place in itertools.product(range(T), range(K)):
        step = torch.zeros_like(got)
        step[place] = 1e-6
        change[place] = (doubled(logits + step) - doubled(logits - step)) / 2e-6
more = (got - change).abs().max() > 0.1
found.append(f"twice the log_probs: gradient by the logits off by {'more' if more else 'less'} than a tenth")
impossible = loss(logits.log_softmax(-1), [1, 1, 1])
(got,) = grad(impossible, logits)
found.append(f"no path: loss {impossible.item()}, gradient NaN in {'all' if got.isnan().all() else 'some or no'} places")
def taken(k):
    try:
        loss(log_probs, [1, k])
    except (RuntimeError, IndexError, ValueError):
        return "an error"
    return "no error"
found.append(f"class −1: {taken(-1)}, class K: {taken(K)}, the blank: {taken(0)}")
print("\n".join(found))
seen = [
    "by log_probs: −posterior no, softmax − posterior yes, gradcheck no",
    "by the logits behind log_softmax: gradcheck yes",
    "twice the log_probs: gradient by the logits off by more than a tenth",
    "no path: loss inf, gradient NaN in all places",
    "class −1: no error, class K: no error, the blank: no error",
]
sys.exit(found != seen)
PYTHON

"""What a text costs that has fewer letters than there are steps: its probability, summed over all paths that say it.

At each step a network gives a probability to each letter and to the blank, which stands for no letter. A path is one of
them for each step. Source: A. Graves and others (2006), "Connectionist Temporal Classification".
"""

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional as F

NEVER = -1e30  # the logarithm of a probability of 0: finite, since −inf less −inf has no gradient


def collapse(path: Sequence[int], blank: int = 0) -> list[int]:
    """The letters that a path says: equal neighbors become one, and then the blanks go.

    path: a letter or the blank for each step, (T,). blank: the number that stands for no letter.
    """
    letters, before = [], blank
    for k in path:
        if k != before and k != blank:
            letters.append(int(k))
        before = k
    return letters


def ctc_forward(log_probs: Tensor, target: Sequence[int] | Tensor, blank: int = 0) -> Tensor:
    """Minus the logarithm of a text's probability, which is the sum over all paths that say it.

    log_probs: (T, K), the log probabilities of K classes, letters and blank, at each step; float64
    or float32. target: the letters, (U,), as numbers. blank: which class stands for no letter.
    Returns a tensor (). inf where T is less than U plus the number of neighbors in it that are
    equal, between which a blank has to stand: no path says it, and all gradients are 0. A letter
    that is no class, or is the blank, raises ValueError.
    """
    y = torch.as_tensor(target, dtype=torch.long, device=log_probs.device)
    if ((y < 0) | (y >= log_probs.shape[1]) | (y == blank)).any():
        raise ValueError("Each letter has to be a class of log_probs, and none the blank.")
    extended = y.new_full((2 * len(y) + 1,), blank)
    extended[1::2] = y
    skips = extended != F.pad(extended, (2, 0), value=blank)[:-2]
    alpha = log_probs.new_full(extended.shape, NEVER)
    alpha[0] = 0.0
    for log_p in log_probs[:, extended].clamp(min=NEVER):
        padded = F.pad(alpha, (2, 0), value=NEVER)
        skipped = torch.where(skips, padded[:-2], NEVER)
        alpha = torch.stack([alpha, padded[1:-1], skipped]).logsumexp(0) + log_p
    total = alpha[-2:].logsumexp(0)
    return torch.where(total > NEVER / 2, -total, torch.inf)


def posterior(log_probs: Tensor, target: Sequence[int] | Tensor, blank: int = 0) -> Tensor:
    """How probable each class is at each step, once the text is known, (T, K): the share of its paths that go there.

    Each row adds up to 1. It is minus the derivative of `ctc_forward` by log_probs. A text that no path says raises
    ValueError, as does what `ctc_forward` refuses.
    """
    given = log_probs.detach().requires_grad_()
    with torch.enable_grad():
        loss = ctc_forward(given, target, blank)
    if loss.isinf():
        raise ValueError("No path says this text: there are too few steps for its letters.")
    return -torch.autograd.grad(loss, given)[0]

"""aⁿbⁿ: after some a's come as many b's, and the network has to say what comes next."""

import torch

from gates.tasks.task import NONE, Batch, Task, always, at_least, batch, chosen, one_hot

_NAMES, A, B_, END = "ab.", 0, 1, 2


def strings(ns: torch.Tensor, longest: int | None = None) -> Batch:
    """The strings aⁿbⁿ for given n, (B,), padded to the longest n.

    Targets stand where the next symbol is certain: from the first b on, the last of them the end.
    """
    n_max = int(ns.max()) if longest is None else longest
    steps = torch.arange(2 * n_max)[:, None]
    seen = torch.where(steps < ns, A, B_)
    following = torch.where(steps == 2 * ns - 1, END, B_)
    certain = (steps >= ns) & (steps < 2 * ns)
    targets = torch.where(certain, following, NONE)
    xs = one_hot(seen, 2) * (steps < 2 * ns)[:, :, None]
    return batch(xs, targets, lengths=2 * ns)


def largest_right(right: torch.Tensor) -> int:
    """The largest n for which the strings of 1, 2, … up to n are all right.

    right: whether the string of n = 1, n = 2, and so on is right, booleans, (N,).
    Returns 0 if the first is wrong.
    """
    return int(right.long().cumprod(0).sum())


def counting(longest: int = 10) -> Task:
    """Strings with n from 1 to `longest`, drawn evenly; a string is right if every certain next symbol is."""
    at_least("longest", longest, 1)

    def sample(B: int, generator: torch.Generator, part: str) -> Batch:
        if part == "training":
            return strings(torch.randint(1, longest + 1, (B,), generator=generator), longest)
        return strings(torch.arange(1, longest + 1))

    def show(of: Batch, b: int) -> str:
        n = int(of.lengths[b]) // 2
        asked = "".join("·" if k == NONE else _NAMES[k] for k in of.targets[: 2 * n, b].tolist())
        return f"{'a' * n}{'b' * n} → {asked}"

    return Task(
        name="counting",
        options=chosen(counting, longest=longest),
        I=2,
        O=3,
        score="whole",
        chance=1 / longest,  # right for n = 1
        baseline="always say that the string ends",
        trivial=always(3, END),
        solved=1.0,
        source="Gers and Schmidhuber (2001), LSTM Recurrent Networks Learn Simple Context-Free and Context-Sensitive Languages",
        sample=sample,
        show=show,
    )

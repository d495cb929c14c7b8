"""The forward sum, with the parts of it exchangeable."""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional as F

from gates.speech.ctc import NEVER


def interleaved(y: Tensor, blank: int) -> Tensor:
    """Blank, letter, blank, letter … blank, (2U + 1,)."""
    extended = y.new_full((2 * len(y) + 1,), blank)
    extended[1::2] = y
    return extended


def two_before(extended: Tensor, blank: int) -> Tensor:
    return F.pad(extended, (2, 0), value=blank)[:-2]


def from_first_two(first: Tensor) -> Tensor:
    """After the first step: in the first blank, or in the first letter."""
    return placed(first, slice(0, 2))


def placed(first: Tensor, there: slice) -> Tensor:
    """The values that stand there, and a probability of 0 elsewhere."""
    alpha = torch.full_like(first, NEVER)
    alpha[there] = first[there]
    return alpha


def shifted(alpha: Tensor, by: int) -> Tensor:
    return F.pad(alpha, (by, 0), value=NEVER)[: len(alpha)]


def three(alpha: Tensor, skips: Tensor) -> Tensor:
    """The ways into each place, (3, S): stay, go on by one, skip one."""
    return torch.stack([alpha, shifted(alpha, 1), torch.where(skips, shifted(alpha, 2), NEVER)])


def shared(alpha: Tensor, skips: Tensor) -> Tensor:
    """The ways into each place, each less the logarithm of how many lead there."""
    place = torch.arange(len(alpha))
    count = 1 + (place > 0).double() + (skips & (place > 1))
    return three(alpha, skips) - count.log()


def added(ways: Tensor) -> Tensor:
    return ways.logsumexp(0)


def variant(
    extend=interleaved,
    may_skip=lambda extended, blank: extended != two_before(extended, blank),
    reads=lambda log_probs: log_probs,
    start=from_first_two,
    steps=lambda letters: letters[1:],
    ways=three,
    together=added,
    ends=lambda alpha: alpha[-2:],
    total_of=added,
    give=lambda total, T, U: -total,
    none=torch.inf,
    whole=None,
) -> Callable:
    """The forward sum. reads: what is made of log_probs; steps: the rows, (S,) each, that are gone through.

    none: what a text costs that no path says.
    """

    def run(log_probs: Tensor, target: list[int], blank: int = 0) -> Tensor:
        y = torch.tensor(target, dtype=torch.long)
        extended = extend(y, blank)
        skips = may_skip(extended, blank)
        letters = reads(log_probs)[:, extended]
        alpha = start(letters[0])
        for row in steps(letters):
            alpha = together(ways(alpha, skips)) + row
        total = total_of(ends(alpha))
        total = torch.where(total > NEVER / 2, total, -none)
        return give(total, len(log_probs), len(y))

    return whole or run


# Wrong from end to end


def in_place(log_probs: Tensor, target: list[int], blank: int = 0) -> Tensor:
    """α is overwritten from left to right while it is read."""
    extended = interleaved(torch.tensor(target, dtype=torch.long), blank)
    skips = extended != two_before(extended, blank)
    alpha = from_first_two(log_probs[0, extended])
    for row in log_probs[1:, extended]:
        for s in range(len(extended)):
            ways = [alpha[s]] + ([alpha[s - 1]] if s else [])
            ways += [alpha[s - 2]] if skips[s] and s > 1 else []
            alpha[s] = torch.stack(ways).logsumexp(0) + row[s]
    return -alpha[-2:].logsumexp(0)


def multiplied(log_probs: Tensor, target: list[int], blank: int = 0) -> Tensor:
    """α itself and not its logarithm, which becomes 0."""
    extended = interleaved(torch.tensor(target, dtype=torch.long), blank)
    skips = extended != two_before(extended, blank)
    p = log_probs.exp()[:, extended]
    alpha = torch.zeros_like(p[0])
    alpha[:2] = p[0, :2]
    for row in p[1:]:
        one, two = (F.pad(alpha, (by, 0))[:-by] for by in (1, 2))
        alpha = row * (alpha + one + skips * two)
    return -alpha[-2:].sum().log()


def without_blanks(log_probs: Tensor, target: list[int], blank: int = 0) -> Tensor:
    """The letters alone, one after the other, each for a step or longer."""
    return variant(
        extend=lambda y, blank: y,
        may_skip=lambda extended, blank: extended != extended,
        start=lambda first: placed(first, slice(0, 1)),
        ends=lambda alpha: alpha[-1:],
    )(log_probs, target, blank)


def between_alone(log_probs: Tensor, target: list[int], blank: int = 0) -> Tensor:
    """Blanks between two letters alone."""
    return variant(
        extend=lambda y, blank: interleaved(y, blank)[1:-1],
        start=lambda first: placed(first, slice(0, 1)),
        ends=lambda alpha: alpha[-1:],
    )(log_probs, target, blank)


def one_letter_a_step(log_probs: Tensor, target: list[int], blank: int = 0) -> Tensor:
    """The first U steps are compared with the letters, one by one."""
    U = len(target)
    return -log_probs[range(U), target].sum()

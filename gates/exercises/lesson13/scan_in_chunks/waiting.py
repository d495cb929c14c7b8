"""Whether a recurrence that is right was computed step by step, where chunks are asked for."""

from torch import Tensor

from gates.exercises.common.probing import fresh, random_numbers
from gates.exercises.common.seen import Seen

# In chunks of 8, h0 is multiplied 12 times on its way to the last of 96 states, or 20 times where the chunks are run anew from
# their starts; step by step it is 96 times.
_T, _SIZE, _MANY = 96, 8, 48
_MULTIPLYING = ("Mul", "Addcmul", "Lerp", "Mm", "Bmm", "Addmm")


def multiplications(start: Tensor, end: Tensor) -> int:
    """How many multiplications follow one another on the longest way from a leaf, `start`, to what was made of it.

    −1 where nothing leads from one to the other.
    """
    longest, waiting = {}, [end.grad_fn]
    while waiting:
        node = waiting[-1]
        behind = [one for one, _ in node.next_functions if one is not None]
        if ahead := [one for one in behind if one not in longest]:
            waiting += ahead
            continue
        waiting.pop()
        most = max((longest[one] for one in behind), default=-1)
        if getattr(node, "variable", None) is start:
            most = 0
        longest[node] = most + (most >= 0 and node.name().startswith(_MULTIPLYING))
    return longest[end.grad_fn]


def said_of_steps(seen: Seen) -> str:
    """What is said of an answer that goes step by step, though its numbers are right; empty for others."""
    randn = random_numbers(149)
    a, b, h0 = randn(_T, 1, 2).sigmoid(), randn(_T, 1, 2), randn(1, 2)
    arguments = fresh((a, b, h0, _SIZE), True)
    if multiplications(arguments[2], seen.run(arguments)) < _MANY:
        return ""
    return (
        "It goes step by step, though: each state waits for the one before it. In chunks the steps are joined before "
        "their start is known, so that only the chunks wait for one another; the hints tell how."
    )

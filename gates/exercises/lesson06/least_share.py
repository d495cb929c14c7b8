"""What a run of successes rules out."""

import math
from collections.abc import Callable

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.slips import slip


def least_share(n: int, luck: float) -> float:
    """The smallest share of successes that n successes in a row do not rule out.

    If each of n seeds succeeds with probability p, all of them do with probability pⁿ.
    n: how many seeds, all of which succeeded. luck: the probability below which we no longer
    believe in luck, 0.05 for instance. Returns the p with pⁿ = luck.
    """
    return luck ** (1 / n)


def probes() -> Probes:
    return [(5, 0.05), (12, 0.01), (2, 0.2)]


def variant(whole=None) -> Callable:
    """The share that makes n successes in a row as unlikely as that."""
    return whole or (lambda n, chance: chance ** (1 / n))


EXERCISE = coding(
    least_share,
    asks="what a run of successes rules out",
    probes=probes,
    outputs=("the share",),
    variant=variant,
    reads=lambda share, arguments: float(share),
    slips=[
        slip(
            "power-for-nth-root",
            "Luck is taken to the power n.",
            "Solve pⁿ = luck: p is the n-th root of luck.",
            whole=lambda n, chance: chance**n,
        ),
        slip(
            "certainty-for-chance",
            "One minus luck is taken, as if that were the probability of n successes.",
            "pⁿ itself is to be as small as luck: solve pⁿ = luck.",
            whole=lambda n, chance: (1 - chance) ** (1 / n),
        ),
        slip(
            "certainty-for-chance",
            whole=lambda n, chance: (1 - chance) ** n,
            detail="And it is raised to the power n, where it needs the n-th root.",
        ),
        slip(
            "certainty-for-chance",
            whole=lambda n, chance: 1 - chance,
            detail="And no root is taken.",
        ),
        slip(
            "misses-for-successes",
            "What comes back is the share of failures.",
            "p is the share that succeeds. Do not take it from 1.",
            whole=lambda n, chance: 1 - chance ** (1 / n),
        ),
        slip(
            "chance-shared-out",
            "Luck is divided by the number of seeds, or multiplied by it.",
            "Seeds that succeed all at once have the probability p · p · … = pⁿ, so take the n-th root. In Python, mind the brackets: x ** 1 / n is x / n.",
            whole=lambda n, chance: chance / n,
        ),
        slip(
            "chance-shared-out",
            whole=lambda n, chance: 1 - chance / n,
            detail="It is taken from 1.",
        ),
        slip("chance-shared-out", whole=lambda n, chance: 1 - n * chance),
        slip(
            "observed-share",
            "What was seen comes back, n of n, which is 1.",
            "A smaller share gives n of n now and then, too. Ask which p does so with the given probability.",
            whole=lambda n, chance: 1.0,
        ),
        slip("observed-share", whole=lambda n, chance: 1),
        slip(
            "rule-of-three",
            "That is a rule of thumb for many seeds, near but not equal to the answer.",
            "Solve pⁿ = luck exactly: a root. For few seeds the rule is far off.",
            whole=lambda n, chance: 1 - 3 / n,
        ),
        slip("rule-of-three", whole=lambda n, chance: 1 + math.log(chance) / n),
        slip(
            "log-for-root",
            "A logarithm divided by n comes back, and its exponential is missing.",
            "log p = log(luck) / n, so p = exp(log(luck) / n), which is a root.",
            whole=lambda n, chance: math.log(chance) / n,
        ),
        slip("log-for-root", whole=lambda n, chance: -math.log(chance) / n),
    ],
)

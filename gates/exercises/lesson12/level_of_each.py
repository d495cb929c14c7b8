"""The level of one interval of several."""

from collections.abc import Callable

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.slips import slip


def level_of_each(level: float, n: int) -> float:
    """The level of each of n intervals at which all of them hold together.

    level: the least probability with which all n are to hold, such as 0.95, whether or not they
    depend on one another. n: how many there are. Returns a share, too, by Bonferroni's rule: what
    may go wrong is shared out equally.
    """
    return 1 - (1 - level) / n


def probes() -> Probes:
    return [(0.95, 9), (0.9, 5), (0.99, 20)]


def variant(
    given=lambda level: level,
    count=lambda n: n,
    share=lambda level, n: 1 - (1 - level) / n,
    give=lambda found: found,
) -> Callable:
    """1 − (1 − level) / n, with its parts exchangeable."""
    return lambda level, n: give(share(given(level), count(n)))


EXERCISE = coding(
    level_of_each,
    asks="the level of one interval of several",
    probes=probes,
    outputs=("the level",),
    variant=variant,
    reads=lambda level, arguments: float(level),
    slips=[
        slip(
            "level-shared-out",
            "The level itself is divided by n.",
            "What is shared out is what may go wrong, 1 − level, and each interval gets an n-th of it.",
            share=lambda level, n: level / n,
        ),
        slip(
            "level-shared-out",
            share=lambda level, n: 1 - level / n,
            detail="And it is taken from 1.",
        ),
        slip(
            "level-of-all-together",
            "That is how surely all hold if each is at this level: the other way round.",
            "Each has to be stricter than all together, so the answer lies between level and 1.",
            share=lambda level, n: level**n,
        ),
        slip(
            "level-of-all-together",
            share=lambda level, n: 1 - n * (1 - level),
        ),
        slip(
            "independent-intervals",
            "The n-th root is right if the intervals are independent of one another, which nobody promised.",
            "Whatever they have in common, the probabilities of going wrong add up to no more than their sum: share out 1 − level.",
            share=lambda level, n: level ** (1 / n),
        ),
        slip(
            "risk-for-level",
            "What may go wrong comes back, and not the level.",
            "An interval that goes wrong with probability p has the level 1 − p.",
            share=lambda level, n: (1 - level) / n,
        ),
        slip(
            "all-wrong-at-once",
            "A power or a root of what may go wrong is taken, as if all n had to go wrong.",
            "One of n that goes wrong is enough. The probabilities add up, so divide by n.",
            share=lambda level, n: 1 - (1 - level) ** n,
        ),
        slip("all-wrong-at-once", share=lambda level, n: (1 - level) ** n),
        slip("all-wrong-at-once", share=lambda level, n: 1 - (1 - level) ** (1 / n)),
        slip(
            "level-as-it-was",
            "Each interval is left at the level that was asked for all of them.",
            "With nine at 95%, one that goes wrong is no rare thing. Share out 1 − level.",
            share=lambda level, n: level,
        ),
        slip(
            "one-interval-too-few",
            "One interval fewer is counted.",
            "All n may go wrong, the first as well: divide by n.",
            count=lambda n: n - 1,
        ),
        slip(
            "pairs-counted",
            "Pairs are counted, n (n − 1) / 2 of them.",
            "n is the number of intervals already.",
            count=lambda n: n * (n - 1) / 2,
        ),
        slip(
            "two-ends-counted",
            "What may go wrong is halved once more, for the two ends of an interval.",
            "A level is that of the whole interval, with both its ends. How it is shared between them is no matter here.",
            count=lambda n: 2 * n,
        ),
        slip(
            "percent-for-share",
            "A percentage stands where a share belongs.",
            "level is a share, such as 0.95, and so is what comes back.",
            give=lambda found: 100 * found,
        ),
        slip("percent-for-share", share=lambda level, n: 100 - (100 - level) / n),
        slip("percent-for-share", share=lambda level, n: 1 - (100 - level) / n),
        slip(
            "level-rounded",
            "The level is rounded.",
            "Return all its digits, and round where you print.",
            give=lambda found: round(found, 2),
        ),
        slip("level-rounded", give=lambda found: round(found, 3)),
        slip("level-rounded", give=lambda found: round(found, 4)),
    ],
)

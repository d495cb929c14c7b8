"""A gate of a given size."""

import math
from collections.abc import Callable

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.seen import error
from gates.exercises.common.slips import slip


def pre_activation(f: float) -> float:
    """The pre-activation of a gate that passes a given fraction.

    f: the fraction, between 0 and 1 and neither of them. Returns the number a for which σ(a) = f.
    """
    return math.log(f / (1 - f))


def probes() -> Probes:
    return [(0.9,), (0.3,), (0.02,)]


def variant(odds=lambda f: f / (1 - f), log=math.log, whole=None) -> Callable:
    """log(f / (1 − f)), with its parts exchangeable; `whole` takes the place of all of it."""
    return whole or (lambda f: log(odds(f)))


EXERCISE = coding(
    pre_activation,
    asks="a gate of a given size",
    probes=probes,
    variant=variant,
    errors=(error("math domain error|expected a positive input", "odds-without-brackets"),),
    tolerance=1e-5,
    reads=lambda a, arguments: float(a),
    slips=[
        slip("gate-for-bias", whole=lambda f: f),
        slip("log-for-logit", odds=lambda f: f),
        slip("log-for-logit", odds=lambda f: 1 / f, detail="Its sign is turned."),
        slip("odds-upside-down", odds=lambda f: (1 - f) / f),
        slip("log-base-ten", log=math.log10),
        slip(
            "logit-without-log",
            "The odds f / (1 − f) are taken for the pre-activation: the logarithm is missing.",
            "σ(a) = f means exp(−a) = (1 − f) / f. Solve that for a; the logarithm comes last.",
            log=lambda odds: odds,
        ),
        slip(
            "squashed-once-more",
            "The sigmoid is taken of the fraction, where it should be undone.",
            "The fraction is what the sigmoid gave. Go back, to the a for which σ(a) = f.",
            whole=lambda f: 1 / (1 + math.exp(-f)),
        ),
        slip(
            "logit-of-tanh",
            "It is tanh that is undone, and not the sigmoid.",
            "A gate is σ(a), from 0 to 1, and tanh runs from −1 to 1. Undo the sigmoid.",
            whole=math.atanh,
        ),
    ],
)

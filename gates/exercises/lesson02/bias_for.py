"""The bias for a memory that lasts."""

import math
from collections.abc import Callable

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.seen import error
from gates.exercises.common.slips import slip


def bias_for(fraction: float, T: int) -> float:
    """The bias of a forget gate that keeps a given fraction of a memory over T steps.

    fraction: what is to be left, between 0 and 1. T: how many steps.
    The gate is σ(bias) at every step. Returns the bias, a number.
    """
    f = fraction ** (1 / T)
    return math.log(f / (1 - f))


def probes() -> Probes:
    return [(0.5, 50), (0.3, 7), (0.9, 1)]


def variant(
    gate=lambda fraction, T: fraction ** (1 / T), undo=lambda f: math.log(f / (1 - f))
) -> Callable:
    """The bias that leaves a fraction, with the parts of it exchangeable."""
    return lambda fraction, T: undo(gate(fraction, T))


EXERCISE = coding(
    bias_for,
    asks="the bias for a memory that lasts",
    probes=probes,
    variant=variant,
    errors=(error("math domain error|expected a positive input", "odds-without-brackets"),),
    reads=lambda bias, arguments: float(bias),
    slips=[
        slip("gate-for-bias", undo=lambda f: f),
        slip("log-for-logit", undo=math.log),
        slip("odds-upside-down", undo=lambda f: math.log((1 - f) / f)),
        slip("log-base-ten", undo=lambda f: math.log10(f / (1 - f))),
        slip(
            "power-for-root",
            "The fraction is taken to the power T, where its T-th root was asked for.",
            "The gate to the power T gives the fraction, so the gate is fraction ** (1 / T).",
            gate=lambda p, T: p**T,
        ),
        slip(
            "f-means-forget",
            gate=lambda p, T: (1 - p) ** (1 / T),
            detail="The fraction is taken for what is lost.",
        ),
        slip(
            "f-means-forget",
            gate=lambda p, T: 1 - (1 - p) ** (1 / T),
            detail="What is lost is taken to be f to the power T.",
        ),
        slip("one-step-only", gate=lambda p, T: p),
        slip(
            "loss-spread-evenly",
            "What may be forgotten is divided evenly among the steps, as if each took away the same amount.",
            "Steps multiply: f to the power T is the fraction that is left, so f is the T-th root of that fraction.",
            gate=lambda p, T: 1 - (1 - p) / T,
        ),
        slip(
            "root-without-brackets",
            "The fraction is divided by T, where its T-th root was asked for.",
            "In Python the power binds first, so fraction ** 1 / T is fraction / T. The root is fraction ** (1 / T).",
            gate=lambda p, T: p / T,
        ),
    ],
)

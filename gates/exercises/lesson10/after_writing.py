"""What a memory adds up to."""

import math
from collections.abc import Callable

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.seen import Seen, error
from gates.exercises.common.slips import slip


def after_writing(f: float, i: float, g: float, T: int) -> float:
    """What a memory holds after T steps that are all alike, if it starts from 0.

    f, i: the forget gate and the input gate, g: the candidate, the same numbers at each step.
    They may be any real numbers. T: how many steps, at least 1. Returns c after the last.
    """
    c = 0.0
    for _ in range(T):
        c = f * c + i * g
    return c


def probes() -> Probes:
    return [
        (0.9, 0.5, 0.8, 10),
        (1.0, 0.5, -0.7, 7),
        (2.0, 0.3, 0.6, 5),
        (0.25, 1.0, 2.0, 1),
        (-1.5, 0.4, 0.7, 4),
    ]


def variant(
    steps=lambda T: T,
    written=lambda i, g: i * g,
    kept=lambda f: f,
    add=lambda f, c, new: f * c + new,
    whole=None,
) -> Callable:
    """The sum over T equal steps, with the parts of it exchangeable."""

    def run(f: float, i: float, g: float, T: int) -> float:
        c = 0.0
        for _ in range(steps(T)):
            c = add(kept(f), c, written(i, g))
        return c

    return whole or run


def _nan_means_zero(seen: Seen) -> str | None:
    return "sum-divides-by-zero" if any(c != c for c in seen.results) else None


EXERCISE = coding(
    after_writing,
    asks="what a memory adds up to",
    probes=probes,
    outputs=("the memory",),
    variant=variant,
    reads=lambda c, arguments: float(c),
    signature=_nan_means_zero,
    errors=(
        error(
            "division by zero",
            "sum-divides-by-zero",
            "The formula of the geometric sum divides by 1 − f, which is 0 for a gate that keeps everything.",
            "Treat f = 1 apart, or add up in a loop.",
        ),
    ),
    slips=[
        slip(
            "sum-has-another-length",
            "It is the memory after another number of steps.",
            "After one step the memory holds i * g. Check your answer by hand for T = 1.",
            steps=lambda T: T + 1,
            detail="It is one step more.",
        ),
        slip("sum-has-another-length", steps=lambda T: T - 1, detail="It is one step less."),
        slip(
            "size-for-gate",
            "The sign of the forget gate is left out.",
            "f may be any number here, also a negative one: use it as it is.",
            kept=abs,
        ),
        slip(
            "input-gate-forgotten",
            "The input gate is left out.",
            "What is written at each step is i * g.",
            written=lambda i, g: g,
        ),
        slip(
            "candidate-forgotten",
            "The candidate is left out.",
            "What is written at each step is i * g.",
            written=lambda i, g: i,
        ),
        slip("f-means-forget", kept=lambda f: 1 - f),
        slip(
            "written-as-lost",
            "What is written has the wrong sign.",
            "c = f * c + i * g.",
            written=lambda i, g: -i * g,
        ),
        slip(
            "nothing-fades",
            "What was written is taken to stay as it was.",
            "What was written k steps ago has met the forget gate k times, so f^k of it is left.",
            whole=lambda f, i, g, T: T * i * g,
        ),
        slip("nothing-fades", whole=lambda f, i, g, T: f * T * i * g),
        slip(
            "written-once",
            "Only what was written at one step is counted.",
            "Each of the T steps writes i * g. Add up what is left of all of them.",
            whole=lambda f, i, g, T: f**T * i * g,
        ),
        slip("written-once", whole=lambda f, i, g, T: f ** (T - 1) * i * g),
        slip("written-once", whole=lambda f, i, g, T: i * g, detail="And it does not fade."),
        slip(
            "last-step-not-at-full",
            "What the last step writes is taken to have faded already.",
            "c = f * c + i * g: the forget gate acts on the old memory only. The powers of f run from 0 to T − 1.",
            add=lambda f, c, new: f * (c + new),
        ),
        slip(
            "all-fades-alike",
            "All that was written is taken to have faded by the same factor.",
            "What was written later has met fewer forget gates: f^0 for the last step, f^(T − 1) for the first.",
            whole=lambda f, i, g, T: T * f**T * i * g,
        ),
        slip("all-fades-alike", whole=lambda f, i, g, T: T * f ** (T - 1) * i * g),
        slip(
            "limit-for-sum",
            "This is what the memory would hold after endlessly many steps.",
            "After T steps the part f^T of it is still missing.",
            whole=lambda f, i, g, T: i * g / (1 - f) if f != 1 else math.inf,
        ),
        slip(
            "left-for-written",
            "This is what is left of a memory of 1, and not what is written.",
            "The memory starts from 0. Each step adds i * g.",
            whole=lambda f, i, g, T: f**T,
        ),
    ],
)

"""Windows of a series."""

from collections.abc import Callable, Iterable

import numpy as np
from numpy import ndarray as Array

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.slips import slip


def windows(series: np.ndarray, T: int) -> tuple[np.ndarray, np.ndarray]:
    """Everything a forecaster of the next value can be trained on.

    series: (N,). T: how many values it sees. Returns xs, (N - T, T), and targets, (N - T,), the
    value after each window.
    """
    xs = np.stack([series[t : t + T] for t in range(len(series) - T)])
    return xs, series[T:]


def probes() -> Probes:
    generator = np.random.default_rng(1)
    return [(generator.normal(size=n), T) for n, T in ((12, 4), (9, 2))]


def variant(count=lambda N, T: N - T, stride=lambda T: 1, ahead=0, whole=None) -> Callable:
    """Windows and their targets, with the parts of it exchangeable; `ahead` moves the target."""

    def run(series: Array, T: int) -> tuple[Array, Array]:
        starts = range(0, count(len(series), T), stride(T))
        xs = np.stack([series[t : t + T] for t in starts])
        return xs, np.array([series[t + T + ahead] for t in starts])

    return whole or run


def _one_target_short(series: Array, T: int) -> tuple[Array, Array]:
    xs, targets = variant()(series, T)
    return xs, targets[1:]


def _rows(series: Array, starts: Iterable[int], T: int) -> Array:
    return np.stack([series[t : t + T] for t in starts])


def _wrapped(series: Array, T: int) -> Array:
    """As many windows as values, the last of which go on at the start."""
    return np.stack([np.roll(series, -t) for t in range(T)], axis=1)


def _shifted(series: Array, T: int) -> tuple[Array, Array]:
    xs = np.stack([series[t + 1 : t + T + 1] for t in range(len(series) - T)])
    return xs, series[T:]


EXERCISE = coding(
    windows,
    asks="windows of a series",
    probes=probes,
    outputs=("xs", "targets"),
    variant=variant,
    slips=[
        slip(
            "target-not-shifted",
            "The target is the last value that the window already holds.",
            "The target is the value after the window: series[t + T].",
            whole=_shifted,
            seen=("Project-MONAI/GenerativeModels#314",),
        ),
        slip("target-not-shifted", ahead=-1),
        slip("target-not-shifted", ahead=-1, count=lambda N, T: N - T + 1),
        slip(
            "target-too-far",
            "The target is one step too far away.",
            "The target is the value after the window: series[t + T].",
            ahead=1,
            count=lambda N, T: N - T - 1,
        ),
        slip("target-too-far", whole=_one_target_short, detail="The last window has none."),
        slip(
            "target-before-window",
            "The target is the value just before the window, and not the one after it.",
            "A window that begins at t ends at t + T − 1, and its target is series[t + T].",
            whole=lambda s, T: (_rows(s, range(1, len(s) - T + 1), T), s[: len(s) - T]),
            seen=("M-Nauta/TCDF#2",),
        ),
        slip(
            "target-before-window",
            whole=lambda s, T: (_rows(s, range(1, len(s) - T), T), s[: len(s) - T - 1]),
        ),
        slip(
            "target-before-window",
            whole=lambda s, T: (_rows(s, range(len(s) - T), T), np.roll(s, 1)[: len(s) - T]),
            detail="The first one's is the last value of the series.",
        ),
        slip(
            "series-wrapped",
            "The series is rolled around, so the last targets, or the last windows, hold values from its start.",
            "np.roll puts what falls off one end on at the other. Cut with slices: there are N − T windows that have a target.",
            whole=lambda s, T: (
                _rows(s, range(len(s) - T + 1), T),
                np.roll(s, -T)[: len(s) - T + 1],
            ),
            detail="It is the last target.",
        ),
        slip(
            "series-wrapped",
            whole=lambda s, T: (_wrapped(s, T), np.roll(s, -T)),
            detail="It is the last windows and targets.",
        ),
        slip(
            "series-wrapped",
            whole=lambda s, T: (_rows(s, range(len(s) - T), T), np.roll(s, -T)),
            detail="There are more targets than windows.",
        ),
        slip(
            "windows-reversed",
            "The windows run from new to old.",
            "A window holds the values as they stand in the series: series[t : t + T].",
            whole=lambda s, T: (_rows(s, range(len(s) - T), T)[:, ::-1], s[T:]),
        ),
        slip(
            "windows-reversed",
            whole=lambda s, T: (_rows(s, range(len(s) - T), T)[::-1], s[T:]),
            detail="It is their order; the targets come in theirs.",
        ),
        slip(
            "windows-apart",
            "The windows do not overlap, so most of the examples are lost.",
            "A window may begin at each of the positions 0 to N − T − 1: there are N − T of them.",
            stride=lambda T: T,
        ),
        slip(
            "last-window-missing",
            "The last window is missing.",
            "A window may begin at each of the positions 0 to N − T − 1: there are N − T of them.",
            count=lambda N, T: N - T - 1,
        ),
    ],
)

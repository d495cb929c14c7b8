"""Windows to train on and to test on that share no target."""

import numpy as np

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.mistake import Mistake
from gates.exercises.common.seen import Seen
from gates.exercises.lesson16.windows_apart.slips import SLIPS
from gates.exercises.lesson16.windows_apart.variants import variant
from gates.series.windows import windows_apart


def probes() -> Probes:
    """Series in which no value comes twice, cut at different places; the training and the test windows differ in number."""
    generator = np.random.default_rng(160)
    sizes = [(31, 4, 3, 12), (24, 3, 2, 9), (40, 5, 4, 30)]
    return [(generator.normal(size=N), T, h, n) for N, T, h, n in sizes]


def _small() -> Probes:
    """One value a window, one value ahead, and one window on either side."""
    series = np.arange(12.0) ** 2
    return [(series[:9], 1, 1, 5), (series[:8], 3, 1, 5), (series[:7], 1, 3, 4)]


def _out_of_order(seen: Seen) -> str | None:
    """Whether windows of the series come, and on one side at least not in its order."""
    in_order = True
    for (series, T, h, _), sides in zip(seen.probes, seen.results, strict=True):
        all_windows = np.lib.stride_tricks.sliding_window_view(series, T + h)
        for xs, ys in sides:
            windows = np.hstack([np.asarray(xs), np.asarray(ys)])
            starts = [int(np.flatnonzero(series == first)[0]) for first in windows[:, 0]]
            if not np.array_equal(all_windows[starts], windows):
                return None
            in_order = in_order and starts == sorted(starts)
    return None if in_order else "series-windows-shuffled"


EXERCISE = coding(
    windows_apart,
    asks="windows to train on and to test on that share no target",
    probes=probes,
    small=_small,
    outputs=(
        "xs to train on",
        "ys to train on",
        "xs to test on",
        "ys to test on",
    ),
    variant=variant,
    shapes="series is (N,), and two pairs come back, each of xs, (·, T), and ys, (·, h).",
    returns="It should return two pairs, (xs, ys) to train on and (xs, ys) to test on.",
    signature=_out_of_order,
    slips=SLIPS,
    mistakes=(
        Mistake(
            "series-windows-shuffled",
            "The windows do not come in the order of the series.",
            "They run from old to new on either side. If chance shares them out, neighbors, which hold nearly the same values, come to both: what decides is the targets, s + T + h <= n or s + T >= n.",
        ),
    ),
)

"""Mistakes in windows to train on and to test on."""

import numpy as np

from gates.exercises.common.slips import slip
from gates.exercises.lesson16.windows_apart import targets_and_steps
from gates.exercises.lesson16.windows_apart.variants import (
    cut_after,
    h_and_t_swapped,
    inputs_then_targets,
    scaled_by_past,
    scaled_first,
    sides_swapped,
)

SLIPS = [
    slip(
        "training-targets-from-test",
        "Windows to train on have targets that lie after the cut, where nothing may be learned from.",
        "The last target of a window that begins at s is series[s + T + h − 1]. It has to be among the first n: s + T + h <= n.",
        to_train=lambda starts, T, h, n: starts[starts + T <= n],
        detail="The window ends before the cut, and its targets do not.",
    ),
    slip(
        "training-targets-from-test",
        to_train=lambda starts, T, h, n: starts[starts + T < n],
        detail="Only the first target is looked at.",
    ),
    slip("training-targets-from-test", to_train=lambda starts, T, h, n: starts[starts < n]),
    slip(
        "training-targets-from-test",
        to_train=lambda starts, T, h, n: starts[starts + T + h <= n + 1],
        detail="It is one window too many.",
    ),
    slip(
        "windows-cut-after",
        "All windows are made first, and then their list is cut in two, so windows on one side have targets of the other.",
        "Neighboring windows share nearly all their values. Where a window belongs is decided by its targets: all among the first n, or none.",
        whole=cut_after(lambda count, N, n: n),
    ),
    slip("windows-cut-after", whole=cut_after(lambda count, N, n: round(count * n / N))),
    slip("windows-cut-after", whole=cut_after(lambda count, N, n: int(count * n / N))),
    slip(
        "last-training-window-missing",
        "The last window to train on is missing.",
        "Its last target is series[n − 1], which may be learned from: s + T + h <= n.",
        to_train=lambda starts, T, h, n: starts[starts + T + h < n],
    ),
    slip(
        "test-targets-from-training",
        "Windows to test on have targets that were trained on.",
        "The first target of a window that begins at s is series[s + T]. It must not be among the first n: s + T >= n.",
        to_test=lambda starts, T, h, n: starts[starts + T + h > n],
        detail="Their last target lies after the cut, and the first does not.",
    ),
    slip(
        "test-targets-from-training",
        to_test=lambda starts, T, h, n: starts[starts + T >= n - 1],
        detail="It is one window too many.",
    ),
    slip(
        "test-inputs-thrown-away",
        "The first windows to test on are missing, since values from before the cut are not read.",
        "At the time of the forecast these values are known, so they may be read. What must not be known are the targets: s + T >= n.",
        to_test=lambda starts, T, h, n: starts[starts >= n],
    ),
    slip(
        "first-test-window-missing",
        "The first window to test on is missing.",
        "Its first target is series[n], which was not learned from: s + T >= n.",
        to_test=lambda starts, T, h, n: starts[starts + T > n],
    ),
    slip(
        "last-series-window-missing",
        "The last window of the series is missing.",
        "A window may begin at 0 to N − T − h: there are N − T − h + 1 of them.",
        starts=lambda N, T, h: np.arange(N - T - h),
    ),
    slip(
        "last-series-window-missing",
        starts=lambda N, T, h: np.arange(N - T - h),
        to_train=lambda starts, T, h, n: starts[starts + T + h < n],
        detail="So is the last one to train on.",
    ),
    *targets_and_steps.SLIPS,
    slip(
        "window-reversed-in-time",
        "The windows run from new to old.",
        "A window holds the values as they stand in the series.",
        reads=lambda starts, T: starts[:, None] + np.arange(T)[::-1],
    ),
    slip(
        "scaled-by-all",
        "The values are scaled, and by a mean and a deviation that know the test.",
        "The values are wanted as they are. Whoever scales them takes the scale from series[:n] alone.",
        whole=scaled_first,
    ),
    slip(
        "values-scaled",
        "The values are scaled.",
        "They are wanted as they stand in the series.",
        whole=scaled_by_past,
    ),
    slip(
        "train-and-test-swapped",
        "The pairs have changed places.",
        "First comes the pair to train on, then that to test on.",
        whole=sides_swapped,
    ),
    slip(
        "inputs-then-targets",
        "The inputs of both parts come first, and then their targets.",
        "Return (xs, ys) to train on, and then (xs, ys) to test on.",
        whole=inputs_then_targets,
    ),
    slip(
        "t-and-h-swapped",
        "T and h have changed places.",
        "T is how many values a window holds, and h how many come after it.",
        whole=h_and_t_swapped,
    ),
]

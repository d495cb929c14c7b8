"""Mistakes in which values are the targets of a window, and in how far it is from one window to the next."""

import numpy as np

from gates.exercises.common.slips import slip
from gates.exercises.lesson16.windows_apart.variants import every

SLIPS = [
    slip(
        "targets-overlap-inputs",
        "The targets begin with the last value that the window already holds.",
        "The window that begins at s holds values up to s + T − 1, and its targets are series[s + T : s + T + h].",
        of=lambda starts, T, h: starts[:, None] + T - 1 + np.arange(h),
    ),
    slip(
        "targets-one-too-far",
        "The targets begin one value too late.",
        "The window that begins at s holds values up to s + T − 1, and its targets are series[s + T : s + T + h].",
        of=lambda starts, T, h: starts[:, None] + T + 1 + np.arange(h),
    ),
    slip(
        "targets-one-too-far",
        starts=lambda N, T, h: np.arange(N - T - h),
        to_train=lambda starts, T, h, n: starts[starts + T + h < n],
        of=lambda starts, T, h: starts[:, None] + T + 1 + np.arange(h),
        detail="So there is one window less on either side.",
    ),
    slip(
        "targets-of-inputs-shifted",
        "The targets are as many as the inputs, and most of them are values that the window already holds.",
        "ys is (·, h), the h values after the window: series[s + T : s + T + h].",
        of=lambda starts, T, h: starts[:, None] + h + np.arange(T),
        detail="They are its values, shifted by h.",
    ),
    slip(
        "targets-of-inputs-shifted",
        of=lambda starts, T, h: starts[:, None] + 1 + np.arange(T),
        detail="They are its values, shifted by one.",
    ),
    slip(
        "one-target-only",
        "Each window has one target, and not h of them.",
        "ys is (·, h): series[s + T : s + T + h].",
        of=lambda starts, T, h: starts[:, None] + T + np.arange(1),
        detail="It is the first.",
    ),
    slip(
        "one-target-only",
        of=lambda starts, T, h: starts[:, None] + T + h - 1 + np.arange(1),
        detail="It is the last.",
    ),
    slip(
        "forecast-windows-apart",
        "The windows do not overlap, so most of the examples are lost.",
        "A window may begin at each place from 0 to N − T − h.",
        starts=lambda N, T, h: np.arange(0, N - T - h + 1, T),
    ),
    slip(
        "forecast-windows-apart",
        starts=lambda N, T, h: np.arange(0, N - T - h + 1, h),
        detail="It is their targets that do not overlap.",
    ),
    slip(
        "forecast-windows-apart",
        starts=lambda N, T, h: np.arange(0, N - T - h + 1, T + h),
        detail="They share no value at all.",
    ),
    slip("forecast-windows-apart", **every(lambda T, h: T)),
    slip(
        "forecast-windows-apart",
        **every(lambda T, h: h),
        detail="It is their targets that do not overlap.",
    ),
    slip(
        "forecast-windows-apart",
        **every(lambda T, h: T + h),
        detail="They share no value at all.",
    ),
    slip(
        "forecast-windows-apart",
        to_test=every(lambda T, h: h)["to_test"],
        detail="It is the targets of those to test on that do not overlap.",
    ),
]

"""What is heard: the energy of a sound in its bands, and the letters that a network gives to its steps."""

from collections.abc import Sequence

import numpy as np
from numpy import ndarray as Array
from torch import Tensor

from gates import words_over_time
from gates.figures.look import SIZES, bare, blank
from gates.picture import Picture

KILOHERTZ = (0.25, 0.5, 1, 2, 4, 8)  # where the bands are labeled, as far as there are bands
SEEN = 0.1  # letters that are never more probable have no row


def spectrogram(frames: Tensor, seconds: float, middles: Array, title: str = "") -> Picture:
    """The logarithm of the energy in each band over time, darker for more.

    frames: (T, M). seconds: from one frame to the next. middles: of the bands, in Hz, rising, (M,).
    """
    values, (T, M) = frames.double().numpy(), frames.shape
    if len(middles) != M:
        raise ValueError(f"There are {M} bands, and {len(middles)} middles of bands.")
    figure, axes = blank(8.0, 3.4)
    low, high = np.quantile(values, [0.05, 1])
    extent = (0, T * seconds, -0.5, M - 0.5)
    style = {"cmap": SIZES, "vmin": low, "vmax": high, "aspect": "auto", "origin": "lower"}
    shown = axes.imshow(values.T, extent=extent, interpolation="nearest", **style)
    there = [f for f in KILOHERTZ if middles[0] <= 1000 * f <= middles[-1]]
    places = np.interp([1000 * f for f in there], middles, np.arange(M))
    axes.set_yticks(places, [f"{f:g}" for f in there])
    axes.set(xlabel="seconds", ylabel="band, in kHz", title=title)
    bare(axes)
    bar = figure.colorbar(shown, ax=axes, fraction=0.05, pad=0.02, aspect=25)
    bar.set_label("logarithm of the energy")
    bar.outline.set_visible(False)
    figure.words = words_over_time.spectrogram(frames, seconds, middles, title)
    return figure


def letters_over(probabilities: Tensor, names: Sequence[str]) -> Picture:
    """How probable each letter is at each step: pale is 0, dark is 1.

    probabilities: (T, K), each row adds up to 1. names: of the K classes, as they are to be shown. A class that is never
    more probable than 0.1 has no row.
    """
    T, K = probabilities.shape
    if len(names) != K:
        raise ValueError(f"There are {K} classes, and {len(names)} names.")
    rows = [k for k in range(K) if probabilities[:, k].max() > SEEN]
    figure, axes = blank(min(8.3, 2.0 + 0.11 * max(T, 20)), min(4.7, 1.2 + 0.24 * len(rows)))
    values = probabilities[:, rows].T.numpy()
    extent = (0.5, T + 0.5, len(rows) - 0.5, -0.5)
    shown = axes.imshow(values, cmap=SIZES, vmin=0, vmax=1, aspect="auto", extent=extent)
    axes.set_yticks(range(len(rows)), [names[k] for k in rows], fontsize=10)
    axes.set(xlabel="step", ylabel="letter")
    bare(axes)
    bar = figure.colorbar(shown, ax=axes, fraction=0.06, pad=0.02, aspect=25, ticks=[0, 0.5, 1])
    bar.set_label("probability")
    bar.outline.set_visible(False)
    figure.words = words_over_time.letters_over(probabilities, names)
    return figure

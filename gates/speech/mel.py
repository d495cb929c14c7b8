"""What a network hears: how much energy a short stretch of sound has in each band of pitch, on a logarithmic scale.

The bands are equally wide on the mel scale, on which equal steps sound about equally large.
Sources: Stevens, Volkmann and Newman (1937), "A Scale for the Measurement of the Psychological Magnitude Pitch"; Davis
and Mermelstein (1980), "Comparison of Parametric Representations for Monosyllabic Word Recognition in Continuously
Spoken Sentences"; the formula is that of the toolkit HTK, O'Shaughnessy (1987), "Speech Communication".
"""

from functools import cache

import numpy as np
import torch
from numpy import ndarray as Array
from torch import Tensor

from gates.speech.sound import RATE, Sound

N = 512  # samples in a window: 32 ms
HOP = 160  # samples from one window to the next: 10 ms
M = 40  # bands
FLOOR = 1e-6  # energy that is added, so that silence has a logarithm


def mel(f: float | Array) -> float | Array:
    """Hertz as mels; 1000 Hz are about 1000 mels."""
    return 2595 * np.log10(1 + np.asarray(f) / 700)


def hertz(m: float | Array) -> float | Array:
    """Mels as hertz."""
    return 700 * (10 ** (np.asarray(m) / 2595) - 1)


def filterbank(
    rate: int = RATE, N: int = N, M: int = M, low: float = 0.0, high: float | None = None
) -> Array:
    """How much each frequency of a window's spectrum counts in each band, (M, N//2 + 1).

    rate: samples a second. N: samples in a window. M: bands. low, high: where the first begins and the last ends, in Hz;
    high is half the rate, unless said. A band is a triangle over the frequencies in Hz: 1 in its middle, and 0 from the
    middles of its neighbors on, all of which are equally far apart in mels. Limits that leave no band raise ValueError.
    """
    high = rate / 2 if high is None else high
    if M < 1 or not 0 <= low < high <= rate / 2:
        raise ValueError(
            f"Bands have to be 1 at least, and from 0 to {rate / 2:g} Hz, the lower limit first."
        )
    corners = hertz(np.linspace(mel(low), mel(high), M + 2))[:, None]
    f = np.arange(N // 2 + 1) * rate / N
    left, middle, right = corners[:-2], corners[1:-1], corners[2:]
    rising, falling = (f - left) / (middle - left), (right - f) / (right - middle)
    return np.maximum(0, np.minimum(rising, falling))


def log_mel(samples: Array, bank: Array, hop: int) -> Array:
    """The logarithm of the energy in each band, window by window.

    samples: the sound, (S,). bank: how much each of the F = N/2 + 1 frequencies of a window
    counts in each of M bands, (M, F), so a window has N = 2 (F − 1) samples. hop: samples from
    the start of a window to that of the next. Windows begin at samples 0, hop, 2 hop …, and each
    that ends within the sound counts; each is multiplied by Hann's window, 0.5 − 0.5 cos(2πn/N).
    Energy is the squared absolute value of the spectrum; FLOOR is added to a band's.
    Returns (T, M), natural logarithms.
    """
    N = 2 * (bank.shape[1] - 1)
    starts = np.arange(0, len(samples) - N + 1, hop)
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(N) / N)
    frames = samples[starts[:, None] + np.arange(N)] * hann
    energy = np.abs(np.fft.rfft(frames)) ** 2
    return np.log(energy @ bank.T + FLOOR)


def features(sound: Sound) -> Tensor:
    """What the network reads of a sound, (T, M), float32. Another rate than RATE raises ValueError."""
    if sound.rate != RATE:
        raise ValueError(
            f"The sound has {sound.rate:,} samples a second: convert it with at_rate(sound, {RATE})."
        )
    return torch.from_numpy(log_mel(sound.samples, _bank(), HOP)).float()


@cache
def _bank() -> Array:
    return filterbank()

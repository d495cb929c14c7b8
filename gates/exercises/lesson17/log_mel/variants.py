"""Log-mel energies, with the parts of them exchangeable."""

from collections.abc import Callable

import numpy as np
from numpy import ndarray as Array

from gates.speech.mel import FLOOR


def hann(N: int) -> Array:
    return 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(N) / N)


def variant(
    length=lambda F: 2 * (F - 1),
    sound=lambda samples, N, hop: samples,
    step=lambda hop, N: hop,
    begins=lambda S, N, hop: np.arange(0, S - N + 1, hop),
    cut=lambda frames: frames,
    window=hann,
    energy=lambda frames: np.abs(np.fft.rfft(frames)) ** 2,
    counts=lambda bank: bank,
    banded=lambda energy, bank: energy @ bank.T,
    log=lambda energy: np.log(energy + FLOOR),
    give=lambda found: found,
    whole=None,
) -> Callable:
    """Log-mel energies. length: of a window; sound, cut: what is made of the samples and of a window first; counts: of the bank; banded, log: of the energies."""

    def run(samples: Array, bank: Array, hop: int) -> Array:
        N = length(bank.shape[1])
        hop = step(hop, N)
        samples = sound(samples, N, hop)
        frames = samples[begins(len(samples), N, hop)[:, None] + np.arange(N)]
        frames = cut(frames) * window(N)
        with np.errstate(divide="ignore"):
            return give(log(banded(energy(frames), counts(bank))))

    return whole or run


# Wrong from end to end


def log_first(samples: Array, bank: Array, hop: int) -> Array:
    """The logarithm is taken of each frequency, and then the bands."""
    return variant(
        banded=lambda energy, bank: np.log(energy + FLOOR) @ bank.T, log=lambda found: found
    )(samples, bank, hop)


def floor_first(samples: Array, bank: Array, hop: int) -> Array:
    return variant(banded=lambda energy, bank: (energy + FLOOR) @ bank.T, log=np.log)(
        samples, bank, hop
    )


def squared_late(samples: Array, bank: Array, hop: int) -> Array:
    """The bands are made of absolute values, and squared after that."""
    return variant(
        energy=lambda frames: np.abs(np.fft.rfft(frames)),
        banded=lambda size, bank: (size @ bank.T) ** 2,
    )(samples, bank, hop)


def padded(samples: Array, N: int, hop: int) -> Array:
    """Zeros behind the end, so that every sample is in a window."""
    missing = -(len(samples) - N) % hop
    return np.pad(samples, (0, missing))


def centered(mode: str) -> Callable:
    """Half a window before the beginning and behind the end."""
    return lambda samples, N, hop: np.pad(samples, N // 2, mode=mode)


def emphasized(samples: Array, N: int, hop: int) -> Array:
    return np.append(samples[0], samples[1:] - 0.97 * samples[:-1])


def overwritten(samples: Array, bank: Array, hop: int) -> Array:
    """Each window is multiplied where it stands in the sound."""
    N, samples, rows = 2 * (bank.shape[1] - 1), samples.copy(), []
    for start in range(0, len(samples) - N + 1, hop):
        samples[start : start + N] *= hann(N)
        rows.append(bank @ np.abs(np.fft.rfft(samples[start : start + N])) ** 2)
    return np.log(np.array(rows) + FLOOR)

"""A sound: its samples, and how many of them a second has."""

from dataclasses import dataclass
from math import gcd

import numpy as np
from numpy import ndarray as Array

RATE = 16_000  # samples a second; speech has little above half of it, 8 kHz


@dataclass(frozen=True, eq=False)
class Sound:
    """One channel of sound.

    samples: the pressure of the air, (N,), float64, in units of the largest that a file can hold, so from −1 to 1.
    rate: samples a second, in Hz.
    """

    samples: Array
    rate: int = RATE

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return len(self.samples) / self.rate


def at_rate(sound: Sound, rate: int = RATE) -> Sound:
    """The same sound with another number of samples a second; what is above half of it, in Hz, is filtered out.

    rate: in Hz; below 1 raises ValueError. Samples beyond −1 and 1, which the filter can make, are cut off there.
    """
    if rate < 1:
        raise ValueError(f"rate is {rate}, and has to be 1 sample a second at least.")
    if rate == sound.rate:
        return sound
    from scipy.signal import resample_poly  # here: what only learns need not wait for it

    common = gcd(rate, sound.rate)
    samples = resample_poly(sound.samples, rate // common, sound.rate // common)
    return Sound(np.clip(samples, -1.0, 1.0), rate)

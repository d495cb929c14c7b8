"""The logarithm of the energy in each band, window by window."""

import numpy as np

from gates.exercises.common.coding import Probes, coding
from gates.exercises.lesson17.log_mel.slips import SLIPS
from gates.exercises.lesson17.log_mel.variants import variant
from gates.speech.mel import log_mel


def sound(S: int, M: int, F: int, hop: int, seed: int, silent: int = 0) -> tuple:
    """One probe: quiet noise off its zero, `silent` samples of silence at its end, and bands that overlap."""
    generator = np.random.default_rng(seed)
    samples = 0.02 * generator.normal(size=S) + 0.01
    samples[S - silent :] = 0
    return samples, generator.uniform(size=(M, F)) ** 2, hop


def probes() -> Probes:
    """The last window ends with the sound, or before it; one of them is silent."""
    return [
        sound(41, 4, 9, 5, 180),
        sound(60, 3, 11, 8, 181, silent=24),
        sound(39, 5, 7, 6, 182),
    ]


def _small() -> Probes:
    return [sound(16, 1, 9, 5, 183), sound(30, 1, 6, 7, 184), sound(13, 3, 7, 1, 185)]


EXERCISE = coding(
    log_mel,
    asks="the logarithm of the energy in each band, window by window",
    probes=probes,
    small=_small,
    outputs=("the log-mel energies",),
    variant=variant,
    shapes="samples is (S,) and bank (M, F); an array (T, M) comes back.",
    returns="It should return an array (T, M).",
    slips=SLIPS,
)

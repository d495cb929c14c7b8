"""The logarithm of the energy in each band, window by window."""

import numpy as np

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.seen import instead
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
        sound(60, 3, 11, 8, 181, silent=24),
        sound(41, 4, 9, 5, 180),
        sound(39, 5, 7, 6, 182),
    ]


def _small() -> Probes:
    return [sound(16, 1, 9, 5, 183), sound(30, 1, 6, 7, 184), sound(13, 3, 7, 1, 185)]


def _windows_of_the_lesson() -> Probes:
    return [
        sound(900, 4, 257, 90, 186, silent=600),
        sound(812, 3, 257, 100, 187),
        sound(700, 2, 257, 75, 192),
    ]


def _hop_of_the_lesson() -> Probes:
    return [
        sound(557, 3, 101, 160, 188, silent=240),
        sound(520, 4, 101, 160, 189),
        sound(610, 2, 101, 160, 193),
    ]


def _both_of_the_lesson() -> Probes:
    return [
        sound(1200, 3, 257, 160, 190, silent=600),
        sound(992, 4, 257, 160, 191),
        sound(850, 2, 257, 160, 194),
    ]


EXERCISE = coding(
    log_mel,
    asks="the logarithm of the energy in each band, window by window",
    probes=probes,
    small=_small,
    outputs=("the log-mel energies",),
    instead=(
        instead(
            _windows_of_the_lesson,
            "window-written-in",
            "It is right for windows of 512 samples alone.",
            "bank says how long they are: it has F columns, and N = 2 (F − 1).",
            right=log_mel,
        ),
        instead(
            _hop_of_the_lesson,
            "hop-written-in",
            "It is right where hop is 160 alone.",
            "hop is an argument: windows begin at samples 0, hop, 2 · hop.",
            right=log_mel,
        ),
        instead(
            _both_of_the_lesson,
            "sizes-of-the-lesson",
            "It is right for windows of 512 samples, 160 apart, alone.",
            "Take N = 2 (F − 1) from the bank's F columns, and hop as it is handed in.",
            right=log_mel,
        ),
    ),
    variant=variant,
    shapes="samples is (S,) and bank (M, F); an array (T, M) comes back.",
    returns="It should return an array (T, M).",
    slips=SLIPS,
)

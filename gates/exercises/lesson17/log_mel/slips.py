"""Mistakes in log-mel energies: in the spectrum, in the bands, and in the logarithm."""

import numpy as np

from gates.exercises.common.slips import slip
from gates.exercises.lesson17.log_mel import window_slips
from gates.exercises.lesson17.log_mel.variants import floor_first, log_first, squared_late
from gates.speech.mel import FLOOR

SLIPS = [
    *window_slips.SLIPS,
    slip(
        "amplitude-for-energy",
        "The absolute values of the spectrum are taken, and not their squares.",
        "Energy is the square: np.abs(spectrum) ** 2.",
        energy=lambda frames: np.abs(np.fft.rfft(frames)),
    ),
    slip(
        "energy-by-length",
        "The energies are divided by the length of the window.",
        "They are wanted as they come: np.abs(np.fft.rfft(frames)) ** 2.",
        energy=lambda frames: np.abs(np.fft.rfft(frames)) ** 2 / frames.shape[1],
    ),
    slip(
        "energy-without-abs",
        "The spectrum is squared as the complex number it is, and one of its parts thrown away.",
        "Take the absolute value before the square, and both parts count.",
        energy=lambda frames: np.fft.rfft(frames).real ** 2,
    ),
    slip(
        "log-of-base-ten",
        "The logarithm is that to the base 10.",
        "Take the natural one: np.log.",
        log=lambda energy: np.log10(energy + FLOOR),
    ),
    slip(
        "decibels",
        "The result is in decibels.",
        "Take the natural logarithm alone: np.log, without the factor 10.",
        log=lambda energy: 10 * np.log10(energy + FLOOR),
    ),
    slip(
        "decibels",
        log=lambda energy: 20 * np.log10(energy + FLOOR),
        detail="The factor is 20, which is for amplitudes.",
    ),
    slip(
        "log-of-one-more",
        "The logarithm is that of 1 more than the energy.",
        "What is added is FLOOR, and not 1: the energies here are far below 1.",
        log=np.log1p,
    ),
    slip(
        "log-missing",
        "There is no logarithm.",
        "Loudness is heard in ratios: take np.log of the energies.",
        log=lambda energy: energy + FLOOR,
    ),
    slip("log-missing", log=lambda energy: energy, detail="Nor is FLOOR added."),
    slip(
        "log-before-bands",
        "The logarithm is taken before the bands.",
        "A band holds the energy of several frequencies: add up first, and take the logarithm of the sum.",
        whole=log_first,
    ),
    slip(
        "floor-missing",
        "FLOOR is not added, so silence gives −inf.",
        "np.log(energy + FLOOR).",
        log=np.log,
    ),
    slip(
        "floor-missing",
        log=lambda energy: np.log(energy) + FLOOR,
        detail="It is added to the logarithm, and has to stand within it.",
    ),
    slip(
        "floor-as-limit",
        "FLOOR is a lower limit, and not added.",
        "np.log(energy + FLOOR), which has no corner.",
        log=lambda energy: np.log(np.maximum(energy, FLOOR)),
    ),
    slip(
        "floor-before-bands",
        "FLOOR is added to each frequency.",
        "Add it once to each band, after the bands are made.",
        whole=floor_first,
    ),
    slip(
        "bands-averaged",
        "Each band is divided by the sum of its weights.",
        "Use the bank as it is.",
        counts=lambda bank: bank / bank.sum(1, keepdims=True),
    ),
    slip(
        "bands-averaged",
        counts=lambda bank: bank / bank.shape[1],
        detail="It is the mean over frequencies.",
    ),
    slip(
        "bands-of-amplitudes",
        "The bands are made of absolute values, and squared then.",
        "Square first: a band's energy is the sum of its frequencies' energies.",
        whole=squared_late,
    ),
    slip(
        "bands-first",
        "The result is (M, T).",
        "Time comes first, as everywhere in this course: (T, M).",
        give=np.transpose,
    ),
    slip(
        "mel-standardized",
        "The result is standardized.",
        "Return the logarithms as they are.",
        give=lambda found: (found - found.mean(0)) / found.std(0),
    ),
    slip(
        "mel-standardized",
        give=lambda found: (found - found.mean()) / found.std(),
        detail="It is over all bands together.",
    ),
    slip(
        "mel-standardized",
        give=lambda found: found - found.mean(0),
        detail="The means alone are taken off.",
    ),
]

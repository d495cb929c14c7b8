"""Mel features as the package librosa computes them, stored here, since it brings a compiler along that a lesson does not need."""

from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy import ndarray as Array

FILE = Path(__file__).with_name("librosa.npz")  # made by tests/librosas_log_mel.py


class Reference(NamedTuple):
    """What librosa has computed.

    made_with: the versions. samples: a short sound, (S,), float64. bank: its filterbank, (M, N/2 + 1). log_mel: the sound's
    features, (T, M), natural logarithms of energy with the floor of `gates.speech.mel` added.
    """

    made_with: str
    samples: Array
    bank: Array
    log_mel: Array


@cache
def librosas() -> Reference:
    """The stored arrays: 16,000 samples a second, windows of 512, a new one each 160, 40 bands, HTK's mel scale."""
    with np.load(FILE, allow_pickle=False) as stored:
        return Reference(
            str(stored["made_with"]), stored["samples"], stored["bank"], stored["log_mel"]
        )

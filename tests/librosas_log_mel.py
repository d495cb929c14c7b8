"""Write gates/speech/librosa.npz: mel features as the package librosa computes them.

Run by hand where librosa is installed (`pip install librosa==0.11.0`); tests and lesson 17 compare with the file, so that
they need no librosa. It holds the versions it was made with, a short signal, the filterbank, and the signal's features.
"""

from pathlib import Path

import librosa
import numpy as np

RATE, N, HOP, M, FLOOR = 16_000, 512, 160, 40, 1e-6


def signal(samples: int = 2_400) -> np.ndarray:
    """Something of every pitch, loud and soft: a tone that rises, a hum, and a click."""
    t = np.arange(samples) / RATE
    rising = 0.5 * np.sin(2 * np.pi * (100 * t + 24_000 * t**2)) * np.exp(-12 * t)
    found = rising + 0.01 * np.sin(2 * np.pi * 50 * t)
    found[1_900] += 0.3
    return found


def bank() -> np.ndarray:
    """librosa's bank of filters, (M, N/2 + 1)."""
    return librosa.filters.mel(
        sr=RATE, n_fft=N, n_mels=M, fmin=0, fmax=RATE / 2, htk=True, norm=None, dtype=np.float64
    )


def log_mel(samples: np.ndarray) -> np.ndarray:
    """librosa's energies of float64 samples, (T, M), with a floor and as natural logarithms."""
    energy = librosa.feature.melspectrogram(
        y=samples,
        sr=RATE,
        n_fft=N,
        hop_length=HOP,
        window="hann",
        center=False,
        power=2.0,
        n_mels=M,
        fmin=0,
        fmax=RATE / 2,
        htk=True,
        norm=None,
        dtype=np.float64,
    )
    return np.log(energy.T + FLOOR)


if __name__ == "__main__":
    np.savez_compressed(
        Path(__file__).resolve().parent.parent / "gates" / "speech" / "librosa.npz",
        made_with=np.array(f"librosa {librosa.__version__}, numpy {np.__version__}"),
        samples=signal(),
        bank=bank(),
        log_mel=log_mel(signal()),
    )

#!/usr/bin/env bash
# librosa 0.11.0 and kaldi-native-fbank 1.23.0: the filterbanks that both make on HTK's mel scale, 20 to 8000 Hz, 512 samples.
# Expected: with the same scale, limits and number of bands the weights are the same.
# Seen: the triangles have the same corners, but librosa's (htk=True, norm=None) are straight lines over hertz, and
# kaldi-native-fbank's over mels. With 40 bands no weight differs by more than 0.01 of a peak, with 10 none by more than 0.03.
# Output seen:
#   40 bands: librosa straight in hertz, kaldi-native-fbank straight in mels, weights apart by 0.008 at most
#   10 bands: librosa straight in hertz, kaldi-native-fbank straight in mels, weights apart by 0.028 at most
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check librosa==0.11.0 kaldi-native-fbank==1.23.0 numpy==2.4.6
"$folder/venv/bin/python" - <<'PYTHON'
import sys
from importlib.metadata import version
import kaldi_native_fbank as kaldi
import librosa
import numpy as np

assert (version("librosa"), version("kaldi-native-fbank")) == ("0.11.0", "1.23.0")
RATE, N, LOW = 16000, 512, 20
HERTZ = np.arange(N // 2 + 1) * RATE / N
def mel(f):
    return 2595 * np.log10(1 + f / 700)
def triangles(corners, f):
    left, middle, right = corners[:-2, None], corners[1:-1, None], corners[2:, None]
    return np.maximum(0, np.minimum((f - left) / (middle - left), (right - f) / (right - middle)))
def of_kaldi(M):
    frames, bands = kaldi.FrameExtractionOptions(), kaldi.MelBanksOptions()
    frames.samp_freq, frames.frame_length_ms = RATE, 1000 * N / RATE
    bands.num_bins, bands.low_freq, bands.high_freq = M, LOW, 0
    return np.array(kaldi.MelBanks(bands, frames, 1.0).get_matrix())
def straight(weights, M):
    corners = np.linspace(mel(LOW), mel(RATE / 2), M + 2)
    if np.allclose(weights, triangles(corners, mel(HERTZ)), atol=1e-4):
        return "straight in mels"
    in_hertz = triangles(700 * (10 ** (corners / 2595) - 1), HERTZ)
    return "straight in hertz" if np.allclose(weights, in_hertz, atol=1e-4) else "neither"

found = []
for M in (40, 10):
    one = librosa.filters.mel(sr=RATE, n_fft=N, n_mels=M, fmin=LOW, htk=True, norm=None)
    other = of_kaldi(M)
    found.append(f"{M} bands: librosa {straight(one, M)}, kaldi-native-fbank {straight(other, M)}, "
                 f"weights apart by {abs(one - other).max():.3f} at most")
print("\n".join(found))
seen = [
    "40 bands: librosa straight in hertz, kaldi-native-fbank straight in mels, weights apart by 0.008 at most",
    "10 bands: librosa straight in hertz, kaldi-native-fbank straight in mels, weights apart by 0.028 at most",
]
sys.exit(found != seen)
PYTHON

"""Mistakes in cutting a sound into windows."""

import numpy as np

from gates.exercises.common.slips import slip
from gates.exercises.lesson17.log_mel.variants import centered, emphasized, overwritten, padded

SLIPS = [
    slip(
        "window-left-out",
        "The windows are cut out with hard edges.",
        "Multiply each by Hann's window, which falls to 0 at both ends, before its spectrum is taken.",
        window=np.ones,
    ),
    slip(
        "window-symmetric",
        "Hann's window ends with a 0, as np.hanning makes it: that one is for filters.",
        "Divide by N and not by N − 1: 0.5 − 0.5 cos(2πn/N), so that windows side by side join without a second 0.",
        window=np.hanning,
    ),
    slip(
        "window-of-hamming",
        "The window is Hamming's, which does not fall to 0.",
        "Hann's is 0.5 − 0.5 cos(2πn/N).",
        window=np.hamming,
    ),
    slip(
        "window-of-hamming",
        window=lambda N: 0.54 - 0.46 * np.cos(2 * np.pi * np.arange(N) / N),
    ),
    slip(
        "window-upside-down",
        "The window is 1 at its ends and 0 in its middle.",
        "It is 0.5 − 0.5 cos(2πn/N), with a minus.",
        window=lambda N: 0.5 + 0.5 * np.cos(2 * np.pi * np.arange(N) / N),
    ),
    slip(
        "window-half-wave",
        "The window rises to 1 at its end, and does not fall again.",
        "A whole wave of the cosine fits into it: 2πn/N, and not πn/N.",
        window=lambda N: 0.5 - 0.5 * np.cos(np.pi * np.arange(N) / N),
    ),
    slip(
        "window-length",
        "The windows are not 2 (F − 1) samples long.",
        "rfft gives N // 2 + 1 frequencies, and the bank has F columns: N = 2 * (F - 1), in brackets.",
        length=lambda F: 2 * F - 1,
        detail="They have 2F − 1.",
    ),
    slip(
        "sound-overwritten",
        "Each window is multiplied where it stands, so the next one is cut from a sound that has been changed.",
        "A slice of an array is no copy: write frame = samples[…] * hann, and not frame *= hann.",
        whole=overwritten,
    ),
    slip(
        "mean-of-sound-off",
        "The mean of the sound is taken off first.",
        "The samples are wanted as they are.",
        sound=lambda samples, N, hop: samples - samples.mean(),
    ),
    slip(
        "mean-of-sound-off",
        cut=lambda frames: frames - frames.mean(1, keepdims=True),
        detail="It is that of each window.",
    ),
    slip(
        "hop-is-window",
        "Each window begins where the last one ends, whatever hop is.",
        "Windows begin at samples 0, hop, 2 · hop, and overlap where hop is less than N.",
        step=lambda hop, N: N,
    ),
    slip(
        "hop-is-half",
        "The windows are half a window apart, whatever hop is.",
        "Windows begin at samples 0, hop, 2 · hop.",
        step=lambda hop, N: N // 2,
    ),
    slip(
        "end-filled-up",
        "Zeros are put behind the sound, for one more window.",
        "Only windows that end within the sound count.",
        sound=padded,
    ),
    slip(
        "windows-centered",
        "Half a window is put before the sound and behind it, so there are windows that begin before it does.",
        "The first window begins at sample 0, and the last ends within the sound.",
        sound=centered("reflect"),
    ),
    slip("windows-centered", sound=centered("constant"), detail="It is filled with zeros."),
    slip(
        "window-at-end-lost",
        "The last window is missing.",
        "One that begins at S − N ends with the sound, and counts: np.arange(0, S − N + 1, hop).",
        begins=lambda S, N, hop: np.arange(0, S - N, hop),
        detail="It is where it ends with the last sample.",
    ),
    slip(
        "window-at-end-lost",
        begins=lambda S, N, hop: np.arange((S - N) // hop) * hop,
        detail="There are (S − N) // hop + 1.",
    ),
    slip(
        "pre-emphasis",
        "Each sample is taken less a share of the one before, which makes high tones louder.",
        "Many programs do so. Here the samples are wanted as they are.",
        sound=emphasized,
    ),
]

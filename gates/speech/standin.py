"""Where espeak-ng is missing, these buzzes stand in for it, so that everything still runs.

A source and filters, as in a voice: a train of pulses or noise goes through three resonators, whose frequencies, the
formants, glide from sound to sound. It is deterministic and spells out the ten words, and a network can learn to tell
them apart. It is not speech: no result with it says anything about voices of people, or of espeak-ng.
Sources: Klatt (1980), "Software for a cascade/parallel formant synthesizer"; formants of the vowels roughly as in Peterson
and Barney (1952), "Control Methods Used in a Study of the Vowels".
"""

import numpy as np
from numpy import ndarray as Array

from gates.speech.letters import WORDS
from gates.speech.sound import RATE, Sound

PHONES = {  # three formants in Hz, how strong the buzz and the noise are, and milliseconds
    "-": (500, 1500, 2500, 0.0, 0.0, 50),
    "t": (3000, 4500, 6000, 0.0, 0.6, 30),
    "k": (1500, 2500, 3500, 0.0, 0.5, 30),
    "s": (4000, 5500, 7000, 0.0, 0.5, 110),
    "z": (300, 4500, 6000, 0.3, 0.3, 80),
    "f": (1200, 4000, 7000, 0.0, 0.15, 100),
    "v": (300, 1200, 3500, 0.3, 0.08, 60),
    "θ": (1400, 5000, 7500, 0.0, 0.1, 90),
    "w": (300, 700, 2200, 0.6, 0.0, 70),
    "r": (350, 1100, 1500, 0.6, 0.0, 80),
    "n": (250, 1500, 2500, 0.4, 0.0, 80),
    "i": (290, 2250, 3000, 1.0, 0.0, 60),
    "ɪ": (400, 1950, 2550, 1.0, 0.0, 80),
    "e": (500, 1850, 2500, 1.0, 0.0, 90),
    "a": (750, 1250, 2500, 1.0, 0.0, 60),
    "ʌ": (650, 1200, 2500, 1.0, 0.0, 100),
    "o": (550, 850, 2400, 1.0, 0.0, 70),
    "u": (320, 850, 2250, 1.0, 0.0, 60),
}
_SOUNDS = ("zɪrou", "wʌn", "-tuu", "θrii", "foor", "faaiv", "sɪ-ks", "sevʌn", "ei-t", "naain")
SAID = dict(zip(WORDS, _SOUNDS, strict=True))
WIDTHS, STRENGTHS = (80, 120, 200), (1.0, 0.6, 0.4)  # of the three resonators: Hz, and how loud
BLOCK = 80  # samples, 5 ms, within which the resonators stay as they are


def speak(text: str, voice: int, speed: int = 160, pitch: int = 50) -> Sound:
    """Some of the ten words as one of the voices buzzes them, at RATE. The same arguments give the same samples.

    voice: its number, from 0, by which it is high or low, large or small, and hasty or not. speed: words a minute,
    roughly. pitch: from 0 to 99. Another word raises ValueError.
    """
    if not text.split() or any(word not in SAID for word in text.split()):
        raise ValueError(f"The stand-in says these words only: {', '.join(WORDS)}.")
    of = np.mod((voice + 1) * np.array([0.6180, 0.7549, 0.5698]), 1)  # spread evenly from 0 to 1
    slow = 160 / speed * (0.9 + 0.2 * of[0])
    track = _track("-".join(SAID[word] for word in text.split()), slow)
    formants = np.minimum(track[:, :3] * (0.87 + 0.3 * of[1]), 0.47 * RATE)
    hertz = (85 + 130 * of[2]) * 2 ** ((pitch - 50) / 50)
    noise = np.random.default_rng([voice, speed, pitch, *text.encode()])
    falling = np.linspace(1.1, 0.9, len(track) * BLOCK)
    pulses = np.diff(np.floor(np.cumsum(hertz * falling / RATE)), prepend=0.0)
    buzz, hiss = np.repeat(track[:, 3], BLOCK), np.repeat(track[:, 4], BLOCK)
    source = 8 * buzz * pulses + hiss * noise.normal(size=len(pulses))
    samples = _through(source, formants)
    return Sound(0.7 * samples / np.abs(samples).max(), RATE)


def _track(phones: str, slow: float) -> Array:
    """The five settings of each block of samples, gliding from phone to phone."""
    blocks = [max(1, round(PHONES[phone][5] * slow * RATE / 1000 / BLOCK)) for phone in phones]
    steps = np.repeat([PHONES[phone][:5] for phone in phones], blocks, axis=0).astype(float)
    around = np.pad(steps, ((3, 3), (0, 0)), mode="edge")
    return np.mean([around[k : k + len(steps)] for k in range(7)], axis=0)


def _through(source: Array, formants: Array) -> Array:
    """A source through three resonators side by side. formants: in Hz, for each block, (blocks, 3)."""
    from scipy.signal import lfilter  # here: what only learns need not wait for it

    out = np.zeros_like(source)
    for k, (width, strength) in enumerate(zip(WIDTHS, STRENGTHS, strict=True)):
        r, kept = np.exp(-np.pi * width / RATE), np.zeros(2)
        for block, f in enumerate(formants[:, k]):
            at = slice(block * BLOCK, (block + 1) * BLOCK)
            poles = (1.0, -2 * r * np.cos(2 * np.pi * f / RATE), r * r)
            heard, kept = lfilter([strength * (1 - r)], poles, source[at], zi=kept)
            out[at] += heard
    return out

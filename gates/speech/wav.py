"""Sounds in WAV files, by the standard library; where one cannot be read, a sentence says why and what to do."""

import os
import wave
from pathlib import Path

import numpy as np

from gates.speech.sound import Sound

BITS = 16
_LARGEST = 2 ** (BITS - 1)  # the sample that stands for −1, without its sign


class CannotHear(ValueError):
    """A sound or a file that cannot be heard; a notebook shows its sentence and no traceback."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


def read_wav(file: str | os.PathLike) -> Sound:
    """The sound in a WAV file: one channel of 16-bit whole numbers, at the file's own rate.

    What is there is read, whatever the header says of its length: a program that writes into a pipe does not know it.
    A file that is missing, damaged, empty or no WAV, several channels, and samples of another kind raise CannotHear.
    """
    try:
        with wave.open(os.fspath(file), "rb") as wav:
            channels, bits, rate = wav.getnchannels(), 8 * wav.getsampwidth(), wav.getframerate()
            raw = _rest(wav)
    except FileNotFoundError as reason:
        raise CannotHear(f"There is no file {file}: look at its name and folder.") from reason
    except OSError as reason:
        raise CannotHear(f"{file} cannot be read ({reason}): choose another file.") from reason
    except wave.Error as reason:
        raise CannotHear(_other(file, reason)) from reason
    except (EOFError, RuntimeError) as reason:  # the latter of a chunk that ends too early
        raise CannotHear(f"{file} is cut short or empty: record it once more.") from reason
    if channels != 1:
        raise CannotHear(f"{file} has {channels} channels: save it as one (mono).")
    if bits != BITS:
        raise CannotHear(f"{file} has samples of {bits} bits: save it as WAV with 16 bits (PCM).")
    if rate < 1:
        raise CannotHear(f"{file} says 0 samples a second: record it once more.")
    whole = np.frombuffer(raw[: len(raw) // 2 * 2], dtype="<i2")
    if not len(whole):
        raise CannotHear(f"{file} has no samples: record it once more.")
    return Sound(whole / _LARGEST, rate)


def write_wav(sound: Sound, file: str | os.PathLike) -> Path:
    """Write a sound as WAV, 16 bits, one channel. Returns where the file is.

    Samples that are no numbers, and a place where nothing can be written, raise CannotHear. What is beyond −1 and 1 is
    cut off there.
    """
    if not np.isfinite(sound.samples).all():
        raise CannotHear("Some samples are no numbers (NaN or infinite): repair the sound first.")
    whole = np.clip(np.rint(sound.samples * _LARGEST), -_LARGEST, _LARGEST - 1).astype("<i2")
    try:
        with open(file, "wb") as raw, wave.open(raw, "wb") as wav:
            wav.setnchannels(1)
            wav.setsampwidth(BITS // 8)
            wav.setframerate(sound.rate)
            wav.writeframes(whole.tobytes())
    except OSError as reason:
        raise CannotHear(f"{file} cannot be written ({reason}): choose another place.") from reason
    return Path(file)


def _rest(wav: wave.Wave_read) -> bytes:
    """All frames that are there; `readframes` believes the header, and asks for memory by it."""
    parts = []
    while part := wav.readframes(2**16):
        parts.append(part)
    return b"".join(parts)


def _other(file: str | os.PathLike, reason: wave.Error) -> str:
    """What to say of a file that the library has refused."""
    if "unknown format" in str(reason):  # floats, or compressed
        return (
            f"{file} has samples that are floats or compressed: save it as WAV with 16 bits (PCM)."
        )
    return f"{file} is no WAV file, or a damaged one: save the recording as WAV with 16 bits (PCM)."

"""A sound that somebody has recorded, and what a network hears in it; where that cannot be trusted, a sentence says why."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, inf

import numpy as np
import torch

from gates.speech.decoding import prefix_beam
from gates.speech.letters import BLANK, WORDS, decode, encode
from gates.speech.mel import features
from gates.speech.model import Listener
from gates.speech.sound import RATE, Sound
from gates.speech.wav import CannotHear

SHORTEST, LONGEST = 0.1, 30.0  # seconds
SILENT = 1e-3  # a sound whose samples are all below it is one: 60 dB below the loudest that a file can hold
CLIPPED = 1e-3  # the share of samples at the limit, above which a remark says so
SURE = 0.5  # the probability below which a remark says so


@dataclass(frozen=True)
class Heard:
    """What a network has heard. p: the probability that it gives the text. remark: why to doubt it; empty, if nothing says so."""

    text: str
    p: float
    remark: str = ""

    def __str__(self) -> str:
        return f"{self.text}\n{self.remark}" if self.remark else self.text


@torch.no_grad()
def hear(
    listener: Listener, sound: Sound, width: int = 64, words: Sequence[str] | None = None
) -> Heard:
    """The most probable text of a sound, by a beam search.

    width: how many beginnings it keeps at each step. words: those that may be written; all spellings, if left out.

    What is no sound, has several channels, samples that are no numbers or another rate, is silent, or too short or long,
    raises CannotHear, a ValueError.
    """
    _check(sound)
    xs = features(sound)[:, None].to(listener.mean.dtype)
    training = listener.training
    log_probs, _ = listener.eval()(xs, torch.tensor([len(xs)]))
    listener.train(training)
    listed = None if words is None else [encode(word) for word in words]
    numbers, log_p = next(iter(prefix_beam(log_probs[:, 0], width, BLANK, listed)), ((), -inf))
    text, p = decode(numbers), exp(min(0.0, log_p))
    return Heard(text, p, " ".join(filter(None, (_of_clipping(sound), _of_doubt(text, p)))))


def _check(sound: Sound) -> None:
    if not isinstance(sound, Sound):
        raise CannotHear(
            f"There is a {type(sound).__name__} where a sound should be: read a file with read_wav(file) first."
        )
    samples = np.asarray(sound.samples)
    if samples.ndim != 1:
        raise CannotHear(
            f"The samples have the shape {samples.shape}, and it takes one channel, (N,): average the channels."
        )
    if not np.isfinite(samples).all():
        raise CannotHear("Some samples are no numbers (NaN or infinite): record it once more.")
    if sound.rate != RATE:
        raise CannotHear(
            f"The recording has {sound.rate:,} samples a second, and the listener learned from {RATE:,}: "
            f"convert it with at_rate(sound, {RATE})."
        )
    if sound.seconds < SHORTEST:
        raise CannotHear(
            f"The recording lasts {sound.seconds:.2f} seconds, too short for a word: record {SHORTEST} at least."
        )
    if sound.seconds > LONGEST:
        raise CannotHear(
            f"The recording lasts {sound.seconds:.0f} seconds: cut it into pieces of {LONGEST:.0f} at most."
        )
    if np.abs(samples).max() < SILENT:
        raise CannotHear("The recording is silent: look at the microphone, and speak up.")


def _of_clipping(sound: Sound) -> str:
    """What to say of samples at the limit."""
    at_limit = np.mean(np.abs(sound.samples) > 0.999)
    if at_limit <= CLIPPED:
        return ""
    return f"It is too loud for its file, and {at_limit:.1%} of its samples are cut off: record it more quietly."


def _of_doubt(text: str, p: float) -> str:
    """What to say of a text that is improbable, or none of those that can be right."""
    if not text.split():
        return "It heard no word: say digits in English, close to the microphone."
    if others := [word for word in text.split() if word not in WORDS]:
        return f"It heard {', '.join(f'“{word}”' for word in others)}, which is no digit: doubt it."
    if p < SURE:
        return f"It gives this text a probability of only {p:.2g}: doubt it."
    return ""

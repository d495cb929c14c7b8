"""Strings of spoken digits, in three parts that have no voice in common."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from gates.speech import espeak, standin
from gates.speech.espeak import Voice
from gates.speech.letters import WORDS, encode
from gates.speech.pool import Order, said
from gates.speech.wav import CannotHear

PARTS = ("training", "validation", "test")
ACCENTS = (
    *("en-us", "en-gb", "en-gb-scotland", "en-gb-x-rp"),
    *("en-gb-x-gbclan", "en-gb-x-gbcwmd", "en-029", "en-us-nyc"),
)
_VARIANTS = (
    *("m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "f1", "f2", "f3", "f4", "f5", "klatt"),
    *("belinda", "benjamin", "boris", "david", "edward", "grandma", "grandpa", "iven", "linda"),
    *("max", "michel", "norbert", "robert", "steph"),
)
VOICES = tuple(Voice(variant, ACCENTS[k % len(ACCENTS)]) for k, variant in enumerate(_VARIANTS))
"""Who speaks, each with one accent. Of variants that sound nearly alike, as caleb and klatt do, there is one."""

STRINGS = 8  # of each voice, besides the ten digits alone
LONGEST = 4  # digits in a string, which has 2 at least
SPEEDS, PITCHES = (120, 200), (30, 70)  # from which is drawn, both ends included
LEAST = 12  # voices, with fewer of which the stand-in speaks
VALIDATION, TEST = 4 / 28, 6 / 28  # shares of the voices
STAND_IN = "a stand-in: buzzes, not speech"


class Utterance(NamedTuple):
    """One voice saying one thing. features: (T, M). speed: words a minute. pitch: from 0 to 99."""

    text: str
    voice: str
    speed: int
    pitch: int
    features: Tensor

    @property
    def T(self) -> int:
        """How many frames there are."""
        return len(self.features)


@dataclass(frozen=True, eq=False)
class Corpus:
    """Utterances in three parts, no two of which have a voice in common. spoken_by: what made them."""

    name: str
    training: tuple[Utterance, ...]
    validation: tuple[Utterance, ...]
    test: tuple[Utterance, ...]
    spoken_by: str

    def part(self, name: str) -> tuple[Utterance, ...]:
        """The utterances of "training", "validation" or "test"; another name raises ValueError."""
        if name not in PARTS:
            raise ValueError(f'The part is "training", "validation" or "test", and not {name!r}.')
        return getattr(self, name)


class Batch(NamedTuple):
    """Utterances padded at their ends. xs: (T, B, M), of lengths (B,). targets: letters, (B, N), of lengths (B,)."""

    xs: Tensor
    lengths: Tensor
    targets: Tensor
    letters: Tensor


@cache
def digits(seed: int = 0, stand_in: bool = False) -> Corpus:
    """Digits in English, as words, by the voices of espeak-ng.

    seed: which voices are for training, 18 of 28, which for validation, 4, and which for the test, 6. A voice says each of
    the ten digits alone, and eight strings of two to four, drawn once for all seeds, as are speed and pitch. To train on
    there are both; held out are the strings alone. stand_in: whether buzzes of our own speak, as they do where there is
    no espeak-ng. The first call in a home takes the time to say all; what was said is kept there.
    """
    utterances, spoken_by = pool(stand_in)
    voices = list(dict.fromkeys(utterance.voice for utterance in utterances))
    test, validation = (max(1, round(share * len(voices))) for share in (TEST, VALIDATION))
    order = torch.randperm(len(voices), generator=torch.Generator().manual_seed(seed)).tolist()
    cuts = (order[test + validation :], order[test:][:validation], order[:test])
    of = {part: {voices[k] for k in cut} for part, cut in zip(PARTS, cuts, strict=True)}
    parts = {
        part: tuple(
            utterance
            for utterance in utterances
            if utterance.voice in of[part] and (part == "training" or " " in utterance.text)
        )
        for part in PARTS
    }
    return Corpus("spoken digits", **parts, spoken_by=spoken_by)


@cache
def pool(stand_in: bool = False) -> tuple[tuple[Utterance, ...], str]:
    """All utterances of all voices, voice by voice, and what made them."""
    if not stand_in:
        try:
            return _by_espeak()
        except CannotHear as reason:
            print(f"{reason} Until then a stand-in speaks: buzzes, and not speech.")
            return pool(True)
    orders = [order for k in range(len(VOICES)) for order in ordered(k)]
    names = [f"buzz {k}" for k in range(len(VOICES))]
    return _utterances(orders, lambda of: standin.speak(*of), STAND_IN, names), STAND_IN


def ordered(voice: int) -> list[Order]:
    """What a voice says: the digits alone, then strings of them. voice: its place, and the seed of what is drawn."""
    generator = torch.Generator().manual_seed(voice)

    def drawn(low: int, high: int, count: int = 1) -> list[int]:
        return torch.randint(low, high + 1, (count,), generator=generator).tolist()

    texts = list(WORDS)
    for _ in range(STRINGS):
        (count,) = drawn(2, LONGEST)
        texts.append(" ".join(WORDS[k] for k in drawn(0, 9, count)))
    return [Order(text, voice, *drawn(*SPEEDS), *drawn(*PITCHES)) for text in texts]


def in_batch(utterances: Sequence[Utterance]) -> Batch:
    """Some utterances as a batch. None at all raises ValueError."""
    if not utterances:
        raise ValueError("There is no utterance: give one at least.")
    texts = [torch.tensor(encode(utterance.text)) for utterance in utterances]
    return Batch(
        pad_sequence([utterance.features for utterance in utterances]),
        torch.tensor([utterance.T for utterance in utterances]),
        pad_sequence(texts, batch_first=True),
        torch.tensor([len(text) for text in texts]),
    )


def _by_espeak() -> tuple[tuple[Utterance, ...], str]:
    """The pool as espeak-ng says it, with the voices that are installed; too few raise CannotHear."""
    if espeak.version() is None:
        raise CannotHear(f"There is no espeak-ng here. {espeak.HOW_TO_GET}")
    there = [k for k, voice in enumerate(VOICES) if espeak.is_there(voice)]
    missing = [str(voice) for k, voice in enumerate(VOICES) if k not in there]
    spoken_by = f"espeak-ng {espeak.version()}"
    if len(there) < LEAST:
        raise CannotHear(
            f"{spoken_by} has {len(there)} of the {len(VOICES)} voices, and it takes {LEAST}: install a newer one."
        )
    if missing:
        print(f"{spoken_by} lacks {', '.join(missing)}: numbers here are those of fewer voices.")
    orders = [order for k in there for order in ordered(k)]
    names = [str(voice) for voice in VOICES]

    def say(of: Order) -> espeak.Sound:
        return espeak.speak(of.text, VOICES[of.voice], of.speed, of.pitch)

    return _utterances(orders, say, spoken_by, names), spoken_by


def _utterances(orders: list[Order], say, spoken_by: str, names: list[str]) -> tuple:
    """Orders as utterances. names: of the voices, by their places."""
    features = said(orders, say, spoken_by, names)
    return tuple(
        Utterance(of.text, names[of.voice], of.speed, of.pitch, xs)
        for of, xs in zip(orders, features, strict=True)
    )

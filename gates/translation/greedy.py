"""Greedy decoding: at each step the character that is scored highest."""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from gates.translation.characters import Sign, in_batch, sources_in_batch
from gates.translation.texts import Pair
from gates.translation.translator import Translator


class Translation(NamedTuple):
    """What a network has written. log_probability: that of all its characters, END included. ended: whether it wrote END."""

    text: str
    log_probability: float
    ended: bool


def allowed(logits: Tensor) -> Tensor:
    """The log probabilities of the next character, of the shape of the logits; −inf for PAD and BEGIN, which are none."""
    log_probs = logits.log_softmax(-1)
    log_probs[..., [Sign.PAD, Sign.BEGIN]] = -torch.inf
    return log_probs


@torch.no_grad()
def greedy(translator: Translator, texts: Sequence[str], most: int = 100) -> list[Translation]:
    """The texts, translated all at once. most: characters at most for each, END among them. An empty text raises ValueError."""
    sources, lengths = sources_in_batch(texts, translator.source)
    memory, h, characters = translator.begun(sources, lengths)
    totals, ended, written = torch.zeros(len(texts)), characters != Sign.BEGIN, []
    for _ in range(most):
        logits, h, _ = translator.decoder.step(characters, h, memory)
        log_probs, characters = allowed(logits).max(-1)
        characters = torch.where(ended, Sign.END, characters)
        totals = totals + log_probs.where(~ended, 0)
        written.append(characters)
        ended = ended | (characters == Sign.END)
        if ended.all():
            break
    rows = torch.stack(written).T
    return [
        Translation(translator.target.decode(row), total, done)
        for row, total, done in zip(rows, totals.tolist(), ended.tolist(), strict=True)
    ]


@torch.no_grad()
def weights_of(translator: Translator, text: str, written: str) -> Tensor:
    """The weights of attention, (T, S), with which a network writes a text: T its characters and END, S those it reads.

    Each row adds up to 1. An empty text, and a network without attention, raise ValueError.
    """
    batch = in_batch([Pair(text, written)], translator.source, translator.target)
    weights = translator(batch)[1]
    if weights is None:
        raise ValueError(
            'A network without attention has no weights to show: train one with "dot" or "additive".'
        )
    return weights[:, :, 0]

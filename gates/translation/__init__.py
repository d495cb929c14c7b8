"""From texts to texts, character by character: an encoder, a decoder with attention or without, and what belongs to them.

    texts       pairs of texts, in three parts that have no text in common
    readings    which dates a text can stand for
    dates       dates in thirty languages, and as ISO 8601 has them
    menus       the words of JupyterLab's interface in English and in French
    characters  texts as numbers and back, and batches of them
    attention   which states of the source are read: additive, and by dot products
    encoder     what is kept of a source
    decoder     how a target is written, step by step or with all steps at once
    losses      what a sentence costs, without its padding
    translator  the network
    greedy      the best character at each step
    beam        several texts at a time
    typed       a text that somebody types, and sentences for what cannot be translated
    files       a trained network in a file, and out of it again
    scores      exact match, and chrF
    baselines   what does without a network
    budget      the settings of a training
    run         the training of one seed, which goes on from wherever it was left
    training    one `train` for all: several seeds, a tidy table, a stop that loses nothing

Batches are time first: sources (S, B), targets (T, B), states (S, B, M).
"""

from gates.training.models import ModelFileError
from gates.translation.attention import Additive, Dot, attention_step
from gates.translation.beam import beam_search, beam_step
from gates.translation.characters import Batch, Characters, Sign, in_batch
from gates.translation.dates import dates
from gates.translation.decoder import KINDS, Decoder
from gates.translation.encoder import Encoder, Memory
from gates.translation.files import load, save
from gates.translation.greedy import Translation, greedy, weights_of
from gates.translation.losses import character_loss, sentence_losses
from gates.translation.menus import menus
from gates.translation.scores import by_length, ceiling, chrf, exact_match
from gates.translation.texts import Corpus, Pair, alike, in_common, several
from gates.translation.training import train
from gates.translation.translator import Sizes, Translator
from gates.translation.typed import Answer, CannotTranslate, translate

__all__ = [
    "KINDS",
    "Additive",
    "Answer",
    "Batch",
    "CannotTranslate",
    "Characters",
    "Corpus",
    "Decoder",
    "Dot",
    "Encoder",
    "Memory",
    "ModelFileError",
    "Pair",
    "Sign",
    "Sizes",
    "Translation",
    "Translator",
    "alike",
    "attention_step",
    "beam_search",
    "beam_step",
    "by_length",
    "ceiling",
    "character_loss",
    "chrf",
    "dates",
    "exact_match",
    "greedy",
    "in_batch",
    "in_common",
    "load",
    "menus",
    "save",
    "sentence_losses",
    "several",
    "train",
    "translate",
    "weights_of",
]

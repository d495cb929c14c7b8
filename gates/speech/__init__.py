"""Who speaks, and spoken digits, spelled in letters: from a sound to words, learned end to end.

    sound      samples, and how many of them a second has
    wav        sounds in WAV files, and sentences for what cannot be read
    mel        what is heard: the energy in bands of pitch, every ten milliseconds
    known      the same as librosa computes it, stored
    letters    the ten words, and their letters as numbers
    espeak     speech by the program espeak-ng
    standin    buzzes that stand in for it where it is missing
    pool       what was said, kept in a file
    digits     strings of digits in three parts that have no voice in common, and batches of them
    ctc        what a text costs, summed over all paths that say it
    decoding   from probabilities to letters: the best path, or a search for the best text
    scores     word and letter error rates
    templates  what was done before networks: the nearest of recorded words, warped in time
    model      the network
    budget     the settings of a training
    run        the training of one seed, which goes on from wherever it was left
    training   one `train` for all: several seeds, a tidy table, a stop that loses nothing
    files      a trained network in a file, and out of it again
    speakers   who speaks: networks over whole utterances, and methods without a network
    hearing    a recording of one's own, and sentences for what cannot be heard

Batches are time first: frames (T, B, M), log probabilities (T//2, B, K).
"""

from gates.speech.digits import VOICES, Corpus, Utterance, digits, in_batch
from gates.speech.files import load, save
from gates.speech.hearing import Heard, hear
from gates.speech.letters import BLANK, LETTERS, WORDS, decode, encode
from gates.speech.mel import features, filterbank, hertz, log_mel, mel
from gates.speech.model import Listener
from gates.speech.run import understood
from gates.speech.sound import RATE, Sound, at_rate
from gates.speech.training import train
from gates.speech.wav import CannotHear, read_wav, write_wav
from gates.training.models import ModelFileError

__all__ = [
    "BLANK",
    "LETTERS",
    "RATE",
    "VOICES",
    "WORDS",
    "CannotHear",
    "Corpus",
    "Heard",
    "Listener",
    "ModelFileError",
    "Sound",
    "Utterance",
    "at_rate",
    "decode",
    "digits",
    "encode",
    "features",
    "filterbank",
    "hear",
    "hertz",
    "in_batch",
    "load",
    "log_mel",
    "mel",
    "read_wav",
    "save",
    "train",
    "understood",
    "write_wav",
]

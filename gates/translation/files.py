"""A trained network in a file, with its characters, and out of it again: no code is stored, and none is run."""

import os
from pathlib import Path

from gates.training.models import ModelFiles, put_together
from gates.translation.characters import Characters
from gates.translation.translator import Sizes, Translator

_FILES = ModelFiles("translator", frozenset({"source", "target", "sizes", "weights"}))


def save(translator: Translator, file: str | os.PathLike) -> Path:
    """Write a network, with its characters and sizes, all or nothing; a folder that is not there is made.

    Returns where the file is. Where it cannot be written, ModelFileError.
    """
    return _FILES.save(
        file,
        source="".join(translator.source.known),
        target="".join(translator.target.known),
        sizes=translator.sizes._asdict(),
        weights=translator.state_dict(),
    )


def load(file: str | os.PathLike) -> Translator:
    """The network that `save` has written, in evaluation mode.

    A file that is missing, damaged, cut short or something else raises ModelFileError, a ValueError.
    """
    parts = _FILES.load(file)
    with put_together(file):
        source, target = Characters(parts["source"]), Characters(parts["target"])
        translator = Translator(source, target, Sizes(**parts["sizes"]))
        translator.load_state_dict(parts["weights"])
    return translator.eval()

"""A trained model in a file with its codec, so that it can be read where nothing else is known of it."""

import os
from pathlib import Path

from gates.text.codec import CUTS, Codec
from gates.text.model import LanguageModel
from gates.training.models import ModelFileError, ModelFiles, put_together

__all__ = ["ModelFileError", "load", "save"]

_FILES = ModelFiles(
    "language model", frozenset({"settings", "weights", "unit", "known", "letters"})
)


def save(model: LanguageModel, codec: Codec, file: str | os.PathLike) -> Path:
    """Write a model and its codec, all or nothing; a folder that is not there is made.

    Returns where the file is. Where it cannot be written, ModelFileError.
    """
    return _FILES.save(
        file,
        settings=model.settings,
        weights=model.state_dict(),
        unit=codec.unit,
        known=list(codec.known),
        letters=codec.letters,
    )


def load(file: str | os.PathLike) -> tuple[LanguageModel, Codec]:
    """The model, in evaluation mode, and the codec that `save` has written.

    Nothing in the file is run as a program, so that it may come from a stranger. A file that is missing, damaged, cut short
    or something else raises ModelFileError.
    """
    parts = _FILES.load(file)
    with put_together(file):
        codec = Codec(parts["unit"], tuple(parts["known"]), parts["letters"])
        model = LanguageModel(**parts["settings"])
        model.load_state_dict(parts["weights"])
        if codec.unit not in CUTS or len(codec) != model.settings["V"]:
            raise ValueError("The codec is not that of the model.")
    return model.eval(), codec

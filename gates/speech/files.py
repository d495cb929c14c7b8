"""A trained listener in a file, with its scaling and letters, and out of it again: no code is stored, and none is run."""

import os
from pathlib import Path

from gates.speech.letters import LETTERS
from gates.speech.model import Listener
from gates.training.models import ModelFileError, ModelFiles, put_together

__all__ = ["ModelFileError", "load", "save"]

_FILES = ModelFiles("listener", frozenset({"settings", "weights", "letters"}))


def save(listener: Listener, file: str | os.PathLike) -> Path:
    """Write a listener, with mean and deviation of what it has heard, all or nothing; a folder not there is made.

    Returns where the file is. Where it cannot be written, ModelFileError.
    """
    return _FILES.save(
        file,
        settings=listener.settings,
        weights=listener.state_dict(),
        letters="".join(LETTERS),
    )


def load(file: str | os.PathLike) -> Listener:
    """The listener that `save` has written, in evaluation mode.

    A file that is missing, damaged, cut short or something else raises ModelFileError, a ValueError.
    """
    parts = _FILES.load(file)
    with put_together(file):
        listener = Listener(**parts["settings"])
        listener.load_state_dict(parts["weights"])
        if parts["letters"] != "".join(LETTERS):
            raise ValueError("The letters are others.")
        if not all(weight.isfinite().all() for weight in listener.state_dict().values()):
            raise ValueError("Some weights are no numbers.")
        if not (listener.deviation > 0).all():
            raise ValueError("The scaling is none.")
    return listener.eval()

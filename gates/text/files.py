"""A trained model in a file with its codec, so that it can be read where nothing else is known of it."""

import os
import zipfile
from pathlib import Path
from pickle import UnpicklingError

import torch

from gates.text.codec import CUTS, Codec
from gates.text.model import LanguageModel
from gates.training import kept

_KIND = "a language model of the course Gates"
_PARTS = {"kind", "settings", "weights", "unit", "known", "letters"}


class ModelFileError(ValueError):
    """A file that no model can be read from, or written to; a notebook shows the sentence alone."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


def save(model: LanguageModel, codec: Codec, file: str | os.PathLike) -> Path:
    """Write a model and its codec, all or nothing. Where that cannot be done, ModelFileError."""
    state = {"kind": _KIND, "settings": model.settings, "weights": model.state_dict()}
    state |= {"unit": codec.unit, "known": list(codec.known), "letters": codec.letters}
    if problem := kept.write(state, Path(file)):
        raise ModelFileError(f"{file} cannot be written ({problem}): choose another place for it.")
    return Path(file)


def load(file: str | os.PathLike) -> tuple[LanguageModel, Codec]:
    """The model, in evaluation mode, and the codec that `save` has written.

    Nothing in the file is run as a program, so that it may come from a stranger. A file that is missing, damaged, cut short
    or something else raises ModelFileError. That a single bit has changed torch does not notice; the sums that
    stand in the file for each of its parts do.
    """
    damaged = (
        f"{file} is damaged or cut short: copy it once more, or train the model and save it anew."
    )
    foreign = (
        f"{file} holds no language model of this course: give the file that `save` has written."
    )
    try:
        with zipfile.ZipFile(file) as parts:
            if parts.testzip():
                raise ModelFileError(damaged)
    except FileNotFoundError as reason:
        raise ModelFileError(
            f"There is no file {file}: look at its name and folder, or train a model and save it there."
        ) from reason
    except OSError as reason:
        raise ModelFileError(f"{file} cannot be read ({reason}): choose another file.") from reason
    except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError) as reason:
        raise ModelFileError(damaged) from reason
    try:
        state = torch.load(file, weights_only=True)
    except (RuntimeError, UnpicklingError) as reason:
        raise ModelFileError(foreign) from reason
    if not isinstance(state, dict) or state.keys() != _PARTS or state["kind"] != _KIND:
        raise ModelFileError(foreign)
    return _made(state, foreign)


def _made(state: dict, foreign: str) -> tuple[LanguageModel, Codec]:
    codec = Codec(state["unit"], tuple(state["known"]), state["letters"])
    try:
        model = LanguageModel(**state["settings"])
        model.load_state_dict(state["weights"])
    except (RuntimeError, TypeError, ValueError) as reason:
        raise ModelFileError(foreign) from reason
    if codec.unit not in CUTS or len(codec) != model.settings["V"]:
        raise ModelFileError(foreign)
    return model.eval(), codec

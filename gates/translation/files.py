"""A trained network in a file, with its characters, and out of it again: no code is stored, and none is run."""

import os
from pathlib import Path

import torch

from gates.translation.characters import Characters
from gates.translation.translator import Sizes, Translator
from gates.translation.typed import CannotTranslate

FORM = "gates translator, form 1"


def save(translator: Translator, file: str | os.PathLike) -> Path:
    """Write a network, with its characters and sizes, to a file, all or nothing; returns where it is.

    A folder that is not there is made. What cannot be written raises OSError.
    """
    file = Path(file)
    file.parent.mkdir(parents=True, exist_ok=True)
    kept = {
        "form": FORM,
        "source": "".join(translator.source.known),
        "target": "".join(translator.target.known),
        "sizes": translator.sizes._asdict(),
        "weights": translator.state_dict(),
    }
    partial = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        with partial.open("wb") as stream:
            torch.save(kept, stream)
        partial.replace(file)
    finally:
        partial.unlink(missing_ok=True)
    return file


def load(file: str | os.PathLike) -> Translator:
    """The network that `save` has written, in evaluation mode.

    A file that is not there, is cut short, or holds something else raises CannotTranslate, a ValueError.
    """
    file = Path(file)
    if not file.is_file():
        raise CannotTranslate(
            f"There is no file {file.name} in {file.parent}: look at its name, or save a network there first."
        )
    try:
        kept = torch.load(file, weights_only=True)
    except Exception as reason:  # a file that is none of ours may raise anything
        raise CannotTranslate(
            f"{file.name} cannot be read: it is cut short, or no network was saved in it. Save it once more."
        ) from reason
    if not isinstance(kept, dict) or kept.get("form") != FORM:
        raise CannotTranslate(
            f"{file.name} holds something else than a translator: load one that gates.translation.save has written."
        )
    try:
        translator = Translator(
            Characters(kept["source"]), Characters(kept["target"]), Sizes(**kept["sizes"])
        )
        translator.load_state_dict(kept["weights"])
    except (KeyError, TypeError, ValueError, RuntimeError) as reason:
        raise CannotTranslate(
            f"The parts of {file.name} do not fit together: save the network once more, and load that file."
        ) from reason
    return translator.eval()

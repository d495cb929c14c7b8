"""What torch stores in a file: written all or nothing, and read so that nothing in it is run and no damage is believed."""

import contextlib
import lzma
import os
import struct
import zipfile
import zlib
from pathlib import Path
from pickle import UnpicklingError

import torch

# What was raised for files whose bytes were changed at random: first those of the ZIP, then those of the pickle in it.
_OF_A_BROKEN_ZIP = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(EOFError, NotImplementedError, RuntimeError, ValueError),
)
_OF_ANOTHER_PICKLE = (
    *(UnpicklingError, struct.error, EOFError, RuntimeError, ValueError),
    *(AssertionError, AttributeError, LookupError, TypeError),
)


class Damaged(ValueError):
    """A file that is cut short, was changed after it was written, or was never one that torch has stored."""


class Foreign(ValueError):
    """A whole file of something else than numbers, texts, and lists and dicts of them."""


def write(state: dict, file: Path) -> OSError | RuntimeError | None:
    """Write a state down, all or nothing; a folder that is not there is made. Returns what was in the way, or None."""
    partial = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        torch.save(state, partial)
        partial.replace(file)
    except (OSError, RuntimeError) as problem:  # torch.save raises the latter on a full disk
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
        return problem
    return None


def read(file: str | os.PathLike) -> object:
    """What `write` has written. A file that cannot be opened raises OSError, any other one Damaged or Foreign.

    That a bit has changed torch does not notice; the sums that stand in the file for each of its parts do.
    """
    try:
        with zipfile.ZipFile(file) as parts:
            changed = parts.testzip()
    except _OF_A_BROKEN_ZIP as reason:
        raise Damaged(f"{file} is no whole file") from reason
    if changed:
        raise Damaged(f"{changed} in {file} is not what was written")
    try:
        return torch.load(file, weights_only=True)
    except _OF_ANOTHER_PICKLE as reason:
        raise Foreign(f"{file} holds something else") from reason

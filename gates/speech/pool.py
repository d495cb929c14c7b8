"""What is to be said, said once and kept: the features of many utterances in one file, in the folder speech of `home()`.

The file may be deleted at any time. One that is damaged, or was made of something else, is made anew.
"""

import hashlib
import os
import zipfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor
from tqdm.auto import tqdm

from gates.home import home
from gates.speech.mel import M, features
from gates.speech.sound import Sound

WORKERS = 2  # utterances that are made at the same time
_CODE = ("espeak", "mel", "pool", "sound", "standin", "wav")  # what features depend on
_OF_A_BROKEN_FILE = (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile)


class Order(NamedTuple):
    """What is to be said and how. voice: its place among the voices. speed: words a minute. pitch: from 0 to 99."""

    text: str
    voice: int
    speed: int
    pitch: int


def said(
    orders: Sequence[Order], say: Callable[[Order], Sound], spoken_by: str, voices: Sequence[str]
) -> list[Tensor]:
    """The features of all orders, (T, M) each, from the file in which they are kept, or made and kept there.

    say: makes an order's sound. spoken_by, voices: who speaks; with the orders and the code they tell one file from
    another. Where nothing can be kept, a sentence says so.
    """
    file = place(orders, spoken_by, voices)
    if (found := _read(file, len(orders))) is not None:
        return found
    made = _made(orders, say, spoken_by)
    if problem := _write(made, file):
        print(
            f"Nothing can be kept in {file.parent} ({type(problem).__name__}), so all this is said again next time."
        )
    return made


def place(orders: Sequence[Order], spoken_by: str, voices: Sequence[str]) -> Path:
    """Where the features of these orders are kept."""
    digest = hashlib.sha256(repr((list(map(tuple, orders)), spoken_by, list(voices))).encode())
    for name in _CODE:
        digest.update(Path(__file__).with_name(f"{name}.py").read_bytes())
    return home() / "speech" / f"{digest.hexdigest()[:20]}.npz"


def _made(orders: Sequence[Order], say: Callable[[Order], Sound], spoken_by: str) -> list[Tensor]:
    """The features, in the order of the orders; an interruption leaves nothing running behind it."""
    workers = ThreadPoolExecutor(WORKERS)
    try:
        sounds = workers.map(say, orders)
        bar = tqdm(sounds, spoken_by, total=len(orders), unit="utterance", leave=False)
        return [features(sound) for sound in bar]
    finally:
        workers.shutdown(cancel_futures=True)


def _write(made: Sequence[Tensor], file: Path) -> OSError | None:
    """Write features down, all or nothing. Returns what was in the way, or None."""
    partial = file.with_name(f"{file.stem}.{os.getpid()}.npz")
    lengths = np.array([len(of) for of in made])
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        np.savez(partial, frames=torch.cat(list(made)).numpy(), lengths=lengths)
        partial.replace(file)
    except OSError as problem:
        return problem
    return None


def _read(file: Path, count: int) -> list[Tensor] | None:
    """What `_write` has written, for so many orders; None where it is not there, or damaged."""
    try:
        with np.load(file, allow_pickle=False) as kept:
            frames, lengths = kept["frames"], kept["lengths"]
    except _OF_A_BROKEN_FILE:
        return None
    whole = lengths.shape == (count,) and lengths.dtype.kind == "i" and frames.dtype == np.float32
    if not whole or frames.shape != (lengths.sum(), M) or not np.isfinite(frames).all():
        return None
    return list(torch.from_numpy(frames).split(lengths.tolist()))

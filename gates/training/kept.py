"""The file in which a run is kept while it is not done: where it lies, and how it is written and read."""

import contextlib
import hashlib
import json
import os
from pathlib import Path
from types import CodeType

import torch
from torch import nn

from gates.home import home
from gates.training.reader import Network

_NETWORKS = ("cells", "variants", "scan", "minimal", "networks", "family")  # what they are made of


def described(cell: str | Network, made: nn.Module) -> str:
    """What a kept run may go on with: the cell's name, or all that can be said of a network of one's own."""
    if isinstance(cell, str):
        return cell
    sizes = [(name, tuple(p.shape)) for name, p in made.named_parameters()]
    return repr((str(made), sizes, _code(getattr(cell, "__code__", None))))


def _code(of: object) -> object:
    """What a piece of code does, without where it stands."""
    if isinstance(of, CodeType):
        return of.co_code, of.co_names, [_code(const) for const in of.co_consts]
    return of


def place(folder: str | os.PathLike | None, of: object) -> Path:
    """Where a run is kept. of: all that its numbers depend on, but for the library and torch as they are."""
    folder = Path(folder) if folder else home() / "runs"
    here = Path(__file__).parent
    library = here.parent
    made_of = (library / f"{name}.py" for name in _NETWORKS)
    sources = [*here.glob("*.py"), *made_of, *(library / "tasks").glob("*.py")]
    digest = hashlib.sha256(json.dumps(of, default=lambda number: number.item()).encode())
    for source in sorted(sources):
        digest.update(source.read_bytes())
    digest.update(torch.__version__.encode())
    return folder / f"{digest.hexdigest()[:20]}.pt"


def write(state: dict, file: Path) -> OSError | RuntimeError | None:
    """Write a state down, all or nothing. Returns what was in the way, or None."""
    partial = file.with_suffix(f".{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        torch.save(state, partial)
        partial.replace(file)
    except (OSError, RuntimeError) as problem:  # torch.save raises the latter on a full disk
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
        return problem
    return None


def read(file: Path) -> object:
    """What a file holds; None where there is none, or none that can be read."""
    try:
        return torch.load(file, weights_only=True)
    except Exception:  # a file of somebody else's may raise anything
        return None


def remove(file: Path) -> None:
    """Remove the file of a run that is done, if it is there and can be."""
    with contextlib.suppress(OSError):  # a folder that became read-only, or was none
        file.unlink(missing_ok=True)

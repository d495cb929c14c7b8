"""The file in which a run is kept while it is not done: where it lies, what it may go on with, and what it holds."""

import contextlib
import hashlib
import json
import os
from pathlib import Path
from types import CodeType

import torch
from torch import nn

from gates.home import home
from gates.training import stored
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


def code_in(folder: Path) -> str:
    """What tells this version of a package from another one, besides what `place` looks at. folder: where it lies."""
    sources = sorted(folder.glob("*.py"))
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()


def read(file: Path) -> object:
    """What a file holds; None where there is none, or none that can be read."""
    try:
        return stored.read(file)
    except (OSError, stored.Damaged, stored.Foreign):
        return None


def remove(file: Path) -> None:
    """Remove the file of a run that is done, if it is there and can be."""
    with contextlib.suppress(OSError):  # a folder that became read-only, or was none
        file.unlink(missing_ok=True)

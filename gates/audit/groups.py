"""Arrays that belong to one cell each, where a thing has several: proposed by their names, and to be confirmed by experiment."""

import re
from collections.abc import Iterator

from gates.audit.atoms import Shapes
from gates.audit.equations import Network

_LAYER = re.compile(r"_l(\d+)(_reverse)?$")


def _whole(name: str) -> str:
    return ""


def _torch(name: str) -> str:
    found = _LAYER.search(name)
    return found[0] if found else ""


def _parent(name: str) -> str:
    return name.rpartition(".")[0]


def _first(name: str) -> str:
    return name.partition(".")[0]


def _second(name: str) -> str:
    return ".".join(name.split(".")[:2])


def _number(name: str) -> str:
    found = re.search(r"\d+", name)
    return found[0] if found else ""


_MOST_CELLS = 8


def groupings(shapes: Shapes) -> Iterator[list[list[str]]]:
    """Each proposal: for each cell the names of its arrays."""
    seen = []
    for key in (_whole, _torch, _first, _second, _parent, _number):
        groups: dict[str, list[str]] = {}
        for name in shapes:
            groups.setdefault(key(name), []).append(name)
        proposed = list(groups.values())
        alike = len({len(group) for group in proposed}) == 1
        if alike and len(proposed) <= _MOST_CELLS and proposed not in seen:
            seen.append(proposed)
            yield proposed


def networks(cells: int) -> list[Network]:
    """What so many cells may make up."""
    found = [Network(cells, 1)]
    if cells % 2 == 0:
        found.insert(0 if cells > 2 else 1, Network(cells // 2, 2))
    return found

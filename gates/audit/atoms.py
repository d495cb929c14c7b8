"""Cutting arrays into the blocks that an equation has letters for, in every way that their shapes allow."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product

from torch import Tensor

Arrays = dict[str, Tensor]
Shapes = dict[str, tuple[int, ...]]


@dataclass(frozen=True)
class Atom:
    """A block of an array: the array in another shape, a place in that, and whether it is turned.

    As a matrix it is (rows out, columns in); as a vector it has one axis.
    """

    array: str
    shape: tuple[int, ...]
    index: tuple
    turned: bool = False

    def view(self, arrays: Arrays) -> Tensor:
        """The block, as a view of the array."""
        block = arrays[self.array].reshape(self.shape)[self.index]
        return block.T if self.turned else block


@dataclass(frozen=True)
class Reading:
    """One way to read the arrays of a cell: blocks without letters yet, in the order in which they stand.

    joined: "x" or "h" for what comes first where one array holds both, else empty. orientation: "rows" where outputs are
    rows, "columns" where they are columns. odd: recurrent blocks lie across the direction in which gates are stacked.
    """

    W: tuple[Atom, ...]
    U: tuple[Atom, ...]
    vectors: tuple[Atom, ...]
    R: Atom | None = None
    joined: str = ""
    orientation: str = "rows"
    recurrent: str = "rows"
    interleaved: bool = False
    odd: bool = False
    scalars: tuple[str, ...] = ()

    @property
    def blocks(self) -> int:
        return len(self.W)


def _slices(shape: tuple[int, ...], I: int, P: int, H: int) -> Iterator[tuple[str, list, dict]]:
    """How a matrix may be cut: what it is, its blocks as (part, shape, index, turned), and what that says of it."""
    if len(shape) == 3 and shape[0] == 1:
        yield from _squeezed(shape, I, P, H)
        return
    if len(shape) == 3:
        yield from _in_three(shape, I, P, H)
        return
    for out in (0, 1):
        n_out, n_in = shape[out], shape[1 - out]
        turned = out == 1
        said = {"orientation": "columns" if turned else "rows"}
        if n_out % H:
            continue
        G = n_out // H
        for part, sizes in _inner(n_in, I, P):
            for interleaved in (False, True) if G > 1 else (False,):
                blocks = []
                for k in range(G):
                    for name, columns in sizes:
                        apart = (H, G) if interleaved else (G, H)
                        place = (slice(None), k) if interleaved else (k, slice(None))
                        if turned:
                            blocks.append((name, (n_in, *apart), (columns, *place), True))
                        else:
                            blocks.append((name, (*apart, n_in), (*place, columns), False))
                yield part, blocks, said | {"interleaved": interleaved}


def _squeezed(shape, I, P, H) -> Iterator[tuple[str, list, dict]]:
    for part, blocks, said in _slices(shape[1:], I, P, H):
        yield part, [(n, (1, *s), (0, *i), t) for n, s, i, t in blocks], said


def _inner(n_in: int, I: int, P: int) -> Iterator[tuple[str, list]]:
    """What the inputs of a matrix may be: x, h, or both in either order."""
    if n_in == I:
        yield "W", [("W", slice(None))]
    if n_in == P:
        yield "U", [("U", slice(None))]
    if n_in == I + P:
        yield "xh", [("W", slice(0, I)), ("U", slice(I, None))]
        yield "hx", [("U", slice(0, P)), ("W", slice(P, None))]


def _in_three(shape, I, P, H) -> Iterator[tuple[str, list, dict]]:
    """Gates on an axis of their own, the first or the last or between."""
    for axis in range(3):
        others = [n for k, n in enumerate(shape) if k != axis]
        for turned in (False, True):
            n_out, n_in = others[::-1] if turned else others
            if n_out != H or shape[axis] > 4:
                continue
            for part, sizes in _inner(n_in, I, P):
                blocks = []
                for k in range(shape[axis]):
                    for name, columns in sizes:
                        index = [columns, slice(None)] if turned else [slice(None), columns]
                        index.insert(axis, k)
                        blocks.append((name, shape, tuple(index), turned))
                yield part, blocks, {"orientation": "columns" if turned else "rows"}


def _vectors(name: str, shape: tuple[int, ...], H: int) -> list[Atom] | None:
    """A bias or peephole vector, or several of them in one array."""
    n = 1
    for size in shape:
        n *= size
    if n % H or n == 0 or n // H > 16:
        return None
    if len(shape) > 1 and sum(size > 1 for size in shape) > 1 and shape[-1] % H:
        return None
    return [Atom(name, (n // H, H), (k,)) for k in range(n // H)]


def _woven(atom: Atom) -> Atom:
    """The vector of one gate, where the gates of a unit stand side by side."""
    G, H = atom.shape
    return replace(atom, shape=(H, G), index=(slice(None), atom.index[0])) if G > 1 else atom


def _ways(name: str, shape: tuple[int, ...], I: int, P: int, H: int) -> list[tuple]:
    """All that one array may be: ("matrix", part, blocks, said), ("vectors", atoms), ("R", atom), ("scalar",)."""
    n = 1
    for size in shape:
        n *= size
    if n == 1 and H > 1:
        return [("scalar",)]
    found: list[tuple] = []
    wide = sum(size > 1 for size in shape) > 1
    if len(shape) in (2, 3):
        for part, blocks, said in _slices(shape, I, P, H):
            atoms = [(kind, Atom(name, s, i, t)) for kind, s, i, t in blocks]
            found.append(("matrix", part, atoms, said))
        if P != H and len(shape) == 2:
            if shape == (P, H):
                found.append(("R", Atom(name, shape, (slice(None), slice(None)))))
            if shape == (H, P):
                found.append(("R", Atom(name, shape, (slice(None), slice(None)), True)))
    if not found or not wide:
        vectors = _vectors(name, shape, H)
        if vectors:
            found.append(("vectors", vectors))
    return found


MOST = 64  # readings that are tried


def readings(shapes: Shapes, I: int, H: int, P: int) -> list[Reading]:
    """Every reading of a cell's arrays in which the blocks add up to a cell. Arrays of one shape are read alike, or, if
    they may be either, one half as inputs' and the other as recurrent ones, or by turns."""
    classes: dict[tuple[int, ...], list[str]] = {}
    for name, shape in shapes.items():
        classes.setdefault(shape, []).append(name)
    options = [list(_options(names, shape, I, P, H)) for shape, names in classes.items()]
    if not options or not all(options):
        return []
    found: list[Reading] = []
    for choice in product(*options):
        chosen = {name: way for part in choice for name, way in part.items()}
        reading = _put_together({name: chosen[name] for name in shapes})
        if reading is not None and reading not in found:
            found.append(reading)
        if len(found) == MOST:
            break
    odd = [
        replace(r, U=tuple(replace(a, turned=not a.turned) for a in r.U), odd=True)
        for r in found
        if len({a.array for a in r.U}) == 1 < len(r.U) and not r.joined
    ]
    return [*found, *odd]


def _options(
    names: list[str], shape: tuple[int, ...], I: int, P: int, H: int
) -> Iterator[dict[str, tuple]]:
    """The ways in which the arrays of one shape may be read."""
    ways = {name: _ways(name, shape, I, P, H) for name in names}
    first = ways[names[0]]
    for k in range(len(first)):
        yield {name: of[k] for name, of in ways.items()}
    if len(names) % 2:
        return
    for m, n in product(range(len(first)), repeat=2):
        if first[m][0] == first[n][0] == "matrix" and {first[m][1], first[n][1]} == {"W", "U"}:
            half = len(names) // 2
            yield {name: ways[name][m if k < half else n] for k, name in enumerate(names)}
            if half > 1:
                yield {name: ways[name][n if k % 2 else m] for k, name in enumerate(names)}


def _put_together(chosen: dict[str, tuple]) -> Reading | None:
    """The reading that these ways make, or None where they make no cell."""
    W, U, vectors, scalars, R = [], [], [], [], []
    joined, of_x, of_h = set(), [], []
    for name, way in chosen.items():
        if way[0] == "vectors":
            vectors += way[1]
        elif way[0] == "scalar":
            scalars.append(name)
        elif way[0] == "R":
            R.append(way[1])
        else:
            _, part, atoms, said = way
            W += [atom for of, atom in atoms if of == "W"]
            U += [atom for of, atom in atoms if of == "U"]
            joined.add({"xh": "x", "hx": "h"}.get(part, ""))
            (of_h if part == "U" else of_x).append(said)
    if len(W) != len(U) or len(W) not in (1, 3, 4) or len(joined) != 1 or len(R) > 1:
        return None
    orientations = {said["orientation"] for said in of_x}
    across = {said["orientation"] for said in of_h} or set(orientations)
    woven = {said["interleaved"] for said in (*of_x, *of_h) if "interleaved" in said}
    if len(orientations) > 1 or len(across) > 1 or (len(woven) > 1 and len(of_x) == 1):
        return None
    return Reading(
        W=tuple(W),
        U=tuple(U),
        vectors=tuple(_woven(a) if True in woven else a for a in vectors),
        R=R[0] if R else None,
        joined=joined.pop(),
        orientation=orientations.pop(),
        recurrent=across.pop(),
        interleaved=True in woven,
        scalars=tuple(scalars),
    )

"""Finding the convention of a subject, a few letters at a time: first what meets x, then what meets h, then the biases.

Each stage sets all other arrays to zero, so that a stage has dozens of hypotheses and not millions; all that fit go on.
In the end what is left has to fit with all arrays random, on several probes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations, permutations

import torch
from torch import Tensor

from gates.audit.atoms import Arrays, Atom, Reading, readings
from gates.audit.equations import (
    GATES,
    VALUES,
    CellWeights,
    Choices,
    Network,
    Read,
    Step,
    run,
    step,
)
from gates.audit.groups import groupings, networks
from gates.audit.subjects.forms import STOPS, Seen, Subject, random_arrays, random_xs

KINDS = {4: "lstm", 3: "gru", 1: "rnn"}
_USUAL = {"lstm": ("ifgo", "ifog", "iofg", "figo", "igfo"), "gru": ("rzn", "zrn"), "rnn": ("n",)}


@dataclass(frozen=True)
class Place:
    """Where a vector acts: on which gates, and as what: "x" or "h" for a bias beside that product, "old" or "new" for a
    peephole, "" for nowhere."""

    letters: str = ""
    side: str = ""


@dataclass(frozen=True)
class Layout:
    """A reading of every cell's arrays, with letters. order: of W's blocks; recurrent: of U's; places: of the vectors."""

    readings: tuple[Reading, ...]
    network: Network
    choices: Choices
    order: str
    recurrent: str = ""
    places: tuple[Place, ...] = ()
    trace: int = 0  # which of the sequences that come back is h

    def cells(self, arrays: Arrays) -> list[CellWeights]:
        return [self._cell(reading, arrays) for reading in self.readings]

    def _cell(self, reading: Reading, arrays: Arrays) -> CellWeights:
        recurrent = self.recurrent or self.order
        W = {k: a.view(arrays) for k, a in zip(self.order, reading.W, strict=True)}
        U = {k: a.view(arrays) for k, a in zip(recurrent, reading.U, strict=True)}
        sides: dict[str, dict[str, Tensor]] = {"x": {}, "h": {}, "old": {}, "new": {}}
        for atom, place in zip(reading.vectors, self.places, strict=False):
            for k in place.letters:
                held = sides[place.side]
                value = atom.view(arrays)
                held[k] = held[k] + value if k in held else value
        R = None if reading.R is None else reading.R.view(arrays)
        return CellWeights(W, U, sides["x"], sides["h"], sides["old"], sides["new"], R)

    @property
    def one(self) -> Step:
        return step(self.choices)

    def read(self, arrays: Arrays, xs: Tensor, start=None) -> Read:
        return run(self.one, self.choices.kind, self.cells(arrays), self.network, xs, start)


@dataclass
class Progress:
    """How far a search came. best: the layouts that fit the furthest stage."""

    stage: str = "readings"
    best: list[Layout] = field(default_factory=list)
    tried: list[tuple[tuple[Reading, ...], Network]] = field(default_factory=list)
    h_idle: bool = False  # recurrent weights act nowhere
    fixed: bool = False  # other numbers of steps and samples than the first raise


class Placing:
    """The search for one subject."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.target = subject.target
        self.tolerance = 1e-8 if self.target.dtype is torch.float64 else 2e-5
        self.progress = Progress()
        self._seen: dict = {}

    # What is compared

    def near(self, one: Tensor, other: Tensor) -> bool:
        if one.shape != other.shape:
            return False
        scale = max(1.0, float(other.abs().max())) if other.numel() else 1.0
        return bool(torch.isfinite(one).all()) and bool(
            (one - other).abs().max() <= self.tolerance * scale
        )

    def zeros(self) -> Arrays:
        return {n: torch.zeros(s, dtype=self.target.dtype) for n, s in self.target.shapes.items()}

    def with_numbers(self, atoms: Sequence[Atom], seed: int) -> Arrays:
        """All zero but for these blocks."""
        random, arrays = random_arrays(self.target, seed), self.zeros()
        for atom in atoms:
            atom.view(arrays).copy_(atom.view(random))
        return arrays

    def read(self, arrays: Arrays, xs: Tensor, start=None) -> Seen | None:
        try:
            with torch.no_grad():
                return self.subject.read(arrays, xs, start)
        except STOPS:
            return None

    def kept(self, seed: int, T: int, B: int) -> tuple[Arrays, Tensor, list[Tensor]] | None:
        """A probe with all arrays random, and the sequences that come back; read once."""
        if (seed, T, B) not in self._seen:
            arrays = random_arrays(self.target, seed)
            xs = random_xs(self.target, seed, T, B, self.subject.I)
            seen = self.read(arrays, xs)
            self._seen[seed, T, B] = None if seen is None else (arrays, xs, seen.traces)
        return self._seen[seed, T, B]

    # The stages

    def found(self) -> list[Layout]:
        """All layouts that fit everything; where there are none, `progress` says how far it went."""
        for proposal, network in self._candidates():
            self.progress.tried.append((proposal, network))
            on = [*self._inputs(proposal, network)]
            if not on:
                continue
            self._note("inputs", on)
            if on[0].choices.kind == "lstm":
                on = [layout for one in on for layout in self._offset(one)]
                if not on:
                    continue
                self._note("offset", on)
            on = [layout for one in on for layout in self._recurrent(one)]
            if not on:
                continue
            self._note("recurrent", on)
            on = [layout for one in on for layout in self._vectors(one)]
            if not on:
                continue
            self._note("vectors", on)
            on = [layout for layout in on if self.fits(layout)]
            if on:
                self._note("all", on)
                return on
        return []

    _STAGES = ("readings", "inputs", "offset", "recurrent", "vectors", "all")

    def _note(self, stage: str, layouts: list[Layout]) -> None:
        if self._STAGES.index(stage) > self._STAGES.index(self.progress.stage):
            self.progress.stage, self.progress.best = stage, list(layouts)

    def _candidates(self) -> Iterator[tuple[tuple[Reading, ...], Network]]:
        """Readings of all arrays, in every number of layers and directions that the shapes allow."""
        shapes, I = self.target.shapes, self.subject.I
        xs = random_xs(self.target, 3, 2, 2, I)
        seen = self.read(random_arrays(self.target, 3), xs)
        if seen is None:
            self.progress.fixed = True
            return
        D = seen.traces[0].shape[-1]
        sizes = {n for shape in shapes.values() for n in shape}
        hidden = {s // G for s in sizes for G in (1, 2, 3, 4) if s % G == 0} - {D}
        for groups in groupings(shapes):
            for network in networks(len(groups)):
                for P in sorted({D, D // network.directions}, reverse=True):
                    if P == 0 or (P * network.directions != D and network.directions == 1):
                        continue
                    for H in (P, *sorted(n for n in hidden if n > P)):
                        yield from self._read_as(groups, network, I, H, P)

    def _read_as(self, groups, network, I, H, P) -> Iterator[tuple]:
        of_cells = []
        for k, group in enumerate(groups):
            width = I if k < network.directions else P * network.directions
            shapes = {name: self.target.shapes[name] for name in group}
            of_cells.append([r for r in readings(shapes, width, H, P) if (r.R is None) == (H == P)])
        if not all(of_cells):
            return
        if len(of_cells) == 1:
            for reading in of_cells[0]:
                yield (reading,), network
            return
        for reading in of_cells[0]:
            others = [next((r for r in of if _alike(r, reading)), None) for of in of_cells[1:]]
            if all(others):
                yield (reading, *others), network

    def _inputs(self, proposal: tuple[Reading, ...], network: Network) -> Iterator[Layout]:
        """The orders in which the blocks that meet x fit the first step."""
        kind = KINDS[proposal[0].blocks]
        atoms = [
            a for reading in proposal for a in (*reading.W, *((reading.R,) if reading.R else ()))
        ]
        arrays, xs = self.with_numbers(atoms, 4), random_xs(self.target, 4, 1, 3, self.subject.I)
        arrays = {name: 2 * value for name, value in arrays.items()}
        seen = self.read(arrays, xs)
        if seen is None or all(float(t.abs().max()) < 1e-9 for t in seen.traces):
            return
        options = [Choices(kind)]
        if kind == "gru":
            options.append(Choices(kind, z="new"))
        for choices in (options, self._unusual(options)):
            any_fits = False
            for option in choices:
                for order in _orders(kind):
                    layout = Layout(proposal, network, option, order)
                    ys = layout.read(arrays, xs).ys
                    for k, trace in enumerate(seen.traces):
                        if self.near(trace, ys):
                            any_fits = True
                            yield replace(layout, trace=k)
            if any_fits:
                return

    @staticmethod
    def _unusual(options: list[Choices]) -> Iterator[Choices]:
        """Activations that some frameworks offer: the same for the candidate and the output."""
        for option in options:
            for gate in GATES if option.kind != "rnn" else ("sigmoid",):
                for value in VALUES:
                    for output in {value, "tanh"} if option.kind == "lstm" else ("tanh",):
                        made = replace(option, gate=gate, candidate=value, output=output)
                        if made != option:
                            yield made

    def _offset(self, layout: Layout) -> Iterator[Layout]:
        """What is added to f, from the second step; the number is measured, and has to do for every unit and sample."""
        atoms = [a for r in layout.readings for a in (*r.W, *((r.R,) if r.R else ()))]
        arrays = self.with_numbers(atoms, 5)
        xs = random_xs(self.target, 5, 3, 3, self.subject.I)
        seen = self.read(arrays, xs)
        if seen is None:
            return
        ys = seen.traces[layout.trace]
        for offset in (0.0, 1.0, *self._measured(layout, arrays, xs, ys)):
            offered = replace(layout, choices=replace(layout.choices, offset=offset))
            if self.near(ys, offered.read(arrays, xs).ys):
                yield offered
                return

    def _measured(self, layout: Layout, arrays: Arrays, xs: Tensor, ys: Tensor) -> list[float]:
        """f's offset by bisection of the difference in the second step, since that grows with f c."""
        near = []
        low, high = -20.0, 20.0
        before = layout.read(arrays, xs[:1])
        sign = torch.sign(before.cs[0]) if before.cs is not None else None
        if sign is None or sign.shape != ys[1].shape:
            return []
        for _ in range(60):
            middle = (low + high) / 2
            ours = replace(layout, choices=replace(layout.choices, offset=middle)).read(
                arrays, xs[:2]
            )
            if ((ys[1] - ours.ys[1]) * sign).sum() > 0:
                low = middle
            else:
                high = middle
        near.append(round((low + high) / 2, 6))
        return near

    def _recurrent(self, layout: Layout) -> Iterator[Layout]:
        """The orders of the blocks that meet h, and where the reset gate acts."""
        atoms = [a for r in layout.readings for a in (*r.W, *r.U, *((r.R,) if r.R else ()))]
        arrays = self.with_numbers(atoms, 6)
        xs = random_xs(self.target, 6, 4, 3, self.subject.I)
        seen = self.read(arrays, xs)
        if seen is None:
            return
        ys = seen.traces[layout.trace]
        no_U = {n: v.clone() for n, v in arrays.items()}
        for reading in layout.readings:
            for atom in reading.U:
                atom.view(no_U).zero_()
        without = self.read(no_U, xs)
        if without is not None and self.near(without.traces[layout.trace], ys):
            self.progress.h_idle = True
            return
        kind = layout.choices.kind
        forms = ("after", "before") if kind == "gru" else ("after",)
        for order in (layout.order, *(o for o in _orders(kind) if o != layout.order)):
            for reset in forms:
                one = replace(layout, recurrent=order, choices=replace(layout.choices, reset=reset))
                if self.near(ys, one.read(arrays, xs).ys):
                    yield one
                    return

    def _vectors(self, layout: Layout) -> Iterator[Layout]:
        """Where each vector acts, one after the other, with all matrices there."""
        matrices = [a for r in layout.readings for a in (*r.W, *r.U, *((r.R,) if r.R else ()))]
        count = len(layout.readings[0].vectors)
        if any(len(r.vectors) != count for r in layout.readings):
            return
        xs = random_xs(self.target, 7, 4, 3, self.subject.I)
        places: list[Place] = []
        for k in range(count):
            arrays = self.with_numbers([*matrices, *(r.vectors[k] for r in layout.readings)], 7 + k)
            seen = self.read(arrays, xs)
            if seen is None:
                return
            ys = seen.traces[layout.trace]
            for place in _places(layout.choices):
                alone = (*[Place()] * k, place)
                if self.near(ys, replace(layout, places=alone).read(arrays, xs).ys):
                    places.append(place)
                    break
            else:
                return
        yield replace(layout, places=tuple(places))

    # With everything there

    def probes(self) -> Iterator[tuple[Arrays, Tensor]]:
        """Arrays and xs: other numbers and other sizes each time; at last large ones, the same at each of many steps, so
        that what is cut off somewhere is seen."""
        for seed, (T, B) in enumerate(((6, 3), (1, 2), (4, 1)), 20):
            arrays = random_arrays(self.target, seed)
            yield arrays, random_xs(self.target, seed, T, B, self.subject.I)
        many, large, B = (8, 3.0, 4) if self.target.dtype is torch.float32 else (25, 30.0, 24)
        xs = large * random_xs(self.target, 24, 3, B, self.subject.I)
        yield random_arrays(self.target, 24, 0.3), xs.repeat_interleave(many, 0)

    def fits(self, layout: Layout) -> bool:
        for arrays, xs in self.probes():
            seen = self.read(arrays, xs)
            if seen is None:
                return False
            with torch.no_grad():
                ours = layout.read(arrays, xs)
            if not self.near(seen.traces[layout.trace], ours.ys):
                return False
            shown = [trace for k, trace in enumerate(seen.traces) if k != layout.trace]
            has_c = self.subject.form.steps and ours.cs is not None
            if has_c and not any(self.near(trace, ours.cs) for trace in shown):
                return False
        return True


def _orders(kind: str) -> list[str]:
    usual = _USUAL[kind]
    return [*usual, *(o for o in map("".join, permutations(usual[0])) if o not in usual)]


def _places(choices: Choices) -> Iterator[Place]:
    """Where a vector may act, the usual first; several gates at once last."""
    letters = choices.letters
    yield Place()
    for k in letters:
        yield Place(k, "x")
    if choices.kind == "gru" and choices.reset == "after":
        yield Place("n", "h")
    if choices.kind == "lstm":
        for k in "ifgo":
            yield Place(k, "old")
        yield Place("o", "new")
    for size in range(2, len(letters) + 1):
        for several in combinations(letters, size):
            yield Place("".join(several), "x")


def _alike(one: Reading, other: Reading) -> bool:
    def said(r: Reading) -> tuple:
        return r.joined, r.orientation, r.recurrent, r.interleaved, r.odd, len(r.vectors)

    return said(one) == said(other) and one.blocks == other.blocks

"""Which known slip a subject's numbers equal, where no convention fits: those of the course's steps, and those of layers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache

import torch
from torch import Tensor

from gates.audit.atoms import Reading
from gates.audit.equations import (
    CellWeights,
    Choices,
    State,
    Step,
    over_time,
    run,
    zeros,
)
from gates.audit.placing import KINDS, Layout, Place, Placing
from gates.audit.subjects.forms import STOPS, random_arrays, random_xs
from gates.audit.words import LAYER_SLIPS
from gates.cells import Weights
from gates.exercises import EXERCISES, MISTAKES
from gates.exercises.common.slips import Slip, filled

_EXERCISE = {"lstm": "lstm_cell", "gru": "gru_cell", "rnn": "rnn_cell"}
# Differences between conventions, which are no slips here, and what the harness finds in another way.
_CONVENTIONS = {
    *("lstm-gate-order", "lstm-gates-swapped", "gru-gate-order", "gru-z-polarity"),
    *("gru-reset-before", "returns-c-then-h", "state-swapped", "lstm-g-and-o-swapped"),
    *("joined-in-other-order", "rows-interleaved", "drops-biases"),
}
_ORDERS = {
    "lstm": ("ifgo", "ifog", "figo", "fiog"),
    "gru": ("rzn", "zrn"),
    "rnn": ("n",),
}


@dataclass(frozen=True)
class Named:
    """A slip that was recognized: its id, its sentences, how it shows, and the layout under which its numbers fit."""

    id: str
    sentence: str
    look_at: str
    detail: str
    layout: Layout


def recognized(placing: Placing) -> Named | None:
    """The one known slip that a subject's numbers equal on all probes; None if there is none, or more than one."""
    layouts = list(_layouts(placing))
    for search in (_of_layers, _of_steps):
        for order in dict.fromkeys(layout.order for layout in layouts):
            found = list(search(placing, [one for one in layouts if one.order == order]))
            if found:
                return _told_apart(found, placing)
    return None


def _told_apart(found: list[Named], placing: Placing) -> Named | None:
    """The first of several whose numbers are the same: in a step from any state they are one function; in a layer that
    starts from zeros two slips may look alike, and then neither is named."""
    one = len({named.id for named in found}) == 1
    return found[0] if one or placing.subject.form.steps else None


def _layouts(placing: Placing) -> Iterator[Layout]:
    """Layouts to try slips under: every reading, in the usual orders, with biases as they stand."""
    known = [layout.order for layout in placing.progress.best]
    tried = [one for one in placing.progress.tried if not one[0][0].odd]
    plain = [one for one in tried if not one[0][0].interleaved]
    for proposal, network in plain or tried:
        kind = KINDS[proposal[0].blocks]
        for order in dict.fromkeys((*known, *_ORDERS[kind])):
            if set(order) != set(_ORDERS[kind][0]):
                continue
            places = _as_they_stand(proposal[0], kind, order)
            if places is not None:
                yield Layout(proposal, network, Choices(kind), order, order, places)


def _as_they_stand(reading: Reading, kind: str, order: str) -> tuple[Place, ...] | None:
    """Biases in the order of the blocks: none, one for each gate, or two."""
    count, G = len(reading.vectors), reading.blocks
    if count not in (0, G, 2 * G):
        return None
    return tuple(Place(order[k % G], "x" if k < G else "h") for k in range(count))


# The course's steps


def _of_steps(placing: Placing, layouts: list[Layout]) -> Iterator[Named]:
    for layout in layouts:
        if layout.readings[0].R is not None:
            continue
        task = EXERCISES[_EXERCISE[layout.choices.kind]]
        for base in _bases(layout.choices.kind):
            taken = {slot for other in base for slot in other.slots}
            for slip in task.slips:
                if slip.mistake in _CONVENTIONS or taken & slip.slots.keys():
                    continue
                one = _course_step(filled(task.variant, (*base, slip)), layout.choices.kind)
                if _equal(placing, layout, lambda *a, one=one: [run(one, *a).ys]) and _in_state(
                    placing, layout, one
                ):
                    told = MISTAKES[slip.mistake]
                    yield Named(told.id, told.sentence, told.look_at, slip.detail, layout)


@cache
def _bases(kind: str) -> list[tuple[Slip, ...]]:
    """What of a GRU may differ by convention while a slip is looked for."""
    if kind != "gru":
        return [()]
    known = {slip.mistake: slip for slip in EXERCISES["gru_cell"].slips}
    reset, z = known["gru-reset-before"], known["gru-z-polarity"]
    return [(), (reset,), (z,), (reset, z)]


def _course_step(variant: Callable, kind: str) -> Step:
    def one(x: Tensor, state: State, w: CellWeights) -> State:
        letters = {"lstm": "ifgo", "gru": "rzn", "rnn": "n"}[kind]
        none = x.new_zeros(w.H)
        weights = Weights(
            torch.cat([w.W[k] for k in letters]),
            torch.cat([w.U[k] for k in letters]),
            torch.cat([w.b.get(k, none) for k in letters]),
            torch.cat([w.d.get(k, none) for k in letters]),
        )
        new = variant(x, state if kind == "lstm" else state[0], weights)
        return tuple(new) if kind == "lstm" else (new,)

    return one


# Layers

Walk = Callable[..., list[Tensor]]


def _not_carried(one, kind, cells, network, xs, start=None) -> list[Tensor]:
    return [torch.cat([run(one, kind, cells, network, x[None]).ys for x in xs])]


def _features(one, kind, cells, network, xs, start=None) -> list[Tensor]:
    return [run(one, kind, cells, network, xs.flip(-1)).ys]


def _reversed(one, kind, cells, network, xs, start=None) -> list[Tensor]:
    ys = run(one, kind, cells, network, xs.flip(0)).ys
    return [ys, ys.flip(0)]


def _halves(one, kind, cells, network, xs) -> tuple[Tensor, Tensor]:
    if network.directions != 2 or network.layers != 1:
        raise ValueError("one direction")
    return run(one, kind, cells, network, xs).ys.chunk(2, -1)


def _not_turned(one, kind, cells, network, xs, start=None) -> list[Tensor]:
    there, back = _halves(one, kind, cells, network, xs)
    return [torch.cat([there, back.flip(0)], -1)]


def _backward_first(one, kind, cells, network, xs, start=None) -> list[Tensor]:
    there, back = _halves(one, kind, cells, network, xs)
    return [torch.cat([back, there], -1)]


def _added(one, kind, cells, network, xs, start=None) -> list[Tensor]:
    there, back = _halves(one, kind, cells, network, xs)
    return [there + back]


def _fed_c(one, kind, cells, network, xs, start=None) -> list[Tensor]:
    if kind != "lstm" or network.layers < 2 or network.directions != 1:
        raise ValueError("one layer")
    for w in cells:
        states = over_time(one, w, xs, zeros(kind, w, xs[0]))
        ys, xs = (torch.stack(part) for part in zip(*states, strict=True))
    return [ys]


def _handed_up(one, kind, cells, network, xs, start=None) -> list[Tensor]:
    if network.layers < 2 or network.directions != 1:
        raise ValueError("one layer")
    state = zeros(kind, cells[0], xs[0])
    for w in cells:
        states = over_time(one, w, xs, state)
        xs, state = torch.stack([s[0] for s in states]), states[-1]
    return [xs]


def _collects(one, kind, cells, network, xs, start=None) -> list[Tensor]:
    if kind != "lstm":
        raise ValueError("no c")
    return [run(one, kind, cells, network, xs).cs]


def _late(one, kind, cells, network, xs, start=None) -> list[Tensor]:
    ys = run(one, kind, cells, network, xs).ys
    return [torch.cat([torch.zeros_like(ys[:1]), ys[:-1]])]


def _poured(one, kind, cells, network, xs, start=None) -> list[Tensor]:
    """Numbers poured into another shape, on the way in or out."""
    T, B, _ = xs.shape
    ys = run(one, kind, cells, network, xs).ys
    out = ys.reshape(B, T, -1).transpose(0, 1)
    inward = run(one, kind, cells, network, xs.transpose(0, 1).reshape(T, B, -1)).ys
    other = run(one, kind, cells, network, xs.reshape(B, T, -1).transpose(0, 1)).ys
    both = inward.reshape(B, T, -1).transpose(0, 1)
    return [out, inward, both, other, other.transpose(0, 1).reshape(T, B, -1)]


_WALKS: dict[str, Walk] = {
    "state-not-carried": _not_carried,
    "features-reversed": _features,
    "time-reversed": _reversed,
    "backward-half-not-turned-back": _not_turned,
    "backward-first": _backward_first,
    "directions-added": _added,
    "second-layer-fed-with-c": _fed_c,
    "state-handed-to-next-layer": _handed_up,
    "collects-c": _collects,
    "output-one-step-late": _late,
}


def _of_layers(placing: Placing, layouts: list[Layout]) -> Iterator[Named]:
    if placing.subject.form.steps:
        return
    walks, places = _WALKS, [placing]
    if placing.subject.form.out == "poured":
        walks = {"view-for-transpose": _poured}
        places = [_called_as(placing, axes) for axes in ("time", "batch")]
    for called in places:
        for layout in layouts:
            for choices in _of_kind(layout.choices.kind):
                tried = replace(layout, choices=choices)
                for name, walk in walks.items():
                    one = tried.one
                    if _equal(called, tried, lambda *a, w=walk, one=one: w(one, *a)):
                        yield told(name, tried)


def _called_as(placing: Placing, axes: str) -> Placing:
    form = replace(placing.subject.form, axes=axes, out="")
    return Placing(replace(placing.subject, form=form))


def _of_kind(kind: str) -> list[Choices]:
    if kind != "gru":
        return [Choices(kind)]
    return [Choices(kind, reset=r, z=z) for r in ("after", "before") for z in ("old", "new")]


def told(name: str, layout: Layout) -> Named:
    """A slip of a layer, with its sentences: the course's, or this module's own."""
    if name in LAYER_SLIPS:
        sentence, look_at = LAYER_SLIPS[name]
        return Named(name, sentence, look_at, "", layout)
    found = MISTAKES[name]
    return Named(name, found.sentence, found.look_at, "", layout)


# Whether the numbers are equal


_PROBES = ((39, 1, 2), (40, 2, 3), (41, 6, 3), (42, 4, 2), (43, 3, 1))


def _equal(placing: Placing, layout: Layout, ways: Callable[..., list[Tensor]]) -> bool:
    """Whether on every probe one of the sequences that came back equals one of those that a slip gives."""
    which: tuple[int, int] | None = None
    for seed, T, B in _PROBES:
        seen = placing.kept(seed, T, B)
        if seen is None:
            return False
        arrays, xs, traces = seen
        try:
            with torch.no_grad():
                ours = ways(layout.choices.kind, layout.cells(arrays), layout.network, xs)
        except STOPS:
            return False
        pairs = [(m, n) for m in range(len(traces)) for n in range(len(ours))]
        if which is not None:
            pairs = [which]
        which = next((p for p in pairs if placing.near(traces[p[0]], ours[p[1]])), None)
        if which is None:
            return False
    return True


def _in_state(placing: Placing, layout: Layout, one: Step) -> bool:
    """Of a step: whether from any state the whole new state is the same, c, too; its parts may come in either order."""
    subject, kind = placing.subject, layout.choices.kind
    if not subject.form.steps:
        return True
    B, parts = 3, 2 if kind == "lstm" else 1
    arrays = random_arrays(placing.target, 44)
    xs = random_xs(placing.target, 44, 2, B, subject.I)
    start = tuple(random_xs(placing.target, 45 + k, 1, B, subject.H) for k in range(parts))
    for order in ((0, 1), (1, 0)) if parts == 2 else ((0,),):
        seen = placing.read(arrays, xs, tuple(start[k] for k in order))
        if seen is None or len(seen.traces) < parts:
            return False
        with torch.no_grad():
            ours = run(one, kind, layout.cells(arrays), layout.network, xs, start)
        state = [trace[-1] for trace in seen.traces[-parts:]]
        if all(placing.near(state[n], ours.finals[k][0]) for n, k in enumerate(order)):
            return True
    return False


__all__ = ["Named", "recognized", "told"]

"""Ways in which a cell or a layer may be called, tried in a fixed order; the first that works and is consistent is kept.

Consistent means: no sample depends on another, and, for one direction, no step on a later one.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import torch
from torch import Tensor

from gates.audit.atoms import Arrays
from gates.audit.subjects.target import CannotRun, Target

STOPS = (
    *(RuntimeError, TypeError, ValueError, IndexError, AttributeError, KeyError),
    *(NotImplementedError, AssertionError, ZeroDivisionError, NameError, ImportError),
)


@dataclass(frozen=True)
class Form:
    """One way to call.

    steps: whether it is called step by step. axes: "rows" or "columns" for what stands for samples in a step; "time" or
    "batch" for the first axis of a sequence, or "single" for one without samples. state: how it is handed over: "none",
    "one", "pair", "two" (arguments), or "one first" and "pair first", before x. stacked: whether an axis of layers comes first.
    """

    steps: bool
    axes: str
    state: str
    stacked: bool = False
    wide: int = 0  # columns of the parts of the state, if not H
    out: str = ""  # the axes of what comes out, if others


@dataclass
class Seen:
    """What came back. traces: sequences (T, B, D), of which one is h; finals: parts of the last state, (L, B, D) each."""

    traces: list[Tensor]
    finals: list[Tensor] = field(default_factory=list)


CELLS = [
    Form(True, axes, state)
    for axes in ("rows", "columns")
    for state in ("one", "pair", "two", "one first", "pair first")
]
LAYERS = [
    Form(False, axes, state, stacked)
    for state, stacked in (
        *(("none", False), ("pair", False), ("two", False), ("one", False)),
        *(("one", True), ("pair", True), ("two", True)),
    )
    for axes in ("time", "batch")
] + [Form(False, "single", "none")]


def parts_of(result: object, T: int) -> list[object]:
    """What came back, flat; a list of T equal tensors as one, stacked in time first ("steps")."""
    if isinstance(result, Tensor):
        return [result]
    if isinstance(result, list | tuple):
        same = all(isinstance(p, Tensor) for p in result) and len({p.shape for p in result}) == 1
        if same and len(result) == T and isinstance(result, list):
            return [("steps", torch.stack(list(result)))]
        if isinstance(result, list) and same and result and result[0].ndim == 2:
            return [torch.stack(result)]
        return [part for inner in result for part in parts_of(inner, T)]
    if isinstance(result, dict):
        return [part for inner in result.values() for part in parts_of(inner, T)]
    return []


@dataclass
class Subject:
    """A target, with the form in which it is called."""

    target: Target
    form: Form
    I: int
    H: int
    swapped: bool = False  # the parts of a state are handed on the other way round
    layers: int = 1
    starts: Form | None = None  # the form with a start, where a layer takes one

    @property
    def takes_start(self) -> bool:
        return self.form.state != "none" or self.starts is not None

    def read(
        self,
        arrays: Arrays,
        xs: Tensor,
        start: tuple[Tensor, ...] | None = None,
        **named: object,
    ) -> Seen:
        """Read xs, (T, B, I), from a start (parts of (L, B, D), in the thing's own order) or from zeros."""
        form = self.form
        if start is not None and self.starts is not None:
            form = self.starts
        if form.steps:
            return self._stepwise(arrays, xs, start)
        if form.axes == "single" and xs.shape[1] > 1:
            return _beside([self.read(arrays, x, None, **named) for x in xs.split(1, 1)])
        if start is None and form.state != "none":
            B, n = xs.shape[1], 1 if form.state == "one" else 2
            start = tuple(xs.new_zeros(self.layers, B, form.wide or self.H) for _ in range(n))
        return self._whole(form, arrays, xs, start, named)

    def _whole(
        self, form: Form, arrays: Arrays, xs: Tensor, start, named: dict, last=False
    ) -> Seen:
        """last: where only the last state comes back, do not ask for those of shorter sequences."""
        T, B = xs.shape[:2]
        given = {"time": xs, "batch": xs.transpose(0, 1).contiguous(), "single": xs[:, 0]}
        arguments = _handed(form, given[form.axes], start)
        parts = parts_of(self.target.call(arrays, *arguments, **named), T)
        traces, finals = [], []
        for part in parts:
            if isinstance(part, tuple):
                traces.append(part[1])
            elif form.axes == "single" and part.ndim == 2 and part.shape[0] == T and not traces:
                traces.append(part[:, None])
            elif form.axes != "single" and part.ndim == 3 and not traces and not finals:
                lead = (T, B) if form.axes == "time" else (B, T)
                if tuple(part.shape[:2]) == lead:
                    traces.append(part if form.axes == "time" else part.transpose(0, 1))
                elif part.shape[1] == B and not traces:
                    finals.append(part)
                else:
                    raise ValueError("no outputs of every step")
            elif part.ndim == 3 and part.shape[1] == B:
                finals.append(part)
            elif part.ndim == 2 and part.shape[0] == B:
                finals.append(part[None])
            elif part.ndim == 1 and form.axes == "single":
                finals.append(part[None, None])
            elif part.ndim == 2 and form.axes == "single":
                finals.append(part[:, None])
        if not traces:
            if not finals:
                raise ValueError("nothing came back that could be a state")
            if T == 1 or last:
                return Seen([finals[0][-1][None]], finals)
            shorter = (self._whole(form, arrays, xs[:t], start, named, True) for t in range(1, T))
            traces = [torch.cat([*(one.traces[0] for one in shorter), finals[0][-1][None]])]
        return Seen(traces, finals)

    def _stepwise(self, arrays: Arrays, xs: Tensor, start) -> Seen:
        form, B = self.form, xs.shape[1]
        n = 1 if form.state.startswith("one") else 2
        state = tuple(xs.new_zeros(B, form.wide or self.H) for _ in range(n))
        if start is not None:
            state = tuple(part[0] for part in start)
        seen: list[list[Tensor]] = []
        for x in xs:
            turned = form.axes == "columns"
            x, state = (x.T, tuple(p.T for p in state)) if turned else (x, state)
            result = self.target.call(arrays, *_handed(replace(form, stacked=True), x, state))
            parts = [p for p in parts_of(result, 10**9) if isinstance(p, Tensor)]
            parts = [p.T for p in parts] if turned else parts
            if len(parts) < n or any(p.ndim != 2 or p.shape[0] != B for p in parts):
                raise ValueError("no new state of the same shape came back")
            state = tuple(parts[:1] if n == 1 and "first" in form.state else parts[-n:])
            if any(p.shape[1] != (form.wide or self.H) for p in state):
                raise ValueError("no new state of the same shape came back")
            seen.append(parts)
            if self.swapped:
                state = state[::-1]
        if len({len(parts) for parts in seen}) > 1:
            raise ValueError("it returns now more, now less")
        return Seen([torch.stack(t) for t in zip(*seen, strict=True)], [p[None] for p in seen[-1]])


def _beside(seen: list[Seen]) -> Seen:
    """Samples that were read one by one, as a batch."""
    traces = [torch.cat(of, 1) for of in zip(*(one.traces for one in seen), strict=True)]
    return Seen(
        traces, [torch.cat(of, 1) for of in zip(*(one.finals for one in seen), strict=True)]
    )


def _handed(form: Form, x: Tensor, start: tuple[Tensor, ...] | None) -> tuple:
    if form.state == "none":
        return (x,)
    parts = tuple(part if form.stacked else part[0] for part in start)
    if form.state == "one":
        return (x, parts[0])
    if form.state == "pair":
        return (x, parts)
    if form.state == "two":
        return (x, *parts)
    return (parts[0], x) if form.state == "one first" else (parts, x)


# Which form works


def random_arrays(target: Target, seed: int, scale: float = 0.6) -> Arrays:
    """Numbers for all arrays, of mean 0."""
    of = torch.Generator().manual_seed(seed)
    dtype = target.dtype
    return {
        name: scale * torch.randn(shape, generator=of, dtype=torch.float64).to(dtype)
        for name, shape in target.shapes.items()
    }


def random_xs(target: Target, seed: int, *shape: int) -> Tensor:
    of = torch.Generator().manual_seed(1000 + seed)
    return torch.randn(*shape, generator=of, dtype=torch.float64).to(target.dtype)


def subject_of(target: Target, Is: list[int], Hs: list[int]) -> Subject:
    """The target with the first form that works and is consistent; CannotRun, with what was tried, where none is."""
    errors: dict[str, str] = {}
    arrays = random_arrays(target, 1)
    loose: Subject | None = None
    for I in Is:
        for forms in (CELLS, LAYERS):
            for form in forms:
                if target.forms and form.axes not in target.forms:
                    continue
                for H in Hs:
                    subject = Subject(target, form, I, H)
                    try:
                        with torch.no_grad():
                            fault = _fault(subject, arrays)
                    except STOPS as error:
                        errors.setdefault(f"{type(error).__name__}: {_first(error)}", _called(form))
                        continue
                    if not fault:
                        return subject
                    if fault == "draws":
                        raise _Draws(subject)
                    if fault == "poured" and loose is None:
                        loose = replace_form(subject, out=fault)
                    if form.steps is False and form.state == "none":
                        break
    if loose is not None:
        return loose
    said = "; ".join(f"{called} ended in {error}" for error, called in list(errors.items())[:3])
    raise CannotRun(
        f"No way of calling it worked. {said}." if said else "No call of it was consistent."
    )


class _Draws(CannotRun):
    def __init__(self, subject: Subject) -> None:
        super().__init__("Two calls with the same numbers give different results.")
        self.subject = subject


def replace_form(subject: Subject, **changes: object) -> Subject:
    return replace(subject, form=replace(subject.form, **changes))


def _first(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return (lines[0] if lines else "no message")[:120].rstrip(".")


def _called(form: Form) -> str:
    if form.steps:
        how = {"rows": "x, (B, I)", "columns": "x, (I, B)"}[form.axes]
    else:
        how = {"time": "xs, (T, B, I)", "batch": "xs, (B, T, I)", "single": "xs, (T, I)"}[form.axes]
    state = {"none": "", "one": " and h", "pair": " and (h, c)", "two": ", h and c"}
    state |= {"one first": " after h", "pair first": " after (h, c)"}
    return f"Calling it with {how}{state[form.state]}"


T, B = 5, 3


def _fault(subject: Subject, arrays: Arrays) -> str:
    """What is inconsistent: "draws", "samples" (they depend on each other), "poured" (they do, and shapes fit), or nothing."""
    target, I = subject.target, subject.I
    b = 1 if subject.form.axes == "single" else B
    xs = random_xs(target, 2, T, b, I)
    one, again = subject.read(arrays, xs), subject.read(arrays, xs)
    if not all(torch.equal(p, q) for p, q in zip(one.traces, again.traces, strict=True)):
        near = all(torch.allclose(p, q) for p, q in zip(one.traces, again.traces, strict=True))
        if not near:
            return "draws"
    if one.traces[0].shape[:2] != (T, b):
        return "shape"
    other = xs.clone()
    other[:, 0] += 1.0
    if b > 1:
        seen = subject.read(arrays, other)
        for p, q in zip(one.traces, seen.traces, strict=True):
            if not torch.allclose(p[:, 1:], q[:, 1:], rtol=1e-5, atol=1e-6):
                return "poured"
    other = xs.clone()
    other[0] += 1.0
    seen = subject.read(arrays, other)
    if torch.allclose(one.traces[0], seen.traces[0], rtol=1e-6, atol=1e-7):
        return "idle"
    return ""


def starts_of(subject: Subject, layers: int, widths: tuple[int, ...]) -> Iterator[Form]:
    """The forms in which a layer may take a start, beside that in which it is called."""
    for form in LAYERS:
        fits = form.axes == subject.form.axes and (form.stacked or layers == 1)
        if fits and form.state != "none" and (form.state == "one") == (len(widths) == 1):
            yield replace(form, out=subject.form.out)

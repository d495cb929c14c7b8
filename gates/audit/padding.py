"""What a subject does with padding, where it can be told lengths: whether anything depends on it, and what stands there."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from gates.audit.placing import Layout, Placing
from gates.audit.subjects.forms import STOPS, Seen, parts_of, random_arrays, random_xs

LENGTHS = (5, 2, 4)


@dataclass(frozen=True)
class Padding:
    """at_end: zero, last repeated, goes on, or something else; empty if lengths cannot be said. reads: whether the outputs
    of real steps, or the final state, depend on what stands in the padding. right: whether both are the equation's."""

    at_end: str = ""
    reads: bool = False
    right: bool = True


def padding(placing: Placing, layout: Layout) -> Padding:
    T, B = max(LENGTHS), len(LENGTHS)
    arrays = random_arrays(placing.target, 70)
    xs, other = (random_xs(placing.target, s, T, B, placing.subject.I) for s in (70, 71))
    real = torch.arange(T)[:, None] < torch.tensor(LENGTHS)
    other = torch.where(real[..., None], xs, other)
    for read in _ways(placing, arrays):
        try:
            with torch.no_grad():
                one, two = read(xs), read(other)
        except STOPS:
            continue
        return _judged(placing, layout, arrays, xs, real, one, two)
    return Padding()


def _judged(placing, layout, arrays, xs, real, one: Seen, two: Seen) -> Padding:
    ys, changed = one.traces[0], two.traces[0]
    reads = not placing.near(changed[real], ys[real])
    finals = zip(one.finals, two.finals, strict=True)
    reads = reads or not all(placing.near(q, p) for p, q in finals)
    right = True
    with torch.no_grad():
        for b, n in enumerate(LENGTHS):
            ours = layout.read(arrays, xs[:n, b : b + 1])
            right = right and placing.near(ys[:n, b : b + 1], ours.ys)
    last = torch.stack([ys[n - 1, b] for b, n in enumerate(LENGTHS)])
    padded = ys[~real]
    if not padded.abs().max():
        at_end = "zero"
    elif placing.near(padded, last.expand_as(ys)[~real]):
        at_end = "last repeated"
    else:
        at_end = "goes on"
    return Padding(at_end, reads, right)


def named(names: tuple[str, ...]) -> str:
    """The parameter by which lengths or a mask are said, or nothing."""
    return next((n for n in names if "len" in n.lower() or "mask" in n.lower()), "")


def full(placing_form_axes: str, name: str, T: int, B: int) -> Tensor:
    """Lengths, or a mask, that say that there is no padding."""
    if "mask" in name.lower():
        return torch.ones((T, B) if placing_form_axes == "time" else (B, T), dtype=torch.bool)
    return torch.full((B,), T)


def _ways(placing: Placing, arrays) -> Iterator[Callable[[Tensor], Seen]]:
    subject, target = placing.subject, placing.target
    name = named(target.names)
    lengths = torch.tensor(LENGTHS)
    real = torch.arange(max(LENGTHS))[:, None] < lengths
    if subject.form.steps:
        return
    if name:
        said = real if subject.form.axes == "time" else real.T
        values = [lengths] if "len" in name.lower() else [said, said.to(target.dtype)]
        for value in values:
            yield lambda xs, value=value: subject.read(arrays, xs, None, **{name: value})
    if target.framework in ("torch.nn", "by hand"):

        def packed(xs: Tensor) -> Seen:
            rows = pack_padded_sequence(xs, lengths, enforce_sorted=False)
            ys, state = target.call(arrays, rows)
            ys, _ = pad_packed_sequence(ys, total_length=max(LENGTHS))
            return Seen([ys], [p for p in parts_of(state, 0) if isinstance(p, Tensor)])

        yield packed

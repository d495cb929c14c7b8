"""An audit: from a thing to a report, one experiment after the other."""

from collections.abc import Iterable
from dataclasses import replace

import torch

from gates.audit.bringing import brought
from gates.audit.gradients import Gradients, gradients
from gates.audit.padding import named, padding
from gates.audit.placing import Layout, Placing
from gates.audit.report import NAMES, Report
from gates.audit.slips import Named, recognized, told
from gates.audit.subjects.forms import STOPS, Form, Subject, random_arrays, random_xs, starts_of
from gates.audit.subjects.making import subjects
from gates.audit.subjects.target import CannotRun
from gates.audit.telling import facts, not_placed, sentences


def examine(thing: object, name: str = "") -> Report:
    """Find the convention of a thing by experiment. Nothing is raised for what cannot be run: the report says so."""
    called = name or getattr(thing, "__name__", type(thing).__name__)
    try:
        report: Report | None = None
        for subject in subjects(thing):
            report = of_subject(subject, called)
        return report
    except CannotRun as error:
        said = str(error)
        placed = "not placed" if hasattr(error, "subject") else "could not run"
        return Report(called, placed, sentences=(said,))


def of_subject(subject: Subject, name: str) -> Report:
    placing = Placing(subject)
    found = placing.found()
    if not found and subject.form.steps and subject.form.state not in ("one", "one first"):
        other = Placing(replace(subject, swapped=True))
        swapped = other.found()
        if swapped:
            return _slip(other, told("returns-c-then-h", swapped[0]), name)
    if not found:
        slip = recognized(placing)
        if slip is not None:
            return _slip(placing, slip, name)
        return not_placed(placing, name)
    return _placed(placing, found[0], name)


def _slip(placing: Placing, slip: Named, name: str) -> Report:
    kind = slip.layout.choices.kind
    order = ", ".join(slip.layout.order)
    said = [f"This is {NAMES[kind]} but for one slip."]
    if kind != "rnn":
        said.append(f"Its gates stand in the order {order}.")
    said += [slip.sentence, slip.detail, slip.look_at]
    return Report(
        name,
        "slip",
        framework=placing.target.framework,
        slip=slip.id,
        sentences=tuple(s for s in said if s),
        **facts(placing, slip.layout, (), ""),
    )


def _placed(placing: Placing, layout: Layout, name: str) -> Report:
    slips: list[Named] = []
    state, wrong = _state(placing, layout)
    if layout.choices.kind == "lstm" and placing.target.told.get("state"):
        state = ", ".join(placing.target.told["state"])  # its adapter always gives h first
    if wrong:
        slips.append(told(wrong, layout)) if wrong != "?" else None
    start = _start(placing, layout)
    if start == "ignored":
        slips.append(told("start-state-ignored", layout))
    shared = any(len(p.letters) > 1 for p in layout.places)
    if shared:
        slips.append(told("bias-shared-between-gates", layout))
    if layout.readings[0].odd:
        slips.append(told("recurrent-not-transposed", layout))
    said = placing.target.told.get("batch_first")
    if said is True and placing.subject.form.axes == "time" and layout.network.cells:
        slips.append(told("time-and-batch-exchanged", layout))
    of = gradients(placing, layout)
    if of.status == "differ" and of.slip:
        slips.append(told(of.slip, layout))
    end = padding(placing, layout)
    if end.at_end and end.reads:
        slips.append(told("reads-padding", layout))
    lines = brought(placing, layout)
    unknown = _unknown(of, wrong, end, start)
    status = "slip" if slips else "not placed" if unknown else "placed"
    more = sentences(placing, layout, state, of, end.at_end, start)
    for slip in slips:
        more += [slip.sentence, slip.look_at]
    more += unknown
    return Report(
        name,
        status,
        framework=placing.target.framework,
        slip=slips[0].id if slips else "",
        sentences=tuple(s for s in more if s),
        gradients={"agree": "agree", "differ": "differ", "none": ""}[of.status],
        padding=end.at_end or None,
        code=lines.code,
        reason=lines.reason,
        **facts(placing, layout, _idle(layout), state),
    )


def _unknown(of: Gradients, wrong: str, end, start: str) -> list[str]:
    """What differs and has no name."""
    found = []
    if of.status == "differ" and not of.slip:
        found.append(
            f"Its gradients differ from the equation's, in a way that has no name here. {of.how}"
        )
    if wrong == "?":
        found.append("Its outputs are right, and the state that it returns is not the last one.")
    if start == "?":
        found.append("From a start that is handed in, its outputs are others than the equation's.")
    if end.at_end and not end.right and not end.reads:
        found.append("With lengths, its outputs are not those of each sequence alone.")
    return found


def _idle(layout: Layout) -> tuple[str, ...]:
    """Arrays of which no part acts anywhere."""
    of: dict[str, set[str]] = {}
    for reading in layout.readings:
        for atom, place in zip(reading.vectors, layout.places, strict=False):
            of.setdefault(atom.array, set()).add(place.letters)
        of.update({name: {""} for name in reading.scalars})
    return tuple(name for name, letters in of.items() if letters == {""})


def _state(placing: Placing, layout: Layout) -> tuple[str, str]:
    """The parts of the state in the order in which they come, as "h, c"; and what is wrong with them: a slip's id, "?"
    for something unknown, or nothing."""
    T, B = 5, 3
    arrays = random_arrays(placing.target, 80)
    xs = random_xs(placing.target, 80, T, B, placing.subject.I)
    form = placing.subject.form
    start = None
    H, P = layout.cells(arrays)[0].H, layout.cells(arrays)[0].P
    n = layout.network.cells
    if form.state != "none" and H == P:
        count = 1 if form.state.startswith("one") else 2
        start = tuple(random_xs(placing.target, 81 + k, n, B, H) for k in range(count))
    orders: Iterable = ((0, 1), (1, 0)) if start is not None and len(start) == 2 else ((0, 1),)
    for order in orders:
        handed = None if start is None else tuple(start[k] for k in order[: len(start)])
        seen = placing.read(arrays, xs, handed)
        with torch.no_grad():
            ours = layout.read(arrays, xs, start)
        if seen is None or not placing.near(seen.traces[layout.trace], ours.ys):
            continue
        finals = [piece for part in seen.finals for piece in _apart(part, layout)]
        names = [_named(placing, part, ours) for part in finals]
        if form.steps:
            names = names[-(1 if form.state.startswith("one") else 2) :]
        if layout.choices.kind == "lstm" and {"h", "c"} <= set(names):
            names = [x for x in names if x in ("h", "c")]
            return ", ".join(names[:2]), ""
        if "before" in names:
            return "", "first-state-returned"
        return ", ".join(dict.fromkeys(x for x in names if x != "?")), "?" if "?" in names else ""
    return "", "?"


def _apart(part: torch.Tensor, layout: Layout) -> tuple[torch.Tensor, ...]:
    """h and c, where they came back as one stack."""
    n = layout.network.cells
    both = layout.choices.kind == "lstm" and len(part) == 2 * n
    return part.split(n) if both else (part,)


def _named(placing: Placing, part: torch.Tensor, ours) -> str:
    """What a part of the returned state is."""
    for name, values in zip("hc", ours.finals, strict=False):
        shapes = (
            values,
            values[-1:],
            torch.cat([*values], -1)[None],
            torch.cat([*values[-2:]], -1)[None],
        )
        if any(placing.near(part, value) for value in shapes):
            return name
    if placing.near(part, ours.ys[-1:]):
        return "h"
    return "before" if any(placing.near(part, value) for value in ours.before) else "?"


def _start(placing: Placing, layout: Layout) -> str:
    """Whether a layer takes a start: "taken", "ignored", "?" if it does something else with it, or nothing."""
    subject = placing.subject
    if subject.form.steps or subject.form.state != "none":
        return "taken"
    names = [n for n in subject.target.names if n != "self"][1:]
    if not names or names[0] == named(tuple(names)):
        return ""
    arrays = random_arrays(placing.target, 85)
    xs = random_xs(placing.target, 85, 4, 3, subject.I)
    w, n = layout.cells(arrays)[0], layout.network.cells
    widths = (w.P, w.H) if layout.choices.kind == "lstm" else (w.P,)
    start = tuple(random_xs(placing.target, 86 + k, n, 3, size) for k, size in enumerate(widths))
    with torch.no_grad():
        ours, zero = layout.read(arrays, xs, start).ys, layout.read(arrays, xs).ys
    ignored = other = False
    for form in starts_of(subject, n, widths):
        for handed in {start, start[::-1]}:
            seen = _read(subject, form, arrays, xs, handed)
            if seen is None:
                continue
            if placing.near(seen.traces[layout.trace], ours):
                return "taken"
            ignored = ignored or placing.near(seen.traces[layout.trace], zero)
            other = other or seen.traces[layout.trace].shape == zero.shape
    return "ignored" if ignored else "?" if other else ""


def _read(subject: Subject, form: Form, arrays, xs, start):
    try:
        with torch.no_grad():
            return replace(subject, starts=form).read(arrays, xs, start)
    except STOPS:
        return None

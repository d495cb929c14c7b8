"""The sentences of a report, and the facts in its fields."""

from collections.abc import Iterable

import torch

from gates.audit.gradients import Gradients
from gates.audit.placing import Layout, Placing
from gates.audit.report import NAMES, Report
from gates.audit.subjects.forms import random_arrays, random_xs


def facts(placing: Placing, layout: Layout, idle: tuple[str, ...], state: str) -> dict:
    """Fields of a report that a layout decides."""
    choices, reading = layout.choices, layout.readings[0]
    return {
        "kind": choices.kind,
        "order": layout.order if choices.kind != "rnn" else "",
        "recurrent_order": (layout.recurrent or layout.order) if choices.kind != "rnn" else "",
        "arrays": _arrays(placing, layout),
        "joined": bool(reading.joined),
        "first": reading.joined,
        "orientation": reading.orientation,
        "interleaved": reading.interleaved,
        "biases": biases(layout),
        "idle": idle,
        "reset": _reset(layout),
        "z": choices.z if choices.kind == "gru" else "",
        "offset": choices.offset,
        "projection": reading.R is not None,
        "peepholes": ", ".join(
            f"{p.letters} {p.side}" for p in layout.places if p.side in ("old", "new")
        ),
        "state": state,
        "gate": choices.gate if choices.kind != "rnn" else "",
        "candidate": choices.candidate,
        "output": choices.output if choices.kind == "lstm" else "",
        "layers": layout.network.layers,
        "directions": layout.network.directions,
        "axes": placing.subject.form.axes,
    }


def biases(layout: Layout) -> str:
    """How many biases there are: 0, 1, 2, or "1 and n's own"."""
    counts: dict[str, int] = {}
    for place in layout.places:
        if place.side in ("x", "h"):
            for k in place.letters:
                counts[k] = counts.get(k, 0) + 1
    numbers = [counts.get(k, 0) for k in layout.choices.letters]
    if len(set(numbers)) == 1:
        return str(numbers[0])
    if layout.choices.kind == "gru" and numbers == [1, 1, 2]:
        return "1 and n's own"
    return ", ".join(f"{k} {n}" for k, n in zip(layout.choices.letters, numbers, strict=True))


def _reset(layout: Layout) -> str:
    if layout.choices.kind != "gru":
        return ""
    if layout.choices.reset == "before":
        return "before"
    biased = any(p.side in ("x", "h") for p in layout.places)
    own = any((p.letters, p.side) == ("n", "h") for p in layout.places)
    return "after" if own or not biased else "after, bias outside"


def _arrays(placing: Placing, layout: Layout) -> str:
    """Which arrays hold what, with their shapes."""
    reading = layout.readings[0]
    said: dict[str, list[str]] = {}
    for letter, W, U in zip(layout.order, reading.W, reading.U, strict=True):
        both = W.array == U.array
        if both:
            parts = (
                (f"W_{letter}", f"U_{letter}")
                if reading.joined == "x"
                else (f"U_{letter}", f"W_{letter}")
            )
            said.setdefault(W.array, []).append("|".join(parts))
        else:
            said.setdefault(W.array, []).append(f"W_{letter}")
    for letter, U in zip(layout.recurrent or layout.order, reading.U, strict=True):
        if all(U.array != W.array for W in reading.W):
            said.setdefault(U.array, []).append(f"U_{letter}")
    names = []
    for array, parts in said.items():
        shape = ", ".join(map(str, placing.target.shapes[array]))
        names.append(f"{array} ({shape}): {' '.join(parts)}")
    return "; ".join(names)


def sentences(
    placing: Placing, layout: Layout, state: str, of: Gradients, at_end: str, start: str
) -> list[str]:
    """What is said aloud of a thing that was placed."""
    choices, reading, network = layout.choices, layout.readings[0], layout.network
    said = [f"This is {NAMES[choices.kind]}" + _stacked(network) + "."]
    holders = list(dict.fromkeys(a.array for a in (*reading.W, *reading.U)))
    across = reading.orientation
    if choices.kind == "rnn":
        said.append(f"Its outputs are {across} of {' and '.join(holders)}.")
    elif len({a.array for a in reading.W}) == reading.blocks:
        said.append(f"Each gate has arrays of its own, and its outputs are {across} of them.")
    else:
        order = ", ".join(layout.order)
        said.append(
            f"Its gates stand in the order {order}, in {across} of {' and '.join(holders)}."
        )
        if layout.recurrent and layout.recurrent != layout.order:
            said.append(
                f"The recurrent blocks stand in another order: {', '.join(layout.recurrent)}."
            )
    if reading.interleaved:
        said.append("The gates of one unit stand side by side.")
    if reading.joined:
        said.append(
            f"One array meets both, {'x, then h' if reading.joined == 'x' else 'h, then x'}."
        )
    elif reading.recurrent != reading.orientation:
        said.append(
            f"The recurrent blocks are stored the other way: outputs are {reading.recurrent}."
        )
    said.append(_of_biases(biases(layout)))
    if choices.kind == "lstm":
        number = f"{choices.offset:g} is added to f inside." if choices.offset else ""
        said.append(number or "Nothing is added to f.")
    if choices.kind == "gru":
        where = {
            "before": "r acts on h before the product.",
            "after": "r acts after the product.",
            "after, bias outside": "r acts after the product, and the bias stays outside it.",
        }
        said.append(where[_reset(layout)])
        said.append(f"z is the share of the {choices.z} state.")
    said += _further(placing, layout)
    if state and choices.kind == "lstm":
        said.append(f"The state comes back as ({state})." if "," in state else "")
    if at_end:
        after = {
            "zero": "zeros stand in the output",
            "last repeated": "the last output stands there again",
            "goes on": "the outputs go on",
        }
        said.append(f"After the end of a sequence {after[at_end]}.")
    if of.status == "agree":
        said.append("Gradients agree.")
    elif of.status == "none":
        said.append(of.how)
    elif of.how:
        said.append(f"Gradients differ: {of.how}.".replace("..", "."))
    if placing.target.draws:
        said.append("In training mode it draws at random; this was found in eval mode.")
    return said


def _stacked(network) -> str:
    said = f" of {network.layers} layers" if network.layers > 1 else ""
    return said + (" in both directions" if network.directions == 2 else "")


def _of_biases(count: str) -> str:
    words = {
        "0": "no bias",
        "1": "one bias",
        "2": "two biases",
        "1 and n's own": "one bias, and n its own",
    }
    return (
        f"It has {words[count]}."
        if count in words
        else f"Its gates have biases by number: {count}."
    )


def _further(placing: Placing, layout: Layout) -> list[str]:
    choices = layout.choices
    said = []
    peepholes = [p for p in layout.places if p.side in ("old", "new")]
    if peepholes:
        each = ", ".join(f"{p.letters} sees the {p.side} c" for p in peepholes)
        said.append(f"It has peepholes: {each}.")
    if layout.readings[0].R is not None:
        said.append("h is a projection.")
    if choices.gate != "sigmoid" and choices.kind != "rnn":
        said.append(f"Its gates go through a {choices.gate}.")
    if choices.candidate != "tanh":
        said.append(f"Its candidate goes through {choices.candidate}.")
    idle: dict[str, set[str]] = {}
    for atom, place in zip(layout.readings[0].vectors, layout.places, strict=True):
        idle.setdefault(atom.array, set()).add(place.letters)
    for name, letters in idle.items():
        if letters == {""}:
            said.append(f"{name} acts nowhere.")
    return said


def not_placed(placing: Placing, name: str) -> Report:
    """What is still known of a thing that nothing fits."""
    stage, best = placing.progress.stage, placing.progress.best
    if placing.progress.fixed:
        return Report(
            name,
            "not placed",
            framework=placing.target.framework,
            sentences=(
                "It runs with one number of steps and samples only, so it cannot be tried on others.",
            ),
        )
    if not placing.progress.tried:
        return Report(
            name,
            "not placed",
            framework=placing.target.framework,
            sentences=(
                "Its arrays do not add up to the gates of an LSTM, a GRU or a plain RNN: "
                + ", ".join(f"{n} {s}" for n, s in list(placing.target.shapes.items())[:8])
                + ".",
                *_parts(placing.target.shapes),
            ),
        )
    if stage == "readings" or not best:
        return Report(
            name,
            "not placed",
            framework=placing.target.framework,
            sentences=(
                "No convention fits, and no known slip: already its first step from zeros differs from every LSTM, GRU and plain RNN.",
            ),
        )
    layout = best[0]
    said = [f"No convention fits all of it, and no known slip. {_first_steps(placing, layout)}"]
    said.append(_KNOWN[stage])
    return Report(
        name,
        "not placed",
        framework=placing.target.framework,
        sentences=tuple(said),
    )


_KNOWN = {
    "inputs": "With the recurrent weights and biases at zero the first step fits, and the second does not.",
    "offset": "With the recurrent weights at zero it fits; what the hidden state does is another thing.",
    "recurrent": "Without biases it fits; one of the vectors acts in another way than a bias or a peephole.",
    "vectors": "Each part fits alone, and all together do not.",
    "all": "",
}


def _first_steps(placing: Placing, layout: Layout) -> str:
    """From which step on it differs, and how far, with only what fits set to numbers."""
    atoms = [a for r in layout.readings for a in (*r.W, *((r.R,) if r.R else ()))]
    if placing.progress.stage != "inputs":
        atoms += [a for r in layout.readings for a in r.U]
    arrays = placing.with_numbers(atoms, 95)
    if placing.progress.stage == "vectors":
        arrays = random_arrays(placing.target, 95)
    xs = random_xs(placing.target, 95, 4, 3, placing.subject.I)
    seen = placing.read(arrays, xs)
    if seen is None:
        return ""
    with torch.no_grad():
        ys = layout.read(arrays, xs).ys
    far = (seen.traces[layout.trace] - ys).abs().amax((1, 2))
    wrong = [t for t, d in enumerate(far.tolist()) if not d <= placing.tolerance * 10]
    name = NAMES[layout.choices.kind]
    if not wrong:
        return ""
    if wrong[0] == 0:
        return f"h differs from {name}'s from the first step on, by up to {max(far.tolist()):.2g}."
    words = {1: "second", 2: "third", 3: "fourth"}
    first = "The first step is" if wrong[0] == 1 else f"The first {wrong[0]} steps are"
    return f"{first} {name}'s; from the {words[wrong[0]]} on h differs, by up to {max(far.tolist()):.2g}."


def _parts(names: Iterable[str]) -> list[str]:
    """The parts of a module that have the arrays of a recurrent layer, in a sentence; none if there are none."""
    parts = dict.fromkeys(name.split(".weight_ih")[0] for name in names if ".weight_ih" in name)
    if not parts:
        return []
    return [
        f"It holds {' and '.join(parts)}, with the arrays of a recurrent layer: hand in that part alone."
    ]

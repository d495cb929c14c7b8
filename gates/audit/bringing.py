"""The lines that bring torch's weights into a thing whose convention is known, tried before they are shown."""

import re
from collections import defaultdict
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from gates.audit.atoms import Atom, Reading
from gates.audit.equations import LETTERS, run, step
from gates.audit.placing import Layout, Placing
from gates.audit.subjects.forms import random_xs

_MODULES = {"lstm": nn.LSTM, "gru": nn.GRU, "rnn": nn.RNN}


@dataclass(frozen=True)
class Brought:
    """Lines of code, or the reason why the weights cannot be brought."""

    code: str = ""
    reason: str = ""


def brought(placing: Placing, layout: Layout) -> Brought:
    """The code for a layer of torch.nn called `layer` and the thing called `thing`."""
    if reason := _reason(layout):
        return Brought(reason=reason)
    owner = placing.target.owner
    if placing.target.framework == "onnx":
        return Brought("from gates.exchange.onnx_file import write\n\nwrite(layer, PATH)")
    if not owner and placing.target.told.get("row") is not None:
        return Brought("from gates.exchange import bring\n\nbring(layer, thing)")
    if not owner:
        return Brought(
            reason="Torch's weights fit into it as said above; `gates.exchange` has no row that does it for you."
        )
    code = _code(placing, layout, owner)
    tried = _code(placing, layout, "thing[{!r}]")
    if not _works(placing, layout, tried):
        return Brought(reason="Torch's weights were brought in, and its numbers did not come out.")
    return Brought(code)


def _reason(layout: Layout) -> str:
    choices = layout.choices
    kind = choices.kind
    if choices.reset == "before":
        return (
            "Torch's weights cannot be brought in: here r acts on h before the product, in torch after it, "
            "and no weights make up for that."
        )
    plain = choices.gate == "sigmoid" and choices.output == "tanh"
    if not plain or (choices.candidate != "tanh" and (kind, choices.candidate) != ("rnn", "relu")):
        return "Torch's weights cannot be brought in: its activations are others than torch's."
    letters = {p.letters for p in layout.places if p.side in ("x", "h")}
    has = {(k, p.side) for p in layout.places for k in p.letters}
    if any(len(k) > 1 for k in letters):
        return "Torch's weights cannot be brought in: there is no bias for each gate."
    if choices.offset and ("f", "x") not in has:
        return "Torch's weights cannot be brought in: there is no bias that could take back what is added to f."
    if kind == "gru" and has and ("n", "h") not in has:
        return "Torch's weights can be brought in only where b_hn is zero: there is no room for a bias that r multiplies."
    missing = {k for k in choices.letters if has and (k, "x") not in has}
    if missing:
        return f"Torch's weights cannot be brought in: there is no bias for {', '.join(sorted(missing))}."
    return ""


def _suffix(layout: Layout, k: int) -> str:
    layer, backward = divmod(k, layout.network.directions)
    return f"_l{layer}" + ("_reverse" if backward else "")


def _code(placing: Placing, layout: Layout, owner: str) -> str:
    kind = layout.choices.kind
    biased = any(p.side in ("x", "h") for p in layout.places)
    lines = ["with torch.no_grad():"]
    for k, reading in enumerate(layout.readings):
        lines += [f"    {line}" for line in _taken(kind, _suffix(layout, k), biased, layout)]
        lines += [f"    {line}" for line in _put(placing, layout, reading, owner, k)]
    return "\n".join(lines)


def _taken(kind: str, suffix: str, biased: bool, layout: Layout) -> list[str]:
    letters = LETTERS[kind]
    names = {"W": "weight_ih", "U": "weight_hh"}
    if biased:
        names |= {"b": "bias_ih", "d": "bias_hh"}
    lines = [
        f'{letter} = dict(zip("{letters}", layer.{name}{suffix}.chunk({len(letters)})))'
        for letter, name in names.items()
    ]
    if layout.choices.z == "new" and kind == "gru":
        lines.append(f"for held in ({', '.join(names)}):")
        lines.append('    held["z"] = -held["z"]  # 1 - sigmoid(a) is sigmoid(-a)')
    if layout.choices.offset:
        offset = f"{abs(layout.choices.offset):g}"
        sign = "-" if layout.choices.offset > 0 else "+"
        lines.append(f'b["f"] = b["f"] {sign} {offset}')
    return lines


def _put(placing: Placing, layout: Layout, reading: Reading, owner: str, k: int) -> list[str]:
    """A line for each array, in the order in which they stand."""
    held: dict[str, list[tuple[Atom, str]]] = defaultdict(list)
    for letter, atom in zip(layout.order, reading.W, strict=True):
        held[atom.array].append((atom, f'W["{letter}"]'))
    for letter, atom in zip(layout.recurrent or layout.order, reading.U, strict=True):
        held[atom.array].append((atom, f'U["{letter}"]'))
    if reading.R is not None:
        held[reading.R.array].append((reading.R, f"layer.weight_hr{_suffix(layout, k)}"))
    for atom, text in zip(reading.vectors, _biases(layout), strict=True):
        held[atom.array].append((atom, text))
    lines = []
    for name, atoms in held.items():
        shape = placing.target.shapes[name]
        lines += _lines(_reached(owner, name), shape, atoms, owner == "{}")
    return lines


def _reached(owner: str, name: str) -> str:
    """How code reaches an array: parts of a name that are numbers are places in a list."""
    return owner.format(name) if "!r" in owner else re.sub(r"\.(\d+)", r"[\1]", owner.format(name))


def _biases(layout: Layout) -> list[str]:
    """What goes into each vector: torch has two biases; where there is one, it takes the sum."""
    kind = layout.choices.kind
    beside_x = [p.letters for p in layout.places if p.side == "x"]
    given: dict[str, int] = defaultdict(int)
    found = []
    for place in layout.places:
        k = place.letters
        if place.side == "h":
            found.append(f'd["{k}"]')
        elif place.side != "x":
            found.append("0")
        elif kind == "gru" and k == "n":
            found.append('b["n"]' if not given[k] else "0")
        elif beside_x.count(k) > 1:
            found.append((f'b["{k}"]', f'd["{k}"]', "0")[min(given[k], 2)])
        else:
            found.append(f'b["{k}"] + d["{k}"]')
        given[k] += place.side == "x"
    return found


def _lines(
    to: str, shape: tuple[int, ...], atoms: list[tuple[Atom, str]], plain: bool
) -> list[str]:
    if all(text == "0" for _, text in atoms):
        return [f"{to} = torch.zeros({', '.join(map(str, shape))})" if plain else f"{to}.zero_()"]
    made = _expression(shape, atoms)
    return [f"{to} = {made}" if plain else f"{to}.copy_({made})"]


def _expression(shape: tuple[int, ...], atoms: list[tuple[Atom, str]]) -> str:
    """One expression for a whole array: its blocks, each as it stands there, joined along their axes."""
    first = atoms[0][0]
    if (len(first.shape) == 2 and isinstance(first.index[0], int)) or _is_vector(first):
        values = [text for _, text in sorted(atoms, key=lambda a: _place(a[0]))]
        H = first.shape[1] if isinstance(first.index[0], int) else first.shape[0]
        values = [f"torch.zeros({H})" if v == "0" else v for v in values]
        if not isinstance(first.index[0], int):
            return f"torch.stack([{', '.join(values)}], 1).reshape({_sizes(shape)})"
        joined = values[0] if len(values) == 1 else f"torch.cat([{', '.join(values)}])"
        return joined if len(shape) == 1 else f"({joined}).reshape({_sizes(shape)})"
    columns: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for atom, text in atoms:
        numbers = [n for n in atom.index if isinstance(n, int)]
        gate = numbers[-1] if numbers else 0
        columns[gate].append((_column(atom), text))
    blocks = []
    for _, parts in sorted(columns.items()):
        texts = [text for _, text in sorted(parts)]
        blocks.append(texts[0] if len(texts) == 1 else f"torch.cat([{', '.join(texts)}], 1)")
    turned = ".T" if first.turned else ""
    if len(shape) == 3 and shape[0] != 1:
        axis = next(n for n, i in enumerate(first.index) if isinstance(i, int))
        blocks = [f"({b}).T" if turned and " " in b else f"{b}{turned}" for b in blocks]
        return f"torch.stack([{', '.join(blocks)}], {axis})"
    if len(blocks) == 1:
        made = blocks[0]
    elif _woven(first):
        made = f"torch.stack([{', '.join(blocks)}], 1).flatten(0, 1)"
    else:
        made = f"torch.cat([{', '.join(blocks)}])"
    made += turned
    return f"({made})[None]" if len(shape) == 3 else made


def _sizes(shape: tuple[int, ...]) -> str:
    """The axes of a shape for `reshape`, the one that has units in it left open."""
    open_axis = max(range(len(shape)), key=lambda k: (shape[k] > 1, k))
    return ", ".join("-1" if k == open_axis else str(n) for k, n in enumerate(shape))


def _is_vector(atom: Atom) -> bool:
    return len(atom.index) == 2 and isinstance(atom.index[1], int) and len(atom.shape) == 2


def _place(atom: Atom) -> int:
    return next(n for n in atom.index if isinstance(n, int))


def _column(atom: Atom) -> int:
    """Where a block's inputs begin."""
    return max((i.start or 0) for i in atom.index if isinstance(i, slice))


def _woven(atom: Atom) -> bool:
    index = atom.index[1:] if len(atom.index) == 4 else atom.index
    gate = next((n for n, i in enumerate(index) if isinstance(i, int)), None)
    return gate == (2 if atom.turned else 1)


def _works(placing: Placing, layout: Layout, code: str) -> bool:
    """Whether the lines, run on zeros, make the equations give what torch's layer gives."""
    choices, network = layout.choices, layout.network
    I, w = placing.subject.I, layout.cells(placing.zeros())[0]
    more = {"num_layers": network.layers, "bidirectional": network.directions == 2}
    if w.R is not None:
        more["proj_size"] = w.P
    if choices.kind == "rnn":
        more["nonlinearity"] = choices.candidate
    biased = any(p.side in ("x", "h") for p in layout.places)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        made = _MODULES[choices.kind](I, w.H, bias=biased, dtype=torch.float64, **more)
    arrays = {name: value.double() for name, value in placing.zeros().items()}
    scope = {"torch": torch, "layer": made, "thing": arrays}
    before = torch.get_default_dtype()
    try:
        torch.set_default_dtype(torch.float64)
        exec(compile(code, "<code of an audit>", "exec"), scope)
    except (RuntimeError, KeyError, IndexError, TypeError, NameError):
        return False
    finally:
        torch.set_default_dtype(before)
    xs: Tensor = random_xs(placing.target, 90, 4, 2, I).double()
    with torch.no_grad():
        ours = run(step(choices), choices.kind, layout.cells(arrays), network, xs).ys
        return bool(torch.allclose(ours, made(xs)[0], atol=1e-9))


__all__ = ["Brought", "brought"]

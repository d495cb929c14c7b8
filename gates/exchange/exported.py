"""What torch.onnx.export makes of recurrent layers: data, measured with torch 2.13.0 and onnxruntime 1.32.0.

An exporter looks at one example. Most of what it takes from there it says, or a runtime refuses other sizes; some it fixes in
silence, and the file gives wrong numbers. `CASES` has a row for each thing one may do and each of torch's two exporters, the
default and the older one, dynamo=False; `happens` does it once more. T steps, B samples, sizes declared dynamic with
`dynamic_shapes` and `dynamic_axes`. Behind the less obvious rows:

    time first, dynamic T   the default exporter writes the example's T into the Reshape behind the node. Where T·B is a
                            multiple of that, the steps come out in another shape, two side by side as if they were samples
    dynamic T, once more    the default exporter takes it for the first LSTM and the first GRU of a process; later it raises,
                            whatever the first example was, as torch.export alone does at once
    one tensor, h_0 and c_0 torch.export knows an input by its tensor: with LSTM(x, (zeros, zeros)) as the example, both places
                            read c_0 and nothing reads h_0; zeros.clone() tells them apart
    packing                 lengths become sequence_lens; the output has T rows, where torch's ends with the longest sample
    dropout                 is left out, also of a layer that is training
"""

import io
import os
import subprocess
import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pandas as pd
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from gates.exchange.onnx_rows import packages

TORCH = "2.13.0"
I, H, T, B = 3, 4, 5, 2
CLOSE = 1e-5
RIGHT, COPIES = "right", "right, as the products of each step"
AT_EXPORT, AT_LOAD, AT_RUN = "raises at export", "raises at load", "raises when run"
WRONG, SHAPE = "wrong numbers without a word", "another shape without a word"
GATED, ONE, ALL = ("LSTM", "GRU"), ("RNN",), ("LSTM", "GRU", "RNN")


class Try(NamedTuple):
    """A module, the example it is exported with, the axes declared dynamic of each argument, and what is then read."""

    module: nn.Module
    example: tuple[Tensor, ...]
    dynamic: tuple[tuple[int, ...], ...]
    read: tuple[Tensor, ...]


class Packs(nn.Module):
    """A layer that reads padded samples, (T, B, I), to their lengths."""

    def __init__(self, layer: nn.RNNBase) -> None:
        super().__init__()
        self.layer = layer

    def forward(self, xs: Tensor, lengths: Tensor) -> Tensor:
        packed = pack_padded_sequence(xs, lengths, enforce_sorted=False)
        return pad_packed_sequence(self.layer(packed)[0])[0]


class Starts(nn.Module):
    """An LSTM that is given its state as two arguments."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.LSTM(I, H)

    def forward(self, xs: Tensor, h: Tensor, c: Tensor) -> Tensor:
        return self.layer(xs, (h, c))[0]


@dataclass(frozen=True)
class Case:
    """A row: what is done, with which layers, by which exporter, and what happened.

    fresh: it has to be the first export of a process.
    """

    name: str
    layers: tuple[str, ...]
    exporter: str
    happened: str
    make: Callable[[str], Try] = field(repr=False)
    fresh: bool = False
    torch: str = TORCH


def _x(T: int = T, B: int = B, first: bool = False, dtype: torch.dtype = torch.float32) -> Tensor:
    return torch.randn(*((B, T) if first else (T, B)), I, dtype=dtype)


def _sizes(T_of: int, B_of: int, axes: tuple[int, ...] = (), **settings) -> Callable[[str], Try]:
    """A layer that is then given other sizes. axes: which are declared dynamic."""
    first = settings.get("batch_first", False)

    def make(kind: str) -> Try:
        layer = getattr(nn, kind)(I, H, **settings)
        return Try(layer.eval(), (_x(first=first),), (axes,), (_x(T_of, B_of, first),))

    return make


def _again(kind: str) -> Try:
    """Another layer of its kind has been exported in this process before."""
    tried = _sizes(T + 2, B + 1, (0, 1), batch_first=True)(kind)
    _export(tried._replace(dynamic=((),)), "default")
    return tried


def _training(kind: str) -> Try:
    tried = _sizes(T, B, num_layers=2, dropout=0.5)(kind)
    tried.module.train()
    return tried


def _float64(kind: str) -> Try:
    x = _x(dtype=torch.float64)
    return Try(getattr(nn, kind)(I, H).double().eval(), (x,), ((),), (x,))


def _start(one_tensor: bool) -> Callable[[str], Try]:
    def make(kind: str) -> Try:
        h, c = torch.randn(2, 1, B, H)
        zeros = torch.zeros(1, B, H)
        example = (_x(), zeros, zeros if one_tensor else zeros.clone())
        return Try(Starts().eval(), example, ((), (), ()), (_x(), h, c))

    return make


def _packs(*lengths: int) -> Callable[[str], Try]:
    def make(kind: str) -> Try:
        module = Packs(getattr(nn, kind)(I, H, bidirectional=True)).eval()
        of_example, read = torch.tensor([T, 2]), torch.tensor(lengths)
        return Try(module, (_x(), of_example), ((0, 1), (0,)), (_x(B=len(lengths)), read))

    return make


_first = _sizes(T + 2, B + 1, (0, 1), batch_first=True)
_longer, _twice = _sizes(T + 1, B, (0, 1)), _sizes(2 * T, B, (0, 1))
_BOTH = {"num_layers": 2, "bidirectional": True}


def _row(
    name: str,
    layers: tuple[str, ...],
    make: Callable[[str], Try],
    default: str,
    older: str,
    fresh: bool = False,
) -> list[Case]:
    """One row for each exporter."""
    return [
        Case(name, layers, "default", default, make, fresh),
        Case(name, layers, "dynamo=False", older, make),
    ]


CASES = (
    *_row("the example's sizes, 2 layers both ways", GATED, _sizes(T, B, **_BOTH), RIGHT, RIGHT),
    *_row("the example's sizes, 2 layers both ways", ONE, _sizes(T, B, **_BOTH), COPIES, RIGHT),
    *_row("another T, not declared", ALL, _sizes(T + 2, B), AT_RUN, AT_RUN),
    *_row("another B, not declared", ALL, _sizes(T, B + 1), AT_RUN, AT_RUN),
    *_row("another B, declared", GATED, _sizes(T, B + 1, (1,)), RIGHT, RIGHT),
    *_row("another B, declared", ONE, _sizes(T, B + 1, (1,)), COPIES, RIGHT),
    *_row("batch first, T and B declared", GATED, _first, RIGHT, RIGHT, fresh=True),
    *_row("batch first, T and B declared", ONE, _first, AT_EXPORT, RIGHT),
    *_row("the same, once more in one process", GATED, _again, AT_EXPORT, RIGHT),
    *_row("time first, T and B declared: T + 1", ("GRU",), _longer, AT_RUN, RIGHT, fresh=True),
    *_row("time first, T and B declared: 2·T", GATED, _twice, SHAPE, RIGHT, fresh=True),
    *_row("time first, T and B declared: 2·T", ONE, _twice, AT_EXPORT, RIGHT),
    *_row("h_0 and c_0 given", ("LSTM",), _start(one_tensor=False), RIGHT, RIGHT),
    *_row("one tensor for h_0 and c_0", ("LSTM",), _start(one_tensor=True), WRONG, RIGHT),
    *_row("proj_size", ("LSTM",), _sizes(T, B, proj_size=2), AT_RUN, AT_EXPORT),
    *_row("float64", GATED, _float64, AT_RUN, AT_RUN),
    *_row("float64", ONE, _float64, COPIES, AT_LOAD),
    *_row("dropout while training", GATED, _training, RIGHT, RIGHT),
    *_row("dropout while training", ONE, _training, COPIES, RIGHT),
    *_row("a module that packs", ALL, _packs(2, T, 1), AT_EXPORT, RIGHT),
    *_row("a module that packs, all shorter than T", ALL, _packs(2, 3), AT_EXPORT, SHAPE),
)


def table() -> pd.DataFrame:
    """All rows, with a column for each exporter; it needs no other package."""
    rows: dict[tuple[str, str], dict[str, str]] = {}
    for case in CASES:
        rows.setdefault((case.name, ", ".join(case.layers)), {})[case.exporter] = case.happened
    named = pd.MultiIndex.from_tuples(rows, names=["what is exported, or read then", "layers"])
    return pd.DataFrame(list(rows.values()), index=named)


def happens(case: Case) -> str:
    """What happens when it is done now; one sentence for all the layers of the row, or one for each where they differ."""
    if not case.fresh:
        return _here(case)
    places = os.pathsep.join(place for place in sys.path if place)
    told = subprocess.run(
        [sys.executable, "-m", __name__, str(CASES.index(case))],
        env={**os.environ, "PYTHONPATH": places},
        capture_output=True,
        text=True,
        check=True,
    )
    return told.stdout.splitlines()[-1]


def _here(case: Case) -> str:
    found = {}
    for kind in case.layers:
        torch.manual_seed(0)
        with warnings.catch_warnings(action="ignore"):
            found[kind] = _outcome(case.make(kind), case.exporter)
    if len(set(found.values())) == 1:
        return found[case.layers[0]]
    return ", ".join(f"{kind} {what}" for kind, what in found.items())


def _export(tried: Try, exporter: str) -> bytes:
    file = io.BytesIO()
    if exporter == "default":
        shapes = tuple(dict.fromkeys(axes, torch.export.Dim.DYNAMIC) for axes in tried.dynamic)
        torch.onnx.export(tried.module, tried.example, verbose=False, dynamic_shapes=shapes).save(
            file
        )
    else:
        names = [f"input_{k}" for k in range(len(tried.example))]
        axes = {
            name: {axis: f"{name}_{axis}" for axis in of_one}
            for name, of_one in zip(names, tried.dynamic, strict=True)
        }
        torch.onnx.export(
            *(tried.module, tried.example, file),
            dynamo=False,
            input_names=names,
            dynamic_axes=axes,
        )
    return file.getvalue()


def _outcome(tried: Try, exporter: str) -> str:
    onnx, onnxruntime = packages()
    try:
        stored = _export(tried, exporter)
    except Exception:  # each has its own kind, and that it raises is the result
        return AT_EXPORT
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    try:
        session = onnxruntime.InferenceSession(stored, options, ["CPUExecutionProvider"])
    except Exception:
        return AT_LOAD
    with torch.no_grad():
        wanted = tried.module.eval()(*tried.read)
    wanted = wanted if isinstance(wanted, Tensor) else wanted[0]
    names = [put.name for put in session.get_inputs()]
    feeds = {name: values.numpy() for name, values in zip(names, tried.read, strict=True)}
    try:
        output = session.run(None, feeds)[0]
    except Exception:
        return AT_RUN
    if output.shape != wanted.shape:
        return SHAPE
    if np.abs(output - wanted.numpy()).max() > CLOSE:
        return WRONG
    kinds = {node.op_type for node in onnx.load_from_string(stored).graph.node}
    return RIGHT if kinds & set(ALL) else COPIES


if __name__ == "__main__":
    print(_here(CASES[int(sys.argv[1])]))

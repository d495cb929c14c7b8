"""A recurrent layer in a file that onnxruntime reads, and hundreds of other programs: as ONNX's own recurrent nodes, made by hand.

`write` fixes nothing of an example, since it has none: any number of steps T and of samples B can be read. `layer_from` makes
a layer of torch.nn of such a file, or of one that torch.onnx.export wrote, and `run` reads sequences with onnxruntime. What
ONNX's nodes cannot say is refused. What they cannot do in onnxruntime 1.32.0, though the standard has a place for it: layout=1
raises at load, and so does an RNN in float64, while LSTM and GRU in float64 load and raise when run; a sample of length 0
comes back with a state of 0 whatever it started from, so `run` refuses such lengths.
"""

import os
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn

from gates.exchange.onnx_read import layer_from
from gates.exchange.onnx_rows import OnnxFileError, kind_of, node_arrays, packages

__all__ = ["OnnxFileError", "layer_from", "run", "write"]

OPSET, IR = 17, 8  # old enough for the runtimes of 2022


def write(
    layer: nn.RNNBase,
    path: str | os.PathLike,
    batch_first: bool | None = None,
    lengths: bool = False,
    state: bool = False,
) -> None:
    """Write an RNN, LSTM or GRU of torch.nn or of `gates.layers` as ONNX nodes, a node a layer.

    batch_first: whether the file's input and output are (B, T, …), or (T, B, …); None takes the layer's. lengths: give the file
    an input `lengths`, (B,) of int64, from 1 to T: steps behind a sample's length are not read, the outputs there are 0, and
    the way back begins at its last step. state: give it inputs h_0, and c_0 for an LSTM, (L·D, B, H), and outputs h_n and c_n.
    Its other names are `input` and `output`. What is written is what the layer does after eval(). OnnxFileError for what ONNX
    has no counterpart of: projections, and, in onnxruntime, anything but float32.
    """
    onnx, _ = packages()
    _check(layer)
    first = layer.batch_first if batch_first is None else batch_first
    model = _model(onnx, layer, first, lengths, state)
    onnx.checker.check_model(model, full_check=True)
    onnx.save_model(model, os.fspath(path))


def _check(layer: nn.RNNBase) -> None:
    """OnnxFileError, one sentence, for a layer that cannot be written."""
    if not isinstance(layer, nn.RNNBase) or type(layer) is nn.RNNBase:
        raise OnnxFileError(
            f"A {type(layer).__name__} is no RNN, LSTM or GRU: give the recurrent layer itself."
        )
    if layer.proj_size:
        raise OnnxFileError(
            "ONNX's LSTM has no projection: leave proj_size out, or write the layer with torch.export."
        )
    if layer.training and layer.dropout and layer.num_layers > 1:
        raise OnnxFileError(
            "The file would hold no dropout, and the layer is training: call layer.eval() first."
        )
    if layer.weight_ih_l0.dtype is not torch.float32:
        kind = str(layer.weight_ih_l0.dtype).removeprefix("torch.")
        raise OnnxFileError(
            f"onnxruntime has no {kind_of(layer)} in {kind}: write layer.float() instead."
        )


def _model(onnx, layer: nn.RNNBase, first: bool, lengths: bool, state: bool):
    """The layer as an onnx.ModelProto."""
    make, kind, float32 = onnx.helper, kind_of(layer), onnx.TensorProto.FLOAT
    L, D, H = layer.num_layers, 2 if layer.bidirectional else 1, layer.hidden_size
    parts = (("h", "c") if kind == "LSTM" else ("h",)) if state else ()
    nodes, constants = [], {"width": np.array([0, 0, D * H])}  # 0 keeps a size as it is
    axes = ["B", "T"] if first else ["T", "B"]
    inputs = [make.make_tensor_value_info("input", float32, [*axes, layer.input_size])]
    outputs = [make.make_tensor_value_info("output", float32, [*axes, D * H])]
    xs, sizes = "input", ""
    if first:
        nodes.append(make.make_node("Transpose", [xs], ["steps"], perm=[1, 0, 2]))
        xs = "steps"
    if lengths:
        inputs.append(make.make_tensor_value_info("lengths", onnx.TensorProto.INT64, ["B"]))
        sizes = "lengths_int32"
        nodes.append(make.make_node("Cast", ["lengths"], [sizes], to=onnx.TensorProto.INT32))
    for part in parts:
        inputs.append(make.make_tensor_value_info(f"{part}_0", float32, [L * D, "B", H]))
        outputs.append(make.make_tensor_value_info(f"{part}_n", float32, [L * D, "B", H]))
        starts = [f"{part}_0_l{k}" for k in range(L)]
        constants["directions"] = np.full(L, D)
        nodes.append(make.make_node("Split", [f"{part}_0", "directions"], starts, axis=0))
    for k in range(L):
        weights = layer.all_weights[k * D : (k + 1) * D]
        arrays = {f"{name}_l{k}": a for name, a in node_arrays(kind, weights).items()}
        constants.update(arrays)
        names = [f"{name}_l{k}" if f"{name}_l{k}" in arrays else "" for name in "WRB"]
        starts = [f"{part}_0_l{k}" for part in parts]
        ends = [f"{part}_n_l{k}" for part in parts]
        read = make.make_node(
            kind,
            [xs, *names, sizes, *starts],
            [f"Y_l{k}", *ends],
            name=f"l{k}",
            hidden_size=H,
            direction="bidirectional" if D == 2 else "forward",
            **_of_kind(layer, kind, D),
        )
        beside = make.make_node("Transpose", [f"Y_l{k}"], [f"beside_l{k}"], perm=[0, 2, 1, 3])
        last = k == L - 1 and not first
        xs = "output" if last else f"ys_l{k}"
        nodes += [read, beside, make.make_node("Reshape", [f"beside_l{k}", "width"], [xs])]
    if first:
        nodes.append(make.make_node("Transpose", [xs], ["output"], perm=[1, 0, 2]))
    for part in parts:
        ends = [f"{part}_n_l{k}" for k in range(L)]
        nodes.append(make.make_node("Concat", ends, [f"{part}_n"], axis=0))
    stored = [onnx.numpy_helper.from_array(array, name) for name, array in constants.items()]
    graph = make.make_graph(nodes, kind, inputs, outputs, stored)
    return make.make_model(
        graph, opset_imports=[make.make_opsetid("", OPSET)], ir_version=IR, producer_name="gates"
    )


def _of_kind(layer: nn.RNNBase, kind: str, directions: int) -> dict[str, object]:
    """The attributes that only one kind of node has. torch's GRU lets r act on what is already multiplied."""
    if kind == "GRU":
        return {"linear_before_reset": 1}
    if kind == "RNN":
        return {"activations": [layer.nonlinearity.capitalize()] * directions}
    return {}


def run(
    path: str | os.PathLike,
    xs: Tensor,
    lengths: Sequence[int] | Tensor | None = None,
    state: Tensor | tuple[Tensor, Tensor] | None = None,
) -> tuple[Tensor, Tensor | tuple[Tensor, Tensor] | None]:
    """Read sequences with onnxruntime, on one thread, with a file that `write` has made.

    xs: (T, B, I), or (B, T, I) if the file is so. lengths: (B,), for a file that takes them; None reads all steps. state: h, or
    (h, c), each (L·D, B, H), for a file that carries it; None starts from zeros.
    Returns the output and the state, or None for a file that does not carry it.
    """
    _, onnxruntime = packages()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        os.fspath(path), options, providers=["CPUExecutionProvider"]
    )
    wanted = {put.name: put for put in session.get_inputs()}
    feeds = {"input": torch.as_tensor(xs).detach().numpy()}
    if "input" not in wanted or wanted.keys() - {"input", "lengths", "h_0", "c_0"}:
        raise OnnxFileError(
            f"The inputs of {path} are {', '.join(wanted)}: give a file that `write` has made."
        )
    T_and_B = feeds["input"].shape[:2]
    if wanted["input"].shape[0] == "B":
        T_and_B = T_and_B[::-1]
    feeds |= _lengths(path, lengths, *T_and_B, "lengths" in wanted)
    feeds |= _state(path, state, T_and_B[1], wanted)
    found = dict(
        zip((put.name for put in session.get_outputs()), session.run(None, feeds), strict=True)
    )
    output, *finals = (torch.from_numpy(values) for values in found.values())
    return output, (None if not finals else finals[0] if len(finals) == 1 else tuple(finals))


def _lengths(path, lengths, T: int, B: int, taken: bool) -> dict[str, np.ndarray]:
    """What is fed as `lengths`; OnnxFileError where the file takes none, or one of them cannot be."""
    if not taken:
        if lengths is not None:
            raise OnnxFileError(
                f"{path} takes no lengths: write it with lengths=True, or leave them out."
            )
        return {}
    given = np.asarray([T] * B if lengths is None else lengths, dtype=np.int64)
    if given.shape != (B,) or (given < 1).any() or (given > T).any():
        raise OnnxFileError(f"Give a length from 1 to {T} for each of the {B} samples.")
    return {"lengths": given}


def _state(path, state, B: int, wanted: dict) -> dict[str, np.ndarray]:
    """What is fed as h_0 and c_0; OnnxFileError where the file does not carry a state."""
    parts = [name for name in ("h_0", "c_0") if name in wanted]
    if state is None:
        shapes = {name: (wanted[name].shape[0], B, wanted[name].shape[2]) for name in parts}
        return {name: np.zeros(shape, np.float32) for name, shape in shapes.items()}
    given = (state,) if isinstance(state, Tensor) else tuple(state)
    if len(given) != len(parts):
        raise OnnxFileError(
            f"{path} carries {' and '.join(parts) or 'no state'}, and {len(given)} were given: "
            "write it with state=True, and give back what the run before gave."
        )
    return {name: part.detach().numpy() for name, part in zip(parts, given, strict=True)}

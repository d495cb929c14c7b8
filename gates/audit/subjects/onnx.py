"""The recurrent nodes of an .onnx file, run by onnxruntime with other numbers in their initializers."""

from importlib.util import find_spec

import numpy as np
import torch
from torch import Tensor

from gates.audit.atoms import Arrays
from gates.audit.subjects.target import CannotRun, Target

_RECURRENT = ("LSTM", "GRU", "RNN")
_PARTS = {1: "W", 2: "R", 3: "B", 7: "P"}


def of_onnx(data: bytes, name: str) -> Target:
    """The target that a file is: its recurrent nodes in their order are layers; directions are apart."""
    if lacks := [one for one in ("onnx", "onnxruntime") if find_spec(one) is None]:
        raise CannotRun(
            f"{' and '.join(lacks)} must be installed to audit an .onnx file; everything else can be audited without."
        )
    import onnx
    import onnxruntime
    from google.protobuf.message import DecodeError
    from onnx import numpy_helper

    try:
        model = onnx.load_model_from_string(data)
    except DecodeError:
        raise CannotRun(f"{name} is no file in the format ONNX.") from None
    held = {one.name: one for one in model.graph.initializer}
    places: dict[str, tuple[str, int | None]] = {}
    shapes: dict[str, tuple[int, ...]] = {}
    nodes = [node for node in model.graph.node if node.op_type in _RECURRENT]
    if not nodes:
        raise CannotRun(f"{name} has no node LSTM, GRU or RNN.")
    for layer, node in enumerate(nodes):
        for k, part in _PARTS.items():
            if k >= len(node.input) or not node.input[k]:
                continue
            if node.input[k] not in held:
                raise CannotRun(f"The weights {part} of {node.name or node.op_type} are computed.")
            dims = tuple(held[node.input[k]].dims)
            for d in range(dims[0]):
                called = f"{part}_l{layer}" + ("_reverse" if d else "")
                places[called], shapes[called] = (node.input[k], d), dims[1:]
    H = shapes["R_l0"][-1]
    count = sum(called.startswith("R_") for called in shapes)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    inputs = [one for one in model.graph.input if one.name not in held]
    real = [one.name for one in inputs if one.type.tensor_type.elem_type == onnx.TensorProto.FLOAT]
    whole = {
        one.name: np.int64 if one.type.tensor_type.elem_type == onnx.TensorProto.INT64 else np.int32
        for one in inputs
        if one.name not in real
    }

    def call(arrays: Arrays, xs: Tensor, start=None, lengths=None) -> tuple:
        changed = {one: numpy_helper.to_array(held[one]).copy() for one, _ in places.values()}
        for called, (one, d) in places.items():
            changed[one][d] = arrays[called].detach().numpy()
        for one, array in changed.items():
            held[one].CopyFrom(numpy_helper.from_array(array, one))
        parts = (start,) if isinstance(start, Tensor) else start
        fed = {real[0]: xs.numpy()}
        options.log_severity_level = 4
        try:
            session = onnxruntime.InferenceSession(
                model.SerializeToString(), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # onnxruntime raises classes of its own
            raise RuntimeError(str(error)) from None
        for T, B in (xs.shape[:2], xs.shape[1::-1]):
            for k, one in enumerate(real[1:]):
                zeros = np.zeros((count, B, H), np.float32)
                fed[one] = zeros if parts is None else parts[k].numpy()
            ends = torch.full((B,), T) if lengths is None else lengths
            fed |= {one: ends.numpy().astype(kind) for one, kind in whole.items()}
            try:
                found = [torch.tensor(one) for one in session.run(None, fed)]
                break
            except Exception as error:  # onnxruntime raises classes of its own
                problem = str(error)
        else:
            raise RuntimeError(problem)
        return tuple(_flat(one) for one in found)

    names = ("xs", *(["start"] if len(real) > 1 else []), *(["lengths"] if whole else []))
    return Target(
        name=name,
        shapes=shapes,
        call=call,
        H=H,
        differentiable=False,
        dtype=torch.float32,
        names=names,
        framework="onnx",
        owner="",
        forms=("time", "batch"),
    )


def _flat(one: Tensor) -> Tensor:
    """Outputs (T, D, B, H) with directions side by side."""
    if one.ndim == 4:
        T, D, B, H = one.shape
        return one.transpose(1, 2).reshape(T, B, D * H)
    return one

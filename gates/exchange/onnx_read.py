"""A layer of torch.nn out of an ONNX file: one that `onnx_file.write` or torch.onnx.export wrote, or another program.

What is read is the weights and how the nodes are connected. Everything the layer of torch.nn would do otherwise is refused: a
GRU with linear_before_reset=0, as Keras had it once, has another equation for n; clip, input_forget, peepholes, other
activations, a start that is neither zero nor an input, and lengths that are fixed in the file.
"""

import os

import numpy as np
import torch
from torch import nn

from gates.exchange.onnx_rows import BLOCKS, OnnxFileError, packages, torch_arrays

PLAIN = ["Tanh"], ["Relu"]
ACTIVATIONS = {"LSTM": ["Sigmoid", "Tanh", "Tanh"], "GRU": ["Sigmoid", "Tanh"]}
# What changes no number, so that one may look through it for what a node reads
SHAPES = {"Transpose", "Reshape", "Squeeze", "Identity"}
PARTS = SHAPES | {"Unsqueeze", "Slice", "Split", "Concat", "Expand", "Cast"}
BESIDE = {"Shape", "Gather", "Constant", "ConstantOfShape", "Mul"}


def layer_from(path: str | os.PathLike) -> nn.RNN | nn.LSTM | nn.GRU:
    """The layer of torch.nn in float32, in eval mode, that computes what the file does.

    path: a file with recurrent nodes, each of which reads the one before, and nothing else that computes. batch_first is true
    if the input is turned before it is read. OnnxFileError, one sentence, for what torch.nn has no counterpart of.
    """
    onnx, _ = packages()
    file = _File(onnx, path)
    nodes = [node for node in file.graph.node if node.op_type in BLOCKS]
    others = {node.op_type for node in file.graph.node} - BLOCKS.keys() - PARTS - BESIDE
    if not nodes:
        raise OnnxFileError(
            f"{path} has no recurrent node, only {', '.join(sorted(others)) or 'others'}: torch's default exporter writes "
            "an nn.RNN as the products of each step, and export with dynamo=False writes a node."
        )
    if others or len({node.op_type for node in nodes}) > 1:
        kinds = sorted(others | {node.op_type for node in nodes})
        raise OnnxFileError(
            f"{path} is more than one recurrent layer ({', '.join(kinds)}): export the layer alone."
        )
    kind = nodes[0].op_type
    settings = [_settings(file, node) for node in nodes]
    arrays = [_arrays(file, node) for node in nodes]
    first = file.follow(nodes)
    W, _, B = arrays[0]
    H, D = settings[0]["H"], len(W)
    sizes = [(len(V), V.shape[2], bias is not None) for V, _, bias in arrays]
    if sizes != [(D, W.shape[2] if k == 0 else D * H, B is not None) for k in range(len(nodes))]:
        raise OnnxFileError(
            f"The layers of {path} are not of one size: torch.nn has no such stack, so take them one by one."
        )
    if any(found != settings[0] for found in settings):
        raise OnnxFileError(
            f"The layers of {path} differ in their settings: torch.nn has no such stack, so take them one by one."
        )
    options = {"nonlinearity": settings[0]["nonlinearity"]} if kind == "RNN" else {}
    options |= {"bias": B is not None, "batch_first": first, "bidirectional": D == 2}
    layer = getattr(nn, kind)(W.shape[2], H, len(nodes), **options)
    found = [rows for of_layer in arrays for rows in torch_arrays(kind, *of_layer)]
    with torch.no_grad():
        for weights, rows in zip(layer.all_weights, found, strict=True):
            for weight, values in zip(weights, rows, strict=True):
                weight.copy_(torch.from_numpy(np.array(values)))
    return layer.eval()


class _File:
    """The graph of a file, and what makes each of its values."""

    def __init__(self, onnx, path: str | os.PathLike) -> None:
        try:
            model = onnx.load(os.fspath(path))
        except FileNotFoundError as reason:
            raise OnnxFileError(
                f"There is no file {path}: look at its name and folder."
            ) from reason
        except Exception as reason:  # protobuf's own, and onnx's of data beside the file
            raise OnnxFileError(
                f"{path} is no ONNX file, or a damaged one ({type(reason).__name__}): export it anew."
            ) from reason
        self.path, self.graph, helper = path, model.graph, onnx.numpy_helper
        folder = os.path.dirname(os.path.abspath(path))
        self.maker = {name: node for node in self.graph.node for name in node.output}
        self.constants = {
            value.name: helper.to_array(value, base_dir=folder) for value in self.graph.initializer
        }
        for node in self.graph.node:
            if node.op_type == "Constant" and node.attribute[0].name == "value":
                self.constants[node.output[0]] = helper.to_array(node.attribute[0].t)
        self.inputs = {value.name for value in self.graph.input} - self.constants.keys()
        self.attributes = lambda node: {
            a.name: onnx.helper.get_attribute_value(a) for a in node.attribute
        }

    def constant(self, name: str, what: str) -> np.ndarray:
        if name not in self.constants:
            raise OnnxFileError(
                f"The {what} of {self.path} is computed when the file runs: export it with its constants folded."
            )
        return self.constants[name]

    def follow(self, nodes: list) -> bool:
        """Whether the input is turned first. OnnxFileError unless each node reads all of the one before it."""
        first = False
        for k, node in enumerate(nodes):
            name, turns = node.input[0], []
            while name in self.maker and self.maker[name].op_type in SHAPES:
                made = self.maker[name]
                if made.op_type == "Transpose":
                    turns.append(self.attributes(made).get("perm"))
                name = made.input[0]
            source = self.inputs if k == 0 else {nodes[k - 1].output[0]}
            allowed = ([], [[1, 0, 2]]) if k == 0 else ([], [[0, 2, 1, 3]])
            if name not in source or turns not in allowed:
                raise OnnxFileError(
                    f"The recurrent nodes of {self.path} do not read one another in turn: export one stack of layers alone."
                )
            first = first or (k == 0 and bool(turns))
        return first

    def starts_as_torch(self, name: str) -> bool:
        """Whether a start is zero or an input of the file, or a part of it."""
        if name in self.constants:
            return not self.constants[name].any()
        if name in self.inputs:
            return True
        made = self.maker[name]
        if made.op_type == "ConstantOfShape":
            return not any(
                value.float_data or value.raw_data.strip(b"\0") for value in self._of(made)
            )
        data = made.input if made.op_type == "Concat" else made.input[:1]
        return made.op_type in PARTS and all(self.starts_as_torch(part) for part in data)

    @staticmethod
    def _of(node) -> list:
        return [a.t for a in node.attribute if a.name == "value"]


def _settings(file: _File, node) -> dict[str, object]:
    """What all layers have to share: H and the nonlinearity. OnnxFileError for what torch.nn has not."""
    kind, of = node.op_type, file.attributes(node)
    direction = of.get("direction", b"forward").decode()
    D = 2 if direction == "bidirectional" else 1
    names = [name.decode() for name in of.get("activations", [])]
    each = [names[k : k + len(names) // D] for k in range(0, len(names), max(1, len(names) // D))]
    allowed = PLAIN if kind == "RNN" else (ACTIVATIONS[kind],)
    refused = {
        "reads from the end only": direction == "reverse",
        "has linear_before_reset=0, another equation for n": kind == "GRU"
        and not of.get("linear_before_reset", 0),
        "cuts its pre-activations (clip)": "clip" in of,
        "couples its gates (input_forget=1)": bool(of.get("input_forget", 0)),
        "has batches first inside (layout=1)": bool(of.get("layout", 0)),
        f"has activations torch.nn has not ({', '.join(names)})": any(
            of_one not in allowed or of_one != each[0] for of_one in each
        )
        or bool(of.get("activation_alpha") or of.get("activation_beta")),
    }
    inputs = [*node.input, *[""] * 8][:8]
    if kind == "LSTM" and inputs[7]:
        refused["has peepholes (P)"] = bool(file.constant(inputs[7], "input P").any())
    if inputs[4]:
        refused["has its lengths fixed in the file"] = inputs[4] in file.constants
    starts = [name for name in inputs[5 : 7 if kind == "LSTM" else 6] if name]
    refused["starts from a state of its own"] = not all(map(file.starts_as_torch, starts))
    if why := next((reason for reason, is_so in refused.items() if is_so), None):
        raise OnnxFileError(
            f"The {kind} in {file.path} {why}: torch.nn has no such layer, so run the file itself."
        )
    nonlinearity = each[0][0].lower() if kind == "RNN" and each else "tanh"
    return {"H": len(file.constant(inputs[2], "weight R")[0][0]), "nonlinearity": nonlinearity}


def _arrays(file: _File, node) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """W, R and B of a node."""
    W, R, B = [*node.input, ""][1:4]
    arrays = [file.constant(W, "weight W"), file.constant(R, "weight R")]
    if any(array.dtype != np.float32 for array in arrays):
        raise OnnxFileError(
            f"{file.path} is in {arrays[0].dtype}: only float32 is read, so export layer.float()."
        )
    return *arrays, (file.constant(B, "bias B") if B else None)

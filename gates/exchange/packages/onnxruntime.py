"""ONNX' recurrent nodes, one to a file, run by onnxruntime on one thread."""

from dataclasses import dataclass

import numpy as np
import onnx
import onnxruntime
from numpy import ndarray as Array
from onnx import TensorProto, helper, numpy_helper

from gates.exchange.packages import Arrays
from gates.exchange.reading import Reading
from gates.exchange.rows import ROWS, Row

_OPSET = 22


@dataclass(frozen=True)
class Node:
    """One recurrent node: its row, its arrays for each direction, and the file as bytes."""

    row: Row
    filled: tuple[dict[str, Array], ...]

    @property
    def file(self) -> bytes:
        """A file with the inputs xs, lengths and h_0 (and c_0), and the outputs ys, h_n (and c_n)."""
        return _model(self.row, self.filled).SerializeToString()


def made(row: Row, I: int, H: int, both: bool = False) -> Node:
    """A node of zeros: a format has no initial values."""
    G = len(row.order)
    shapes = {"W": (G * H, I), "R": (G * H, H), "B": (2 * G * H,)}
    one = {name: np.zeros(shape, np.float32) for name, shape in shapes.items()}
    return Node(row, tuple(dict(one) for _ in range(1 + both)))


def row_of(layer: object) -> Row | None:
    """The row of a node."""
    return ROWS[layer.row.name] if isinstance(layer, Node) else None


def arrays(layer: Node) -> list[dict[str, Array]]:
    """The node's W, R and B, for each direction."""
    return [dict(one) for one in layer.filled]


def put(layer: Node, new: Arrays) -> Node:
    """A node with these arrays."""
    return Node(
        layer.row, tuple({k: np.asarray(v, np.float32) for k, v in one.items()} for one in new)
    )


def read(
    layer: Node,
    xs: Array,
    lengths: Array | None = None,
    start: tuple[Array, ...] | None = None,
) -> Reading:
    """What the node makes of a batch; lengths are its input sequence_lens."""
    T, B, _ = xs.shape
    H, D = layer.filled[0]["R"].shape[-1], len(layer.filled)
    state = start or tuple(np.zeros((D, B, H), np.float32) for _ in layer.row.state)
    lengths = np.full(B, T) if lengths is None else np.asarray(lengths)
    fed = {"xs": xs, "lengths": lengths.astype(np.int32)}
    fed |= {f"{name}_0": part for name, part in zip(layer.row.state, state, strict=True)}
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(layer.file, options, providers=["CPUExecutionProvider"])
    ys, *state = session.run(None, fed)
    return Reading(ys.swapaxes(1, 2).reshape(T, B, D * H), tuple(state))


def _model(row: Row, filled: tuple[dict[str, Array], ...]) -> onnx.ModelProto:
    kind = row.layer.split()[0]
    H, D = filled[0]["R"].shape[-1], len(filled)
    options = {"linear_before_reset": int(row.reset == "after")} if kind == "GRU" else {}
    names = [f"{name}_0" for name in row.state], [f"{name}_n" for name in row.state]
    node = helper.make_node(
        kind,
        ["xs", "W", "R", "B", "lengths", *names[0]],
        ["ys", *names[1]],
        hidden_size=H,
        direction="bidirectional" if D > 1 else "forward",
        **options,
    )
    real, whole = TensorProto.FLOAT, TensorProto.INT32
    inputs = [
        helper.make_tensor_value_info("xs", real, ["T", "B", filled[0]["W"].shape[-1]]),
        helper.make_tensor_value_info("lengths", whole, ["B"]),
        *(helper.make_tensor_value_info(name, real, [D, "B", H]) for name in names[0]),
    ]
    outputs = [
        helper.make_tensor_value_info("ys", real, ["T", D, "B", H]),
        *(helper.make_tensor_value_info(name, real, [D, "B", H]) for name in names[1]),
    ]
    weights = [
        numpy_helper.from_array(np.stack([one[name] for one in filled]), name) for name in "WRB"
    ]
    graph = helper.make_graph([node], kind, inputs, outputs, weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)])
    model.ir_version = 10
    onnx.checker.check_model(model)
    return model

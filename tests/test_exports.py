"""Our layers on the road to files: state_dict, safetensors, torch.export and both of torch's ONNX exporters."""

import io
import warnings
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from gates import layers

I, H, T, B = 3, 4, 5, 2
KINDS = ("LSTM", "GRU", "RNN")
CELLS = ("LSTMCell", "GRUCell", "RNNCell")
SETTINGS = (
    {},
    {"num_layers": 2, "bidirectional": True, "batch_first": True},
    {"num_layers": 3, "bias": False, "dropout": 0.5},
)
DEFAULT, OLDER = True, False
EXPORTERS = pytest.mark.parametrize("dynamo", [DEFAULT, OLDER], ids=["default", "dynamo=False"])


def exported(module: nn.Module, example: tuple, dynamo: bool, **options) -> bytes:
    pytest.importorskip("onnxscript", reason="onnxscript is not installed: nothing is exported")
    file = io.BytesIO()
    with warnings.catch_warnings(action="ignore"):
        if dynamo:
            torch.onnx.export(module, example, verbose=False, **options).save(file)
        else:
            torch.onnx.export(module, example, file, dynamo=False, **options)
    return file.getvalue()


def read(file: bytes, *inputs: Tensor) -> list[Tensor]:
    """What onnxruntime makes of it."""
    onnxruntime = pytest.importorskip(
        "onnxruntime", reason="onnxruntime is not installed: no ONNX file is run"
    )
    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    names = [put.name for put in session.get_inputs()]
    feeds = {name: values.numpy() for name, values in zip(names, inputs, strict=True)}
    return [torch.from_numpy(values) for values in session.run(None, feeds)]


def operations(file: bytes) -> list[str]:
    onnx = pytest.importorskip("onnx", reason="onnx is not installed: no ONNX file is read")
    return [node.op_type for node in onnx.load_from_string(file).graph.node]


def products(file: bytes) -> int:
    return sum(name in ("MatMul", "Gemm") for name in operations(file))


def leaves(outputs: object) -> list[Tensor]:
    if isinstance(outputs, Tensor):
        return [outputs]
    return [leaf for part in outputs for leaf in leaves(part)]


def close(found: object, wanted: object) -> None:
    for mine, other in zip(leaves(found), leaves(wanted), strict=True):
        torch.testing.assert_close(mine, other.detach(), rtol=0, atol=1e-6)


def made(kind: str, **settings) -> nn.Module:
    torch.manual_seed(0)
    return getattr(layers, kind)(I, H, **settings).eval()


class Listener(nn.Module):
    """A model around a layer, as programs have it: its last step goes through a head."""

    def __init__(self, layer: nn.Module) -> None:
        super().__init__()
        self.layer, self.head = layer, nn.Linear(H, 2)

    def forward(self, xs: Tensor) -> Tensor:
        return self.head(self.layer(xs)[0][-1])


class Padded(nn.Module):
    def __init__(self, layer: nn.Module) -> None:
        super().__init__()
        self.layer = layer

    def forward(self, xs: Tensor, lengths: Tensor) -> Tensor:
        packed = pack_padded_sequence(xs, lengths, enforce_sorted=False)
        return pad_packed_sequence(self.layer(packed)[0])[0]


class Twice(nn.Module):
    """One layer under two names."""

    def __init__(self) -> None:
        super().__init__()
        self.first = self.second = layers.LSTM(I, I)
        self.last = layers.GRU(I, H)


# ONNX


@EXPORTERS
@pytest.mark.parametrize("settings", SETTINGS)
@pytest.mark.parametrize("kind", KINDS)
def test_an_exporter_writes_of_ours_what_it_writes_of_torchs(
    kind: str, settings: dict, dynamo: bool
) -> None:
    """A node a layer, but for the default exporter's RNN, which is the products of each step for torch's, too."""
    ours, xs = made(kind, **settings), torch.randn(B, T, I)
    theirs = getattr(nn, kind)(I, H, **settings).eval()
    theirs.load_state_dict(ours.state_dict())
    files = [exported(layer, (xs,), dynamo) for layer in (ours, theirs)]
    assert operations(files[0]) == operations(files[1])
    nodes = operations(files[0]).count(kind)
    assert nodes == (0 if kind == "RNN" and dynamo else settings.get("num_layers", 1))
    close(read(files[0], xs), ours(xs))


@EXPORTERS
@pytest.mark.parametrize("kind", KINDS)
def test_a_readable_layer_is_exported_as_its_steps(kind: str, dynamo: bool) -> None:
    layer, xs = made(kind), torch.randn(T, B, I)
    layer.readable = True
    file = exported(layer, (xs,), dynamo)
    assert kind not in operations(file) and products(file) >= T
    close(read(file, xs), layer(xs))


@EXPORTERS
@pytest.mark.parametrize("kind", CELLS)
def test_a_cell_is_exported_as_torchs(kind: str, dynamo: bool) -> None:
    ours, theirs, x = made(kind), getattr(nn, kind)(I, H), torch.randn(B, I)
    theirs.load_state_dict(ours.state_dict())
    files = [exported(cell, (x,), dynamo) for cell in (ours, theirs)]
    assert operations(files[0]) == operations(files[1])
    close(read(files[0], x), ours(x))


@EXPORTERS
@pytest.mark.parametrize("kind", KINDS)
def test_a_model_around_a_layer(kind: str, dynamo: bool) -> None:
    model, xs = Listener(made(kind)).eval(), torch.randn(T, B, I)
    file = exported(model, (xs,), dynamo)
    close(read(file, xs), model(xs))


@pytest.mark.parametrize("kind", KINDS)
def test_lengths_stay_lengths_in_the_older_exporter(kind: str) -> None:
    model, xs = Padded(made(kind, bidirectional=True)).eval(), torch.randn(T, B, I)
    names = {"input_names": ["xs", "lengths"], "dynamic_axes": {"xs": {0: "T", 1: "B"}}}
    names["dynamic_axes"]["lengths"] = {0: "B"}
    file = exported(model, (xs, torch.tensor([T, 2])), OLDER, **names)
    others, lengths = torch.randn(T + 2, B + 1, I), torch.tensor([2, T + 2, 1])
    close(read(file, others, lengths), model(others, lengths))


@pytest.mark.parametrize("kind", KINDS)
def test_after_an_export_the_mathematics_is_ours_again(kind: str, monkeypatch) -> None:
    layer, xs = made(kind), torch.randn(T, B, I)
    exported(layer, (xs,), OLDER)
    torch.export.export(layer, (xs,))

    def ours(*arguments):
        raise AssertionError("read by ours")

    monkeypatch.setattr(type(layer), "_fast", ours)
    with pytest.raises(AssertionError, match="read by ours"):
        layer(xs)
    torch.export.export(layer, (xs,))


# torch.export


@pytest.mark.parametrize("strict", [True, False])
@pytest.mark.parametrize("settings", SETTINGS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_program_of_torch_export(kind: str, settings: dict, strict: bool) -> None:
    """One operation a layer or stack, any number of samples, and through a file."""
    layer, xs = made(kind, **settings), torch.randn(3, 4, I)
    axis = 0 if layer.batch_first else 1
    shapes = {"input": {axis: torch.export.Dim.DYNAMIC}, "hx": None}
    program = torch.export.export(layer, (xs, None), dynamic_shapes=shapes, strict=strict)
    called = [str(node.target) for node in program.graph.nodes if node.op == "call_function"]
    name = {"RNN": "rnn_tanh"}.get(kind, kind.lower())
    assert called.count(f"aten.{name}.input") == 1
    file = io.BytesIO()
    torch.export.save(program, file)
    again = torch.export.load(io.BytesIO(file.getvalue())).module()
    others = torch.randn(*((6, 4) if layer.batch_first else (3, 6)), I)
    close(again(others, None), layer(others))


# Weights alone


@pytest.mark.parametrize("settings", SETTINGS)
@pytest.mark.parametrize("kind", KINDS)
def test_weights_go_to_torchs_layer_and_back(kind: str, settings: dict) -> None:
    ours, theirs = made(kind, **settings), getattr(nn, kind)(I, H, **settings).eval()
    theirs.load_state_dict(ours.state_dict(), strict=True)
    back = getattr(layers, kind)(I, H, **settings).eval()
    back.load_state_dict(theirs.state_dict(), strict=True)
    assert list(ours.state_dict()) == list(theirs.state_dict())
    xs = torch.randn(T, B, I)
    assert all(torch.equal(a, b) for a, b in zip(leaves(ours(xs)), leaves(back(xs)), strict=True))
    close(theirs(xs), ours(xs))


@pytest.mark.parametrize("kind", KINDS)
def test_safetensors_holds_the_weights(kind: str, tmp_path: Path) -> None:
    safetensors = pytest.importorskip("safetensors.torch", reason="safetensors is not installed")
    path = tmp_path / "weights.safetensors"
    ours, theirs = made(kind, num_layers=2), getattr(nn, kind)(I, H, num_layers=2)
    safetensors.save_file(ours.state_dict(), path)
    theirs.load_state_dict(safetensors.load_file(path), strict=True)
    assert all(
        torch.equal(a, b) for a, b in zip(ours.parameters(), theirs.parameters(), strict=True)
    )
    xs = torch.randn(T, B, I)
    close(theirs.eval()(xs), ours(xs))


def test_safetensors_holds_a_layer_with_two_names_once(tmp_path: Path) -> None:
    safetensors = pytest.importorskip("safetensors.torch", reason="safetensors is not installed")
    path, model, other = tmp_path / "model.safetensors", Twice(), Twice()
    with pytest.raises(RuntimeError, match="share memory"):
        safetensors.save_file(model.state_dict(), path)
    safetensors.save_model(model, path)
    assert {name.split(".")[0] for name in safetensors.load_file(path)} == {"first", "last"}
    assert safetensors.load_model(other, path) == (set(), [])
    pairs = zip(model.parameters(), other.parameters(), strict=True)
    assert all(torch.equal(a, b) for a, b in pairs)


def test_a_transposed_weight_is_refused_as_a_tensor_and_mixed_up_as_an_array(
    tmp_path: Path,
) -> None:
    """safetensors 0.8.0. Keras' kernels are torch's weights transposed, so this is where one meets it."""
    of_torch = pytest.importorskip("safetensors.torch", reason="safetensors is not installed")
    of_numpy = pytest.importorskip("safetensors.numpy", reason="safetensors is not installed")
    path, kernel = tmp_path / "kernel.safetensors", made("GRU").weight_ih_l0.detach().T
    with pytest.raises(ValueError, match="non contiguous tensor"):
        of_torch.save_file({"kernel": kernel}, path)
    of_numpy.save_file({"kernel": kernel.numpy()}, path)
    found = of_numpy.load_file(path)["kernel"]
    assert found.shape == kernel.shape and not np.array_equal(found, kernel.numpy())
    assert np.array_equal(found.ravel(), kernel.T.numpy().ravel())
    of_numpy.save_file({"kernel": np.ascontiguousarray(kernel.numpy())}, path)
    assert np.array_equal(of_numpy.load_file(path)["kernel"], kernel.numpy())

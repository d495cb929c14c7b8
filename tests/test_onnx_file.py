"""Recurrent layers written as ONNX nodes by hand, read back, and run."""

import math
import random
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

onnx = pytest.importorskip("onnx", reason="onnx is not installed: no ONNX files are tested")
pytest.importorskip("onnxruntime", reason="onnxruntime is not installed: no ONNX file is run")

from gates import layers  # noqa: E402
from gates.exchange import onnx_rows  # noqa: E402
from gates.exchange.onnx_file import OnnxFileError, layer_from, run, write  # noqa: E402

KINDS = ("LSTM", "GRU", "RNN")
CLOSE = 1e-6


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "layer.onnx"


def made(seed: int, kind: str, library: object = nn, **settings) -> tuple[nn.RNNBase, dict]:
    """A layer of sizes drawn with a seed, and the sizes."""
    draw = random.Random(seed)
    sizes = {name: draw.choice((1, 1, 2, 3, 5)) for name in "IHTB"}
    settings = {
        "num_layers": draw.choice((1, 2, 3)),
        "bidirectional": draw.random() < 0.5,
        "bias": draw.random() < 0.7,
        "batch_first": draw.random() < 0.5,
    } | settings
    if kind == "RNN":
        settings.setdefault("nonlinearity", draw.choice(("tanh", "relu")))
    torch.manual_seed(seed)
    return getattr(library, kind)(sizes["I"], sizes["H"], **settings).eval(), sizes


def x_of(layer: nn.RNNBase, T: int, B: int) -> Tensor:
    return torch.randn(*((B, T) if layer.batch_first else (T, B)), layer.input_size)


def state_of(layer: nn.RNNBase, B: int) -> Tensor | tuple[Tensor, Tensor]:
    lead = layer.num_layers * (2 if layer.bidirectional else 1)
    h, c = torch.randn(2, lead, B, layer.hidden_size)
    return (h, c) if isinstance(layer, nn.LSTM) else h


def close(ours: object, theirs: object) -> None:
    if isinstance(theirs, tuple):
        assert isinstance(ours, tuple)
        for mine, torchs in zip(ours, theirs, strict=True):
            close(mine, torchs)
        return
    torch.testing.assert_close(ours, theirs.detach(), rtol=0, atol=CLOSE)


def padded(layer: nn.RNNBase, xs: Tensor, lengths: Tensor) -> tuple:
    """What torch reads of padded samples."""
    first, T = layer.batch_first, xs.shape[1 if layer.batch_first else 0]
    packed = pack_padded_sequence(xs, lengths, batch_first=first, enforce_sorted=False)
    output, state = layer(packed)
    return pad_packed_sequence(output, batch_first=first, total_length=T)[0], state


def same(mine: nn.RNNBase, other: nn.RNNBase) -> None:
    """Settings and weights, bit by bit."""
    names = ("input_size", "hidden_size", "num_layers", "bias", "batch_first", "bidirectional")
    assert all(getattr(mine, name) == getattr(other, name) for name in names)
    assert getattr(mine, "nonlinearity", "") == getattr(other, "nonlinearity", "")
    theirs = other.state_dict()
    assert mine.state_dict().keys() == theirs.keys()
    assert all(torch.equal(value, theirs[name]) for name, value in mine.state_dict().items())


@pytest.mark.parametrize("library", [nn, layers], ids=["torch", "ours"])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(8))
def test_onnxruntime_reads_what_torch_reads(
    path: Path, seed: int, kind: str, library: object
) -> None:
    """At other sizes than any example, since there was none, with a state and without."""
    layer, sizes = made(seed, kind, library)
    write(layer, path, state=True)
    same(layer_from(path), layer)
    for T, B in {(sizes["T"], sizes["B"]), (1, 1), (1, 4), (7, 1)}:
        xs, state = x_of(layer, T, B), state_of(layer, B)
        close(run(path, xs, state=state), layer(xs, state))
        close(run(path, xs), layer(xs))
    write(layer, path)
    output, state = run(path, xs)
    close(output, layer(xs)[0])
    assert state is None


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(8))
def test_padded_samples_are_read_to_their_lengths(path: Path, seed: int, kind: str) -> None:
    layer, _ = made(seed, kind, bidirectional=seed % 2 == 0)
    write(layer, path, lengths=True, state=True)
    for T, B in ((6, 4), (1, 1), (3, 1)):
        xs = x_of(layer, T, B)
        lengths = torch.randint(1, T + 1, (B,))
        lengths[0], lengths[-1] = T, 1
        close(run(path, xs, lengths), padded(layer, xs, lengths))
        close(run(path, xs), layer(xs))
    same(layer_from(path), layer)


@pytest.mark.parametrize("kind", KINDS)
def test_a_stream_in_chunks_is_the_whole(path: Path, kind: str) -> None:
    layer, _ = made(3, kind, bidirectional=False, batch_first=False, num_layers=2)
    write(layer, path, state=True)
    xs, state, outputs = x_of(layer, 9, 2), None, []
    for chunk in xs.split([1, 4, 4]):
        output, state = run(path, chunk, state=state)
        outputs.append(output)
    close((torch.cat(outputs), state), layer(xs))


@pytest.mark.parametrize("kind", KINDS)
def test_batch_first_is_the_files_own(path: Path, kind: str) -> None:
    layer, _ = made(1, kind, batch_first=False, num_layers=2)
    write(layer, path, batch_first=True)
    xs = torch.randn(4, 3, layer.input_size)
    close(run(path, xs)[0], layer(xs.transpose(0, 1))[0].transpose(0, 1))
    assert layer_from(path).batch_first


def test_the_inputs_have_torchs_names(path: Path) -> None:
    write(nn.LSTM(3, 4, 2, bidirectional=True), path, lengths=True, state=True)
    graph = onnx.load(str(path)).graph
    assert [put.name for put in graph.input] == ["input", "lengths", "h_0", "c_0"]
    assert [put.name for put in graph.output] == ["output", "h_n", "c_n"]
    assert [node.op_type for node in graph.node].count("LSTM") == 2


@pytest.mark.parametrize("kind", KINDS)
def test_the_arrays_go_and_come_back_bit_by_bit(kind: str) -> None:
    G, H, I = len(onnx_rows.BLOCKS[kind]), 3, 2
    weight = torch.arange(G * H * I, dtype=torch.float64).reshape(G * H, I)
    there = onnx_rows.to_onnx(kind, weight)
    assert sorted(there.ravel()) == weight.flatten().tolist()
    assert np.array_equal(onnx_rows.from_onnx(kind, there), weight.numpy())
    assert np.array_equal(there, weight.numpy()) == (kind == "RNN")


@pytest.mark.parametrize("dynamo", [True, False], ids=["default", "dynamo=False"])
@pytest.mark.parametrize("given", [True, False], ids=["state", "no state"])
@pytest.mark.parametrize("kind", KINDS)
def test_what_torchs_exporters_wrote_is_read(
    path: Path, kind: str, given: bool, dynamo: bool, capfd: pytest.CaptureFixture
) -> None:
    for seed in range(2):
        layer, _ = made(seed, kind, num_layers=seed + 1)
        xs = x_of(layer, 3, 2)
        example = (xs, state_of(layer, 2)) if given else (xs,)
        torch.onnx.export(layer, example, str(path), dynamo=dynamo)
        if kind == "RNN" and dynamo:
            with pytest.raises(OnnxFileError, match="no recurrent node"):
                layer_from(path)
        else:
            same(layer_from(path), layer)


# What is refused


@pytest.mark.parametrize(
    "layer, says",
    [
        (nn.LSTM(2, 3, proj_size=1), "no projection"),
        (nn.GRU(2, 3).double(), r"no GRU in float64: write layer.float\(\)"),
        (nn.RNN(2, 3, 2, dropout=0.5), r"call layer.eval\(\) first"),
        (nn.LSTMCell(2, 3), "A LSTMCell is no RNN, LSTM or GRU"),
        (nn.Linear(2, 3), "A Linear is no RNN, LSTM or GRU"),
    ],
    ids=["projection", "float64", "dropout", "cell", "another layer"],
)
def test_a_layer_that_no_file_can_hold(path: Path, layer: nn.Module, says: str) -> None:
    with pytest.raises(OnnxFileError, match=says):
        write(layer, path)
    assert not path.exists()


def changed(path: Path, change) -> None:
    """Change the file's first recurrent node and its graph."""
    model = onnx.load(str(path))
    node = next(node for node in model.graph.node if node.op_type in KINDS)
    change(node, model.graph)
    onnx.save_model(model, str(path))


def attribute(name: str, value: object):
    def change(node, graph) -> None:
        kept = [a for a in node.attribute if a.name != name]
        del node.attribute[:]
        node.attribute.extend([*kept, onnx.helper.make_attribute(name, value)])

    return change


def constant(place: int, values: np.ndarray):
    def change(node, graph) -> None:
        node.input.extend([""] * (place + 1 - len(node.input)))
        node.input[place] = "made"
        graph.initializer.append(onnx.numpy_helper.from_array(values, "made"))

    return change


ONES, LENGTHS = np.ones((1, 2, 3), np.float32), np.array([2, 2], np.int32)


@pytest.mark.parametrize(
    "kind, change, says",
    [
        ("GRU", attribute("linear_before_reset", 0), "another equation for n"),
        ("LSTM", attribute("clip", 1.0), "clip"),
        ("LSTM", attribute("input_forget", 1), "couples its gates"),
        ("LSTM", attribute("layout", 1), "batches first inside"),
        ("LSTM", attribute("direction", "reverse"), "from the end only"),
        ("LSTM", attribute("activations", ["Sigmoid", "Tanh", "Relu"]), "activations torch.nn has"),
        ("RNN", attribute("activations", ["Elu"]), "activations torch.nn has"),
        ("LSTM", constant(7, np.ones((1, 9), np.float32)), "peepholes"),
        ("GRU", constant(4, LENGTHS), "lengths fixed"),
        ("GRU", constant(5, ONES), "a state of its own"),
        ("LSTM", constant(6, ONES), "a state of its own"),
        ("RNN", constant(1, np.ones((1, 3, 2))), "in float64: only float32 is read"),
        ("RNN", lambda node, graph: setattr(node, "domain", "") or node.input.__setitem__(1, "input"), "is computed when"),
        ("GRU", lambda node, graph: setattr(graph.node[-1], "op_type", "Softmax"), "more than one"),
    ],
    ids=[
        *("reset before", "clip", "input_forget", "layout", "reverse", "relu at the end", "elu"),
        *("peepholes", "lengths", "start of h", "start of c", "float64", "computed", "a head"),
    ],
)  # fmt: skip
def test_a_file_that_torch_has_no_layer_for(path: Path, kind: str, change, says: str) -> None:
    layer = getattr(nn, kind)(2, 3)
    write(layer, path)
    changed(path, change)
    with pytest.raises(OnnxFileError, match=says):
        layer_from(path)


def test_a_start_of_zeros_and_peepholes_of_zeros_are_as_torch_has_them(path: Path) -> None:
    layer = nn.LSTM(2, 3)
    write(layer, path)
    changed(path, constant(7, np.zeros((1, 9), np.float32)))
    changed(path, constant(5, 0 * ONES))
    same(layer_from(path), layer)


def test_nodes_that_do_not_read_one_another(path: Path) -> None:
    write(nn.GRU(3, 3, 2), path)

    def beside(node, graph) -> None:
        [node for node in graph.node if node.op_type == "GRU"][1].input[0] = "input"

    changed(path, beside)
    with pytest.raises(OnnxFileError, match="do not read one another in turn"):
        layer_from(path)


def test_what_is_no_file(path: Path) -> None:
    with pytest.raises(OnnxFileError, match="There is no file"):
        layer_from(path)
    path.write_bytes(b"no protobuf at all")
    with pytest.raises(OnnxFileError, match="is no ONNX file"):
        layer_from(path)


def test_run_refuses_what_the_file_does_not_take(path: Path) -> None:
    layer, xs = nn.LSTM(2, 3), torch.randn(4, 2, 2)
    h = torch.zeros(1, 2, 3)
    write(layer, path)
    with pytest.raises(OnnxFileError, match="takes no lengths"):
        run(path, xs, lengths=[4, 1])
    with pytest.raises(OnnxFileError, match="no state, and 2 were given"):
        run(path, xs, state=(h, h))
    write(layer, path, lengths=True, state=True)
    with pytest.raises(OnnxFileError, match="h_0 and c_0, and 1 were given"):
        run(path, xs, state=h)
    for lengths in ([4, 0], [5, 1], [4]):
        with pytest.raises(OnnxFileError, match="from 1 to 4 for each of the 2 samples"):
            run(path, xs, lengths=lengths)
    torch.onnx.export(layer, (xs,), str(path), dynamo=False, input_names=["xs"])
    with pytest.raises(OnnxFileError, match=r"The inputs of .* are xs"):
        run(path, xs)


# What the standard has, and runtimes do not


def test_a_sample_of_length_0_forgets_its_start_in_onnxruntime(path: Path) -> None:
    onnxruntime = pytest.importorskip("onnxruntime")
    write(nn.GRU(2, 3), path, lengths=True, state=True)
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    xs, h = np.ones((4, 2, 2), np.float32), np.ones((1, 2, 3), np.float32)
    _, h_n = session.run(None, {"input": xs, "lengths": np.array([4, 0]), "h_0": h})
    assert not h_n[:, 1].any() and h_n[:, 0].any()


def test_layout_1_is_refused_by_onnxruntime(path: Path) -> None:
    onnxruntime = pytest.importorskip("onnxruntime")
    write(nn.GRU(2, 3), path)
    changed(path, attribute("layout", 1))
    with pytest.raises(Exception, match=r"[Bb]atchwise"):
        onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])


@pytest.mark.parametrize("kind", KINDS)
def test_the_reference_evaluator_reads_padding_too(path: Path, kind: str) -> None:
    """onnx 1.23.2: sequence_lens is ignored without a word, in both directions; full batches agree."""
    from onnx.reference import ReferenceEvaluator

    layer, _ = made(2, kind, bidirectional=True, num_layers=1, batch_first=False)
    write(layer, path, lengths=True)
    xs = x_of(layer, 4, 2)
    for lengths, agrees in (([4, 4], True), ([4, 1], False)):
        feeds = {"input": xs.numpy(), "lengths": np.array(lengths)}
        away = np.abs(
            ReferenceEvaluator(str(path)).run(None, feeds)[0] - run(path, xs, lengths)[0].numpy()
        )
        assert (away.max() < 1e-5) == agrees and math.isfinite(away.max())


@pytest.mark.parametrize("kind", KINDS)
def test_quantize_dynamic_reaches_the_lstm_alone(path: Path, kind: str) -> None:
    """onnxruntime 1.32.0: a GRU and an RNN stay in float32, without a word."""
    quantization = pytest.importorskip("onnxruntime.quantization")
    write(getattr(nn, kind)(8, 16), path)
    small = path.with_name("small.onnx")
    quantization.quantize_dynamic(str(path), str(small))
    found = {node.op_type for node in onnx.load(str(small)).graph.node}
    assert ("DynamicQuantizeLSTM" in found) == (kind == "LSTM")
    assert (kind in found) == (kind != "LSTM")

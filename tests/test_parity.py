"""Our layers are torch.nn's: same results, gradients, dropout masks and errors, in every mode."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
import versions
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.nn.utils.rnn import pack_sequence, pad_packed_sequence

from gates import cells, fast, layers
from gates.checks.comparing import tensors

SEQUENCES, CELLS = ("RNN", "LSTM", "GRU"), ("RNNCell", "LSTMCell", "GRUCell")


def outcome(layer: nn.Module, input, hx=None) -> tuple[list[torch.Tensor], list[torch.Tensor]]:
    """All outputs; and the gradients of a number made of them for the input, the state and the parameters."""
    torch.manual_seed(3)
    outputs = [t for t in tensors(layer(input, hx)) if t.is_floating_point()]
    total = sum((torch.randn_like(t) * t).sum() for t in outputs)
    sources = [t for t in tensors((input, hx)) if t.requires_grad]
    return outputs, list(torch.autograd.grad(total, sources + list(layer.parameters())))


def same(ours: tuple[list, list], theirs: tuple[list, list]) -> None:
    for mine, torchs, atol in zip(ours, theirs, (1e-12, 1e-10), strict=True):
        torch.testing.assert_close(mine, torchs, rtol=0, atol=atol)


def both(kind: str, *arguments, **options) -> tuple[nn.Module, nn.Module]:
    made = []
    for library in (layers, nn):
        torch.manual_seed(0)
        made.append(getattr(library, kind)(*arguments, dtype=torch.float64, **options))
    for a, b in zip(made[0].named_parameters(), made[1].named_parameters(), strict=True):
        assert a[0] == b[0] and torch.equal(a[1], b[1])  # names, order and initial values
    return made[0], made[1]


@st.composite
def networks(draw):
    kind = draw(st.sampled_from(SEQUENCES))
    H = draw(st.integers(1, 4))
    options = {
        "num_layers": draw(st.integers(1, 3)),
        "bias": draw(st.booleans()),
        "batch_first": draw(st.booleans()),
        "bidirectional": draw(st.booleans()),
    }
    if options["num_layers"] > 1:
        options["dropout"] = draw(st.sampled_from([0.0, 0.5]))
    if kind == "LSTM" and H > 1:
        options["proj_size"] = draw(st.integers(0, H - 1))
    if kind == "RNN":
        options["nonlinearity"] = draw(st.sampled_from(["tanh", "relu"]))
    lengths = draw(st.lists(st.integers(1, 5), min_size=1, max_size=4))
    form = draw(st.sampled_from(["full", "unbatched", "packed"]))
    return (
        kind,
        draw(st.integers(1, 4)),
        H,
        options,
        lengths,
        form,
        draw(st.booleans()),
        draw(st.booleans()),
    )


@settings(max_examples=150, deadline=None, derandomize=True)
@given(networks())
def test_parity_of_any_network(network) -> None:
    kind, I, H, options, lengths, form, with_state, readable = network
    ours, theirs = both(kind, I, H, **options)
    ours.readable = readable
    torch.manual_seed(1)

    def leaf(*shape: int) -> torch.Tensor:
        return torch.randn(*shape, dtype=torch.float64, requires_grad=True)

    T, B, D = lengths[0], len(lengths), 2 if options["bidirectional"] else 1
    hx = None
    if with_state:
        shape = (options["num_layers"] * D, *(() if form == "unbatched" else (B,)))
        hx = leaf(*shape, options.get("proj_size") or H)
        hx = (hx, leaf(*shape, H)) if kind == "LSTM" else hx
    if form == "packed":
        parts = [leaf(length, I) for length in lengths]
        same(
            *(
                outcome(layer, pack_sequence(parts, enforce_sorted=False), hx)
                for layer in (ours, theirs)
            )
        )
        return
    if form == "unbatched":
        input = leaf(T, I)
    else:
        input = leaf(B, T, I) if options["batch_first"] else leaf(T, B, I)
    same(outcome(ours, input, hx), outcome(theirs, input, hx))


@pytest.mark.parametrize("kind", CELLS)
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("batched", [True, False])
def test_parity_of_cells(kind: str, bias: bool, batched: bool) -> None:
    ours, theirs = both(kind, 3, 2, bias=bias)
    shape = (4,) if batched else ()
    x, h, c = (torch.randn(*shape, n, dtype=torch.float64, requires_grad=True) for n in (3, 2, 2))
    hx = (h, c) if kind == "LSTMCell" else h
    for state in (None, hx):
        same(outcome(ours, x, state), outcome(theirs, x, state))


def test_parity_with_torchs_own_database() -> None:
    pytest.importorskip("expecttest")
    if torch.__version__.split("+")[0] != versions.pinned()["torch"]:
        pytest.skip(
            "the database is part of torch's own tests, and only the pinned torch's is known"
        )
    program = Path(__file__).with_name("module_db.py")
    told = subprocess.run([sys.executable, str(program)], capture_output=True, text=True)
    assert told.returncode == 0, told.stderr[-2000:]
    compared = {line.split()[0] for line in told.stdout.splitlines()}
    assert compared == {f"nn.{kind}" for kind in (*SEQUENCES, *CELLS)}


WRONG = {
    "no steps": ("LSTM", {}, lambda: torch.randn(0, 2, 3, dtype=torch.float64), None),
    "four dimensions": ("GRU", {}, lambda: torch.randn(1, 2, 2, 3, dtype=torch.float64), None),
    "wrong input size": ("RNN", {}, lambda: torch.randn(4, 2, 5, dtype=torch.float64), None),
    "wrong state": (
        "GRU",
        {},
        lambda: torch.randn(4, 2, 3, dtype=torch.float64),
        lambda: torch.zeros(1, 2, 9),
    ),
    "flat state": (
        "LSTM",
        {},
        lambda: torch.randn(4, 2, 3, dtype=torch.float64),
        lambda: (torch.zeros(2, 5),) * 2,
    ),
    "other type": ("LSTM", {}, lambda: torch.randn(4, 2, 3), None),
}


@pytest.mark.parametrize("case", WRONG)
def test_parity_of_errors(case: str) -> None:
    kind, options, make, state = WRONG[case]
    told = []
    for layer in both(kind, 3, 5, **options):
        with pytest.raises((RuntimeError, ValueError)) as caught:
            layer(make(), state() if state else None)
        told.append((caught.type, str(caught.value)))
    assert told[0] == told[1]


@pytest.mark.parametrize("kind", ["GRU", "RNN"])
def test_parity_proj_size_is_for_lstm_only(kind: str) -> None:
    for library in (layers, nn):
        with pytest.raises(ValueError, match="proj_size"):
            getattr(library, kind)(3, 5, proj_size=2)


def test_parity_of_functional_call() -> None:
    ours, theirs = both("LSTM", 3, 2)
    other = {name: torch.randn_like(value) for name, value in theirs.state_dict().items()}
    x = torch.randn(4, 2, 3, dtype=torch.float64)
    a, b = (torch.func.functional_call(layer, other, x)[0] for layer in (ours, theirs))
    torch.testing.assert_close(a, b, rtol=0, atol=1e-12)


def test_parity_of_reset_before_with_onnx() -> None:
    """The GRU as published, beside ONNX's reference operator; there the gates stand in the order z, r, n."""
    onnx = pytest.importorskip("onnx")
    reference = pytest.importorskip("onnx.reference")
    T, B, I, H = 4, 3, 2, 5
    torch.manual_seed(0)
    shapes = [(T, B, I), (B, H), (3 * H, I), (3 * H, H), (3 * H,), (3 * H,)]
    xs, h, *parts = (torch.randn(shape, dtype=torch.float64) for shape in shapes)
    W, R, b_ih, b_hh = (torch.cat([p.chunk(3)[k] for k in (1, 0, 2)]).numpy() for p in parts)
    biases = np.concatenate([b_ih, b_hh])[None]
    for before, cell in ((0, cells.gru_reset_before_cell), (1, cells.gru_cell)):
        node = onnx.helper.make_node(
            "GRU", ["X", "W", "R", "B", "", "h"], ["Y"], hidden_size=H, linear_before_reset=before
        )
        feeds = {"X": xs.numpy(), "W": W[None], "R": R[None], "B": biases, "h": h.numpy()[None]}
        (theirs,) = reference.ReferenceEvaluator(node).run(None, feeds)
        ours, _ = cells.unroll(cell, xs, h, cells.Weights(*parts))
        np.testing.assert_allclose(ours.numpy(), theirs[:, 0], rtol=0, atol=1e-12)


@pytest.mark.parametrize("kind", SEQUENCES)
def test_parity_of_lengths_with_each_sample_alone(kind: str) -> None:
    """What a packed batch gives a sample is what the sample gets when it is read alone."""
    torch.manual_seed(0)
    layer = getattr(layers, kind)(3, 2, bidirectional=True, dtype=torch.float64)
    parts = [torch.randn(length, 3, dtype=torch.float64) for length in (2, 5, 1)]
    output, state = layer(pack_sequence(parts, enforce_sorted=False))
    padded, lengths = pad_packed_sequence(output, batch_first=True)
    for k, part in enumerate(parts):
        alone, final = layer(part[:, None])
        torch.testing.assert_close(padded[k, : lengths[k]], alone[:, 0], rtol=0, atol=1e-12)
        for one, whole in zip(tensors(final), tensors(state), strict=True):
            torch.testing.assert_close(whole[:, k], one[:, 0], rtol=0, atol=1e-12)


# The fast sequence


def packed_case(cell, seed: int = 0) -> tuple[list[torch.Tensor], tuple[int, ...]]:
    blocks = {cells.lstm_cell: 4, cells.gru_cell: 3}.get(cell, 1)
    torch.manual_seed(seed)
    states = 2 if cell is cells.lstm_cell else 1
    shapes = [
        (6, 3),
        *[(3, 2)] * states,
        (blocks * 2, 3),
        (blocks * 2, 2),
        (blocks * 2,),
        (blocks * 2,),
    ]
    return [torch.randn(shape, dtype=torch.float64, requires_grad=True) for shape in shapes], (
        3,
        2,
        1,
    )


@pytest.mark.parametrize("cell", fast._FUNCTIONS)
def test_gradients_once_twice_and_of_gradients(cell) -> None:
    inputs, sizes = packed_case(cell)
    function = fast._FUNCTIONS[cell]

    def run(*values):
        return function.apply(*values, sizes)

    assert torch.autograd.gradcheck(run, inputs)
    assert torch.autograd.gradgradcheck(run, inputs)
    total = sum(output.square().sum() for output in run(*inputs))
    first = torch.autograd.grad(total, inputs, retain_graph=True)
    second = torch.autograd.grad(total, inputs)
    for a, b in zip(first, second, strict=True):
        assert torch.equal(a, b)


@pytest.mark.parametrize("kind", ["GRU", "RNN"])
@pytest.mark.parametrize("bidirectional", [False, True])
def test_parity_when_a_program_changes_the_output_in_place(kind: str, bidirectional: bool) -> None:
    # nn.LSTM refuses this on CPU, since it keeps its output for the backward
    grads = []
    for layer in both(kind, 3, 2, num_layers=2, bidirectional=bidirectional):
        torch.manual_seed(1)
        ys, _ = layer(torch.randn(4, 2, 3, dtype=torch.float64))
        ys.mul_(2).square().sum().backward()
        grads.append([parameter.grad for parameter in layer.parameters()])
    same(([], grads[0]), ([], grads[1]))


# Tests of the tests: each mistake, put in on purpose, is caught


def broken(monkeypatch: pytest.MonkeyPatch, **changes) -> None:
    for name, value in changes.items():
        monkeypatch.setattr(layers._Mathematics, name, value)


def swapped_order(weights):
    W = layers_with_biases(weights)
    return cells.Weights(*(torch.cat([p.chunk(4)[k] for k in (0, 1, 3, 2)]) for p in W))


def without_bias(weights):
    W_ih, W_hh, b_ih, b_hh = layers_with_biases(weights)
    return cells.Weights(W_ih, W_hh, b_ih, 0 * b_hh)


layers_with_biases = layers._with_biases


@pytest.mark.parametrize("mistake", [swapped_order, without_bias])
def test_a_wrong_use_of_weights_is_caught(monkeypatch: pytest.MonkeyPatch, mistake) -> None:
    monkeypatch.setattr(layers, "_with_biases", mistake)
    ours, theirs = both("LSTM", 3, 2)
    x = torch.randn(4, 2, 3, dtype=torch.float64)
    with pytest.raises(AssertionError):
        same(outcome(ours, x), outcome(theirs, x))


def test_reset_before_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def network(self, *arguments):
        return self._network(cells.gru_reset_before_cell, *arguments)

    broken(monkeypatch, gru=network)
    ours, theirs = both("GRU", 3, 2)
    x = torch.randn(4, 2, 3, dtype=torch.float64)
    with pytest.raises(AssertionError):
        same(outcome(ours, x), outcome(theirs, x))


def test_dropout_after_the_last_layer_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    right = layers._Mathematics._stack

    def stack(self, *arguments):
        xs, *final = right(self, *arguments)
        return nn.functional.dropout(xs, 0.5), *final

    broken(monkeypatch, _stack=stack)
    ours, theirs = both("LSTM", 3, 2, num_layers=2, dropout=0.5)
    x = torch.randn(4, 2, 3, dtype=torch.float64)
    with pytest.raises(AssertionError):
        same(outcome(ours, x), outcome(theirs, x))


def test_ignored_lengths_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def as_if_all_were_as_long(sizes):
        return torch.cat(torch.arange(sum(sizes)).split(sizes)[::-1])

    monkeypatch.setattr(layers, "turned", as_if_all_were_as_long)
    ours, theirs = both("GRU", 3, 2, bidirectional=True)
    parts = [torch.randn(length, 3, dtype=torch.float64) for length in (4, 2)]
    with pytest.raises(AssertionError):
        same(outcome(ours, pack_sequence(parts)), outcome(theirs, pack_sequence(parts)))

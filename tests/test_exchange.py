"""The table of frameworks: against what is stored, and against each framework where it is installed."""

import dataclasses
import importlib
from itertools import pairwise

import numpy as np
import pytest
import torch
from torch import nn

from gates import exchange
from gates.exchange import ROWS, packages, references
from gates.exchange.packages import torch as of_torch
from gates.exchange.references import CLOSE, largest_difference

CASES = list(references.cases())
OTHERS = [row for row in ROWS.values() if row.package != "torch"]
KINDS = {row.kind: row for row in ROWS.values() if row.package == "torch"}


def named(value: object) -> str:
    return value.name if isinstance(value, exchange.Row) else str(value)


def installed(row: exchange.Row):
    """The file for the row's framework; without that the test is skipped, with what to install."""
    if lacks := packages.missing(row.package):
        pytest.skip(f"{', '.join(lacks)} not installed: `python course.py frameworks` does that")
    return packages.here(row.package)


def read_by_row(
    reference: references.Reference, row: exchange.Row | None = None
) -> exchange.Reading:
    return exchange.read(
        row or reference.row, reference.arrays, reference.xs, reference.lengths, reference.start
    )


def random_layer(row: exchange.Row, I: int, H: int, directions: int, seed: int) -> nn.RNNBase:
    """A layer of torch that computes what the row does, with random weights of size 1."""
    generator = torch.Generator().manual_seed(seed)
    layer = of_torch.made(KINDS[row.kind], I, H, directions == 2)
    for parameter in layer.parameters():
        with torch.no_grad():
            parameter.copy_(0.7 * torch.randn(parameter.shape, generator=generator))
    return layer


# What is stored


@pytest.mark.parametrize(("row", "directions"), CASES, ids=named)
def test_a_row_says_what_its_framework_made_of_the_stored_arrays(row, directions) -> None:
    reference = references.stored(row, directions)
    assert largest_difference(read_by_row(reference), reference.reading) < CLOSE


FACTS = {
    "order": lambda row: row.order[1:] + row.order[0] if len(row.order) > 1 else None,
    "reset": lambda row: {"after": "before", "before": "after"}.get(row.reset),
    "z_keeps": lambda row: {"old": "new", "new": "old"}.get(row.z_keeps),
    "offset": lambda row: 1 - row.offset if row.cell == "lstm" else None,
    "at_end": lambda row: {"zero": "last", "last": "goes on", "goes on": "zero"}.get(row.at_end),
}


def wrong_facts() -> list[tuple[exchange.Row, str, object]]:
    """Each fact of each row, with what else might stand there. Where each gate has arrays of its own, order is none."""
    found = [(row, fact, other(row)) for row in ROWS.values() for fact, other in FACTS.items()]
    joined = {
        row.name
        for row in ROWS.values()
        if any(len(one.gates or row.order) > 1 for one in row.arrays)
    }
    return [
        one for one in found if one[2] is not None and (one[1] != "order" or one[0].name in joined)
    ]


@pytest.mark.parametrize(("row", "fact", "other"), wrong_facts(), ids=named)
def test_another_fact_in_a_row_would_be_seen(row, fact, other) -> None:
    reference = references.stored(row, 1)
    wrong = dataclasses.replace(row, **{fact: other})
    assert largest_difference(read_by_row(reference, wrong), reference.reading) > 1e-2


def test_the_stored_arrays_say_with_which_versions_they_were_made() -> None:
    assert references.versions() == exchange.MEASURED_WITH


@pytest.mark.parametrize(("row", "directions"), CASES, ids=named)
def test_the_framework_still_makes_what_is_stored(row, directions) -> None:
    installed(row)
    now, before = references.made_now(row, directions), references.stored(row, directions)
    assert all(
        np.array_equal(one[name], other[name])
        for one, other in zip(now.arrays, before.arrays, strict=True)
        for name in other
    )
    assert largest_difference(now.reading, before.reading) < CLOSE


# There and back


def exactly(row: exchange.Row) -> bool:
    """Whether the row keeps both biases apart and adds nothing, so that nothing is rounded."""
    second = {k for one in row.arrays if "d" in one.holds for k in one.gates or row.order}
    return second == set(row.order) and not row.offset


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("row", [row for row in ROWS.values() if row.kind in KINDS], ids=named)
def test_from_torch_and_back(row, seed) -> None:
    sizes = [(3, 5), (1, 4), (4, 1)][seed]
    layer = random_layer(row, *sizes, directions=1, seed=seed)
    source = KINDS[row.kind].name
    if row.name == "flax nnx.GRUCell":  # has no room for it
        H = sizes[1]
        with torch.no_grad():
            layer.bias_hh_l0[2 * H :] = 0
    (weights,) = of_torch.arrays(layer)
    theirs = exchange.convert(weights, source, row.name)
    back = exchange.convert(theirs, row.name, source)
    for name in ("weight_ih", "weight_hh"):
        assert np.array_equal(back[name], weights[name])
    if exactly(row):
        assert all(np.array_equal(back[name], weights[name]) for name in weights)
    else:
        both = weights["bias_ih"] + weights["bias_hh"], back["bias_ih"] + back["bias_hh"]
        assert np.abs(both[0] - both[1]).max() < 5e-7
    again = exchange.convert(exchange.convert(back, source, row.name), row.name, source)
    if not row.offset:
        assert all(np.array_equal(again[name], back[name]) for name in back)


def test_among_grus_with_the_reset_before_the_product_nothing_is_lost() -> None:
    rows = [row.name for row in ROWS.values() if row.reset == "before"]
    assert len(rows) == 3
    reference = references.stored(ROWS["keras GRU reset before"], 1)
    (arrays,) = reference.arrays
    way = ["keras GRU reset before", *rows, "keras GRU reset before"]
    for source, target in pairwise(way):
        arrays = exchange.convert(arrays, source, target)
        reading = exchange.read(ROWS[target], [arrays], reference.xs, None, reference.start)
        whole = exchange.read(reference.row, reference.arrays, reference.xs, None, reference.start)
        assert largest_difference(reading, whole) < CLOSE
    assert all(np.array_equal(arrays[name], array) for name, array in reference.arrays[0].items())


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("row", "directions"), [one for one in CASES if one[0].kind in KINDS], ids=named
)
def test_a_live_layer_with_torchs_weights_computes_the_same(row, directions, seed) -> None:
    package = installed(row)
    random = np.random.default_rng(seed)
    I, H, T, B = [int(size) for size in random.integers(1, 7, 4)]
    if seed == 0:
        I, H, T, B = 3, 5, 6, 4
    layer = random_layer(row, I, H, directions, seed)
    if row.name == "flax nnx.GRUCell":
        with torch.no_grad():
            for name, parameter in layer.named_parameters():
                if name.startswith("bias_hh"):
                    parameter[2 * H :] = 0
    theirs = exchange.bring(layer, package.made(row, I, H, directions == 2))
    assert exchange.row_of(theirs) is row
    xs = random.normal(0, 1, (T, B, I)).astype(np.float32)
    start = tuple(random.normal(0, 1, (directions, B, H)).astype(np.float32) for _ in row.state)
    lengths = random.integers(1, T + 1, B) if row.at_end else None
    for told in (None, lengths):
        ours, other = of_torch.read(layer, xs, told, start), package.read(theirs, xs, told, start)
        real = np.ones((T, B), bool) if told is None else np.arange(T)[:, None] < told
        assert np.abs((ours.ys - other.ys)[real]).max() < 1e-6 * max(1, np.abs(ours.ys).max())
        for one, another in zip(ours.state, other.state, strict=True):
            assert np.abs(one - another).max() < 1e-6 * max(1, np.abs(one).max())
    fetched = exchange.fetch(theirs)
    assert type(fetched) is type(layer)
    ours, back = of_torch.read(layer, xs, None, start), of_torch.read(fetched, xs, None, start)
    assert largest_difference(ours, back) < 1e-6 * max(1, np.abs(ours.ys).max())


def test_each_layer_of_a_stack_can_be_brought_along() -> None:
    package = installed(ROWS["keras LSTM"])
    torch.manual_seed(0)
    stack = nn.LSTM(3, 5, num_layers=2, bidirectional=True)
    xs = np.random.default_rng(0).normal(0, 1, (6, 4, 3)).astype(np.float32)
    ys = xs
    for depth in range(2):
        theirs = package.made(ROWS["keras LSTM"], ys.shape[-1], 5, True)
        ys = package.read(exchange.bring(stack, theirs, depth), ys).ys
    with torch.no_grad():
        assert np.abs(stack(torch.from_numpy(xs))[0].numpy() - ys).max() < 1e-6


# What cannot come along, and what does not fit


def weights_of(kind: str) -> dict[str, np.ndarray]:
    torch.manual_seed(0)
    return of_torch.arrays(getattr(nn, kind)(3, 5))[0]


@pytest.mark.parametrize("target", [row for row in OTHERS if row.reset == "before"], ids=named)
def test_reset_after_does_not_go_into_reset_before(target) -> None:
    with pytest.raises(exchange.CannotCome, match=r"acts after the product .* acts before it"):
        exchange.convert(weights_of("GRU"), "torch GRU", target.name)
    (arrays,) = references.stored(target, 1).arrays
    with pytest.raises(exchange.CannotCome, match=r"acts before the product .* acts after it"):
        exchange.convert(arrays, target.name, "torch GRU")


def test_a_bias_without_room_is_told() -> None:
    with pytest.raises(exchange.CannotCome, match="no room for bias_hh of n"):
        exchange.convert(weights_of("GRU"), "torch GRU", "flax nnx.GRUCell")


def test_another_cell_is_told() -> None:
    with pytest.raises(exchange.CannotCome, match="of another cell, lstm, than keras GRU, gru"):
        exchange.convert(weights_of("LSTM"), "torch LSTM", "keras GRU")


def test_an_unknown_row_a_missing_array_and_a_wrong_shape_are_told() -> None:
    weights = weights_of("LSTM")
    with pytest.raises(ValueError, match="no row 'torch lstm'"):
        exchange.convert(weights, "torch lstm", "keras LSTM")
    with pytest.raises(ValueError, match="weight_hh is missing"):
        exchange.convert({"weight_ih": weights["weight_ih"]}, "torch LSTM", "keras LSTM")
    with pytest.raises(
        ValueError, match=r"bias_ih of torch LSTM stands as \(g u\) with 4 gates of 5"
    ):
        exchange.convert(weights | {"bias_ih": np.zeros(7)}, "torch LSTM", "keras LSTM")


def test_an_array_too_many_or_half_of_the_biases_are_told() -> None:
    weights = weights_of("LSTM")
    with pytest.raises(ValueError, match="and not weight_hr"):
        exchange.convert(weights | {"weight_hr": np.zeros((2, 5))}, "torch LSTM", "keras LSTM")
    del weights["bias_hh"]
    with pytest.raises(ValueError, match="bias_hh is missing"):
        exchange.convert(weights, "torch LSTM", "keras LSTM")


def test_a_live_layer_without_a_bias_takes_no_bias_in_silence() -> None:
    installed(ROWS["keras GRU"])
    keras = importlib.import_module("keras")
    theirs = keras.layers.GRU(5, use_bias=False)
    theirs.build((None, None, 3))
    torch.manual_seed(0)
    with pytest.raises(exchange.CannotCome, match="built without bias"):
        exchange.bring(nn.GRU(3, 5), theirs)
    layer = nn.GRU(3, 5, bias=False)
    fetched = exchange.fetch(exchange.bring(layer, theirs))
    assert torch.equal(fetched.weight_hh_l0, layer.weight_hh_l0)
    assert not fetched.bias_ih_l0.any()


def test_a_layer_with_other_activations_has_no_row() -> None:
    installed(ROWS["keras LSTM"])
    keras = importlib.import_module("keras")
    for options in ({"activation": "relu"}, {"recurrent_activation": "hard_sigmoid"}):
        theirs = keras.layers.LSTM(5, **options)
        theirs.build((None, None, 3))
        with pytest.raises(ValueError, match="has no row of its own"):
            exchange.row_of(theirs)
    installed(ROWS["flax nnx.GRUCell"])
    nnx, jax = importlib.import_module("flax.nnx"), importlib.import_module("jax")
    for options in ({"activation_fn": jax.nn.relu}, {"gate_fn": jax.nn.hard_sigmoid}):
        with pytest.raises(ValueError, match="has no row of its own"):
            exchange.row_of(nnx.GRUCell(3, 5, rngs=nnx.Rngs(0), **options))


def test_a_layer_without_biases_comes_along_and_back() -> None:
    torch.manual_seed(0)
    (weights,) = of_torch.arrays(nn.GRU(3, 5, bias=False))
    assert list(weights) == ["weight_ih", "weight_hh"]
    theirs = exchange.convert(weights, "torch GRU", "keras GRU")
    assert not theirs["bias"].any()
    back = exchange.convert(theirs, "keras GRU", "torch GRU")
    assert np.array_equal(back["weight_hh"], weights["weight_hh"])


def test_live_layers_of_other_sizes_are_refused() -> None:
    package = installed(ROWS["equinox LSTMCell"])
    theirs = package.made(ROWS["equinox LSTMCell"], 3, 5)
    with pytest.raises(ValueError, match="build it with the same input and hidden sizes"):
        exchange.bring(nn.LSTM(4, 5), theirs)
    with pytest.raises(ValueError, match="torch's layer has two directions and the other one one"):
        exchange.bring(nn.LSTM(3, 5, bidirectional=True), theirs)
    with pytest.raises(ValueError, match="projected"):
        exchange.bring(nn.LSTM(3, 5, proj_size=2), theirs)
    with pytest.raises(ValueError, match="Linear has no row of its own"):
        exchange.row_of(nn.Linear(2, 2))


@pytest.mark.parametrize("row", OTHERS, ids=named)
def test_without_its_framework_a_row_is_still_read_and_says_what_to_install(
    row, monkeypatch
) -> None:
    monkeypatch.setattr(packages, "find_spec", lambda name: None)
    with pytest.raises(ImportError, match=r"not installed here: `python course\.py frameworks`"):
        packages.here(row.package)
    reference = references.stored(row, 1)
    assert largest_difference(read_by_row(reference), reference.reading) < CLOSE


# The rest of the table, against the frameworks


@pytest.mark.parametrize("row", [row for row in ROWS.values() if row.arrays[0].start], ids=named)
def test_initial_values_are_as_strong_as_the_row_says(row) -> None:
    package = installed(row)
    torch.manual_seed(0)
    if row.package == "keras":
        importlib.import_module("keras").utils.set_random_seed(0)
    I, H = 48, 64
    (arrays,) = package.arrays(package.made(row, I, H))
    biases = [one for one in row.arrays if one.holds[0] in "bd"]
    for one in set(row.arrays) - set(biases):
        measured = float(np.sqrt((arrays[one.name] ** 2).mean()))
        assert measured == pytest.approx(one.start.rms(I, H), rel=0.04), one.name
    for one in biases:
        blocks = arrays[one.name].reshape(-1, H)
        for k, block in zip(one.gates or row.order * 2, blocks, strict=False):
            expected = row.start_f if k == "f" and row.start_f is not None else one.start.rms(I, H)
            assert float(np.sqrt((block**2).mean())) == pytest.approx(expected, rel=0.25), k


def test_orthogonal_all_gates_in_one_is_weaker_than_a_square_for_each() -> None:
    package = installed(ROWS["flax nnx.LSTMCell"])
    strengths = []
    for name, of in (("nnx.LSTMCell", "hf/kernel"), ("nnx.OptimizedLSTMCell", "dense_h/kernel")):
        (arrays,) = package.arrays(package.made(ROWS[f"flax {name}"], 16, 32))
        blocks = arrays[of].reshape(32, -1, 32).swapaxes(0, 1)
        strengths.append(float(np.sqrt((blocks**2).sum((1, 2)).mean() / 32)))
    assert strengths == pytest.approx([1.0, 0.5], rel=1e-5)


@pytest.mark.parametrize("row", [row for row in OTHERS if row.package == "keras"], ids=named)
@pytest.mark.parametrize("directions", [1, 2])
def test_padding_in_front_gives_zeros_and_leaves_the_state(row, directions) -> None:
    package = installed(row)
    assert row.at_front == "zero"
    random = np.random.default_rng(0)
    layer = package.made(row, I=3, H=5, both=directions == 2)
    xs = random.normal(0, 1, (6, 1, 3)).astype(np.float32)
    start = tuple(random.normal(0, 1, (directions, 1, 5)).astype(np.float32) for _ in row.state)
    padded = package.read(layer, xs, [4], start, in_front=True)
    alone = package.read(layer, np.ascontiguousarray(xs[2:]), None, start)
    assert not padded.ys[:2].any()
    assert largest_difference(exchange.Reading(padded.ys[2:], padded.state), alone) < 1e-6


@pytest.mark.parametrize("row", [row for row in ROWS.values() if row.cell == "lstm"], ids=named)
def test_the_order_of_the_state(row) -> None:
    installed(row)
    x, parts = np.zeros((1, 3), np.float32), np.zeros((2, 1, 5), np.float32)
    parts[row.state.index("c")] = 5.0  # h stays below 1, and c may not
    if row.package == "torch":
        torch.manual_seed(0)
        state = nn.LSTMCell(3, 5)(torch.from_numpy(x), tuple(torch.from_numpy(p) for p in parts))
    elif row.package == "keras":
        cell = importlib.import_module("keras").layers.LSTMCell(5)
        cell.build((None, 3))
        state = cell(x, list(parts))[1]
    elif row.package == "onnxruntime":
        layer = packages.here(row.package).made(row, 3, 5)
        reading = packages.here(row.package).read(layer, x[None], None, tuple(parts[:, None]))
        state = [part[0] for part in reading.state]
    elif row.package == "flax":
        layer = packages.here(row.package).made(row, 3, 5)
        if row.layer.startswith("nnx"):
            state = layer[0](tuple(parts), x)[0]
        else:
            state = layer.cell.apply({"params": layer.params[0]}, tuple(parts), x)[0]
    elif row.package == "equinox":
        (cell,) = packages.here(row.package).made(row, 3, 5)
        state = cell(x[0], tuple(part[0] for part in parts))
    else:
        fields = importlib.import_module("haiku").LSTMState._fields
        assert [name[0] for name in fields] == list(row.state)
        return
    h, c = (
        np.asarray(part.detach() if hasattr(part, "detach") else part)
        for part in (state[row.state.index(name)] for name in "hc")
    )
    assert np.abs(h).max() < 1 < np.abs(c).min()


def test_the_table_has_a_line_for_each_row_and_no_empty_cell_but_where_there_is_nothing_to_say() -> (
    None
):
    table = exchange.table()
    assert len(table) == len(ROWS)
    of_all = ["gates", "arrays", "biases", "state", "starts at", "after the end", "two directions"]
    assert (table[of_all] != "").all().all()
    assert (
        table.loc[("haiku", "LSTM"), "arrays"] == "lstm/linear/w: (I + H) × 4H; lstm/linear/b: 4H"
    )
    assert table.loc[("keras", "GRU"), "arrays"].endswith("bias: 2 × 3H")
    assert table.loc[("equinox", "GRUCell"), "biases"] == "1, and a second of n"
    assert table.loc[("haiku", "GRU"), "z is the share of the"] == "new state"

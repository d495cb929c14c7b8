"""Networks of the family's cells: they start as torch's, compute what their cells do, and can be trained and kept."""

import copy
import io

import pytest
import torch
from torch import Tensor, nn

from gates import tasks
from gates.cells import unroll
from gates.family import FAMILY, Attentive, Recurrent, Relative, count_weights
from gates.training import fit
from gates.variants import attend

T, B, I, H, O = 6, 3, 4, 5, 2


def seeded(make, *arguments, seed: int = 0, **settings):
    torch.manual_seed(seed)
    return make(*arguments, **settings)


def inputs(steps: int = T) -> Tensor:
    return torch.randn(steps, B, I, generator=torch.Generator().manual_seed(2))


@pytest.mark.parametrize("cell", FAMILY)
def test_a_layer_is_its_cell_unrolled(cell: str) -> None:
    layer, xs = seeded(Recurrent, cell, I, H).double(), inputs().double()
    wanted, _ = unroll(FAMILY[cell].step, xs, layer.start(xs), layer.weights)
    assert wanted.shape == (T, B, H) and wanted.isfinite().all()
    torch.testing.assert_close(layer(xs), wanted, rtol=0, atol=1e-12)


@pytest.mark.parametrize("cell, theirs", [("lstm", nn.LSTM), ("gru", nn.GRU)])
def test_the_two_that_torch_has_start_as_torchs_and_compute_the_same(cell: str, theirs) -> None:
    ours, right = seeded(Recurrent, cell, I, H), seeded(theirs, I, H)
    for a, b in zip(ours.parameters(), right.parameters(), strict=True):
        assert torch.equal(a, b)
    torch.testing.assert_close(ours(inputs()), right(inputs())[0], rtol=0, atol=1e-6)


@pytest.mark.parametrize("cell", FAMILY)
def test_weights_start_as_torchs_do(cell: str) -> None:
    layer = seeded(Recurrent, cell, 30, 64)
    for name, weight in layer.named_parameters():
        if name.startswith("gain") or name == "bias_c":
            assert (weight == (name != "bias_c")).all()
        elif weight.numel() > 50:
            assert 0.9 / 8 < weight.abs().max() <= 1 / 8
            assert abs(weight.std().item() * 8 - 3**-0.5) < 0.1  # that of an even draw


@pytest.mark.parametrize("cell", FAMILY)
def test_the_gate_that_keeps_may_start_from_a_bias_and_nothing_else_changes(cell: str) -> None:
    plain = dict(seeded(Recurrent, cell, I, H).named_parameters())
    layer = seeded(Recurrent, cell, I, H, keep_bias=3.0)
    block, changed = FAMILY[cell].keeps, set()
    for name, weight in layer.named_parameters():
        other = weight != plain[name]
        if other.any():
            changed.add(name)
            size = 1 if name == "bias_if" else H
            rows = slice(block * size, (block + 1) * size)
            assert (weight[rows] == (0 if name == "bias_hh" else 3)).all()
            assert other.sum() == size
    with_h = {"bias_ih", "bias_hh"} & plain.keys()
    wanted = set() if block is None else {"bias_if"} if cell == "mlstm" else with_h
    assert changed == wanted and (block is None) == (cell == "lstm without f")


@pytest.mark.parametrize("cell", sorted(FAMILY.keys() - {"lstm without f"}))
def test_the_gate_whose_bias_is_set_is_the_one_that_keeps(cell: str) -> None:
    """Kept wide open, it hands on what was there before, and held shut nothing of it."""
    xs = inputs(2).double()
    for bias, kept in ((60.0, True), (-60.0, False)):
        layer, slopes = seeded(Recurrent, cell, I, H, keep_bias=bias).double(), []
        if hasattr(layer, "weight_hh"):
            nn.init.zeros_(layer.weight_hh)  # so that the new has nothing of the old in it
        for place in range(len(FAMILY[cell].state)):
            state = layer.start(xs)
            state = list(state) if isinstance(state, tuple) else [state]
            if len(state) == 4:
                # after a first step, since m = −inf hands nothing on
                state = [part.detach() for part in FAMILY[cell].step(xs[1], state, layer.weights)]
            state[place] = state[place].clone().requires_grad_()
            given = tuple(state) if len(state) > 1 else state[0]
            new = FAMILY[cell].step(xs[0], given, layer.weights)
            after = new[place] if isinstance(new, tuple) else new
            (slope,) = torch.autograd.grad(after.sum(), state[place], allow_unused=True)
            slopes.append(0.0 if slope is None else slope.abs().max().item())
        of_memory = slopes[0 if len(slopes) == 1 else 1]
        assert (of_memory > 0.5) == kept, slopes


@pytest.mark.parametrize("cell", FAMILY)
def test_what_a_layer_learns_is_counted(cell: str) -> None:
    counted = sum(weight.numel() for weight in Recurrent(cell, I, H).parameters())
    assert count_weights(cell, I, H) == counted
    assert count_weights("lstm", I, H) == sum(w.numel() for w in nn.LSTM(I, H).parameters())
    assert count_weights("peephole lstm", I, H) == count_weights("lstm", I, H) + 3 * H


@pytest.mark.parametrize("make", [Relative, Attentive])
@pytest.mark.parametrize("cell", FAMILY)
def test_a_network_is_kept_and_read_and_copied(cell: str, make) -> None:
    network, file = seeded(make, cell, I, H, O), io.BytesIO()
    torch.save(network.state_dict(), file)
    file.seek(0)
    other = seeded(make, cell, I, H, O, seed=1)
    assert not torch.equal(other(inputs()), network(inputs()))
    other.load_state_dict(torch.load(file, weights_only=True))
    for same in (other, copy.deepcopy(network)):
        assert torch.equal(same(inputs()), network(inputs()))
    assert network(inputs()).shape == (T, B, O)


@pytest.mark.parametrize("make", [Relative, Attentive])
@pytest.mark.parametrize("cell", FAMILY)
def test_every_weight_is_learned_but_those_of_a_gate_that_is_left_out(cell: str, make) -> None:
    network = seeded(make, cell, I, H, O)
    network(inputs()).square().sum().backward()
    for name, weight in network.named_parameters():
        learns = weight.grad.flatten(1).any(1) if weight.dim() > 1 else weight.grad != 0
        left_out = torch.zeros_like(learns)
        if cell == "slstm" and "bias" in name and name.startswith("layer"):
            learns[:H], left_out[:H] = False, True  # what it adds to every a_i changes nothing
        if cell.startswith("lstm without") and name.startswith("layer"):
            left_out.view(4, H)["ifgo".index(cell[-1])] = True
        assert torch.equal(learns, ~left_out), name


@pytest.mark.parametrize("cell", FAMILY)
def test_every_cell_can_be_trained(cell: str) -> None:
    table = fit(
        tasks.latch(4),
        lambda I, O: Relative(cell, I, 8, O),
        seeds=[0],
        steps=60,
        learning_rate=0.02,
        label=cell,
        progress=False,
    )
    assert (table["cell"] == cell).all()
    validation = table.loc[table["metric"] == "validation", "value"]
    assert validation.max() > 0.5  # a quarter is guessing


# Zoneout


ZONED = {"zone_h": 0.5}, {"zone_c": 0.5}


@pytest.mark.parametrize("zones", ZONED, ids=str)
def test_zoneout_draws_while_training_and_takes_the_mean_afterwards(zones: dict) -> None:
    network = seeded(Recurrent, "lstm", I, H, **zones)
    plain, xs = seeded(Recurrent, "lstm", I, H), inputs()
    torch.manual_seed(1)
    first, second = network(xs), network(xs)
    torch.manual_seed(1)
    assert torch.equal(network(xs), first) and not torch.equal(first, second)
    network.eval()
    assert torch.equal(network(xs), network(xs)) and not torch.equal(network(xs), plain(xs))
    h = c = xs.new_zeros(B, H)
    ys, zone_h, zone_c = network(xs), zones.get("zone_h", 0), zones.get("zone_c", 0)
    for x, y in zip(xs, ys, strict=True):
        h_new, c_new = FAMILY["lstm"].step(x, (h, c), network.weights)
        h = zone_h * h + (1 - zone_h) * h_new
        c = zone_c * c + (1 - zone_c) * c_new
        torch.testing.assert_close(y, h)


def test_a_number_stays_or_is_new_and_h_is_made_of_the_memory_before_any_of_it_stayed() -> None:
    layer, xs = seeded(Recurrent, "gru", I, H, zone_h=0.5), inputs()
    torch.manual_seed(1)
    ys, h = layer(xs), torch.zeros(B, H)
    stayed = 0
    for x, y in zip(xs, ys, strict=True):
        new = FAMILY["gru"].step(x, h, layer.weights)
        assert ((y == h) | torch.isclose(y, new)).all()
        stayed, h = stayed + (y == h).sum().item(), y
    assert 0.3 < stayed / ys.numel() < 0.7
    layer = seeded(Recurrent, "lstm", I, H, zone_c=1 - 1e-9)  # c stays 0 for good
    h, zero = torch.zeros(B, H), torch.zeros(B, H)
    for x, y in zip(xs, layer(xs), strict=True):
        h, _ = FAMILY["lstm"].step(x, (h, zero), layer.weights)
        torch.testing.assert_close(y, h)


@pytest.mark.parametrize("cell", [name for name, of in FAMILY.items() if len(of.state) < 3])
def test_a_share_of_nearly_nothing_changes_nothing(cell: str) -> None:
    zones = {"zone_h": 1e-9} | ({"zone_c": 1e-9} if FAMILY[cell].state == "hc" else {})
    layer, plain = seeded(Recurrent, cell, I, H, **zones), seeded(Recurrent, cell, I, H)
    torch.testing.assert_close(layer(inputs()), plain(inputs()))


WRONG = {
    "There is no cell 'lstn': choose one of lstm, gru": ("lstn", {}),
    "from 0 to below 1": ("lstm", {"zone_h": 1.0}),
    "from 0 to below 1.": ("lstm", {"zone_c": -0.1}),
    "no zoneout for the state of gru": ("gru", {"zone_c": 0.1}),
    "no zoneout for the state of slstm": ("slstm", {"zone_h": 0.1}),
}


@pytest.mark.parametrize("says", WRONG)
def test_what_cannot_be_is_refused(says: str) -> None:
    cell, settings = WRONG[says]
    with pytest.raises(ValueError, match=says):
        Recurrent(cell, I, H, **settings)


def test_a_network_says_what_is_in_it() -> None:
    """So that a kept run with other settings is not gone on with."""
    told = {
        str(Relative("lstm", I, H, O)),
        str(Relative("norm lstm", I, H, O)),
        str(Relative("lstm", I, H, O, keep_bias=1.0)),
        str(Relative("lstm", I, H, O, zone_h=0.1)),
        str(Relative("lstm", I, H, O, zone_c=0.1)),
        str(Attentive("lstm", I, H, O)),
        str(Attentive("lstm", I, H, O, everything=True)),
        str(Attentive("lstm", I, H, O, scale=False)),
    }
    assert len(told) == 8


# Attention


def test_a_head_reads_h_and_the_states_up_to_its_step() -> None:
    network, xs = seeded(Attentive, "gru", I, H, O), inputs()
    ys, outputs = network.layer(xs), network(xs)
    for t in range(T):
        context, _ = attend(ys[t], ys[: t + 1])
        torch.testing.assert_close(outputs[t], network.head(torch.cat([ys[t], context], -1)))
    later = xs.clone()
    later[-1] += 1
    assert torch.equal(network(later)[:-1], outputs[:-1])


@pytest.mark.parametrize("scale", [True, False])
def test_a_head_may_read_the_states_of_all_steps(scale: bool) -> None:
    network, xs = seeded(Attentive, "gru", I, H, O, everything=True, scale=scale), inputs()
    ys, outputs = network.layer(xs), network(xs)
    for t in range(T):
        context, _ = attend(ys[t], ys, scale)
        torch.testing.assert_close(outputs[t], network.head(torch.cat([ys[t], context], -1)))


@pytest.mark.parametrize("everything", [True, False])
def test_padding_is_not_read(everything: bool) -> None:
    network, xs = seeded(Attentive, "lstm", I, H, O, everything=everything), inputs()
    lengths = torch.tensor([6, 4, 1])
    outputs = network(xs, lengths)
    for b, length in enumerate(lengths.tolist()):
        alone = network(xs[:length, b : b + 1])
        torch.testing.assert_close(outputs[:length, b : b + 1], alone)
    _, weights = network.attended(network.layer(xs), lengths)
    assert (
        weights.shape == (T, T, B) and not weights[:, 4:, 1].any() and not weights[:, 1:, 2].any()
    )


def test_a_network_with_attention_can_be_trained() -> None:
    table = fit(
        tasks.latch(4),
        lambda I, O: Attentive("gru", I, 8, O),
        seeds=[0],
        steps=60,
        learning_rate=0.02,
        label="attentive",
        progress=False,
    )
    assert table.loc[table["metric"] == "validation", "value"].max() > 0.5

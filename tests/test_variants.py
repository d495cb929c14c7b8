"""The relatives of LSTM and GRU: what they have in common with torch's layers is equal, and what differs is as published."""

import math

import pytest
import torch
from torch import Tensor, nn

from gates import cells, variants
from gates.cells import Weights, unroll
from gates.variants import (
    MatrixWeights,
    MinWeights,
    NormWeights,
    PeepholeWeights,
    ablated_lstm_cell,
    attend,
    coupled_lstm_cell,
    min_gru_cell,
    min_lstm_cell,
    mlstm_cell,
    norm_lstm_cell,
    peephole_lstm_cell,
    slstm_cell,
    zoneout,
)

B, I, H = 3, 4, 2


def drawn(*shapes: tuple[int, ...], seed: int = 0, grad: bool = False) -> list[Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return [
        torch.randn(*shape, generator=generator, dtype=torch.float64).requires_grad_(grad)
        for shape in shapes
    ]


def shapes(blocks: int) -> list[tuple[int, ...]]:
    return [(blocks * H, I), (blocks * H, H), (blocks * H,), (blocks * H,)]


def ablated(gate: str):
    return lambda x, state, weights: ablated_lstm_cell(x, state, weights, gate)


def by_sigmoid(cell):
    return lambda x, state, weights: cell(x, state, weights, sigmoid_forget=True)


PAIR, ROWS = [(B, H)] * 2, [(B, H)] * 4
# The cell, the shapes of its state, those of its weights, and the named tuple that holds them.
ALL = {
    "peephole": (peephole_lstm_cell, PAIR, [*shapes(4), *[(H,)] * 3], PeepholeWeights),
    "coupled": (coupled_lstm_cell, PAIR, shapes(3), Weights),
    "norm": (norm_lstm_cell, PAIR, [*shapes(4), (4 * H,), (4 * H,), (H,), (H,)], NormWeights),
    **{f"without {gate}": (ablated(gate), PAIR, shapes(4), Weights) for gate in "ifo"},
    "minGRU": (min_gru_cell, [(B, H)], [(2 * H, I), (2 * H,)], MinWeights),
    "minLSTM": (min_lstm_cell, [(B, H)], [(3 * H, I), (3 * H,)], MinWeights),
    "sLSTM": (slstm_cell, ROWS, shapes(4), Weights),
    "sLSTM, σ": (by_sigmoid(slstm_cell), ROWS, shapes(4), Weights),
    "mLSTM": (
        mlstm_cell,
        [(B, H), (B, H, H), (B, H), (B, 1)],
        [(4 * H, I), (4 * H,), (2, I), (2,)],
        MatrixWeights,
    ),
}


@pytest.mark.parametrize("name", ALL)
def test_gradients_and_gradients_of_gradients(name: str) -> None:
    cell, state, weights, kind = ALL[name]
    many = len(state)

    def run(x: Tensor, *rest: Tensor):
        given = rest[:many] if many > 1 else rest[0]
        return cell(x, given, kind(*rest[many:]))

    inputs = drawn((B, I), *state, *weights, seed=1, grad=True)
    if "LSTM" in name and many == 4:
        with torch.no_grad():
            inputs[3].abs_().add_(1)  # n, which c is divided by, is not near zero
    assert torch.autograd.gradcheck(run, inputs)
    assert torch.autograd.gradgradcheck(run, inputs)


@pytest.mark.parametrize("name", ALL)
def test_a_step_keeps_the_shapes_of_its_state_and_can_be_unrolled(name: str) -> None:
    cell, state, weights, kind = ALL[name]
    *start, xs = drawn(*state, (5, B, I))
    ys, final = unroll(
        cell, xs, tuple(start) if len(start) > 1 else start[0], kind(*drawn(*weights))
    )
    assert ys.shape == (5, B, H)
    parts = final if isinstance(final, tuple) else (final,)
    assert [tuple(part.shape) for part in parts] == state
    assert torch.equal(parts[0], ys[-1])


def same_as_torchs(cell, weights, made_of, atol: float = 1e-12) -> None:
    """A cell unrolled gives nn.LSTM's outputs, states and gradients.

    weights: leaves that the cell takes. made_of: from these to nn.LSTM's four.
    """
    layer = nn.LSTM(I, H, dtype=torch.float64)
    xs, h, c, v = drawn((6, B, I), (B, H), (B, H), (6, B, H), seed=5)
    leaves = [t.requires_grad_() for t in (xs, h, c)]
    names = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
    theirs, (h_n, c_n) = torch.func.functional_call(
        layer, dict(zip(names, made_of(weights), strict=True)), (xs, (h[None], c[None]))
    )
    ours, (h_T, c_T) = unroll(cell, xs, (h, c), weights)
    for a, b in ((ours, theirs), (h_T, h_n[0]), (c_T, c_n[0])):
        torch.testing.assert_close(a, b, rtol=0, atol=atol)
    totals = [(v * ours).sum() + c_T.sum(), (v * theirs).sum() + c_n.sum()]
    found = [
        torch.autograd.grad(t, [*leaves, *weights], allow_unused=True, materialize_grads=True)
        for t in totals
    ]
    for a, b in zip(*found, strict=True):
        torch.testing.assert_close(a, b, rtol=0, atol=100 * atol)


def test_without_peepholes_a_peephole_lstm_is_torchs() -> None:
    four = drawn(*shapes(4), seed=2, grad=True)

    def cell(x, state, weights):
        return peephole_lstm_cell(x, state, PeepholeWeights(*weights, *torch.zeros(3, H)))

    same_as_torchs(cell, four, lambda weights: weights)


def test_a_coupled_lstm_is_torchs_whose_input_gate_has_the_pre_activation_of_f_with_a_minus() -> (
    None
):
    def four(weights):
        return [torch.cat([-w[:H], w]) for w in weights]

    same_as_torchs(coupled_lstm_cell, drawn(*shapes(3), seed=3, grad=True), four)


@pytest.mark.parametrize("k, gate", [(0, "i"), (1, "f"), (3, "o")])
def test_an_ablated_lstm_is_torchs_whose_gate_is_open_whatever_comes(k: int, gate: str) -> None:
    def four(weights):
        opened = []
        for weight, value in zip(weights, (0, 0, 40, 0), strict=True):
            blocks = list(weight.chunk(4))
            blocks[k] = torch.full_like(blocks[k], value)
            opened.append(torch.cat(blocks))
        return opened

    same_as_torchs(ablated(gate), drawn(*shapes(4), seed=4, grad=True), four)


@pytest.mark.parametrize("gate", ["g", "I", ""])
def test_a_gate_that_an_lstm_does_not_have_cannot_be_left_out(gate: str) -> None:
    x, h, c, *weights = drawn((B, I), *PAIR, *shapes(4))
    with pytest.raises(ValueError, match="to leave out: choose"):
        ablated_lstm_cell(x, (h, c), Weights(*weights), gate)


def sigmoid(a: float) -> float:
    return 1 / (1 + math.exp(-a))


def test_i_and_f_see_the_old_memory_and_o_the_new_one() -> None:
    """One unit, by hand: all but the peepholes and the candidate's bias is zero."""
    zero, c = torch.zeros(1, 1, dtype=torch.float64), torch.tensor([[2.0]], dtype=torch.float64)
    biases = torch.tensor([0.0, 0.0, 1.0, 0.0], dtype=torch.float64)
    parts = torch.tensor([[0.5], [-0.25], [3.0]], dtype=torch.float64)
    weights = PeepholeWeights(zero.expand(4, 1), zero.expand(4, 1), biases, 0 * biases, *parts)
    h_new, c_new = peephole_lstm_cell(zero, (zero, c), weights)
    memory = sigmoid(-0.25 * 2) * 2 + sigmoid(0.5 * 2) * math.tanh(1)
    assert c_new.item() == pytest.approx(memory, abs=1e-14)
    assert h_new.item() == pytest.approx(sigmoid(3 * memory) * math.tanh(memory), abs=1e-14)


def test_norms_stand_where_they_were_published() -> None:
    """Written out with mean and deviation, over all 4H numbers of a sample; the c carried on is not normed."""
    cell, state, sizes, _ = ALL["norm"]
    x, h, c, *weights = drawn((B, I), *state, *sizes, seed=6)
    W, U, b, d, gain_x, gain_h, gain_c, shift_c = weights

    def normed(a: Tensor, gain: Tensor, shift: Tensor) -> Tensor:
        spread = (a.var(-1, keepdim=True, correction=0) + 1e-5).sqrt()
        return gain * (a - a.mean(-1, keepdim=True)) / spread + shift

    a = normed(x @ W.T, gain_x, b) + normed(h @ U.T, gain_h, d)
    i, f, g, o = (a[:, k * H : (k + 1) * H] for k in range(4))
    memory = f.sigmoid() * c + i.sigmoid() * g.tanh()
    h_new, c_new = cell(x, (h, c), NormWeights(*weights))
    torch.testing.assert_close(c_new, memory, rtol=0, atol=1e-12)
    shown = o.sigmoid() * normed(memory, gain_c, shift_c).tanh()
    torch.testing.assert_close(h_new, shown, rtol=0, atol=1e-12)


def test_zoneout_keeps_the_old_number_where_the_mask_says_and_the_mean_without_one() -> None:
    old, new = drawn((2, 3), (2, 3))
    mask = torch.tensor([[True, False, True], [False, False, True]])
    found = zoneout(old, new, 0.3, mask)
    assert torch.equal(found[mask], old[mask]) and torch.equal(found[~mask], new[~mask])
    drawn_masks = torch.rand(40_000, 2, 3, generator=torch.Generator().manual_seed(0)) < 0.3
    mean = zoneout(old.expand(40_000, 2, 3), new, 0.3, drawn_masks).mean(0)
    torch.testing.assert_close(zoneout(old, new, 0.3), mean, rtol=0, atol=0.03)
    assert torch.equal(zoneout(old, new, 0.0), new) and torch.equal(zoneout(old, new, 1.0), old)


def test_the_z_of_a_min_gru_is_the_share_of_the_old_state_as_in_a_gru() -> None:
    x, h, W, b = drawn((B, I), (B, H), (2 * H, I), (2 * H,))
    for bias, kept in ((40.0, h), (-40.0, x @ W[H:].T + b[H:])):
        held = MinWeights(
            torch.cat([0 * W[:H], W[H:]]), torch.cat([torch.full_like(b[:H], bias), b[H:]])
        )
        torch.testing.assert_close(min_gru_cell(x, h, held), kept, rtol=0, atol=1e-12)


def test_a_min_gru_is_a_gru_that_sees_no_h_but_for_the_tanh_of_its_candidate() -> None:
    x, h, W, b = drawn((B, I), (B, H), (2 * H, I), (2 * H,), seed=8)
    W_ih, zero = torch.cat([W[:H], W]), torch.zeros(3 * H, H, dtype=torch.float64)
    b_ih = torch.cat([b[:H], b])
    z = (x @ W[:H].T + b[:H]).sigmoid()
    of_gru = cells.gru_cell(x, h, Weights(W_ih, zero, b_ih, 0 * b_ih))
    candidate = x @ W[H:].T + b[H:]
    wanted = of_gru + (1 - z) * (candidate - candidate.tanh())
    torch.testing.assert_close(min_gru_cell(x, h, MinWeights(W, b)), wanted, rtol=0, atol=1e-12)


def test_the_gates_of_a_min_lstm_add_up_to_one_and_are_numbers_even_if_both_are_shut() -> None:
    x, h, W, b = drawn((B, I), (B, H), (3 * H, I), (3 * H,), seed=9)
    i, f, g = (x @ W.T + b).chunk(3, -1)
    i, f = i.sigmoid(), f.sigmoid()
    wanted = f / (f + i) * h + i / (f + i) * g
    torch.testing.assert_close(min_lstm_cell(x, h, MinWeights(W, b)), wanted, rtol=0, atol=1e-12)
    shut = torch.tensor([-2000.0, -2000.0, -2001.0, -2000.0, 1.0, 1.0], dtype=torch.float64)
    found = min_lstm_cell(x, h, MinWeights(0 * W, shut))
    kept = torch.tensor([sigmoid(-1), 0.5], dtype=torch.float64)
    torch.testing.assert_close(found, kept * h + (1 - kept), rtol=0, atol=1e-12)


def unstabilized_slstm(x, state, weights, sigmoid_forget=False):
    """The sLSTM's equations as they stand, without m; the state is (h, c, n)."""
    W, U, b, d = weights
    h, c, n = state
    a_i, a_f, a_g, a_o = (x @ W.T + b + h @ U.T + d).chunk(4, -1)
    i, f = a_i.exp(), a_f.sigmoid() if sigmoid_forget else a_f.exp()
    c = f * c + i * a_g.tanh()
    n = f * n + i
    return a_o.sigmoid() * c / n, c, n


def unstabilized_mlstm(x, state, weights, sigmoid_forget=False):
    """The mLSTM's equations as they stand, one sample after the other; the state is (h, C, n)."""
    W, b, W_if, b_if = weights
    hs, Cs, ns = [], [], []
    for x_b, C, n in zip(x, *state[1:], strict=True):
        q, k, v, a_o = (W @ x_b + b).chunk(4)
        k = k / len(k) ** 0.5
        a_i, a_f = W_if @ x_b + b_if
        i, f = a_i.exp(), a_f.sigmoid() if sigmoid_forget else a_f.exp()
        Cs.append(f * C + i * torch.outer(v, k))
        ns.append(f * n + i * k)
        hs.append(a_o.sigmoid() * (Cs[-1] @ q) / torch.clamp((ns[-1] @ q).abs(), min=1))
    return torch.stack(hs), torch.stack(Cs), torch.stack(ns)


EXPONENTIAL = {
    "sLSTM": (slstm_cell, unstabilized_slstm, (B, H)),
    "mLSTM": (mlstm_cell, unstabilized_mlstm, (B, 1)),
}


@pytest.mark.parametrize("sigmoid_forget", [False, True])
@pytest.mark.parametrize("name", EXPONENTIAL)
def test_the_stabilized_form_is_the_unstabilized_one_where_that_is_finite(
    name: str, sigmoid_forget: bool
) -> None:
    """From zero with m = −inf, and from any state, which m may be divided into: in values and gradients."""
    stabilized, plain, of_m = EXPONENTIAL[name]
    _, state, sizes, kind = ALL[name]
    xs, *weights = drawn((12, B, I), *sizes, seed=10, grad=True)
    randoms = drawn(*state[:3], of_m, (12, B, H), seed=11)
    *random, m, v = randoms
    random[2] = random[2].abs() + 1 if name == "sLSTM" else random[2]
    factor = m.exp() if name == "sLSTM" else m.exp()[..., None]
    shared = (random[0], random[1] / factor, random[2] / m.exp(), m)
    zero = [torch.zeros_like(part) for part in random]
    for start, other in ((tuple(zero), (*zero, m - math.inf)), (tuple(random), shared)):
        found = []
        for cell, begun in ((plain, start), (stabilized, other)):

            def step(x, of, of_weights, cell=cell):
                return cell(x, of, of_weights, sigmoid_forget)

            ys, _ = unroll(step, xs, begun, kind(*weights))
            found.append((ys, *torch.autograd.grad((v * ys).sum(), (xs, *weights))))
        for a, b in zip(*found, strict=True):
            assert a.isfinite().all()
            torch.testing.assert_close(b, a, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("name", EXPONENTIAL)
def test_the_stabilized_form_is_finite_where_the_unstabilized_one_is_not(name: str) -> None:
    stabilized, plain, of_m = EXPONENTIAL[name]
    _, state, sizes, kind = ALL[name]
    xs, *weights = drawn((30, B, I), *sizes, seed=12, grad=True)
    large = kind(*(100 * weight for weight in weights))
    zero = [torch.zeros(shape, dtype=torch.float64) for shape in state[:3]]
    least = torch.full(of_m, -math.inf, dtype=torch.float64)
    ys, _ = unroll(stabilized, xs, (*zero, least), large)
    gradients = torch.autograd.grad(ys.sum(), (xs, *weights))
    assert ys.isfinite().all() and all(gradient.isfinite().all() for gradient in gradients)
    assert not unroll(plain, xs, tuple(zero), large)[0].isfinite().all()


def test_a_number_added_to_every_input_gate_of_an_slstm_changes_nothing() -> None:
    xs, *weights = drawn((5, B, I), *shapes(4), seed=13)
    zero = torch.zeros(B, H, dtype=torch.float64)
    start, ys = (zero, zero, zero, zero - math.inf), []
    for added in (0.0, 7.0):
        weights[2][:H] += added
        ys.append(unroll(slstm_cell, xs, start, Weights(*weights))[0])
    torch.testing.assert_close(*ys, rtol=0, atol=1e-12)


def test_an_mlstm_gives_back_the_value_whose_key_is_asked_for() -> None:
    """Four values under four keys at right angles; then each key is the query."""
    size = 4
    keys, values = torch.eye(size, dtype=torch.float64), drawn((size, size))[0]
    xs = torch.cat([torch.cat([keys, values], 1), torch.cat([keys, 0 * values], 1)])[:, None]
    key, value = torch.eye(2 * size, dtype=torch.float64).chunk(2)
    query_key_value_o = torch.cat([key, size**0.5 * key, value, 0 * key])
    bias_o = torch.cat([torch.zeros(3 * size), torch.full((size,), 40.0)]).double()
    writes = torch.cat([torch.zeros(2, size), torch.zeros(2, size)], 1).double()
    weights = MatrixWeights(query_key_value_o, bias_o, writes, torch.zeros(2).double())
    state = [torch.zeros(shape).double() for shape in ((1, size), (1, size, size), (1, size))]
    start = (*state, torch.full((1, 1), -math.inf).double())
    _, stored = unroll(mlstm_cell, xs[:size], start, weights)
    for k in range(size):
        # what is written now has the value zero, and weighs as much as what was stored
        h, *_ = mlstm_cell(xs[size + k], stored, weights)
        torch.testing.assert_close(2 * h[0], values[k], rtol=0, atol=1e-12)


def test_attention_is_torchs() -> None:
    query, states = drawn((B, H), (7, B, H), grad=True)
    context, weights = attend(query, states)
    rows = states.transpose(0, 1)
    theirs = nn.functional.scaled_dot_product_attention(query[:, None], rows, rows)[:, 0]
    torch.testing.assert_close(context, theirs, rtol=0, atol=1e-12)
    assert weights.shape == (7, B)
    torch.testing.assert_close(weights.sum(0), torch.ones(B).double(), rtol=0, atol=1e-12)
    grown, _ = attend(2**0.5 * query, states)
    torch.testing.assert_close(attend(query, states, scale=False)[0], grown, rtol=0, atol=1e-12)
    assert torch.autograd.gradcheck(attend, (query, states))
    assert torch.autograd.gradgradcheck(attend, (query, states))


def test_many_queries_are_asked_at_once_as_one_by_one() -> None:
    queries, states = drawn((5, B, H), (7, B, H))
    mask = torch.rand(5, 7, B, generator=torch.Generator().manual_seed(0)) < 0.7
    contexts, weights = attend(queries, states, mask=mask)
    for t in range(5):
        context, weight = attend(queries[t], states, mask=mask[t])
        torch.testing.assert_close(contexts[t], context, rtol=0, atol=1e-12)
        torch.testing.assert_close(weights[t], weight, rtol=0, atol=1e-12)


def test_padding_is_not_attended_to_and_a_sample_of_nothing_gets_zeros() -> None:
    query, states = drawn((B, H), (7, B, H), grad=True)
    lengths = torch.tensor([7, 3, 0])
    mask = torch.arange(7)[:, None] < lengths
    context, weights = attend(query, states, mask=mask)
    short, _ = attend(query[1:2], states[:3, 1:2])
    torch.testing.assert_close(context[1:2], short, rtol=0, atol=1e-12)
    assert not weights[~mask].any() and not context[2].any()
    gradients = torch.autograd.grad(context.square().sum(), (query, states))
    assert all(gradient.isfinite().all() for gradient in gradients)
    assert not gradients[1][~mask].any() and gradients[1][mask].all()


def test_every_cell_of_the_file_is_tried_here() -> None:
    written = {name for name in vars(variants) if name.endswith("_cell")}
    assert written - {cell.__name__ for cell, *_ in ALL.values()} == {"ablated_lstm_cell"}

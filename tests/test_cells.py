"""The LSTM step and the loop are PyTorch's, in outputs and gradients."""

import pytest
import torch
from torch import nn

from gates.cells import Weights, lstm_cell, swapped_lstm_cell, unroll

SIZES = [(1, 1, 1, 1), (3, 2, 4, 5), (7, 1, 2, 3), (2, 5, 3, 1)]  # T, B, I, H


def random(seed: int, *shapes: tuple[int, ...]) -> list[torch.Tensor]:
    torch.manual_seed(seed)
    return [torch.randn(shape, dtype=torch.float64, requires_grad=True) for shape in shapes]


def equal(ours, theirs, atol: float = 1e-12) -> None:
    for a, b in zip(ours, theirs, strict=True):
        torch.testing.assert_close(a, b, rtol=0, atol=atol)


@pytest.mark.parametrize("T, B, I, H", SIZES)
def test_lstm_cell_is_torchs(T: int, B: int, I: int, H: int) -> None:
    theirs = nn.LSTMCell(I, H, dtype=torch.float64)
    x, h, c, v, w = random(T, (B, I), (B, H), (B, H), (B, H), (B, H))
    inputs = [x, h, c, *theirs.parameters()]
    ours, right = lstm_cell(x, (h, c), Weights(*theirs.parameters())), theirs(x, (h, c))
    equal(ours, right)
    gradients = [torch.autograd.grad((v * a + w * b).sum(), inputs) for a, b in (ours, right)]
    equal(*gradients, atol=1e-10)


@pytest.mark.parametrize("T, B, I, H", SIZES)
def test_unroll_is_torchs(T: int, B: int, I: int, H: int) -> None:
    layer = nn.LSTM(I, H, dtype=torch.float64)
    xs, h, c, v = random(T, (T, B, I), (B, H), (B, H), (T, B, H))
    inputs = [xs, h, c, *layer.parameters()]
    ys, (h_T, c_T) = unroll(lstm_cell, xs, (h, c), Weights(*layer.parameters()))
    output, (h_n, c_n) = layer(xs, (h[None], c[None]))
    equal([ys, h_T, c_T], [output, h_n[0], c_n[0]])
    totals = [(v * a).sum() + b.sum() + d.sum() for a, b, d in [(ys, h_T, c_T), (output, h_n, c_n)]]
    equal(*[torch.autograd.grad(total, inputs) for total in totals], atol=1e-10)


def test_unroll_takes_a_state_that_is_one_tensor() -> None:
    xs = torch.arange(6.0).view(3, 2, 1)
    ys, state = unroll(lambda x, h, weights: h + x, xs, torch.zeros(2, 1), None)
    torch.testing.assert_close(ys, xs.cumsum(0))
    torch.testing.assert_close(state, xs.sum(0))


def test_a_wrong_gate_order_is_caught() -> None:
    theirs = nn.LSTMCell(3, 2, dtype=torch.float64)
    swapped = Weights(
        *(torch.cat([p.chunk(4)[k] for k in (0, 1, 3, 2)]) for p in theirs.parameters())
    )
    x, h, c = random(0, (4, 3), (4, 2), (4, 2))
    with pytest.raises(AssertionError):
        equal(lstm_cell(x, (h, c), swapped), theirs(x, (h, c)))


def test_a_step_with_the_usual_activations_is_the_usual_step_and_others_act_in_their_places() -> (
    None
):
    x, h, c, W, U, b, d = random(0, (3, 4), (3, 5), (3, 5), (20, 4), (20, 5), (20,), (20,))
    weights = Weights(W, U, b, d)
    equal(swapped_lstm_cell(x, (h, c), weights), lstm_cell(x, (h, c), weights))
    a_i, a_f, a_g, a_o = (x @ W.T + b + h @ U.T + d).chunk(4, -1)
    found = swapped_lstm_cell(x, (h, c), weights, torch.relu, torch.sin, torch.exp)
    memory = torch.relu(a_f) * c + torch.relu(a_i) * torch.sin(a_g)
    equal(found, (torch.relu(a_o) * torch.exp(memory), memory))

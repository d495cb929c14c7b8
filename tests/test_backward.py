"""The steps backwards, by hand, give what autograd gives."""

import numpy as np
import pytest
import torch

from gates import backward, cells
from gates.cells import Weights

CELLS = {
    "rnn": (cells.rnn_cell, backward.rnn_backward, 1),
    "rnn_relu": (cells.rnn_relu_cell, backward.rnn_relu_backward, 1),
    "lstm": (cells.lstm_cell, backward.lstm_backward, 4),
    "gru": (cells.gru_cell, backward.gru_backward, 3),
}
SIZES = [(1, 1, 1, 1), (4, 3, 2, 5), (3, 1, 4, 2)]  # T, B, I, H


def drawn(
    blocks: int, T: int, B: int, I: int, H: int
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, Weights]:
    torch.manual_seed(T)

    def leaf(*shape: int) -> torch.Tensor:
        return torch.randn(*shape, dtype=torch.float64, requires_grad=True)

    weights = Weights(leaf(blocks * H, I), leaf(blocks * H, H), leaf(blocks * H), leaf(blocks * H))
    return leaf(T, B, I), leaf(B, H), leaf(B, H), weights


def arrays(value):
    if isinstance(value, torch.Tensor):
        return value.detach().numpy()
    made = [arrays(part) for part in value]
    return Weights(*made) if isinstance(value, Weights) else tuple(made)


@pytest.mark.parametrize("name", CELLS)
@pytest.mark.parametrize("T, B, I, H", SIZES)
def test_a_sequence_backwards_is_autograds(name: str, T: int, B: int, I: int, H: int) -> None:
    cell, step, blocks = CELLS[name]
    xs, h, c, weights = drawn(blocks, T, B, I, H)
    pair = name == "lstm"
    ys, final = cells.unroll(cell, xs, (h, c) if pair else h, weights)
    v, w, u = torch.randn_like(ys), torch.randn_like(h), torch.randn_like(h)
    total = (v * ys).sum() + (
        (w * final[0]).sum() + (u * final[1]).sum() if pair else (w * final).sum()
    )
    inputs = [xs, h, *([c] if pair else []), *weights]
    right = torch.autograd.grad(total, inputs)

    states = [(h, c) if pair else h]
    for x in xs[:-1]:
        states.append(cell(x, states[-1], weights))
    dstate = (arrays(w), arrays(u)) if pair else arrays(w)
    plain_states = [arrays(state) for state in states]
    dxs, dfirst, dweights = backward.unroll_backward(
        step, arrays(v), dstate, arrays(xs), plain_states, arrays(weights)
    )
    mine = [dxs, *(dfirst if pair else (dfirst,)), *dweights]
    for a, b in zip(mine, right, strict=True):
        np.testing.assert_allclose(a, b.numpy(), rtol=0, atol=1e-10)


def test_a_lost_path_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the part of dc that comes through h, the gradients differ: the test above can fail."""
    xs, h, c, weights = drawn(4, 3, 2, 3, 4)
    state = (arrays(h), arrays(c))
    dstate = (np.ones((2, 4)), np.ones((2, 4)))
    right = backward.lstm_backward(dstate, arrays(xs[0]), state, arrays(weights))
    lost = backward.lstm_backward((0 * dstate[0], dstate[1]), arrays(xs[0]), state, arrays(weights))
    assert np.abs(right[0] - lost[0]).max() > 0.01


def test_sigmoid_does_not_overflow() -> None:
    with np.errstate(all="raise"):
        np.testing.assert_allclose(backward.sigmoid(np.array([-1e4, 0.0, 1e4])), [0, 0.5, 1])

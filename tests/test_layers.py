"""The layer exchanges weights with torch.nn's and computes the same."""

import pytest
import torch
from torch import nn

from gates import layers


def both(**options) -> tuple[layers.LSTM, nn.LSTM]:
    made = []
    for kind in (layers.LSTM, nn.LSTM):
        torch.manual_seed(0)
        made.append(kind(3, 5, dtype=torch.float64, **options))
    return made[0], made[1]


def test_same_names_and_initial_values_for_the_same_seed() -> None:
    ours, theirs = both()
    assert list(ours.state_dict()) == list(theirs.state_dict())
    for name, value in theirs.state_dict().items():
        assert torch.equal(ours.state_dict()[name], value), name


@pytest.mark.parametrize("batch_first", [False, True])
@pytest.mark.parametrize("with_state", [False, True])
def test_same_outputs_and_gradients(batch_first: bool, with_state: bool) -> None:
    ours, theirs = both(batch_first=batch_first)
    x = torch.randn(4, 2, 3, dtype=torch.float64)
    B = 4 if batch_first else 2
    hx = tuple(torch.randn(1, B, 5, dtype=torch.float64) for _ in "hc") if with_state else None
    results = []
    for layer in (ours, theirs):
        output, (h, c) = layer(x, hx)
        total = output.square().sum() + h.sum() + 2 * c.sum()
        results.append([output, h, c, *torch.autograd.grad(total, list(layer.parameters()))])
    for a, b in zip(*results, strict=True):
        torch.testing.assert_close(a, b, rtol=0, atol=1e-12)


def test_weights_travel_both_ways() -> None:
    ours, theirs = layers.LSTM(3, 5), nn.LSTM(3, 5)
    x = torch.randn(4, 2, 3)
    ours.load_state_dict(theirs.state_dict())
    torch.testing.assert_close(ours(x)[0], theirs(x)[0], rtol=0, atol=1e-6)
    theirs.load_state_dict(layers.LSTM(3, 5).state_dict())
    assert not torch.allclose(ours(x)[0], theirs(x)[0])


@pytest.mark.parametrize("shape", [(4, 2, 2), (4,), (1, 2, 3, 3)])
def test_wrong_input_raises_what_torch_raises(shape: tuple[int, ...]) -> None:
    errors = []
    for layer in (layers.LSTM(3, 5), nn.LSTM(3, 5)):
        with pytest.raises((RuntimeError, ValueError)) as caught:
            layer(torch.randn(shape))
        errors.append(caught.type)
    assert errors[0] is errors[1]


def test_wrong_state_raises() -> None:
    state = (torch.zeros(1, 2, 4), torch.zeros(1, 2, 4))
    with pytest.raises(RuntimeError, match=r"Expected hidden\[0\] size \(1, 2, 5\), got"):
        layers.LSTM(3, 5)(torch.randn(4, 2, 3), state)

"""Stacks with remedies: each acts where it says, while training and never after."""

import pytest
import torch
from torch import nn

from gates.networks import Stack, equal_width, parameters
from gates.training import Reader

REMEDIES = [
    {"noise": 0.5},
    {"at_input": 0.5},
    {"between": 0.5},
    {"at_output": 0.5},
    {"locked": 0.5},
]


def made(L: int = 2, **remedies: float) -> Stack:
    torch.manual_seed(0)
    return Stack(3, 16, 4, L, **remedies)


def outputs(network: Stack, seed: int = 1) -> torch.Tensor:
    xs = torch.randn(7, 5, 3, generator=torch.Generator().manual_seed(2))
    torch.manual_seed(seed)
    return network(xs)


@pytest.mark.parametrize("remedy", REMEDIES, ids=lambda remedy: next(iter(remedy)))
def test_a_remedy_acts_while_training_and_not_after(remedy: dict) -> None:
    network, plain = made(**remedy), made()
    assert not torch.equal(outputs(network), outputs(plain))
    assert not torch.equal(outputs(network, 1), outputs(network, 2))
    assert torch.equal(outputs(network.eval()), outputs(plain.eval()))


def test_dropout_between_layers_does_nothing_for_one() -> None:
    assert torch.equal(outputs(made(1, between=0.9)), outputs(made(1)))


def test_a_locked_mask_is_the_same_at_all_steps_and_another_for_each_sample() -> None:
    network, seen = made(1, locked=0.5), []
    network.head.register_forward_pre_hook(lambda module, inputs: seen.append(inputs[0] == 0))
    outputs(network)
    (dropped,) = seen
    assert torch.equal(dropped, dropped[:1].expand_as(dropped)) and dropped.any()
    assert not torch.equal(dropped[0, 0], dropped[0, 1])


def test_a_locked_share_of_nearly_nothing_is_the_plain_network() -> None:
    torch.testing.assert_close(outputs(made(locked=1e-9)), outputs(made()))


def test_shares_that_cannot_be_are_refused() -> None:
    for remedy in ({"between": 1.0}, {"noise": -1.0}, {"locked": -0.1}):
        with pytest.raises(ValueError, match="Shares are from 0"):
            made(**remedy)


def test_a_network_says_what_is_in_it() -> None:
    """So that a kept run with another share is not gone on with."""
    assert str(made(at_output=0.2)) != str(made(at_output=0.5))
    assert isinstance(made().layer, nn.LSTM)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
@pytest.mark.parametrize("sizes", [(1, 3, 2), (8, 32, 10), (29, 5, 14)])
def test_parameters_are_those_that_the_reader_has(cell, sizes):
    reader = Reader(cell, *sizes)
    assert parameters(cell, *sizes) == sum(p.numel() for p in reader.parameters())


@pytest.mark.parametrize("sizes", [(1, 32, 2), (8, 32, 10), (29, 32, 14), (3, 1, 1)])
def test_no_other_width_is_nearer_to_equal_parameters(sizes):
    I, H, O = sizes
    wanted, width = parameters("lstm", I, H, O), equal_width(I, H, O)
    off = {w: abs(parameters("gru", I, w, O) - wanted) for w in range(1, 4 * H)}
    assert off[width] == min(off.values())
    assert all(w >= width for w in off if off[w] == off[width])

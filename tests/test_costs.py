"""What a run costs: rounds in which all have their turn, and the memory that autograd keeps."""

import pytest
import torch
from torch import nn

from gates import costs


def test_in_every_round_every_run_has_its_turn() -> None:
    turns = []
    runs = {name: lambda name=name: turns.append(name) for name in "ab"}
    found = costs.interleaved(runs, rounds=4, seconds=1e-9)
    assert turns == ["a", "a", "b", "b", *"abababab"]
    assert {name: times.shape for name, times in found.items()} == {"a": (4,), "b": (4,)}


def test_a_run_that_takes_longer_takes_longer() -> None:
    runs = {"few": lambda: sum(range(1000)), "many": lambda: sum(range(100_000))}
    found = costs.interleaved(runs, rounds=5, seconds=0.01)
    assert (found["many"] > 5 * found["few"]).all() and (found["few"] > 0).all()


def test_a_training_step_leaves_its_own_gradients_and_reading_leaves_none() -> None:
    layer, xs = nn.GRU(3, 4), torch.randn(5, 2, 3)
    step = costs.training_step(layer, xs)
    step()
    first = [p.grad.clone() for p in layer.parameters()]
    step()
    for p, grad in zip(layer.parameters(), first, strict=True):
        torch.testing.assert_close(p.grad, grad)
    layer.zero_grad(set_to_none=True)
    costs.reading(layer, xs)()
    assert all(p.grad is None for p in layer.parameters())


class Kept(nn.Module):
    """Keeps what tanh and a product need: its output, and the two factors."""

    def __init__(self, twice: bool) -> None:
        super().__init__()
        self.w, self.twice = nn.Parameter(torch.ones(6)), twice

    def forward(self, xs: torch.Tensor) -> tuple[torch.Tensor]:
        ys = torch.tanh(xs * self.w)
        return (ys * ys.flip(0) if self.twice else ys,)


@pytest.mark.parametrize(("twice", "numbers"), [(False, 30), (True, 60)])
def test_kept_memory_is_what_autograd_holds_beside_input_and_weights(
    twice: bool, numbers: int
) -> None:
    assert costs.kept_for_the_way_back(Kept(twice), torch.randn(5, 1, 6)) == 4 * numbers


def test_what_is_kept_grows_with_the_steps() -> None:
    layer = nn.LSTM(3, 4)
    one, two = (costs.kept_for_the_way_back(layer, torch.randn(T, 2, 3)) for T in (100, 200))
    assert 1.8 < two / one < 2.2


def test_a_layer_may_give_its_outputs_alone_or_with_a_state() -> None:
    class Outputs(nn.GRU):
        def forward(self, xs: torch.Tensor) -> torch.Tensor:
            return super().forward(xs)[0]

    xs, grads = torch.randn(5, 2, 3), []
    for kind in (nn.GRU, Outputs):
        torch.manual_seed(0)
        layer = kind(3, 4)
        costs.training_step(layer, xs)()
        grads.append(layer.weight_hh_l0.grad)
    torch.testing.assert_close(*grads)

"""Layers of minGRU and minLSTM: their cells unrolled, in every order of the steps, with right gradients."""

import pytest
import torch
from torch import Tensor

from gates import minimal
from gates.cells import unroll
from gates.minimal import min_gru, min_lstm
from gates.scan import ORDERS
from gates.variants import MinWeights, min_gru_cell, min_lstm_cell

LAYERS = {"minGRU": (min_gru, min_gru_cell, 2), "minLSTM": (min_lstm, min_lstm_cell, 3)}


def drawn(blocks: int = 2, T: int = 13, B: int = 3, I: int = 4, H: int = 5) -> list[Tensor]:
    """xs, the two weights and h0."""
    generator = torch.Generator().manual_seed(0)
    sizes = [(T, B, I), (blocks * H, I), (blocks * H,), (B, H)]
    return [
        torch.randn(*size, generator=generator, dtype=torch.float64).requires_grad_()
        for size in sizes
    ]


def fast(xs: Tensor, W: Tensor, b: Tensor, h0: Tensor) -> Tensor:
    return min_gru(xs, MinWeights(W, b), h0)


def by_cell(xs: Tensor, W: Tensor, b: Tensor, h0: Tensor) -> Tensor:
    return unroll(min_gru_cell, xs, h0, MinWeights(W, b))[0]


def outcome(run, inputs: list[Tensor]) -> list[Tensor]:
    """The states, and the gradients of a number made of them."""
    hs = run(*inputs)
    v = torch.randn(hs.shape, generator=torch.Generator().manual_seed(7), dtype=torch.float64)
    return [hs, *torch.autograd.grad((v * hs).sum(), inputs)]


def same(ours: list[Tensor], theirs: list[Tensor], atol: float = 1e-9) -> None:
    for a, b in zip(ours, theirs, strict=True):
        torch.testing.assert_close(a, b, rtol=0, atol=atol)


@pytest.mark.parametrize("how", ORDERS)
@pytest.mark.parametrize("name", LAYERS)
def test_a_minimal_layer_is_its_cell_unrolled(name: str, how: str) -> None:
    layer, cell, blocks = LAYERS[name]
    inputs = drawn(blocks)
    theirs = outcome(lambda xs, W, b, h0: unroll(cell, xs, h0, MinWeights(W, b))[0], inputs)
    same(outcome(lambda xs, W, b, h0: layer(xs, MinWeights(W, b), h0, how), inputs), theirs)


def test_the_default_order_is_the_fast_one_and_one_step_of_autograd() -> None:
    xs, W, b, h0 = drawn()
    assert fast(xs, W, b, h0).grad_fn.name() == "_MinGRUBackward"
    assert min_gru(xs, MinWeights(W, b), h0, "chunks").grad_fn.name() != "_MinGRUBackward"


@pytest.mark.parametrize("T", [1, 2, 12, 13, 61])
@pytest.mark.parametrize("stretch", [1, 60, 90, 2**16])
def test_stretches_of_any_length_give_the_same(
    monkeypatch: pytest.MonkeyPatch, T: int, stretch: int
) -> None:
    monkeypatch.setattr(minimal, "_STRETCH", stretch)
    inputs = drawn(T=T)
    same(outcome(fast, inputs), outcome(by_cell, inputs))


def test_inputs_may_lie_in_memory_as_they_like() -> None:
    xs, W, b, h0 = (part.detach() for part in drawn())
    turned = xs.transpose(0, 1).contiguous().transpose(0, 1)
    given = [turned, W.T.contiguous().T, b, h0.T.contiguous().T]
    assert not any(part.is_contiguous() for part in (given[0], given[1], given[3]))
    same(outcome(fast, [part.requires_grad_() for part in given]), outcome(by_cell, drawn()))


def test_gradients_and_gradients_of_gradients(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(minimal, "_STRETCH", 6)
    inputs = drawn(T=4, B=1, I=2, H=2)
    assert torch.autograd.gradcheck(fast, inputs)
    assert torch.autograd.gradgradcheck(fast, inputs)


def test_a_backward_runs_twice_and_changes_nothing_that_was_there() -> None:
    inputs = drawn()
    before = [part.detach().clone() for part in inputs]
    hs = fast(*inputs)
    dhs, held = torch.randn_like(hs), hs.detach().clone()
    kept = dhs.clone()
    first = torch.autograd.grad(hs, inputs, dhs, retain_graph=True)
    copies = [gradient.clone() for gradient in first]
    for gradient in first:
        gradient.zero_()  # each has memory of its own
    second = torch.autograd.grad(hs, inputs, dhs)
    same(list(second), copies, 0)
    same([*inputs, dhs, hs], [*before, kept, held], 0)


@pytest.mark.parametrize("k", range(4))
def test_one_input_alone_may_want_a_gradient(k: int) -> None:
    inputs = [part.detach() for part in drawn()]
    inputs[k].requires_grad_()
    hs = fast(*inputs)
    v = torch.randn(hs.shape, generator=torch.Generator().manual_seed(7), dtype=torch.float64)
    (found,) = torch.autograd.grad((v * hs).sum(), [inputs[k]])
    same([found], [outcome(by_cell, drawn())[1 + k]])


def test_without_gradients_nothing_is_kept() -> None:
    inputs = drawn()
    with torch.no_grad():
        hs = fast(*inputs)
    assert hs.grad_fn is None
    same([hs], [by_cell(*inputs).detach()])


@pytest.mark.parametrize("name", LAYERS)
def test_transforms_of_torch_see_the_layer(name: str) -> None:
    layer, cell, blocks = LAYERS[name]
    inputs = drawn(blocks)
    xs, W, b, h0 = (part.detach() for part in inputs)
    found = torch.func.vmap(lambda each: layer(each, MinWeights(W, b), h0))(torch.stack([xs, -xs]))
    for each, hs in zip((xs, -xs), found, strict=True):
        same([hs], [unroll(cell, each, h0, MinWeights(W, b))[0]])
    hs = layer(inputs[0], MinWeights(*inputs[1:3]), inputs[3])
    directions = torch.randn(3, *hs.shape, dtype=torch.float64)
    at_once = torch.autograd.grad(hs, inputs, directions, is_grads_batched=True)
    right = unroll(cell, inputs[0], inputs[3], MinWeights(*inputs[1:3]))[0]
    for k, direction in enumerate(directions):
        one = torch.autograd.grad(right, inputs, direction, retain_graph=True)
        same([part[k] for part in at_once], list(one))


def test_autocast_and_other_types_are_as_in_torch() -> None:
    xs, W, b, h0 = (part.detach().float() for part in drawn())
    with torch.autocast("cpu"):
        found = min_gru(xs, MinWeights(W, b), h0)
        wanted = min_gru(xs, MinWeights(W, b), h0, "steps")
    assert found.dtype is wanted.dtype
    same([found], [wanted], 1e-6)
    narrow = [part.bfloat16().requires_grad_() for part in (xs, W, b, h0)]
    hs = min_gru(narrow[0], MinWeights(*narrow[1:3]), narrow[3])
    assert hs.dtype is torch.bfloat16 and hs.grad_fn.name() != "_MinGRUBackward"


def test_an_output_that_a_program_changes_in_place_is_no_silent_mistake() -> None:
    hs = fast(*drawn())
    hs.mul_(2)
    with pytest.raises(RuntimeError, match="inplace"):
        hs.sum().backward()


@pytest.mark.parametrize("layer", [min_gru, min_lstm])
def test_what_does_not_fit_is_refused(layer) -> None:
    weights = MinWeights(torch.zeros(6, 1), torch.zeros(6))
    with pytest.raises(ValueError, match="choose one of steps, chunks, doubling, fast"):
        layer(torch.zeros(2, 1, 1), weights, torch.zeros(1, 2), "backward")
    for xs, h0 in (
        ((2, 1, 3), (1, 2)),
        ((2, 1, 1), (1, 7)),
        ((2, 4, 1), (3, 3)),
        ((0, 1, 1), (1, 3)),
    ):
        with pytest.raises((RuntimeError, ValueError)):
            layer(torch.zeros(xs), weights, torch.zeros(h0))

"""The linear recurrence: one result in every order of its steps, with right gradients of it, and of those."""

import numpy as np
import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st
from torch import Tensor

from gates import scan as scans
from gates.scan import (
    ORDERS,
    scan,
    scan_by_doubling,
    scan_fast,
    scan_in_chunks,
)

ALL = {
    "steps": scan,
    "chunks of 1": lambda a, b, h0: scan_in_chunks(a, b, h0, 1),
    "chunks of 3": lambda a, b, h0: scan_in_chunks(a, b, h0, 3),
    "chunks longer than all": lambda a, b, h0: scan_in_chunks(a, b, h0, 99),
    "doubling": scan_by_doubling,
    "fast": scan_fast,
}


def drawn(T: int, B: int = 2, H: int = 3, seed: int = 0, dtype=torch.float64) -> list[Tensor]:
    """a, b and h0; of a, some numbers are zero, some above one and some below zero."""
    generator = torch.Generator().manual_seed(seed)

    def randn(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=generator, dtype=torch.float64)

    a = (1.3 * randn(T, B, H)).clamp(-1.2, 1.2)
    a[torch.rand(T, B, H, generator=generator) < 0.2] = 0
    return [part.to(dtype).requires_grad_() for part in (a, randn(T, B, H), randn(B, H))]


def outcome(run, inputs: list[Tensor], seed: int = 7) -> list[Tensor]:
    """The states, and the gradients of a number made of them."""
    hs = run(*inputs)
    v = torch.randn(hs.shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    return [hs, *torch.autograd.grad((v.to(hs.dtype) * hs).sum(), inputs)]


def same(ours: list[Tensor], theirs: list[Tensor], atol: float = 1e-9) -> None:
    for a, b in zip(ours, theirs, strict=True):
        torch.testing.assert_close(a, b, rtol=0, atol=atol)


def test_one_step_after_the_other_is_the_recurrence() -> None:
    a, b, h = (part.detach().numpy() for part in drawn(9))
    hs = scan(*map(torch.from_numpy, (a, b, h))).numpy()
    for t in range(9):
        h = a[t] * h + b[t]
        np.testing.assert_allclose(hs[t], h, rtol=0, atol=1e-14)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    st.integers(1, 70), st.integers(1, 3), st.integers(1, 4), st.integers(1, 80), st.integers(0, 99)
)
@example(1, 1, 1, 1, 0)
@example(53, 2, 3, 7, 1)  # two primes
def test_every_order_gives_the_same(T: int, B: int, H: int, size: int, seed: int) -> None:
    inputs = drawn(T, B, H, seed)
    wanted = outcome(scan, inputs)
    same(outcome(lambda *of: scan_in_chunks(*of, size), inputs), wanted)
    same(outcome(scan_by_doubling, inputs), wanted)
    same(outcome(scan_fast, inputs), wanted)


def test_long_sequences_give_the_same_in_every_order() -> None:
    inputs = drawn(2053, 2, 2)
    wanted = outcome(scan, inputs)
    for name in ("chunks", "doubling", "fast"):
        same(outcome(ORDERS[name], inputs), wanted)


def test_wide_steps_go_one_by_one_and_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    inputs, seen = drawn(30), []
    wanted, in_chunks = outcome(scan, inputs), scans._in_chunks

    def watched(*given):
        seen.append(given)
        return in_chunks(*given)

    monkeypatch.setattr(scans, "_in_chunks", watched)
    same(outcome(scan_fast, inputs), wanted)
    assert len(seen) == 2  # forward and backward
    monkeypatch.setattr(scans, "_WIDE", 6)
    same(outcome(scan_fast, inputs), wanted)
    assert len(seen) == 2


@pytest.mark.parametrize("T", [1, 2, 5, 7])
@pytest.mark.parametrize("name", ALL)
def test_gradients_and_gradients_of_gradients(name: str, T: int) -> None:
    inputs = drawn(T, 1, 2)
    assert torch.autograd.gradcheck(ALL[name], inputs)
    assert torch.autograd.gradgradcheck(ALL[name], inputs)


def test_gradients_of_gradients_of_gradients() -> None:
    inputs = drawn(6, 1, 2)

    def slopes(*of: Tensor) -> tuple[Tensor, ...]:
        total = scan_fast(*of).square().sum()
        return torch.autograd.grad(total, of, create_graph=True)

    assert torch.autograd.gradgradcheck(slopes, inputs)


@pytest.mark.parametrize("name", ALL)
def test_a_backward_runs_twice_and_changes_nothing_that_was_there(name: str) -> None:
    inputs = drawn(23)
    before = [part.detach().clone() for part in inputs]
    hs = ALL[name](*inputs)
    dhs, held = torch.randn_like(hs), hs.detach().clone()
    kept = dhs.clone()
    first = torch.autograd.grad(hs, inputs, dhs, retain_graph=True)
    for gradient in first:
        assert gradient.data_ptr() != dhs.data_ptr()
    copies = [gradient.clone() for gradient in first]
    for gradient in first:
        gradient.zero_()  # each has memory of its own
    second = torch.autograd.grad(hs, inputs, dhs)
    same(list(second), copies, 0)
    same([*inputs, dhs, hs], [*before, kept, held], 0)


@pytest.mark.parametrize("k", range(3))
@pytest.mark.parametrize("T", [1, 23])
def test_one_input_alone_may_want_a_gradient(
    monkeypatch: pytest.MonkeyPatch, k: int, T: int
) -> None:
    backward, given_back = scans._Scan.backward, []

    def watched(*of):
        given_back.extend(backward(*of))
        return tuple(given_back)

    monkeypatch.setattr(scans._Scan, "backward", staticmethod(watched))
    inputs = [part.detach() for part in drawn(T)]
    inputs[k].requires_grad_()
    hs = scan_fast(*inputs)
    v = torch.randn(hs.shape, generator=torch.Generator().manual_seed(7), dtype=torch.float64)
    same(list(torch.autograd.grad(hs, [inputs[k]], v)), [outcome(scan, drawn(T))[1 + k]])
    assert [gradient is not None for gradient in given_back[:3]] == [j == k for j in range(3)]


@pytest.mark.parametrize("name", ALL)
def test_without_gradients_nothing_is_kept(name: str) -> None:
    inputs = drawn(23)
    with torch.no_grad():
        hs = ALL[name](*inputs)
    assert hs.grad_fn is None and not hs.requires_grad
    same([hs], [scan(*inputs).detach()])
    with torch.inference_mode():
        same([ALL[name](*inputs)], [hs])


@pytest.mark.parametrize("name", ALL)
def test_inputs_may_lie_in_memory_as_they_like(name: str) -> None:
    a, b, h0 = (part.detach() for part in drawn(23))
    both = torch.cat([a, b], -1)
    apart = [*both.chunk(2, -1), h0.T.contiguous().T]
    turned = [part.transpose(0, 1).contiguous().transpose(0, 1) for part in (a, b)]
    wanted = outcome(scan, drawn(23))
    for given_ in (apart, [*turned, h0]):
        assert not given_[0].is_contiguous()
        leaves = [part.detach().requires_grad_() for part in given_]
        same(outcome(ALL[name], leaves), wanted)
    hs = ALL[name](*(leaves := drawn(23)))
    found = torch.autograd.grad(hs.sum(), leaves)  # a gradient that is one number, expanded
    same(list(found), list(torch.autograd.grad(scan(*leaves).sum(), leaves)))


@pytest.mark.parametrize(
    "dtype, atol",
    [
        (torch.float32, 1e-4),
        (torch.bfloat16, 0.3),
        (torch.float16, 0.05),
        (torch.complex128, 1e-9),
    ],
)
@pytest.mark.parametrize("name", ALL)
def test_numbers_may_be_of_any_type(name: str, dtype: torch.dtype, atol: float) -> None:
    inputs = drawn(11, dtype=dtype)
    if dtype.is_complex:
        with torch.no_grad():
            inputs = [(part * (1 + 0.5j)).requires_grad_() for part in inputs]
        hs, *found = [ALL[name](*inputs)]
        found = torch.autograd.grad(hs.abs().square().sum(), inputs)
        right = torch.autograd.grad(scan(*inputs).abs().square().sum(), inputs)
        same([hs, *found], [scan(*inputs), *right], atol)
        return
    found = outcome(ALL[name], inputs)
    assert all(part.dtype is dtype for part in found)
    same([part.double() for part in found], outcome(scan, [p.double() for p in inputs]), atol)


def test_numbers_of_several_types_and_what_has_to_be_spread_are_as_in_torch() -> None:
    a, b, h0 = drawn(11)
    narrow = [a.float(), b, h0.half()]
    leaves = [part.detach().requires_grad_() for part in narrow]
    found, wanted = outcome(scan_fast, leaves), outcome(scan, leaves)
    assert [part.dtype for part in found] == [part.dtype for part in wanted]
    same(found, wanted, 1e-2)
    wide = scan_fast(a.detach(), b.detach().half(), h0.detach().float())
    assert wide.dtype is torch.float64
    alike = [a[:, :1].detach().requires_grad_(), b, h0[:1].detach().requires_grad_()]
    same(outcome(scan_fast, alike), outcome(scan, alike))
    alike = [a, b[:, :1].detach().requires_grad_(), h0[:1].detach().requires_grad_()]
    same(outcome(scan_fast, alike), outcome(scan, alike))


@pytest.mark.parametrize("name", ALL)
def test_transforms_of_torch_see_the_recurrence(name: str) -> None:
    inputs = drawn(7)
    run = ALL[name]
    wanted = outcome(lambda *of: scan(*of).sin(), inputs)[1:]
    v = torch.randn(7, 2, 3, generator=torch.Generator().manual_seed(7), dtype=torch.float64)
    plain = [part.detach() for part in inputs]
    found = torch.func.grad(lambda *of: (v * run(*of).sin()).sum(), argnums=(0, 1, 2))(*plain)
    same(list(found), wanted)
    many = torch.stack([plain[1], 2 * plain[1]])
    batched = torch.func.vmap(run, (None, 0, None))(plain[0], many, plain[2])
    same(list(batched), [scan(plain[0], part, plain[2]) for part in many])
    directions = torch.randn(4, *v.shape, dtype=torch.float64)
    hs, right = run(*inputs), scan(*inputs)
    at_once = torch.autograd.grad(hs, inputs, directions, is_grads_batched=True)
    for k, direction in enumerate(directions):
        one = torch.autograd.grad(right, inputs, direction, retain_graph=True)
        same([part[k] for part in at_once], list(one))
    _, pushed = torch.func.jvp(run, tuple(plain), tuple(plain))
    _, wanted = torch.func.jvp(scan, tuple(plain), tuple(plain))
    same([pushed], [wanted])


@pytest.mark.parametrize("name", ALL)
def test_what_does_not_fit_is_refused(name: str) -> None:
    a, b, h0 = drawn(5)
    single = [(a[:1], b, h0)] if name in ("steps", "fast") else []  # no step is used twice
    for wrong in ((a[:4], b, h0), (a, b, h0[:, :2]), (a[:0], b[:0], h0), *single):
        with pytest.raises((ValueError, RuntimeError, IndexError)):
            ALL[name](*wrong)


def test_an_output_that_a_program_changes_in_place_is_no_silent_mistake() -> None:
    a, b, h0 = drawn(5)
    hs = scan_fast(a, b, h0)
    hs.mul_(2)
    with pytest.raises(RuntimeError, match="inplace"):
        hs.sum().backward()

"""Whether a subject's gradients are those of the equation under the convention that was found."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from gates.audit.atoms import Arrays
from gates.audit.equations import CellWeights, State, Step, run
from gates.audit.placing import Layout, Placing
from gates.audit.subjects.forms import STOPS, random_arrays, random_xs


@dataclass(frozen=True)
class Gradients:
    """status: agree, differ or none. slip: the id of what it is, if that is known. arrays: whose gradients differ; how."""

    status: str
    slip: str = ""
    arrays: tuple[str, ...] = ()
    how: str = ""


def gradients(placing: Placing, layout: Layout) -> Gradients:
    target = placing.target
    if not target.differentiable:
        return Gradients("none", how="Its gradients were not compared.")
    T, B = 5, 3
    arrays = random_arrays(target, 60)
    xs = random_xs(target, 60, T, B, placing.subject.I)
    weights: list[Tensor] = []

    def loss(ys: Tensor) -> Tensor:
        if not weights:
            weights.append(random_xs(target, 61, *ys.shape))
        return (weights[0] * ys).sum()

    try:
        theirs = _of(lambda a, x: loss(placing.subject.read(a, x).traces[layout.trace]), arrays, xs)
    except STOPS as error:
        return Gradients("differ", "", (), f"Going back through it ends in {type(error).__name__}.")
    if theirs is None:
        return Gradients("differ", "no-gradient", tuple(arrays))
    ours = _of(lambda a, x: loss(layout.read(a, x).ys), arrays, xs)
    names = (*arrays, "the inputs")
    wrong = [n for n, p, q in zip(names, theirs, ours, strict=True) if not placing.near(p, q)]
    if not wrong:
        return Gradients("agree")
    for slip, parts in (
        ("detached-every-step", (0, 1)),
        ("c-not-carried-back", (1,)),
        ("h-not-carried-back", (0,)),
    ):
        cut = _detached(layout.one, parts)
        kind, network = layout.choices.kind, layout.network
        if slip.startswith("c") and kind != "lstm":
            continue

        def of_cut(a: Arrays, x: Tensor, cut=cut, kind=kind, network=network) -> Tensor:
            return loss(run(cut, kind, layout.cells(a), network, x).ys)

        if all(map(placing.near, theirs, _of(of_cut, arrays, xs))):
            return Gradients("differ", slip, tuple(wrong))
    return _by_array(names, theirs, ours, wrong)


def _by_array(
    names: Sequence[str], theirs: Sequence[Tensor], ours: Sequence[Tensor], wrong: list[str]
) -> Gradients:
    """What is wrong with single arrays: zero, a multiple, or something else."""
    said, kinds = [], set()
    for name, p, q in zip(names, theirs, ours, strict=True):
        if name not in wrong:
            continue
        ratio = float((p * q).sum() / (q * q).sum()) if float(q.abs().max()) else 0.0
        if not p.abs().max():
            said.append(f"{name} gets none")
            kinds.add("gradient-path-missing")
        elif torch.allclose(p, ratio * q, rtol=1e-5, atol=1e-8):
            said.append(f"that of {name} is {ratio:.3g} times what it should be")
            kinds.add("gradient-scaled")
        else:
            said.append(f"that of {name} differs")
            kinds.add("gradient-path-missing" if len(wrong) < len(names) else "")
    slip = kinds.pop() if len(kinds) == 1 else ""
    return Gradients("differ", slip, tuple(wrong), "; ".join(said))


def _of(loss: Callable, arrays: Arrays, xs: Tensor) -> list[Tensor] | None:
    """The gradient of a loss by each array and by xs; None if there is none at all."""
    arrays = {name: value.clone().requires_grad_() for name, value in arrays.items()}
    xs = xs.clone().requires_grad_()
    with torch.enable_grad():
        value = loss(arrays, xs)
        if not value.requires_grad:
            return None
        inputs = (*arrays.values(), xs)
        found = torch.autograd.grad(value, inputs, allow_unused=True)
    return [torch.zeros_like(p) if g is None else g for p, g in zip(inputs, found, strict=True)]


def _detached(one: Step, parts: tuple[int, ...]) -> Step:
    def cut(x: Tensor, state: State, w: CellWeights) -> State:
        return one(x, tuple(p.detach() if k in parts else p for k, p in enumerate(state)), w)

    return cut

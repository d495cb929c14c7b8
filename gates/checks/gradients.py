"""Whether the gradients of an answer are right whose values are."""

import inspect
from collections.abc import Callable

import torch
from torch import Tensor, nn

from gates.checks import wording
from gates.checks.comparing import close, tensors
from gates.checks.running import TimeUp, call
from gates.checks.telling import explain
from gates.checks.trial import SECONDS
from gates.checks.verdict import RAISED, WRONG, Verdict
from gates.exercises.common.coding import Coding
from gates.exercises.common.probing import fresh


def judge_gradients(task: Coding, answer: Callable, probe: tuple) -> Verdict | None:
    """The verdict on an answer whose values are right and whose gradients are not; None if they are."""
    names = _names(task.reference, probe)
    right = _gradients(task.reference, probe)
    try:
        got = call(_gradients, (answer, probe), SECONDS)
    except TimeUp:
        return Verdict(task.name, RAISED, "Computing the gradients took too long and was stopped.")
    except (Exception, SystemExit) as problem:
        what = "The values are right, but the backward pass fails."
        return Verdict(task.name, RAISED, f"{what} {wording.error(problem, answer)}")
    wrong = [
        name for name, a, b in zip(names, got, right, strict=True) if a is None or not close(a, b)
    ]
    if not wrong:
        return None
    gates = _gates_without_gradient(task, names, got, right)
    missing = all(
        a is None or not a.any() for name, a in zip(names, got, strict=True) if name in wrong
    )
    if gates:
        which = f"No gradient goes through the block of {wording.listed(gates)}."
    else:
        how = "does not arrive" if missing else "is not what it should be"
        which = f"The gradient with respect to {wording.listed(wrong)} {how}."
    return Verdict(task.name, WRONG, f"{which}\n{explain('detached', task.lesson)}", ("detached",))


def _gates_without_gradient(task: Coding, names: list[str], got: list, right: list) -> list[str]:
    """The gates whose rows of weights get no gradient, where there are others whose rows get theirs."""
    lost = []
    for name, a, b in zip(names, got, right, strict=True):
        if task.gates and a is not None and name.startswith(("weight", "bias")):
            blocks = zip(
                task.gates, a.chunk(len(task.gates)), b.chunk(len(task.gates)), strict=True
            )
            lost.append({gate for gate, mine, its in blocks if its.any() and not mine.any()})
    everywhere = set.intersection(*lost) if lost else set()
    return (
        [gate for gate in task.gates if gate in everywhere]
        if len(everywhere) < len(task.gates)
        else []
    )


def _gradients(function: Callable, probe: tuple) -> list[Tensor | None]:
    """Gradients of a fixed random combination of all outputs with respect to all tensors that go in."""
    arguments = fresh(probe, True)
    modules = [value for value in arguments if isinstance(value, nn.Module)]
    inputs = [t for t in tensors(arguments) if t.is_floating_point()]
    inputs += [p for module in modules for p in module.parameters()]
    generator = torch.Generator().manual_seed(0)
    total = torch.zeros((), dtype=torch.float64)
    for output in tensors(function(*arguments)):
        v = torch.randn(output.shape, generator=generator, dtype=output.dtype)
        total = total + (v * output).sum()
    if not total.requires_grad:
        return [None] * len(inputs)
    return list(torch.autograd.grad(total, inputs, allow_unused=True))


def _names(reference: Callable, probe: tuple) -> list[str]:
    """A name for every tensor of a probe, in the order of `_gradients`: x, h, c, weight_ih and so on."""
    names, inside = [], []

    def add(parameter: str, value: object) -> None:
        if isinstance(value, Tensor):
            if value.is_floating_point():
                names.append(parameter)
        elif hasattr(value, "_fields"):
            for name, part in zip(value._fields, value, strict=True):
                add(name, part)
        elif isinstance(value, tuple) and len(value) == 2 and all(map(torch.is_tensor, value)):
            add("h" if parameter == "state" else f"{parameter}[0]", value[0])
            add("c" if parameter == "state" else f"{parameter}[1]", value[1])
        elif isinstance(value, (tuple, list)):
            for k, part in enumerate(value):
                add(f"{parameter}[{k}]", part)
        elif isinstance(value, nn.Module):
            inside.extend(name for name, _ in value.named_parameters())

    for parameter, value in zip(inspect.signature(reference).parameters, probe, strict=True):
        add(parameter, value)
    return names + inside

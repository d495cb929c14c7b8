"""Judging an answer: run it on the probes, compare, and if it is wrong find the slip that gives the same numbers."""

import inspect
from collections.abc import Callable

import torch
from torch import Tensor, nn

from gates.checks import wording
from gates.checks.catalogue import CATALOGUE
from gates.checks.comparing import COARSE, close, equal, leaves, shapes, tensors
from gates.checks.exercises import EXERCISES, Choice, Coding, fresh
from gates.checks.running import TimeUp, call
from gates.checks.verdict import NOT_ATTEMPTED, PASSED, RAISED, WRONG, WRONG_SHAPE, Verdict

SECONDS = 10.0  # for one call of an answer


def judge(exercise: str, answer: object) -> Verdict:
    """Judge an answer to the exercise of that name; never raises for what the answer does.

    answer: the function, or the letter, that was asked for.
    An exercise that does not exist raises ValueError.
    """
    if exercise not in EXERCISES:
        raise ValueError(f"There is no exercise {exercise!r}. There are: {', '.join(EXERCISES)}.")
    task = EXERCISES[exercise]
    if answer is None or answer is ...:
        return Verdict(exercise, NOT_ATTEMPTED, "")
    if isinstance(task, Choice):
        return _judge_choice(task, answer)
    verdict = _judge_coding(task, answer)
    named = verdict.mistakes or verdict.status in (PASSED, NOT_ATTEMPTED)
    if not named and (names := _leaked(answer)):
        reads = (
            f"The function reads {wording.listed(names)} from the notebook instead of computing it."
        )
        return verdict.with_note(f"{reads} Is a line missing?")
    return verdict


def _explain(mistake: str, lesson: str, detail: str = "") -> str:
    entry = CATALOGUE[mistake]
    elsewhere = f" Lesson {entry.lesson} explains it." if entry.lesson < lesson else ""
    return f"{entry.sentence} {detail}".rstrip() + f"\nLook here: {entry.look_at}{elsewhere}"


def _named(task: Coding | Choice, mistake: str, status: str = WRONG) -> Verdict:
    return Verdict(task.name, status, _explain(mistake, task.lesson), (mistake,))


def _judge_choice(task: Choice, answer: object) -> Verdict:
    letter = str(answer).strip().lower().strip("().")
    if letter == task.reference:
        return Verdict(task.name, PASSED, "")
    if letter in task.wrong:
        return _named(task, task.wrong[letter])
    letters = ", ".join(sorted([task.reference, *task.wrong]))
    return Verdict(task.name, WRONG, f"Answer with one of the letters {letters}, in quotes.")


def _judge_coding(task: Coding, answer: object) -> Verdict:
    if not callable(answer):
        what = f"{task.name} should be a function; it is of type {type(answer).__name__}."
        return Verdict(task.name, WRONG_SHAPE, what)
    probes = task.probes()
    expected = [task.reference(*fresh(probe, False)) for probe in probes]
    results, changed = [], False
    for probe in probes:
        arguments = fresh(probe, False)
        result, problem = _call(task, answer, arguments)
        if problem:
            return _recognize(task, probes, expected, results) or problem
        results.append(result)
        changed = changed or not all(map(close, tensors(arguments), tensors(probe)))
    if not all(map(equal, results, expected)):
        if all(equal(a, b, COARSE) for a, b in zip(results, expected, strict=True)):
            return _named(task, "lost-precision")
        known = _recognize(task, probes, expected, results)
        return known or _differences(task, probes, expected, results)
    if changed:
        return _named(task, "changes-inputs")
    fields = getattr(expected[0], "_fields", None)
    if fields and getattr(results[0], "_fields", None) != fields:
        kind = type(expected[0]).__name__
        what = f"The tensors are right. Hand them over as {kind}(…), so that they keep their names."
        return Verdict(task.name, WRONG_SHAPE, what)
    wrong = _judge_gradients(task, answer, probes[0]) if task.gradients else None
    return wrong or Verdict(task.name, PASSED, "")


def _call(task: Coding, answer: Callable, arguments: tuple) -> tuple[object, Verdict | None]:
    """What an answer returns; or the verdict, if it returns nothing that could be compared."""
    try:
        result = call(answer, arguments, SECONDS)
    except TimeUp:
        what = f"It was still running after {SECONDS:g} seconds and was stopped."
        return None, Verdict(task.name, RAISED, f"{what} Is there a loop that never ends?")
    except (Exception, SystemExit) as problem:
        return None, Verdict(task.name, RAISED, wording.error(problem, answer, task.shapes))
    if any(leaf is ... for leaf in leaves(result)):
        return None, Verdict(
            task.name, NOT_ATTEMPTED, "It still returns `...`: put your result there."
        )
    if result is None:
        what = "The function returns nothing. Is its last line a `return`?"
        return None, Verdict(task.name, WRONG_SHAPE, what)
    return result, None


def _recognize(task: Coding, probes: list[tuple], expected: list, results: list) -> Verdict | None:
    """The verdict that names the slip, or pair of slips, whose numbers these are; None if there is none.

    results: what the answer returned on the first probes, on all of them unless it raised.
    """
    if all(map(equal, results, expected)):
        return None
    for found, variant in task.variants():
        tried = zip(results, probes, strict=False)
        if all(equal(result, _attempt(variant, probe)) for result, probe in tried):
            explained = [_explain(slip.mistake, task.lesson, slip.detail) for slip in found]
            if len(found) == 2:
                explained.insert(0, "Two things at once:")
            fits = all(shapes(a) == shapes(b) for a, b in zip(results, expected, strict=False))
            mistakes = tuple(slip.mistake for slip in found)
            return Verdict(
                task.name, WRONG if fits else WRONG_SHAPE, "\n".join(explained), mistakes
            )
    return None


def _attempt(variant: Callable, probe: tuple) -> object:
    """What a variant gives; None where it cannot be computed, which no learner's numbers equal."""
    try:
        return variant(*fresh(probe, False))
    except (RuntimeError, IndexError):
        return None


def _differences(task: Coding, probes: list[tuple], expected: list, results: list) -> Verdict:
    """What to say of a mistake that no slip explains: what differs, and from which step on."""
    tried = zip(probes, expected, results, strict=True)
    probe, right, got = next(one for one in tried if not equal(one[2], one[1]))
    if shapes(right) != shapes(got):
        wanted, found = (wording.shape(value, task.outputs) for value in (right, got))
        what = f"It should return {wanted}; it returns {found}."
        if isinstance(got, list) or (
            isinstance(got, tuple) and any(isinstance(part, list) for part in got)
        ):
            what += " A list of tensors becomes one tensor with torch.stack."
        what = f"{what}\n{task.shapes}".rstrip()
        return Verdict(task.name, WRONG_SHAPE, what)
    pairs = list(zip(task.outputs, leaves(got), leaves(right), strict=True))
    wrong = [name for name, a, b in pairs if not close(a, b)]
    fine = [name for name in task.outputs if name not in wrong]
    subject = wording.listed(wrong)
    text = f"In what comes back, {subject} {'differs' if len(wrong) == 1 else 'differ'} from what is right"
    a, b = next((a, b) for name, a, b in pairs if name == wrong[0])
    if not isinstance(b, Tensor):
        names = inspect.signature(task.reference).parameters
        given = ", ".join(f"{name} = {value}" for name, value in zip(names, probe, strict=True))
        return Verdict(task.name, WRONG, f"{text}: with {given} it is {a} and should be {b}.")
    if a.dtype != b.dtype:
        text = f"{wrong[0]} has another type than the inputs: {a.dtype}, where {b.dtype} is right."
        return Verdict(task.name, WRONG, text)
    if wrong[0] == "ys":
        step = next(t for t in range(len(b)) if not close(a[t], b[t]))
        text += f", from step {step + 1} of {len(b)} on"
    worst = (a - b).abs().argmax()
    text += f": one entry is {a.flatten()[worst]:.3f} and should be {b.flatten()[worst]:.3f}."
    text += f" All shapes are right{', and so is ' + wording.listed(fine) if fine else ''}."
    advice = (
        "It is none of the mistakes known here. Check your lines against the equations, one by one."
    )
    return Verdict(task.name, WRONG, f"{text}\n{advice}")


def _judge_gradients(task: Coding, answer: Callable, probe: tuple) -> Verdict | None:
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
    which = f"The gradient with respect to {wording.listed(wrong)} does not arrive."
    return Verdict(task.name, WRONG, f"{which}\n{_explain('detached', task.lesson)}", ("detached",))


def _gradients(function: Callable, probe: tuple) -> list[Tensor | None]:
    """Gradients of a fixed random combination of all outputs with respect to all tensors that go in."""
    arguments = fresh(probe, True)
    modules = [value for value in arguments if isinstance(value, nn.Module)]
    inputs = [*tensors(arguments), *(p for module in modules for p in module.parameters())]
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
    for parameter, value in zip(inspect.signature(reference).parameters, probe, strict=True):
        if isinstance(value, Tensor):
            names.append(parameter)
        elif isinstance(value, tuple):
            names += getattr(value, "_fields", ("h", "c"))
        elif isinstance(value, nn.Module):
            inside += [name for name, _ in value.named_parameters()]
    return names + inside


def _leaked(answer: object) -> list[str]:
    """Tensors and numbers that a function does not define, but finds under that name in the notebook."""
    code, around = getattr(answer, "__code__", None), getattr(answer, "__globals__", {})
    names = code.co_names if code else ()
    return [f"`{name}`" for name in names if isinstance(around.get(name), (Tensor, int, float))]

"""Judging an answer: run it on the probes, compare, and if it is wrong find the slip that gives the same numbers."""

import inspect
import linecache
import re
import traceback
from collections.abc import Callable

import torch
from torch import Tensor

from gates.checks.catalogue import CATALOGUE
from gates.checks.exercises import EXERCISES, Choice, Coding, fresh
from gates.checks.running import TimeUp, call
from gates.checks.slips import Slip
from gates.checks.verdict import NOT_ATTEMPTED, PASSED, RAISED, WRONG, WRONG_SHAPE, Verdict

TOLERANCE = (
    1e-6  # of float64 values of size 1: far above rounding, far below any slip on these probes
)
SECONDS = 10.0

_USUAL_MEANINGS = [
    (r"ellipsis", "A `...` is still waiting to be filled in."),
    (
        r"takes \d+ positional argument",
        "Keep the arguments of the function as they were in the exercise cell.",
    ),
    (
        r"mat1 and mat2 shapes|size mismatch|inconsistent tensor size",
        "Usually a transpose is missing: torch.nn stores weights as (rows out, columns in), so x meets weight_ih.T.",
    ),
    (
        r"must match the size of tensor|cannot be broadcast|not broadcastable",
        "Two tensors that meet here should have equal sizes. Print their shapes on the line above.",
    ),
    (r"unpack", "Check what is inside: the state is a pair (h, c), the weights are four tensors."),
    (
        r"same dtype|expected scalar type|expected m1 and m2",
        "Make new tensors from the ones you were given, as in torch.zeros_like(h), so that they share their type.",
    ),
    (
        r"is not defined|referenced before assignment|cannot access local",
        "A name is misspelled, or used too early.",
    ),
    (
        r"has no attribute",
        "A name after the dot is misspelled, or the object is not what you take it for: print it.",
    ),
    (
        r"in-place operation",
        "A tensor that was handed in is overwritten: write c = f * c rather than c *= f.",
    ),
    (r"out of range|out of bounds", "The index is too large: T steps have the indices 0 to T − 1."),
]


def judge(exercise: str, answer: object) -> Verdict:
    """Judge an answer to the exercise of that name; never raises for what the answer does.

    answer: the function, or the letter, that was asked for. An exercise that does not exist raises ValueError.
    """
    if exercise not in EXERCISES:
        raise ValueError(f"There is no exercise {exercise!r}. There are: {', '.join(EXERCISES)}.")
    task = EXERCISES[exercise]
    if answer is None or answer is ...:
        return Verdict(exercise, NOT_ATTEMPTED, "")
    return _judge_choice(task, answer) if isinstance(task, Choice) else _judge_coding(task, answer)


def _explain(mistake: str, lesson: str, detail: str = "") -> str:
    entry = CATALOGUE[mistake]
    elsewhere = f" Lesson {entry.lesson} explains it." if entry.lesson != lesson else ""
    return f"{entry.sentence} {detail}".rstrip() + f"\nLook here: {entry.look_at}{elsewhere}"


def _judge_choice(task: Choice, answer: object) -> Verdict:
    letter = str(answer).strip().lower().strip("().")
    letters = sorted([task.reference, *task.wrong])
    if letter == task.reference:
        return Verdict(task.name, PASSED, "")
    if letter in task.wrong:
        mistake = task.wrong[letter]
        return Verdict(task.name, WRONG, _explain(mistake, task.lesson), (mistake,))
    return Verdict(
        task.name, WRONG, f"Answer with one of the letters {', '.join(letters)}, in quotes."
    )


def _judge_coding(task: Coding, answer: object) -> Verdict:
    if not callable(answer):
        return Verdict(
            task.name,
            WRONG_SHAPE,
            f"{task.name} should be a function; it is of type {_kind(answer)}.",
        )
    probes = task.probes()
    expected = [task.reference(*fresh(probe, False)) for probe in probes]
    results, changed = [], False
    for probe in probes:
        arguments = fresh(probe, False)
        try:
            result = call(answer, arguments, SECONDS)
        except TimeUp:
            text = f"It was still running after {SECONDS:g} seconds and was stopped. Is there a loop that never ends?"
            return Verdict(task.name, RAISED, text)
        except (Exception, SystemExit) as error:
            if results and (known := _recognize(task, probes[: len(results)], expected, results)):
                return known
            return Verdict(task.name, RAISED, _describe(error, answer))
        if any(leaf is ... for leaf in _leaves(result)):
            return Verdict(task.name, NOT_ATTEMPTED, "")
        if result is None:
            text = "The function returns nothing. Is its last line a `return`?"
            return Verdict(task.name, WRONG_SHAPE, text)
        results.append(result)
        changed = changed or not all(map(_agree, _tensors(arguments), _tensors(probe)))
    if not all(map(_agree_all, results, expected)):
        known = _recognize(task, probes, expected, results)
        return known or _differences(task, expected, results)
    if changed:
        return Verdict(
            task.name, WRONG, _explain("changes-inputs", task.lesson), ("changes-inputs",)
        )
    return (task.gradients and _judge_gradients(task, answer, probes[0])) or Verdict(
        task.name, PASSED, ""
    )


def _recognize(task: Coding, probes: list[tuple], expected: list, results: list) -> Verdict | None:
    """The verdict that names the slip, or pair of slips, whose numbers these are; None if there is none."""
    if all(map(_agree_all, results, expected)):
        return None
    for found, variant in task.variants():
        if all(
            _agree_all(result, _attempt(variant, probe))
            for result, probe in zip(results, probes, strict=True)
        ):
            explained = [_explain(slip.mistake, task.lesson, slip.detail) for slip in found]
            if len(found) == 2:
                explained.insert(0, "Two things at once:")
            status = WRONG if _shapes(results[0]) == _shapes(expected[0]) else WRONG_SHAPE
            return Verdict(task.name, status, "\n".join(explained), _ids(found))
    return None


def _ids(found: tuple[Slip, ...]) -> tuple[str, ...]:
    return tuple(slip.mistake for slip in found)


def _attempt(variant: Callable, probe: tuple) -> object:
    try:
        return variant(*fresh(probe, False))
    except (
        RuntimeError,
        IndexError,
    ):  # a slip that cannot be computed on this probe is not the learner's
        return None


def _differences(task: Coding, expected: list, results: list) -> Verdict:
    """What to say of a mistake that no slip explains: which output differs, and from which step on."""
    for right, got in zip(expected, results, strict=True):
        wanted, found = list(_leaves(right)), list(_leaves(got))
        if _shapes(right) != _shapes(got):
            text = (
                f"It should return {_shape_text(right, task)}; it returns {_shape_text(got, task)}."
            )
            return Verdict(task.name, WRONG_SHAPE, text)
        wrong = [k for k in range(len(wanted)) if not _agree(found[k], wanted[k])]
        if wrong:
            break
    names = [task.outputs[k] for k in wrong]
    fine = [name for name in task.outputs if name not in names]
    text = f"The shapes are right. {_join(names)} differ{'s' if len(names) == 1 else ''} from the equations"
    first, other = found[wrong[0]], wanted[wrong[0]]
    if isinstance(other, Tensor):
        if first.dtype != other.dtype:
            dtypes = f"{first.dtype}, expected {other.dtype}"
            return Verdict(
                task.name, WRONG, f"{names[0]} has another type than the inputs: {dtypes}."
            )
        if names[0] == "ys":
            step = next(t for t in range(len(other)) if not _agree(first[t], other[t]))
            text += f", from step {step + 1} of {len(other)} on"
        text += f" by up to {(first - other).abs().max():.2g}"
    else:
        text += f": {first} where {other} is right"
    text += f"; {_join(fine)} {'is' if len(fine) == 1 else 'are'} right." if fine else "."
    advice = "It is none of the mistakes known here. Check your lines against the equations, one at a time."
    return Verdict(task.name, WRONG, f"{text}\n{advice}")


def _judge_gradients(task: Coding, answer: Callable, probe: tuple) -> Verdict | None:
    """The verdict on an answer whose values are right and whose gradients are not; None if they are right."""
    names = _names(task.reference, probe)
    right = _gradients(task.reference, probe)
    try:
        got = call(_gradients, (answer, probe), SECONDS)
    except TimeUp:
        return Verdict(task.name, RAISED, "Computing the gradients took too long and was stopped.")
    except (Exception, SystemExit) as error:
        return Verdict(
            task.name,
            RAISED,
            "The values are right, but the backward pass fails. " + _describe(error, answer),
        )
    wrong = [
        name for name, a, b in zip(names, got, right, strict=True) if a is None or not _agree(a, b)
    ]
    if not wrong:
        return None
    text = f"The gradient with respect to {_join(wrong)} does not arrive.\n{_explain('detached', task.lesson)}"
    return Verdict(task.name, WRONG, text, ("detached",))


def _gradients(function: Callable, probe: tuple) -> list[Tensor | None]:
    """Gradients of a fixed random combination of all outputs with respect to all tensors that go in."""
    arguments = fresh(probe, True)
    leaves = list(_tensors(arguments))
    generator = torch.Generator().manual_seed(0)
    total = torch.zeros((), dtype=torch.float64)
    for leaf in _tensors(function(*arguments)):
        total = (
            total + (leaf * torch.randn(leaf.shape, generator=generator, dtype=leaf.dtype)).sum()
        )
    if not total.requires_grad:
        return [None] * len(leaves)
    return list(torch.autograd.grad(total, leaves, allow_unused=True))


def _names(reference: Callable, probe: tuple) -> list[str]:
    """A name for every tensor in a probe: x, h, c, weight_ih and so on."""
    names = []
    for parameter, value in zip(inspect.signature(reference).parameters, probe, strict=True):
        if isinstance(value, Tensor):
            names.append(parameter)
        elif isinstance(value, tuple):
            names += getattr(value, "_fields", ("h", "c"))
    return names


def _describe(error: BaseException, answer: object) -> str:
    """Type and text of an error, the learner's line it comes from, and what it usually means."""
    code = getattr(answer, "__code__", None)
    here = [
        entry
        for entry in traceback.extract_tb(error.__traceback__)
        if code and entry.filename == code.co_filename
    ]
    where = ""
    if here:
        line = (linecache.getline(here[-1].filename, here[-1].lineno or 0)).strip()
        where = f", on line {here[-1].lineno} of the cell" + (f", `{line}`" if line else "")
    text = f"{type(error).__name__}{where}: {str(error).strip() or 'without a message'}"
    meaning = next(
        (meaning for pattern, meaning in _USUAL_MEANINGS if re.search(pattern, str(error))), ""
    )
    return text + (f"\n{meaning}" if meaning else "")


def _leaves(value: object):
    if isinstance(value, (tuple, list)):
        for part in value:
            yield from _leaves(part)
    else:
        yield value


def _tensors(value: object):
    return (leaf for leaf in _leaves(value) if isinstance(leaf, Tensor))


def _kind(value: object) -> str:
    return type(value).__name__


def _shapes(value: object) -> object:
    """The nesting and the shapes of a result, comparable with ==."""
    if isinstance(value, (tuple, list)):
        return [_shapes(part) for part in value]
    if isinstance(value, Tensor):
        return tuple(value.shape)
    return (
        "number"
        if isinstance(value, (int, float)) and not isinstance(value, bool)
        else _kind(value)
    )


def _shape_text(value: object, task: Coding) -> str:
    """The shapes of a result in words, named where it has as many parts as it should."""
    leaves = list(_leaves(value))
    named = (
        task.outputs if len(leaves) == len(task.outputs) and len(leaves) > 1 else [""] * len(leaves)
    )
    described = iter(
        [
            f"{name} {tuple(leaf.shape)}".strip()
            if isinstance(leaf, Tensor)
            else f"{name} a {_kind(leaf)}".strip()
            for name, leaf in zip(named, leaves, strict=True)
        ]
    )

    def nested(part: object) -> str:
        if isinstance(part, (tuple, list)):
            return "(" + ", ".join(map(nested, part)) + ")"
        return next(described)

    return nested(value)


def _agree(a: object, b: object) -> bool:
    if isinstance(a, Tensor) and isinstance(b, Tensor):
        if a.shape != b.shape or a.dtype != b.dtype:
            return False
        return bool(torch.allclose(a.detach(), b.detach(), rtol=TOLERANCE, atol=TOLERANCE))
    return (
        type(a) in (int, float)
        and type(b) in (int, float)
        and abs(a - b) <= TOLERANCE * max(1, abs(b))
    )


def _agree_all(a: object, b: object) -> bool:
    return _shapes(a) == _shapes(b) and all(map(_agree, _leaves(a), _leaves(b)))


def _join(names: list[str]) -> str:
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]

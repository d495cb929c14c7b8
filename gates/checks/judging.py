"""Judging an answer: run it on the probes, compare, and if it is wrong find the slip that gives the same numbers."""

import inspect
import re
from collections.abc import Callable

import torch
from torch import Tensor

from gates.checks import wording
from gates.checks.around import usual
from gates.checks.beyond import judge_beyond_values
from gates.checks.comparing import COARSE, equal, leaves, plain, shapes, tensors
from gates.checks.differing import differences, raised
from gates.checks.in_code import can_remember, leaked, numbers_in, words_in
from gates.checks.precision import is_narrowed, judge_guarded
from gates.checks.recognizing import recognize
from gates.checks.running import TimeUp
from gates.checks.telling import explain, named
from gates.checks.trial import Trial, readable
from gates.checks.verdict import NOT_ATTEMPTED, PASSED, RAISED, WRONG, WRONG_SHAPE, Verdict
from gates.exercises import EXERCISES, MISTAKES
from gates.exercises.common.choice import Choice
from gates.exercises.common.probing import fresh, scaled_by
from gates.exercises.common.seen import Instead


def judge(exercise: str, answer: object) -> Verdict:
    """Judge an answer to the exercise of that name; never raises for what the answer does.

    answer: the function, or the letter, that was asked for. Nothing that it shows appears, and what it changes outside
    itself, such as torch's default type, is put back. An exercise that does not exist raises ValueError.
    """
    if exercise not in EXERCISES:
        raise ValueError(f"There is no exercise {exercise!r}. There are: {', '.join(EXERCISES)}.")
    task = EXERCISES[exercise]
    if answer is None or answer is ...:
        return Verdict(exercise, NOT_ATTEMPTED, "")
    if isinstance(task, Choice):
        return _judge_choice(task, answer)
    if not callable(answer):
        what = f"{task.name} should be a function; it is of type {type(answer).__name__}."
        return Verdict(task.name, WRONG_SHAPE, what)
    if said := _runs_later(answer):
        return Verdict(task.name, WRONG_SHAPE, said)
    with usual():
        verdict = _judge_coding(Trial(task, answer))
    known = verdict.mistakes or verdict.status in (PASSED, NOT_ATTEMPTED)
    if not known and (names := leaked(answer, task.reference)):
        it = "it" if len(names) == 1 else "them"
        reads = f"The function reads {wording.listed(names)} from the notebook instead of computing {it}."
        return verdict.with_note(f"{reads} Is a line missing?")
    return verdict


def _runs_later(answer: Callable) -> str:
    """What to say of a function that does not run when it is called; empty for others."""
    if inspect.iscoroutinefunction(answer) or inspect.isasyncgenfunction(answer):
        return (
            "`async def` makes a function that does not run when it is called. Write `def` alone."
        )
    if inspect.isgeneratorfunction(answer):
        return "A function with `yield` does not run when it is called. Collect the results, and `return` them."
    return ""


def _judge_choice(task: Choice, answer: object) -> Verdict:
    letter = answer.strip().lower().strip("().") if isinstance(answer, str) else ""
    if letter == task.reference:
        return Verdict(task.name, PASSED, _behind_the_others(task))
    if letter in task.wrong:
        return named(task, task.wrong[letter])
    letters = ", ".join(sorted([task.reference, *task.wrong]))
    text = f"Answer with one of the letters {letters}, in quotes."
    if not isinstance(answer, str):
        text += f" What {task.name} holds is of type {type(answer).__name__}."
    return Verdict(task.name, WRONG, text)


def _behind_the_others(task: Choice) -> str:
    """Which mistake each other letter of a question stands for; empty where there are too many to read."""
    if len(task.wrong) > 4:
        return ""
    told = (f"{letter}: {MISTAKES[mistake].sentence}" for letter, mistake in task.wrong.items())
    return f"Behind each other letter stands a mistake. {' '.join(told)}"


def _judge_coding(trial: Trial) -> Verdict:
    task = trial.task
    if any(leaf is ... for result in trial.results for leaf in leaves(result)):
        text = "It still returns `...`: put your result there."
        return Verdict(task.name, NOT_ATTEMPTED, text)
    for instead in () if trial.passed else task.instead:
        if _right_on(trial, instead):
            return _told_with_its_error(trial, instead.mistake)
    if any(result is None for result in trial.results):
        what = "The function returns nothing. Is its last line a `return`?"
        return Verdict(task.name, WRONG_SHAPE, what)
    if trial.passed:
        return judge_beyond_values(trial)
    if not trial.problem and all(
        equal(a, b, COARSE) for a, b in zip(trial.results, trial.expected, strict=True)
    ):
        if guarded := judge_guarded(trial):
            return guarded
        if is_narrowed(trial):
            return named(task, "lost-precision")
    found = _recognize(trial, trial.probes, trial.results, trial.expected)
    if not found and trial.problem and task.square:
        found = _recognize_where_sizes_are_equal(trial)
    found = found or _signature(trial)
    return found or (raised(trial) if trial.problem else differences(trial))


def _right_on(trial: Trial, instead: Instead) -> bool:
    """Whether an answer that is wrong is right on other arguments than are asked for."""
    if isinstance(trial.problem, TimeUp):
        return False
    return all(trial.is_right(probe, instead.right) for probe in instead.probes())


def _told_with_its_error(trial: Trial, mistake: str) -> Verdict:
    """The verdict that names a mistake, below the error that the answer raised, if it did."""
    if not trial.problem:
        return named(trial.task, mistake)
    text = f"{wording.error(trial.problem, trial.answer)}\n{explain(mistake, trial.task.lesson)}"
    return Verdict(trial.task.name, RAISED, text, (mistake,))


def _recognize(trial: Trial, probes: list[tuple], results: list, expected: list) -> Verdict | None:
    """The verdict that names the slip, or pair of slips, whose numbers these are; None if there is none.

    results: what the answer returned on the first probes, on all of them unless it raised.
    """
    task = trial.task
    if all(map(trial.agree, results, expected)):
        return None
    found = recognize(task, probes, results, readable)
    if not found:
        return None
    explained = [explain(slip.mistake, task.lesson, slip.detail) for slip in found]
    if len(found) == 2:
        explained.insert(0, "Two things at once:")
    fits = all(shapes(a) == shapes(b) for a, b in zip(results, expected, strict=False))
    mistakes = tuple(slip.mistake for slip in found)
    return Verdict(task.name, WRONG if fits else WRONG_SHAPE, "\n".join(explained), mistakes)


def _recognize_where_sizes_are_equal(trial: Trial) -> Verdict | None:
    """The slip of an answer that raises unless certain sizes are equal."""
    probes = trial.task.square()
    try:
        results = [trial.run(fresh(probe, trial.task.graph)) for probe in probes]
    except (Exception, SystemExit, TimeUp):
        return None
    return _recognize(trial, probes, results, [trial.right(probe) for probe in probes])


def _signature(trial: Trial) -> Verdict | None:
    """The mistake that the way in which an answer fails gives away; None if it gives none away."""
    task = trial.task
    said = wording.said(trial.problem) if trial.problem else ""
    for error in task.errors:
        held = not error.word or error.word in words_in(trial.answer)
        if trial.problem and held and re.search(error.pattern, said):
            return _told_with_its_error(trial, error.mistake)
    if isinstance(trial.problem, TimeUp):
        return None
    if task.signature and not trial.problem and (mistake := _seen(trial)):
        return named(task, mistake)
    if task.also and task.also[1] == "clips-inside" and _right_when_small(trial):
        return named(task, "clips-inside")
    if _first_was_right(trial) and _keeps(trial):
        return named(task, "remembers-first-call")
    if _fits_one_size_only(trial):
        return named(task, "hard-coded-sizes")
    return None


def _seen(trial: Trial) -> str | None:
    """What the exercise's own signature names; None for results that it cannot read."""
    try:
        return trial.task.signature(trial)
    except (Exception, SystemExit, TimeUp):
        return None


def _first_was_right(trial: Trial) -> bool:
    return bool(trial.results) and trial.agree(trial.results[0], trial.expected[0])


def _resampled(probe: tuple) -> tuple:
    """Other numbers in the same shapes."""
    copied = fresh(probe)
    generator = torch.Generator().manual_seed(77)
    with torch.no_grad():
        for value in tensors(plain(copied)):
            if value.is_floating_point():
                value.copy_(torch.randn(value.shape, generator=generator, dtype=value.dtype))
    return copied


def _keeps(trial: Trial) -> bool:
    """Whether an answer that was right at first, and can remember, is wrong for other numbers of the same shapes."""
    if not can_remember(trial.answer) or not any(
        isinstance(value, Tensor) for value in trial.probes[0]
    ):
        return False
    return not trial.is_right(_resampled(trial.probes[0]))


def _right_when_small(trial: Trial) -> bool:
    """Whether an answer that is wrong, and raises nothing, is right where all numbers are a tenth as large."""
    if trial.problem:
        return False
    return all(trial.is_right(scaled_by(probe, 0.1)) for probe in trial.probes)


def _fits_one_size_only(trial: Trial) -> bool:
    """Whether the answer is right for some sizes, those of a probe or of a number that stands in its code."""
    rights = [equal(a, b) for a, b in zip(trial.results, trial.expected, strict=False)]
    if trial.task.sized is None:
        return False
    if any(rights) and trial.is_right(_resampled(trial.probes[rights.index(True)])):
        return True
    for number in numbers_in(trial.answer):
        for size in ("H", "B", "I"):
            guesses = {number, number // 4, number // 3} if size == "H" else {number}
            if any(n > 1 and trial.is_right(trial.task.sized(**{size: n})) for n in guesses):
                return True
    return False

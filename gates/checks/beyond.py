"""What may be wrong with an answer whose values are right."""

import re

import torch
from torch import Tensor, nn

from gates.checks import wording
from gates.checks.comparing import leaves, plain, shapes, tensors
from gates.checks.gradients import judge_gradients
from gates.checks.in_code import words_in
from gates.checks.running import TimeUp, call
from gates.checks.telling import named
from gates.checks.trial import SECONDS, Trial
from gates.checks.verdict import PASSED, RAISED, WRONG, WRONG_SHAPE, Verdict
from gates.exercises.common.probing import fresh

SEED = 2**40 + 7  # one that no program sets by itself


LARGE = 1e4  # what inputs are multiplied by, to see what overflows


def judge_beyond_values(trial: Trial) -> Verdict:
    """The verdict on an answer whose values are right: what else may be wrong."""
    task = trial.task
    if trial.changed:
        return named(task, "changes-inputs")
    fields = getattr(trial.expected[0], "_fields", None)
    if fields and getattr(trial.results[0], "_fields", None) != fields:
        kind = type(trial.expected[0]).__name__
        what = f"The tensors are right. Hand them over as {kind}(…), so that they keep their names."
        return Verdict(task.name, WRONG_SHAPE, what)
    trial.tried.append(_sets(trial.probes))
    if task.also:
        more = task.also[0]()
        if not all(map(trial.is_right, more)):
            return named(task, task.also[1])
        kind = "with larger numbers" if task.also[1] == "clips-inside" else "of another kind"
        trial.tried.append(f"on {wording.count(len(more))} more {kind}")
    wrong = _judge_small(trial)
    if not wrong and task.draws:
        wrong = _judge_draws(trial)
    if not wrong and task.gradients:
        wrong = judge_gradients(task, trial.answer, trial.probes[0])
        trial.tried.append("in all gradients")
    if not wrong and task.anywhere:
        wrong = _judge_anywhere(trial)
    return wrong or _passed(trial)


def _passed(trial: Trial) -> Verdict:
    """The verdict on a right answer, with what its exercise has to say of it besides."""
    verdict = Verdict(trial.task.name, PASSED, f"Right {wording.listed(trial.tried)}.")
    try:
        said = trial.task.remark(trial) if trial.task.remark else ""
    except (Exception, SystemExit, TimeUp):
        return verdict  # what does not run on the remark's own arguments is remarked upon in no way
    return verdict.with_note(said) if said else verdict


def _sets(probes: list[tuple]) -> str:
    """On what an answer was tried, in words."""
    given = [_shapes_of(probe) for probe in probes]
    numbers = all(type(value) in (int, float) for probe in probes for value in probe)
    what = "sets of numbers" if numbers else "sets of inputs"
    if len(probes) == 1:
        return f"on one {what.replace('sets', 'set')}"
    differ = not numbers and len(set(map(str, given))) == len(given)
    return f"on {wording.count(len(probes))} {what}{' of different sizes' if differ else ''}"


def _shapes_of(probe: tuple) -> list:
    """The shapes of all that goes in, those of a module's parameters among them."""
    return [
        [tuple(p.shape) for p in value.parameters()]
        if isinstance(value, nn.Module)
        else shapes(plain(value))
        for value in probe
    ]


def _judge_draws(trial: Trial) -> Verdict | None:
    """The verdict on an answer that does not draw anew at each call, or sets the seed; None if it does as it should."""
    probe, task = trial.probes[0], trial.task

    def twice() -> tuple[list, bool]:
        torch.manual_seed(SEED)
        made = [_numbers(trial.answer(*fresh(probe, task.graph))) for _ in range(2)]
        return made, torch.initial_seed() == SEED

    try:
        (one, other), unseeded = call(twice, (), SECONDS)
    except (Exception, SystemExit, TimeUp) as problem:
        said = wording.error(problem, trial.answer, task.shapes)
        return Verdict(
            task.name, RAISED, f"The first calls are right, and a later one raises.\n{said}"
        )
    if not unseeded:
        return named(task, "seed-inside")
    if len(one) == len(other) and all(map(torch.equal, one, other)):
        return named(task, "drawn-once")
    trial.tried.append("with new random numbers at each call")
    return None


def _numbers(result: object) -> list[Tensor]:
    """Copies of all tensors in a result, parameters of modules among them."""
    found = []
    for leaf in leaves(plain(result)):
        found += leaf.parameters() if isinstance(leaf, nn.Module) else [leaf]
    return [value.detach().clone() for value in found if isinstance(value, Tensor)]


def _judge_small(trial: Trial) -> Verdict | None:
    """The verdict on an answer that fails where a size is 1; None if it does not."""
    task, probes = trial.task, trial.task.small()
    for probe in probes:
        right = trial.right(probe)
        try:
            result = trial.run(fresh(probe))
        except (Exception, SystemExit, TimeUp) as problem:
            said = wording.error(problem, trial.answer, task.shapes)
            verdict = Verdict(task.name, RAISED, f"With a size of 1 it raises.\n{said}")
        else:
            if trial.agree(result, right):
                continue
            text = "It is right for larger sizes, and wrong where a size is 1."
            verdict = Verdict(task.name, WRONG, text)
            if _without_ones(result) == _without_ones(right):
                return named(task, "squeezed", status=WRONG_SHAPE)
        squeezes = "squeeze" in words_in(trial.answer)
        return named(task, "squeezed", status=verdict.status) if squeezes else verdict
    if probes:
        trial.tried.append(f"on {wording.count(len(probes))} in which a size is 1")
    return None


def _without_ones(result: object) -> list[list[int]]:
    return [[size for size in t.shape if size > 1] for t in tensors(result)]


def _judge_anywhere(trial: Trial) -> Verdict | None:
    """The verdict on an answer that overflows for large numbers, or makes tensors on another device; None if fine."""
    x, state, weights = fresh(trial.probes[0])
    large = tuple(LARGE * part for part in state) if isinstance(state, tuple) else LARGE * state
    try:
        result = trial.run((LARGE * x, large, weights))
    except (Exception, SystemExit, TimeUp):
        return None
    if not all(t.isfinite().all() for t in tensors(result)):
        return named(trial.task, "overflows")
    trial.tried.append(f"without overflow for inputs {LARGE:,.0f} times as large")
    moved = _moved(fresh(trial.probes[0]), "meta")
    trial.task.reference(
        *moved
    )  # loads what torch needs for it, which takes seconds, outside the time limit
    try:
        elsewhere = trial.run(moved)
    except (Exception, SystemExit, TimeUp) as problem:
        if re.search(r"device", wording.said(problem)):
            return named(trial.task, "made-elsewhere", wording.line_of(problem, trial.answer))
        return None  # what has no numbers cannot be branched on; that is no mistake
    if any(t.device.type != "meta" for t in tensors(elsewhere)):
        return named(trial.task, "made-elsewhere")
    return None


def _moved(value: object, device: str) -> object:
    if isinstance(value, Tensor):
        return value.to(device)
    parts = [_moved(part, device) for part in value]
    return type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)

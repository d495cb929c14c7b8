"""Numbers that are right to a few digits."""

from collections.abc import Callable
from types import CodeType, FunctionType

import torch
from torch.utils._python_dispatch import TorchDispatchMode

from gates.checks.beyond import judge_beyond_values
from gates.checks.comparing import COARSE, tensors
from gates.checks.in_code import codes, words_in
from gates.checks.running import TimeUp, call
from gates.checks.trial import SECONDS, Trial
from gates.checks.verdict import PASSED, Verdict
from gates.exercises.common.probing import fresh

_NARROW = (torch.float32, torch.float16, torch.bfloat16)


_NARROW_WORDS = {"float32", "float16", "single", "half", "bfloat16", "f4"}


class _Narrow(TorchDispatchMode):
    """Sees whether anything is computed in fewer digits than float64 has."""

    def __init__(self) -> None:
        super().__init__()
        self.seen = False

    def __torch_dispatch__(
        self, func: Callable, types: tuple, args: tuple = (), kwargs: dict | None = None
    ) -> object:
        result = func(*args, **(kwargs or {}))
        parts = tensors((args, result))
        self.seen = self.seen or any(part.dtype in _NARROW for part in parts)
        return result


def is_narrowed(trial: Trial) -> bool:
    """Whether an answer computes in float32, or narrower, what came in as float64."""
    if words_in(trial.answer) & _NARROW_WORDS:
        return True

    def watched(*arguments: object) -> bool:
        with _Narrow() as narrow:
            trial.answer(*arguments)
        return narrow.seen

    try:
        return call(watched, fresh(trial.probes[0], trial.task.graph), SECONDS)
    except (Exception, SystemExit, TimeUp):
        return False


def judge_guarded(trial: Trial) -> Verdict | None:
    """The verdict on an answer that a small constant alone keeps from the right numbers; None if it is not that.

    Such a constant guards a division, a root or a logarithm against zero.
    """
    bare = _without_guards(trial.answer)
    if bare is None:
        return None
    tried = Trial(trial.task, bare)
    if not tried.passed:
        return None
    verdict = judge_beyond_values(tried)
    moves = "The small constant in it, as guards against zero are, moves the result by less than one part in 100,000."
    return verdict.with_note(moves) if verdict.status == PASSED else verdict


def _is_guard(value: object) -> bool:
    return type(value) is float and 0 < abs(value) <= COARSE


def _without_guards(answer: object) -> Callable | None:
    """The function with 0 for each small constant in its code, its defaults and around it; None if it has none."""
    if not isinstance(answer, FunctionType):
        return None
    around, found = dict(answer.__globals__), []

    def bare(value: object) -> object:
        if _is_guard(value):
            found.append(value)
            return 0.0
        if type(value) is tuple:
            return tuple(map(bare, value))
        if isinstance(value, CodeType):
            return value.replace(co_consts=tuple(map(bare, value.co_consts)))
        return value

    def rebuilt(function: FunctionType) -> FunctionType:
        made = FunctionType(
            bare(function.__code__),
            around,
            function.__name__,
            bare(function.__defaults__),
            function.__closure__,
        )
        made.__kwdefaults__ = {k: bare(v) for k, v in (function.__kwdefaults__ or {}).items()}
        return made

    waiting, names = [answer], set()
    while waiting:
        used = {name for code in codes(waiting.pop()) for name in code.co_names} - names
        names |= used
        for name in used & answer.__globals__.keys():
            value = answer.__globals__[name]
            around[name] = bare(value)
            if isinstance(value, FunctionType) and value.__globals__ is answer.__globals__:
                around[name] = rebuilt(value)
                waiting.append(value)
    made = rebuilt(answer)
    return made if found else None

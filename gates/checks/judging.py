"""Judging an answer: run it on the probes, compare, and if it is wrong find the slip that gives the same numbers."""

import dis
import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import BuiltinFunctionType, CodeType, FunctionType, ModuleType

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence
from torch.utils._python_dispatch import TorchDispatchMode

from gates.checks import wording
from gates.checks.around import Asks, usual
from gates.checks.catalogue import CATALOGUE
from gates.checks.comparing import COARSE, close, equal, leaves, plain, shapes, tensors
from gates.checks.exercises import EXERCISES, LESSONS
from gates.checks.recognizing import recognize
from gates.checks.running import TimeUp, call
from gates.checks.verdict import NOT_ATTEMPTED, PASSED, RAISED, WRONG, WRONG_SHAPE, Verdict
from gates.exercises.common.choice import Choice
from gates.exercises.common.coding import Coding
from gates.exercises.common.probing import fresh, scaled_by

SECONDS = 10.0  # for one call of an answer
SEED = 2**40 + 7  # one that no program sets by itself
LARGE = 1e4  # what inputs are multiplied by, to see what overflows


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
        verdict = _judge_coding(_Trial(task, answer))
    named = verdict.mistakes or verdict.status in (PASSED, NOT_ATTEMPTED)
    if not named and (names := _leaked(answer)):
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


def _explain(mistake: str, lesson: str, detail: str = "") -> str:
    entry = CATALOGUE[mistake]
    told = entry.lesson in LESSONS and entry.lesson < lesson
    elsewhere = f" Lesson {entry.lesson} explains it." if told else ""
    return f"{entry.sentence} {detail}".rstrip() + f"\nLook here: {entry.look_at}{elsewhere}"


def _named(task: Coding | Choice, mistake: str, detail: str = "", status: str = WRONG) -> Verdict:
    return Verdict(task.name, status, _explain(mistake, task.lesson, detail), (mistake,))


def _judge_choice(task: Choice, answer: object) -> Verdict:
    letter = answer.strip().lower().strip("().") if isinstance(answer, str) else ""
    if letter == task.reference:
        return Verdict(task.name, PASSED, _behind_the_others(task))
    if letter in task.wrong:
        return _named(task, task.wrong[letter])
    letters = ", ".join(sorted([task.reference, *task.wrong]))
    text = f"Answer with one of the letters {letters}, in quotes."
    if not isinstance(answer, str):
        text += f" What {task.name} holds is of type {type(answer).__name__}."
    return Verdict(task.name, WRONG, text)


def _behind_the_others(task: Choice) -> str:
    """Which mistake each other letter of a question stands for; empty where there are too many to read."""
    if len(task.wrong) > 4:
        return ""
    told = (f"{letter}: {CATALOGUE[mistake].sentence}" for letter, mistake in task.wrong.items())
    return f"Behind each other letter stands a mistake. {' '.join(told)}"


@dataclass
class _Trial:
    """An answer on its probes: what it gave on each, until one raised; and what is right.

    results: in the form that is compared; returned: as they came. tried: in what the answer was found right, in words.
    """

    task: Coding
    answer: Callable
    probes: list[tuple] = field(default_factory=list)
    expected: list = field(default_factory=list)
    results: list = field(default_factory=list)
    returned: list = field(default_factory=list)
    tried: list[str] = field(default_factory=list)
    problem: BaseException | None = None
    changed: bool = False

    def __post_init__(self) -> None:
        self.probes = self.task.probes()
        self.expected = [self.right(probe) for probe in self.probes]
        for probe in self.probes:
            arguments = fresh(probe, self.task.graph)
            try:
                self.results.append(self.run(arguments))
                self.returned.append(self.last)
            except (Exception, SystemExit, TimeUp) as problem:
                self.problem = problem
                return
            self.changed = self.changed or _was_changed(arguments, probe)

    def run(self, arguments: tuple, seed: int = 0) -> object:
        """What the answer gives, in a form that can be compared; raises what the answer raises."""

        def read(
            *arguments: object,
        ) -> object:  # reading may run the answer, too, as that of a module
            self.last = _ready(self.answer(*arguments))
            return _readable(self.task, self.last, arguments)

        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            return call(read, arguments, SECONDS)

    def mentions(self, word: str) -> bool:
        """Whether a name or a keyword stands in the answer's code."""
        return word in _words_in(self.answer)

    def right(self, probe: tuple, reference: Callable | None = None) -> object:
        """What the reference gives, in the same form."""
        arguments = fresh(probe, self.task.graph)
        result = (reference or self.task.reference)(*arguments)
        return _readable(self.task, result, arguments)

    def is_right(self, probe: tuple) -> bool:
        """Whether the answer is right on one more probe."""
        try:
            return self.agree(self.run(fresh(probe, self.task.graph)), self.right(probe))
        except (Exception, SystemExit, TimeUp):
            return False

    def agree(self, one: object, other: object) -> bool:
        return equal(one, other, self.task.tolerance)

    def fits(self, one: object, other: object) -> bool:
        return shapes(one) == shapes(other)

    @property
    def passed(self) -> bool:
        if self.problem:
            return False
        if all(map(self.agree, self.results, self.expected)):
            return True
        return any(
            all(
                self.agree(a, self.right(p, other))
                for a, p in zip(self.results, self.probes, strict=True)
            )
            for other in self.task.accepts
        )


def _was_changed(arguments: tuple, probe: tuple) -> bool:
    """Whether an answer changed what it was given: numbers, the lists they stand in, a setting of a module."""
    now, before = plain(arguments), plain(probe)
    if shapes(now) != shapes(before):
        return True
    pairs = zip(tensors(now), tensors(before), strict=True)
    if not all(a.dtype == b.dtype and a.equal(b) for a, b in pairs):
        return True
    modules = ((a, b) for a, b in zip(arguments, probe, strict=True) if isinstance(b, nn.Module))
    return any(str(a) != str(b) for a, b in modules)  # such as batch_first


def _ready(result: object) -> object:
    """A result; a coroutine among results is closed, so that it does not complain of not being awaited."""
    for leaf in leaves(result):
        if inspect.iscoroutine(leaf):
            leaf.close()
    return result


def _readable(task: Coding, result: object, arguments: tuple) -> object:
    """A result in the form in which it is compared. What cannot be brought into it stays as it is."""
    once = isinstance(result, Iterator)  # what can be gone through once only is no pair and no list
    if task.reads is None or result is None or once or any(leaf is ... for leaf in leaves(result)):
        return plain(result)
    try:
        return plain(task.reads(result, arguments))
    except (AttributeError, TypeError, ValueError, RuntimeError, IndexError, KeyError):
        return plain(result)


def _judge_coding(trial: _Trial) -> Verdict:
    task = trial.task
    if any(leaf is ... for result in trial.results for leaf in leaves(result)):
        text = "It still returns `...`: put your result there."
        return Verdict(task.name, NOT_ATTEMPTED, text)
    if any(result is None for result in trial.results):
        what = "The function returns nothing. Is its last line a `return`?"
        return Verdict(task.name, WRONG_SHAPE, what)
    if trial.passed:
        return _judge_beyond_values(trial)
    if not trial.problem and all(
        equal(a, b, COARSE) for a, b in zip(trial.results, trial.expected, strict=True)
    ):
        if guarded := _judge_guarded(trial):
            return guarded
        if _is_narrowed(trial):
            return _named(task, "lost-precision")
    found = _recognize(trial, trial.probes, trial.results, trial.expected)
    if not found and trial.problem and task.square:
        found = _recognize_where_sizes_are_equal(trial)
    found = found or _signature(trial)
    return found or (_raised(trial) if trial.problem else _differences(trial))


# Numbers that are right to a few digits

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


def _is_narrowed(trial: _Trial) -> bool:
    """Whether an answer computes in float32, or narrower, what came in as float64."""
    if _words_in(trial.answer) & _NARROW_WORDS:
        return True

    def watched(*arguments: object) -> bool:
        with _Narrow() as narrow:
            trial.answer(*arguments)
        return narrow.seen

    try:
        return call(watched, fresh(trial.probes[0], trial.task.graph), SECONDS)
    except (Exception, SystemExit, TimeUp):
        return False


def _judge_guarded(trial: _Trial) -> Verdict | None:
    """The verdict on an answer that a small constant alone keeps from the right numbers; None if it is not that.

    Such a constant guards a division, a root or a logarithm against zero.
    """
    bare = _without_guards(trial.answer)
    if bare is None:
        return None
    tried = _Trial(trial.task, bare)
    if not tried.passed:
        return None
    verdict = _judge_beyond_values(tried)
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
        used = {name for code in _codes(waiting.pop()) for name in code.co_names} - names
        names |= used
        for name in used & answer.__globals__.keys():
            value = answer.__globals__[name]
            around[name] = bare(value)
            if isinstance(value, FunctionType) and value.__globals__ is answer.__globals__:
                around[name] = rebuilt(value)
                waiting.append(value)
    made = rebuilt(answer)
    return made if found else None


# Wrong numbers


def _recognize(trial: _Trial, probes: list[tuple], results: list, expected: list) -> Verdict | None:
    """The verdict that names the slip, or pair of slips, whose numbers these are; None if there is none.

    results: what the answer returned on the first probes, on all of them unless it raised.
    """
    task = trial.task
    if all(map(trial.agree, results, expected)):
        return None
    found = recognize(task, probes, results, _readable)
    if not found:
        return None
    explained = [_explain(slip.mistake, task.lesson, slip.detail) for slip in found]
    if len(found) == 2:
        explained.insert(0, "Two things at once:")
    fits = all(shapes(a) == shapes(b) for a, b in zip(results, expected, strict=False))
    mistakes = tuple(slip.mistake for slip in found)
    return Verdict(task.name, WRONG if fits else WRONG_SHAPE, "\n".join(explained), mistakes)


def _recognize_where_sizes_are_equal(trial: _Trial) -> Verdict | None:
    """The slip of an answer that raises unless certain sizes are equal."""
    probes = trial.task.square()
    try:
        results = [trial.run(fresh(probe, trial.task.graph)) for probe in probes]
    except (Exception, SystemExit, TimeUp):
        return None
    return _recognize(trial, probes, results, [trial.right(probe) for probe in probes])


# What is seen in other ways than by the numbers of a slip


def _signature(trial: _Trial) -> Verdict | None:
    """The mistake that the way in which an answer fails gives away; None if it gives none away."""
    task = trial.task
    said = wording.said(trial.problem) if trial.problem else ""
    for error in task.errors:
        held = not error.word or error.word in _words_in(trial.answer)
        if trial.problem and held and re.search(error.pattern, said):
            text = wording.error(trial.problem, trial.answer)
            explained = _explain(error.mistake, task.lesson)
            return Verdict(task.name, RAISED, f"{text}\n{explained}", (error.mistake,))
    if isinstance(trial.problem, TimeUp):
        return None
    if task.signature and not trial.problem and (mistake := _seen(trial)):
        return _named(task, mistake)
    if task.also and task.also[1] == "clips-inside" and _right_when_small(trial):
        return _named(task, "clips-inside")
    if _first_was_right(trial) and _keeps(trial):
        return _named(task, "remembers-first-call")
    if _fits_one_size_only(trial):
        return _named(task, "hard-coded-sizes")
    return None


def _seen(trial: _Trial) -> str | None:
    """What the exercise's own signature names; None for results that it cannot read."""
    try:
        return trial.task.signature(trial)
    except (Exception, SystemExit, TimeUp):
        return None


def _first_was_right(trial: _Trial) -> bool:
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


def _keeps(trial: _Trial) -> bool:
    """Whether an answer that was right at first, and can remember, is wrong for other numbers of the same shapes."""
    if not _can_remember(trial.answer) or not any(
        isinstance(value, Tensor) for value in trial.probes[0]
    ):
        return False
    return not trial.is_right(_resampled(trial.probes[0]))


def _can_remember(answer: object) -> bool:
    """Whether there is a place where something could be kept: a default, a closure, an attribute or a global."""
    if not hasattr(answer, "__code__"):
        return True
    kept = [*(answer.__defaults__ or ()), *vars(answer).values(), *(answer.__closure__ or ())]
    codes = list(_codes(answer))
    kept += [answer.__globals__.get(name) for code in codes for name in _globals_of(code)]
    steps = [step.opname for code in codes for step in dis.get_instructions(code)]
    fixed = (int, float, str, type(None), type, FunctionType, BuiltinFunctionType, ModuleType)
    return "STORE_GLOBAL" in steps or any(not isinstance(value, fixed) for value in kept)


def _right_when_small(trial: _Trial) -> bool:
    """Whether an answer that is wrong, and raises nothing, is right where all numbers are a tenth as large."""
    if trial.problem:
        return False
    return all(trial.is_right(scaled_by(probe, 0.1)) for probe in trial.probes)


def _fits_one_size_only(trial: _Trial) -> bool:
    """Whether the answer is right for some sizes, those of a probe or of a number that stands in its code."""
    rights = [equal(a, b) for a, b in zip(trial.results, trial.expected, strict=False)]
    if trial.task.sized is None:
        return False
    if any(rights) and trial.is_right(_resampled(trial.probes[rights.index(True)])):
        return True
    for number in _numbers_in(trial.answer):
        for size in ("H", "B", "I"):
            guesses = {number, number // 4, number // 3} if size == "H" else {number}
            if any(n > 1 and trial.is_right(trial.task.sized(**{size: n})) for n in guesses):
                return True
    return False


def _codes(answer: object) -> Iterator[CodeType]:
    """The code of a function and of those inside it."""
    waiting = [code] if (code := getattr(answer, "__code__", None)) else []
    while waiting:
        here = waiting.pop()
        yield here
        waiting += [const for const in here.co_consts if isinstance(const, CodeType)]


def _words_in(answer: object) -> set[str]:
    """The names that stand in a function's code, those of keyword arguments among them."""
    words = {word for code in _codes(answer) for word in code.co_names}
    return words | {
        w for code in _codes(answer) for w in leaves(code.co_consts) if isinstance(w, str)
    }


def _numbers_in(answer: object) -> list[int]:
    """Whole numbers that stand in a function's code or among its defaults, and may be sizes."""
    found = list(getattr(answer, "__defaults__", None) or ())
    around = getattr(answer, "__globals__", {})
    for code in _codes(answer):
        found += [*code.co_consts, *(around.get(name) for name in code.co_names)]
    return sorted({n for n in found if type(n) is int and 1 < n <= 64})[:8]


# Right numbers


def _judge_beyond_values(trial: _Trial) -> Verdict:
    """The verdict on an answer whose values are right: what else may be wrong."""
    task = trial.task
    if trial.changed:
        return _named(task, "changes-inputs")
    fields = getattr(trial.expected[0], "_fields", None)
    if fields and getattr(trial.results[0], "_fields", None) != fields:
        kind = type(trial.expected[0]).__name__
        what = f"The tensors are right. Hand them over as {kind}(…), so that they keep their names."
        return Verdict(task.name, WRONG_SHAPE, what)
    trial.tried.append(_sets(trial.probes))
    if task.also:
        more = task.also[0]()
        if not all(map(trial.is_right, more)):
            return _named(task, task.also[1])
        kind = "with larger numbers" if task.also[1] == "clips-inside" else "of another kind"
        trial.tried.append(f"on {wording.count(len(more))} more {kind}")
    wrong = _judge_small(trial)
    if not wrong and task.draws:
        wrong = _judge_draws(trial)
    if not wrong and task.gradients:
        wrong = _judge_gradients(task, trial.answer, trial.probes[0])
        trial.tried.append("in all gradients")
    if not wrong and task.anywhere:
        wrong = _judge_anywhere(trial)
    return wrong or Verdict(task.name, PASSED, f"Right {wording.listed(trial.tried)}.")


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


def _judge_draws(trial: _Trial) -> Verdict | None:
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
        return _named(task, "seed-inside")
    if len(one) == len(other) and all(map(torch.equal, one, other)):
        return _named(task, "drawn-once")
    trial.tried.append("with new random numbers at each call")
    return None


def _numbers(result: object) -> list[Tensor]:
    """Copies of all tensors in a result, parameters of modules among them."""
    found = []
    for leaf in leaves(plain(result)):
        found += leaf.parameters() if isinstance(leaf, nn.Module) else [leaf]
    return [value.detach().clone() for value in found if isinstance(value, Tensor)]


def _judge_small(trial: _Trial) -> Verdict | None:
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
                return _named(task, "squeezed", status=WRONG_SHAPE)
        named = "squeeze" in _words_in(trial.answer)
        return _named(task, "squeezed", status=verdict.status) if named else verdict
    if probes:
        trial.tried.append(f"on {wording.count(len(probes))} in which a size is 1")
    return None


def _without_ones(result: object) -> list[list[int]]:
    return [[size for size in t.shape if size > 1] for t in tensors(result)]


def _judge_anywhere(trial: _Trial) -> Verdict | None:
    """The verdict on an answer that overflows for large numbers, or makes tensors on another device; None if fine."""
    x, state, weights = fresh(trial.probes[0])
    large = tuple(LARGE * part for part in state) if isinstance(state, tuple) else LARGE * state
    try:
        result = trial.run((LARGE * x, large, weights))
    except (Exception, SystemExit, TimeUp):
        return None
    if not all(t.isfinite().all() for t in tensors(result)):
        return _named(trial.task, "overflows")
    trial.tried.append(f"without overflow for inputs {LARGE:,.0f} times as large")
    moved = _moved(fresh(trial.probes[0]), "meta")
    trial.task.reference(
        *moved
    )  # loads what torch needs for it, which takes seconds, outside the time limit
    try:
        elsewhere = trial.run(moved)
    except (Exception, SystemExit, TimeUp) as problem:
        if re.search(r"device", wording.said(problem)):
            return _named(trial.task, "made-elsewhere", wording.line_of(problem, trial.answer))
        return None  # what has no numbers cannot be branched on; that is no mistake
    if any(t.device.type != "meta" for t in tensors(elsewhere)):
        return _named(trial.task, "made-elsewhere")
    return None


def _moved(value: object, device: str) -> object:
    if isinstance(value, Tensor):
        return value.to(device)
    parts = [_moved(part, device) for part in value]
    return type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)


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
    gates = _gates_without_gradient(task, names, got, right)
    missing = all(
        a is None or not a.any() for name, a in zip(names, got, strict=True) if name in wrong
    )
    if gates:
        which = f"No gradient goes through the block of {wording.listed(gates)}."
    else:
        how = "does not arrive" if missing else "is not what it should be"
        which = f"The gradient with respect to {wording.listed(wrong)} {how}."
    return Verdict(task.name, WRONG, f"{which}\n{_explain('detached', task.lesson)}", ("detached",))


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


# What is said where no mistake is recognized


def _raised(trial: _Trial) -> Verdict:
    task, problem = trial.task, trial.problem
    if isinstance(problem, TimeUp):
        what = f"It was still running after {SECONDS:g} seconds and was stopped."
        return Verdict(task.name, RAISED, f"{what} Is there a loop that never ends?")
    if isinstance(problem, Asks):
        where = wording.line_of(problem, trial.answer)
        return Verdict(task.name, RAISED, f"{problem!s}{f' It asks {where}.' if where else ''}")
    return Verdict(task.name, RAISED, wording.error(problem, trial.answer, task.shapes))


def _differences(trial: _Trial) -> Verdict:
    """What to say of a mistake that no slip explains: what differs, and from which step on."""
    task = trial.task
    tried = zip(trial.probes, trial.expected, trial.results, trial.returned, strict=True)
    probe, right, got, returned = next(one for one in tried if not trial.agree(one[2], one[1]))
    if shapes(right) != shapes(got):
        return Verdict(task.name, WRONG_SHAPE, _another_form(trial, probe, got, returned))
    parts = list(zip(leaves(got), leaves(right), strict=True))
    names = _names_of_parts(task, probe, right)
    wrong = {
        name: pair
        for name, pair in zip(names, parts, strict=True)
        if not close(*pair, task.tolerance)
    }
    fine = [name for name in names if name not in wrong]
    subject = _few(list(wrong))
    plural = len(wrong) > 1 or wording.is_plural(subject)
    text = f"In what comes back, {subject} {'differ' if plural else 'differs'} from what is right"
    first = next(iter(wrong))
    a, b = wrong[first]
    if isinstance(b, Tensor):
        if a.dtype != b.dtype:
            text = f"{first} has another type than the inputs: {a.dtype}, where {b.dtype} is right."
            return Verdict(task.name, WRONG, text)
        text += _where(task, names, wrong, first) + "."
        so = f", and so {'is' if len(fine) == 1 else 'are'} {_few(fine)}" if fine else ""
        text += f" All shapes are right{so}."
    else:
        text += _as_number(task, probe, names, first, a, b) + "."
        if fine:
            alone = len(fine) == 1 and not wording.is_plural(fine[0])
            told = f"{_few(fine)} {'is' if alone else 'are'} right."
            text += f" {told[0].upper()}{told[1:]}"
    advice = (
        "It is none of the mistakes known here. Check your lines one by one, against the equations and "
        "what the docstring asks for."
    )
    return Verdict(task.name, WRONG, f"{text}\n{advice}")


def _another_form(trial: _Trial, probe: tuple, got: object, returned: object) -> str:
    """What to say of a result that is not of the form that was asked for."""
    task = trial.task
    asked = task.reference(*fresh(probe, task.graph))
    arrays = any(isinstance(leaf, np.ndarray) for leaf in leaves(asked))
    asked, back = plain(asked), plain(returned)
    names = () if task.reads else task.names(probe)
    found = wording.shape(back, names, asked)
    wanted = wording.shape(asked, names, asked)
    what = f"It should return {wanted}; it returns {found}."
    if task.returns or wanted == found:
        what = f"It returns {found}. {task.returns}".rstrip()
    join = wording.to_join(back, asked, arrays)
    if isinstance(back, Iterator):
        join = "It can be gone through once only: put tuple(…) or list(…) around it."
    if any(isinstance(leaf, PackedSequence) for leaf in leaves(back)):
        join = "A PackedSequence is a batch without its padding: pad_packed_sequence makes a tensor of it."
    return "\n".join(filter(None, (f"{what} {join}".rstrip(), task.shapes)))


def _names_of_parts(task: Coding, probe: tuple, right: object) -> list[str]:
    """A name of its own for every tensor and number in what is compared."""
    names, count = list(task.names(probe)), len(list(leaves(right)))
    if len(names) == count:
        return names
    return [f"{'/'.join(names)}[{k}]" for k in range(count)]


def _few(names: list[str]) -> str:
    """Names, or how many there are where they would fill a paragraph."""
    if len(names) <= 7:
        return wording.listed(names)
    return f"{', '.join(names[:5])} and {len(names) - 5} others"


def _where(task: Coding, names: list[str], wrong: dict[str, tuple], first: str) -> str:
    """From which step on, in which rows and by how much the first of the parts that are wrong is wrong."""
    a, b = wrong[first]
    text = ""
    if first == "ys":
        step = next(t for t in range(len(b)) if not close(a[t], b[t], task.tolerance))
        text += f", from step {step + 1} of {len(b)} on"
    weight = next((name for name in wrong if name.startswith(("dweight", "dbias"))), None)
    if len(task.gates) > 1 and weight:
        rows = wording.listed(_blocks_that_differ(task, *wrong[weight]))
        text += (
            f", in the rows of {rows}" if weight == first else f" ({weight} in the rows of {rows})"
        )
    worst = (a.double() - b.double()).abs().argmax()
    place = ", ".join(str(int(k)) for k in np.unravel_index(int(worst), b.shape))
    where = f"[{place}]" if b.dim() else ""
    entry = f"{first}{where}" if len(names) > 1 else f"one entry, {where}," if where else "it"
    if where and " " in first and len(names) > 1:
        entry = f"of {first}, entry {where}"
    mine, its = a.flatten()[worst].item(), b.flatten()[worst].item()
    digits = ".3f" if f"{mine:.3f}" != f"{its:.3f}" else ".6f"
    return f"{text}: {entry} is {mine:{digits}} and should be {its:{digits}}"


def _as_number(
    task: Coding, probe: tuple, names: list[str], first: str, a: object, b: object
) -> str:
    """What a number is and should be; a yes or no in words, and nothing of a number that stands for a kind."""
    said = {0: "no", 1: "yes"}
    if first.startswith("whether") and a in said and b in said:
        return f": {_with(task, probe)}it is {said[a]} and should be {said[b]}"
    if first.startswith(("whether", "how", "the graph", "the mode")):
        return ""
    it = "it" if len(names) == 1 else first
    mine = f"{a:g}" if abs(a) < 1e300 else "a huge number"
    return f": {_with(task, probe)}{it} is {mine} and should be {b:g}"


def _blocks_that_differ(task: Coding, a: Tensor, b: Tensor) -> list[str]:
    count = len(task.gates)
    blocks = zip(task.gates, a.chunk(count), b.chunk(count), strict=True)
    return [gate for gate, mine, its in blocks if not close(mine, its)]


def _with(task: Coding, probe: tuple) -> str:
    """The numbers that went in, where there are nothing but numbers."""
    if not all(type(value) in (int, float) for value in probe):
        return ""
    names = inspect.signature(task.reference).parameters
    return (
        f"with {', '.join(f'{name} = {value}' for name, value in zip(names, probe, strict=True))} "
    )


def _leaked(answer: object) -> list[str]:
    """Tensors, arrays and numbers that a function does not define, but finds under that name in the notebook."""
    around = getattr(answer, "__globals__", {})
    kinds = (Tensor, np.ndarray, int, float)
    names = dict.fromkeys(name for code in _codes(answer) for name in _globals_of(code))
    return [f"`{name}`" for name in names if isinstance(around.get(name), kinds)]


def _globals_of(code: CodeType) -> list[str]:
    """The names that a piece of code looks up around it, and not behind a dot."""
    return [step.argval for step in dis.get_instructions(code) if step.opname == "LOAD_GLOBAL"]

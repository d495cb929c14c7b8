"""An answer on its probes: what it gave on each, until one raised; and what is right."""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

import torch
from torch import nn

from gates.checks.comparing import equal, leaves, plain, shapes, tensors
from gates.checks.in_code import words_in
from gates.checks.running import TimeUp, call
from gates.exercises.common.coding import Coding
from gates.exercises.common.probing import fresh

SECONDS = 10.0  # for one call of an answer
# float() reads these, but SciPy, with which the cells of a lesson go on, takes none of them for a number.
NOT_A_FLOAT = (str, bytes, Decimal, Fraction)


@dataclass
class Trial:
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
            return readable(self.task, self.last, arguments)

        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            return call(read, arguments, SECONDS)

    def mentions(self, word: str) -> bool:
        """Whether a name or a keyword stands in the answer's code."""
        return word in words_in(self.answer)

    def right(self, probe: tuple, reference: Callable | None = None) -> object:
        """What the reference gives, in the same form."""
        arguments = fresh(probe, self.task.graph)
        result = (reference or self.task.reference)(*arguments)
        return readable(self.task, result, arguments)

    def is_right(self, probe: tuple, reference: Callable | None = None) -> bool:
        """Whether the answer is right on one more probe."""
        try:
            got = self.run(fresh(probe, self.task.graph))
            return self.agree(got, self.right(probe, reference))
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


def readable(task: Coding, result: object, arguments: tuple) -> object:
    """A result in the form in which it is compared. What cannot be brought into it stays as it is."""
    unread = task.reads is None or result is None or isinstance(result, NOT_A_FLOAT)
    once = isinstance(result, Iterator)  # what can be gone through once only is no pair and no list
    if unread or once or any(leaf is ... for leaf in leaves(result)):
        return plain(result)
    try:
        return plain(task.reads(result, arguments))
    except (AttributeError, TypeError, ValueError, RuntimeError, IndexError, KeyError):
        return plain(result)

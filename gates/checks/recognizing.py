"""Finding the slip, or the pair of slips, that gives a learner's numbers.

Most of thousands of variants are ruled out on the smallest probe. Where they are made by a `Plan`, what they have in
common is computed once, and a pair is looked at only if each of its slips alone fits what the other does not touch.
What is left is compared on all probes, in the order in which the slips stand.
"""

from collections.abc import Callable, Iterator
from functools import cache
from itertools import combinations

import numpy as np
import torch
from numpy import ndarray as Array
from torch import Tensor, nn

from gates.checks.comparing import equal, leaves, plain, tensors, unusual
from gates.exercises import EXERCISES
from gates.exercises.common.coding import Coding
from gates.exercises.common.plan import Plan, computed
from gates.exercises.common.probing import fresh
from gates.exercises.common.slips import Slip, filled, together

CANNOT_BE_COMPUTED = (RuntimeError, IndexError, ValueError, ZeroDivisionError)


def recognize(
    task: Coding, probes: list[tuple], results: list, readable: Callable
) -> tuple[Slip, ...]:
    """The slips whose numbers these are, one or a pair; none if there are no such.

    results: what an answer gave on the first probes, in the form in which it is compared, and into which
    readable(task, result, arguments) brings what a variant gives.
    """
    if not results:
        return ()
    attempt = _Attempts(task, probes, readable)
    smallest_first = sorted(range(len(results)), key=lambda k: _size(probes[k]))
    with torch.random.fork_rng(devices=[], enabled=attempt.copies):
        first = smallest_first[0]
        for found in _candidates(task, probes[first], results[first]):
            variant = filled(task.variant, found)
            if all(equal(results[k], attempt(variant, k), task.tolerance) for k in smallest_first):
                return found
    return ()


def _size(probe: tuple) -> int:
    """How many numbers a probe has in it."""
    parameters = [p for value in probe if isinstance(value, nn.Module) for p in value.parameters()]
    return sum(t.numel() for t in (*tensors(plain(probe)), *parameters))


class _Attempts:
    """What variants give on the probes."""

    def __init__(self, task: Coding, probes: list[tuple], readable: Callable) -> None:
        self.task, self.probes, self.readable = task, probes, readable
        modules = any(isinstance(value, nn.Module) for value in probes[0])
        # Without any of these there is nothing in the arguments that a variant could change.
        self.copies = modules or task.graph or task.reads is not None

    def __call__(self, variant: Callable, k: int) -> object:
        """What a variant gives on the k-th probe; None where it cannot be computed, which no answer's numbers equal."""
        arguments = fresh(self.probes[k], self.task.graph) if self.copies else self.probes[k]
        try:
            if self.copies:
                torch.manual_seed(0)
            return self.readable(self.task, variant(*arguments), arguments)
        except CANNOT_BE_COMPUTED:
            return None


def _candidates(task: Coding, probe: tuple, got: object) -> Iterator[tuple[Slip, ...]]:
    """The single slips and then the pairs that may give what was got on a probe, in their order."""
    if isinstance(task.variant, Plan) and task.reads is None:
        yield from _left_over(task, probe, got)
        return
    for slip in task.slips:
        yield (slip,)
    if task.pairs:
        yield from (pair for pair in combinations(task.slips, 2) if together(*pair))


# Variants that are made by a plan


def _left_over(task: Coding, probe: tuple, got: object) -> Iterator[tuple[Slip, ...]]:
    """The slips and pairs that give on a probe what was got there."""
    plan, slips, known = task.variant, task.slips, _Relations.of(task.name)
    work = _Work(known, probe, got, task.tolerance)
    right = [work.fits(k) for k in range(len(plan.leaves))]
    fits = np.repeat(np.array(right)[:, None], len(slips), axis=1)
    for n, slip in enumerate(slips):
        if n in known.turning:
            found = work.gives(n)
        else:
            found = True
            for k in known.cheapest:
                if known.singles[k, n]:
                    fits[k, n] = work.fits(k, n)
                found = found and fits[k, n]
                if not found and slip.alone:
                    break
        if found:
            yield (slip,)
    if not task.pairs:
        return
    left = known.pairs.copy()
    for k in range(len(plan.leaves)):
        # Where only one of the two has a part in a leaf, the pair gives there what that one gives.
        one = np.where(known.singles[k][:, None], fits[k][:, None], fits[k][None, :])
        left &= known.both[k] | one
    for k in known.cheapest:
        for m, n in np.argwhere(left & known.both[k]).tolist():
            left[m, n] = work.fits(k, m, n)
    for m, n in known.turned:
        left[m, n] = work.gives(m, n)
    yield from ((slips[m], slips[n]) for m, n in np.argwhere(left).tolist())


class _Relations:
    """What is known of an exercise's slips before an answer comes.

    singles: whether a slip has a part in a leaf, (leaves, slips); both: whether two have, (leaves, slips, slips).
    pairs: which slips make pairs, (slips, slips), without those in `turned`, where a slip puts the result together in
    another way. cheapest: the leaves, that with the fewest slips in it first. Slots are bits of a number: `fills`
    has those of each slip, `behind` those that a part depends on.
    """

    def __init__(self, task: Coding) -> None:
        self.plan, self.slips = plan, slips = task.variant, task.slips
        self.numbers: bytes | None = None  # of the probe that `made` is about
        self.made: dict[tuple, object] = {}
        bits = {slot: 1 << k for k, slot in enumerate(sorted(plan.slots))}
        self.fills = [sum(bits[slot] for slot in slip.slots) for slip in slips]
        self.behind = {name: sum(map(bits.get, slots)) for name, slots in plan.behind.items()}
        self.own = {name: sum(map(bits.get, part.slots)) for name, part in plan.parts.items()}
        in_leaf = [[bool(self.behind[leaf] & fill) for fill in self.fills] for leaf in plan.leaves]
        self.singles = np.array(in_leaf)
        self.both = self.singles[:, :, None] & self.singles[:, None, :]
        self.cheapest = self.singles.sum(1).argsort(kind="stable").tolist()
        self.turning = {n for n, slip in enumerate(slips) if "returns" in slip.slots}
        # As `together` has it, for all pairs at once.
        has = np.array([[slot in slip.slots for slot in bits] for slip in slips], dtype=int)
        of = np.unique([slip.mistake for slip in slips], return_inverse=True)[1]
        free = np.array([not slip.alone and "whole" not in slip.slots for slip in slips])
        pairs = free[:, None] & free & (of[:, None] != of) & (has @ has.T == 0)
        turns = np.array([n in self.turning for n in range(len(slips))])
        pairs, either = np.triu(pairs, 1), turns[:, None] | turns
        self.pairs, self.turned = pairs & ~either, np.argwhere(pairs & either).tolist()

    def made_on(self, probe: tuple) -> dict[tuple, object]:
        """The parts computed so far on a probe. They do not depend on answers, so the next one finds them there."""
        numbers = b"".join(t.detach().numpy().tobytes() for t in tensors(plain(probe)))
        if numbers != self.numbers:
            self.numbers = numbers
            self.made = {(name, _NONE, _NONE): v for name, v in self.plan.take(*probe).items()}
        return self.made

    @staticmethod
    @cache
    def of(name: str) -> "_Relations":
        return _Relations(EXERCISES[name])


_NONE = -1  # in the place of a slip


class _Work:
    """The parts of a plan on one probe, each computed once for the slips that have a part in it.

    got: what an answer gave there, whose parts are compared with the leaves.
    """

    def __init__(self, known: _Relations, probe: tuple, got: object, tolerance: float) -> None:
        self.known, self.plan, self.slips = known, known.plan, known.slips
        self.got, self.tolerance = got, tolerance
        self.made = known.made_on(probe)
        parts = [_array(part) for part in leaves(got)]
        as_many = len(parts) == len(self.plan.leaves)
        self.parts = parts if as_many else [None] * len(self.plan.leaves)
        self.first = [p.item(0) if p is not None and p.size else np.nan for p in self.parts]

    def value(self, name: str, m: int, n: int) -> object:
        """The value of a part with two slips, or one, or none; None where it cannot be computed."""
        behind = self.known.behind.get(name, 0)
        if n != _NONE and not self.known.fills[n] & behind:
            n = _NONE
        if m != _NONE and not self.known.fills[m] & behind:
            m, n = n, _NONE
        key = name, m, n
        if key not in self.made:
            self.made[key] = self._compute(name, m, n)
        return self.made[key]

    def _compute(self, name: str, m: int, n: int) -> object:
        part = self.plan.parts[name]
        of = [self.value(other, m, n) for other in part.of]
        if any(value is None for value in of):
            return None
        try:
            return computed(part, of, self._slots(m, n, self.known.own[name]))
        except CANNOT_BE_COMPUTED:
            return None

    def _slots(self, m: int, n: int, own: int = -1) -> dict[str, object]:
        """What two slips fill, as far as it is among the slots asked for."""
        slots = {}
        for k in (m, n):
            if k != _NONE and self.known.fills[k] & own:
                slots.update(self.slips[k].slots)
        return slots

    def fits(self, leaf: int, m: int = _NONE, n: int = _NONE) -> bool:
        """Whether a leaf with these slips has the numbers that were got; the first of them decides for almost all."""
        got, value = self.parts[leaf], self.value(self.plan.leaves[leaf], m, n)
        if got is None or value is None or value.shape != got.shape:
            return False
        if got.size:
            there = value.item(0)
            if abs(there - self.first[leaf]) > self.tolerance * (1 + abs(there)):
                return False
        near = np.allclose(got, value, rtol=self.tolerance, atol=self.tolerance, equal_nan=True)
        return bool(near) and value.dtype == got.dtype

    def gives(self, m: int, n: int = _NONE) -> bool:
        """The same of the whole result, where a slip puts it together in another way."""
        values = [self.value(leaf, m, n) for leaf in self.plan.leaves]
        if any(value is None for value in values):
            return False
        returned = self._slots(m, n)["returns"](*values)
        return equal(self.got, plain(returned), self.tolerance)


def _array(part: object) -> Array | None:
    """What of an answer can be compared with a leaf; a number is an array without dimensions, as NumPy's are.

    None for what NumPy has no room for, such as a sparse tensor, one of a class of its own or bfloat16: that has no variant's numbers.
    """
    if isinstance(part, Tensor):
        if unusual(part) or part.dtype is torch.bfloat16:
            return None
        return part.detach().resolve_conj().resolve_neg().numpy()
    return np.asarray(part) if isinstance(part, float) else None

"""Recognizing a mistake: what variants share is computed once, and that changes no decision."""

from itertools import combinations

import numpy as np
import pytest
import torch

from gates.checks import judge, recognizing
from gates.checks.comparing import equal, leaves, plain
from gates.checks.recognizing import _Relations, recognize
from gates.exercises import EXERCISES, Coding
from gates.exercises.common.plan import Part, Plan
from gates.exercises.common.slips import Slip, filled, together

PLANNED = [
    name
    for name, task in EXERCISES.items()
    if isinstance(task, Coding) and isinstance(task.variant, Plan)
]


def as_it_is(task: Coding, result: object, arguments: tuple) -> object:
    return plain(result)


def given(task: Coding, slips: tuple[Slip, ...], probe: tuple) -> object:
    return plain(filled(task.variant, slips)(*probe))


def chosen(task: Coding) -> list[tuple[Slip, ...]]:
    """All single slips, and of the pairs a part."""
    pairs = [pair for pair in combinations(task.slips, 2) if together(*pair)]
    return [(slip,) for slip in task.slips] + pairs[:: max(1, len(pairs) // 200)]


def test_the_steps_have_plans() -> None:
    assert {"rnn_cell", "lstm_cell", "gru_cell"} <= set(PLANNED)
    assert {"rnn_backward", "lstm_backward", "gru_backward"} <= set(PLANNED)


@pytest.mark.parametrize("name", PLANNED)
def test_a_plan_without_slips_is_right(name: str) -> None:
    task = EXERCISES[name]
    for probe in task.probes():
        assert equal(given(task, (), probe), plain(task.reference(*probe)))


@pytest.mark.parametrize("name", PLANNED)
def test_what_is_computed_once_has_the_numbers_of_each_variant_by_itself(name: str) -> None:
    task = EXERCISES[name]
    known, probe = recognizing._Relations.of(name), task.probes()[0]
    work = recognizing._Work(known, probe, None, task.tolerance)
    for slips in chosen(task):
        places = [task.slips.index(slip) for slip in slips]
        if known.turning.isdisjoint(places):
            once = [
                work.value(leaf, *places, *[-1] * (2 - len(places))) for leaf in task.variant.leaves
            ]
            assert equal(list(map(plain, once)), list(leaves(given(task, slips, probe)))), slips


@pytest.mark.parametrize("name", ["rnn_cell", "lstm_update", "gru_cell", "rnn_backward"])
def test_what_is_left_over_is_what_has_the_same_numbers(name: str) -> None:
    """Ruling out leaf by leaf leaves the variants that a comparison with each of them leaves."""
    task = EXERCISES[name]
    probe = task.probes()[0]
    every = [(slip,) for slip in task.slips]
    every += [pair for pair in combinations(task.slips, 2) if together(*pair)]
    results = [given(task, slips, probe) for slips in every]
    for k in range(0, len(every), 67):
        got = results[k]
        right = [s for s, one in zip(every, results, strict=True) if equal(got, one)]
        found = list(recognizing._left_over(task, probe, got))
        assert found == right and every[k] in found


@pytest.mark.parametrize("name", PLANNED)
def test_numbers_of_nobody_are_not_recognized(name: str) -> None:
    task = EXERCISES[name]
    probes = task.probes()

    def nudged(value: object) -> object:
        if isinstance(value, torch.Tensor):
            return value + 1e-6
        return (
            type(value)(*map(nudged, value))
            if hasattr(value, "_fields")
            else tuple(map(nudged, value))
        )

    results = [nudged(plain(task.reference(*probe))) for probe in probes]
    assert recognize(task, probes, results, as_it_is) == ()
    assert recognize(task, probes, [], as_it_is) == ()


def test_a_part_is_computed_once_for_all_that_do_not_touch_it() -> None:
    counted = []

    def first(x: torch.Tensor, plus: int) -> object:
        counted.append(plus)
        return x + plus

    plan = Plan(
        lambda x: {"x": x.numpy()},
        [
            Part("a", ("x",), first, {"plus": 0}),
            Part("b", ("a",), lambda a, times: times * a, {"times": 1}),
        ],
        ("b",),
        torch.from_numpy,
    )
    slips = [Slip("one", {"plus": 1}), Slip("two", {"times": 2}), Slip("three", {"times": 3})]
    known = recognizing._Relations(_Task(plan, slips))
    work = recognizing._Work(known, (torch.ones(2, dtype=torch.float64),), None, 1e-10)
    for k in (1, 2):
        work.value("b", k, -1)
    assert counted == [0]
    assert work.value("b", 0, 2).tolist() == [6, 6] and counted == [0, 1]


class _Task:
    """As much of an exercise as the relations of its slips need."""

    def __init__(self, make: Plan, slips: list[Slip]) -> None:
        self.variant, self.slips = make, slips


def test_a_slot_that_a_plan_does_not_have_is_refused() -> None:
    with pytest.raises(TypeError, match="There is no slot nonsense"):
        EXERCISES["lstm_cell"].variant(nonsense=1)


def test_what_an_earlier_answer_left_changes_no_later_verdict() -> None:
    """The parts of variants are kept from answer to answer, as long as the probe is the same."""
    slips = EXERCISES["gru_cell"].slips[:3]
    answers = [EXERCISES["gru_cell"].variant(**slip.slots) for slip in slips]
    _Relations.of.cache_clear()
    first = [str(judge("gru_cell", answer)) for answer in answers]
    assert [str(judge("gru_cell", answer)) for answer in reversed(answers)] == first[::-1]
    known = _Relations.of("gru_cell")
    one, other, *_ = EXERCISES["gru_cell"].probes()
    kept = known.made_on(one)
    assert known.made_on(one) is kept and known.made_on(other) is not kept
    assert all(key[1:] == (-1, -1) for key in known.made_on(one))


@pytest.mark.parametrize("name", PLANNED)
def test_pairs_are_those_that_go_together(name: str) -> None:
    known, slips = _Relations.of(name), EXERCISES[name].slips
    found = {tuple(pair) for pair in [*np.argwhere(known.pairs).tolist(), *known.turned]}
    right = {(m, n) for m, n in combinations(range(len(slips)), 2) if together(slips[m], slips[n])}
    assert found == right

"""The checks: right answers pass in any style, wrong ones are told which mistake it is, and nothing ever raises."""

import json
from itertools import combinations
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from gates.cells import Weights
from gates.checks import exercises, judge, judging
from gates.checks.catalogue import CATALOGUE
from gates.checks.exercises import EXERCISES, Choice, Coding

BANK = json.loads((Path(__file__).parent / "bank" / "answers.json").read_text(encoding="utf-8"))
# Mistakes that give the same numbers on every input, so that no check can tell them apart.
SAME_NUMBERS = [{"lstm-gates-swapped", "lstm-gate-order"}, {"ignores-c", "lstm-memory-dropped"}]


def written(code: str, name: str) -> object:
    """What a learner's source defines under a name."""
    names = {"torch": torch, "nn": nn, "F": F, "Weights": Weights, "Tensor": torch.Tensor}
    exec(compile(code, "<answer>", "exec"), names)
    return names[name]


def same(one: str, other: str) -> bool:
    return one == other or {one, other} in SAME_NUMBERS


def entries(*kinds: str, apart: tuple[str, ...] = ()) -> list:
    chosen = [e for e in BANK if (e["mistake"] in kinds if kinds else e["mistake"] not in apart)]
    return [pytest.param(e, id=f"{e['exercise']}-{e['mistake']}-{k}") for k, e in enumerate(chosen)]


def singles() -> list:
    return [p for p in entries(apart=("right", "unknown")) if "+" not in p.values[0]["mistake"]]


@pytest.mark.parametrize("name", EXERCISES)
def test_the_reference_passes(name: str) -> None:
    assert judge(name, EXERCISES[name].reference).passed


@pytest.mark.parametrize("entry", entries("right"))
def test_a_right_answer_passes_in_any_style(entry: dict) -> None:
    verdict = judge(entry["exercise"], written(entry["code"], entry["exercise"]))
    assert verdict.passed, str(verdict)


@pytest.mark.parametrize("entry", singles())
def test_a_wrong_answer_is_told_which_mistake_it_is(entry: dict) -> None:
    verdict = judge(entry["exercise"], written(entry["code"], entry["exercise"]))
    assert not verdict.passed
    assert verdict.mistakes and same(verdict.mistakes[0], entry["mistake"]), str(verdict)


@pytest.mark.parametrize("entry", [p for p in entries() if "+" in p.values[0]["mistake"]])
def test_of_two_mistakes_both_are_named(entry: dict) -> None:
    verdict = judge(entry["exercise"], written(entry["code"], entry["exercise"]))
    first, second = entry["mistake"].split("+")
    found = list(verdict.mistakes)
    assert len(found) == 2, str(verdict)
    in_order, swapped = (
        zip((first, second), found, strict=True),
        zip((second, first), found, strict=True),
    )
    assert all(same(a, b) for a, b in in_order) or all(same(a, b) for a, b in swapped), str(verdict)


@pytest.mark.parametrize("entry", entries("unknown"))
def test_an_unknown_mistake_is_wrong_and_gets_no_false_name(entry: dict) -> None:
    verdict = judge(entry["exercise"], written(entry["code"], entry["exercise"]))
    assert verdict.status == "wrong" and not verdict.mistakes, str(verdict)


def test_every_slip_is_named_and_stands_in_the_catalogue() -> None:
    for task in EXERCISES.values():
        if isinstance(task, Choice):
            assert set(task.wrong.values()) <= CATALOGUE.keys()
            continue
        for slip in task.slips:
            verdict = judge(task.name, task.make(**slip.slots))
            assert not verdict.passed
            assert same(verdict.mistakes[0], slip.mistake), (task.name, slip.mistake, str(verdict))
            assert (
                CATALOGUE[slip.mistake].sentence in str(verdict)
                or slip.mistake not in verdict.mistakes
            )


def test_probes_tell_slips_from_right_and_from_one_another() -> None:
    """On the probes of the LSTM step, all slips differ from it and pairwise by far more than rounding."""
    task = EXERCISES["lstm_cell"]
    answers = {"right": task.reference} | {
        f"{s.mistake} {s.detail}": task.make(**s.slots) for s in task.slips
    }
    results = {
        name: [torch.cat(answer(*exercises.fresh(probe, False))) for probe in task.probes()]
        for name, answer in answers.items()
    }
    for one, other in combinations(results, 2):
        if not same(one.split()[0], other.split()[0]):
            gaps = [(a - b).abs().max() for a, b in zip(results[one], results[other], strict=True)]
            assert max(gaps) > 0.05, (one, other)


def test_a_blank_is_not_attempted() -> None:
    for answer in (None, ..., lambda *arguments: ..., lambda *arguments: (..., ...)):
        assert judge("lstm_cell", answer).status == "not attempted"


RAISING = {
    "transpose": ("return x @ weights.weight_ih, state[1]", "transposed (.T)"),
    "misspelled": ("return hidden, state[1]", "misspelled"),
    "blank inside": ("a = ... + x\n    return a, a", "waiting to be filled in"),
    "exit": ("import sys; sys.exit()", "SystemExit"),
    "unpack": ("h, c, d = state\n    return h, c", "not as many parts"),
    "chunk": (
        "i, f, g, o = (x @ weights.weight_ih.T).chunk(4)\n    return i, f",
        "chunk(4, dim=-1)",
    ),
}


@pytest.mark.parametrize("case", RAISING)
def test_an_answer_that_raises_is_told_where_and_what_it_usually_means(case: str) -> None:
    body, says = RAISING[case]
    verdict = judge(
        "lstm_cell", written(f"def lstm_cell(x, state, weights):\n    {body}", "lstm_cell")
    )
    assert verdict.status == "raised" and says in verdict.message and "on line" in verdict.message


SHAPES = {
    "nothing": ("pass", "returns nothing"),
    "h only": ("return state[0]", "It should return"),
    "wrong size": ("return x, x", "h (3, 2)"),
    "text": ("return 'h', 'c'", "It should return"),
}


@pytest.mark.parametrize("case", SHAPES)
def test_a_wrong_shape_is_told_which_and_what_was_expected(case: str) -> None:
    body, says = SHAPES[case]
    verdict = judge(
        "lstm_cell", written(f"def lstm_cell(x, state, weights):\n    {body}", "lstm_cell")
    )
    assert verdict.status == "wrong shape" and says in verdict.message


def test_an_endless_loop_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "SECONDS", 0.3)
    endless = "def lstm_cell(x, state, weights):\n    while True:\n        try:\n            x = x + 0\n        except Exception:\n            pass"
    verdict = judge("lstm_cell", written(endless, "lstm_cell"))
    assert verdict.status == "raised" and "never ends" in verdict.message


def test_printing_is_dropped(capsys: pytest.CaptureFixture[str]) -> None:
    noisy = "def count_parameters(I, H):\n    print('x\\n' * 10000)\n    return 4 * (H * I + H * H + 2 * H)"
    assert judge("count_parameters", written(noisy, "count_parameters")).passed
    assert capsys.readouterr().out == ""


def test_an_unknown_difference_is_located() -> None:
    def late(cell, xs, state, weights):
        ys, final = EXERCISES["unroll"].reference(cell, xs, state, weights)
        return torch.cat([ys[:2], ys[2:] * 1.5]), final

    verdict = judge("unroll", late)
    assert "ys differs" in verdict.message and "from step 3 of 5 on" in verdict.message


def test_an_unknown_exercise_is_refused() -> None:
    with pytest.raises(ValueError, match="There is no exercise 'warp'"):
        judge("warp", None)


@pytest.mark.parametrize(
    "answer, status",
    [("b", "passed"), (" (B) ", "passed"), ("a", "wrong"), (7, "wrong"), (..., "not attempted")],
)
def test_letters(answer: object, status: str) -> None:
    verdict = judge("reading_order", answer)
    assert verdict.status == status
    assert verdict.mistakes == (("same-shape-same-network",) if answer == "a" else ())


def test_a_verdict_reads_without_color_and_escapes_what_learners_wrote() -> None:
    verdict = judge(
        "lstm_cell",
        written("def lstm_cell(x, state, weights):\n    raise ValueError('<b>')", "lstm_cell"),
    )
    bundle = verdict._repr_mimebundle_()
    assert "raised" in bundle["text/html"] and "<b>" not in bundle["text/html"].replace(
        "<strong>", ""
    )
    assert "✗ lstm_cell: raised" in bundle["text/plain"]


def test_right_gradients_are_asked_for() -> None:
    assert all(
        task.gradients
        for task in EXERCISES.values()
        if isinstance(task, Coding) and task.name.startswith("lstm_c")
    )

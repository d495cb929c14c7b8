"""The checks: right answers pass in any style, wrong ones are told which mistake it is, and nothing ever raises."""

import re
from pathlib import Path

import pytest
import torch
from bank import BANK, written
from torch import Tensor

from gates.cells import Weights
from gates.checks import judge
from gates.checks.comparing import leaves, plain
from gates.exercises import EXERCISES, MISTAKES, Choice, Coding
from gates.exercises.common import mistake
from gates.exercises.common.plan import Plan

# Mistakes that give the same numbers on every input, so that no check can tell them apart.
SAME_NUMBERS = [
    {"lstm-gates-swapped", "lstm-gate-order"},
    {"ignores-c", "lstm-memory-dropped"},
    {"not-detached", "c-not-detached"},  # in training, where both raise the same error
    {"zero-grad-too-late", "step-before-backward"},
    {"never-clipped", "clip-after-step"},
    {"every-step-guessed", "only-due-steps"},  # the same guess at every step that counts
    {"bias-added-to-old", "forget-bias-half-set"},  # an LSTM sees the sum of its biases only
    {"bias-added-to-old", "second-bias-left"},
    {"odds-upside-down", "f-means-forget"},  # log((1 − f) / f), which is the number for 1 − f
]

PLANNED = [k for k, task in EXERCISES.items() if isinstance(getattr(task, "variant", None), Plan)]


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


@pytest.mark.parametrize("name", EXERCISES)
def test_every_slip_is_named_and_has_a_sentence(name: str) -> None:
    """Of hundreds that are looked for alone, each fifth; the next test has all of them."""
    task = EXERCISES[name]
    if isinstance(task, Choice):
        assert set(task.wrong.values()) <= MISTAKES.keys()
        return
    assert {slip.mistake for slip in task.slips} <= MISTAKES.keys()
    alone = [slip for slip in task.slips if slip.alone]
    for slip in [s for s in task.slips if not s.alone] + alone[:: 5 if len(alone) > 100 else 1]:
        verdict = judge(name, task.variant(**slip.slots))
        assert not verdict.passed, f"{slip.mistake} passes: choose probes on which it is wrong."
        assert same(verdict.mistakes[0], slip.mistake), (slip.mistake, str(verdict))
        if slip.mistake in verdict.mistakes:
            assert MISTAKES[slip.mistake].sentence in str(verdict)


@pytest.mark.parametrize("name", PLANNED)
def test_probes_tell_slips_from_right_and_from_one_another(name: str) -> None:
    """On the probes of a step, all slips differ from it and pairwise by far more than rounding."""
    task = EXERCISES[name]
    answers = {"right": task.variant()} | {
        f"{s.mistake} {s.detail}": task.variant(**s.slots) for s in task.slips
    }
    numbers: dict[tuple, dict[str, Tensor]] = {}
    for what, answer in answers.items():
        found = [leaf for probe in task.probes() for leaf in leaves(plain(answer(*probe)))]
        found = [torch.as_tensor(leaf, dtype=torch.float64) for leaf in found]
        alike = numbers.setdefault(tuple(leaf.shape for leaf in found), {})
        alike[what] = torch.cat([leaf.flatten() for leaf in found])
    for alike in numbers.values():
        stacked = torch.stack(list(alike.values()))
        near = torch.cdist(stacked, stacked, p=float("inf")) <= 1e-4
        names = list(alike)
        for k, m in near.triu(1).nonzero().tolist():
            assert same(names[k].split()[0], names[m].split()[0]), (names[k], names[m])


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
    monkeypatch.setattr("gates.checks.trial.SECONDS", 0.3)
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


# What values cannot show

STEP = """
    h, c = state
    a = x @ weights.weight_ih.T + weights.bias_ih + h @ weights.weight_hh.T + weights.bias_hh
    i, f, g, o = a.chunk(4, dim=-1)
    i, f, g, o = torch.sigmoid(i), torch.sigmoid(f), torch.tanh(g), torch.sigmoid(o)
    c = f * c + i * g
    h = o * torch.tanh(c)
    return h, c
"""
HIDDEN = {
    "the forget gate's gradient": (
        "torch.sigmoid(f),",
        "torch.sigmoid(f).detach(),",
        "detached",
        "block of f",
    ),
    "two gates' gradients": (
        "a.chunk(4, dim=-1)",
        "(k if j % 2 else k.data for j, k in enumerate(a.chunk(4, dim=-1)))",
        "detached",
        "block of i and g",
    ),
    "the memory's gradient": ("f * c + i", "f * c.detach() + i", "detached", "respect to c "),
    "all gradients": (
        "return h, c",
        "return h.detach(), c.detach()",
        "detached",
        "does not arrive",
    ),
    "no_grad": (
        "c = f * c + i * g",
        "with torch.no_grad():\n        c = f * c + i * g",
        "detached",
        "block of i, f and g",
    ),
    "inputs in place": (
        "c = f * c + i * g",
        "c.mul_(f).add_(i * g)",
        "changes-inputs",
        "changes what it was given",
    ),
    "float32": ("torch.tanh(c)\n", "torch.tanh(c.float()).double()\n", "lost-precision", "float32"),
    "another device": (
        "c = f * c + i * g",
        "c = f * c + i * g + torch.zeros(h.shape, device='cpu', dtype=h.dtype)",
        "made-elsewhere",
        "device",
    ),
    "squeezed": ("return h, c", "return h.squeeze(), c.squeeze()", "squeezed", "size 1"),
    "squeezed gates": (
        "a.chunk(4, dim=-1)",
        "[k.squeeze() for k in a.chunk(4, dim=-1)]",
        "squeezed",
        "size 1",
    ),
    "overflow": (
        "torch.tanh(c)",
        "((torch.exp(c) - torch.exp(-c)) / (torch.exp(c) + torch.exp(-c)))",
        "overflows",
        "not a number",
    ),
    "overflow of a gate": (
        "torch.sigmoid(o)",
        "torch.exp(o) / (1 + torch.exp(o))",
        "overflows",
        "not a number",
    ),
    "sizes": (
        "a.chunk(4, dim=-1)",
        "a.view(3, 4, 2).unbind(1)",
        "hard-coded-sizes",
        "written into the code",
    ),
    "a size of its own": (
        "a.chunk(4, dim=-1)",
        "a[:, :10], a[:, 10:20], a[:, 20:30], a[:, 30:40]",
        "hard-coded-sizes",
        "written into the code",
    ),
    "the first weights": (
        "h, c = state",
        "weights = kept.setdefault('weights', weights)\n    h, c = state",
        "remembers-first-call",
        "first call",
    ),
}


@pytest.mark.parametrize("case", HIDDEN)
def test_what_values_cannot_show_is_seen_and_named(case: str) -> None:
    right, wrong, mistake, says = HIDDEN[case]
    assert right in STEP
    code = "kept = {}\n\n\ndef lstm_cell(x, state, weights):" + STEP.replace(right, wrong, 1)
    verdict = judge("lstm_cell", written(code, "lstm_cell"))
    assert verdict.mistakes == (mistake,) and says in verdict.message, str(verdict)


def test_the_step_that_those_mistakes_are_made_in_is_right() -> None:
    assert judge(
        "lstm_cell", written("def lstm_cell(x, state, weights):" + STEP, "lstm_cell")
    ).passed


def test_a_backward_that_is_off_in_one_gate_names_its_rows() -> None:
    def off(dstate, x, state, weights):
        dx, d, dweights = EXERCISES["lstm_backward"].reference(dstate, x, state, weights)
        H = state[0].shape[1]
        W, *others = (weight.copy() for weight in dweights)
        W[H : 2 * H] *= 1.1
        return dx, d, Weights(W, *others)

    verdict = judge("lstm_backward", off)
    assert "dweight_ih differs" in verdict.message and "in the rows of f" in verdict.message


def judges_own() -> set[str]:
    """The mistakes that the judge names whatever is asked for, and those in this file's HIDDEN among them."""
    own = mistake.read(Path(mistake.__file__).parent / "mistakes" / "any_answer.toml")
    return {told.id for told in own}


def test_every_mistake_is_named_by_something() -> None:
    named = set().union(*(task.named for task in EXERCISES.values()))
    assert MISTAKES.keys() - named <= judges_own()
    shown = {mistake for _, _, mistake, _ in HIDDEN.values()} | {"lost-precision"}
    shown |= {part for entry in BANK for part in entry["mistake"].split("+")}
    assert judges_own() <= shown


def test_the_bank_has_a_wrong_answer_for_every_entry_that_code_can_show() -> None:
    tasks = [task for task in EXERCISES.values() if isinstance(task, Coding)]
    shown = {slip.mistake for task in tasks for slip in task.slips}
    shown |= {one.mistake for task in tasks for one in (*task.errors, *task.instead)}
    shown |= {told.id for task in tasks for told in task.mistakes}
    assert not shown - {part for entry in BANK for part in entry["mistake"].split("+")}


def test_public_threads_are_named_by_repository_and_number() -> None:
    import re

    for entry in MISTAKES.values():
        assert all(re.fullmatch(r"[\w.-]+/[\w.-]+#\d+", thread) for thread in entry.seen), entry.id
        assert (
            re.fullmatch(r"\d\d", entry.lesson)
            and entry.sentence.endswith(".")
            and entry.look_at.endswith((".", "?"))
        )


def test_a_difference_says_where_it_is_and_which_rows_it_is_in() -> None:
    """An unknown mistake: the place of an entry, the blocks of rows, and digits that differ."""

    def slightly_off(dstate, x, state, weights):
        dx, dstate, dweights = EXERCISES["lstm_backward"].reference(dstate, x, state, weights)
        W_hh = dweights.weight_hh.copy()
        W_hh[0] += 0.0002  # a row of the input gate
        return dx, dstate, dweights._replace(weight_hh=W_hh)

    told = str(judge("lstm_backward", slightly_off))
    assert "dweight_hh differs from what is right, in the rows of i: dweight_hh[0, " in told
    found, right = re.search(r"is (\S+) and should be (\S+)\.\s", told).groups()
    assert found != right
    assert "and so are dx, dh, dc" in told


def test_a_name_behind_a_dot_is_not_taken_for_one_from_the_notebook() -> None:
    around = {"torch": torch, "zeros": torch.zeros(2), "scale": 3.0}
    code = "def initial_state(layer, x):\n    return torch.zeros(1), torch.zeros(1)"
    exec(code, around)
    assert "from the notebook" not in str(judge("initial_state", around["initial_state"]))
    code = "def memory_step(f, i, g, c):\n    return scale * f * c + i * g"
    exec(code, around)
    assert "reads `scale` from the notebook" in str(judge("memory_step", around["memory_step"]))


def test_what_cannot_remember_is_not_said_to() -> None:
    def memory_step(f, i, g, c):
        return (f * c + i * g).clamp(-1, 1)

    assert "remembers-first-call" not in judge("memory_step", memory_step).mistakes


def test_what_has_to_come_back_is_said_where_it_is_compared_in_another_form() -> None:
    told = str(judge("agreeing", lambda weights: weights[1]))
    assert "It should return Weights: four tensors" in told and "whether" not in told

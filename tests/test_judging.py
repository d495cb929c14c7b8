"""What a verdict says is true: it names what differs and nothing else, gives advice that fits, and leaves no trace."""

import asyncio
import builtins
import gc
import getpass
import json
import logging
import os
import random
import re
import subprocess
import sys
import threading
import time
import warnings
from pathlib import Path

import matplotlib
import numpy as np
import pytest
import torch
from test_checks import written

from gates.checks import differing, judge, judging, wording
from gates.checks.around import usual
from gates.checks.comparing import close, leaves, plain
from gates.checks.running import TimeUp, call
from gates.checks.trial import Trial
from gates.exercises import EXERCISES, MISTAKES, Coding
from gates.exercises.common.plan import Plan
from gates.exercises.common.probing import fresh

matplotlib.use("agg")
CODING = [name for name, task in EXERCISES.items() if isinstance(task, Coding)]


def replaced(value: object, place: int, new: object) -> object:
    """A nested result in which the leaf of that number is another."""
    count = -1

    def walk(part: object) -> object:
        nonlocal count
        if isinstance(part, (tuple, list)):
            parts = [walk(one) for one in part]
            return type(part)(*parts) if hasattr(part, "_fields") else type(part)(parts)
        count += 1
        return new(part) if count == place else part

    return walk(value)


def shifted(leaf: object) -> object:
    return leaf + 1


def trial_with(name: str, place: int) -> Trial:
    """The trial of a right answer, in which one tensor or number of each result was then changed."""
    trial = Trial(EXERCISES[name], EXERCISES[name].reference)
    trial.results = [replaced(result, place, shifted) for result in trial.results]
    return trial


@pytest.mark.parametrize("name", CODING)
def test_whichever_part_is_wrong_that_one_is_named_and_no_other(name: str) -> None:
    task = EXERCISES[name]
    trial = Trial(task, task.reference)
    names = differing._names_of_parts(task, trial.probes[0], trial.expected[0])
    assert len(set(names)) == len(names) == len(list(leaves(trial.expected[0])))
    for place, right in enumerate(names):
        text = differing.differences(trial_with(name, place)).message
        said = re.match(r"In what comes back, (.+?) differs? from what is right", text)
        assert said and said[1] == right, (right, text)
        others = {other for other in names if other != right}
        before = text.split("\n")[0].split(" All shapes are right")[0].split(". ")[0]
        told = re.split(r"[:,(] ?|\[| and | of ", before.removeprefix("In what comes back, "))
        assert not others & set(told), (right, text)


ENDLESS = float("inf")


@pytest.mark.parametrize("finite", [5.0, -5.0, 0.0, 1e308, 3, 10**400])
@pytest.mark.parametrize("endless", [ENDLESS, -ENDLESS])
def test_a_finite_number_is_not_an_infinite_one(finite: float, endless: float) -> None:
    assert not close(finite, endless) and not close(endless, finite)


def test_a_finite_tensor_is_not_an_infinite_one() -> None:
    finite, endless = torch.tensor([5.0]), torch.tensor([ENDLESS])
    assert not close(finite, endless) and not close(endless, finite)
    assert close(endless, endless.clone()) and not close(endless, -endless)


def test_an_infinite_number_is_itself_and_not_its_negative() -> None:
    assert close(ENDLESS, ENDLESS) and close(-ENDLESS, -ENDLESS)
    assert not close(ENDLESS, -ENDLESS) and not close(-ENDLESS, ENDLESS)
    assert not close(float("nan"), ENDLESS) and not close(ENDLESS, float("nan"))


def test_a_property_test_can_fail() -> None:
    """Parts that are named by position give an equal part's name away."""
    names = differing._names_of_parts(EXERCISES["stack_layers"], *stack())
    assert names[0] == "ys" and names[-1] == "the final c of layer 3"


def stack() -> tuple:
    task = EXERCISES["stack_layers"]
    probe = task.probes()[0]
    return probe, plain(task.reference(*fresh(probe)))


@pytest.mark.parametrize("name", CODING)
def test_what_is_said_of_a_right_answer_is_one_sentence(name: str) -> None:
    said = judge(name, EXERCISES[name].reference).message
    assert re.fullmatch(r"Right on [^.]+\.", said), said


def test_a_right_letter_is_told_which_mistakes_it_is_not() -> None:
    said = judge("reading_f", "c").message
    for letter, mistake in EXERCISES["reading_f"].wrong.items():
        assert f"{letter}: {MISTAKES[mistake].sentence}" in said
    assert judge("diagnosis_1", EXERCISES["diagnosis_1"].reference).message == ""


def test_a_right_answer_is_told_what_was_tried_and_no_more() -> None:
    assert judge("lstm_cell", EXERCISES["lstm_cell"].reference).message == (
        "Right on three sets of inputs of different sizes, on one more with larger numbers, on three in which a "
        "size is 1, in all gradients and without overflow for inputs 10,000 times as large."
    )
    assert judge("count_parameters", EXERCISES["count_parameters"].reference).message == (
        "Right on two sets of numbers."
    )


IN_CHUNKS = {
    "a loop": (
        "    for t in range(len(a)):\n        h0 = a[t] * h0 + b[t]\n        hs.append(h0)\n    return torch.stack(hs)",
        True,
    ),
    "a loop over chunks that wait": (
        "    for A, B in zip(a.split(size), b.split(size)):\n        for a_t, b_t in zip(A, B):\n"
        "            h0 = torch.addcmul(b_t, a_t, h0)\n            hs.append(h0)\n    return torch.stack(hs)",
        True,
    ),
    "joined steps": (
        "    for A, B in zip(a.split(size), b.split(size)):\n        w = [B[0]]\n        for t in range(1, len(A)):\n"
        "            w.append(A[t] * w[-1] + B[t])\n        hs.append(A.cumprod(0) * h0 + torch.stack(w))\n"
        "        h0 = hs[-1][-1]\n    return torch.cat(hs)",
        False,
    ),
    "joined steps, noted in place": (
        "    hs = torch.zeros_like(b)\n    for k in range(0, len(a), size):\n        keep, write = 1.0, 0.0\n"
        "        for t in range(k, min(k + size, len(a))):\n            keep, write = a[t] * keep, a[t] * write + b[t]\n"
        "            hs[t] = keep * h0 + write\n        h0 = keep * h0 + write\n    return hs",
        False,
    ),
}


@pytest.mark.parametrize("case", IN_CHUNKS)
def test_a_right_answer_that_goes_another_way_than_was_asked_for_is_told_so(case: str) -> None:
    body, waits = IN_CHUNKS[case]
    code = f"def scan_in_chunks(a, b, h0, size):\n    hs = []\n{body}"
    verdict = judge("scan_in_chunks", written(code, "scan_in_chunks"))
    assert verdict.passed and ("step by step" in verdict.message) == waits, str(verdict)


def test_a_guard_against_zero_passes_and_is_told_what_it_does() -> None:
    def memory_horizon(f, eps=1e-8):
        return -1 / torch.log(f + eps).mean((0, 1))

    verdict = judge("memory_horizon", memory_horizon)
    assert verdict.passed and "less than one part in 100,000" in verdict.message


def test_float32_is_named_only_where_something_is_computed_in_it() -> None:
    def in_float32(f):
        return (-1 / f.to(torch.get_default_dtype()).log().mean((0, 1))).double()

    def slightly_off(f):
        return -1.0000001 / f.log().mean((0, 1))

    assert judge("memory_horizon", in_float32).mistakes == ("lost-precision",)
    verdict = judge("memory_horizon", slightly_off)
    assert verdict.status == "wrong" and not verdict.mistakes and "float32" not in str(verdict)


def test_a_layer_of_another_kind_is_told_which_it_is() -> None:
    def reader(I, H, p):
        return torch.nn.GRU(I, H, batch_first=True), torch.nn.Dropout(p)

    told = str(judge("reader", reader))
    assert "whether the layer is an nn.LSTM differs" in told and "it is no" in told


# Words that fit

FORMS = {
    "a pair with a list": (
        "gru_cell",
        "def gru_cell(x, h, weights):\n    return h, [h]",
        "it returns (a tensor of shape (3, 2), a list of one tensor of shape (3, 2))",
        "stack",
    ),
    "a list that is too short": (
        "stack_layers",
        "def stack_layers(cell, xs, states, weights):\n    return unroll(cell, xs, states[0], weights[0])[0], [states[0]]",
        "a list of one pair of tensors of shape (2, 5)",
        "torch.stack",
    ),
    "lists for arrays": (
        "windows",
        "def windows(series, T):\n    k = range(T, len(series))\n    return [list(series[j - T : j]) for j in k], [series[j] for j in k]",
        "(a list of 8 lists of 4 numbers, a list of 8 numbers). A list becomes one array with np.array.",
        "torch.stack",
    ),
    "a list for a tensor": (
        "time_first",
        "def time_first(xs):\n    return [x for x in xs.transpose(0, 1)]",
        "a list of 5 tensors of shape (3, 2). A list becomes one tensor with torch.stack.",
        "np.",
    ),
    "numbers for a tensor": (
        "what_is_left",
        "def what_is_left(fs, t):\n    return fs[t:].prod(0).tolist()",
        "A list becomes one tensor with torch.tensor.",
        "stack",
    ),
    "a zip for a list": (
        "streams",
        "def streams(numbers, B, T):\n    S = (len(numbers) - 1) // B\n    xs = numbers[: B * S].view(B, S).T\n"
        "    ys = numbers[1 : B * S + 1].view(B, S).T\n    return zip(xs.split(T), ys.split(T))",
        "It can be gone through once only: put tuple(…) or list(…) around it.",
        "order of reading",
    ),
    "a packed sequence": (
        "read_padded",
        "def read_padded(layer, xs, lengths):\n    packed = pack_padded_sequence(xs, lengths, batch_first=True, enforce_sorted=False)\n    return layer(packed)",
        "a PackedSequence",
        "stack",
    ),
    "a tensor for a list of losses": (
        "train_chunks",
        "def train_chunks(layer, head, optimizer, xs, targets, k):\n    return xs",
        "It should return a list of 4 numbers; it returns a tensor of shape (12, 2, 3).",
        "after training",
    ),
    "a text for a number": (
        "level_of_each",
        "def level_of_each(level, n):\n    return str(1 - (1 - level) / n)",
        "It should return a number; it returns a text.",
        "Decimal",
    ),
    "a Decimal for a number": (
        "level_of_each",
        "def level_of_each(level, n):\n    from decimal import Decimal\n    return 1 - (1 - Decimal(level)) / n",
        "it returns a value of type Decimal. float(…) makes a number of it",
        "text",
    ),
    "a Fraction for a number that is compared as it is": (
        "multiplications",
        "def multiplications(cell, I, H):\n    from fractions import Fraction\n    return Fraction(I)",
        "it returns a value of type Fraction. float(…) makes a number of it",
        "text",
    ),
}


@pytest.mark.parametrize("case", FORMS)
def test_another_form_is_told_in_words_that_fit(case: str) -> None:
    name, code, says, never = FORMS[case]
    verdict = judge(name, written(code, name))
    assert verdict.status == "wrong shape" and says in verdict.message, str(verdict)
    assert never not in verdict.message, str(verdict)


def test_a_wrong_number_gets_advice_too() -> None:
    verdict = judge("skill", lambda predictions, series: 0.123)
    assert "it is 0.123 and should be" in verdict.message
    assert "Check your lines one by one" in verdict.message


def test_a_wrong_number_is_told_with_all_that_went_in_where_that_is_short() -> None:
    def multiplications(cell, I, H):
        return {"lstm": 4, "gru": 3}[cell] * H * (I + H) + (3 if cell == "lstm" else 5) * H

    told = judge("multiplications", multiplications).message
    assert 'with cell = "gru", I = 3, H = 5 it is 145 and should be 135' in told
    assert ": it is 0.123" in judge("skill", lambda predictions, series: 0.123).message


# Right on other arguments than were asked for

INSTEAD = {
    "raised": "def tuned(validation, test):\n    return test[np.arange(10), validation.argmax(axis=1)]",
    "wrong": "def tuned(validation, test):\n    found = np.zeros(10)\n"
    "    found[: len(test)] = test[np.arange(len(test)), validation.argmax(axis=1)]\n    return found",
}


@pytest.mark.parametrize("status", INSTEAD)
def test_an_answer_that_is_right_on_other_arguments_alone_is_told_so(status: str) -> None:
    """Below what it raised, if it did."""
    verdict = judge("tuned", written(INSTEAD[status], "tuned"))
    assert (verdict.status, verdict.mistakes) == (status, ("always-ten-seeds",))
    assert verdict.message.startswith("IndexError, on line 2" if status == "raised" else "It is ")


NOT_RIGHT_THERE = {
    "from 1": "test[np.arange(1, len(test) + 1), validation.argmax(axis=1)]",
    "twelve": "test[np.arange(12), validation.argmax(axis=1)]",
    "ten, by the test scores": "test[np.arange(10), test.argmax(axis=1)]",
}


@pytest.mark.parametrize("case", NOT_RIGHT_THERE)
def test_an_answer_that_is_wrong_on_those_as_well_gets_no_such_name(case: str) -> None:
    code = f"def tuned(validation, test):\n    return {NOT_RIGHT_THERE[case]}"
    verdict = judge("tuned", written(code, "tuned"))
    assert verdict.status == "raised" and not verdict.mistakes, str(verdict)


@pytest.mark.parametrize("name", [name for name in CODING if EXERCISES[name].instead])
def test_what_is_right_on_other_arguments_is_what_is_said_to_be(name: str) -> None:
    """It is found there by what gives the right results, and by no slip."""
    task = EXERCISES[name]
    for instead in task.instead:
        assert len(instead.probes()) >= len(task.probes())
        for slip in task.slips:
            trial = Trial(task, task.variant(**slip.slots))
            assert not judging._right_on(trial, instead), (instead.mistake, slip.mistake)
        trial = Trial(task, instead.right)
        assert judging._right_on(trial, instead), instead.mistake


@pytest.mark.parametrize(
    "name, plural",
    [
        ("the sum of the biases", False),
        ("the biases of r and z", True),
        ("the losses", True),
        ("ys", False),
        ("the gradient of weight_ih_l0", False),
        ("whether the forget biases are as they were", False),
    ],
)
def test_one_thing_differs_and_several_differ(name: str, plural: bool) -> None:
    assert wording.is_plural(name) == plural


NO_TENSORS = {
    "torch.log(2.0)": "for a plain number there is math.log",
    "torch.sqrt(2.0)": "for a plain number there is math.sqrt",
    "torch.exp(1)": "for a plain number there is math.exp",
    "torch.tanh([x, x])": "torch.stack makes a tensor of a list of tensors",
    "torch.sigmoid((x, x))": "take it apart",
    "torch.tanh(np.ones(2))": "for NumPy's arrays there are NumPy's own functions",
    "torch.tanh(None)": "a name holds nothing here",
    "F.softplus('x')": "Tensor",
}


@pytest.mark.parametrize("call", NO_TENSORS)
def test_a_function_of_torch_that_got_no_tensor_says_what_that_means(call: str) -> None:
    code = f"def lstm_cell(x, state, weights):\n    return {call}, x"
    verdict = judge("lstm_cell", written(code, "lstm_cell"))
    assert verdict.status == "raised" and NO_TENSORS[call] in verdict.message, str(verdict)
    assert "on line 2" in verdict.message and "Keep its arguments" not in verdict.message


MEANT = {
    "torch.stack([1.0, 2.0])": "becomes a tensor with torch.tensor",
    "x(2)": "is a * missing",
    "None + x": "holds nothing here",
    "[x].append(x) * 2": "hand nothing back",
    "state * 0.5": "take it apart",
    "x if x > 0 else -x": "torch.where",
    "torch.tanh(x, x)": "too many arguments",
}


@pytest.mark.parametrize("code", MEANT)
def test_an_error_is_told_with_what_it_usually_means(code: str) -> None:
    answer = written(f"def lstm_cell(x, state, weights):\n    return {code}, x", "lstm_cell")
    verdict = judge("lstm_cell", answer)
    assert verdict.status == "raised" and MEANT[code] in verdict.message, str(verdict)


def test_an_answer_without_code_of_its_own_is_not_said_to_have_other_arguments() -> None:
    class Cell:
        def __call__(self, x, state, weights):
            return torch.tanh(2.0)

    assert "Keep its arguments" not in judge("lstm_cell", Cell()).message
    assert "Keep its arguments" in judge("lstm_cell", lambda x: x).message


LATER = {
    "async def lstm_cell(x, state, weights):\n    return state": "Write `def` alone.",
    "async def lstm_cell(x, state, weights):\n    yield state": "Write `def` alone.",
    "def lstm_cell(x, state, weights):\n    yield state": "`return` them",
    "async def inner(*a):\n    return a\n\n\ndef lstm_cell(*a):\n    return inner(*a)": "coroutine",
}


@pytest.mark.parametrize("code", LATER)
def test_a_function_that_runs_later_is_told_so_without_a_warning(code: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        verdict = judge("lstm_cell", written(code, "lstm_cell"))
        gc.collect()
    assert verdict.status == "wrong shape" and LATER[code] in verdict.message, str(verdict)


# Nothing blocks, nothing shows, nothing stays

RIGHT = "    i, f, g, o = (x @ weights[0].T + weights[2] + state[0] @ weights[1].T + weights[3]).chunk(4, -1)\n"
RIGHT += (
    "    c = f.sigmoid() * state[1] + i.sigmoid() * g.tanh()\n    return o.sigmoid() * c.tanh(), c"
)


def step_that(does: str) -> object:
    """A right LSTM step that first does something else."""
    return written(
        f"import os, sys\ndef lstm_cell(x, state, weights):\n    {does}\n{RIGHT}", "lstm_cell"
    )


ASKING = ["input()", "input('size? ')", "breakpoint()", "sys.stdin.read()"]
ASKING += [
    "import getpass; getpass.getpass()",
    "[line for line in sys.stdin]",
    "sys.stdin.readline()",
]


@pytest.mark.parametrize("does", ASKING)
def test_what_asks_is_told_not_to_and_nothing_waits(does: str) -> None:
    verdict = judge("lstm_cell", step_that(does))
    assert verdict.status == "raised" and "write the value into the code" in verdict.message
    assert builtins.input.__name__ == "input" and getpass.getpass is not builtins.input


WAITING = {
    "sleep": "import time; time.sleep(1000)",
    "a lock": "import threading; k = threading.Lock(); k.acquire(); k.acquire()",
    "a child": "import subprocess; subprocess.run([sys.executable, '-c', 'import time; time.sleep(99)'])",
    "a pipe": "os.read(os.pipe()[0], 1)",
    "a loop that catches all": "\n    while True:\n        try:\n            import time; time.sleep(9)\n        except:\n            pass",
    "a catch that raises": "\n    try:\n        import time; time.sleep(99)\n    except BaseException:\n        raise ValueError",
    "an end that catches all": "\n    try:\n        import time; time.sleep(99)\n    except:\n        pass",
}


@pytest.mark.parametrize("case", WAITING)
def test_what_waits_or_never_ends_is_stopped(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gates.checks.trial.SECONDS", 0.3)
    verdict = judge("lstm_cell", step_that(WAITING[case]))
    assert verdict.status == "raised" and "was stopped" in verdict.message, str(verdict)


def test_outside_the_main_thread_an_endless_loop_is_stopped_too() -> None:
    found = []

    def endless() -> None:
        while True:
            pass

    def watched() -> None:
        try:
            call(endless, (), 0.2)
        except TimeUp as problem:
            found.append(problem)

    thread = threading.Thread(target=watched)
    thread.start()
    thread.join(60)
    assert found


LOUD = """
    import logging, subprocess, warnings
    import matplotlib.pyplot as plt
    from IPython.display import display, HTML
    print("shown"); print("shown", file=sys.stderr); print("shown", file=sys.__stdout__)
    os.write(1, b"shown"); os.write(2, b"shown"); subprocess.run([sys.executable, "-c", "print('shown')"])
    logging.warning("shown"); logging.getLogger("mine").error("shown"); logging.basicConfig(force=True)
    warnings.warn("shown"); display(HTML("shown")); plt.plot([1, 2]); plt.show(); plt.figure(); sys.displayhook(3)
"""

LOUDLY = f"""
import logging, sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
import matplotlib
matplotlib.use("agg")
import matplotlib.pyplot as plt
from test_judging import LOUD, step_that
from gates.checks import judge
logging.basicConfig()
mine = plt.figure()
verdict = judge("lstm_cell", step_that(LOUD))
print(verdict.status, plt.get_fignums() == [mine.number], plt.gcf() is mine, len(logging.getLogger().handlers))
"""


def test_nothing_that_an_answer_shows_appears_and_its_figures_are_closed() -> None:
    done = subprocess.run([sys.executable, "-c", LOUDLY], capture_output=True, text=True)
    assert done.stdout == "passed True True 1\n" and done.stderr == "", done


CHANGES = [
    "torch.set_default_dtype(torch.float64)",
    "torch.set_default_device('meta')",
    "torch.set_grad_enabled(False)",
    "torch.manual_seed(0)",
    "torch.autograd.set_detect_anomaly(True)",
    "torch.use_deterministic_algorithms(True)",
    "torch.set_num_threads(torch.get_num_threads() + 1)",
    "np.random.seed(0)",
    "__import__('random').seed(0)",
    "np.seterr(all='raise')",
    "np.set_printoptions(precision=2)",
    "__import__('matplotlib').rcParams.update({'lines.linewidth': 7})",
    "os.environ.update(GATES_HOME='elsewhere')",
    "os.environ.clear()",
    "os.chdir('/')",
    "sys.path.insert(0, 'nowhere')",
    "sys.setrecursionlimit(5000)",
    "__import__('warnings').simplefilter('error')",
    "__import__('logging').disable(50)",
    "setattr(sys, 'stdout', None)",
]


def around() -> str:
    kept = [torch.get_default_dtype(), torch.get_default_device(), torch.is_grad_enabled()]
    kept += [torch.get_rng_state().sum(), torch.is_anomaly_enabled(), torch.get_num_threads()]
    kept += [torch.are_deterministic_algorithms_enabled(), np.random.get_state()[1].sum()]
    kept += [random.getstate(), np.geterr(), np.get_printoptions(), dict(matplotlib.rcParams)]
    kept += [sorted(os.environ.items()), os.getcwd(), sys.path, sys.getrecursionlimit()]
    kept += [warnings.filters, logging.root.manager.disable, id(sys.stdout)]
    return repr(kept)


@pytest.mark.parametrize("does", CHANGES)
def test_what_an_answer_changes_outside_itself_is_put_back(does: str) -> None:
    before = around()
    judge("lstm_cell", step_that(does))
    assert around() == before


SETTINGS = [
    "torch.set_default_dtype(torch.float64)",
    "torch.set_grad_enabled(False)",
    "torch.set_default_device('meta')",
    "np.seterr(all='raise')",
    "warnings.simplefilter('error')",
    "torch.autocast('cpu').__enter__()",
]


@pytest.mark.parametrize("does", SETTINGS)
def test_a_right_answer_passes_whatever_is_set_in_the_notebook(does: str) -> None:
    with usual():
        exec(does)
        statuses = {name: judge(name, EXERCISES[name].reference).status for name in SOME}
    assert set(statuses.values()) == {"passed"}, statuses


SOME = [
    "lstm_cell",
    "lstm_backward",
    "chrono_start",
    "set_forget_bias",
    "skill",
    "reader",
    "evaluate",
]


# What is drawn

DRAWN = {
    "kept": (
        "locked_dropout",
        "kept = {}\ndef locked_dropout(xs, p):\n    mask = kept.setdefault(xs.shape, torch.rand(xs.shape[1:]) > p)\n    return xs * mask / (1 - p)",
        "drawn-once",
    ),
    "seeded": (
        "locked_dropout",
        "def locked_dropout(xs, p):\n    torch.manual_seed(3)\n    return xs * (torch.rand(xs.shape[1:]) > p) / (1 - p)",
        "seed-inside",
    ),
    "a random seed": (
        "locked_dropout",
        "def locked_dropout(xs, p):\n    torch.seed()\n    return xs * (torch.rand(xs.shape[1:]) > p) / (1 - p)",
        "seed-inside",
    ),
    "NumPy's, seeded": (
        "locked_dropout",
        "def locked_dropout(xs, p):\n    np.random.seed(3)\n    return xs * torch.tensor(np.random.rand(*xs.shape[1:]) > p) / (1 - p)",
        "drawn-once",
    ),
    "weights": (
        "fresh_weights",
        "def fresh_weights(layer):\n    torch.manual_seed(0)\n    for name, p in layer.named_parameters():\n        nn.init.xavier_uniform_(p) if p.dim() > 1 else nn.init.zeros_(p)\n    return layer",
        "seed-inside",
    ),
    "its own generator": (
        "locked_dropout",
        "own = torch.Generator().manual_seed(0)\ndef locked_dropout(xs, p):\n    return xs * (torch.rand(xs.shape[1:], generator=own) > p) / (1 - p)",
        None,
    ),
    "NumPy's": (
        "locked_dropout",
        "def locked_dropout(xs, p):\n    return xs * torch.tensor(np.random.default_rng().random(xs.shape[1:]) > p) / (1 - p)",
        None,
    ),
}


@pytest.mark.parametrize("case", DRAWN)
def test_what_draws_has_to_draw_anew_and_to_leave_the_seed_alone(case: str) -> None:
    name, code, mistake = DRAWN[case]
    verdict = judge(name, written(code, name))
    assert verdict.mistakes == ((mistake,) if mistake else ()), str(verdict)
    assert verdict.passed == (mistake is None)


def test_a_dropout_that_is_drawn_once_does_not_pass_in_a_reader() -> None:
    code = "class Once(nn.Module):\n    def __init__(self, p):\n        super().__init__()\n        self.p, self.mask = p, None\n"
    code += "    def forward(self, x):\n        if not self.training:\n            return x\n"
    code += "        if self.mask is None:\n            self.mask = F.dropout(torch.ones_like(x), self.p)\n        return x * self.mask\n\n\n"
    code += "def reader(I, H, p):\n    return nn.LSTM(I, H, batch_first=True), Once(p)"
    verdict = judge("reader", written(code, "reader"))
    assert not verdict.passed and "drawn anew" in verdict.message, str(verdict)


IN_PLACE = {
    "reader": "def reader(I, H, p):\n    return nn.LSTM(I, H, batch_first=True), nn.Dropout(p, inplace=True)",
    "set_forget_bias": "def set_forget_bias(layer, value):\n    H = layer.hidden_size\n    for name in ('ih', 'hh'):\n        getattr(layer, f'bias_{name}_l0').data[H : 2 * H].fill_(value / 2)\n    return layer",
    "clip": "def clip(grads, max_norm):\n    grads = [g.clone() for g in grads]\n    norm = torch.cat([g.flatten() for g in grads]).norm()\n    for g in grads:\n        g.mul_((max_norm / norm).clamp(max=1))\n    return grads",
    "locked_dropout": "def locked_dropout(xs, p):\n    ys = xs.clone()\n    ys *= torch.rand(ys.shape[1:]) > p\n    ys.div_(1 - p)\n    return ys",
    "memory_step": "def memory_step(f, i, g, c):\n    c = c.clone()\n    c.mul_(f)\n    return c.addcmul_(i, g)",
    "session_step": "def session_step(x, h, starts, weights):\n    h = h.clone()\n    h[starts] = 0\n    return gru_cell(x, h, weights)",
    "agreeing": "def agreeing(weights):\n    W, U, b, d = (w.clone() for w in weights)\n    H = U.shape[1]\n    U[2 * H :].mul_(torch.eye(H))\n    d[2 * H :].zero_()\n    return Weights(W, U, b, d)",
    "decayed_step": "def decayed_step(w, step, rate, decay):\n    w = w.clone()\n    w.mul_(1 - rate * decay)\n    return w.sub_(rate * step)",
    "initial_state": "def initial_state(layer, x):\n    B = x.shape[0 if layer.batch_first else 1]\n    h = torch.empty(layer.num_layers * (1 + layer.bidirectional), B, layer.hidden_size, dtype=x.dtype).zero_()\n    return h, h.clone().zero_()",
    "fresh_weights": "def fresh_weights(layer):\n    for p in layer.parameters():\n        nn.init.xavier_uniform_(p.data) if p.dim() > 1 else p.data.zero_()\n    return layer",
}


@pytest.mark.parametrize("name", IN_PLACE)
def test_right_work_that_is_done_in_place_passes(name: str) -> None:
    verdict = judge(name, written(IN_PLACE[name], name))
    assert verdict.passed, str(verdict)


def test_letters_are_texts_and_whatever_else_is_there_is_told_so() -> None:
    class Odd:
        def __str__(self) -> str:
            raise RuntimeError

    for answer in (torch.ones(3), Odd(), ["b"], 1, b"b"):
        verdict = judge("reading_order", answer)
        assert verdict.status == "wrong" and "in quotes" in verdict.message


def like(change) -> object:
    """A function that changes every tensor in a nested result."""

    def walk(value: object) -> object:
        if isinstance(value, (tuple, list)):
            parts = [walk(part) for part in value]
            return type(value)(*parts) if hasattr(value, "_fields") else type(value)(parts)
        return change(value) if isinstance(value, torch.Tensor) else value

    return walk


class Contrary(torch.Tensor):
    """A tensor with which nothing can be done."""

    @classmethod
    def __torch_function__(cls, *_, **__) -> object:
        raise ValueError("contrary")


class Silent:
    """An object that answers no question."""

    def __getattr__(self, name: str) -> object:
        raise ValueError(name)

    __eq__ = __len__ = __repr__ = __iter__ = __float__ = __getattr__


LOOP: list = []
LOOP.append(LOOP)
ODD = {
    "on another device": like(lambda t: torch.empty_like(t, device="meta")),
    "sparse": like(lambda t: t.to_sparse() if t.dim() else t.to("meta")),
    "complex": like(lambda t: t.to(torch.complex128) * 1j),
    "half": like(lambda t: t.half() + 1),
    "yes or no": like(lambda t: t.bool()),
    "not a number": like(lambda t: t * float("nan")),
    "of a class of its own": like(lambda t: t.as_subclass(Contrary)),
    "objects": like(lambda t: t.detach().numpy().astype(object)),
    "nested": lambda right: torch.nested.nested_tensor([torch.ones(2), torch.ones(3)]),
    "a list in itself": lambda right: LOOP,
    "silent": lambda right: Silent(),
    "huge": lambda right: 10**400,
    "endless": lambda right: float("inf"),
    "a generator": lambda right: (part for part in right),
    "an error": lambda right: ValueError("returned"),
    "a class": lambda right: torch.Tensor,
    "texts": lambda right: np.array(["a"]),
    "nothing in it": lambda right: [],
}


@pytest.mark.parametrize("name", CODING)
def test_whatever_comes_back_a_verdict_can_be_read(name: str) -> None:
    """All that is odd for steps, whose mistakes are found part by part, and every third for the others."""
    reference, steps = EXERCISES[name].reference, isinstance(EXERCISES[name].variant, Plan)
    for what, odd in list(ODD.items())[0 if steps else CODING.index(name) % 3 :: 1 if steps else 3]:
        verdict = judge(name, lambda *given, odd=odd: odd(reference(*given)))
        assert str(verdict) and (not verdict.passed or what in UNCHANGED), what


UNCHANGED = list(ODD)[:8]  # where no tensor comes back, these change nothing


def test_a_generator_is_no_pair() -> None:
    code = "def carried(state, B):\n    return (part[:, :B].detach() for part in state)"
    verdict = judge("carried", written(code, "carried"))
    assert verdict.status == "wrong shape" and "put tuple(…)" in verdict.message, str(verdict)


def test_an_answer_may_use_up_the_lists_it_is_given() -> None:
    code = "def stack_layers(cell, xs, states, weights):\n    finals = []\n    while states:\n"
    code += "        xs, last = unroll(cell, xs, states.pop(0), weights.pop(0))\n        finals.append(last)\n    return xs, finals"
    assert judge("stack_layers", written(code, "stack_layers")).mistakes == ("changes-inputs",)


def test_judging_inside_a_running_loop_works() -> None:
    async def inside() -> str:
        return judge("lstm_cell", EXERCISES["lstm_cell"].reference).status

    assert asyncio.run(inside()) == "passed"


def test_the_text_of_an_error_may_itself_fail() -> None:
    code = "class Odd(Exception):\n    def __str__(self):\n        raise ValueError\n\n\ndef lstm_cell(*a):\n    raise Odd"
    verdict = judge("lstm_cell", written(code, "lstm_cell"))
    assert verdict.status == "raised" and "cannot be shown" in verdict.message


def test_a_verdict_is_plain_json() -> None:
    json.dumps(judge("lstm_cell", step_that("input()"))._repr_mimebundle_())
    time.sleep(0)


def test_a_constant_that_the_course_gives_is_no_missing_line() -> None:
    code = "import torch\nNEVER, other = -1e30, 2.0\n"
    code += "def ctc_forward(log_probs, target, blank=0):\n    return log_probs.sum() * 0 + NEVER + other\n"
    names: dict[str, object] = {}
    exec(code, names)
    assert "reads `other` from the notebook" in str(judge("ctc_forward", names["ctc_forward"]))

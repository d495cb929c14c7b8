"""Wagers: where they stand in the lessons, what is one, what a notebook says of it, and how it is scored."""

import ast
import json
import re
from fractions import Fraction
from functools import cache
from pathlib import Path

import nbformat
import numpy as np
import pytest
import torch
from test_notebook_checks import Kernel

from gates import build, wagers
from gates.checks import progress, settle, wager
from gates.claims import CLAIMS, Claim, Figure
from gates.wagers import (
    OPEN,
    Counted,
    NoWager,
    amount,
    ends,
    name_of,
    printed,
    said,
    score,
    so_far,
    told,
)

LETTERS = Counted("a's", "", True, 1)  # a figure that counts something

LEFT_OUT = {
    "C07": "its operations are counted, and what one can count exactly is no matter of belief",
    "C09": "it is the largest difference of all, known by powers of ten, and lesson 03 asks for it by letter",
}
WAGERED = [claim for claim in CLAIMS if claim.figure and claim.id not in LEFT_OUT]
of_wagered = pytest.mark.parametrize("claim", WAGERED, ids=lambda claim: claim.id)


# In the lessons


@cache
def source(lesson: str) -> list[nbformat.NotebookNode]:
    (path,) = (path for path in build.lessons() if path.stem.startswith(lesson))
    return build.load(path).notebook.cells


@cache
def outputs(lesson: str) -> dict[str, str]:
    """What each cell of the complete edition prints, by its id."""
    (path,) = (build.ROOT / "solutions").glob(f"{lesson}_*.ipynb")
    cells = nbformat.read(path, as_version=4).cells
    return {cell.id: "".join(o.get("text", "") for o in cell.get("outputs", [])) for cell in cells}


def place(claim: Claim, end: str) -> int:
    """Where a cell of a claim's wager stands in the source of the lesson that prints its figure."""
    id = f"{claim.figure.lesson}-wager-{claim.id.lower()}{end}"
    (at,) = (k for k, cell in enumerate(source(claim.figure.lesson)) if cell.id == id)
    return at


def test_those_left_out_are_those_that_are_counted() -> None:
    assert {claim.id for claim in WAGERED} == OPEN.keys()
    assert all(claim.figure.low is None for claim in CLAIMS if claim.id in LEFT_OUT)


@of_wagered
def test_a_wager_stands_before_its_figure_and_is_settled_after_it(claim: Claim) -> None:
    cells = source(claim.figure.lesson)
    intro, own, commit, end = (place(claim, e) for e in ("-intro", "", "-commit", "-settle"))
    assert (own, commit) == (intro + 1, intro + 2)
    (printing,) = (k for k, cell in enumerate(cells) if cell.id == claim.figure.cell)
    assert commit < printing < end
    assert claim.figure.lesson in claim.lessons
    assert "four times in five" in " ".join(cells[intro].source.split()).replace("*", "")
    assert "exercise" in cells[own].metadata.tags
    assert f"{name_of(claim.id)} = (" in cells[own].source
    assert cells[commit].source == f'wager("{claim.id}")'
    assert f'settle("{claim.id}", ' in cells[end].source


@of_wagered
def test_a_wager_is_not_given_away_before_it_is_made(claim: Claim) -> None:
    shown = str(claim.figure).split("]")[0]
    for cell in source(claim.figure.lesson)[: place(claim, "-commit")]:
        printed = outputs(claim.figure.lesson).get(cell.id, "") if cell.cell_type == "code" else ""
        assert shown not in cell.source.replace("−", "-"), cell.id
        assert shown not in printed.replace("+", "").replace("−", "-"), cell.id


@of_wagered
def test_a_wager_is_told_in_what_the_figure_is_counted_in(claim: Claim) -> None:
    figure = claim.figure
    assert said(OPEN[claim.id], figure.number, figure.low, figure.high) == str(figure), (
        "gates/wagers.toml does not say what gates/claims.toml says: run make build."
    )
    assert OPEN[claim.id].difference == figure.difference


@of_wagered
def test_the_complete_edition_wagers_as_a_newcomer_would(claim: Claim) -> None:
    body = ast.parse(source(claim.figure.lesson)[place(claim, "")].source).body
    low, high = ends(ast.literal_eval(body[0].value), OPEN[claim.id])
    assert high - low > 1.5 * (claim.figure.high - claim.figure.low) or not (
        low <= claim.figure.number <= high
    )


@of_wagered
def test_what_settles_a_wager_is_measured_and_not_typed(claim: Claim) -> None:
    body = ast.parse(source(claim.figure.lesson)[place(claim, "-settle")].source).body
    call = body[-1].value
    assert call.func.id == "settle" and len(call.args) == 2
    assert not isinstance(call.args[1], (ast.Tuple, ast.List, ast.Constant))


def test_no_other_lesson_wagers_on_a_claim() -> None:
    found = [
        (path.stem[:2], function, claim)
        for path in build.lessons()
        for function, claim in re.findall(
            r'^(wager|settle)\("(C\d\d)"', path.read_text(encoding="utf-8"), re.M
        )
    ]
    wanted = [(c.figure.lesson, f, c.id) for c in WAGERED for f in ("wager", "settle")]
    assert sorted(found) == sorted(wanted)


@of_wagered
def test_what_settles_a_wager_is_the_claims_figure(claim: Claim) -> None:
    id = f"{claim.figure.lesson}-wager-{claim.id.lower()}-settle"
    there = outputs(claim.figure.lesson)
    assert id in there, f"solutions/ has no cell {id} yet: run make build."
    assert there[id].startswith(f"Measured for {claim.id}: {claim.figure}.\n")


def test_a_file_of_units_that_cannot_be_read_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wagers.resources, "files", lambda _: tmp_path)
    for content in (None, "<<<<<<< HEAD\n", '[C10]\nunit = "share"\n'):
        if content:
            (tmp_path / "wagers.toml").write_text(content, encoding="utf-8")
        with pytest.raises(ValueError, match=r"run `python -m gates\.texts`"):
            wagers._read()


# What is a wager


@pytest.mark.parametrize(
    "value",
    [
        (-1, 3),
        [-1.0, 3.0],
        (np.float32(-1), np.int64(3)),
        (torch.tensor(-1.0), torch.tensor([3])),
        np.array([-1, 3]),
        torch.tensor([-1.0, 3.0], requires_grad=True),
        (Fraction(-1), 3),
    ],
    ids=str,
)
def test_two_numbers_are_a_wager(value: object) -> None:
    low, high = ends(value, LETTERS)
    assert (low, high) == (-1, 3) and type(low) is type(high) is float


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("(-1, 3)", "without quotes"),
        (0.3, "One number is no interval"),
        (np.float64(0.3), "One number is no interval"),
        (torch.tensor(0.3), "One number is no interval"),
        ((), "here is none."),
        ((1,), "here is one number."),
        ((1, 2, 3), "here are 3 numbers; a decimal number is written with a point."),
        (torch.zeros(3), "here are 3 numbers"),
        ((..., 2), "One end is still missing"),
        ((1, None), "One end is still missing"),
        (("1", 2), "have to be numbers"),
        ((True, 2), "have to be numbers"),
        ((1j, 2), "have to be numbers"),
        ((torch.zeros(2), 2), "have to be numbers"),
        (torch.zeros(2, 2), "have to be numbers"),
        ((float("nan"), 2), "finite"),
        ((1, float("inf")), "finite"),
        ((1, 10**400), "finite"),
        ((-1.7e308, 1.7e308), "finite"),
        ((3, -1), "write (-1, 3)"),
        ((2, 2.0), "without width"),
        ({1, 2}, "two numbers in parentheses"),
        ({"low": 1}, "two numbers in parentheses"),
        (len, "two numbers in parentheses"),
        (torch.zeros(2, device="meta"), "two numbers in parentheses"),
    ],
    ids=str,
)
def test_what_is_none_is_told_in_a_sentence(value: object, says: str) -> None:
    with pytest.raises(NoWager) as caught:
        ends(value, LETTERS)
    said = str(caught.value)
    assert says in said and said.endswith(".") and said[0].isupper()


@pytest.mark.parametrize(
    ("claim", "two", "says"),
    [
        ("C05", (50, 90), "write hundredths: 0.05 for five in a hundred"),
        ("C10", (-10, 5), "write hundredths"),
        ("C10", (-1.5, 0), "write hundredths"),
        ("C11", (-0.2, -0.05), "in points, which are hundredths: write 5"),
        ("C05", (-0.1, 0.5), "cannot be below 0."),
        ("C01", (-0.1, 0.5), "cannot be below 0."),
        ("C06", (-0.5, 0.5), "cannot be below 0, and 1 says that both are equal."),
    ],
)
def test_ends_in_another_unit_are_told(claim: str, two: tuple, says: str) -> None:
    with pytest.raises(NoWager, match=re.escape(says)):
        ends(two, OPEN[claim])


@pytest.mark.parametrize(
    ("claim", "two"),
    [("C01", (0.1, 3)), ("C05", (0, 1)), ("C10", (-1, 1)), ("C11", (-1, 0.5)), ("C06", (0, 9))],
)
def test_ends_that_the_figure_can_have_are_none_of_these(claim: str, two: tuple) -> None:
    assert ends(two, OPEN[claim]) == two


# Its words and its score


@pytest.mark.parametrize(
    ("claim", "two", "words"),
    [
        ("C01", (0.05, 1.5), "0.05 and 1.5 of the gradient"),
        ("C05", (0.5, 0.945), "50% and 94.5% of the answers"),
        ("C06", (0.5, 2), "0.5 and 2 times the influence"),
        ("C11", (-20, 1), "20 points less and 1 point more"),
        (
            "C10",
            (-0.1, 0.05),
            "10 points less and 5 points more, a point being one in a hundred of the digits",
        ),
    ],
)
def test_an_interval_is_said_with_its_unit(claim: str, two: tuple, words: str) -> None:
    assert told(OPEN[claim], *two) == words


def test_what_is_counted_is_said_by_its_name() -> None:
    assert told(LETTERS, -1, 0) == "1 a's less and no difference"
    assert amount(LETTERS, 2.5) == "2.5 a's"


def test_a_difference_is_known_as_one() -> None:
    """So that no wager is told as more or less where there is nothing to be more or less than."""
    found = {claim.id for claim in WAGERED if claim.figure.difference}
    known = {
        "C02",
        "C04",
        "C08",
        "C10",
        "C11",
        "C12",
        "C14",
        "C15",
        "C16",
        "C17",
        "C18",
        "C19",
        "C20",
    }
    assert found == known


def test_the_score_is_the_width_and_ten_times_the_miss() -> None:
    assert score(1, 3, 2) == score(1, 3, 1) == score(1, 3, 3) == 2
    assert score(1, 3, 0.5) == pytest.approx(2 + 10 * 0.5)
    assert score(1, 3, 4) == pytest.approx(2 + 10 * 1)


def test_nobody_scores_better_on_average_than_with_the_middle_four_fifths() -> None:
    numbers = np.random.default_rng(0).normal(size=2000)

    def mean(half: float, shift: float = 0.0) -> float:
        return float(np.mean([score(shift - half, shift + half, x) for x in numbers]))

    best = mean(1.2816)  # a tenth of a normal distribution lies on either side
    assert all(best < mean(half) for half in (0.6, 0.9, 1.7, 2.5))
    assert best < mean(1.2816, 0.4)


@pytest.mark.parametrize(
    ("claim", "size", "says"),
    [("C10", 0.15, "15 points"), ("C11", 1, "1 point"), ("C06", 2, "2")],
)
def test_a_width_has_its_unit(claim: str, size: float, says: str) -> None:
    assert amount(OPEN[claim], size) == says


def test_luck_is_told_by_the_exact_binomial() -> None:
    """At 0.8 each: 0 of 3 has 0.008, 1 of 3 has 0.104; 17 of 17 has 0.0225, 16 of 16 has 0.028."""
    assert so_far(0, 1) == (
        "0 of 1 held, where four in five are meant; 1 is too few to tell a difference from luck."
    )
    assert "2 are too few" in so_far(0, 2) and "fewer than luck explains" in so_far(0, 3)
    assert "too few" in so_far(1, 3) and "too few" in so_far(16, 16)
    assert "more than luck explains" in so_far(17, 17) and "wider" in so_far(17, 17)
    assert "fewer than luck explains" in so_far(10, 20) and "too few" in so_far(16, 20)


def test_what_was_measured_is_rounded_as_the_claim_is() -> None:
    assert printed(OPEN["C10"], (-0.10949, -0.1264, -0.0001)) == (-0.109, -0.126, 0.0)
    assert printed(OPEN["C11"], np.array([-12.94, -17.9, -8.04])) == (-12.9, -17.9, -8.0)
    assert printed(OPEN["C01"], (6.12e-11, 0.004, 0.5)) == (6.1e-11, 0.004, 0.5)
    assert printed(OPEN["C05"], (0.0, 0.0, 0.2)) == (0.0, 0.0, 0.2)
    three = Figure("c", "a", -0.5, -0.66, 1.0)
    assert three.decimals == 2 and not three.difference


# In a notebook


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GATES_HOME", str(tmp_path))
    progress.news()
    return tmp_path


def test_a_wager_is_recorded_once_and_settled(home: Path, capsys) -> None:
    def says(code: str) -> str:
        exec(code, {"wager": wager, "settle": settle, "np": np})
        return capsys.readouterr().out

    assert "No wager yet" in says('wager("C10")') and "No wager yet" in says(
        'wager_c10 = ...\nwager("C10")'
    )
    assert "Nothing was recorded" in says('wager_c10 = 3\nwager("C10")')
    assert progress.read()["wagers"] == {}
    first = says('wager_c10 = (-0.10, 0.05)\nwager("C10")')
    assert first.startswith("Your wager on C10: between 10 points less and 5 points more, a point")
    assert "It is recorded, and the first one counts." in first
    assert first == says('wager_c10 = [np.float32(-0.1), 0.05]\nwager("C10")')
    again = says('wager_c10 = (-0.20, 0.05)\nwager("C10")')
    assert again.startswith("You now say: between 20 points less and 5 points more")
    assert "Your first wager counts: between 10 points less and 5 points more" in again
    assert progress.read()["wagers"] == {"C10": {"low": -0.1, "high": 0.05}}
    settled = says('settle("C10", np.array([-0.1091, -0.1259, -0.0918]))')
    assert settled.splitlines() == [
        "Measured for C10: -0.109 [-0.126, -0.092] of the digits.",
        "Your wager was between 10 points less and 5 points more, a point being one in a hundred of the digits. It missed "
        "by 0.9 points.",
        "It is 15 points wide, 4.4 times the measured interval. Its score is 24 points.",
        "The interval score (Gneiting and Raftery, 2007) is the width, and ten times by how much it missed on top: less is "
        "better, and on average nobody does better than by writing what they believe.",
        "Wagers so far: 0 of 1 held, where four in five are meant; 1 is too few to tell a difference from luck.",
    ]
    measured = {"number": -0.109, "measured_low": -0.126, "measured_high": -0.092, "held": False}
    assert progress.read()["wagers"]["C10"] == {"low": -0.1, "high": 0.05, **measured}
    other = says('wager_c06 = (0.2, 0.9)\nwager("C06")\nsettle("C06", (0.38, 0.28, 0.52))')
    assert "It held." in other and "Gneiting" not in other and "1 of 2 held" in other
    assert "It is 0.7 wide, 2.9 times the measured interval. Its score is 0.7." in other
    assert progress.news() == "" and not list(home.glob("*damaged*"))


def test_without_a_wager_what_was_measured_is_told(home: Path, capsys) -> None:
    settle("C11", (-12.94, -17.93, -7.96))
    assert capsys.readouterr().out == (
        "Measured for C11: -12.9 [-17.9, -8.0] points, at 99.9%.\nYou had made no wager on it.\n"
    )
    assert progress.read()["wagers"] == {}


def test_what_is_no_number_leaves_a_wager_open(home: Path, capsys) -> None:
    exec('wager_c10 = (-0.1, 0.05)\nwager("C10")', {"wager": wager})
    settle("C10", (float("nan"), -0.1, 0.1))
    assert "what was measured is no number" in capsys.readouterr().out
    assert progress.read()["wagers"] == {"C10": {"low": -0.1, "high": 0.05}}
    settle("C10", (0.01, 0.01, 0.01))  # where all seeds agree
    assert "It is 15 points wide. Its score is 15 points." in capsys.readouterr().out


def test_a_claim_that_nobody_can_wager_on_is_an_error_of_the_lesson(home: Path) -> None:
    for claim in ("C07", "C09", "C99"):
        with pytest.raises(ValueError, match=f"no wager on '{claim}'"):
            wager(claim)
        with pytest.raises(ValueError, match="There are: C01, "):
            settle(claim, (0, 0, 0))


def test_where_nothing_can_be_saved_the_lesson_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("GATES_HOME", str(tmp_path / "file"))
    exec('wager_c10 = (-0.1, 0.05)\nwager("C10")', {"wager": wager})
    assert "could not be noted" in capsys.readouterr().out
    settle("C10", (-0.1, -0.2, 0.0))
    told = capsys.readouterr().out
    assert told.startswith("Measured for C10: -0.100 [-0.200, 0.000] of the digits. This could not")


def test_a_wager_in_a_kernel_never_stops_it(tmp_path: Path) -> None:
    kernel = Kernel(tmp_path)
    try:
        assert kernel.run("from gates.checks import settle, wager") == ""
        asked = 'wager("C10")'
        assert "No wager yet" in kernel.run(asked)
        kernel.run("wager_c10 = ...", "09-wager-c10")
        assert "No wager yet" in kernel.run(asked)
        for wrong in ("wager_c10 = (-0,10, 0,05)", "wager_c10 = (", "wager_c10 = (a, b)"):
            kernel.run(wrong, "09-wager-c10")
            said = kernel.run(asked)
            assert "The cell above did not run" in said and "Nothing was recorded" in said
        kernel.run("del wager_c10\nwager_c10 = (a, b)", "09-wager-c10")
        assert "The cell above did not run" in kernel.run(asked)
        kernel.run('wager_c10 = "(-0.1, 0.05)"', "09-wager-c10")
        assert "without quotes" in kernel.run(asked)
        assert not (tmp_path / "progress.json").exists()
        kernel.run("wager_c10 = (-0.1, 0.05)", "09-wager-c10")
        assert "It is recorded" in kernel.run(asked)
        assert "Measured for C10" in kernel.run('settle("C10", (-0.2, -0.3, -0.1))')
    finally:
        kernel.client.stop_channels()
        kernel.manager.shutdown_kernel(now=True)
    record = json.loads((tmp_path / "progress.json").read_text())
    assert record["wagers"]["C10"]["held"] is False

"""The claims: what claims.toml and README say is what the complete editions print."""

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import nbformat
import numpy as np
import pytest

from gates import build
from gates.between import between
from gates.claims import CLAIMS, Claim, Figure
from gates.claims_table import MARKER, claims_table, where
from gates.printed import line_of, printed, told, with_gaps
from gates.ruling import VERDICTS, verdict_from

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
MEASURED = [claim for claim in CLAIMS if claim.figure or claim.printed_in]
of_claims = pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
of_measured = pytest.mark.parametrize("claim", MEASURED, ids=lambda claim: claim.id)


@cache
def notebook(number: str) -> nbformat.NotebookNode:
    (file,) = (ROOT / "solutions").glob(f"{number}_*.ipynb")
    return nbformat.read(file, as_version=4)


@cache
def lines(cell: str) -> tuple[str, ...]:
    """What a cell of a complete edition has printed."""
    (found,) = (of for of in notebook(cell[:2]).cells if of.id == cell)
    return printed(found)


def opening(text: str) -> str | None:
    """The word with which a verdict begins; of two that fit, the longer."""
    fits = [word for word in VERDICTS if re.match(rf"{word.removesuffix(' …')}\b", text)]
    return max(fits, key=len, default=None)


# The rule, and the words


def test_one_rule_makes_all_verdicts() -> None:
    assert verdict_from({"adding": True, "the latch": True}) == "Holds."
    assert verdict_from({"here": True}, when="it is open") == "Holds if it is open."
    assert verdict_from({"here": True}, only="with an open gate") == "Only with an open gate."
    assert verdict_from({"here": False}, only="with an open gate") == "Does not hold."
    found = {"adding": True, "copying": None, "the latch": False, "order": True}
    assert verdict_from(found) == "Mixed: for adding and order, not for the latch."
    assert verdict_from({"a": False, "b": False, "c": False, "d": True}) == (
        "Mixed: for d, not for a, b and c."
    )
    numpys = {"a": np.float64(1) > 0, "b": np.float64(1) < 0}
    assert verdict_from(numpys) == "Mixed: for a, not for b."
    for undecided in ({}, {"a": None}, {"a": True, "b": None}, {"a": False, "b": None}):
        assert verdict_from(undecided, when="it is open") == "Open."
    with pytest.raises(ValueError, match="without which"):
        verdict_from({"a": True}, when="it is open", only="with an open gate")


def test_there_are_twenty_claims() -> None:
    assert [claim.id for claim in CLAIMS] == [f"C{k:02d}" for k in range(1, 21)]


def test_readme_explains_the_words_a_verdict_begins_with() -> None:
    section = README.split("## Twenty claims")[1].split(f"<!-- {MARKER} -->")[0]
    listed = re.findall(r"^- \*\*(.+)\*\*: (.+)$", section, re.M)
    assert listed == list(VERDICTS.items())
    assert "begins with one of six words" in section and len(listed) == 6


@of_claims
def test_a_verdict_begins_with_its_word_and_can_be_read_aloud(claim: Claim) -> None:
    assert opening(claim.spoken) == opening(claim.found) == claim.verdict
    assert len(claim.spoken.split()) <= 25, claim.spoken
    assert claim.spoken[-1] == "." and "  " not in claim.spoken


@of_claims
def test_no_verdict_reads_as_more_than_was_found(claim: Claim) -> None:
    """A mixed one names every place, those where it failed too; a condition stands there word for word."""
    assert bool(claim.condition) == claim.verdict.endswith("…")
    assert claim.condition in claim.spoken
    assert bool(claim.holds_for) == bool(claim.not_for) == (claim.verdict == "Mixed")
    for place in (*claim.holds_for, *claim.not_for):
        assert re.sub(r" \(.*\)", "", place) in claim.spoken, place
    if claim.verdict == "Mixed":
        assert claim.spoken.startswith("Mixed: for ") and re.search(r"\bnot for\b", claim.spoken)


@of_claims
def test_an_open_claim_says_which_lesson_will_settle_it(claim: Claim) -> None:
    there = {path.stem[:2] for path in build.lessons()}
    assert set(claim.lessons) <= there and not set(claim.awaits) & there
    if claim.verdict == "Open":
        named = re.search(r"[Ll]essons? (1\d)(?: and (1\d))?", claim.spoken)
        assert claim.awaits == tuple(filter(None, named.groups() if named else ()))
        assert claim.awaits or "no planned lesson" in claim.spoken
    else:
        assert not claim.awaits and claim.lessons


@of_claims
def test_a_rule_stands_beside_each_claim(claim: Claim) -> None:
    assert re.match(r"[A-Z].{30,}[.]$", claim.rule)
    source = "".join(
        path.read_text(encoding="utf-8")
        for path in build.lessons()
        if path.stem[:2] in claim.lessons
    )
    numbers = set(re.findall(r"\d[\d.]*(?:e-\d+)?(?<!\.)", claim.rule)) - set(claim.awaits)
    for number in numbers:
        assert re.search(rf"(?<![\w.-]){re.escape(number)}(?![\w.]\w)", source), number
    assert all(lesson in claim.rule for lesson in claim.awaits)


# Figures and verdicts, as the lessons print them


@of_measured
def test_every_figure_is_what_its_cell_prints(claim: Claim) -> None:
    """With its sign and its interval, so that a difference is not turned around on its way."""
    for name, figure in claim.figures.items():
        assert told(figure, lines(figure.cell)) == (figure.number, figure.low, figure.high), (
            name,
            figure.after,
        )
        at = re.search(r"at ([\d.]+)%", line_of(figure, lines(figure.cell)))
        assert figure.level == (float(at[1]) if at else 95), name
        if figure.low is not None:
            assert figure.low <= figure.number <= figure.high, name


@of_measured
def test_a_verdict_is_printed_by_its_lessons(claim: Claim) -> None:
    for cell in claim.printed_in:
        said = [line for line in lines(cell) if re.match(rf"{claim.id}(, [^:]+)?: ", line)]
        assert said, f"{cell} prints no verdict on {claim.id}"
        for line in said:
            verdict = line.split(": ", 1)[1]
            exact = verdict if claim.verdict != "Open" else f"{opening(verdict)}."
            assert exact.startswith(claim.found), f"{cell} prints: {line}"
    assert claim.printed_in or claim.verdict == "Open"


@of_measured
def test_what_a_verdict_rests_on_is_printed(claim: Claim) -> None:
    for rests in claim.rests_on:
        assert any(re.fullmatch(with_gaps(rests.line), line) for line in lines(rests.cell)), rests


@of_claims
def test_the_lessons_of_a_claim_are_those_that_print_something_of_it(claim: Claim) -> None:
    cells = {figure.cell for figure in claim.figures.values()} | set(claim.printed_in)
    cells |= {rests.cell for rests in claim.rests_on}
    assert {cell[:2] for cell in cells} == set(claim.lessons)
    for lesson in claim.lessons:
        text = "\n".join(cell.source for cell in notebook(lesson).cells)
        assert claim.id in text, f"lesson {lesson} does not name {claim.id}"


@of_claims
def test_a_figure_that_decides_has_an_interval_unless_nothing_is_random(claim: Claim) -> None:
    figure = claim.figure
    assert bool(figure) == bool(claim.lessons)
    if figure:
        assert figure.of and (figure.noun or figure.unit)
        assert (figure.low is None) == ("there is no interval" in figure.of)


def test_the_differences_keep_the_directions_in_which_they_were_taken() -> None:
    """Layers: four minus one. Lengths: each at the longest that most seeds solve. Digits: new hands beside known ones."""
    claims = {claim.id: claim for claim in CLAIMS}
    layers = claims["C10"].figures.values()
    assert all("four layers minus one" in figure.after for figure in layers)
    assert "by four layers minus by one" in claims["C10"].figure.of
    for figure in claims["C03"].figures.values():
        reached = re.search(r"(?:up to (\d+)|at no length most seeds); over (\d+)", figure.after)
        assert reached[1] in (None, reached[2]) and reached[2] == str(figure.length)
        assert (figure.number > 0.5) == bool(reached[1])
    for id in ("C10", "C11", "C12"):
        assert claims[id].figures["hands"].cell.split("-")[1] == "hands"
        assert "{hands:" in claims[id].says and "with new hands" in claims[id].says
        assert claims[id].figure.cell.split("-")[1] != "hands"


# What README says of them


@of_measured
def test_a_number_in_a_verdict_comes_from_a_figure_or_stands_beside_one(claim: Claim) -> None:
    """Nothing is typed twice: what is no figure, such as a length, stands in a line from which a figure comes."""
    typed = re.sub(r"[Ll]essons? \d\d(?: and \d\d)?|\{.+?\}", "", claim.says)
    beside = " ".join(line_of(figure, lines(figure.cell)) for figure in claim.figures.values())
    for number in re.findall(r"\d[\d.]*(?<!\.)", typed):
        assert re.search(rf"(?<![\d.]){re.escape(number)}(?![\d.]\d)", beside), (number, beside)
    assert "figure" in re.findall(r"\{(\w+)[.:}]", claim.says)


def test_claims_without_a_figure_have_no_numbers_but_lessons() -> None:
    for claim in CLAIMS:
        if claim not in MEASURED:
            assert not re.findall(r"\d", re.sub(r"[Ll]essons? \d\d(?: and \d\d)?", "", claim.says))


def test_readme_has_the_table_that_is_made_of_the_claims() -> None:
    assert between(README, MARKER, claims_table()) == README, (
        "README.md does not say what gates/claims.toml says: run make build."
    )


@of_claims
def test_the_table_leads_to_a_cell_below_its_heading(claim: Claim) -> None:
    (row,) = (line for line in claims_table().splitlines() if line.startswith(f"| {claim.id} "))
    assert row.startswith(f"| {claim.id} | {claim.sentence} | {claim.spoken} | ")
    links = re.findall(r"\[(\d\d): ([^\]]+)\]\(solutions/(\w+)\.ipynb#cell-id=([\w-]+)\)", row)
    assert len(links) == (1 if claim.figure else 0) and row.count("](") == len(links)
    for number, section, lesson, id in links:
        cells = notebook(number).cells
        (at,) = (k for k, cell in enumerate(cells) if cell.id == id)
        above = "\n".join(cell.source for cell in cells[:at] if cell.cell_type == "markdown")
        assert re.findall(r"^## (.+)$", above, re.M)[-1] == section
        assert id == claim.figure.cell and lesson.startswith(number)
        assert (ROOT / "solutions" / f"{lesson}.ipynb").exists()


def test_a_cell_that_is_nowhere_is_no_link() -> None:
    with pytest.raises(ValueError, match="No lesson has a cell 06-claim-elsewhere"):
        where("06-claim-elsewhere")


# A figure in a sentence


def test_a_figure_cannot_say_the_opposite_of_what_was_found() -> None:
    less = Figure("09-claim", "test", -0.109, -0.126, -0.092, unit="share")
    assert f"{less:less:points} points fewer" == "11 points fewer"
    assert f"{less:less:.2f}" == "0.11" and f"{less:.2f}" == "-0.11" and f"{less:points}" == "-11"
    with pytest.raises(ValueError, match=r"-0\.109 is not more"):
        f"{less:more:points}"
    for number in (0.109, 0):
        with pytest.raises(ValueError, match="is not less"):
            f"{replace(less, number=number):less:points}"
    with pytest.raises(ValueError, match="is not fewer"):
        f"{less:fewer:points}"
    assert f"{replace(less, number=-12.9, unit='points'):less:points}" == "13"
    with pytest.raises(KeyError):
        f"{replace(less, unit='times'):points}"


def test_a_figure_is_told_as_its_lesson_prints_it() -> None:
    share = Figure("08-claim", "c", 0.92, 0.79, 1.0, unit="share", noun="of the answers")
    assert str(share) == f"{share}" == "0.92 [0.79, 1.00] of the answers"
    points = Figure("10-claim", "σ", -12.9, -17.9, -8.0, unit="points", level=99.9)
    assert str(points) == "-12.9 [-17.9, -8.0] points, at 99.9%"
    assert str(Figure("04-c", "x", 1e-10, 7e-11, 1.5e-10)) == "1e-10 [7e-11, 1.5e-10]"
    assert str(Figure("04-c", "x", 0.75, unit="times", noun="the work")) == "0.75 times the work"
    for claim in MEASURED:
        figure = claim.figure
        if figure and figure.low is not None:
            three = str(figure).split("]")[0] + "]"
            assert three in line_of(figure, lines(figure.cell)), three


# Between markers


def test_what_stands_between_markers_is_replaced_and_nothing_else() -> None:
    page = "Above.\n\n<!-- it -->\nold\n<!-- /it -->\n\nBelow.\n"
    written = "Above.\n\n<!-- it -->\n\nnew\n\n<!-- /it -->\n\nBelow.\n"
    assert between(page, "it", "new\n") == written == between(written, "it", "new")
    for broken in ("<!-- it -->\n", "<!-- /it -->\n<!-- it -->\n", written + written):
        with pytest.raises(ValueError, match=r"There has to be one line `<!-- it -->`"):
            between(broken, "it", "new")

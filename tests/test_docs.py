"""README, the cheat sheet and the style: what they say is what is there."""

import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from gates import build
from gates.claims import CLAIMS

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_readme_shows_all_twenty_claims_with_their_verdicts() -> None:
    assert [claim.id for claim in CLAIMS] == [f"C{k:02d}" for k in range(1, 21)]
    for claim in CLAIMS:
        row = f"| {claim.id} | {claim.sentence} | {claim.shown} |"
        assert row in README, f"README.md lacks this row, or says something else: {row}"


def test_open_claims_say_which_lesson_will_settle_them() -> None:
    for claim in CLAIMS:
        assert claim.verdict == "open" or claim.evidence
        assert re.match(r"open — lessons? \d\d", claim.shown) or claim.verdict != "open"


def test_readme_maps_exactly_the_lessons_that_exist() -> None:
    mapped = re.findall(r"^\| \[(\d\d)\]\(notebooks/(\w+)\.ipynb\)", README, re.M)
    assert [name for _, name in mapped] == [path.stem for path in build.lessons()]
    assert all(name.startswith(number) for number, name in mapped)


def test_binder_opens_a_notebook_that_postbuild_lays_out() -> None:
    links = re.findall(
        r"mybinder\.org/v2/gh/[\w-]+/[\w-]+/HEAD\?urlpath=lab/tree/([\w/]+\.ipynb)", README
    )
    assert "gates.desk lay" in (ROOT / "postBuild").read_text(encoding="utf-8")
    laid = {"my_course/home.ipynb", *(f"my_course/{path.stem}.ipynb" for path in build.lessons())}
    assert links and set(links) <= laid


def test_relative_links_lead_somewhere() -> None:
    for name in ("README.md", "CONTRIBUTING.md", "CHEATSHEET.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", text):
            assert (ROOT / target).exists(), f"{name} links to {target}, which is not there."


# For each claim that is settled, or in part: the cells that settle it, and what they have to print.
SETTLED = {
    "C01": [
        ("02_inventing_the_lstm", "claim", "C01, LSTM before training: holds when f starts open"),
        ("04_gru", "flow-verdict", "C01, GRU before training: holds when z starts open"),
        ("07_opening_the_gate", "claim", "C01: holds when the gate that keeps starts open enough"),
    ],
    "C02": [
        ("06_long_memory_on_trial", "claim-stable-verdict", "C02, GRU: holds\n"),
        ("06_long_memory_on_trial", "claim-stable-verdict", "C02, LSTM: does not hold"),
        ("06_long_memory_on_trial", "claim-stable", "delayed recall, LSTM minus RNN, share solved"),
    ],
    "C03": [
        (
            "06_long_memory_on_trial",
            "claim-capture-verdict",
            "C03 holds: adding (LSTM), adding (GRU)\n",
        ),
        ("06_long_memory_on_trial", "claim-capture-verdict", "C03 fails: latch (LSTM)"),
        ("06_long_memory_on_trial", "claim-capture", "adding, GRU: solved 1.00"),
    ],
    "C05": [("08_looking_inside", "claim-stores", "C05: holds when the forget gates start open")],
    "C06": [
        ("04_gru", "claim", "C06: does not hold as written: r gates the state"),
        ("04_gru", "influence-verdict", "influence of x"),
        ("04_gru", "polarity-derivative", "PyTorch: the old state is passed on with the factor z"),
    ],
    "C07": [("04_gru", "cheaper-verdict", "C07, operations: a GRU has 0.75 times")],
    "C08": [
        (
            "06_long_memory_on_trial",
            "claim-easier",
            "where both solved it (14 pairs of runs): updates, GRU over LSTM 0.47",
        )
    ],
    "C09": [
        ("03_lstm_from_scratch", "claim", "C09, LSTM: holds"),
        ("04_gru", "claim", "C09, GRU: holds"),
    ],
    "C10": [
        (
            "09_overfitting",
            "claim-layers",
            "C10: holds\nwith 1000 digits, four layers overfit more: no",
        ),
        ("09_overfitting", "layers-again", "with other seeds: the same verdicts"),
    ],
    "C11": [
        ("10_activations", "claim", "C11: holds when the place is candidate"),
        ("10_activations", "claim-examples", "candidate sigmoid, digits, 16 steps: -12.9"),
    ],
    "C12": [
        ("09_overfitting", "claim-remedies", "by this table, C12: holds when labels are wrong"),
        ("09_overfitting", "claim-remedies", "wrong labels none: 3 of 8 work"),
        ("09_overfitting", "claim-remedies-each", "none, dropout before the head"),
        ("09_overfitting", "remedies-again", "wrong labels none: 5 of 8 work"),
        ("09_overfitting", "remedies-again", "C12: open"),
    ],
    "C13": [
        ("06_long_memory_on_trial", "claim-depends", "reaches a greater length: 0 of 4"),
        ("08_looking_inside", "claim-depends", "C13, first part: which counts farther depends"),
    ],
    "C17": [("05_layers_in_practice", "claim", "C17: holds when the padding is kept out")],
}
NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?:e-\d+)?(?![\w])|10\^-?[\d.]+\d")


def printed(lesson: str, cell: str) -> str:
    """What a cell of the executed lesson has printed."""
    notebook = nbformat.read(ROOT / "solutions" / f"{lesson}.ipynb", as_version=4)
    found = next(c for c in notebook.cells if c.id == f"{lesson[:2]}-{cell}")
    return "".join(output.get("text", "") for output in found.outputs)


def numbers(text: str) -> set[str]:
    """The measured numbers in a text: those with a point or an exponent."""
    return {number for number in NUMBER.findall(text) if "." in number or "e" in number}


@pytest.mark.parametrize("id", SETTLED)
def test_a_verdict_says_what_its_lessons_measured(id: str) -> None:
    claim = next(claim for claim in CLAIMS if claim.id == id)
    said = {(lesson, cell): printed(lesson, cell) for lesson, cell, _ in SETTLED[id]}
    for lesson, cell, wanted in SETTLED[id]:
        assert wanted in said[lesson, cell], f"{lesson}, cell {cell}, no longer says: {wanted}"
    # a difference is told as "so much more" or "so much less", so its sign is in the words
    measured = {n.lstrip("-") for text in said.values() for n in numbers(text)}
    evidence = {n.lstrip("-") for n in numbers(claim.evidence)}
    assert evidence and evidence <= measured, f"No cell has measured {evidence - measured}."


def test_every_verdict_is_held_to_its_lessons() -> None:
    settled = {claim.id for claim in CLAIMS if claim.verdict != "open" or claim.evidence}
    assert settled == SETTLED.keys()


def test_readme_answers_the_five_usual_questions_with_claims_and_links() -> None:
    part = README.split("## Five usual questions")[1].split("## Practical questions")[0]
    answers = re.findall(r"^\*\*.+?\?\*\* (.+?)(?=^\*\*|\Z)", part, re.M | re.S)
    assert len(answers) == 5
    for answer in answers:
        known = {claim.id for claim in CLAIMS}
        assert set(re.findall(r"C\d\d", answer)) & known and "](solutions/" in answer
        assert len(re.findall(r"[.](?=\s|$)", answer)) == 2, f"Two sentences: {answer}"


def test_ruff_is_content_with_code_and_built_notebooks() -> None:
    for command in (["check"], ["format", "--check"]):
        told = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "."], cwd=ROOT, capture_output=True, text=True
        )
        assert told.returncode == 0, told.stdout

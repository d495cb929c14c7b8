"""README, the cheat sheet and the style: what they say is what is there."""

import re
import subprocess
import sys
from pathlib import Path

import nbformat

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
        assert re.match(r"open — lesson \d\d", claim.shown) or claim.verdict != "open"


def test_readme_maps_exactly_the_lessons_that_exist() -> None:
    mapped = re.findall(r"^\| \[(\d\d)\]\(notebooks/(\w+)\.ipynb\)", README, re.M)
    assert [name for _, name in mapped] == [path.stem for path in build.lessons()]
    assert all(name.startswith(number) for number, name in mapped)


def test_binder_opens_a_notebook_that_exists() -> None:
    links = re.findall(
        r"mybinder\.org/v2/gh/[\w-]+/[\w-]+/HEAD\?urlpath=lab/tree/([\w/]+\.ipynb)", README
    )
    assert links and all((ROOT / link).exists() for link in links)


def test_relative_links_lead_somewhere() -> None:
    for name in ("README.md", "CONTRIBUTING.md", "CHEATSHEET.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", text):
            assert (ROOT / target).exists(), f"{name} links to {target}, which is not there."


def test_the_claim_a_lesson_settles_says_what_the_lesson_measured() -> None:
    """C09's LSTM half: the verdict in the executed lesson and the one in gates.claims agree."""
    notebook = nbformat.read(ROOT / "solutions" / "03_lstm_from_scratch.ipynb", as_version=4)
    said = next(cell for cell in notebook.cells if cell.id == "03-claim").outputs[0].text
    claim = next(claim for claim in CLAIMS if claim.id == "C09")
    assert ("C09, LSTM: holds" in said) == ("the LSTM half holds" in claim.evidence)


def test_ruff_is_content_with_code_and_built_notebooks() -> None:
    for command in (["check"], ["format", "--check"]):
        told = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "."], cwd=ROOT, capture_output=True, text=True
        )
        assert told.returncode == 0, told.stdout

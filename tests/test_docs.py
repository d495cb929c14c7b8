"""README, the cheat sheet and the style: what they say is what is there."""

import math
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import numpy as np
import pytest

from gates import build, front, texts
from gates.claims import CLAIMS, VERDICTS, verdict_from

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


def test_readme_explains_the_words_a_verdict_begins_with() -> None:
    for word, meaning in VERDICTS.items():
        assert f"\n- **{word}**: {meaning}\n" in README, word


def begins_with_a_known_word(verdict: str) -> bool:
    """Whether a text is one of the verdicts, each with what has to stand in place of its dots."""
    patterns = [re.escape(word).replace("…", r"\S.*") for word in VERDICTS]
    return any(re.fullmatch(pattern, verdict) for pattern in patterns)


def test_every_verdict_begins_with_one_of_the_words() -> None:
    for claim in CLAIMS:
        assert begins_with_a_known_word(claim.verdict), (claim.id, claim.verdict)


def test_one_rule_makes_all_verdicts() -> None:
    assert verdict_from({"adding": True, "the latch": True}) == "holds"
    assert verdict_from({"here": True}, when="it is open") == "holds when it is open"
    assert verdict_from({"here": False}, when="it is open") == "does not hold"
    found = {"adding": True, "copying": None, "the latch": False, "order": True}
    assert verdict_from(found) == "mixed: for adding and order, not for the latch"
    assert verdict_from({"a": False, "b": False, "c": False, "d": True}) == (
        "mixed: for d, not for a, b and c"
    )
    numpys = {"a": np.float64(1) > 0, "b": np.float64(1) < 0}
    assert verdict_from(numpys) == "mixed: for a, not for b"
    for undecided in ({}, {"a": None}, {"a": True, "b": None}, {"a": False, "b": None}):
        assert verdict_from(undecided) == "open"


# Minutes. A lesson's front matter is the source; what is written from it is compared with it in tests/test_facts.py. Here
# the minutes are counted again from what a reader sees.
LESSONS = [*build.lessons(), ROOT / "lessons" / "TEMPLATE.md"]


def cells_of(lesson: Path) -> list[str]:
    """The texts of a lesson's cells with what the build has put in: the title first, the first instructor note second."""
    cells = texts.notebook(lesson).cells
    note = next(c for c in cells if "instructor" in c.metadata.get("tags", []))
    title = next(c for c in cells if c.metadata.get("name") == "title")
    return [title.source, note.source, *(c.source for c in cells if c not in (title, note))]


def header_of(lesson: Path) -> int:
    return int(re.search(r"· about (\d+) minutes", cells_of(lesson)[0])[1])


def parts_of(lesson: Path) -> dict[str, int]:
    """The parts of a lesson, in its instructor's words, with their minutes."""
    note = re.search(r"^Minutes: (.+?)\.(?: |$)", cells_of(lesson)[1], re.M)[1]
    found = re.findall(r"(\d+) for (.+?)(?=, \d+ for |$)", note)
    assert ", ".join(f"{minutes} for {part}" for minutes, part in found) == note
    return {part: int(minutes) for minutes, part in found}


def exercises_of(lesson: Path) -> dict[int, int]:
    """The minutes that each exercise, or script of the clinic, says it takes."""
    text = lesson.read_text(encoding="utf-8")
    sections = re.findall(r"^## (?:Exercise|Script) (\d+)\b(.*?)(?=^## |\Z)", text, re.M | re.S)
    said = {int(k): re.findall(r"\*\w+ · (\d+) minutes\.\*", of_it) for k, of_it in sections}
    assert all(len(minutes) == 1 for minutes in said.values()), said
    assert sum(map(len, said.values())) == len(re.findall(r"· \d+ minutes\.\*", text))
    return {k: int(minutes[0]) for k, minutes in said.items()}


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.stem)
def test_the_minutes_of_the_parts_add_up_to_the_header(lesson: Path) -> None:
    sections = front.read(lesson).sections
    counted = [section.minutes for section in sections if section.use != "homework"]
    assert list(parts_of(lesson).values()) == counted
    assert sum(counted) == header_of(lesson)
    sittings = {"": 1, "best in two sittings": 2, "best in three sittings": 3}
    told = re.search(r"best in \w+ sittings", cells_of(lesson)[0])
    assert sittings[told[0] if told else ""] == math.ceil(header_of(lesson) / 80)


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.stem)
def test_every_part_has_room_for_its_exercises(lesson: Path) -> None:
    exercises, named, told = exercises_of(lesson), [], []
    for section in front.read(lesson).sections:
        assert sum(exercises[k] for k in section.exercises) < section.minutes, section.name
        named += section.exercises
    for part in parts_of(lesson):
        inside = re.search(r"\((?:exercise|script)s? (\d+)(?: (?:to|and) (\d+))?\)", part)
        told += range(int(inside[1]), int(inside[2] or inside[1]) + 1) if inside else []
    assert named == told == list(exercises), (
        "each exercise belongs to one section, in the lesson's order"
    )


def test_readme_says_how_long_the_lessons_and_parts_take() -> None:
    total = {"I": 0, "II": 0, "III": 0}
    by_hand = 0
    for lesson in build.lessons():
        row = re.search(rf"^\| \[{lesson.stem[:2]}\].*\| (\d+) \| \[solutions\]", README, re.M)
        assert int(row[1]) == header_of(lesson), lesson.stem
        part = re.search(r"^\*\*(?:Part (I+),|Start here)", cells_of(lesson)[0], re.M)[1]
        total[part or "I"] += header_of(lesson)
        by_hand += sum(m for part, m in parts_of(lesson).items() if "the way back" in part)
    assert by_hand == sum(front.read(lesson).optional for lesson in build.lessons())
    for part, minutes in {
        **total,
        "I, without the way back by hand": total["I"] - by_hand,
    }.items():
        row = re.search(rf"^\| {part} \| \d\d to \d\d \| (\d+) h (\d\d) \| (.+?) \|$", README, re.M)
        assert 60 * int(row[1]) + int(row[2]) == minutes, part
        quarters = round(minutes / (6 * 60) * 4)
        assert row[3] == f"{quarters // 4 or ''}{['', '¼', '½', '¾'][quarters % 4]}", part
    assert "A day of a course has about six hours." in README


def test_practice_at_the_end_is_counted_once() -> None:
    for lesson in build.lessons():
        homework = front.read(lesson).homework
        text = "\n".join(cells_of(lesson))
        assert ("## More practice" in text) == (homework is not None), lesson.stem
        if homework:
            (header,) = re.findall(r"and another (\d+) for the practice at the end", text)
            (note,) = re.findall(r"practice at the end is homework, another (\d+) minutes", text)
            (section,) = re.findall(r"about (\d+) minutes in all", text)
            (readme,) = re.findall(
                rf"Lesson {lesson.stem[:2]} has another (\d+) minutes for the practice at the end, which are not",
                README,
            )
            assert int(header) == int(note) == int(section) == int(readme) == homework.minutes


# For each claim that is settled, or in part: the cells that settle it, and what they have to print.
SETTLED = {
    "C01": [
        ("02_inventing_the_lstm", "claim", "C01, LSTM before training: holds when f starts open"),
        ("04_gru", "flow-verdict", "C01, GRU before training: holds when z starts open"),
        ("07_opening_the_gate", "claim", "C01: holds when the gate that keeps starts open enough"),
    ],
    "C02": [
        (
            "06_long_memory_on_trial",
            "claim-stable-verdict",
            "C02: mixed: for the GRU, not for the LSTM\n",
        ),
        ("06_long_memory_on_trial", "claim-stable", "delayed recall, LSTM minus RNN, share solved"),
    ],
    "C03": [
        (
            "06_long_memory_on_trial",
            "claim-capture-verdict",
            "C03: mixed: for adding and temporal order, not for the latch\n",
        ),
        ("06_long_memory_on_trial", "claim-capture", "adding, GRU: most seeds up to 400"),
    ],
    "C05": [("08_looking_inside", "claim-stores", "C05: holds when the forget gates start open")],
    "C06": [
        ("04_gru", "claim", "C06: does not hold, since r gates the state"),
        ("04_gru", "influence-verdict", "influence of x"),
        ("04_gru", "polarity-derivative", "PyTorch: the old state is passed on with the factor z"),
    ],
    "C07": [("04_gru", "cheaper-verdict", "C07, operations: a GRU has 0.75 times")],
    "C08": [
        ("06_long_memory_on_trial", "claim-easier", "adding: share solved, GRU minus LSTM"),
        ("06_long_memory_on_trial", "claim-easier-updates", "adding, length 100, 4 seeds"),
    ],
    "C09": [
        ("03_lstm_from_scratch", "claim", "C09, LSTM: holds"),
        ("04_gru", "claim", "C09, GRU: holds"),
    ],
    "C10": [
        (
            "09_overfitting",
            "claim-layers",
            "by this table, C10: holds\nwith 1000 digits, four layers overfit more: no",
        ),
        ("09_overfitting", "layers-again", "with other seeds: the same verdicts"),
        (
            "09_overfitting",
            "hands-layers",
            "new hands, four layers overfit more: no\nby this table",
        ),
        ("09_overfitting", "hands-layers", "\nC10: holds\n"),
    ],
    "C11": [
        ("10_activations", "claim", "C11: mixed: for the candidate, not for the gates and"),
        (
            "10_activations",
            "hands-claim",
            "\nC11: mixed: for the candidate and the output (new hands), not for the gates and the output",
        ),
        ("10_activations", "hands-examples", "new hands, candidate sigmoid, digits, 16 steps"),
        ("10_activations", "claim-examples", "candidate sigmoid, digits, 16 steps: -12.9"),
    ],
    "C12": [
        ("09_overfitting", "claim-remedies", "by this table, C12: mixed: for wrong labels"),
        ("09_overfitting", "claim-remedies", "wrong labels none: 3 of 8 work"),
        ("09_overfitting", "claim-remedies-each", "none, dropout before the head"),
        ("09_overfitting", "remedies-again", "wrong labels none: 5 of 8 work"),
        ("09_overfitting", "remedies-again", "C12: open"),
        ("09_overfitting", "hands-remedies", "noise on inputs, 0.5: test"),
    ],
    "C13": [
        ("06_long_memory_on_trial", "claim-depends", "reaches a greater length: 0 of 4"),
        ("08_looking_inside", "claim-depends", "C13, first part: which counts farther depends"),
    ],
    "C17": [("05_layers_in_practice", "claim", "C17: holds when the padding is kept out")],
}
NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?:e-\d+)?(?![\w])|10\^-?[\d.]+\d")
WITH_INTERVAL = re.compile(r"({0}) \[({0}), ({0})\]".format(r"-?\d[\d.]*(?:e-\d+)?"))


def printed(lesson: str, cell: str) -> str:
    """What a cell of the executed lesson has printed; a plus sign is left out, as in prose."""
    notebook = nbformat.read(ROOT / "solutions" / f"{lesson}.ipynb", as_version=4)
    found = next(c for c in notebook.cells if c.id == f"{lesson[:2]}-{cell}")
    text = "".join(output.get("text", "") for output in found.outputs)
    return re.sub(r"(?<=[\s\[])\+(?=\d)", "", text)


def numbers(text: str) -> set[str]:
    """The measured numbers in a text: those with a point or an exponent."""
    return {number for number in NUMBER.findall(text) if "." in number or "e" in number}


@pytest.mark.parametrize("id", SETTLED)
def test_a_verdict_says_what_its_lessons_measured(id: str) -> None:
    claim = next(claim for claim in CLAIMS if claim.id == id)
    said = {(lesson, cell): printed(lesson, cell) for lesson, cell, _ in SETTLED[id]}
    for lesson, cell, wanted in SETTLED[id]:
        assert wanted in said[lesson, cell], f"{lesson}, cell {cell}, no longer says: {wanted}"
    measured = set().union(*map(numbers, said.values()))
    assert numbers(claim.evidence), "no number"
    assert numbers(claim.evidence) <= measured, numbers(claim.evidence) - measured


@pytest.mark.parametrize("id", SETTLED)
def test_a_number_stands_with_its_interval_and_sign_as_the_lesson_printed_them(id: str) -> None:
    """So that a difference is not turned around on its way from the lesson to the table."""
    claim = next(claim for claim in CLAIMS if claim.id == id)
    said = [printed(lesson, cell) for lesson, cell, _ in SETTLED[id]]
    measured = {triple for text in said for triple in WITH_INTERVAL.findall(text)}
    told = set(WITH_INTERVAL.findall(claim.evidence))
    assert told <= measured, told - measured
    assert claim.evidence.count("[") == len(WITH_INTERVAL.findall(claim.evidence))
    for value, low, high in told:
        assert float(low) <= float(value) <= float(high)


@pytest.mark.parametrize("id", SETTLED)
def test_a_verdict_is_in_the_words_that_a_lesson_printed(id: str) -> None:
    claim = next(claim for claim in CLAIMS if claim.id == id)
    lines = [line for lesson, cell, _ in SETTLED[id] for line in printed(lesson, cell).split("\n")]
    found = [line.split(": ", 1)[1] for line in lines if re.match(rf"{id}(, [^:]+)?: ", line)]
    if claim.verdict != "open":
        assert any(re.match(rf"{re.escape(claim.verdict)}(?![\w])", of) for of in found), found
    elif id == "C12":
        assert set(found) == {"open"}
    for of in found if claim.verdict != "open" else []:
        assert begins_with_a_known_word(re.split(r"; |, since ", of)[0]), of


def test_every_verdict_is_held_to_its_lessons() -> None:
    settled = {claim.id for claim in CLAIMS if claim.verdict != "open" or claim.evidence}
    assert settled == SETTLED.keys()


def test_each_lesson_names_the_claims_that_it_settles() -> None:
    named = {claim.id: [] for claim in CLAIMS}
    for lesson in map(front.read, build.lessons()):
        for id in lesson.claims:
            named[id].append(lesson.name)
    settled = {id: [lesson for lesson, _, _ in cells] for id, cells in SETTLED.items()}
    assert {id: lessons for id, lessons in named.items() if lessons} == {
        id: list(dict.fromkeys(lessons)) for id, lessons in settled.items()
    }
    for claim in CLAIMS:
        if claim.verdict != "open":
            assert [lesson[:2] for lesson in named[claim.id]] == list(claim.lessons), claim.id


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

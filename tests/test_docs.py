"""README, the cheat sheet and the style: what they say is what is there."""

import math
import re
import subprocess
import sys
from pathlib import Path

import pytest

from gates import build, front, texts
from gates.claims import CLAIMS
from gates.ruling import VERDICTS

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


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
    words = {2: "two", 3: "three", 4: "four"}
    sittings = {"": 1} | {f"best in {word} sittings": n for n, word in words.items()}
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
    total = {"I": 0, "II": 0, "III": 0, "IV": 0, "V": 0, "VI": 0}
    by_hand = 0
    for lesson in build.lessons():
        row = re.search(rf"^\| \[{lesson.stem[:2]}\].*\| (\d+) \| \[solutions\]", README, re.M)
        assert int(row[1]) == header_of(lesson), lesson.stem
        part = re.search(r"^\*\*(?:Part ([IV]+),|Start here)", cells_of(lesson)[0], re.M)[1]
        total[part or "I"] += header_of(lesson)
        by_hand += sum(m for part, m in parts_of(lesson).items() if "the way back" in part)
    assert by_hand == sum(front.read(lesson).optional for lesson in build.lessons())
    for part, minutes in {
        **total,
        "I, without the way back by hand": total["I"] - by_hand,
    }.items():
        row = re.search(
            rf"^\| {part} \| \d\d(?: (?:to|and) \d\d)? \| (\d+) h (\d\d) \| (.+?) \|$", README, re.M
        )
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


def answers() -> list[str]:
    part = README.split("## Six usual questions")[1].split("## Practical questions")[0]
    return re.findall(r"^\*\*.+?\?\*\* (.+?)(?=^\*\*|\Z)", part, re.M | re.S)


def test_each_lesson_names_the_claims_that_it_measures() -> None:
    lessons = [front.read(path) for path in build.lessons()]
    for claim in CLAIMS:
        named = [lesson.number for lesson in lessons if claim.id in lesson.claims]
        assert named == list(claim.lessons), claim.id


def test_readme_answers_the_six_usual_questions_with_claims_and_links() -> None:
    assert len(answers()) == 6
    for answer in answers():
        known = {claim.id for claim in CLAIMS}
        assert set(re.findall(r"C\d\d", answer)) & known and "](solutions/" in answer
        assert len(re.findall(r"[.](?=\s|$)", answer)) == 2, f"Two sentences: {answer}"


def test_an_answer_is_as_open_as_the_claims_it_names() -> None:
    for answer in answers():
        for claim in CLAIMS:
            if claim.id in answer and claim.verdict == "Open":
                assert re.search(r"\bopen\b", answer), f"{claim.id} is open: {answer}"
                named = re.findall(r"lessons? (\d\d)(?: and (\d\d))?", " ".join(answer.split()))
                assert set(claim.awaits) <= {lesson for pair in named for lesson in pair}, answer


def test_an_answer_that_begins_with_a_verdict_begins_with_that_of_its_claim() -> None:
    for answer in answers():
        assert not re.match(r"(Yes|No)\b", answer), answer
        if re.match("|".join(word.removesuffix(" …") for word in VERDICTS), answer):
            named = re.search(r"C\d\d", answer)[0]
            (claim,) = (claim for claim in CLAIMS if claim.id == named)
            assert answer.startswith(claim.found.removesuffix(".")), answer


def test_ruff_is_content_with_code_and_built_notebooks() -> None:
    for command in (["check"], ["format", "--check"]):
        told = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "."], cwd=ROOT, capture_output=True, text=True
        )
        assert told.returncode == 0, told.stdout


def test_no_table_is_turned_by_an_unstack_that_does_not_sort() -> None:
    """pandas 3.0.0 to 3.0.6 at least put values into wrong rows there: findings/unstack_without_sorting_mislabels_rows.sh."""
    files = [*(ROOT / "lessons").glob("*.md"), *(ROOT / "gates").rglob("*.py")]
    turned = re.compile(r"unstack\([^()]*sort=False")
    assert not [file.name for file in files if turned.search(file.read_text(encoding="utf-8"))]
    assert turned.search('found.unstack("seed", sort=False)')

"""A lesson's facts: read from its front matter, written where they are shown, and refused in a sentence."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from gates import build, facts, front, lessons, texts
from gates.checks.course_map import Map
from gates.facts import BadFacts, Facts, Section

ROOT = build.ROOT
HEAD = """title: the GRU
question: What can be merged, and what does it save?
part: Part I, the gates
needs: [00, 01, 02, matrix products]
also: For the way back you need patience.
claims: [C06, C09]
sections:
  the puzzle: 10
  merging, and the cell: 60, exercises 1 to 3
  the way back: 35, exercise 4, optional
  practice at the end: 50, homework
kernelspec:
  name: python3
  display_name: Python 3
"""
TITLE = '+++ {"name": "title"}\n\nAfter this lesson you can\n\n- **merge** gates.\n'
NOTE = '+++ {"tags": ["instructor"]}\n\nAsk first.\n'
EXERCISES = "".join(f"+++\n\n## Exercise {k} · Its name\n\n" for k in (1, 2, 3, 4))
CHECKS = '```{code-cell} ipython3\nb = check("b")\na = check("a")\nb = check("b")\n```\n'
BODY = "\n".join([TITLE, NOTE, EXERCISES, CHECKS])


def lesson(root: Path, head: str = HEAD, body: str = BODY, name: str = "04_gru") -> Path:
    (root / "lessons").mkdir(exist_ok=True)
    path = root / "lessons" / f"{name}.md"
    path.write_text(f"---\n{head}---\n\n{body}", encoding="utf-8")
    return path


def course(root: Path) -> list[Facts]:
    """Three lessons that need nothing of each other, one of them outside the parts."""
    short = "title: {}\nquestion: Is {} right?\npart: {}\nneeds: [patience]\nsections:\n  it: {}\n"
    for name, part, minutes in (
        ("00_start", "Start here", 40),
        ("01_one", "Part I, the gates", "50, optional"),
        ("02_two", "Part II, on trial", 170),
    ):
        title = name[3:]
        lesson(root, short.format(title, title, part, minutes), TITLE, name)
    return front.read_all(root)


# Read


def test_front_matter_is_read(tmp_path: Path) -> None:
    found = front.read(lesson(tmp_path))
    assert (found.number, found.file) == ("04", "04_gru.ipynb")
    assert found.question == "What can be merged, and what does it save?"
    assert found.needs == ("00", "01", "02", "matrix products")  # texts, so that 00 is no 0
    assert found.claims == ("C06", "C09") and found.checks == ("b", "a")
    assert found.sections == (
        Section("the puzzle", 10),
        Section("merging, and the cell", 60, (1, 2, 3)),
        Section("the way back", 35, (4,), use="optional"),
        Section("practice at the end", 50, use="homework"),
    )
    assert (found.minutes, found.optional, found.homework.minutes) == (105, 35, 50)


def test_a_sections_line_is_read_as_it_is_written() -> None:
    for said in ("5", "10, exercise 3", "10, exercises 1 and 2", "162, scripts 1 to 18, optional"):
        assert Section.read("it", said).said == said
    assert Section.read("it", "10, exercises 2 to 4").exercises == (2, 3, 4)
    assert Section.read("it", "10, exercises 1 and 2").exercises == (1, 2)


def test_numbers_in_words() -> None:
    for numbers, told in {
        "01": "01",
        "01 02": "01 and 02",
        "01 02 04": "01, 02 and 04",
        "01 02 03 04 06": "01 to 04 and 06",
        "09 10 11": "09 to 11",
    }.items():
        assert facts.runs(numbers.split()) == told


BAD = {
    "no front matter": (("---\n", "-\n"), "04_gru.md: it has no front matter"),
    "a colon": (("the GRU", "the GRU: a cell"), "04_gru.md, line 2: .*needs quotes"),
    "a text alone": ((HEAD, "the GRU\n"), "has no `title: …`"),
    "a section twice": (("the way back:", "the puzzle:"), "line 11: `the puzzle` is there twice"),
    "a key twice": (("also:", "title:"), "line 6: `title` is there twice"),
    "an unknown key": (("also:", "minutes:"), "may not hold `minutes`"),
    "checks by hand": (("also:", "checks:"), "leave out `checks`"),
    "an empty question": (("What can be merged, and what does it save?", ""), "lacks `question`"),
    "no needs": (("needs: [00, 01, 02, matrix products]\n", ""), "lacks `needs`"),
    "needs without brackets": (
        ("[00, 01, 02, matrix products]", "00"),
        r"as in `needs: \[02, 03]`",
    ),
    "one digit": (("[00, 01,", "[0, 01,"), "`needs` says 0: give a lesson two digits"),
    "a list for a text": (("the GRU", "[the, GRU]"), "`title` is one text"),
    "no minutes": (("the puzzle: 10", "the puzzle:"), "`the puzzle` has no minutes: .*: 10`"),
    "minutes in words": (("the puzzle: 10", "the puzzle: ten"), "says `ten`: write its minutes"),
    "minutes last": (("35, exercise 4", "exercise 4, 35"), "write its minutes first"),
    "no sections": ((HEAD[HEAD.index("sections") :], ""), "lacks `sections`"),
    "a text for sections": ((HEAD[HEAD.index("sections") :], "sections: all\n"), "a line for each"),
    "homework first": (("10\n", "10, homework\n"), "`the puzzle` is homework: put it last"),
    "an unknown claim": (("C06", "C99"), "gates/claims.py has no claim C99"),
    "an exercise nowhere": ((", exercise 4", ""), "no section names exercise 4: add it"),
    "an exercise too many": (("exercise 4", "exercise 5"), "no section names exercise 4"),
    "no such exercise": (("exercise 4", "exercises 4 and 5"), "no heading `## Exercise 5`"),
    "a script": (("exercise 4", "script 4"), "no section names exercise 4"),
    "twice": (("exercise 4", "exercises 3 and 4"), "sections name exercises twice, or not in"),
    "a title": (("After", "# The GRU\n\nAfter"), "cell title: delete `# The GRU …`"),
    "a header": (("After", "**Part I** · about 9\n\nAfter"), r"delete `\*\*Part I\*\*"),
    "no title cell": (('{"name": "title"}', '{"name": "start"}'), "no cell named `title`"),
    "minutes in the note": (("Ask", "Minutes: 9. Ask"), "first instructor note: delete"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_facts_are_refused_in_a_sentence_that_names_the_file(tmp_path: Path, case: str) -> None:
    (old, new), says = BAD[case]
    path = lesson(tmp_path)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BadFacts, match=says) as caught:
        texts.notebook(path)
    assert str(caught.value).startswith("lessons/04_gru.md") and "\n" not in str(caught.value)


def test_lessons_have_to_fit_each_other(tmp_path: Path) -> None:
    course(tmp_path)
    again = lesson(tmp_path, (tmp_path / "lessons" / "01_one.md").read_text()[4:], "", "01_other")
    with pytest.raises(BadFacts, match=r"01_other\.md: 01_one has the number 01 too"):
        front.read_all(tmp_path)
    again.unlink()
    two = tmp_path / "lessons" / "02_two.md"
    text = two.read_text(encoding="utf-8")
    two.write_text(text.replace("Part II, on", "Part I, on"), encoding="utf-8")
    with pytest.raises(BadFacts, match=r"02_two\.md: it calls Part I `on trial`, and .*01_one"):
        front.read_all(tmp_path)
    part = front.read(tmp_path / "lessons" / "01_one.md").part
    three = tmp_path / "lessons" / "03_three.md"
    two.write_text(text, encoding="utf-8")
    three.write_text(text.replace("Part II, on trial", part), encoding="utf-8")
    with pytest.raises(
        BadFacts, match=r"03_three\.md: it is in Part I, and so is lesson 01, with Part II"
    ):
        front.read_all(tmp_path)
    three.unlink()
    for number in ("02", "09"):
        two.write_text(text.replace("[patience]", f"[00, {number}]"), encoding="utf-8")
        with pytest.raises(
            BadFacts, match=rf"02_two\.md: it needs lesson {number}, which does not"
        ):
            front.read_all(tmp_path)


def test_the_build_says_what_is_wrong_with_the_facts() -> None:
    program = "import sys; from gates import facts; from gates.build import __main__\n"
    program += "def bad(**_): raise facts.BadFacts('lessons/04_gru.md: do this.')\n"
    program += "__main__.build = bad; sys.argv = ['build']; __main__.main()"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert told.returncode == 1 and told.stderr == "\nlessons/04_gru.md: do this.\n"


# Written


def test_files_say_what_the_lessons_say() -> None:
    for file, text in texts.wanted().items():
        assert file.read_text(encoding="utf-8") == text, (
            f"{file.name} and the front matter in lessons/, or claims.toml, say different things: run `make build`."
        )


def test_the_library_knows_the_lessons_as_their_sources_have_them() -> None:
    assert list(lessons.ALL.values()) == front.read_all(ROOT)
    assert list(lessons.LESSONS) == list(lessons.ALL)


def test_the_library_is_installed_with_its_data() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    patterns = project["tool"]["setuptools"]["package-data"]["gates"]
    library = ROOT / "gates"
    shipped = {path for pattern in patterns for path in library.glob(pattern)}
    files = {
        path for path in library.rglob("*") if path.is_file() and "__pycache__" not in str(path)
    }
    assert {path for path in files if path.suffix not in (".py", ".pyc")} == shipped
    assert library / "lessons.toml" in shipped


def test_facts_survive_their_file(tmp_path: Path) -> None:
    odd = HEAD.replace("the GRU", r'the "GRU" \o/ σ').replace("the puzzle", '"a \\"b\\": c"')
    found = [front.read(lesson(tmp_path, odd))]
    again = tomllib.loads(texts.toml(found))
    assert [facts.read(name, plain) for name, plain in again.items()] == found


def test_a_file_of_lessons_that_cannot_be_read_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lessons.resources, "files", lambda _: tmp_path)
    for content in (None, "<<<<<<< HEAD\n", '[04_gru]\ntitle = "the GRU"\n'):
        if content:
            (tmp_path / "lessons.toml").write_text(content, encoding="utf-8")
        with pytest.raises(BadFacts, match=r"run `python -m gates\.texts`"):
            lessons._read()


def test_only_what_differs_is_written(tmp_path: Path) -> None:
    course(tmp_path)
    (tmp_path / "gates").mkdir()
    page = tmp_path / "README.md"
    page.write_text(
        "Before.\n\n<!-- lessons -->\nold\n<!-- /lessons -->\n\nAfter.\n", encoding="utf-8"
    )
    made, others = (tmp_path / "gates" / name for name in ("lessons.toml", "wagers.toml"))
    assert texts.write(tmp_path) == [made, others, page] and texts.write(tmp_path) == []
    text = page.read_text(encoding="utf-8")
    assert text.startswith("Before.\n") and text.endswith("\nAfter.\n") and "old" not in text
    two = tmp_path / "lessons" / "02_two.md"
    two.write_text(two.read_text(encoding="utf-8").replace("170", "180"), encoding="utf-8")
    assert build.build(tmp_path, only=["00"])[:2] == [made, page]
    page.write_text("No map.\n", encoding="utf-8")
    with pytest.raises(BadFacts, match=r"README\.md: There has to be one line `<!-- lessons -->`"):
        texts.write(tmp_path)


def test_readme_has_a_row_for_each_lesson_and_part(tmp_path: Path) -> None:
    assert texts.readme(course(tmp_path)).splitlines() == [
        "| lesson | the question it answers | minutes | complete |",
        "|---|---|---|---|",
        "| [00](notebooks/00_start.ipynb) Start | Is start right? | 40 | [solutions](solutions/00_start.ipynb) |",
        "| [01](notebooks/01_one.ipynb) One | Is one right? | 50 | [solutions](solutions/01_one.ipynb) |",
        "| [02](notebooks/02_two.ipynb) Two | Is two right? | 170 | [solutions](solutions/02_two.ipynb) |",
        "",
        "A day of a course has about six hours.",
        "",
        "| part | lessons | time | days |",
        "|---|---|---|---|",
        "| I | 00 and 01 | 1 h 30 | ¼ |",
        "| I, without it | 00 and 01 | 0 h 40 | ¼ |",
        "| II | 02 | 2 h 50 | ½ |",
    ]


def test_the_build_says_which_lessons_a_part_has(tmp_path: Path) -> None:
    course(tmp_path)
    path = tmp_path / "lessons" / "02_two.md"
    with path.open("a", encoding="utf-8") as file:
        file.write("\nPart I is <!-- lessons of Part I -->, and II <!-- lessons of Part II -->.\n")
    assert "Part I is 00 and 01, and II 02." in texts.notebook(path).cells[-1].source
    with path.open("a", encoding="utf-8") as file:
        file.write("\n<!-- lessons of Part IX -->\n")
    with pytest.raises(BadFacts, match=r"02_two\.md: no lesson is in Part IX"):
        texts.notebook(path)


def test_the_build_puts_head_and_minutes_into_a_lesson(tmp_path: Path) -> None:
    title, note, *_ = texts.notebook(lesson(tmp_path)).cells
    assert title.source.splitlines()[:5] == [
        "# What can be merged, and what does it save?",
        "",
        "**Part I, the gates** · about 105 minutes, best in two sittings, and another 50 for practice at the end · You need "
        "lessons 00 to 02, and matrix products. For the way back you need patience.",
        "",
        "After this lesson you can",
    ]
    assert note.source == (
        "Minutes: 10 for the puzzle, 60 for merging, and the cell (exercises 1 to 3), 35 for the way back (exercise 4). "
        "Practice at the end is homework, another 50 minutes. Ask first."
    )


def test_the_build_puts_the_map_where_a_lesson_wants_it(tmp_path: Path) -> None:
    course(tmp_path)
    path = tmp_path / "lessons" / "01_one.md"
    path.write_text(path.read_text(encoding="utf-8") + f"\n+++\n\nAll:\n\n{texts.MAP}\n", "utf-8")
    assert texts.notebook(path).cells[-1].source.splitlines() == [
        "All:",
        "",
        "| lesson | the question it answers |",
        "|---|---|",
        "| [00](00_start.ipynb) | Is start right? |",
        "| 01 | Is one right? |",
        "| [02](02_two.ipynb) | Is two right? |",
    ]


@pytest.mark.parametrize("path", build.lessons(), ids=lambda path: path.stem)
def test_what_is_derived_stands_in_no_source(path: Path) -> None:
    """Neither a line below the heading, nor the question of any lesson, nor a sentence of minutes."""
    body = path.read_text(encoding="utf-8").split("\n---\n", 1)[1]
    for other in lessons.ALL.values():
        assert f"# {other.question}" not in body and f"| {other.question} |" not in body
    assert "· about " not in body and "Minutes: " not in body


def test_a_map_links_only_to_what_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    begun = {"status": "wrong", "failures": 1, "seen": False, "mistakes": []}
    record = {"exercises": {"keep_or_forget": begun}, "predictions": {}}
    for laid, links in (({"04_gru.ipynb"}, 1), ({"04_gru.ipynb", "00_start_here.ipynb"}, 3)):
        shown = Map(record, laid)._repr_mimebundle_()["text/html"]
        assert shown.count("<a href=") == links and 'href="04_gru.ipynb"' in shown
        assert ("Go on with" in shown) == ("00_start_here.ipynb" in laid)

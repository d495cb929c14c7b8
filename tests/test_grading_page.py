"""The pages that grading writes: what they say, to everyone, and with nobody's code in them."""

import re
import shlex
from html.parser import HTMLParser
from pathlib import Path

import pytest

from gates import build
from gates.checks.__main__ import _parser
from gates.checks.grading import Row, page, room
from gates.claims import CLAIMS

EVIL = '<script>alert("x")</script>&<img src=x onerror=y>'
ROWS = [
    Row("fay", "", "", "nothing handed in", said="On the roster, and no hand-in."),
    Row("zoe", "", "", "not on the roster"),
    Row("ana", "ana/03.ipynb", "lstm_update", "passed", seconds=0.2, code="def lstm_update(): ..."),
    Row("ana", "ana/03.ipynb", "unroll", "passed", uses="gates", code="from gates.cells import unroll"),
    Row("ana", "ana/00.ipynb", "after_steps", "not attempted", said="The exercise cell is empty."),
    Row("ben", f"{EVIL}/03.ipynb", "lstm_update", "wrong", ("lstm-no-output-tanh",), EVIL, 0.3, "", EVIL),
    Row(EVIL, "c/03.ipynb", "lstm_update", "wrong", (), "It differs.\nCheck it.", 0.3, "", "x = 1"),
    Row("dan", "dan/03.ipynb", "lstm_update", "stopped", (), "It was still running."),
    Row("eva", "eva/03.ipynb", "", "unreadable", said=EVIL),
]  # fmt: skip
TITLES = {"00": "start here", "03": "LSTM from scratch"}


class Page(HTMLParser):
    """The elements of a page, in order, and whether each that was opened is closed."""

    EMPTY = ("meta", "br", "link", "img", "input")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open and "script" not in self.open:
            self.words.append(data)

    def all(self, tag: str) -> list[dict]:
        return [attrs for name, attrs in self.tags if name == tag]

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


@pytest.fixture(scope="module")
def overview() -> Page:
    return Page(page.overview(ROWS, TITLES))


def test_the_page_counts_and_names(overview: Page) -> None:
    assert "5 learners, 6 answers: 2 passed, 2 wrong, 1 stopped, 1 not attempted." in overview.text
    assert "Of 2 wrong answers, 1 (50 %) shows no mistake that has a name." in overview.text
    assert "Lesson 03: LSTM from scratch" in overview.text
    assert "2 of 2" in overview.text and "1/4" in overview.text
    assert "On the roster, and no hand-in." in overview.text
    assert "It differs. Check it." in overview.text and "lstm-no-output-tanh" in overview.text


def test_the_page_is_a_page_for_everyone(overview: Page) -> None:
    assert overview.all("html")[0] == {"lang": "en"}
    assert len(overview.all("table")) == len(overview.all("caption")) == 4
    assert all(attrs.get("scope") in ("col", "row") for attrs in overview.all("th"))
    assert {"name": "color-scheme", "content": "light dark"} in overview.all("meta")
    ids = [attrs["id"] for _, attrs in overview.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    refs = [attrs["href"][1:] for attrs in overview.all("a")]
    refs += [
        v for _, attrs in overview.tags for k, v in attrs.items() if k.startswith("aria-labelledby")
    ]
    assert set(refs) <= set(ids) and refs
    marks = [attrs["aria-label"] for attrs in overview.all("a") if "aria-label" in attrs]
    assert sorted(marks) == ["passed, uses gates", "stopped", "wrong", "wrong"]
    assert len(overview.all("details")) == len(overview.all("summary")) == 4


@pytest.mark.parametrize("text", [page.overview(ROWS, TITLES), page.feedback(EVIL, ROWS[5:])])
def test_nothing_that_a_learner_wrote_becomes_part_of_a_page(text: str) -> None:
    found = Page(text)
    assert "alert" not in re.search(r"<script>.*</script>", text, re.S)[0]
    assert len(found.all("script")) == 1 and not found.all("img")
    assert not re.search(r"https?:|//\w|@import|url\(", text)
    assert EVIL in found.text


CLAIMED = {claim.id: claim for claim in CLAIMS}


def test_wagers_have_a_section_with_words_and_a_bar() -> None:
    of = [room.Pooled(CLAIMED["C10"], 3, 1, -0.2, 0.0), room.Pooled(CLAIMED["C06"], 1, 1, 0.5, 1.2)]
    found = Page(page.overview(ROWS, TITLES, wagers=of))
    assert len(found.all("table")) == len(found.all("caption")) == 5
    assert {"href": "#wagers"} in found.all("a")
    assert "C10: Too many layers overfit small data." in found.text
    assert "1 of 3 between 20 points less and no difference, a point being" in found.text
    assert "-0.109 [-0.126, -0.092] of the digits" in found.text
    assert "between 0.5 and 1.2 times the influence" in found.text and "1 of 1" in found.text
    (*_, band, other), (line, _), (mark, _) = (found.all(tag) for tag in ("i", "b", "s"))
    ends = {name: re.search(r"left: ([\d.]+)%", of["style"])[1] for name, of in
            {"band": band, "line": line, "mark": mark, "other": other}.items()}  # fmt: skip
    assert ends == {"band": "4.0", "line": "38.0", "mark": "45.9", "other": "4.0"}
    widths = [re.search(r"width: ([\d.]+)%", one["style"])[1] for one in (band, line)]
    assert widths == ["92.0", "15.6"]


def test_without_wagers_there_is_no_section(overview: Page) -> None:
    assert "Wagers" not in overview.text and not overview.all("s")


def test_a_page_of_nothing_is_a_page() -> None:
    assert "0 learners, 0 answers." in Page(page.overview([], TITLES)).text
    assert "Feedback for ana" in Page(page.feedback("ana", [])).text


def test_feedback_says_what_to_do_and_shows_the_code() -> None:
    found = Page(page.feedback("ana", ROWS[2:5]))
    assert "2 of 3 exercises passed." in found.text
    assert "It uses gates, where the exercise asks for one's own code." in found.text
    assert (
        "The exercise cell is empty." in found.text
        and "from gates.cells import unroll" in found.text
    )


def test_each_learner_has_a_file_of_a_name_that_can_be_stored(tmp_path: Path) -> None:
    learners = ["ana", "Ana", "../up", "a/b:c*", "con", "...", "漢字", "x" * 300, EVIL, "-"]
    rows = [Row(name, "a.ipynb", "unroll", "passed") for name in learners]
    page.write(rows, tmp_path / "grades.csv", TITLES)
    folder = tmp_path / "grades_feedback"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["grades.html", "grades_feedback"]
    names = [path.stem for path in folder.iterdir()]
    assert len(names) == len({name.casefold() for name in names}) == len(learners)
    assert all(re.fullmatch(r"[\w-][\w.-]{0,90}", name) for name in names)
    assert "con" not in names and "漢字" in names


# The container


DOCKERFILE = (build.ROOT / "containers" / "grade.Dockerfile").read_text(encoding="utf-8")


def test_the_container_takes_away_what_strangers_must_not_have() -> None:
    head = re.sub(r"^# ?", "", DOCKERFILE.split("FROM")[0], flags=re.M).replace("\\\n", " ")
    (command,) = re.findall(r"^ +(docker run .*)$", head, re.M)
    words = shlex.split(command)
    assert {"--rm", "--read-only", "no-new-privileges", "/class:ro"} <= {
        word.removeprefix("$PWD/class:") for word in words
    }
    for option, value in {"--network": "none", "--cap-drop": "ALL"}.items():
        assert words[words.index(option) + 1] == value
    for option in ("--memory", "--pids-limit", "--user"):
        assert words[words.index(option) + 1][0] in "$123456789"


def test_the_container_has_what_it_needs_and_starts_the_command() -> None:
    for line in re.findall(r"^COPY (.*) \S+$", DOCKERFILE, re.M):
        assert all((build.ROOT / name).exists() for name in line.split())
    (user,) = re.findall(r"^USER (.*)$", DOCKERFILE, re.M)
    assert user.split(":")[0] not in ("0", "root")
    words = [
        re.findall(r'"([^"]*)"', re.search(rf"^{kind} (.*)$", DOCKERFILE, re.M)[1])
        for kind in ("ENTRYPOINT", "CMD")
    ]
    assert words[0] == ["python", "-m", "gates.checks", "grade"]
    given = _parser().parse_args(["grade", *words[1]])
    assert (given.folder, given.out, given.jobs) == (Path("/class"), Path("/grades/grades.csv"), 2)

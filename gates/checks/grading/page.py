"""The grading as pages: one for whoever teaches, one for each learner. They need no network, and what learners wrote is
escaped in them."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import jinja2

from gates.checks.grading.room import Pooled
from gates.checks.grading.rows import Row, unnamed
from gates.checks.grading.text import JUDGED, NOTHING, STOPPED, UNKNOWN, shown
from gates.checks.verdict import NOT_ATTEMPTED, PASSED, RAISED, WRONG, WRONG_SHAPE
from gates.exercises import EXERCISES, MISTAKES

SIGNS = {PASSED: "✓", NOT_ATTEMPTED: "○", WRONG: "✗", WRONG_SHAPE: "✗", RAISED: "!", STOPPED: "■"}
_RESERVED = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{port}{k}" for port in ("com", "lpt") for k in range(10)),
}


@dataclass(frozen=True)
class Mark:
    """One field of the table of learners and exercises, and the number of the row that it stands for."""

    row: Row
    number: int

    @property
    def sign(self) -> str:
        return SIGNS[self.row.status]

    @property
    def to_look_at(self) -> bool:
        return self.row.status not in (PASSED, NOT_ATTEMPTED) or bool(self.row.uses)


@dataclass(frozen=True)
class Lesson:
    """A table: the exercises of a lesson, and for each learner the marks, where there are any."""

    number: str
    title: str
    exercises: list[str]
    marks: dict[str, dict[str, Mark]]

    def passed(self, learner: str) -> int:
        return sum(mark.row.status == PASSED for mark in self.marks[learner].values())

    def share(self, exercise: str) -> tuple[int, int]:
        """How many passed an exercise, of how many who were asked."""
        rows = [marks[exercise].row for marks in self.marks.values() if exercise in marks]
        return sum(row.status == PASSED for row in rows), len(rows)


@dataclass(frozen=True)
class Summary:
    """One exercise over all learners: how often each status and each mistake was met, and how many wrong answers have
    no mistake with a name."""

    exercise: str
    statuses: list[tuple[str, int]]
    mistakes: list[tuple[str, str, int]]
    unnamed: int
    wrong: int

    @property
    def answers(self) -> int:
        return sum(count for _, count in self.statuses)


def _exercises(rows: list[Row]) -> list[str]:
    """Those that were met, in the order of the course."""
    met = {row.exercise for row in rows if row.exercise}
    return sorted(met, key=lambda name: (EXERCISES[name].lesson, list(EXERCISES).index(name)))


def _lessons(rows: list[Row], titles: Mapping[str, str]) -> list[Lesson]:
    exercises = _exercises(rows)
    tables = []
    for number in dict.fromkeys(EXERCISES[name].lesson for name in exercises):
        of_lesson = [name for name in exercises if EXERCISES[name].lesson == number]
        marks: dict[str, dict[str, Mark]] = {}
        for k, row in enumerate(rows):
            if row.exercise in of_lesson:
                marks.setdefault(row.learner, {})[row.exercise] = Mark(row, k)
        tables.append(Lesson(number, titles.get(number, ""), of_lesson, marks))
    return tables


def _summaries(rows: list[Row]) -> list[Summary]:
    summaries = []
    for exercise in _exercises(rows):
        of_it = [row for row in rows if row.exercise == exercise]
        statuses = Counter(row.status for row in of_it)
        mistakes = Counter(mistake for row in of_it for mistake in row.mistakes)
        told = [(m, MISTAKES[m].sentence, count) for m, count in mistakes.most_common()]
        ordered = [(status, statuses[status]) for status in JUDGED if statuses[status]]
        summaries.append(Summary(exercise, ordered, told, *unnamed(of_it)))
    return summaries


def _environment() -> jinja2.Environment:
    loader = jinja2.FileSystemLoader(Path(__file__).parent / "templates")
    made = jinja2.Environment(
        loader=loader,
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["sign"] = SIGNS.get
    made.filters["percent"] = lambda part: f"{100 * part:.0f} %"
    return made


def overview(
    rows: list[Row],
    titles: Mapping[str, str],
    stopped: bool = False,
    wagers: Sequence[Pooled] = (),
) -> str:
    """The page for whoever teaches."""
    judged = [row for row in rows if row.exercise]
    counts = Counter(row.status for row in judged)
    without, wrong = unnamed(judged)
    return (
        _environment()
        .get_template("overview.html.jinja")
        .render(
            learners=len({row.learner for row in rows if row.status not in (NOTHING, UNKNOWN)}),
            judged=len(judged),
            counts=[(status, counts[status]) for status in JUDGED if counts[status]],
            unnamed=without,
            wrong=wrong,
            others=sorted(
                (row for row in rows if not row.exercise),
                key=lambda row: (row.status == UNKNOWN, row.status != NOTHING),
            ),
            lessons=_lessons(rows, titles),
            summaries=_summaries(rows),
            marks=[
                mark
                for k, row in enumerate(rows)
                if row.exercise and (mark := Mark(row, k)).to_look_at
            ],
            stopped=stopped,
            wagers=wagers,
        )
    )


def feedback(learner: str, rows: list[Row]) -> str:
    """The page for one learner."""
    return (
        _environment()
        .get_template("feedback.html.jinja")
        .render(
            learner=learner,
            passed=sum(row.status == PASSED for row in rows),
            answers=[row for row in rows if row.exercise],
            others=[row for row in rows if not row.exercise],
        )
    )


def write(
    rows: list[Row],
    out: Path,
    titles: Mapping[str, str],
    stopped: bool = False,
    wagers: Sequence[Pooled] = (),
) -> None:
    """Write the page beside the table, and the learners' pages into a folder beside it."""
    page, folder = places(out)
    page.write_text(overview(rows, titles, stopped, wagers), encoding="utf-8", newline="\n")
    folder.mkdir(exist_ok=True)
    of: dict[str, list[Row]] = {}
    for row in rows:
        if row.status not in (NOTHING, UNKNOWN):
            of.setdefault(row.learner, []).append(row)
    taken: set[str] = set()
    for learner, theirs in of.items():
        file = folder / f"{_file_name(learner, taken)}.html"
        file.write_text(feedback(learner, theirs), encoding="utf-8", newline="\n")


def places(out: Path) -> tuple[Path, Path]:
    """The page and the folder of feedback that belong to a table."""
    return out.with_suffix(".html"), out.with_name(f"{out.stem}_feedback")


def _file_name(learner: str, taken: set[str]) -> str:
    """A name that every system can store, and that no other learner has."""
    plain = re.sub(r"[^\w.-]+", "_", shown(learner)).strip("._")[:80] or "learner"
    plain = f"{plain}_" if plain.split(".")[0].lower() in _RESERVED else plain
    name, k = plain, 1
    while name.casefold() in taken:
        k += 1
        name = f"{plain}-{k}"
    taken.add(name.casefold())
    return name

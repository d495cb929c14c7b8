"""What the grading says: a row for each exercise of each learner, and for whatever cannot be graded."""

import csv
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from gates.checks.grading.text import shown
from gates.checks.verdict import WRONG, WRONG_SHAPE
from gates.exercises import MISTAKES

COLUMNS = (
    *("learner", "notebook", "exercise", "status", "mistakes"),
    *("said", "seconds", "uses", "code"),
)
_FORMULA = "=+-@\t\r\n"


@dataclass(frozen=True)
class Row:
    """One line of the result: what was said of one exercise of one learner.

    notebook: the file, and for a zip file the name in it. uses: what the answer borrows instead of computing.
    code: the cell that was judged. seconds: what judging it took.
    """

    learner: str
    notebook: str
    exercise: str
    status: str
    mistakes: tuple[str, ...] = ()
    said: str = ""
    seconds: float = 0.0
    uses: str = ""
    code: str = ""

    def cells(self) -> list[str]:
        """As a table shows it. A text that a spreadsheet would take for a formula is quoted."""
        texts = [
            self.learner,
            self.notebook,
            self.exercise,
            self.status,
            " ".join(self.mistakes),
            " ".join(self.said.split())[:300],
            f"{self.seconds:.2f}" if self.seconds else "",
            self.uses,
            self.code[:2000],
        ]
        texts = [shown(text) for text in texts]
        return [f"'{text}" if text[:1] in _FORMULA and text else text for text in texts]


def unnamed(found: Iterable[Row]) -> tuple[int, int]:
    """How many wrong answers have no mistake with a name, and how many wrong answers there are."""
    wrong = [row for row in found if row.status in (WRONG, WRONG_SHAPE)]
    return sum(not row.mistakes for row in wrong), len(wrong)


def histogram(found: list[Row], most: int = 15) -> str:
    """The commonest mistakes, in how many answers each was met, as bars of text."""
    counts = Counter(mistake for row in found for mistake in row.mistakes)
    if not counts:
        return "No mistake was recognized."
    largest = max(counts.values())
    lines = ["The commonest mistakes:"]
    for mistake, count in counts.most_common(most):
        bar = "█" * max(1, round(20 * count / largest))
        lines.append(f"{count:4} {bar:20} {mistake}: {MISTAKES[mistake].sentence}")
    return "\n".join(lines)


class Table:
    """The rows as a CSV file that is written row by row, so that a stop loses nothing."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file: TextIO = path.open("w", newline="", encoding="utf-8")
        self._writer = csv.writer(self._file)
        self._writer.writerow(COLUMNS)

    def add(self, row: Row) -> None:
        self._writer.writerow(row.cells())
        self._file.flush()

    def __enter__(self) -> "Table":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

"""What a room has wagered: read from hand-ins as literals, which nobody runs, and pooled claim by claim."""

import ast
import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from gates.checks.finding import Cell
from gates.checks.sources import UNREADABLE, here, tree
from gates.claims import CLAIMS, Claim
from gates.wagers import OPEN, Counted, NoWager, ends, name_of, told

COLUMNS = (
    *("claim", "wagers", "held", "middle_low", "middle_high"),
    *("measured", "measured_low", "measured_high", "sentence"),
)


@dataclass(frozen=True)
class Wager:
    """What one learner wagers on a claim."""

    learner: str
    claim: str
    low: float
    high: float


@dataclass(frozen=True)
class Pooled:
    """All wagers on a claim: how many, how many hold its figure, and the medians of their ends."""

    claim: Claim
    wagers: int
    held: int
    low: float
    high: float

    @property
    def words(self) -> str:
        """The room's middle interval, as it goes on after "between"."""
        return told(OPEN[self.claim.id], self.low, self.high)

    @property
    def places(self) -> dict[str, float]:
        """Where in a bar things stand, in percent of its width: the middle interval, what was measured and its interval."""
        figure = self.claim.figure
        ends = {"low": self.low, "high": self.high, "from": figure.low, "to": figure.high}
        least, most = min(ends.values()), max(ends.values())
        at = ends | {"number": figure.number}
        return {name: 4 + 92 * (value - least) / (most - least) for name, value in at.items()}

    def cells(self) -> list[str]:
        """As a table shows it."""
        figure = self.claim.figure
        numbers = [self.low, self.high, figure.number, figure.low, figure.high]
        shown = [f"{number:g}" for number in numbers]
        return [self.claim.id, str(self.wagers), str(self.held), *shown, self.claim.sentence]


def wagers_in(cells: Sequence[Cell]) -> dict[str, tuple[float, float]]:
    """The wagers in a notebook's cells, by claim: in the cell whose id says so, or under the claim's name.

    Only a literal counts, such as `wager_c10 = (-0.1, 0.05)`; of several the last, and before all
    others one in the claim's own cell. What is no wager is left out.
    """
    found = {}
    for claim, of in OPEN.items():
        name = name_of(claim)
        own = [cell for cell in cells if cell.id.partition("-")[2] == name.replace("_", "-")]
        given = [value for cell in cells for value in _literals(cell.source, name)]
        given += [value for cell in own for value in _literals(cell.source)]
        for value in reversed(given):
            if two := _valid(value, of):
                found[claim] = two
                break
    return found


def of_learner(learner: str, files: Iterable[dict]) -> Iterator[Wager]:
    """A learner's wagers, from what was read of their files, of which nothing is trusted: of each claim the last."""
    last = {}
    for file in files:
        given = file.get("wagers")
        last |= given if isinstance(given, dict) else {}
    for claim, value in last.items():
        if claim in OPEN and (two := _valid(value, OPEN[claim])):
            yield Wager(learner, claim, *two)


def pooled(wagers: Iterable[Wager]) -> list[Pooled]:
    """The wagers claim by claim, in the claims' order, without those on which nobody wagered."""
    of: dict[str, list[Wager]] = {}
    for wager in wagers:
        of.setdefault(wager.claim, []).append(wager)
    return [
        Pooled(
            claim,
            len(of[claim.id]),
            sum(one.low <= claim.figure.number <= one.high for one in of[claim.id]),
            median(one.low for one in of[claim.id]),
            median(one.high for one in of[claim.id]),
        )
        for claim in CLAIMS
        if claim.id in of
    ]


def write(found: Sequence[Pooled], out: Path) -> None:
    """Write a row for each claim beside the table, if there is one, or was when the class was graded before."""
    path = place(out)
    if found or path.exists():
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([COLUMNS, *(one.cells() for one in found)])


def place(out: Path) -> Path:
    """The table of wagers that belongs to a table of answers."""
    return out.with_name(f"{out.stem}_wagers.csv")


def _literals(source: str, name: str = "") -> Iterator[object]:
    """The values that statements of a cell give to this name, or to any, where they are literals."""
    body = tree(source)
    for node in here(body.body) if body else ():
        targets = getattr(node, "targets", None) or [getattr(node, "target", None)]
        named = {target.id for target in targets if isinstance(target, ast.Name)}
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value and named:
            if name and name not in named:
                continue
            try:
                yield ast.literal_eval(node.value)
            except (*UNREADABLE, TypeError):  # an expression, or a name
                continue


def _valid(value: object, figure: Counted) -> tuple[float, float] | None:
    try:
        return ends(value, figure)
    except NoWager:
        return None

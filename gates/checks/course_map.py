"""The map of the course: its lessons as links, and what the learner has passed, seen and met in each.

Links are relative: a lesson's edition lies beside the others of its kind, or in a folder below them.
"""

import html
from collections.abc import Collection, Iterator
from pathlib import Path

from gates.checks import progress
from gates.exercises import EXERCISES, MISTAKES
from gates.facts import Facts
from gates.lessons import ALL

HOME = "home.ipynb"


def exercises(page: Facts) -> list[str]:
    """A lesson's exercises, in the order in which it asks them."""
    known = [name for name, task in EXERCISES.items() if task.lesson == page.number]
    place = {name: k for k, name in enumerate(page.checks)}
    return sorted(known, key=lambda name: place.get(name, len(place)))


def _way(file: str) -> str:
    """From where the notebook runs, the way to a file beside it or one folder up."""
    return f"../{file}" if not Path(file).exists() and Path("..", file).exists() else file


class Map:
    """The map of lessons, for a notebook or a terminal.

    record: what gates.checks.progress keeps. laid: the notebooks that there are to link to, by name; all, if left out.
    """

    def __init__(self, record: dict, laid: Collection[str] | None = None) -> None:
        self.record, self.pages = record, ALL
        self.laid = {page.file for page in ALL.values()} if laid is None else laid

    def _entry(self, name: str) -> dict:
        return self.record["exercises"].get(name, {})

    def _state(self, name: str) -> tuple[str, str]:
        entry = self._entry(name)
        if entry.get("status") == "passed":
            return "✓", "passed, after seeing the answer" if entry.get("seen") else "passed"
        if entry.get("seen"):
            return "◐", "answer seen"
        return ("◌", "tried") if entry.get("failures") else ("○", "open")

    def _of(self, page: Facts) -> list[tuple[str, str, str]]:
        """For each exercise of a lesson, what it asks, with a sign and a word for where the learner is."""
        return [(f"{name}: {EXERCISES[name].asks}", *self._state(name)) for name in exercises(page)]

    def begun(self, number: str) -> bool:
        """Whether any exercise of a lesson has been tried."""
        return any(word != "open" for _, _, word in self._of(self.pages[number]))

    def next(self) -> Facts | None:
        """The first lesson with an exercise that is not passed; None when all are."""
        for page in self.pages.values():
            if any(not word.startswith("passed") for _, _, word in self._of(page)):
                return page
        return None

    def _title(self, page: Facts) -> str:
        return f"{page.number} {page.title}"

    def _lines(self) -> Iterator[str]:
        """A line for each exercise of a lesson that has been begun, and one for each other lesson."""
        for number, page in self.pages.items():
            of_it = self._of(page)
            if not self.begun(number):
                of_it = [(f"{len(of_it)} exercises", "○", "open")]
            for task, sign, word in of_it:
                yield f"{sign} {self._title(page):24} {task} ({word})"

    def _mistakes(self) -> dict[str, list[str]]:
        """The mistakes met, those that were overcome apart from those that are still open."""
        met = {}
        for title, of in (
            ("Mistakes still open", progress.still_open),
            ("Mistakes met and overcome", progress.overcome),
        ):
            met[title] = [
                f"{name}: {MISTAKES[mistake].sentence}"
                for name, entry in self.record["exercises"].items()
                for mistake in of(entry)
                if mistake in MISTAKES
            ]
        return {title: lines for title, lines in met.items() if lines}

    def _predictions(self) -> list[str]:
        settled = [p for p in self.record["predictions"].values() if "right" in p]
        right = sum(p["right"] for p in settled)
        return [f"Predictions: {right} of {len(settled)} right."] if settled else []

    def _wagers(self) -> list[str]:
        """How many wagers held what was measured; a record that was made by hand may have none."""
        made = self.record.get("wagers", {}).values()
        held = [wager["held"] for wager in made if "held" in wager]
        if held:
            said = f"{sum(held)} of {len(held)} held what was measured; four in five are meant."
            return [f"Wagers: {said}"]
        return [f"Wagers: {len(made)} made, none settled yet."] if made else []

    def __str__(self) -> str:
        met = [
            line
            for title, lines in self._mistakes().items()
            for line in (f"{title}:", *(f"— {line}" for line in lines))
        ]
        return "\n".join([*self._lines(), *self._predictions(), *self._wagers(), *met])

    def _row(self, page: Facts) -> str:
        of_it, title = self._of(page), html.escape(self._title(page))
        name = (
            f'<a href="{html.escape(_way(page.file))}">{title}</a>'
            if page.file in self.laid
            else title
        )
        passed = sum(word.startswith("passed") for _, _, word in of_it)
        if self.begun(page.number):
            items = "".join(f"<li>{sign} {html.escape(f'{t} ({w})')}</li>" for t, sign, w in of_it)
            state = f"<details><summary>{passed} of {len(of_it)} passed</summary>"
            state += f'<ul style="list-style: none; padding-left: 0">{items}</ul></details>'
        else:
            state = f"○ {len(of_it)} exercises, open"
        cells = (html.escape(page.question), str(page.minutes), state)
        left = "text-align: left; vertical-align: top"
        row = "".join(f'<td style="{left}">{cell}</td>' for cell in cells)
        return f'<tr><th scope="row" style="{left}">{name}</th>{row}</tr>'

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, str]:
        columns = ("lesson", "the question it answers", "minutes", "exercises")
        head = "".join(f'<th scope="col" style="text-align: left">{name}</th>' for name in columns)
        rows = "".join(self._row(page) for page in self.pages.values())
        shown = (
            "<table><caption>The course, and how far you are</caption>"
            f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        )
        shown += "".join(f"<p>{line}</p>" for line in [*self._predictions(), *self._wagers()])
        for title, lines in self._mistakes().items():
            items = "".join(f"<li>{html.escape(line)}</li>" for line in lines)
            opened = " open" if "open" in title else ""
            shown += f"<details{opened}><summary>{title}: {len(lines)}</summary><ul>{items}</ul></details>"
        if (page := self.next()) and page.file in self.laid and self.record["exercises"]:
            name = html.escape(self._title(page))
            shown += f'<p>Go on with <a href="{html.escape(_way(page.file))}">{name}</a>.</p>'
        if Path(_way(HOME)).exists():
            shown += (
                f'<p><a href="{_way(HOME)}">Home: all lessons, the cheat sheet, the claims</a></p>'
            )
        return {"text/plain": str(self), "text/html": shown}


def show() -> Map:
    """The map of lessons: what is passed, what was seen, which misconceptions were met."""
    record = progress.read()
    if told := progress.news():
        print(told)
    return Map(record)

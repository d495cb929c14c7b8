"""What a source has to keep to; the build stops where it does not."""

import re
from pathlib import Path

from gates.build.exercises import asked
from gates.build.sources import BEGIN, END, Lesson, has, read
from gates.exercises import EXERCISES
from gates.wagers import name_of

LONGEST_CELL = 15
_CHECKED = re.compile(r"\b(?:check|predict)\(\s*[\"'](\w+)[\"']")
_WAGERED = re.compile(r"\bwager\(\s*[\"'](C\d\d)[\"']")
_GIVEN = re.compile(r"\b(?:check|show_me)\(\s*[\"'](\w+)[\"']")


def load(path: Path) -> Lesson:
    """Read a source and check it; a bad one raises BadSource, or BadFacts for its front matter."""
    lesson = read(path)
    _check_cells(lesson)
    _check_exercises(lesson)
    _check_parameters(lesson)
    return lesson


def _check_cells(lesson: Lesson) -> None:
    for cell in lesson.notebook.cells:
        if cell.cell_type == "markdown" and (
            found := re.search(r"^(```|:::)\{|\{\w+\}`", cell.source, re.M)
        ):
            raise lesson.bad(
                cell,
                f"{found.group()!r} is a MyST directive or role, which a notebook shows as raw text.",
            )
        if cell.cell_type == "code":
            lines = [
                line
                for line in cell.source.splitlines()
                if line.strip() and line.strip() not in (BEGIN, END)
            ]
            if len(lines) > LONGEST_CELL:
                raise lesson.bad(
                    cell, f"it has {len(lines)} lines; {LONGEST_CELL} are the most. Split it."
                )
            inside = False
            for line in cell.source.splitlines():
                if line.strip() == (END if not inside else BEGIN):
                    raise lesson.bad(cell, f"`{line.strip()}` without its counterpart before it.")
                inside = not inside if line.strip() in (BEGIN, END) else inside
            if inside:
                raise lesson.bad(cell, f"`{BEGIN}` is not closed by `{END}`.")


def _check_exercises(lesson: Lesson) -> None:
    cells = [cell for cell in lesson.notebook.cells if cell.cell_type == "code"]
    for order, cell in enumerate(cells):
        for name in _GIVEN.findall(cell.source):
            if name not in EXERCISES:
                raise lesson.bad(cell, f"there is no exercise {name!r} in gates/exercises/.")
        if BEGIN in cell.source and not has(cell, "exercise"):
            raise lesson.bad(cell, "it holds a solution, so it needs the tag `exercise`.")
        if not has(cell, "exercise"):
            continue
        names = asked(lesson, cell)
        below = "\n".join(later.source for later in cells[order + 1 :])
        checked = {*_CHECKED.findall(below), *map(name_of, _WAGERED.findall(below))}
        if missing := [name for name in names if name not in checked]:
            call = f'check("{missing[0]}")'
            if claim := re.fullmatch(r"wager_(c\d\d)", missing[0]):
                call = f'wager("{claim[1].upper()}")'
            what = f"the exercise {missing[0]} has no check: add a cell with {call}."
            raise lesson.bad(cell, what)


def _check_parameters(lesson: Lesson) -> None:
    tagged = [cell for cell in lesson.notebook.cells if has(cell, "parameters")]
    experiments = [cell for cell in lesson.notebook.cells if has(cell, "experiment")]
    if len(tagged) > 1:
        raise lesson.bad(tagged[1], "it is a second cell tagged `parameters`; there may be one.")
    for cell in tagged:
        code = [c.source for c in lesson.notebook.cells if c.cell_type == "code" and c is not cell]
        if not any(re.search(r"^valid\(", source, re.M) for source in code):
            what = "its parameters are not checked: add a cell below it that calls `valid(…)` from gates.settings."
            raise lesson.bad(cell, what)
    if experiments and not tagged:
        raise lesson.bad(
            experiments[0], "it is an experiment, so the lesson needs a cell tagged `parameters`."
        )

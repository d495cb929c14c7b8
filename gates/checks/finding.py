"""Which cell answers which exercise, in a notebook file or in the history of a running notebook.

A cell of the course has an id, such as `03-lstm-update`, and an exercise cell the tag `exercise`. Where they are known they
decide: such a cell answers its own exercise, whatever stands in it. A notebook that was copied by hand, or that another
program has given other ids, has only its code to go by: there a cell answers an exercise if it gives the exercise's name a value,
and if the notebook is one of the exercise's lesson, since other lessons use some of these names for other things.
"""

import ast
import functools
import re
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass

from gates.checks.sources import calls, here, tree
from gates.exercises import EXERCISES
from gates.lessons import LESSONS

_ID = re.compile(r"(\d\d)-(.+)")
_OTHERWISE_NAMED = re.compile(r"script-(\d+)-diagnosis")
_COURSE = ("check", "predict")


@dataclass(frozen=True)
class Cell:
    """A code cell: what stands in it, and its id and tags where they are known."""

    source: str
    id: str = ""
    tags: Sequence[str] = ()


def answers_to(exercise: str, cells: Sequence[Cell]) -> list[int]:
    """The numbers of the cells that answer an exercise, in order; in a history the last of them is what is to be judged.

    A cell whose id says that it is the exercise's counts even if it does not bind the name: then it is empty, or its
    function has another name. A cell known by its code alone counts if it stands before the last check of that
    exercise, as that is the value which the check sees; one below it is taken for a trial, and counts only where
    no other holds an answer. The name may also be a prediction's.
    """
    checked = [_named(cell.source, exercise, _COURSE) for cell in cells]
    last = max((number for number, yes in enumerate(checked) if yes), default=len(cells))
    own = [number for number in range(len(cells)) if exercise in _told(cells, number)]
    by_code: list[int] = []
    if exercise not in EXERCISES or any(checked) or _of_its_lesson(exercise, cells):
        by_code = [
            number
            for number, cell in enumerate(cells)
            if number not in own and _may_hold(cell, exercise) and exercise in bound(cell.source)
        ]
    found = sorted({*own, *(number for number in by_code if number <= last)})
    if not any(filled(exercise, cells[number].source) for number in found):
        found = sorted({*found, *by_code})
    return found


def answered(cells: Sequence[Cell]) -> dict[str, list[int]]:
    """For each exercise that these cells answer or check, the numbers of the cells that answer it; none for one that
    is checked only."""
    asked = {name for cell in cells for name in checks(cell.source)}
    found = {}
    for exercise in EXERCISES:
        numbers = answers_to(exercise, cells)
        if numbers or exercise in asked:
            found[exercise] = numbers
    return found


@functools.lru_cache(maxsize=4096)
def asked_by(id: str) -> str | None:
    """The exercise that the cell of this id asks for, as `03-lstm-update` asks for lstm_update; None if for none."""
    match = _ID.fullmatch(id)
    if not match:
        return None
    name = _OTHERWISE_NAMED.sub(r"diagnosis-\1", match[2]).replace("-", "_")
    return name if name in EXERCISES and EXERCISES[name].lesson == match[1] else None


@functools.lru_cache(maxsize=4096)
def checks(source: str) -> frozenset[str]:
    """The exercises that a cell checks."""
    return _first_words(source, _COURSE[:1]) & EXERCISES.keys()


@functools.lru_cache(maxsize=4096)
def bound(source: str) -> frozenset[str]:
    """The names that a cell gives a value at module level, but for what a check hands back.

    A call, a keyword, a comparison and a bare annotation bind nothing. Of code that Python cannot read, the names after
    `def` and before `=` at the start of a line.
    """
    body = tree(source)
    if body is None:
        given = re.findall(
            r"^[ \t]*(?:async[ \t]+)?def[ \t]+(\w+)|^(\w+)[ \t]*=(?!=)", source, re.M
        )
        return frozenset(one or other for one, other in given) - _handed_back(source)
    return frozenset(name for node in here(body.body) for name in _targets(node))


def filled(exercise: str, source: str) -> bool:
    """Whether a cell gives the exercise's name more than the blank that the course hands out."""
    body = tree(source)
    if body is None:
        return exercise in bound(source)
    nodes = [node for node in here(body.body) if exercise in _targets(node)]
    return any(not _blank(node) for node in nodes)


def _told(cells: Sequence[Cell], number: int) -> Set[str]:
    """The exercises that a cell answers by its id or its tag."""
    cell = cells[number]
    if name := asked_by(cell.id):
        return {name}
    if "exercise" not in cell.tags or _of_the_course(cell):
        return set()
    if names := bound(cell.source) & _known(cells):
        return set(names)
    for below in cells[number + 1 :]:  # its name is gone: the check below it knows which it was
        if asked_by(below.id) or "exercise" in below.tags:
            break
        if names := checks(below.source):
            return names
    return set()


def _known(cells: Sequence[Cell]) -> set[str]:
    """The names that a tagged cell may ask for: those of the lessons in these cells, and what they check, predict
    or wager on."""
    lessons = _lessons(cells)
    asked = {name for name, task in EXERCISES.items() if not lessons or task.lesson in lessons}
    claims = {claim for cell in cells for claim in _first_words(cell.source, ("wager",))}
    wagers = {f"wager_{claim.lower()}" for claim in claims}
    return asked | wagers | {name for cell in cells for name in _first_words(cell.source)}


def _of_the_course(cell: Cell) -> bool:
    match = _ID.fullmatch(cell.id)
    return bool(match) and match[1] in LESSONS


def _may_hold(cell: Cell, exercise: str) -> bool:
    """Whether a cell may answer by its code: a cell of another lesson uses the name for something else."""
    of_lesson = _ID.fullmatch(cell.id)
    if exercise not in cell.source:
        return False
    if not of_lesson or of_lesson[1] not in LESSONS or exercise not in EXERCISES:
        return True
    return of_lesson[1] == EXERCISES[exercise].lesson


def _lessons(cells: Sequence[Cell]) -> set[str]:
    """The lessons that these cells are from, by their ids and by what they check."""
    by_id = {match[1] for cell in cells if (match := _ID.fullmatch(cell.id))} & LESSONS.keys()
    return by_id | {EXERCISES[name].lesson for cell in cells for name in checks(cell.source)}


def _of_its_lesson(exercise: str, cells: Sequence[Cell]) -> bool:
    lessons = _lessons(cells)
    return not lessons or EXERCISES[exercise].lesson in lessons


def _named(source: str, name: str, functions: tuple[str, ...]) -> bool:
    """Whether one of these functions is called with this name."""
    return name in source and name in _first_words(source, functions)


@functools.lru_cache(maxsize=4096)
def _first_words(source: str, functions: tuple[str, ...] = _COURSE) -> frozenset[str]:
    """The texts that these functions are called with."""
    if not any(function in source for function in functions):
        return frozenset()
    body = tree(source)
    if body is None:
        called = rf"\b(?:{'|'.join(functions)})\(\s*[\"'](\w+)[\"']"
        return frozenset(re.findall(called, source))
    return frozenset(_words(body, functions))


def _words(node: ast.AST, functions: Iterable[str]) -> Iterator[str]:
    for function, call in calls(node):
        given = [*call.args[:1], *(k.value for k in call.keywords if k.arg in ("exercise", "name"))]
        if function in functions and given and isinstance(given[0], ast.Constant):
            yield str(given[0].value)


def _handed_back(source: str) -> set[str]:
    return set(re.findall(r"^[ \t]*(\w+)[ \t]*=[ \t]*(?:\w+\.)*check\(", source, re.M))


def _targets(node: ast.stmt) -> Iterator[str]:
    """The names that one statement binds, without the statements in it."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield node.name
        return
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        yield from ((alias.asname or alias.name).split(".")[0] for alias in node.names)
        return
    value = getattr(node, "value", None)
    if isinstance(node, ast.AnnAssign) and value is None:
        return
    if isinstance(value, ast.Call) and any(
        f == "check" for f, call in calls(value) if call is value
    ):
        return
    inside = [part for part in ast.iter_child_nodes(node) if not isinstance(part, ast.stmt)]
    while inside:
        part = inside.pop()
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
            yield part.id
        own = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
        if not isinstance(part, (*own, ast.ExceptHandler, ast.match_case)):
            inside += [one for one in ast.iter_child_nodes(part) if not isinstance(one, ast.stmt)]


def _blank(node: ast.stmt) -> bool:
    """Whether a statement still has the `...` of the course in place of a value, or is a function without a body."""
    values = (getattr(inner, "value", None) for inner in ast.walk(node))
    if any(isinstance(value, ast.Constant) and value.value is ... for value in values):
        return True
    body = [
        part
        for part in getattr(node, "body", ())
        if not (isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant))
    ]
    empty = all(isinstance(part, ast.Pass) for part in body)
    return isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and empty

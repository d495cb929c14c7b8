"""What runs in a process of its own: reading one hand-in, or running one answer and judging it."""

import asyncio
import inspect
import linecache
from collections.abc import Callable

import gates.checks
from gates.checks.exercises import EXERCISES
from gates.checks.grading.notebooks import files
from gates.checks.grading.slicing import programs
from gates.checks.grading.text import message
from gates.checks.sources import UNREADABLE, compiled
from gates.checks.verdict import NOT_ATTEMPTED, RAISED

_FILE = "<exercise>"


class _NoKernel:
    """Stands where notebooks find the kernel: its magics and commands do nothing."""

    def run_line_magic(self, *_: object, **__: object) -> None: ...

    def run_cell_magic(self, *_: object, **__: object) -> None: ...

    def system(self, *_: object) -> None: ...

    def getoutput(self, *_: object, **__: object) -> list[str]:
        return []


def read(place: str, data: bytes) -> list[dict]:
    """What there is to judge in one hand-in: for each file in it its answers, or the problem with it."""
    found = []
    for inside, cells in files(place, data):
        if isinstance(cells, str):
            found.append({"place": inside, "problem": cells})
        else:
            found.append({"place": inside, "answers": programs(cells)})
    return found


def judged(exercise: str, candidates: list[dict]) -> dict:
    """The verdict on the first of these answers that is attempted, or on the first; `which` is its number.

    An answer may use answers to other exercises: those are judged on their own, and the course's stand in.
    """
    first = None
    for which, candidate in enumerate(candidates):
        report = _judged(exercise, candidate) | {"which": which}
        if report["status"] != NOT_ATTEMPTED:
            return report
        first = first or report
    return first or {"status": NOT_ATTEMPTED, "said": "", "which": -1}


def _judged(exercise: str, candidate: dict) -> dict:
    names = _notebook(exercise)
    stopped = []
    for k, statement in enumerate(candidate["before"]):
        if problem := _run(statement, f"<before {k}>", names):
            stopped.append(problem)
    cell = candidate["cell"]
    linecache.cache[_FILE] = (len(cell), None, cell.splitlines(True), _FILE)
    try:
        code = compiled(cell, _FILE)
    except SyntaxError as error:
        said = f"Python cannot read the cell: {error.msg}, line {error.lineno}."
        return {"status": RAISED, "said": said}
    except UNREADABLE as error:
        return {"status": RAISED, "said": f"Python cannot read the cell: {message(error)}"}
    problem = _run(code, _FILE, names)
    if problem and exercise not in names:
        said = f"The cell stops: {problem}"
        if stopped:
            said += f"\nA statement above it that it needs stops, too: {stopped[-1]}"
        return {"status": RAISED, "said": said}
    for k, statement in enumerate(candidate["after"]):
        _run(statement, f"<after {k}>", names)
    verdict = gates.checks.judge(exercise, names.get(exercise))
    return {"status": verdict.status, "mistakes": verdict.mistakes, "said": verdict.message}


def _run(code: object, file: str, names: dict) -> str:
    """Run a piece of a notebook; what stopped it, or nothing."""
    try:
        if isinstance(code, str):  # its text, for what asks for it: torch.jit.script, inspect
            linecache.cache[file] = (len(code), None, code.splitlines(True), file)
        made = compiled(code, file) if isinstance(code, str) else code
        result = eval(made, names)
        if inspect.iscoroutine(result):
            asyncio.run(result)
    except MemoryError:
        raise
    except BaseException as error:  # whatever it is, it is the answer's, and not ours
        return message(error)
    return ""


def _notebook(exercise: str) -> dict[str, object]:
    """The names that a notebook starts with, and the course's answers to other exercises."""
    names: dict[str, object] = {
        name: task.reference for name, task in EXERCISES.items() if name != exercise
    }
    kernel = _NoKernel()

    def as_it_is(name: str, *_: object, **__: object) -> object:
        return names.get(name)

    def nothing(*_: object, **__: object) -> None: ...

    stand_ins: dict[str, Callable] = {"check": as_it_is, "predict": nothing, "reveal": nothing}
    for name, stand_in in stand_ins.items():
        setattr(gates.checks, name, stand_in)
    names |= stand_ins
    names |= {"get_ipython": lambda: kernel, "display": nothing, "In": [], "Out": {}}
    names["__name__"] = "__main__"
    return names

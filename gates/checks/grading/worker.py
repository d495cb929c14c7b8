"""What runs in a process of its own: reading one hand-in, or running one answer and judging it."""

import asyncio
import importlib
import inspect
import linecache
import os
import sys
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import gates.checks
from gates.checks.grading.notebooks import cells, contents
from gates.checks.grading.room import wagers_in
from gates.checks.grading.slicing import lent, programs
from gates.checks.grading.text import message
from gates.checks.sources import UNREADABLE, compiled
from gates.checks.verdict import NOT_ATTEMPTED, RAISED
from gates.exercises import EXERCISES

_FILE = "<exercise>"
LARGEST_MODULE = 200_000  # bytes of one module beside a notebook


class _NoKernel:
    """Stands where notebooks find the kernel: its magics and commands do nothing."""

    def run_line_magic(self, *_: object, **__: object) -> None: ...

    def run_cell_magic(self, *_: object, **__: object) -> None: ...

    def system(self, *_: object) -> None: ...

    def getoutput(self, *_: object, **__: object) -> list[str]:
        return []


def read(place: str, data: bytes) -> list[dict]:
    """What there is in one hand-in: for each file in it its answers and its wagers, or the problem with it.

    A Python file that other files could import has its bytes with it, each as the character of that number. Of another
    file in a zip file there is the place only.
    """
    found: list[dict] = []
    for inside, content in contents(place, data):
        if content is None:
            found.append({"place": inside, "other": True})
        elif isinstance(content, str):
            found.append({"place": inside, "problem": content})
        elif isinstance(held := cells(inside, content), str):
            found.append({"place": inside, "problem": held})
        else:
            told = {"place": inside, "answers": programs(held), "wagers": wagers_in(held)}
            found.append(told | _module(inside, content))
    return found


def _module(place: str, data: bytes) -> dict:
    """What a notebook that imports this file needs of it."""
    path = PurePosixPath(place)
    if path.suffix != ".py" or not path.stem.isidentifier() or len(data) > LARGEST_MODULE:
        return {}
    return {"module": data.decode("latin-1"), "lent": lent(data.decode("utf-8", "replace"))}


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
    stopped: list[str] = []
    _lay_out(candidate.get("beside", {}))
    for k, statement in enumerate(candidate["before"]):
        if problem := _run(statement, f"<before {k}>", names):
            stopped.append(_stop("above", statement, problem))
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
        return {"status": RAISED, "said": "\n".join([said, *stopped[:1]])}
    for k, statement in enumerate(candidate["after"]):
        if problem := _run(statement, f"<after {k}>", names):
            stopped.append(_stop("below", statement, problem))
    verdict = gates.checks.judge(exercise, names.get(exercise))
    said = [verdict.message, *(stopped[:1] if verdict.status == RAISED else ())]
    return {"status": verdict.status, "mistakes": verdict.mistakes, "said": "\n".join(said)}


def _stop(where: str, statement: str, problem: str) -> str:
    """That a statement which an answer needs stopped, and at what."""
    first, *more = statement.split("\n")
    line = first[:100] + (" …" if more or len(first) > 100 else "")
    return f"A statement {where} it that it needs stops when it is graded: `{line}` ({problem})."


def _lay_out(modules: dict[str, str]) -> None:
    """Put the modules that lie beside a notebook into this process's own folder, where imports find them last."""
    for name, text in modules.items():
        path = Path(f"{name}.py")
        path.unlink(missing_ok=True)
        path.write_bytes(text.encode("latin-1"))
        path.chmod(0o444)
    if modules and os.getcwd() not in sys.path:
        sys.path.append(os.getcwd())
    importlib.invalidate_caches()


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
    stand_ins |= {"wager": nothing, "settle": nothing}
    for name, stand_in in stand_ins.items():
        setattr(gates.checks, name, stand_in)
    names |= stand_ins
    names |= {"get_ipython": lambda: kernel, "display": nothing, "In": [], "Out": {}}
    names["__name__"] = "__main__"
    return names

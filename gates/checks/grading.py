"""Grading a folder of notebooks: every exercise found in them, each in a process of its own, with limits.

The limits keep a notebook that is broken, endless or greedy from stopping the grading. They are no prison: a program
that means harm can still reach files and the network of whoever runs it, or report itself as right, so notebooks from
strangers belong in a container.
"""

import ast
import builtins
import contextlib
import csv
import io
import json
import linecache
import multiprocessing
import os
import re
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import psutil
from tqdm import tqdm

from gates.checks.catalogue import CATALOGUE
from gates.checks.exercises import EXERCISES
from gates.checks.verdict import NOT_ATTEMPTED, PASSED, RAISED, WRONG, WRONG_SHAPE

SECONDS, MEGABYTES = 30.0, 1500  # for one exercise
LARGEST_NOTEBOOK = 30_000_000  # bytes
LONGEST_REPORT, LONGEST_SAID = 100_000, 5_000  # bytes, characters
STATUSES = {PASSED, NOT_ATTEMPTED, RAISED, WRONG_SHAPE, WRONG}
STOPPED, UNREADABLE, EMPTY = "stopped", "unreadable", "no exercise"
COLUMNS = ("learner", "notebook", "exercise", "status", "mistakes", "said")


@dataclass(frozen=True)
class Row:
    """One line of the result: what was said of one exercise of one learner."""

    learner: str
    notebook: str
    exercise: str
    status: str
    mistakes: tuple[str, ...] = ()
    said: str = ""

    def cells(self) -> list[str]:
        """As a table shows it. A text that a spreadsheet would take for a formula is quoted."""
        said = " ".join(self.said.split())[:300]
        texts = [
            self.learner,
            self.notebook,
            self.exercise,
            self.status,
            " ".join(self.mistakes),
            said,
        ]
        return [f"'{text}" if text[:1] in "=+-@" and text else text for text in texts]


# Finding the answers


def notebooks(folder: Path) -> Iterator[tuple[str, Path]]:
    """Each notebook in a folder, with its learner: the subfolder it lies in, or else its own name."""
    for path in sorted(folder.rglob("*.ipynb")):
        inside = path.relative_to(folder)
        hidden = any(part.startswith(".") for part in inside.parts)
        if path.is_file() and not path.is_symlink() and not hidden:
            yield (inside.parts[0] if len(inside.parts) > 1 else path.stem), path


def code_cells(path: Path) -> list[str]:
    """The sources of a notebook's code cells; ValueError says what is wrong with a file that is no notebook."""
    if path.stat().st_size > LARGEST_NOTEBOOK:
        raise ValueError(f"it has more than {LARGEST_NOTEBOOK // 10**6} MB")
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        code = [cell["source"] for cell in cells if cell["cell_type"] == "code"]
        return ["".join(source) if isinstance(source, list) else str(source) for source in code]
    except (
        KeyError,
        TypeError,
        UnicodeDecodeError,
        json.JSONDecodeError,
        RecursionError,
    ) as problem:
        raise ValueError(f"it is no notebook ({type(problem).__name__})") from problem


def answers(cells: list[str]) -> dict[str, int]:
    """For each exercise that is answered in these cells, the number of the last cell that does."""
    found = {}
    for number, source in enumerate(cells):
        for name in re.findall(
            r"^(?:def\s+|async\s+def\s+|class\s+)?(\w+)\s*[(:=](?!=)", source, re.M
        ):
            is_check = re.search(rf"^{name}\s*=\s*check\(", source, re.M)
            if name in EXERCISES and not is_check:
                found[name] = number
    return found


def program(cells: list[str], number: int) -> tuple[str, str]:
    """What a cell needs from the cells before it, imports and whatever defines the names that it uses; and the cell."""
    wanted, chosen = _loaded(cells[number]), []
    for source in reversed(cells[:number]):
        try:
            statements = ast.parse(_without_magics(source)).body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        for statement in reversed(statements):
            given = _given(statement)
            if given & wanted - EXERCISES.keys() and not _calls_the_course(statement):
                chosen.append(ast.unparse(statement))
                wanted = (wanted - given) | _loaded(chosen[-1])
    return "\n\n".join(reversed(chosen)), _without_magics(cells[number])


def _without_magics(source: str) -> str:
    return re.sub(r"^[ \t]*[%!].*$", "", source, flags=re.M)


def _loaded(source: str) -> set[str]:
    """The names that a piece of code reads; of code that does not parse, all words in it."""
    try:
        nodes = list(ast.walk(ast.parse(_without_magics(source))))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set(re.findall(r"[A-Za-z_]\w*", source))
    read = {
        node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    return read - set(dir(builtins))


def _given(statement: ast.stmt) -> set[str]:
    """The names that a statement defines."""
    if isinstance(statement, (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)):
        return {statement.name}
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        return {(alias.asname or alias.name).split(".")[0] for alias in statement.names}
    stored = (node for node in ast.walk(statement) if isinstance(node, ast.Name))
    return {node.id for node in stored if isinstance(node.ctx, ast.Store)}


def _calls_the_course(statement: ast.stmt) -> bool:
    """Whether it is a check or a prediction, which have no business here."""
    called = {
        node.func.id
        for node in ast.walk(statement)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    return bool(called & {"check", "predict", "reveal", "show_me"})


# Judging one of them, in a process of its own


def _judged(exercise: str, before: str, cell: str) -> dict:
    """The verdict on a cell that should define the exercise's name, run after what it needs."""
    from gates.checks.judging import judge

    file = "<exercise>"
    linecache.cache[file] = (len(cell), None, cell.splitlines(True), file)
    # Answers to other exercises may be used in this one; they are judged on their own.
    names = {name: task.reference for name, task in EXERCISES.items() if name != exercise}
    try:
        exec(compile(before, "<before>", "exec"), names)
        exec(compile(cell, file, "exec"), names)
    except SyntaxError as error:
        said = f"Python cannot read the cell: {error.msg}, line {error.lineno}."
        return {"status": RAISED, "said": said}
    except (Exception, SystemExit, KeyboardInterrupt) as error:
        return {"status": RAISED, "said": f"The cell stops: {type(error).__name__}: {error}"}
    verdict = judge(exercise, names.get(exercise))
    return {"status": verdict.status, "mistakes": verdict.mistakes, "said": verdict.message}


def _limit(seconds: float, megabytes: int) -> None:
    """Limits of the operating system, where it has them; the parent watches time and memory in any case."""
    try:
        import resource
    except ImportError:
        return
    for kind, most in (
        (resource.RLIMIT_CPU, int(seconds) + 5),
        (resource.RLIMIT_FSIZE, 10**6),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_DATA, 4 * megabytes * 2**20),
    ):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))


def _work(
    channel: Connection,
    exercise: str,
    before: str,
    cell: str,
    folder: str,
    seconds: float,
    megabytes: int,
) -> None:
    """What the process does: nothing of it reaches the terminal, and its report is plain JSON."""
    import torch

    os.chdir(folder)
    os.environ.update(GATES_HOME=folder, HOME=folder)
    if hasattr(os, "setsid"):
        os.setsid()
    _limit(seconds, megabytes)
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    sys.stdin, sys.stdout = io.StringIO(), os.fdopen(nothing, "w")
    sys.stderr = sys.stdout
    torch.set_num_threads(1)
    try:
        report = _judged(exercise, before, cell)
    except MemoryError:
        report = {"status": STOPPED, "said": "It ran out of memory."}
    report["said"] = report["said"][:LONGEST_SAID]
    channel.send_bytes(json.dumps(report).encode())
    time.sleep(60)  # stay, so that the parent finds what this process has started; it ends them all


def _context() -> multiprocessing.context.BaseContext:
    """Processes forked from one that has imported what judging needs, where that can be had."""
    if "forkserver" in multiprocessing.get_all_start_methods():
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["gates.checks.judging", "gates.checks.grading"])
        return context
    return multiprocessing.get_context("spawn")


def _kill(process: multiprocessing.process.BaseProcess) -> None:
    """End a process and all that it has started."""
    with contextlib.suppress(psutil.Error):
        family = psutil.Process(process.pid).children(recursive=True)
        for member in family:
            with contextlib.suppress(psutil.Error):
                member.kill()
    with contextlib.suppress(OSError, AttributeError):
        os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.join()


def _resident(pid: int) -> float:
    """Megabytes that a process and its children hold."""
    total = 0
    with contextlib.suppress(psutil.Error):
        parent = psutil.Process(pid)
        for member in (parent, *parent.children(recursive=True)):
            with contextlib.suppress(psutil.Error):
                total += member.memory_info().rss
    return total / 2**20


def _report(channel: Connection) -> dict:
    """What the process sent, or why that cannot be used."""
    try:
        report = json.loads(channel.recv_bytes(LONGEST_REPORT))
        mistakes = tuple(m for m in report.get("mistakes", ()) if m in CATALOGUE)
        if report["status"] in STATUSES | {STOPPED}:
            return {"status": report["status"], "mistakes": mistakes, "said": str(report["said"])}
    except (EOFError, OSError):
        return {"status": STOPPED, "said": "Its process ended before it was done."}
    except (ValueError, KeyError, TypeError, AttributeError):
        pass
    return {"status": STOPPED, "said": "Its process gave no report that can be read."}


def judged_apart(
    exercise: str,
    before: str,
    cell: str,
    seconds: float = SECONDS,
    megabytes: int = MEGABYTES,
) -> dict:
    """The status, the mistakes and the words for one answer, judged in a process of its own."""
    context = _context()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        mine, its = context.Pipe(duplex=False)
        process = context.Process(
            target=_work, args=(its, exercise, before, cell, folder, seconds, megabytes)
        )
        process.start()
        its.close()
        begun = time.monotonic()
        try:
            while not mine.poll(0.05):
                if time.monotonic() - begun > seconds:
                    return {
                        "status": STOPPED,
                        "said": f"It was still running after {seconds:g} seconds.",
                    }
                if _resident(process.pid) > megabytes:
                    return {
                        "status": STOPPED,
                        "said": f"It took more than {megabytes} MB of memory.",
                    }
            return _report(mine)
        finally:
            _kill(process)
            mine.close()


# The whole folder


def rows(folder: Path, seconds: float = SECONDS, megabytes: int = MEGABYTES) -> Iterator[Row]:
    """A row for each exercise of each notebook, with a progress bar; a bad notebook is a row that says so."""
    tasks: list[Row | tuple[str, str, str, tuple[str, str]]] = []
    for learner, path in notebooks(folder):
        place = path.relative_to(folder).as_posix()
        try:
            cells = code_cells(path)
        except (ValueError, OSError) as problem:
            tasks.append(Row(learner, place, "", UNREADABLE, said=str(problem)))
            continue
        found = answers(cells)
        tasks += [(learner, place, name, program(cells, number)) for name, number in found.items()]
        if not found:
            said = "It holds no exercise of the course."
            tasks.append(Row(learner, place, "", EMPTY, said=said))
    for task in tqdm(tasks, unit="exercise"):
        if isinstance(task, Row):
            yield task
        else:
            learner, place, exercise, (before, cell) = task
            yield Row(
                learner, place, exercise, **judged_apart(exercise, before, cell, seconds, megabytes)
            )


def histogram(found: list[Row], most: int = 15) -> str:
    """The commonest mistakes, in how many answers each was met, as bars of text."""
    counts = Counter(mistake for row in found for mistake in row.mistakes)
    if not counts:
        return "No mistake was recognized."
    largest = max(counts.values())
    lines = ["The commonest mistakes:"]
    for mistake, count in counts.most_common(most):
        bar = "█" * max(1, round(20 * count / largest))
        lines.append(f"{count:4} {bar:20} {mistake}: {CATALOGUE[mistake].sentence}")
    return "\n".join(lines)


def grade(
    folder: Path, out: Path, seconds: float = SECONDS, megabytes: int = MEGABYTES
) -> list[Row]:
    """Grade a folder and write a CSV file, row by row, so that a stop loses nothing; returns the rows."""
    found = []
    with out.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(COLUMNS)
        try:
            for row in rows(folder, seconds, megabytes):
                found.append(row)
                table.writerow(row.cells())
                file.flush()
        except KeyboardInterrupt:
            print("Stopped. What is done so far is kept.", file=sys.stderr)
    return found

"""Grading a folder of hand-ins: every exercise found in them, each in a process of its own, with limits.

The floors inside, lowest first: text, rows (what is said), handins (files to bytes), notebooks (bytes to cells), slicing (what
an answer needs), room (what all wager), worker (what runs apart), guards (what keeps it from harm), keeper, apart (processes), roster, page.
"""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from tqdm import tqdm

from gates.checks.grading import apart, page, room, worker
from gates.checks.grading.apart import MEGABYTES, SECONDS, Outcome, cores
from gates.checks.grading.handins import (
    HandIn,
    hand_ins,
    is_of_lesson,
    is_result,
    no_answer,
    only,
)
from gates.checks.grading.notebooks import NO_WORK
from gates.checks.grading.room import Wager
from gates.checks.grading.roster import missing, unknown
from gates.checks.grading.rows import Row, Table, histogram
from gates.checks.grading.text import EMPTY, JUDGED, NOTHING, STOPPED, UNKNOWN, UNREADABLE, shown
from gates.checks.judging import judge
from gates.checks.verdict import NOT_ATTEMPTED
from gates.exercises import EXERCISES, MISTAKES
from gates.lessons import LESSONS

__all__ = ["MEGABYTES", "SECONDS", "Graded", "Row", "cores", "grade", "histogram", "rows"]
LONGEST_READ = 50_000_000  # bytes of what is found in one file
MOST_MODULES, MOST_OF_MODULES = 30, 1_000_000  # beside one notebook, and the bytes of all of them


@dataclass(frozen=True)
class Answer:
    """One learner's answers to one exercise, in all files: where each is, and how to run it; the last one first."""

    learner: str
    exercise: str
    places: tuple[str, ...]
    programs: tuple[dict, ...]

    @property
    def letter(self) -> str | None:
        """The letter that counts, where no code has to be run to know it; nothing if none is given."""
        for program in self.programs:
            if program["letter"] != "":
                return program["letter"]
        return "" if self.programs else None


@dataclass(frozen=True)
class Graded:
    """All that a grading says, and whether it was stopped before its end."""

    rows: list[Row]
    stopped: bool = False
    wagers: list[Wager] = field(default_factory=list)


def rows(
    folder: Path,
    seconds: float = SECONDS,
    megabytes: int = MEGABYTES,
    jobs: int = 1,
    roster: Iterable[str] | None = None,
    wagers: list[Wager] | None = None,
) -> Iterator[Row]:
    """A row for each exercise of each learner, with a progress bar; what cannot be graded is a row that says so.

    folder: a folder or one file. All hand-ins are read before the first answer is run. wagers: a list to which the wagers
    that were read are added, before the first row comes.
    """
    found = list(_tasks(folder, seconds, megabytes, jobs))
    tasks = [task for task in found if not isinstance(task, Wager)]
    if wagers is not None:
        wagers += [task for task in found if isinstance(task, Wager)]
    learners = list(dict.fromkeys(task.learner for task in tasks))
    if roster is not None:
        for name in unknown(roster, learners):
            yield Row(name, "", "", UNKNOWN, said="The roster has no such name.")
        for name in missing(roster, learners):
            yield Row(shown(name), "", "", NOTHING, said="On the roster, and no hand-in.")
    to_run = [task for task in tasks if isinstance(task, Answer) and task.letter is None]
    waiting = {id(task): None for task in to_run if task.programs}
    arguments = [(task.exercise, list(task.programs)) for task in to_run if task.programs]
    order = list(waiting)
    outcomes = apart.calls(worker.judged, arguments, jobs, seconds, megabytes)
    done: dict[int, Outcome] = {}
    with tqdm(total=len(tasks), unit="exercise") as progress:
        following = iter(tasks)
        try:
            for task in following:
                while id(task) in waiting and id(task) not in done:
                    number, outcome = next(outcomes)
                    done[order[number]] = outcome
                    progress.update()
                if id(task) not in waiting:
                    progress.update()
                yield task if isinstance(task, Row) else _row(task, done.get(id(task)))
        except KeyboardInterrupt:
            for task in following:  # those that were done before their turn
                if id(task) in done:
                    yield _row(task, done[id(task)])
            raise
        finally:
            outcomes.close()


def _tasks(
    folder: Path, seconds: float, megabytes: int, jobs: int
) -> Iterator[Row | Answer | Wager]:
    """What there is to judge, rows for what cannot be, and wagers, learner by learner."""
    given: list[HandIn] = []

    def readable() -> Iterator[tuple[str, bytes]]:
        for hand_in in hand_ins(folder):
            given.append(replace(hand_in, data=b""))
            if not hand_in.problem:
                numbers.append(len(given) - 1)
                yield shown(hand_in.place), hand_in.data

    numbers: list[int] = []
    read: dict[int, Outcome] = {}
    for number, outcome in apart.calls(
        worker.read, readable(), jobs, max(seconds, SECONDS), megabytes, LONGEST_READ
    ):
        read[numbers[number]] = outcome
    learners: dict[str, list[tuple[str, dict | Row]]] = {}
    for number, hand_in in enumerate(given):
        learner, place = shown(hand_in.learner), shown(hand_in.place)
        if hand_in.problem:
            status = NOTHING if hand_in.nothing_in_it else UNREADABLE
            row = Row(learner, place, "", status, said=shown(hand_in.problem))
            learners.setdefault(learner, []).append((place, row))
        elif read[number].problem:
            said = f"Reading it was ended. {read[number].problem}"
            row = Row(learner, place, "", UNREADABLE, said=said)
            learners.setdefault(learner, []).append((place, row))
        else:
            files = read[number].value
            owner = _owners(files, learner) if hand_in.of_a_class else {}
            for file in files:
                name = shown(owner.get(file["place"], learner))
                told = file.get("problem") == NO_WORK and file["place"] == place and owner
                if "other" not in file and not told:
                    learners.setdefault(name, []).append((shown(file["place"]), file))
            for name, others in _without(files, owner).items():
                if shown(name) not in learners:
                    said = shown(others[1])
                    row = Row(shown(name), shown(others[0]), "", NOTHING, said=said)
                    learners[row.learner] = [(row.notebook, row)]
    for learner, files in learners.items():
        yield from _of_learner(learner, files)


def _owners(files: list[dict], learner: str) -> dict[str, str]:
    """Whose each file in the zip file of a class is: as in a folder, below the folder that all are in.

    learner: whose the zip file is, if it holds one learner's notebooks.
    """
    places = [file["place"] for file in files]
    folders = {f"{parent}/" for place in places for parent in PurePosixPath(place).parents}
    parts = {
        place: PurePosixPath(place).parts[1:]
        for place in places
        if place not in folders and len(PurePosixPath(place).parts) > 1
    }
    parts = {
        place: inside
        for place, inside in parts.items()
        if len(inside) > 1 or place.endswith("/") or not is_result(place)
    }
    if any(len(inside) == 1 and is_of_lesson(inside[0]) for inside in parts.values()):
        return dict.fromkeys(parts, learner)
    firsts = {inside[0] for inside in parts.values()}
    in_one = len(firsts) == 1 and all(len(inside) > 1 for inside in parts.values())
    of_one = any(len(inside) == 2 and is_of_lesson(inside[1]) for inside in parts.values())
    if in_one and not of_one and not min(firsts).lower().endswith(".zip"):
        parts = {place: inside[1:] for place, inside in parts.items()}
    return {
        place: PurePosixPath(inside[0]).stem
        if inside[0].lower().endswith(".zip") or (len(inside) == 1 and not place.endswith("/"))
        else inside[0]
        for place, inside in parts.items()
        if len(inside) > 1 or place.endswith("/") or not is_result(place)
    }


def _without(files: list[dict], owner: dict[str, str]) -> dict[str, tuple[str, str]]:
    """Those in the zip file of a class who have no file that can hold an answer: where they are, and what is said."""
    others: dict[str, list[str]] = {}
    for file in files:
        if "other" in file and file["place"] in owner:
            others.setdefault(owner[file["place"]], []).append(file["place"])
    found = {}
    for name, places in others.items():
        names = [PurePosixPath(place).name for place in places if not place.endswith("/")]
        alone = len(names) == 1 and PurePosixPath(names[0]).stem == name
        found[name] = places[0], no_answer(names[0]) if alone else only(names)
    return found


def _of_learner(
    learner: str, files: list[tuple[str, dict | Row]]
) -> Iterator[Row | Answer | Wager]:
    found: dict[str, list[tuple[str, dict]]] = {}
    modules = {
        file["place"]: file for _, file in files if isinstance(file, dict) and "module" in file
    }
    for place, file in files:
        if isinstance(file, Row):
            yield file
        elif "problem" in file:
            yield Row(learner, place, "", UNREADABLE, said=shown(file["problem"]))
        elif not file["answers"]:
            yield Row(learner, place, "", EMPTY, said="It holds no exercise of the course.")
        else:
            for exercise, programs in file["answers"].items():
                some = found.setdefault(exercise, [])
                some[:0] = [(place, _with_modules(file, program, modules)) for program in programs]
    for exercise in EXERCISES:
        if exercise in found:
            places = tuple(place for place, _ in found[exercise])
            if not places:
                places = tuple(p for p, file in files if _asks(file, exercise))[-1:]
            programs = tuple(program for _, program in found[exercise])
            yield Answer(learner, exercise, places, programs)
    yield from room.of_learner(learner, [file for _, file in files if isinstance(file, dict)])


def _with_modules(file: dict, program: dict, modules: dict[str, dict]) -> dict:
    """An answer with the modules that lie in its notebook's folder, where it imports one of them."""
    folder = PurePosixPath(file["place"]).parent
    beside = {
        PurePosixPath(place).stem: module
        for place, module in modules.items()
        if PurePosixPath(place).parent == folder and place != file["place"]
    }
    if not beside.keys() & set(program["imports"]) or len(beside) > MOST_MODULES:
        return program
    if sum(len(module["module"]) for module in beside.values()) > MOST_OF_MODULES:
        return program
    uses = {use for name in program["imports"] if name in beside for use in beside[name]["lent"]}
    return program | {
        "beside": {name: module["module"] for name, module in beside.items()},
        "uses": sorted({*program["uses"], *uses}),
    }


def _asks(file: dict | Row, exercise: str) -> bool:
    return isinstance(file, dict) and exercise in file.get("answers", ())


def _row(answer: Answer, outcome: Outcome | None) -> Row:
    """The row of an answer, from what its process reported, of which nothing is trusted."""
    if not answer.programs:
        said = "The notebook checks it, and no cell answers it."
        place = answer.places[0] if answer.places else ""
        return Row(answer.learner, place, answer.exercise, NOT_ATTEMPTED, said=said)
    if outcome is None:
        status, mistakes, said, which = _letter(answer)
    elif outcome.problem:
        status, mistakes, said, which = STOPPED, (), outcome.problem, 0
    else:
        status, mistakes, said, which = _verdict(outcome.value, len(answer.programs))
    program = answer.programs[which]
    notes = [said, program["hint"] if status == NOT_ATTEMPTED else ""]
    if len(answer.programs) > 1:
        place = f"cell {program['number']} of {answer.places[which]}"
        notes.append(f"There are {len(answer.programs)} answers; the one in {place} counts.")
    return Row(
        answer.learner,
        answer.places[which],
        answer.exercise,
        status,
        mistakes,
        "\n".join(note for note in notes if note),
        outcome.seconds if outcome else 0.0,
        ", ".join(program["uses"]),
        shown(program["cell"], 20_000),
    )


def _letter(answer: Answer) -> tuple[str, tuple[str, ...], str, int]:
    given = [k for k, program in enumerate(answer.programs) if program["letter"]]
    verdict = judge(answer.exercise, answer.letter or None)
    return verdict.status, verdict.mistakes, verdict.message, given[0] if given else 0


def _verdict(report: object, most: int) -> tuple[str, tuple[str, ...], str, int]:
    unreadable = STOPPED, (), "Its process gave no report that can be read.", 0
    if not isinstance(report, dict) or report.get("status") not in JUDGED:
        return unreadable
    which, mistakes = report.get("which"), report.get("mistakes", [])
    if type(which) is not int or not 0 <= which < most or not isinstance(mistakes, list):
        return unreadable
    known = tuple(m for m in mistakes if isinstance(m, str) and m in MISTAKES)
    return report["status"], known, shown(report.get("said", "")), which


def grade(
    folder: Path,
    out: Path,
    seconds: float = SECONDS,
    megabytes: int = MEGABYTES,
    jobs: int = 1,
    roster: Iterable[str] | None = None,
) -> Graded:
    """Grade a folder: a CSV file, row by row, so that a stop loses nothing; beside it a page, feedback for each learner, and
    if there are wagers a CSV file of these."""
    found: list[Row] = []
    wagers: list[Wager] = []
    stopped = False
    with Table(out) as table:
        try:
            for row in rows(folder, seconds, megabytes, jobs, roster, wagers):
                found.append(row)
                table.add(row)
        except KeyboardInterrupt:
            stopped = True
            print("Stopped. What is done so far is kept.", file=sys.stderr)
    together = room.pooled(wagers)
    room.write(together, out)
    page.write(found, out, LESSONS, stopped, together)
    return Graded(found, stopped, wagers)

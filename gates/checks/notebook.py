"""What lessons call: look an answer up in the notebook, judge it, show the verdict, and let the lesson go on."""

import ast
import difflib
import functools
import inspect
import sys
from collections.abc import Callable, Sequence

from IPython.display import Code, display

from gates.checks import progress, session, wording
from gates.checks.finding import Cell, answers_to, bound
from gates.checks.judging import judge
from gates.checks.sources import compiled, plain, tree
from gates.checks.verdict import NOT_ATTEMPTED, RAISED, WRONG, Verdict
from gates.exercises import EXERCISES, Choice

session.attach()


SPELLING = "If you did, look at the name's spelling."


class StandIn:
    """The course's answer, standing in for the learner's, and saying so when it is printed."""

    def __init__(self, name: str, function: Callable) -> None:
        functools.update_wrapper(self, function)
        self.name = name

    def __call__(self, *args, **kwargs):
        return self.__wrapped__(*args, **kwargs)

    def __repr__(self) -> str:
        return f"<the course's {self.name}, standing in for yours>"


class Letter(str):
    """A letter that a check handed back; an object of its own, so that a new answer can be told from it."""


# For each exercise: what its last check handed back, what the learner had, and which cell that came from.
_handed_back: dict[str, tuple[object, object, int]] = {}


def check(exercise: str) -> object:
    """Judge the answer that the notebook holds under the exercise's name, and show the verdict.

    Returns the learner's answer if it is right and the course's if it is not. Never raises for what the answer does.
    An exercise that does not exist raises ValueError.
    """
    names = sys._getframe(1).f_globals
    verdict, learner, cell = _found(exercise, names)
    entry, unnoted = {"failures": 0}, ""
    if verdict.status != NOT_ATTEMPTED:
        try:
            entry = progress.note(exercise, verdict.status, verdict.mistakes)
        except progress.NOT_SAVED as problem:
            unnoted = unsaved(problem)
    task = EXERCISES[exercise]
    if verdict.passed:
        result = Letter(learner) if isinstance(task, Choice) else learner
    elif isinstance(task, Choice):
        result = Letter(task.reference)
        verdict = verdict.with_note("You can go on now and come back to it later.")
    else:
        result = StandIn(exercise, task.reference)
        verdict = verdict.with_note(f"From here on the lesson uses the course's {exercise}.")
    if not verdict.passed and entry["failures"] >= 2:
        verdict = verdict.with_note(
            f'In a new cell, show_me("{exercise}") shows the course\'s answer.'
        )
    for told in filter(None, (unnoted, progress.news())):
        verdict = verdict.with_note(told)
    _handed_back[exercise] = (result, learner, cell)
    display(verdict)
    return result


def unsaved(problem: Exception) -> str:
    """That nothing could be noted, and where."""
    where = progress.path()
    return f"This could not be noted in {where} ({type(problem).__name__}); the lesson goes on without."


def _found(exercise: str, names: dict) -> tuple[Verdict, object, int]:
    """The verdict on what the notebook holds, the learner's object, and the number of the cell that made it."""
    value, cells = names.get(exercise), session.cells(names)
    number = _latest(exercise, cells)
    before, learner, earlier = _handed_back.get(exercise, (None, None, -1))
    handed = value is not None and value is before  # still what the last check handed back
    if handed:
        value = learner
    if exercise not in EXERCISES:
        return judge(exercise, value), value, number  # which raises
    if said := _otherwise_bound(exercise, cells, number):
        return Verdict(exercise, NOT_ATTEMPTED, said), None, number
    similar = _similar(exercise, cells, max(number, earlier))
    if number < 0:
        if value is None:
            text = f"There is no {exercise} yet. Run the exercise cell, then this one. {similar or SPELLING}"
            return Verdict(exercise, NOT_ATTEMPTED, text), None, number
        return _judged(exercise, value), value, number
    source = cells[number].source
    if error := _syntax_error(source):
        return Verdict(exercise, RAISED, error), value, number
    stopped = session.failed(names, number)
    same = handed and number > earlier  # as if the cell had not run; or it binds the same function
    unbound = exercise not in names or (same and not (before is learner and stopped is False))
    if stopped and session.kept(names, number, exercise):
        unbound = True
    if unbound and stopped is False:
        text = f"The exercise cell ran and gave {exercise} no value. Does its definition stand where it is not reached?"
        return Verdict(exercise, NOT_ATTEMPTED, text), None, number
    choice = isinstance(EXERCISES[exercise], Choice)
    quotes = _without_quotes(exercise, source) if choice else ""
    if unbound:
        below = "; the error stands below it" if stopped else ""
        text = f"The exercise cell stopped before it was done{below}. {quotes}".rstrip()
        return Verdict(exercise, RAISED, text), value, number
    verdict = _judged(exercise, value)
    if quotes and not isinstance(value, str) and verdict.status != NOT_ATTEMPTED:
        verdict = verdict.with_note(quotes)
    if similar and not verdict.passed:
        verdict = verdict.with_note(similar)
    return verdict, value, number


def _judged(exercise: str, answer: object) -> Verdict:
    """The verdict on an answer. Where judging itself fails, on a result that nobody thought of, the verdict says so."""
    try:
        return judge(exercise, answer)
    except Exception as problem:
        text = f"The check cannot make sense of this answer ({type(problem).__name__}: {wording.said(problem)})."
        return Verdict(exercise, WRONG, text)


def _latest(name: str, cells: Sequence[Cell]) -> int:
    """The number of the cell that was run last of those that answer; -1 if there is none."""
    return max(answers_to(name, cells), default=-1)


def _otherwise_bound(exercise: str, cells: Sequence[Cell], number: int) -> str:
    """What to say where the exercise cell, that of this number, no longer defines the exercise's name; else empty."""
    own = cells[number].source if number >= 0 else ""
    if number < 0 or tree(own) is None or exercise in bound(own):
        return ""
    if others := sorted(bound(own) - _imported(own)):
        now = wording.listed([f"`{name}`" for name in others])
        return f"The exercise cell now defines {now}, and no {exercise}: give it that name again."
    return f"The exercise cell does not define {exercise}: it has to give this name a value."


def _similar(exercise: str, cells: Sequence[Cell], since: int) -> str:
    """What to say where a cell that was run after that number defines a function with nearly the exercise's name; else empty."""
    known = {*EXERCISES, *(name for cell in cells[: since + 1] for name in bound(cell.source))}
    for cell in reversed(cells[since + 1 :]):
        near = difflib.get_close_matches(
            exercise, _functions(cell.source) - known, n=1, cutoff=0.75
        )
        if near:
            return f"A cell that was run since defines `{near[0]}`. If that is your answer, its name has to be {exercise}."
    return ""


def _imported(source: str) -> set[str]:
    nodes = ast.walk(tree(source) or ast.Module([], []))
    imports = (node for node in nodes if isinstance(node, (ast.Import, ast.ImportFrom)))
    return {(a.asname or a.name).split(".")[0] for node in imports for a in node.names}


def _functions(source: str) -> set[str]:
    body = tree(source)
    return {node.name for node in body.body if isinstance(node, ast.FunctionDef)} if body else set()


def _without_quotes(name: str, source: str) -> str:
    """What to say where a cell gives a name a bare letter, as in `guess = a`; empty elsewhere."""
    for node in ast.walk(tree(source) or ast.Module([], [])):
        targets = getattr(node, "targets", None) or [getattr(node, "target", None)]
        value = getattr(node, "value", None)
        given = any(isinstance(target, ast.Name) and target.id == name for target in targets)
        if given and isinstance(value, ast.Name) and len(value.id) == 1:
            return f'A letter needs quotes: {name} = "{value.id}".'
    return ""


def _syntax_error(source: str) -> str | None:
    """What Python cannot read in a cell, in a sentence; None if it can. Jupyter's own syntax is no error."""
    if tree(source) is not None:
        return None
    try:
        compiled(plain(source))
    except SyntaxError as error:
        line = (error.text or "").strip()
        shown = f", `{line}`" if line else ""
        return f"Python cannot read the exercise cell: {error.msg}, on line {error.lineno}{shown}."
    except (ValueError, RecursionError, MemoryError) as error:
        return f"Python cannot read the exercise cell: {error}."
    return None


def tell_news() -> None:
    """Print what happened to the file of the progress, if anything did."""
    if told := progress.news():
        print(told)


def show_me(exercise: str) -> object:
    """Show the course's answer, and mark the exercise as seen."""
    if exercise not in EXERCISES:
        raise ValueError(f"There is no exercise {exercise!r}. There are: {', '.join(EXERCISES)}.")
    task = EXERCISES[exercise]
    try:
        progress.seen(exercise)
    except progress.NOT_SAVED as problem:
        print(unsaved(problem))
    tell_news()
    if isinstance(task, Choice):
        return task.reference
    return Code(inspect.getsource(task.reference), language="python")


def did_not_run(name: str, names: dict) -> bool:
    """Whether the last cell that gives this name a value cannot be read, or stopped before it did."""
    cells = session.cells(names)
    number = _latest(name, cells)
    if number < 0:
        return False
    stopped = session.failed(names, number) and session.kept(names, number, name)
    return bool(_syntax_error(cells[number].source) or stopped or name not in names)


def predict(name: str, options: str = "abcd") -> None:
    """Commit to a prediction: the letter the notebook holds under that name. The first counts; `...` is none.

    options: the letters to choose from.
    """
    names = sys._getframe(1).f_globals
    guess, cells = names.get(name), session.cells(names)
    number = _latest(name, cells)
    source = cells[number].source if number >= 0 else ""
    letters = ", ".join(f'"{letter}"' for letter in options)
    quotes = _without_quotes(name, source)
    if quotes and not (isinstance(guess, str) and not session.failed(names, number)):
        print(f"{quotes} Write one of {letters}, and run both cells again.\nNothing was recorded.")
        return
    if did_not_run(name, names):
        print(
            f"The cell above did not run. Write one of {letters}, with the quotes, and run both again."
        )
        return
    if guess is None or guess is ...:
        print("No prediction yet. That is fine, but a guess you can be wrong about teaches more.")
        return
    letter = guess.strip().lower() if isinstance(guess, str) else ""
    if len(letter) != 1 or letter not in options:
        print(f"A prediction is one of {letters}, with the quotes. Nothing was recorded.")
        return
    try:
        with progress.changing() as record:
            entry = record["predictions"].setdefault(name, {"guess": letter})
    except progress.NOT_SAVED as problem:
        print(unsaved(problem))
        return
    tell_news()
    if entry["guess"] == letter:
        print(f"Your prediction is {letter}. It is recorded, and the first one counts.")
    else:
        print(
            f"You now say {letter}. Your first prediction, {entry['guess']}, is the one that counts."
        )


def reveal(name: str, measured: str) -> None:
    """Set the prediction of that name against the letter that was measured, and say how one's predictions do."""
    try:
        with progress.changing() as record:
            entry = record["predictions"].get(name)
            if entry is not None:
                entry["measured"], entry["right"] = measured, entry["guess"] == measured
            settled = [e["right"] for e in record["predictions"].values() if "right" in e]
    except progress.NOT_SAVED as problem:
        print(f"Measured: {measured}. {unsaved(problem)}")
        return
    tell_news()
    if entry is None:
        print(f"Measured: {measured}. You had not made a prediction.")
        return
    print(
        f"Measured: {measured}. You said {entry['guess']}: {'right' if entry['right'] else 'not so'}."
    )
    print(f"Predictions so far: {sum(settled)} of {len(settled)} right.")

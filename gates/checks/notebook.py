"""What lessons call: look an answer up in the notebook, judge it, show the verdict, and let the lesson go on."""

import ast
import functools
import inspect
import re
import sys
from collections.abc import Callable

from IPython.display import Code, display

from gates.checks import progress
from gates.checks.exercises import EXERCISES, Choice
from gates.checks.judging import judge
from gates.checks.verdict import NOT_ATTEMPTED, RAISED, Verdict


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
    entry, unsaved = {"failures": 0}, ""
    if verdict.status != NOT_ATTEMPTED:
        try:
            entry = progress.note(exercise, verdict.status, verdict.mistakes)
        except progress.NOT_SAVED as problem:
            unsaved = _unsaved(problem)
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
    if unsaved:
        verdict = verdict.with_note(unsaved)
    _handed_back[exercise] = (result, learner, cell)
    display(verdict)
    return result


def _unsaved(problem: Exception) -> str:
    where = progress.path()
    return f"This could not be noted in {where} ({type(problem).__name__}); the lesson goes on without."


def _found(exercise: str, names: dict) -> tuple[Verdict, object, int]:
    """The verdict on what the notebook holds, the learner's object, and the number of the cell that made it."""
    value = names.get(exercise)
    cell, source = _latest_cell(exercise, names.get("In", []))
    before, learner, earlier = _handed_back.get(exercise, (None, None, -1))
    stopped = source is not None and exercise not in names
    if (
        value is not None and value is before
    ):  # the name still holds what the last check handed back
        stopped = cell > earlier
        value = learner
    if error := _syntax_error(source):
        return Verdict(exercise, RAISED, error), value, cell
    if stopped:
        text = "The exercise cell stopped before it was done; the error stands below it."
        text += " A letter needs quotes." if isinstance(EXERCISES.get(exercise), Choice) else ""
        return Verdict(exercise, RAISED, text), value, cell
    if source is None and value is None and exercise in EXERCISES:
        text = f"There is no {exercise} yet. Run the exercise cell, then this one. If you did, look at the name's spelling."
        return Verdict(exercise, NOT_ATTEMPTED, text), None, cell
    return judge(exercise, value), value, cell


def _latest_cell(exercise: str, history: list[str]) -> tuple[int, str | None]:
    """The last cell that was run and gives the exercise's name a value: its number and its source."""
    gives = re.compile(rf"^\s*(def\s+{exercise}\b|{exercise}\s*=(?!=))", re.M)
    asks = re.compile(rf"^\s*(\w+\s*=\s*)?check\(\s*[\"']{exercise}[\"']", re.M)
    for number in range(len(history) - 1, -1, -1):
        if gives.search(history[number]) and not asks.search(history[number]):
            return number, history[number]
    return -1, None


def _syntax_error(source: str | None) -> str | None:
    """What Python cannot read in a cell, in a sentence; None if it can."""
    if source is None:
        return None
    try:
        ast.parse(source)
    except SyntaxError as error:
        line = (error.text or "").strip()
        shown = f", `{line}`" if line else ""
        return f"Python cannot read the exercise cell: {error.msg}, on line {error.lineno}{shown}."
    return None


def show_me(exercise: str) -> object:
    """Show the course's answer, and mark the exercise as seen."""
    if exercise not in EXERCISES:
        raise ValueError(f"There is no exercise {exercise!r}. There are: {', '.join(EXERCISES)}.")
    task = EXERCISES[exercise]
    try:
        progress.seen(exercise)
    except progress.NOT_SAVED as problem:
        print(_unsaved(problem))
    if isinstance(task, Choice):
        return task.reference
    return Code(inspect.getsource(task.reference), language="python")


def predict(name: str, options: str = "abcd") -> None:
    """Commit to a prediction: the letter the notebook holds under that name. The first counts; `...` is none.

    options: the letters to choose from.
    """
    names = sys._getframe(1).f_globals
    guess = names.get(name)
    _, source = _latest_cell(name, names.get("In", []))
    letters = ", ".join(f'"{letter}"' for letter in options)
    if _syntax_error(source) or (source is not None and name not in names):
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
        print(_unsaved(problem))
        return
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
        print(f"Measured: {measured}. {_unsaved(problem)}")
        return
    if entry is None:
        print(f"Measured: {measured}. You had not made a prediction.")
        return
    print(
        f"Measured: {measured}. You said {entry['guess']}: {'right' if entry['right'] else 'not so'}."
    )
    print(f"Predictions so far: {sum(settled)} of {len(settled)} right.")

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
from gates.checks.verdict import NOT_ATTEMPTED, PASSED, RAISED, Verdict


class StandIn:
    """The course's answer, standing in for the learner's; it remembers theirs so that a second check judges it again."""

    def __init__(self, name: str, function: Callable, learner: object, cell: int) -> None:
        functools.update_wrapper(self, function)
        self.name, self.learner, self.cell = name, learner, cell

    def __call__(self, *args, **kwargs):
        return self.__wrapped__(*args, **kwargs)

    def __repr__(self) -> str:
        return f"<the course's {self.name}, standing in for yours>"


class StandInLetter(str):
    """The right letter, standing in for the learner's."""

    learner: object = None
    cell: int = 0


def check(exercise: str) -> object:
    """Judge the answer that the notebook holds under the exercise's name, and show the verdict.

    Returns the learner's answer if it is right and the course's if it is not. Never raises for what the answer does.
    An exercise that does not exist raises ValueError.
    """
    names = sys._getframe(1).f_globals
    verdict, learner, cell = _found(exercise, names)
    entry = {"failures": 0}
    if verdict.status != NOT_ATTEMPTED:
        entry = progress.note(exercise, verdict.status, verdict.mistakes)
    if verdict.status == PASSED:
        display(verdict)
        return learner
    task = EXERCISES[exercise]
    if isinstance(task, Choice):
        stand_in = StandInLetter(task.reference)
        stand_in.learner, stand_in.cell = learner, cell
        after = "You can go on now and come back to it later."
    else:
        stand_in = StandIn(exercise, task.reference, learner, cell)
        after = f"From here on the lesson uses the course's {exercise}."
    if entry["failures"] >= 2:
        after += f' If you would like to see it: show_me("{exercise}").'
    display(verdict.with_note(after))
    return stand_in


def _found(exercise: str, names: dict) -> tuple[Verdict, object, int]:
    """The verdict on what the notebook holds, the learner's object, and the number of the cell that made it."""
    value = names.get(exercise)
    cell, source = _latest_cell(exercise, names.get("In", []))
    stale = False
    if isinstance(value, (StandIn, StandInLetter)):
        stale = cell > value.cell  # the exercise cell ran again and gave the name no value
        value, cell = value.learner, max(cell, value.cell)
    error = _syntax_error(source)
    if error:
        return Verdict(exercise, RAISED, error), value, cell
    if source is None and value is None and EXERCISES.get(exercise):
        text = "The exercise cell has not been run yet. Run it, then this one."
        return Verdict(exercise, NOT_ATTEMPTED, text), None, cell
    if stale or (source is not None and exercise not in names):
        text = "The exercise cell stopped before it was done; the error stands below it."
        return Verdict(exercise, RAISED, text), value, cell
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
    progress.seen(exercise)
    if isinstance(task, Choice):
        return task.reference
    return Code(inspect.getsource(task.reference), language="python")


def predict(name: str) -> None:
    """Commit to a prediction: the value the notebook holds under that name. The first one counts; `...` is none."""
    guess = sys._getframe(1).f_globals.get(name, ...)
    if guess is None or guess is ...:
        print("No prediction yet. That is fine, but a guess you can be wrong about teaches more.")
        return
    with progress.changing() as record:
        entry = record["predictions"].setdefault(name, {"guess": str(guess)})
    note = (
        ""
        if entry["guess"] == str(guess)
        else f" Your first one, {entry['guess']}, is the one that counts."
    )
    print(f"Your prediction: {guess}.{note}")


def reveal(name: str, measured: object, right: Callable[[str], bool] | None = None) -> None:
    """Set the prediction against what was measured, and say how the predictions have done so far.

    right: tells from the guess, as text, whether it counts as right; by default, if it equals `measured`.
    """
    with progress.changing() as record:
        entry = record["predictions"].get(name)
        if entry is not None:
            entry["measured"] = str(measured)
            entry["right"] = (
                bool(right(entry["guess"]))
                if right
                else entry["guess"].strip().lower() == str(measured)
            )
        settled = [e["right"] for e in record["predictions"].values() if "right" in e]
    if entry is None:
        print(f"Measured: {measured}. You had not made a prediction.")
        return
    print(
        f"Measured: {measured}. You said: {entry['guess']}. {'Right.' if entry['right'] else 'Not so.'}"
    )
    print(f"Predictions so far: {sum(settled)} of {len(settled)} right.")

"""What lessons call around a claim's verdict: commit to a wager on the figure that decides it, and settle it."""

import math
import sys
from collections.abc import Sequence

from gates import wagers
from gates.checks import progress
from gates.checks.notebook import did_not_run, tell_news, unsaved

_SCORE = (
    "The interval score (Gneiting and Raftery, 2007) is the width, and ten times by how much it missed on top: less is "
    "better, and on average nobody does better than by writing what they believe."
)


def wager(claim: str) -> None:
    """Commit to a wager: the interval that the notebook holds under the claim's name, wager_c10 for C10.

    The first counts; `...` is none. What is no interval is told in a sentence, and not recorded. A claim that is not open to
    wagers raises ValueError.
    """
    figure, name = _counted(claim), wagers.name_of(claim)
    names = sys._getframe(1).f_globals
    if did_not_run(name, names):
        print(
            "The cell above did not run. Write two numbers in parentheses, with a comma between them and points in "
            "decimals, and run both again.\nNothing was recorded."
        )
        return
    given = names.get(name)
    if given is None or given is ...:
        print("No wager yet. That is fine, but an interval that can miss teaches more.")
        return
    try:
        low, high = wagers.ends(given, figure)
    except wagers.NoWager as problem:
        print(f"{problem} Nothing was recorded.")
        return
    try:
        with progress.changing() as record:
            entry = record["wagers"].setdefault(claim, {"low": low, "high": high})
    except progress.NOT_SAVED as problem:
        print(unsaved(problem))
        return
    tell_news()
    said = wagers.told(figure, low, high)
    first = wagers.told(figure, entry["low"], entry["high"])
    if first == said:
        print(f"Your wager on {claim}: between {said}.\nIt is recorded, and the first one counts.")
    else:
        print(f"You now say: between {said}.\nYour first wager counts: between {first}.")


def settle(claim: str, measured: Sequence[float]) -> None:
    """Set the wager on a claim beside what the lesson has just measured, and say how one's wagers do.

    measured: the figure that decides, and the low and high end of its interval, in the claim's unit; they are rounded as
    the claim's figure is. A claim that is not open to wagers raises ValueError.
    """
    figure = _counted(claim)
    three = [float(value) for value in measured]
    if not all(map(math.isfinite, three)):
        print(f"{claim}: what was measured is no number, so the wager is left open.")
        return
    number, low, high = wagers.printed(figure, three)
    told = f"Measured for {claim}: {wagers.said(figure, number, low, high)}."
    try:
        with progress.changing() as record:
            entry = record["wagers"].get(claim)
            if entry is not None:
                entry |= {"number": number, "measured_low": low, "measured_high": high}
                entry["held"] = entry["low"] <= number <= entry["high"]
            done = {id: of["held"] for id, of in record["wagers"].items() if "held" in of}
    except progress.NOT_SAVED as problem:
        print(f"{told} {unsaved(problem)}")
        return
    tell_news()
    print(told)
    if entry is None:
        print("You had made no wager on it.")
        return
    print(_beside(figure, entry))
    if list(done) == [claim]:
        print(_SCORE)
    print(f"Wagers so far: {wagers.so_far(sum(done.values()), len(done))}")


def _counted(claim: str) -> wagers.Counted:
    if claim not in wagers.OPEN:
        raise ValueError(f"There is no wager on {claim!r}. There are: {', '.join(wagers.OPEN)}.")
    return wagers.OPEN[claim]


def _beside(figure: wagers.Counted, entry: dict) -> str:
    """Whether a wager held, how wide it was beside the measured interval, and its score."""
    low, high, number = entry["low"], entry["high"], entry["number"]
    missed = wagers.amount(figure, max(low - number, number - high))
    held = "held" if entry["held"] else f"missed by {missed}"
    lines = [f"Your wager was between {wagers.told(figure, low, high)}. It {held}."]
    width = f"{wagers.amount(figure, high - low)} wide"
    if beside := entry["measured_high"] - entry["measured_low"]:
        times = wagers.plain(float(f"{(high - low) / beside:.2g}"))
        width += f", {times} times the measured interval"
    score = wagers.amount(figure, wagers.score(low, high, number))
    lines.append(f"It is {width}. Its score is {score}.")
    return "\n".join(lines)

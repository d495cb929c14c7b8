"""What is said of a mistake that has a name."""

from gates.checks.verdict import WRONG, Verdict
from gates.exercises import MISTAKES
from gates.exercises.common.choice import Choice
from gates.exercises.common.coding import Coding
from gates.lessons import LESSONS


def explain(mistake: str, lesson: str, detail: str = "") -> str:
    entry = MISTAKES[mistake]
    told = entry.lesson in LESSONS and entry.lesson < lesson
    elsewhere = f" Lesson {entry.lesson} explains it." if told else ""
    return f"{entry.sentence} {detail}".rstrip() + f"\nLook here: {entry.look_at}{elsewhere}"


def named(task: Coding | Choice, mistake: str, detail: str = "", status: str = WRONG) -> Verdict:
    return Verdict(task.name, status, explain(mistake, task.lesson, detail), (mistake,))

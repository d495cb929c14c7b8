"""Where the course keeps what it writes: the learner's progress, and runs that are not done."""

import os
from pathlib import Path

DESK, INSIDE = "my_course", ".progress"  # the learner's folder, and where in it


def home() -> Path:
    """The one folder that this learner's progress lies in, from wherever a lesson is run.

    GATES_HOME says which. Without it, it is `my_course/.progress`, where the notebook lies in the learner's folder my_course or
    the project has one; and else `.gates` in the home folder.
    """
    if given := os.environ.get("GATES_HOME"):
        return Path(given)
    return next((desk / INSIDE for desk in _desks() if desk.is_dir()), outside())


def outside() -> Path:
    """Where progress lies that was made without a folder my_course."""
    try:
        return Path.home() / ".gates"
    except RuntimeError:  # a user without a home
        return Path(".gates").absolute()


def is_desk(place: Path) -> bool:
    """Whether a folder is the one in a learner's my_course."""
    return place.name == INSIDE and place.parent.name == DESK


def _desks() -> list[Path]:
    try:
        here = Path.cwd()
    except OSError:  # a folder that is gone
        found = []
    else:
        found = [folder for folder in (here, *here.parents) if folder.name == DESK]
    return [*found, Path(__file__).resolve().parent.parent / DESK]

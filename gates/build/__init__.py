"""Lessons to notebooks: `lessons/NN_name.md` becomes a learner edition and a complete, executed edition.

Run as `python -m gates.build [NN …]`, or `--new NN_name` for the skeleton of a lesson. Tags in a source mean:

    exercise      a library import to be written by the learner, or code between the solution markers
    hint          folded; its first line, a heading, becomes the line one clicks
    instructor    for the source only
    parameters    the one cell that papermill may overwrite; needed where a cell is tagged `experiment`
    experiment    a measurement over seeds

Floors inside, lowest first: sources (reading one), exercises (their cells in each edition), rules (what stops a build),
reach and keys (what an edition depends on), editions, execution (running and writing them).
"""

from gates.build.editions import EDITIONS, convert
from gates.build.execution import build, execute, same_source
from gates.build.exercises import asked
from gates.build.keys import key
from gates.build.rules import load
from gates.build.sources import BEGIN, END, ROOT, BadSource, Lesson, lessons, new

__all__ = [
    "BEGIN",
    "EDITIONS",
    "END",
    "ROOT",
    "BadSource",
    "Lesson",
    "asked",
    "build",
    "convert",
    "execute",
    "key",
    "lessons",
    "load",
    "new",
    "same_source",
]

"""Sweeps: many runs of one kind, a grid of them, in which nothing that is finished is lost or run twice.

`python -m gates.sweep 06 -p seeds 5 10 -p steps 500 1000` runs a lesson once for each point of the grid of its
parameters; `python -m gates.results.grids` runs the grids behind the shipped tables. Both use the same engine.

    recording  what a lesson hands to the sweep that runs it
    points     the points of a grid, typed by the lesson's own parameters
    job        one run: a function by its name, and what tells it from others
    kept       how a run ended, in a file of its own
    alone      the process of one run
    guard      starts that process, and watches its time and memory
    engine     all runs of a sweep, on one machine or on many
    lesson     a lesson run at one point
    table      one tidy table of all runs
"""

from gates.sweep.recording import record

__all__ = ["record"]

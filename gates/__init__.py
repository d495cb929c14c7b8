"""LSTM and GRU from the equations up: the library behind the course.

The floors, lowest first; a file imports only from floors below it:

    cells      one step of a recurrent network, the equations as code
    backward   the same steps and sequences backwards, by hand, in NumPy
    fast       whole sequences as one autograd step, with that backward
    layers     RNN, LSTM, GRU and their cells, drop-in for torch.nn's
    tasks      what is to be learned: batches, chance, a decoder; one file a task
    networks   stacks of LSTMs with dropout and noise in their places
    training   one `fit` for every lesson: several seeds, a tidy table, a stop that loses nothing
    settings   what a lesson's parameters may be
    probes     what one measures inside: gradient flow, gates, memory horizon, units
    stats      intervals and paired comparisons over seeds
    results    long runs, shipped as tables, and a row of them trained live beside
    picture    a picture that carries its words, for notebooks in light and dark, and for screen readers
    words      what each kind of picture shows, in words computed from its numbers
    figures    one function for each kind of picture
    shapes     what a layer returns as output and h_n, drawn with its numbers
    drawings   the cells and the unrolled network as diagrams
    claims     what LSTM and GRU are said to do, and what was measured
    checks     the exercises' checks, the misconceptions they recognize, progress
    desk       the learner's own folder
    build      lessons to notebooks
"""

import importlib.util
import sys
from types import ModuleType

__version__ = "0.1.0"
_LATE = ("figures", "shapes", "drawings")


def __getattr__(name: str) -> ModuleType:
    """The modules that draw, loaded when something is first drawn, since a lesson's first cell needs no matplotlib."""
    if name not in _LATE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    spec = importlib.util.find_spec(f"{__name__}.{name}")
    spec.loader = importlib.util.LazyLoader(spec.loader)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = globals()[name] = module
    spec.loader.exec_module(module)
    return module


def progress():
    """Show the map of lessons, as links: what is passed, what was seen, which misconceptions were met."""
    from gates.checks.course_map import show

    return show()

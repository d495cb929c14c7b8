"""LSTM and GRU from the equations up: the library behind the course.

The floors, lowest first; a file imports only from floors below it:

    home       where the course keeps what it writes
    facts      what a lesson says of itself: question, minutes, what one needs
    lessons    the lessons that there are, with their facts, as the build has written them
    cells      one step of a recurrent network, the equations as code
    variants   the relatives of LSTM and GRU as cells, and attention over states
    backward   the same steps and sequences backwards, by hand, in NumPy
    packed     sequences of several lengths, one row after the other, and the views of them a loop needs
    forward    whole sequences without gradients, with nothing kept
    fast       whole sequences as one autograd step, with that backward
    scan       the linear recurrence in several orders of its steps
    minimal    layers of minGRU and minLSTM, which are such a recurrence
    layers     RNN, LSTM, GRU and their cells, drop-in for torch.nn's
    costs      what a run costs: time in interleaved rounds, memory kept for the way back
    exchange   the same weights in other frameworks: a row of data for each layer, and both ways made of it
    tasks      what is to be learned: batches, chance, a decoder; one file a task
    networks   stacks of LSTMs with dropout and noise in their places
    family     networks of the cells in variants, with zoneout and attention
    training   one `fit` for every lesson: several seeds, a tidy table, a stop that loses nothing
    translation  from texts to texts: two sets of pairs, networks with attention and without, beam search, files
    text       language models, what they are measured against, and what one does with them; one file a purpose
    series     forecasts with intervals, what they are measured against, and what one does with them; one file a purpose
    speech     spoken digits, from sounds to words; one file a purpose
    settings   what a lesson's parameters may be
    probes     what one measures inside: gradient flow, gates, memory horizon, units
    stats      intervals and paired comparisons over seeds
    results    long runs, shipped as tables, and a row of them trained live beside; their grids, one file a lesson
    picture    a picture that carries its words, for notebooks in light and dark, and for screen readers
    words      what each kind of picture shows, in words computed from its numbers
    figures    one function for each kind of picture; one file a subject
    shapes     what a layer returns as output and h_n, drawn with its numbers
    drawings   the cells and the unrolled network as diagrams
    between    what code writes into a page that people write
    ruling     the one rule that makes a verdict on a claim of what was found
    wagers     the interval in which somebody expects a claim's figure: read, put into words, scored
    claims     what LSTM and GRU are said to do, and what was measured; claims_table writes it into README
    printed    what an executed notebook has printed, and the claims' figures in it
    processes  a process and all that it has started
    sweep      many runs side by side, of which nothing that is finished is lost or run twice
    exercises  what the lessons ask for: a folder a lesson, a file an exercise, with the mistakes it knows
    checks     the judge of an answer, progress, grading; it knows no exercise by its name
    audit      which convention a layer follows, found by experiment; `gates.audit(layer)`, `python -m gates.audit FILE.py:Class`
    calibration  the picture of a learner's wagers
    desk       the learner's own folder
    front      the facts at the top of a lesson's source
    texts      what is written from them: a lesson's head, README's map
    build      lessons to notebooks
"""

from importlib import import_module
from types import ModuleType

__version__ = "0.1.0"


class _Late(ModuleType):
    """A module that is loaded when something in it is first used. Until then it is no entry of sys.modules, since what
    goes through all entries, as an import of torch does, would load it halfway through its own imports."""

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(f"{self.__name__} is not loaded yet, so it has no {name}")
        return getattr(import_module(self.__name__), name)

    def __dir__(self) -> list[str]:
        return dir(import_module(self.__name__))


def __getattr__(name: str) -> ModuleType:
    """The modules that draw come late, since a lesson's first cell needs no matplotlib."""
    if name in ("figures", "shapes", "drawings"):
        return _Late(f"{__name__}.{name}")
    if name == "audit":  # a package that can be called, and that most lessons never need
        return import_module(f"{__name__}.audit")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def progress():
    """Show the map of lessons, as links: what is passed, what was seen, which misconceptions were met."""
    from gates.checks.course_map import show

    return show()

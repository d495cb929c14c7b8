"""The running notebook: which cells were run, as what, and how they ended; and that nothing in it waits for typing."""

import builtins
import getpass
import sys
from collections.abc import Sequence

from IPython.core.getipython import get_ipython

from gates.checks.around import refuse
from gates.checks.finding import Cell, bound


class Session:
    """What IPython tells of the cells it runs, by their execution numbers.

    JupyterLab sends each cell's id along; nbclient and nbval do not, and there the code decides.
    """

    def __init__(self, shell: object) -> None:
        self.shell = shell
        self.ids: dict[int, str] = {}
        self.failures: dict[int, bool] = {}
        self.held: dict[int, dict[str, int]] = {}  # what names held before a cell ran, by identity
        self.before: dict[str, int] = {}
        shell.events.register("pre_run_cell", self._begin)
        shell.events.register("post_run_cell", self._end)
        if hasattr(shell, "kernel"):
            shell.events.register("pre_execute", self._nothing_waits)
            self._nothing_waits()

    def _begin(self, info: object) -> None:
        values = self.shell.user_ns
        self.before = {name: id(values[name]) for name in bound(info.raw_cell) if name in values}

    def _end(self, result: object) -> None:
        number = result.execution_count  # None where a cell is not kept in the history
        if number is not None:
            self.ids[number] = result.info.cell_id or ""
            self.failures[number] = not result.success
            self.held[number] = self.before

    def _nothing_waits(self) -> None:
        """Where the front end would wait for somebody to type, a sentence is raised instead."""
        self.shell.kernel._allow_stdin = False
        builtins.input = getpass.getpass = refuse
        sys.breakpointhook = refuse


_sessions: list[Session] = []


def attach() -> Session | None:
    """The session of the notebook that this runs in; None outside of one."""
    shell = get_ipython()
    if shell is None:
        return None
    if not _sessions or _sessions[-1].shell is not shell:
        _sessions[:] = [Session(shell)]
    return _sessions[-1]


def _of(names: dict) -> Session | None:
    """The session in whose names a cell runs."""
    session = attach()
    return session if session is not None and session.shell.user_ns is names else None


def cells(names: dict) -> Sequence[Cell]:
    """The cells that were run so far, in order, the one that runs now at the end."""
    if session := _of(names):
        sources = session.shell.history_manager.input_hist_raw
        return [Cell(source, session.ids.get(k, "")) for k, source in enumerate(sources)]
    return [Cell(source) for source in names.get("In", [])]


def failed(names: dict, number: int) -> bool | None:
    """Whether the cell of that number ended in an error; None if that is not known."""
    session = _of(names)
    return session.failures.get(number) if session else None


def kept(names: dict, number: int, name: str) -> bool:
    """Whether a name still holds what it held before the cell of that number ran; False if that is not known."""
    session = _of(names)
    held = session.held.get(number, {}) if session else {}
    return name in held and name in names and held[name] == id(names[name])

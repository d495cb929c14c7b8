"""Which convention a recurrent layer follows, found by experiment: `gates.audit(thing)`, or `python -m gates.audit FILE.py:Class`.

Floors inside, lowest first: equations (every convention as one step), atoms (cutting arrays into blocks), groups, words,
subjects (what is handed in, and how it is called), placing (the search for a convention), slips, gradients, padding,
bringing (code for torch's weights), report, telling, examining (all of it), worker and the command.

The package is itself what one calls, so that `gates.audit(thing)` works whether it was imported before or not.
"""

import sys
from types import ModuleType

from gates.audit.report import Report


class _Audit(ModuleType):
    def __call__(self, thing: object) -> Report:
        """Audit a class, a layer, a cell or a function. A live object is left as it was."""
        from gates.audit.examining import examine

        return examine(thing)


sys.modules[__name__].__class__ = _Audit

__all__ = ["Report"]

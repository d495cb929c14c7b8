"""One run of a sweep: a function by its name, and what tells it from others."""

import hashlib
import json
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Job:
    """A run. Everything in it is what JSON can hold, so that it can be handed to another process or machine.

    call: the function, "package.module:function"; it returns a table. arguments: what it is called with. of: all that its
    rows depend on, which says whether a run that is kept is this one. shown: what tells it from others in messages.
    """

    call: str
    arguments: dict = field(default_factory=dict)
    of: list = field(default_factory=list)
    shown: str = ""

    @property
    def key(self) -> str:
        """What the run's file is called."""
        told = json.dumps([self.call, self.of or self.arguments], sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()[:20]

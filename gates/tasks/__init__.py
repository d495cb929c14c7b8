"""Things to be learned from sequences, generated or real, each in a file of its own.

`python -m gates.tasks` lists them with a decoded sample, what guessing reaches, and where they come from.
"""

from collections.abc import Callable

from gates.tasks.adding import adding
from gates.tasks.copying import copying
from gates.tasks.counting import counting
from gates.tasks.digits import digits
from gates.tasks.latch import latch
from gates.tasks.names import names_by_language
from gates.tasks.order import temporal_order
from gates.tasks.power import power_demand
from gates.tasks.reber import reber
from gates.tasks.recall import delayed_recall
from gates.tasks.sentiment import sentiment
from gates.tasks.tables import table
from gates.tasks.task import Batch, Task
from gates.tasks.timing import timing
from gates.tasks.vowels import vowels

TASKS: dict[str, Callable[..., Task]] = {
    "adding": adding,
    "copying": copying,
    "latch": latch,
    "temporal order": temporal_order,
    "delayed recall": delayed_recall,
    "counting": counting,
    "timing": timing,
    "embedded Reber": reber,
    "digits, rows": lambda: digits("rows"),
    "digits, pixels": lambda: digits("pixels"),
    "digits, permuted": lambda: digits("permuted"),
    "names": names_by_language,
    "vowels": vowels,
    "power demand": power_demand,
    "sentiment": sentiment,
    "table, wine": table,
    "table, cancer": lambda: table("cancer"),
}

__all__ = [
    "TASKS",
    "Batch",
    "Task",
    "adding",
    "copying",
    "counting",
    "delayed_recall",
    "digits",
    "latch",
    "names_by_language",
    "power_demand",
    "reber",
    "sentiment",
    "table",
    "temporal_order",
    "timing",
    "vowels",
]

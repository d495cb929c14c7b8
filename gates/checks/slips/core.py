"""What slips are made of, for the exercises that have no file of their own yet."""

from collections.abc import Callable

from gates.exercises.common.plan import Part, Plan, computed
from gates.exercises.common.slips import Slip, filled, same, together, whole

__all__ = ["Part", "Plan", "Slip", "computed", "filled", "same", "together", "whole", "wholes"]


def wholes(mistake: str, *functions: Callable, detail: str = "") -> list[Slip]:
    """A slip of the same mistake for each function that is wrong as a whole."""
    return [Slip(mistake, {"whole": function}, detail) for function in functions]

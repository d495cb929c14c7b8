"""The points of a grid: each parameter's values, typed by the lesson's own."""

import ast
import itertools
import re
from collections.abc import Mapping, Sequence

from gates.settings import KNOWN

_WORDS = {"true": True, "false": False}
_KINDS = {bool: "true or false", int: "a whole number", float: "a number", str: "text"}


class Unusable(ValueError):
    """What cannot be run, in a sentence that says what to do."""


def parameters(source: str) -> dict[str, object]:
    """The names that a lesson's parameters cell sets, with their values. source: its code."""
    found = {}
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            try:
                found[node.targets[0].id] = ast.literal_eval(node.value)
            except ValueError:  # computed: a sweep cannot know its kind
                continue
    return found


def points(given: Sequence[Sequence[str]], usual: Mapping[str, object]) -> list[dict]:
    """All points of a grid, the last parameter changing fastest.

    given: for each parameter its name and the texts of its values; "0..9" are the whole numbers from 0 to 9. usual: the
    lesson's own parameters; a value is of the kind that its parameter has there, whatever else its text might mean.
    A name or a value that cannot be right raises Unusable.
    """
    if not given:
        raise Unusable(
            "Say what to vary: -p and the name of a parameter with its values, for example -p seeds 5 10."
        )
    values: dict[str, list] = {}
    for name, *texts in given:
        if name not in usual:
            there = ", ".join(f"{own} = {value!r}" for own, value in usual.items()) or "none"
            raise Unusable(f"This lesson has no parameter {name!r}. There are: {there}.")
        if name in values:
            raise Unusable(f"{name} is given twice: write all its values behind one -p.")
        if not texts:
            raise Unusable(f"{name} has no values: write them behind its name.")
        values[name] = [value for text in texts for value in _typed(name, text, usual[name])]
        twice = [value for k, value in enumerate(values[name]) if value in values[name][:k]]
        if twice:
            raise Unusable(f"{name} has the value {twice[0]!r} twice, and one run of it is enough.")
    return [dict(zip(values, point, strict=True)) for point in itertools.product(*values.values())]


def _typed(name: str, text: str, usual: object) -> list:
    """The value or values that a text means, of the kind of the usual one."""
    kind = type(usual)
    span = re.fullmatch(r"(\d+)\.\.(\d+)", text)
    if kind is int and span:
        first, last = int(span[1]), int(span[2])
        if last < first:
            raise Unusable(f"{name}: {text} goes backwards; write the smaller number first.")
        found = list(range(first, last + 1))
    else:
        found = [_value(name, text, usual)]
    for value in found:
        if name in KNOWN and not KNOWN[name].holds(value):
            raise Unusable(f"{name} is {value!r}, and has to be {KNOWN[name]}.")
    return found


def _value(name: str, text: str, usual: object) -> object:
    kind = type(usual)
    try:
        if kind is bool:
            return _WORDS[text.lower()]
        if kind in (int, float):
            return kind(text)
        return text if kind is str else ast.literal_eval(text)
    except (KeyError, ValueError, SyntaxError) as reason:
        wanted = _KINDS.get(kind, f"written as in Python, like {usual!r}")
        raise Unusable(f"{name} is {text!r}, and has to be {wanted}.") from reason

"""What stands in an answer's code: its names, its numbers, and what it finds around it."""

import dis
from collections.abc import Iterator
from types import BuiltinFunctionType, CodeType, FunctionType, ModuleType

import numpy as np
from torch import Tensor

from gates.checks.comparing import leaves


def can_remember(answer: object) -> bool:
    """Whether there is a place where something could be kept: a default, a closure, an attribute or a global."""
    if not hasattr(answer, "__code__"):
        return True
    kept = [*(answer.__defaults__ or ()), *vars(answer).values(), *(answer.__closure__ or ())]
    inside = list(codes(answer))
    kept += [answer.__globals__.get(name) for code in inside for name in _globals_of(code)]
    steps = [step.opname for code in inside for step in dis.get_instructions(code)]
    fixed = (int, float, str, type(None), type, FunctionType, BuiltinFunctionType, ModuleType)
    return "STORE_GLOBAL" in steps or any(not isinstance(value, fixed) for value in kept)


def codes(answer: object) -> Iterator[CodeType]:
    """The code of a function and of those inside it."""
    waiting = [code] if (code := getattr(answer, "__code__", None)) else []
    while waiting:
        here = waiting.pop()
        yield here
        waiting += [const for const in here.co_consts if isinstance(const, CodeType)]


def words_in(answer: object) -> set[str]:
    """The names that stand in a function's code, those of keyword arguments among them."""
    words = {word for code in codes(answer) for word in code.co_names}
    return words | {
        w for code in codes(answer) for w in leaves(code.co_consts) if isinstance(w, str)
    }


def numbers_in(answer: object) -> list[int]:
    """Whole numbers that stand in a function's code or among its defaults, and may be sizes."""
    found = list(getattr(answer, "__defaults__", None) or ())
    around = getattr(answer, "__globals__", {})
    for code in codes(answer):
        found += [*code.co_consts, *(around.get(name) for name in code.co_names)]
    return sorted({n for n in found if type(n) is int and 1 < n <= 64})[:8]


def leaked(answer: object, reference: object = None) -> list[str]:
    """Tensors, arrays and numbers that a function does not define, but finds under that name in the notebook.

    reference: the course's own answer; constants that it finds there, too, are given.
    """
    around = getattr(answer, "__globals__", {})
    kinds = (Tensor, np.ndarray, int, float)
    names = dict.fromkeys(name for code in codes(answer) for name in _globals_of(code))
    given = {name for code in codes(reference) for name in _globals_of(code)}
    return [
        f"`{name}`" for name in names if name not in given and isinstance(around.get(name), kinds)
    ]


def _globals_of(code: CodeType) -> list[str]:
    """The names that a piece of code looks up around it, and not behind a dot."""
    return [step.argval for step in dis.get_instructions(code) if step.opname == "LOAD_GLOBAL"]

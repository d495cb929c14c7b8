"""A function of x, a state and weights: which arrays it wants is found out by trying shapes that weights commonly have."""

import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Iterator
from itertools import product

import torch

from gates.audit.atoms import Arrays, Shapes
from gates.audit.subjects.forms import Subject, subject_of
from gates.audit.subjects.target import CannotRun, Target, in_peace

_STATE = re.compile(
    r"^(h|c|a|s|hx|cx|state|states|carry|hidden|cell|memory)?_?(prev|t|0|old|state|states|tm1|t_1|minus|last)?$",
    re.IGNORECASE,
)
_TOGETHER = re.compile(r"^(weights?|params?|parameters|w|p|theta|ws)$", re.IGNORECASE)
_BIAS = re.compile(r"^b", re.IGNORECASE)


def _families(I: int, H: int, matrices: int) -> Iterator[list[tuple[int, ...]]]:
    """Shapes for the matrices, in their order, and then for a bias."""
    if matrices == 1:
        for G, (a, b) in product((4, 3, 1), ((I + H, 0), (0, I + H))):
            yield [(a or G * H, b or G * H), (G * H,)]
    elif matrices == 2:
        for G in (4, 3, 1):
            yield [(G * H, I), (G * H, H), (G * H,)]
            yield [(I, G * H), (H, G * H), (G * H,)]
            yield [(H, G * H), (I, G * H), (G * H,)]
    if matrices in (3, 4):
        yield [*[(H, I + H)] * matrices, (H,)]
        yield [*[(I + H, H)] * matrices, (H,)]
    if matrices in (6, 8):
        half = matrices // 2
        for W, U in (((H, I), (H, H)), ((I, H), (H, H))):
            yield [*[W, U] * half, (H,)]
            yield [*[W] * half, *[U] * half, (H,)]


def _shapes(names: list[str], biases: list[str], I: int, H: int) -> Iterator[Shapes]:
    matrices = [name for name in names if name not in biases]
    for *of_matrices, bias in _families(I, H, len(matrices)):
        chosen = dict(zip(matrices, of_matrices, strict=True))
        for vector in (bias, (bias[0], 1)):
            yield {name: chosen.get(name, vector) for name in names}


def of_function(function: Callable, dtype: torch.dtype, I: int = 7, H: int = 5) -> Subject:
    """The subject that a function is, with arrays of the first shapes with which a call works."""
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        raise CannotRun("Its parameters cannot be read.") from None
    needed = [
        p.name for p in parameters if p.default is p.empty and p.kind <= p.POSITIONAL_OR_KEYWORD
    ]
    if len(needed) < 3:
        raise CannotRun(
            f"It takes {', '.join(needed) or 'nothing'}: a step needs x, a state, and weights that can be exchanged."
        )
    states = [name for name in needed[1:4] if _STATE.match(name)]
    states = states or [needed[1]]
    given = [name for name in needed if name not in (needed[0], *states)]
    if not given:
        raise CannotRun("It takes no weights: there is nothing that could be exchanged.")
    last: CannotRun | None = None
    for names, biases, pack in _ways(function, given):
        for shapes in _shapes(names, biases, I, H):
            call = _caller(function, pack, dtype)
            target = Target(
                name=function.__name__,
                shapes=shapes,
                call=call,
                I=I,
                H=H,
                dtype=dtype,
                names=tuple(p.name for p in parameters),
            )
            try:
                subject = subject_of(target, [I], [H])
            except CannotRun as error:
                last = last or error
                continue
            if subject.form.steps:
                return subject
    raise last or CannotRun(
        f"It takes {', '.join(needed)}, and no shapes of these that were tried fit."
    )


def _ways(function: Callable, given: list[str]) -> Iterator[tuple[list[str], list[str], Callable]]:
    """Names of arrays, which of them are biases, and how they are handed over."""
    if len(given) == 1:
        keys = _keys(function, given[0])
        if keys:
            yield keys, [k for k in keys if _BIAS.match(k)], lambda arrays: (dict(arrays),)
            return
        four = ["W_ih", "W_hh", "b_ih", "b_hh"]
        yield four, four[2:], lambda arrays: (tuple(arrays.values()),)
        yield four[:3], four[2:3], lambda arrays: (tuple(arrays.values()),)
        yield four[:2], [], lambda arrays: (tuple(arrays.values()),)
        return
    yield given, [n for n in given if _BIAS.match(n)], lambda arrays: tuple(arrays.values())


def _caller(function: Callable, pack: Callable, dtype: torch.dtype) -> Callable:
    def call(arrays: Arrays, *arguments: object) -> object:
        with in_peace(dtype):
            return function(*arguments, *pack(arrays))

    return call


def _keys(function: Callable, name: str) -> list[str]:
    """The keys by which a function reads a dict of weights, from its text."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError):
        return []
    found = [
        node.slice.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Subscript)
        and isinstance(node.value, ast.Name)
        and node.value.id == name
        and isinstance(node.slice, ast.Constant)
        and isinstance(node.slice.value, str)
    ]
    return list(dict.fromkeys(found))

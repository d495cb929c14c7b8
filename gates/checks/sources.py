"""Reading code without running it: Jupyter's own syntax turned to Python, and the names that code reads and binds."""

import ast
import dis
import functools
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from inspect import CO_OPTIMIZED
from types import CodeType

from IPython.core.inputtransformer2 import TransformerManager

UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError)  # what `compile` raises
_LOOKUPS = ("LOAD_NAME", "LOAD_GLOBAL", "LOAD_FROM_DICT_OR_GLOBALS")
_COMPREHENSIONS = ("<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>")
# Magics whose text is Python that runs in the notebook's own names.
_RUN_HERE = ("time", "capture", "prun")
_CELL_MAGIC = re.compile(rf"\A(\s*)%%(?:{'|'.join(_RUN_HERE)})\b[^\n]*")
_LINE_MAGIC = re.compile(r"^([ \t]*)get_ipython\(\)\.run_line_magic\('time', (.*)\)[ \t]*$", re.M)


@functools.lru_cache(maxsize=4096)
def plain(source: str) -> str:
    """A cell's source as Python: %magic, %%magic, !command and a trailing ? become the calls that IPython makes.

    Nothing is run, and no kernel is needed. Lines keep their numbers, except below a command that goes over several.
    What is Python already, and what IPython cannot turn, comes back as it is.
    """
    try:
        with warnings.catch_warnings(action="ignore"):
            ast.parse(source)
        return source
    except UNREADABLE:
        pass
    source = _CELL_MAGIC.sub(r"\1", source)
    blank = len(source) - len(source.lstrip())
    above = source[:blank].count("\n")  # which IPython would drop
    try:
        with warnings.catch_warnings(action="ignore"):
            turned = TransformerManager().transform_cell(source)
    except (*UNREADABLE, RuntimeError):
        return source
    return "\n" * above + _LINE_MAGIC.sub(_run_here, turned)


def _run_here(magic: re.Match) -> str:
    """The statement behind `%time`, which runs in the notebook's names."""
    return magic[1] + str(ast.literal_eval(magic[2]))


@functools.lru_cache(maxsize=4096)
def tree(source: str) -> ast.Module | None:
    """The syntax tree of a cell; None if Python cannot read it. Not to be changed: it is kept."""
    try:
        with warnings.catch_warnings(action="ignore"):
            made = ast.parse(plain(source))
            compiled(
                made
            )  # finds what the grammar lets through, such as `return` outside a function
    except UNREADABLE:
        return None
    return made


def compiled(code: str | ast.Module, file: str = "<cell>") -> CodeType:
    """Compile a cell as a notebook does, where `await` may stand outside a function."""
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    return compile(code, file, "exec", flags=flags, dont_inherit=True)


def calls(node: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Each call in a piece of code, with the last part of the name that is called."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Call):
            if isinstance(inner.func, ast.Name):
                yield inner.func.id, inner
            elif isinstance(inner.func, ast.Attribute):
                yield inner.func.attr, inner


def here(nodes: list[ast.stmt]) -> Iterator[ast.stmt]:
    """All statements that run at module level: those inside if, for, while, with, try and match too."""
    for node in nodes:
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            for part in ("body", "orelse", "finalbody"):
                yield from here(getattr(node, part, []))
            for part in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
                yield from here(part.body)


@dataclass(frozen=True)
class Names:
    """What a piece of code looks up around it, and what it gives a value there. Parameters and locals are neither.

    read: all that it looks up. now: those of them that it looks up when it runs. later: those that functions in it look
    up when they are called, with those that the code binds itself.
    """

    read: frozenset[str]
    bound: frozenset[str]
    now: frozenset[str]
    later: frozenset[str]


def names(code: CodeType) -> Names:
    """The global names of compiled code, with those of the functions and classes in it.

    A name that is bound before it is read, in code outside functions, is not read from around.
    """
    bound, inside = _bound(code), set()
    now = frozenset(_read(code, inside, frozenset()))
    later = frozenset(inside)
    return Names(now | (later - bound), frozenset(bound), now, later)


def _bound(code: CodeType) -> set[str]:
    kinds = ("STORE_NAME", "STORE_GLOBAL")
    found = {step.argval for step in dis.get_instructions(code) if step.opname in kinds}
    for part in _parts(code):
        steps = (step for each in _family(part) for step in dis.get_instructions(each))
        found |= {step.argval for step in steps if step.opname == "STORE_GLOBAL"}
    return found


def _read(code: CodeType, inside: set[str], done: frozenset[str]) -> Iterator[str]:
    """Names read before they are bound; those that functions read, when they are called, go into `inside`."""
    bound = set(done)
    for step in dis.get_instructions(code):
        if step.opname in _LOOKUPS and step.argval not in bound:
            yield step.argval
        elif step.opname in ("STORE_NAME", "STORE_GLOBAL"):
            bound.add(step.argval)
        elif isinstance(step.argval, CodeType):
            if step.argval.co_flags & CO_OPTIMIZED and step.argval.co_name not in _COMPREHENSIONS:
                inside |= _looked_up(step.argval)
            elif step.argval.co_name in _COMPREHENSIONS:
                yield from _looked_up(step.argval) - bound
            else:  # the body of a class, which runs where it stands
                yield from _read(step.argval, inside, frozenset(bound))


def _looked_up(function: CodeType) -> set[str]:
    """The global names that a function, and all that is defined in it, looks up."""
    found = set()
    for each in _family(function):
        steps = list(dis.get_instructions(each))
        stored = {step.argval for step in steps if step.opname == "STORE_NAME"}
        found |= {step.argval for step in steps if step.opname in _LOOKUPS} - stored
    return found


def _parts(code: CodeType) -> list[CodeType]:
    return [constant for constant in code.co_consts if isinstance(constant, CodeType)]


def _family(code: CodeType) -> Iterator[CodeType]:
    yield code
    for part in _parts(code):
        yield from _family(part)

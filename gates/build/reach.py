"""Which files of the library a lesson's code reaches, read from the code without running it.

A file is reached by an import anywhere in code that is reached, also inside a function, or by its module's name as a
string; an exercise by its name in `check("name")`; data by a module of their name, or by the package they lie in. What
cannot be read reaches everything.
"""

import ast
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

DATA = (".csv", ".json", ".jinja", ".toml")
EVERYTHING = "*"
IMPORTING = {
    "__import__",
    "import_module",
    "run_module",
    "run_path",
}  # a module's name or file comes first
RUNNING = {"eval", "exec", "run_cell_magic", "run_line_magic"}  # code that stands in a string
BY_NAME = {
    "check",
    "judge",
    "predict",
    "reveal",
    "show_me",
}  # of gates.checks, an exercise's name first
# Files that import what they compute a name for, or run what they have written, where it is known what that is: `gates`
# loads what stands after its dot, the exercises are those that a lesson checks, and an audit tries its own lines.
KNOWN = ("__init__.py", "exercises/__init__.py", "audit/bringing.py")


def reached(code: str, library: Path) -> set[Path]:
    """The files that a lesson's code reaches, data included. library: the folder of the package `gates`."""
    modules = {_module(file, library): file for file in library.rglob("*.py")}
    data = [file for file in library.rglob("*") if file.suffix in DATA]
    names, exercises = named(code)
    waiting = [library / "__init__.py", *exercise_files(exercises, library)]
    found: set[Path] = set()
    while EVERYTHING not in names and (waiting := [*waiting, *_files(names, modules)]):
        file = waiting.pop()
        names = set()
        if file not in found:
            found.add(file)
            names = named(file.read_text(encoding="utf-8"))[0] | {_module(file, library)}
            if file.relative_to(library).as_posix() in KNOWN:
                names -= {EVERYTHING}
    if EVERYTHING in names:
        return {*modules.values(), *data}
    return found | {file for file in data if _reader(file) in found}


def exercise_files(names: Iterable[str], library: Path) -> list[Path]:
    """The files of exercises, `exercises/lessonNN/name.py` or a folder name; of predictions and what is none, nothing."""
    places = [f"exercises/lesson*/{name}{end}" for name in names for end in (".py", "/*.py")]
    return [file for place in places for file in library.glob(place)]


def _module(file: Path, library: Path) -> str:
    parts = file.relative_to(library.parent).with_suffix("").parts
    return ".".join(parts).removesuffix(".__init__")


def _files(names: Iterable[str], modules: dict[str, Path]) -> list[Path]:
    """The files of modules, and of the packages they lie in."""
    parts = [name.split(".") for name in names]
    whole = {".".join(part[: k + 1]) for part in parts for k in range(len(part))}
    return [modules[name] for name in whole if name in modules]


def _reader(data: Path) -> Path:
    """The file that is taken to read data: a module of the same name beside it, or else the package it lies in."""
    package = next(folder for folder in data.parents if (folder / "__init__.py").exists())
    module = data.with_suffix(".py")
    return module if module.exists() else package / "__init__.py"


@cache
def named(code: str) -> tuple[frozenset[str], frozenset[str]]:
    """The modules of the library, and the exercises, that code names; EVERYTHING where it may reach more of them.

    Code that does not parse, as with `%time` or `!ls` in it, may reach everything.
    """
    try:
        nodes = list(ast.walk(ast.parse(code)))
    except SyntaxError:
        return frozenset([EVERYTHING]), frozenset([EVERYTHING])
    modules, bound = _imports(nodes)
    exercises, read = set(), set()
    for node in nodes:
        if isinstance(node, ast.Constant) and re.fullmatch(r"gates(\.\w+)+", str(node.value)):
            modules |= {node.value, f"{node.value}.__main__"}
        elif isinstance(node, ast.Attribute) and bound.get(_called(node.value)) == "gates":
            modules.add(f"gates.{node.attr}")
            exercises |= {EVERYTHING} if node.attr in {"checks", *BY_NAME} else set()
            read.add(node.value)
        elif isinstance(node, ast.Call) and node.args:
            name, whole = _text(node.args[0])
            if _called(node.func) in IMPORTING and (whole or re.match(r"(?!gates\.)\w+\.", name)):
                modules.add(name)
                read.add(node.func)
            elif bound.get(_called(node.func)) in BY_NAME and whole:
                exercises.add(name)
                read.add(node.func)
    for node in nodes:
        name = _called(node)
        of = bound.get(name) if isinstance(node, ast.Name) else None
        if node in read:
            continue
        method = isinstance(node, ast.Attribute) and name in {
            "eval",
            "exec",
        }  # a network's, a window's
        if of == "gates" or (name in IMPORTING | RUNNING and not method):
            modules.add(EVERYTHING)
        elif of in {"checks", *BY_NAME}:
            exercises.add(EVERYTHING)
    return frozenset(modules), frozenset(exercises)


def _imports(nodes: list[ast.AST]) -> tuple[set[str], dict[str, str]]:
    """The modules of the library that are imported; and by their names in this code `gates`, its checks, and BY_NAME."""
    modules, bound = set(), {}
    for node in nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] == "gates":
                    modules.add(alias.name)
                    last = alias.name.split(".")[-1] if alias.asname else "gates"
                    bound[alias.asname or "gates"] = last
        elif isinstance(node, ast.ImportFrom) and node.level:
            modules.add(EVERYTHING)
        elif isinstance(node, ast.ImportFrom) and node.module.split(".")[0] == "gates":
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                modules |= {EVERYTHING} if alias.name == "*" else {node.module, whole}
                bound[alias.asname or alias.name] = alias.name
    return modules, bound


def _called(node: ast.AST) -> str:
    """What a name, or an attribute, is called; nothing for other nodes."""
    return getattr(node, "id", "") or getattr(node, "attr", "")


def _text(node: ast.AST) -> tuple[str, bool]:
    """A string as far as it can be read, and whether that is all of it."""
    if isinstance(node, ast.Constant):
        return str(node.value), True
    if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
        return node.values[0].value, False
    return "", False

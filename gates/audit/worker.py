"""What runs in a process of its own: importing a file, and auditing one thing of it."""

import importlib.util
import inspect
import sys
from pathlib import Path

from gates.audit.examining import examine
from gates.audit.report import Report


def audited(file: str, thing: str, beside: dict[str, str]) -> dict:
    """The report, as JSON can hold it. beside: the texts of the modules in the file's folder, the file itself among them.

    Nothing of the file runs beyond its import, making the class and calling it: its name is not __main__.
    """
    for name, text in beside.items():
        Path(f"{name}.py").write_text(text, encoding="utf-8")
    sys.path.insert(0, str(Path.cwd()))
    try:
        module = _imported(file)
    except BaseException as error:  # whatever it is, it is the file's, and not ours
        if isinstance(error, MemoryError):
            raise
        said = f"Importing {file}.py ended in {type(error).__name__}: {_line(error)}."
        return Report(thing, "could not run", sentences=(said,)).as_dict()
    found = module
    for part in thing.split("."):
        found = getattr(found, part, None)
    if found is None:
        has = ", ".join(_names(module)[:12]) or "nothing that could be one"
        said = f"{file}.py has no {thing}; it has {has}."
        return Report(thing, "could not run", sentences=(said,)).as_dict()
    return examine(found, thing).as_dict()


def audited_bytes(data: bytes, name: str) -> dict:
    """The report on an .onnx file."""
    return examine(data, name).as_dict()


def _imported(file: str):
    spec = importlib.util.spec_from_file_location(file, Path.cwd() / f"{file}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[file] = module
    spec.loader.exec_module(module)
    return module


def _names(module) -> list[str]:
    """The classes and functions that a module itself defines."""
    return [
        name
        for name, value in vars(module).items()
        if (inspect.isclass(value) or inspect.isfunction(value))
        and value.__module__ == module.__name__
        and not name.startswith("_")
    ]


def _line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return (lines[0] if lines else "no message")[:200].rstrip(".")

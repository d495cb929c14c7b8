"""An exercise cell: the names it asks for, and what each edition shows in its place."""

import ast
import importlib
import inspect
import re
import textwrap

from nbformat import NotebookNode

from gates.build.sources import BEGIN, END, Lesson


def imported(lesson: Lesson, cell: NotebookNode) -> tuple[str, object] | None:
    """The name and the object of an exercise that is a library import; None for one with solution markers."""
    if BEGIN in cell.source:
        return None
    body = ast.parse(cell.source).body
    if len(body) != 1 or not isinstance(body[0], ast.ImportFrom) or len(body[0].names) != 1:
        raise lesson.bad(
            cell,
            f"an exercise is one import from the library, or code between `{BEGIN}` and `{END}`.",
        )
    module, name = body[0].module or "", body[0].names[0].name
    try:
        return name, getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError):
        raise lesson.bad(cell, f"{module} has no {name}.") from None


def asked(lesson: Lesson, cell: NotebookNode) -> list[str]:
    """The names that an exercise cell asks the learner for."""
    if found := imported(lesson, cell):
        return [found[0]]
    names = []
    for node in ast.parse(cell.source).body:
        if isinstance(node, ast.FunctionDef):
            names.append(node.name)
        elif isinstance(node, ast.Assign):
            names += [target.id for target in node.targets if isinstance(target, ast.Name)]
    if not names:
        raise lesson.bad(cell, "the exercise defines no name that a check could look up.")
    return names


def solved(lesson: Lesson, cell: NotebookNode) -> str:
    """An exercise cell as the complete edition shows it."""
    if found := imported(lesson, cell):
        return inspect.getsource(found[1]).rstrip()
    return "\n".join(line for line in cell.source.splitlines() if line.strip() not in (BEGIN, END))


def blank(lesson: Lesson, cell: NotebookNode) -> str:
    """An exercise cell as the learner gets it: signature and docstring, or the code around the solutions."""
    if found := imported(lesson, cell):
        source = inspect.getsource(found[1])
        body = ast.parse(source).body[0].body
        head = source.splitlines()[: body[0].end_lineno]
        return "\n".join([*head, "    # Your code here.", "    return ..."])
    lines, block = [], None
    for line in cell.source.splitlines():
        if line.strip() == BEGIN:
            block = []
        elif line.strip() == END:
            lines += _emptied(block)
            block = None
        elif block is not None:
            block.append(line)
        else:
            lines.append(line)
    return "\n".join(lines)


def _emptied(block: list[str]) -> list[str]:
    """What is left of a solution: `return ...`, or `name = ...` for each name it gives a value, comments kept."""
    margin = re.match(r"\s*", block[0]).group() if block else ""
    code = textwrap.dedent("\n".join(block))
    nodes = ast.parse(f"def _():\n{textwrap.indent(code, '    ')}").body[0].body
    if isinstance(nodes[-1], ast.Return):
        return [f"{margin}# Your code here.", f"{margin}return ..."]
    names = [
        ast.unparse(target)
        for node in nodes
        if isinstance(node, ast.Assign)
        for target in node.targets
    ]
    remarks = [re.search(r"  # .*", line) for line in block]
    remark = next((found.group() for found in remarks if found), "")
    return [f"{margin}{name} = ...{remark}" for name in names] or [f"{margin}..."]

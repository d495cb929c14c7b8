"""Imports run one way: a file of the library imports only from floors below its own."""

import ast
from pathlib import Path

import pytest

LIBRARY = Path(__file__).resolve().parent.parent / "gates"
FLOORS = [
    "home",
    "cells",
    "backward",
    "packed",
    "forward",
    "fast",
    "layers",
    "tasks.task",
    *[
        f"tasks.{name}"
        for name in (
            *("adding", "copying", "counting", "digits", "latch"),
            *("names", "order", "reber", "recall", "vowels"),
        )
    ],
    "tasks",
    "tasks.__main__",
    "networks",
    "training",
    "settings",
    "probes",
    "stats",
    "results",
    "results.grids",
    "picture",
    "words",
    "figures",
    "shapes",
    "drawings",
    "claims",
    "checks.catalogue",
    "checks.slips.core",
    "checks.slips.rows",
    "checks.slips.squashing",
    "checks.slips.gate",
    "checks.slips.steps",
    "checks.slips.backward",
    "checks.slips.sequence",
    "checks.slips.layers",
    "checks.slips.padding",
    "checks.slips.training",
    "checks.slips.series",
    "checks.slips.trial",
    "checks.slips.inside",
    "checks.slips.remedies",
    "checks.slips.clinic",
    "checks.slips.swaps",
    "checks.slips",
    "checks.answers",
    "checks.probes",
    "checks.comparing",
    "checks.exercises",
    "checks.recognizing",
    "checks.sources",
    "checks.finding",
    "checks.wording",
    "checks.around",
    "checks.running",
    "checks.verdict",
    "checks.judging",
    "checks.progress",
    "checks.session",
    "checks.course_map",
    "checks.notebook",
    "checks",
    "checks.grading.text",
    "checks.grading.rows",
    "checks.grading.handins",
    "checks.grading.notebooks",
    "checks.grading.slicing",
    "checks.grading.worker",
    "checks.grading.guards",
    "checks.grading.keeper",
    "checks.grading.apart",
    "checks.grading.roster",
    "checks.grading.page",
    "checks.grading",
    "checks.__main__",
    "desk",
    *[
        f"build.{name}"
        for name in ("sources", "exercises", "rules", "reach", "keys", "editions", "execution")
    ],
    "build",
    "build.__main__",
]


def modules() -> dict[str, Path]:
    found = {}
    for path in LIBRARY.rglob("*.py"):
        name = ".".join(path.relative_to(LIBRARY).with_suffix("").parts).removesuffix(".__init__")
        found[name] = path
    found.pop("__init__")
    return found


def imported(path: Path) -> set[str]:
    """The library's modules that a file imports, anywhere in it."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "gates":
            module = (node.module or "").removeprefix("gates").removeprefix(".")
            inside = {".".join(filter(None, [module, alias.name])) for alias in node.names}
            known = inside & modules().keys()
            names |= known or {module}
        elif isinstance(node, ast.Import):
            names |= {
                a.name.removeprefix("gates.") for a in node.names if a.name.startswith("gates.")
            }
    return names


def breaches(name: str, imports: set[str]) -> set[str]:
    return {other for other in imports if FLOORS.index(other) >= FLOORS.index(name)}


@pytest.mark.parametrize("name", sorted(modules()))
def test_imports_come_from_below(name: str) -> None:
    assert name in FLOORS, f"gates/{name} has no floor yet: give it one in {Path(__file__).name}."
    above = breaches(name, imported(modules()[name]))
    assert not above, (
        f"gates.{name} imports from {', '.join(sorted(above))}, which is not below it."
    )


def test_an_import_from_above_is_caught() -> None:
    assert breaches("cells", {"layers"}) == {"layers"}
    assert breaches("layers", {"cells"}) == set()

"""Imports run one way: a file of the library imports only from floors below its own."""

import ast
import re
from pathlib import Path

import pytest

LIBRARY = Path(__file__).resolve().parent.parent / "gates"
FLOORS = [
    "home",
    "facts",
    "lessons",
    "cells",
    "variants",
    "backward",
    "packed",
    "forward",
    "fast",
    "scan",
    "minimal",
    "layers",
    "costs",
    "exchange.rows",
    *[f"exchange.{name}" for name in ("onnx_rows", "onnx_read", "onnx_file", "exported")],
    "exchange.convert",
    "exchange.reading",
    "exchange.packages",
    *[f"exchange.packages.{name}" for name in ("torch", "keras", "onnxruntime")],
    *[f"exchange.packages.{name}" for name in ("flax", "equinox", "haiku")],
    "exchange.references",
    "exchange.anywhere",
    "exchange.starting",
    "exchange.live",
    "exchange.words",
    "exchange",
    "tasks.task",
    *[
        f"tasks.{name}"
        for name in (
            *("adding", "copying", "counting", "digits", "latch"),
            *("names", "order", "power", "reber", "recall", "tables", "timing", "vowels"),
            *("reviews", "sentiment"),
        )
    ],
    "tasks",
    "tasks.__main__",
    "networks",
    "family",
    *[
        f"training.{name}"
        for name in (
            *("reader", "together", "settings", "budget", "calls", "stored", "kept"),
            *("kept_run", "over_seeds", "run", "models"),
        )
    ],
    "training",
    *[
        f"translation.{name}"
        for name in (
            *("texts", "readings", "dates", "menus", "characters", "attention", "encoder"),
            *("decoder", "losses", "translator", "greedy", "beam", "typed", "files", "scores"),
            *("baselines", "budget", "run", "training"),
        )
    ],
    "translation",
    *[
        f"text.{name}"
        for name in (
            *("codec", "corpus", "batching", "model", "measuring", "ngrams", "compressors"),
            *(
                "budget",
                "run",
                "learning",
                "sampling",
                "writing",
                "surprises",
                "files",
                "sentences",
                "bags",
            ),
        )
    ],
    "text",
    *[
        f"series.{name}"
        for name in (
            *("kind", "real", "switching", "scaling", "windows", "scores", "steps", "model"),
            *("learning", "naive", "linear", "smoothing", "walking", "iterating", "streaming"),
            *("files", "typed"),
        )
    ],
    "series",
    *[
        f"speech.{name}"
        for name in (
            *("sound", "wav", "mel", "known", "letters", "espeak", "standin", "pool", "digits"),
            *("ctc", "decoding", "scores", "templates", "model", "budget", "run", "training"),
            *("files", "hearing", "speakers"),
        )
    ],
    "speech",
    "settings",
    "probes",
    "stats",
    "results",
    "results.choice",
    *[
        f"results.grids.{name}"
        for name in (
            *("row", "memory", "opening", "languages"),
            *("overfitting", "swapping", "choosing", "measuring", "varying"),
            *("texts", "translating", "series", "hearing", "spoken"),
        )
    ],
    "results.grids",
    "picture",
    "words",
    "words_over_time",
    *[
        f"figures.{name}"
        for name in (
            "look",
            "over_updates",
            "over_seeds",
            "expected",
            "maps",
            "within",
            "reading",
            "sounds",
            "forecast",
            "plain",
        )
    ],
    "figures",
    "shapes",
    "drawings",
    "between",
    "ruling",
    "wagers",
    "claims",
    "claims_table",
    "printed",
    "processes",
    *[f"sweep.{name}" for name in ("recording", "points", "job", "kept", "alone", "guard")],
    *[f"sweep.{name}" for name in ("engine", "lesson", "table")],
    "sweep",
    "sweep.__main__",
    "results.grids.running",
    "results.grids.__main__",
    *[
        f"exercises.common{name}"
        for name in (
            *("", ".mistake", ".slips", ".plan", ".seen", ".coding", ".choice", ".probing"),
            *(".modules", ".losses", ".counting", ".rows", ".adding", ".squashing"),
            *(".step_parts", ".step_slips", ".updating", ".stepping"),
            *(".lstm_parts", ".lstm_slips"),
            *(".slopes", ".back_parts", ".back_slips", ".back_by_gate"),
        )
    ],
    "exercises",
    "checks.comparing",
    "checks.recognizing",
    "checks.sources",
    "checks.finding",
    "checks.wording",
    "checks.around",
    "checks.running",
    "checks.verdict",
    "checks.in_code",
    "checks.telling",
    "checks.trial",
    "checks.gradients",
    "checks.beyond",
    "checks.precision",
    "checks.differing",
    "checks.judging",
    "checks.progress",
    "checks.session",
    "checks.course_map",
    "checks.notebook",
    "checks.wagering",
    "checks",
    "checks.grading.text",
    "checks.grading.rows",
    "checks.grading.handins",
    "checks.grading.notebooks",
    "checks.grading.slicing",
    "checks.grading.room",
    "checks.grading.worker",
    "checks.grading.guards",
    "checks.grading.keeper",
    "checks.grading.apart",
    "checks.grading.roster",
    "checks.grading.page",
    "checks.grading",
    "checks.__main__",
    *[
        f"audit.{name}"
        for name in (
            *("report", "equations", "atoms", "groups", "words", "subjects"),
            *("subjects.target", "subjects.forms", "subjects.functions"),
            *("subjects.frameworks", "subjects.onnx", "placing", "padding", "subjects.making"),
            *("slips", "gradients", "bringing", "telling", "examining", "worker", "files"),
        )
    ],
    "audit",
    "audit.__main__",
    "calibration",
    "desk",
    "front",
    "texts",
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


ROOM = re.compile(r"exercises\.lesson\d\d(\.\w+)?")


def floor(name: str) -> float:
    """A file of an exercise stands just below the package that finds it."""
    return FLOORS.index("exercises") - 0.5 if ROOM.match(name) else FLOORS.index(name)


def renamed(path: Path) -> set[str]:
    """The library's modules that a file imports under another name."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom | ast.Import):
            inside = getattr(node, "module", None)
            full = {a: ".".join(filter(None, [inside, a.name])) for a in node.names}
            names |= {name for a, name in full.items() if a.asname and is_module(name)}
    return names


def is_module(name: str) -> bool:
    return name.startswith("gates.") and name.removeprefix("gates.") in modules()


def breaches(name: str, imports: set[str]) -> set[str]:
    """What is not below; of an exercise in a folder, its own parts are, and no other exercise is."""
    room = ROOM.match(name)
    own = {other for other in imports if room and other.startswith(f"{room[0]}.")}
    return {other for other in imports - own if floor(other) >= floor(name)}


@pytest.mark.parametrize("name", sorted(modules()))
def test_imports_come_from_below(name: str) -> None:
    assert name in FLOORS or ROOM.match(name), (
        f"gates/{name} has no floor yet: give it one in {Path(__file__).name}."
    )
    above = breaches(name, imported(modules()[name]))
    assert not above, (
        f"gates.{name} imports from {', '.join(sorted(above))}, which is not below it."
    )


def test_an_import_from_above_is_caught() -> None:
    assert breaches("cells", {"layers"}) == {"layers"}
    assert breaches("layers", {"cells"}) == set()
    here, there = "exercises.lesson03.lstm_cell", "exercises.lesson04.gru_cell"
    assert breaches(here, {there, "cells", "exercises.common.slips"}) == {there}
    assert breaches(here, {f"{here}.slips"}) == set()
    assert breaches(f"{here}.slips", {here}) == {here}
    assert breaches("exercises.common.slips", {here}) == {here}


def test_a_module_goes_by_its_own_name() -> None:
    """So no two that one file needs are called the same."""
    found = {name: renamed(path) for name, path in modules().items()}
    assert not {name: others for name, others in found.items() if others}

"""What an answer needs of the notebook around it, so that it can be run without the rest."""

import ast
import functools
import importlib
import inspect
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field

from gates.checks.exercises import EXERCISES, Choice, Coding
from gates.checks.finding import Cell, answered, bound, checks
from gates.checks.sources import UNREADABLE, calls, compiled, here, names, plain, tree

COURSE = frozenset({"check", "predict", "reveal"})  # calls that have no business in the grading
_LAYERS = frozenset({"LSTM", "LSTMCell", "GRU", "GRUCell", "RNN", "RNNCell"})
_COMPILED = frozenset(
    name + ending for name in ("lstm", "gru", "rnn_tanh", "rnn_relu") for ending in ("", "_cell")
)


@dataclass(frozen=True)
class Statement:
    """One statement of a notebook, and the names that it reads, binds, and changes in place."""

    source: str
    node: ast.stmt
    read: frozenset[str]
    bound: frozenset[str]
    changed: frozenset[str]
    star: bool
    sure: bool  # whether it binds its names whatever happens


@dataclass
class Program:
    """An answer as it can be run: what it needs from the cells before it, its cell, and what it needs from below.

    number: the cell's, counting the code cells from 1. uses: what it borrows instead of computing. hint: what the cell
    holds, where it does not hold the exercise's name. letter: the answer, where it is a plain letter that need not be run.
    """

    before: list[str]
    cell: str
    after: list[str]
    number: int
    uses: list[str] = field(default_factory=list)
    hint: str = ""
    letter: str | None = None


def programs(cells: Sequence[Cell]) -> dict[str, list[dict]]:
    """For each exercise that is answered or checked in a notebook, its answers, the last one first."""
    found = answered(cells)
    others = frozenset(name for name, numbers in found.items() if numbers)
    return {
        name: [
            asdict(program(name, cells, number, others - {name})) for number in reversed(numbers)
        ]
        for name, numbers in found.items()
    }


def program(
    exercise: str, cells: Sequence[Cell], number: int, others: frozenset[str] = frozenset()
) -> Program:
    """What an answer needs: the statements whose names it reads, up to its last check, and what those read.

    others: exercises that are judged on their own; the course's answers stand in for them.
    """
    cell = cells[number]
    body = tree(cell.source)
    text = plain(cell.source)
    made = Program([], text, [], number + 1, hint=_hint(exercise, cell))
    if body is None:
        return made
    made.letter = _letter(exercise, body)
    last = max((k for k, one in enumerate(cells) if exercise in checks(one.source)), default=number)
    modules = _modules(cells)
    provided = others | COURSE | {exercise}
    all_read = names(compiled(body)).read
    wanted = set(all_read - provided)
    looked_up = wanted.union(*(s.read for s in statements(cell.source))) - provided
    after = _chosen(cells[number + 1 : last + 1], looked_up, provided, modules)
    wanted |= {name for statement in after for name in statement.read} - provided
    before = _chosen(cells[:number], set(wanted), provided, modules, settle=True)
    given = {name for statement in (*after, *before) for name in statement.bound}
    late = _chosen(cells[last + 1 :], wanted - given, provided, modules)
    wanted |= {name for statement in late for name in statement.read} - provided
    before = _chosen(cells[:number], wanted, provided, modules, settle=True)
    made.before = [statement.source for statement in before]
    made.after = [statement.source for statement in (*after, *late)]
    made.uses = sorted(
        _borrowed(exercise, body, [*before, *after, *late], wanted | looked_up | all_read)
    )
    return made


def _letter(exercise: str, body: ast.Module) -> str | None:
    """The letter that a cell gives, where it does nothing else; nothing for `...`; None where it has to be run."""
    if len(body.body) != 1 or not isinstance(EXERCISES[exercise], Choice):
        return None
    match body.body[0]:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=value)):
            if name == exercise and (isinstance(value, str) or value is ...):
                return value if isinstance(value, str) else ""
    return None


def _modules(cells: Sequence[Cell]) -> frozenset[str]:
    """The names that are imported: calling what is in them changes nothing that an answer holds."""
    kinds = (ast.Import, ast.ImportFrom)
    parts = (part for cell in cells for part in statements(cell.source))
    return frozenset(name for part in parts if isinstance(part.node, kinds) for name in part.bound)


def _chosen(
    cells: Sequence[Cell],
    wanted: set[str],
    provided: frozenset[str],
    modules: frozenset[str],
    settle: bool = False,
) -> list[Statement]:
    """The statements of these cells that are needed, in order; `wanted` grows by what they read.

    settle: the last one that surely binds a name is enough for it.
    """
    chosen: list[Statement] = []
    open_names = set(wanted)
    for cell in reversed(cells):
        for statement in reversed(statements(cell.source)):
            gives = (statement.bound - provided) & open_names
            changes = (statement.changed - provided - modules) & open_names
            if not (gives or changes or statement.star):
                continue
            chosen.append(statement)
            if settle and statement.sure:
                open_names -= gives
            reads = statement.read - provided
            open_names |= reads
            wanted |= reads
    return chosen[::-1]


@functools.lru_cache(maxsize=2048)
def statements(source: str) -> tuple[Statement, ...]:
    """The statements of a cell, but for checks and predictions; none of a cell that Python cannot read."""
    body = tree(source)
    if body is None:
        return ()
    made = []
    for node in body.body:
        if any(name in COURSE for name, _ in _calls_here(node)):
            continue
        try:
            seen = names(compiled(ast.Module([node], [])))
            text = ast.unparse(node)
        except UNREADABLE:
            continue
        star = isinstance(node, ast.ImportFrom) and node.names[0].name == "*"
        certain = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
        sure = isinstance(node, (*certain, ast.Assign, ast.AnnAssign, ast.With))
        changed = frozenset(_changed(node))
        made.append(Statement(text, node, seen.read, seen.bound, changed, star, sure))
    return tuple(made)


def _calls_here(node: ast.stmt) -> Iterator[tuple[str, ast.Call]]:
    """The calls that a statement makes when it runs, without those in functions that it defines."""
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield from calls(node)


def _changed(node: ast.stmt) -> Iterator[str]:
    """The names of things that a statement changes in place: `T.s = 1`, `gains[k] = 1`, `gains.append(1)`, `zeros_(w)`."""
    for inner in here([node]):
        targets = getattr(inner, "targets", None) or [getattr(inner, "target", None)]
        for target in targets:
            for part in ast.walk(target) if target is not None else ():
                if isinstance(part, (ast.Attribute, ast.Subscript)):
                    yield from _root(part)
        if isinstance(inner, ast.Expr) and isinstance(inner.value, ast.Call):
            call = inner.value
            function = getattr(call.func, "attr", getattr(call.func, "id", ""))
            if isinstance(call.func, ast.Attribute):
                yield from _root(call.func.value)
            if function.endswith("_") or function in ("setattr", "delattr"):
                for argument in call.args:
                    yield from _root(argument)


def _root(node: ast.expr) -> Iterator[str]:
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Call)):
        node = node.func if isinstance(node, ast.Call) else node.value
    if isinstance(node, ast.Name):
        yield node.id


def _hint(exercise: str, cell: Cell) -> str:
    """What a cell that should bind the exercise's name holds instead; nothing if it does bind it."""
    given = bound(cell.source)
    if exercise in given:
        return ""
    if not cell.source.strip():
        return "The exercise cell is empty."
    if given:
        listed = ", ".join(sorted(given)[:3])
        return f"The exercise cell defines {listed}, and not {exercise}."
    return f"The exercise cell does not define {exercise}."


# What is borrowed


def _borrowed(
    exercise: str, body: ast.Module, chosen: list[Statement], wanted: set[str]
) -> set[str]:
    """What an answer takes from the library, or from torch's own layers, and the course's own answer does not."""
    task = EXERCISES[exercise]
    own = inspect.getsource(task.reference) if isinstance(task, Coding) else ""
    reference = names(compiled(own)).read
    layers = set(_layers(ast.parse(own)))
    found = set()
    for node in (body, *(statement.node for statement in chosen)):
        for name in _from_gates(node, wanted, all_of_it=node is body):
            if name not in reference and name not in COURSE | {"Weights"}:
                found.add("gates")
        if set(_layers(node)) - layers:
            found.add("torch's own layer")
    return found


def _from_gates(node: ast.AST, wanted: set[str], all_of_it: bool) -> Iterator[str]:
    """The names that code takes from the library: those that are wanted, or all."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.ImportFrom) and _is_gates(inner.module):
            for alias in inner.names:
                if alias.name == "*":
                    held = importlib.import_module(inner.module)
                    yield from (name for name in wanted if hasattr(held, name))
                elif all_of_it or (alias.asname or alias.name) in wanted:
                    yield alias.name
        elif isinstance(inner, ast.Import):
            for alias in inner.names:
                bound_name = alias.asname or alias.name.split(".")[0]
                if _is_gates(alias.name) and (all_of_it or bound_name in wanted):
                    yield alias.name
        elif isinstance(inner, ast.Call):
            for argument in inner.args:
                if isinstance(argument, ast.Constant) and _is_gates(argument.value):
                    yield str(argument.value)


def _is_gates(module: object) -> bool:
    return isinstance(module, str) and (module == "gates" or module.startswith("gates."))


def _layers(node: ast.AST) -> Iterator[str]:
    """Torch's recurrent layers that code names, but for annotations."""
    skipped = set()
    for inner in ast.walk(node):
        for part in (getattr(inner, "annotation", None), getattr(inner, "returns", None)):
            if part is not None:
                skipped |= {id(one) for one in ast.walk(part)}
    for inner in ast.walk(node):
        if id(inner) in skipped:
            continue
        if isinstance(inner, ast.Attribute) and inner.attr in _LAYERS:
            yield inner.attr
        elif isinstance(inner, ast.Attribute) and inner.attr in _COMPILED:
            if set(_root(inner)) & {"torch", "_VF"}:
                yield inner.attr
        elif isinstance(inner, ast.ImportFrom) and (inner.module or "").startswith("torch"):
            yield from (a.name for a in inner.names if a.name in _LAYERS | _COMPILED)

"""What an answer needs of the notebook around it, so that it can be run without the rest."""

import ast
import bisect
import functools
import importlib
import inspect
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field

from gates.checks.finding import Cell, answered, bound, checks
from gates.checks.sources import UNREADABLE, calls, compiled, here, names, plain, tree
from gates.exercises import EXERCISES, Choice, Coding

# Calls that have no business in the grading.
COURSE = frozenset({"check", "predict", "reveal", "settle", "wager"})
_NAMED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_LAYERS = frozenset({"LSTM", "LSTMCell", "GRU", "GRUCell", "RNN", "RNNCell"})
_COMPILED = frozenset(
    name + ending for name in ("lstm", "gru", "rnn_tanh", "rnn_relu") for ending in ("", "_cell")
)


@dataclass(frozen=True)
class Statement:
    """One statement of a notebook, and the names that it reads, binds, and changes in place.

    now: the names that it reads when it runs. later: those that functions in it read when they are called. surely: those
    that it binds whatever happens. called: the functions that it calls, or decorates with, when it runs. inside: the
    names that its function, once called, changes or binds around it.
    """

    source: str
    node: ast.stmt
    now: frozenset[str]
    later: frozenset[str]
    bound: frozenset[str]
    surely: frozenset[str]
    changed: frozenset[str]
    star: bool
    called: frozenset[str] = frozenset()
    inside: frozenset[str] = frozenset()

    @property
    def read(self) -> frozenset[str]:
        return self.now | self.later


@dataclass
class Program:
    """An answer as it can be run: what it needs from the cells before it, its cell, and what it needs from below.

    number: the cell's, counting the code cells from 1. uses: what it borrows instead of computing. hint: what the cell
    holds, where it does not hold the exercise's name. letter: the answer, where it is a plain letter that need not be run.
    imports: the modules that all this imports.
    """

    before: list[str]
    cell: str
    after: list[str]
    number: int
    uses: list[str] = field(default_factory=list)
    hint: str = ""
    letter: str | None = None
    imports: list[str] = field(default_factory=list)


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
    provided = others | COURSE | {exercise}
    parts = [part for one in cells[:number] for part in statements(one.source)]
    own = len(parts)
    parts.append(_as_one(cell.source, body))
    parts += [part for one in cells[number + 1 : last + 1] for part in statements(one.source)]
    needs = _Needs(parts, own, provided, _modules(cells))
    needs.of_the_answer(len(parts))
    if needs.lacking:  # what no cell above the check gives, one below it may
        late = [part for one in cells[last + 1 :] for part in statements(one.source)]
        needs = _Needs([*parts, *late], own, provided, _modules(cells))
        needs.of_the_answer(len(parts))
        for name in sorted(needs.lacking):
            needs.add(name, len(needs.parts), len(needs.parts))
    chosen = sorted(needs.chosen - {own})
    made.before = [needs.parts[k].source for k in chosen if k < own]
    made.after = [needs.parts[k].source for k in chosen if k > own]
    around = [needs.parts[k] for k in chosen]
    made.imports = sorted({name for part in (parts[own], *around) for name in imported(part.node)})
    wanted = parts[own].read.union(*(part.read for part in around))
    made.uses = sorted(_borrowed(exercise, body, around, set(wanted)))
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


class _Needs:
    """The numbers of the statements that an answer needs, its own cell being one of them.

    A name that a statement reads when it runs has the value that it was given last above that statement. A name that a
    function reads has, each time the function is called, the value that it was given last before the call.
    """

    def __init__(
        self,
        parts: Sequence[Statement],
        own: int,
        provided: frozenset[str],
        modules: frozenset[str],
    ) -> None:
        self.parts, self.own, self._provided = parts, own, provided
        self.chosen = {k for k, part in enumerate(parts) if part.star}
        self.lacking: set[str] = set()
        self._seen: set[tuple[str, int, int]] = set()
        self._open: list[tuple[str, int, int]] = []
        inside = _reach(parts)
        self._touch: dict[
            str, list[int]
        ] = {}  # for each name, the statements that give or change it
        for k, part in enumerate(parts):
            changed = part.changed.union(*(inside.get(name, ()) for name in part.called)) - modules
            for name in (part.bound | changed) - provided:
                self._touch.setdefault(name, []).append(k)

    def of_the_answer(self, end: int) -> None:
        """Add what the answer's cell needs when it runs, and what its functions need when they are judged, at `end`."""
        cell = self.parts[self.own]
        for name in sorted(cell.now):
            self.add(name, self.own, self.own)
            self.add(name, self.own, end)
        for name in sorted(cell.later):
            if name not in cell.surely:
                self.add(name, self.own, self.own)
            self.add(name, end, end)

    def add(self, name: str, above: int, when: int) -> None:
        """Add what gives a name its value above a statement, for a use of that value when another one runs."""
        self._want(name, above, when)
        while self._open:
            self._find(*self._open.pop())

    def _want(self, name: str, above: int, when: int) -> None:
        if name not in self._provided and (name, above, when) not in self._seen:
            self._seen.add((name, above, when))
            self._open.append((name, above, when))

    def _find(self, name: str, above: int, when: int) -> None:
        touching = self._touch.get(name, [])
        given = False
        for k in reversed(touching[: bisect.bisect_left(touching, above)]):
            part = self.parts[k]
            given = given or name in part.bound
            if k != self.own:  # what the answer's cell needs is added once and for all
                self.chosen.add(k)
                for read in part.now:
                    self._want(read, k, k)
                    self._want(read, k, when)
                for read in part.later:
                    self._want(read, when, when)
            if name in part.surely:
                break
        if not given:
            self.lacking.add(name)


def _reach(parts: Sequence[Statement]) -> dict[str, set[str]]:
    """For each function, the names that a call of it changes or binds, also by way of others that it calls."""
    functions = [part for part in parts if isinstance(part.node, _NAMED)]
    reach: dict[str, set[str]] = {name: set() for part in functions for name in part.bound}
    for part in functions:
        for name in part.surely:
            reach[name] |= part.inside
    growing = True
    while growing:
        growing = False
        for part in functions:
            more = set().union(*(reach[name] for name in part.later if name in reach))
            for name in part.surely:
                if more - reach[name]:
                    reach[name] |= more
                    growing = True
    return reach


def _as_one(source: str, body: ast.Module) -> Statement:
    """The cell of an answer as if it were one statement."""
    seen = names(compiled(body))
    inside = statements(source)
    surely = frozenset(name for part in inside for name in part.surely)
    changed = frozenset(name for part in inside for name in part.changed)
    called = frozenset(name for part in inside for name in part.called)
    return Statement(source, body, seen.now, seen.later, seen.bound, surely, changed, False, called)


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
        named = isinstance(node, _NAMED)
        others = (ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign, ast.With)
        surely = {node.name} if named else seen.bound if isinstance(node, others) else ()
        inside = seen.bound - set(surely) if named else frozenset()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            inside |= seen.later & set(_changed_when_called(node))
        made.append(
            Statement(
                text,
                node,
                seen.now,
                seen.later,
                frozenset({node.name} if named else seen.bound),
                frozenset(surely),
                frozenset(_changed(node)),
                star,
                frozenset(_called(node)),
                frozenset(inside),
            )
        )
    return tuple(made)


def _calls_here(node: ast.stmt) -> Iterator[tuple[str, ast.Call]]:
    """The calls that a statement makes when it runs, without those in functions that it defines."""
    if not isinstance(node, _NAMED):
        yield from calls(node)


def _called(node: ast.stmt) -> Iterator[str]:
    """The names of the functions that a statement calls when it runs; a decorator is called, too."""
    for inner in here([node]):
        for decorator in getattr(inner, "decorator_list", ()):
            yield from _root(decorator)
    for _, call in _calls_here(node):
        yield from _root(call.func)


def _changed(node: ast.stmt) -> Iterator[str]:
    """The names of things that a statement changes in place: `T.s = 1`, `gains[k] = 1`, `gains.append(1)`, `zeros_(w)`,
    `@shape.register`."""
    for inner in here([node]):
        for decorator in getattr(inner, "decorator_list", ()):
            called = decorator.func if isinstance(decorator, ast.Call) else decorator
            if isinstance(called, ast.Attribute):
                yield from _root(called)
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


def _changed_when_called(function: ast.stmt) -> Iterator[str]:
    """The names of things that a function, or one that it makes, changes in place."""
    for inner in ast.walk(function):
        if isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef)):
            for part in inner.body:
                yield from _changed(part)


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


# What is borrowed, and from where


def imported(node: ast.AST) -> Iterator[str]:
    """The modules that code imports, also inside functions: of `a.b` the first part."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Import):
            yield from (alias.name.split(".")[0] for alias in inner.names)
        elif isinstance(inner, ast.ImportFrom) and inner.module and not inner.level:
            yield inner.module.split(".")[0]


def lent(source: str) -> list[str]:
    """What a module that lies beside a notebook takes from the library, or from torch's own layers."""
    body = tree(source)
    if body is None:
        return []
    uses = {"gates"} if any(_from_gates(body, set(), all_of_it=True)) else set()
    return sorted(uses | ({"torch's own layer"} if any(_layers(body)) else set()))


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

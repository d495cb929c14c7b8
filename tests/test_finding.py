"""Which cell answers which exercise: by id and tag where they are known, by the code where they are not."""

import functools

import nbformat
import pytest
from IPython.core.inputtransformer2 import TransformerManager
from nbformat import NotebookNode

from gates import build
from gates.checks.finding import Cell, answered, answers_to, asked_by, bound, checks
from gates.checks.sources import compiled, names, plain, tree
from gates.exercises import EXERCISES

UPDATE = "def lstm_update(i, f, g, o, c):\n    c = f * c + i * g\n    return o * torch.tanh(c), c"
BLANK = 'def lstm_update(i, f, g, o, c):\n    """Asks."""\n    # Your code here.\n    return ...'
CHECK = 'lstm_update = check("lstm_update")'

TO_COME = {"16", "17"}  # lessons whose exercises stand before their text does


def test_a_lesson_to_come_is_not_there_yet() -> None:
    assert not TO_COME & {path.stem[:2] for path in build.lessons()}


@functools.cache
def course(edition: str, lesson: str) -> list[NotebookNode]:
    (path,) = (build.ROOT / edition).glob(f"{lesson}_*.ipynb")
    notebook = nbformat.read(path, as_version=4)
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


@pytest.mark.parametrize("path", build.lessons(), ids=lambda path: path.stem)
def test_an_exercise_cell_is_known_by_its_id(path) -> None:
    lesson = build.load(path)
    for cell in lesson.notebook.cells:
        asked = build.asked(lesson, cell) if "exercise" in cell.metadata.tags else []
        exercises = [name for name in asked if name in EXERCISES]
        assert exercises == [name for name in [asked_by(cell.id)] if name], cell.id


@pytest.mark.parametrize("edition", build.EDITIONS)
@pytest.mark.parametrize("known", ["ids and tags", "tags", "nothing"])
@pytest.mark.parametrize("lesson", sorted({task.lesson for task in EXERCISES.values()} - TO_COME))
def test_each_exercise_of_a_lesson_has_the_one_cell_that_is_its_own(
    lesson: str, known: str, edition: str
) -> None:
    """Also without ids, where a notebook was copied by hand: names that it uses for something else answer nothing."""
    cells = course(edition, lesson)
    ids = [cell.id if known == "ids and tags" else f"random{k}" for k, cell in enumerate(cells)]
    tags = [() if known == "nothing" else tuple(cell.metadata.tags) for cell in cells]
    seen = [Cell(cell.source, *rest) for cell, *rest in zip(cells, ids, tags, strict=True)]
    right = {
        name: [number for number, cell in enumerate(cells) if asked_by(cell.id) == name]
        for name, task in EXERCISES.items()
        if task.lesson == lesson
    }
    assert answered(seen) == right


def found(*cells: Cell | str) -> list[int]:
    return answers_to("lstm_update", [Cell(c) if isinstance(c, str) else c for c in cells])


@pytest.mark.parametrize(
    "scratch",
    [
        "lstm_update(1, 2, 3, 4, 5)",
        "print(lstm_update(i, f, g, o, c))",
        "lstm_update == 3",
        "lstm_update: object",
        "dict(lstm_update=3)",
        "try_it(\n    lstm_update=3,\n)",
        "def other(lstm_update):\n    lstm_update = 3",
        "[lstm_update for lstm_update in []]",
        "lambda lstm_update: 3",
        "text = '''\nlstm_update = 3\n'''",
        "lstm_update.__doc__ = 'x'",
        "mine['lstm_update'] = lstm_update",
        "lstm_update?",
        'kept = lstm_update = check("lstm_update")',
        'lstm_update = gates.checks.check("lstm_update")',
    ],
)
def test_what_only_mentions_the_name_is_no_answer(scratch: str) -> None:
    assert found(UPDATE, scratch, CHECK) == [0]
    assert found(UPDATE, CHECK, scratch) == [0]


@pytest.mark.parametrize(
    "form",
    [
        UPDATE,
        f"{UPDATE}\n\n{CHECK}",
        "if True:\n    def lstm_update(i, f, g, o, c):\n        return c, c",
        "with torch.no_grad():\n    lstm_update = torch.jit.script(mine)",
        "try:\n    from mine import lstm_update\nexcept ImportError:\n    pass",
        "match 1:\n    case 1:\n        lstm_update = len",
        "lstm_update = lambda i, f, g, o, c: (c, c)",
        "lstm_update: object = len",
        "other, lstm_update = 1, 2",
        "(lstm_update := len)",
        "async def lstm_update(i, f, g, o, c):\n    return c, c",
        "class lstm_update:\n    pass",
        "%matplotlib inline\n!ls\n" + UPDATE,
        "%%time\n" + UPDATE,
        "%%capture out\n" + UPDATE,
        "%time lstm_update = len",
        "x = !ls\nhelp?\n" + UPDATE,
        "await something\n" + UPDATE,
        "\n\n    " + UPDATE.replace("\n", "\n    "),
        "def lstm_update(i, f, g, o, c:\n    return h",
        "lstm_update = ",
    ],
)
def test_what_gives_the_name_a_value_is_an_answer(form: str) -> None:
    assert found("x = 1", form, CHECK) == [1]


def test_a_cell_known_by_its_id_answers_whatever_stands_in_it() -> None:
    renamed = Cell(UPDATE.replace("lstm_update", "update"), "03-lstm-update", ("exercise",))
    check = Cell(CHECK, "03-lstm-update-check")
    assert found(renamed, check) == [0]
    assert found(Cell("", "03-lstm-update"), check) == [0]
    assert found(Cell("", "04-lstm-update"), check) == []


def test_a_cell_whose_id_is_lost_and_whose_name_is_gone_answers_what_is_checked_below() -> None:
    renamed = Cell("def update():\n    pass", "b1946ac9", ("exercise",))
    cell = Cell("def lstm_cell():\n    pass", "f5ca38f7", ("exercise",))
    others = [cell, 'lstm_cell = check("lstm_cell")']
    assert found(renamed, "print(1)", CHECK, *others) == [0]
    assert found("", *others, CHECK) == []


def test_all_copies_are_found() -> None:
    assert found(UPDATE, CHECK, BLANK, CHECK) == [0, 2]
    own = Cell(BLANK, "03-lstm-update")
    assert found(own, UPDATE, CHECK) == [0, 1]


def test_what_stands_below_the_last_check_is_a_trial() -> None:
    trial = UPDATE.replace("tanh", "sin")
    assert found(Cell(UPDATE, "03-lstm-update"), CHECK, trial) == [0]
    assert found(UPDATE, CHECK, trial) == [0]
    tagged = Cell(trial, "f5ca38f7", ("exercise",))
    assert found(UPDATE, CHECK, tagged) == [0, 2]


@pytest.mark.parametrize("empty", [BLANK, "", "def lstm_update(*gates):\n    pass"])
def test_an_answer_below_its_check_counts_where_there_is_no_other(empty: str) -> None:
    assert found(Cell(empty, "03-lstm-update"), CHECK, UPDATE) == [0, 2]


@pytest.mark.parametrize(
    ("cells", "exercise"),
    [
        (["fresh_weights = [1]", 'clip = check("clip")'], "fresh_weights"),
        ([Cell("windows = 3", "07-windows"), 'windows = check("windows")'], "windows"),
        ([Cell("reader = 3", "abc"), Cell("x = 1", "08-setup")], "reader"),
        (["from gates.cells import lstm_cell", 'gru_cell = check("gru_cell")'], "lstm_cell"),
    ],
)
def test_another_lesson_may_use_the_name_for_something_else(cells: list, exercise: str) -> None:
    cells = [cell if isinstance(cell, Cell) else Cell(cell) for cell in cells]
    assert answers_to(exercise, cells) == []


def test_cells_of_no_known_lesson_go_by_their_code() -> None:
    assert answered([Cell(UPDATE), Cell("windows = 3")]) == {"lstm_update": [0], "windows": [1]}


def test_an_exercise_that_is_checked_and_not_answered_is_named() -> None:
    assert answered([Cell(CHECK)]) == {"lstm_update": []}


def test_a_prediction_is_found_as_well() -> None:
    cells = [Cell('left_after_50 = "a"'), Cell('predict("left_after_50")')]
    assert answers_to("left_after_50", cells) == [0]


def test_a_check_is_known_however_it_is_written() -> None:
    assert checks("check('lstm_update')") == {"lstm_update"}
    assert checks('y = gates.checks.check(exercise="unroll")') == {"unroll"}
    assert checks('check("unroll"') == {"unroll"}
    assert checks("print(\"check('unroll')\")") == set()


@pytest.mark.parametrize(
    ("source", "line", "stands"),
    [
        ("\n\n%matplotlib inline\nx = 1", 3, "x = 1"),
        ("!ls\nx = 1", 1, "x = 1"),
        ("%%time\nx = 1", 1, "x = 1"),
        ("files = !ls\nfiles?\nx = 1", 2, "x = 1"),
        ("%%bash\nls", 0, "get_ipython().run_cell_magic('bash', '', 'ls\\n')"),
    ],
)
def test_lines_keep_their_numbers(source: str, line: int, stands: str) -> None:
    assert plain(source).splitlines()[line] == stands
    assert plain(plain(source)) == plain(source)


@pytest.mark.parametrize(
    "source",
    [
        "a = b\0c",
        "x = '\ud800'",
        "(" * 5000,
        "return 1",
        "'''",
        "x = 0777",
    ],
    ids=["null", "surrogate", "deep", "return", "open", "octal"],
)
def test_nothing_that_is_read_here_raises(source: str) -> None:
    assert bound(source) <= {"a", "x"} and checks(source) == set()
    assert isinstance(plain(source), str)
    tree(source)


def test_a_cell_that_ipython_gives_up_stays_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """It does so after 500 commands in one cell, with a RuntimeError."""

    def gives_up(self, cell: str) -> str:
        raise RuntimeError

    monkeypatch.setattr(TransformerManager, "transform_cell", gives_up)
    assert plain("!given up") == "!given up"


def of(source: str) -> tuple[set[str], set[str]]:
    seen = names(compiled(source))
    return set(seen.read), set(seen.bound)


def test_parameters_and_locals_are_not_names_from_around() -> None:
    source = "def f(a, *b, c=k):\n    d = a + H\n    return [d * w for w in b if w > least]"
    assert of(source) == ({"H", "k", "least"}, {"f"})
    assert of("a = [q * w for q in xs]\nw = 1") == ({"xs", "w"}, {"a", "w"})
    assert of("x = 1\nprint(x)") == ({"print"}, {"x"})
    assert of("def f():\n    return g()\ndef g():\n    return 1") == (set(), {"f", "g"})
    assert of("def f():\n    global seen\n    seen = base") == ({"base"}, {"f", "seen"})
    assert of("class A(B):\n    u = v\n    w = u\n    def m(self):\n        return K")[0] >= {
        "B",
        "v",
        "K",
    }
    assert "u" not in of("class A:\n    u = v\n    w = u")[0]

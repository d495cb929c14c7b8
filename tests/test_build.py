"""The build: what each tag becomes, what stops it, and that it does nothing twice."""

from pathlib import Path

import nbformat
import pytest

from gates import build, front

HEAD = """---
title: the GRU
question: What can be merged?
part: Part I, the gates
needs: [to have met PyTorch tensors]
sections:
  the puzzle: 10
kernelspec:
  name: python3
  display_name: Python 3
---

+++ {"name": "title"}

After this lesson you can

- **build** a lesson.

+++
"""
SETUP = "import torch\nfrom torch import Tensor\n\nfrom gates.checks import check"
CHECK = 'keep_or_forget = check("keep_or_forget")'
EXERCISE = "from gates.exercises.lesson00.keep_or_forget import keep_or_forget"


def code(source: str, tags: str = "", name: str = "") -> str:
    options = (f":name: {name}\n" if name else "") + (f":tags: [{tags}]\n" if tags else "")
    return f"```{{code-cell}} ipython3\n{options}{source}\n```\n"


def lesson(root: Path, *cells: str, name: str = "04_gru") -> Path:
    (root / "lessons").mkdir(exist_ok=True)
    path = root / "lessons" / f"{name}.md"
    path.write_text(HEAD + "\n" + "\n".join(cells), encoding="utf-8")
    return path


def editions(path: Path) -> tuple[nbformat.NotebookNode, nbformat.NotebookNode]:
    """The learner's and the complete edition, below the title."""
    made = build.convert(build.load(path))
    for edition in made.values():
        assert edition.cells.pop(0).id == "04-title"
    return made["notebooks"], made["solutions"]


GOOD = [code(SETUP), code(EXERCISE, "exercise", "gate"), code(CHECK)]


def test_a_library_exercise_is_a_blank_for_the_learner_and_its_source_in_the_solutions(
    tmp_path: Path,
) -> None:
    learner, solution = editions(lesson(tmp_path, *GOOD))
    blank, full = learner.cells[1].source, solution.cells[1].source
    assert blank.startswith("def keep_or_forget(a: Tensor, c: Tensor) -> Tensor:\n")
    assert "Returns the part of c that is kept" in blank and blank.endswith("    return ...")
    assert "torch.sigmoid" not in blank and "torch.sigmoid" in full
    assert "raises-exception" in learner.cells[1].metadata.tags


def test_solution_markers(tmp_path: Path) -> None:
    source = f'{build.BEGIN}\nreading_f = "c"  # a letter\n{build.END}'
    check = code('reading_f = check("reading_f")')
    learner, solution = editions(lesson(tmp_path, code(SETUP), code(source, "exercise"), check))
    assert learner.cells[1].source == "reading_f = ...  # a letter"
    assert solution.cells[1].source == 'reading_f = "c"  # a letter'


def test_a_wager_is_committed_and_blank_for_the_learner(tmp_path: Path) -> None:
    source = f"{build.BEGIN}\nwager_c10 = (-0.1, 0.05)  # (lower end, upper end)\n{build.END}"
    setup = code("from gates.checks import wager")
    learner, _ = editions(lesson(tmp_path, setup, code(source, "exercise"), code('wager("C10")')))
    assert learner.cells[1].source == "wager_c10 = ...  # (lower end, upper end)"


def test_a_marked_return_keeps_the_rest_of_the_function(tmp_path: Path) -> None:
    source = f"def keep_or_forget(a, c):\n    {build.BEGIN}\n    f = torch.sigmoid(a)\n    return f * c\n    {build.END}"
    learner, _ = editions(lesson(tmp_path, code(SETUP), code(source, "exercise"), code(CHECK)))
    assert (
        learner.cells[1].source
        == "def keep_or_forget(a, c):\n    # Your code here.\n    return ..."
    )


def test_hints_are_folded_and_instructor_cells_dropped(tmp_path: Path) -> None:
    cells = [
        '+++ {"tags": ["hint"]}\n\n### Hint 1\n\nUse *this*.\n',
        '+++ {"tags": ["instructor"]}\n\nSecret.\n',
    ]
    for edition in editions(lesson(tmp_path, *GOOD, *cells)):
        text = "".join(cell.source for cell in edition.cells)
        assert "<details><summary>Hint 1</summary>\n\nUse *this*.\n\n</details>" in text
        assert "Secret" not in text and "### Hint" not in text


def test_ids_are_stable_and_tags_are_everywhere(tmp_path: Path) -> None:
    path = lesson(tmp_path, *GOOD)
    one, other = editions(path), editions(path)
    assert [c.id for e in one for c in e.cells] == [c.id for e in other for c in e.cells]
    assert one[0].cells[1].id == "04-gate" and one[0].cells[0].id == "04-001"
    assert all("tags" in cell.metadata for cell in one[0].cells)


BAD = {
    "unknown check": ([*GOOD, code('check("warp_drive")')], "no exercise 'warp_drive'"),
    "unknown import": (
        [code(SETUP), code("from gates.cells import warp_cell", "exercise"), code(CHECK)],
        "has no warp_cell",
    ),
    "no check": (GOOD[:2], "keep_or_forget has no check"),
    "check before": ([GOOD[0], GOOD[2], GOOD[1]], "keep_or_forget has no check"),
    "no wager": (
        [code(SETUP), code(f"{build.BEGIN}\nwager_c10 = (0, 1)\n{build.END}", "exercise")],
        'wager_c10 has no check: add a cell with wager("C10")',
    ),
    "unclosed marker": ([code(SETUP), code(f"{build.BEGIN}\nx = 1", "exercise")], "is not closed"),
    "marker without beginning": (
        [code(SETUP), code(f"x = 1\n{build.END}", "exercise")],
        "without its counterpart",
    ),
    "solution outside an exercise": (
        [code(f"{build.BEGIN}\nx = 1\n{build.END}")],
        "needs the tag `exercise`",
    ),
    "no parameters": ([*GOOD, code("x = 1", "experiment")], "needs a cell tagged `parameters`"),
    "second parameters": (
        [*GOOD, code("x = 1", "parameters"), code("y = 1", "parameters")],
        "second cell tagged",
    ),
    "parameters nobody checks": (
        [*GOOD, code("x = 1", "parameters")],
        "its parameters are not checked",
    ),
    "free name": ([*GOOD, code("print(never_defined)", name="free")], "never_defined"),
    "free name in an expanded function": (
        [code("import torch\nfrom gates.checks import check"), *GOOD[1:]],
        "Tensor",
    ),
    "broken code": ([*GOOD, code("def broken(:")], "edition"),
    "long cell": ([*GOOD, code("\n".join(f"x{k} = {k}" for k in range(16)))], "16 lines"),
    "long line": ([*GOOD, code("x = " + " + ".join(["1"] * 40))], "longer than 100"),
    "directive": ([*GOOD, "```{note}\nraw text\n```\n"], "MyST directive"),
    "name twice": ([code("x = 1", name="a"), code("y = 1", name="a")], "only one"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_source_stops_the_build_and_is_named(tmp_path: Path, case: str) -> None:
    cells, says = BAD[case]
    path = lesson(tmp_path, *cells)
    with pytest.raises(build.BadSource, match=r"lessons/04_gru\.md, cell 04-") as caught:
        editions(path)
    assert says in str(caught.value)


def test_the_cell_with_the_free_name_is_the_one_named(tmp_path: Path) -> None:
    cells = [
        "Some prose.\n",
        *GOOD,
        "+++\n\nMore prose.\n",
        code("x = 1"),
        code("print(never_defined)", name="free"),
    ]
    with pytest.raises(build.BadSource, match=r"cell 04-free: .*never_defined"):
        editions(lesson(tmp_path, *cells))


def test_builds_once_and_again_only_after_a_change(tmp_path: Path) -> None:
    path = lesson(tmp_path, code("print('one')", name="last"))
    assert len(build.build(tmp_path)) == 2
    assert build.build(tmp_path) == []
    solution = nbformat.read(tmp_path / "solutions" / "04_gru.ipynb", as_version=4)
    assert solution.cells[-1].outputs[0].text == "one\n"
    path.write_text(path.read_text(encoding="utf-8").replace("one", "two"), encoding="utf-8")
    assert len(build.build(tmp_path)) == 2


def test_an_edited_edition_is_built_anew_and_an_orphan_removed(tmp_path: Path) -> None:
    lesson(tmp_path, "The forget gate.\n")
    build.build(tmp_path)
    edited = tmp_path / "notebooks" / "04_gru.ipynb"
    before = edited.read_text(encoding="utf-8")
    edited.write_text(before.replace("forget gate", "forgetful gate"), encoding="utf-8")
    assert edited.read_text(encoding="utf-8") != before
    (tmp_path / "notebooks" / "05_gone.ipynb").write_text(
        edited.read_text(encoding="utf-8"), encoding="utf-8"
    )
    assert build.build(tmp_path) == [edited]
    assert edited.read_text(encoding="utf-8") == before
    assert not (tmp_path / "notebooks" / "05_gone.ipynb").exists()


def test_the_skeleton_is_a_valid_lesson_and_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "lessons").mkdir()
    path = build.new("07_opening_the_gate", tmp_path)
    assert front.read(path).title == "opening the gate"
    assert len(build.build(tmp_path)) == 2
    before = path.read_text(encoding="utf-8")
    with pytest.raises(build.BadSource, match="a lesson 07 already"):
        build.new("07_opening_the_gate", tmp_path)
    with pytest.raises(build.BadSource, match="two digits"):
        build.new("Opening the gate", tmp_path)
    assert path.read_text(encoding="utf-8") == before


def test_an_unknown_lesson_is_refused() -> None:
    with pytest.raises(build.BadSource, match="no lesson 99"):
        build.build(only=["99"])

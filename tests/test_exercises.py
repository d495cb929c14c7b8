"""Where exercises and mistakes stand: each in one place, and a mistake as near to those who make it as can be."""

import json
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from bank import BANK, written

import gates
from gates import exercises
from gates.checks import judge
from gates.exercises import EXERCISES, MISTAKES, Choice, Coding
from gates.exercises.common import mistake
from gates.exercises.common.choice import questions
from gates.exercises.common.coding import coding
from gates.exercises.common.mistake import Mistake
from gates.exercises.common.slips import slip

LIBRARY = Path(gates.__file__).parent
ROOM = LIBRARY / "exercises"
CODING = [name for name, task in EXERCISES.items() if isinstance(task, Coding)]


def lessons_that_name(id: str) -> Counter:
    return Counter(task.lesson for task in EXERCISES.values() if id in task.named)


@pytest.mark.parametrize("name", CODING)
def test_an_exercise_has_its_name_and_lesson_from_its_file(name: str) -> None:
    task = EXERCISES[name]
    assert task.reference.__name__ == name
    folder = ROOM / f"lesson{task.lesson}"
    assert (folder / f"{name}.py").is_file() != (folder / name / "__init__.py").is_file()


def test_the_bank_mirrors_the_exercises() -> None:
    here = Path(__file__).parent / "bank"
    found = {path.relative_to(here).with_suffix("").parts for path in here.glob("lesson*/*.json")}
    assert found == {(f"lesson{EXERCISES[name].lesson}", name) for name in CODING}
    assert {entry["exercise"] for entry in BANK} == set(CODING)


def test_a_mistake_of_one_exercise_stands_there() -> None:
    """Mistakes in a lesson's file are shared by its exercises alone, and those in common/ by exercises of several lessons."""
    for file in ROOM.glob("lesson*/mistakes.toml"):
        for told in mistake.read(file):
            of = lessons_that_name(told.id)
            assert list(of) == [file.parent.name[-2:]] and of.total() > 1, (
                file.parent.name,
                told.id,
            )
    judge = "\n".join(path.read_text("utf-8") for path in (LIBRARY / "checks").glob("*.py"))
    for file in (ROOM / "common" / "mistakes").glob("*.toml"):
        for told in mistake.read(file):
            if file.stem == "any_answer":
                assert f'"{told.id}"' in judge, told.id
            else:
                assert lessons_that_name(told.id).total() > 1, told.id
                assert len(lessons_that_name(told.id)) > 1, (file.name, told.id)


def test_the_judge_knows_no_exercise_by_name() -> None:
    for path in (LIBRARY / "checks").rglob("*.py"):
        code = re.sub(r'"""[\s\S]*?"""|#.*', "", path.read_text("utf-8"))
        assert "gates.exercises.lesson" not in code, path.name
        assert not [name for name in EXERCISES if re.search(rf"[\"']{name}[\"']", code)], path.name


def test_no_file_is_too_long_to_read() -> None:
    for path in LIBRARY.rglob("*"):
        if path.suffix in (".py", ".toml"):
            count = len(path.read_text("utf-8").splitlines())
            assert count <= (150 if ROOM in path.parents else 450), f"{path.name}: {count} lines"


def test_a_mistake_is_told_once() -> None:
    one = Mistake("m", "It is wrong.", "Look.", "00")
    assert exercises._by_id([one, one]) == {"m": one}
    with pytest.raises(ValueError, match="m is told twice"):
        exercises._by_id([one, replace(one, sentence="It is right.")])


def test_the_exercise_in_contributing_is_a_whole_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is judged like any other, in its slips, too, and its lines are short enough for a lesson."""
    page = (LIBRARY.parent / "CONTRIBUTING.md").read_text("utf-8")
    (code,) = re.findall(r"^```python\n(.*?)^```$", page, re.M | re.S)
    names: dict = {}
    exec(compile(code, "<page>", "exec"), names)
    task = replace(names["EXERCISE"], lesson="02")
    assert max(map(len, code.splitlines())) <= 100
    monkeypatch.setitem(EXERCISES, task.name, task)
    for told in task.own:
        monkeypatch.setitem(MISTAKES, told.id, told)
    assert judge(task.name, task.reference).passed
    for of in task.slips:
        assert judge(task.name, task.variant(**of.slots)).mistakes == (of.mistake,)
    (answer,) = re.findall(r"`({.*})`", page)
    assert judge(task.name, written(json.loads(answer)["code"], task.name)).passed


def test_two_exercises_of_one_name_are_refused() -> None:
    one, *_ = EXERCISES.values()
    with pytest.raises(ValueError, match=f"Lessons {one.lesson} and 99 both ask for {one.name}"):
        exercises._by_name([one, replace(one, lesson="99")])


def test_a_mistake_without_a_sentence_is_refused() -> None:
    task = replace(EXERCISES["keep_or_forget"], slips=(slip("unheard-of", keep=lambda f: f),))
    with pytest.raises(ValueError, match="names unheard-of, which has no sentence"):
        exercises._known({"keep_or_forget": task}, MISTAKES)


@pytest.mark.parametrize("slots", [{}, {"kept": 1}])
def test_a_slip_that_fills_no_slot_of_the_function_is_refused(slots: dict) -> None:
    def half(x, keep=None):
        return x / 2

    with pytest.raises(ValueError, match="the slip wrong fills"):
        coding(
            half,
            asks="half",
            probes=lambda: [(1.0,)],
            variant=lambda keep=None: half,
            slips=[slip("wrong", **slots)],
        )


def test_a_question_may_share_a_chart_of_letters(tmp_path: Path) -> None:
    (tmp_path / "questions.toml").write_text(
        '[charts.ills]\na = "one"\nb = "two"\nc = "three"\n\n'
        '[series.what]\nasks = "what ails {k}"\nright = "ba"\nchart = "ills"\n\n'
        '[series.what.2.c]\nmistake = "other"\nsentence = "S."\nlook_at = "L."\n'
    )
    one, two = questions(tmp_path / "questions.toml", "07")
    assert one == Choice("what_1", "07", "what ails 1", "b", {"a": "one", "c": "three"})
    own = (Mistake("other", "S.", "L.", "07"),)
    assert two == Choice("what_2", "07", "what ails 2", "a", {"b": "two", "c": "other"}, own)

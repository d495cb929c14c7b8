"""Questions whose answer is a letter, read from a lesson's questions.toml."""

import tomllib
from dataclasses import dataclass
from importlib.resources.abc import Traversable

from gates.exercises.common.mistake import Mistake


@dataclass(frozen=True)
class Choice:
    """A question whose answer is a letter; each wrong letter stands for a mistake, by its id."""

    name: str
    lesson: str
    asks: str
    reference: str
    wrong: dict[str, str]
    own: tuple[Mistake, ...] = ()

    @property
    def named(self) -> set[str]:
        """The ids of all mistakes that its letters stand for."""
        return set(self.wrong.values())


def questions(file: Traversable, lesson: str) -> list[Choice]:
    """The questions in a toml file, a table each, in the order in which they stand.

    A question has `asks`, in a few words, `right`, a letter, and a table for each wrong letter: `mistake`, the id of what it
    stands for, with `sentence` and `look_at` where that belongs to this question alone. With `chart` it has the letters of
    that table in [charts], too, apart from the right one; its own come first. A table in [series] is several questions,
    name_1, name_2 and so on: a right letter for each, {k} in `asks` for its number, and a table by that number for letters
    of its own.
    """
    tables = tomllib.loads(file.read_text(encoding="utf-8"))
    charts, series = tables.pop("charts", {}), tables.pop("series", {})
    for name, of in series.items():
        for k, letter in enumerate(of["right"], start=1):
            asks = of["asks"].format(k=k)
            tables[f"{name}_{k}"] = {**of.get(str(k), {}), "asks": asks, "right": letter}
            tables[f"{name}_{k}"]["chart"] = of["chart"]
    return [_question(name, lesson, table, charts) for name, table in tables.items()]


def _question(name: str, lesson: str, table: dict, charts: dict[str, dict[str, str]]) -> Choice:
    right, letters = table["right"], {k: v for k, v in table.items() if len(k) == 1}
    chart = {k: v for k, v in charts.get(table.get("chart"), {}).items() if k != right}
    wrong = dict(sorted((chart | {k: of["mistake"] for k, of in letters.items()}).items()))
    own = tuple(
        Mistake(
            of["mistake"],
            of["sentence"],
            of["look_at"],
            of.get("lesson", lesson),
            tuple(of.get("seen", ())),
        )
        for of in letters.values()
        if "sentence" in of
    )
    return Choice(name, lesson, table["asks"], right, wrong, own)

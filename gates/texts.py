"""What is written from the lessons' facts: a lesson's head, lesson 00's map, README's, and the library's lessons.toml; and
from the claims, their table in README, and the library's wagers.toml.

`make build` writes the files; `python -m gates.texts` writes them alone.
"""

import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path

import jupytext
from nbformat import NotebookNode

from gates import claims_table, front
from gates.between import between
from gates.claims import CLAIMS
from gates.facts import BadFacts, Facts, parts, runs

ROOT = Path(__file__).resolve().parent.parent
MAP = "<!-- the map of lessons -->"
"""The line in a lesson's source in whose place the build puts a table of all lessons."""
MARKER = "lessons"
"""What stands in the markers around README's map."""
OF_PART = re.compile(r"<!-- lessons of Part ([IVX]+) -->")
"""What stands in a lesson's source in whose place the build puts the numbers of a part's lessons."""
HOURS = 6
"""Of a day of a course."""

_IN_WORDS = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six"}


def header(lesson: Facts) -> str:
    """The line below a lesson's heading: its part, its minutes, what one needs."""
    minutes = f"about {lesson.minutes} minutes"
    if lesson.sittings > 1:
        minutes += f", best in {_IN_WORDS.get(lesson.sittings, lesson.sittings)} sittings"
    if lesson.homework:
        minutes += f", and another {lesson.homework.minutes} for {lesson.homework.name}"
    needs = [need for need in lesson.needs if need not in lesson.needed]
    if lesson.needed:
        needs.insert(0, f"lesson{'s' * (len(lesson.needed) > 1)} {runs(lesson.needed)}")
    *others, last = needs
    told = f"You need {', '.join(others)}, and {last}." if others else f"You need {last}."
    return f"**{lesson.part}** · {minutes} · {told} {lesson.also}".rstrip()


def minutes(lesson: Facts) -> str:
    """The minutes of a lesson's sections in a sentence, for its instructor."""
    told = []
    for section in lesson.sections:
        if section.use != "homework":
            asks = f" ({section.asks})" if section.asks else ""
            told.append(f"{section.minutes} for {section.name}{asks}")
    sentence = f"Minutes: {', '.join(told)}."
    if lesson.homework:
        name = _capital(lesson.homework.name)
        sentence += f" {name} is homework, another {lesson.homework.minutes} minutes."
    return sentence


def notebook(path: Path) -> NotebookNode:
    """A lesson's source as a notebook, with the texts that its facts make in their places."""
    lesson = front.read(path)
    made = jupytext.reads(path.read_text(encoding="utf-8"), fmt="md:myst")
    title = next((cell for cell in made.cells if cell.metadata.get("name") == "title"), None)
    if title is None:
        raise BadFacts(
            f"lessons/{path.name}: it has no cell named `title`, in which the build writes the question: see lessons/TEMPLATE.md."
        )
    if found := re.search(r"^(# .*|\*\*.*\*\* · about .*)$", title.source, re.M):
        raise BadFacts(
            f"lessons/{path.name}, cell title: delete `{found[0][:30]} …`, which the build writes from the front matter."
        )
    title.source = f"# {lesson.question}\n\n{header(lesson)}\n\n{title.source}".rstrip()
    notes = [cell for cell in made.cells if "instructor" in cell.metadata.get("tags", [])]
    for note in notes[:1]:
        if note.source.startswith("Minutes:"):
            raise BadFacts(
                f"lessons/{path.name}, first instructor note: delete `Minutes: …`, which the build writes from the front matter."
            )
        note.source = f"{minutes(lesson)} {note.source}"
    for cell in made.cells:
        if cell.cell_type == "markdown" and "<!-- " in cell.source:
            cell.source = _filled(cell.source, lesson, path)
    return made


def _filled(source: str, lesson: Facts, path: Path) -> str:
    """A text with the map of lessons and the lessons of a part in the places that are marked for them."""
    if MAP in source:
        source = source.replace(MAP, questions(front.read_all(path.parent.parent), lesson))
    if marked := OF_PART.findall(source):
        found = parts(front.read_all(path.parent.parent))
        if missing := set(marked) - found.keys():
            raise BadFacts(
                f"lessons/{path.name}: no lesson is in Part {min(missing)}: name a part that there is."
            )
        source = OF_PART.sub(lambda part: runs([of.number for of in found[part[1]]]), source)
    return source


def questions(lessons: Sequence[Facts], here: Facts) -> str:
    """A table of all lessons with their questions, as one of them shows it; the others are links."""
    rows = ["| lesson | the question it answers |", "|---|---|"]
    for lesson in lessons:
        number = lesson.number if lesson == here else f"[{lesson.number}]({lesson.file})"
        rows.append(f"| {number} | {lesson.question} |")
    return "\n".join(rows)


def readme(lessons: Sequence[Facts]) -> str:
    """README's map of lessons, and how long its parts take."""
    rows = ["| lesson | the question it answers | minutes | complete |", "|---|---|---|---|"]
    for lesson in lessons:
        rows.append(
            f"| [{lesson.number}](notebooks/{lesson.file}) {_capital(lesson.title)} | {lesson.question} | {lesson.minutes} "
            f"| [solutions](solutions/{lesson.file}) |"
        )
    told = f"A day of a course has about {_IN_WORDS[HOURS]} hours."
    homework = [
        f"Lesson {lesson.number} has another {lesson.homework.minutes} minutes for {lesson.homework.name}, which are not counted."
        for lesson in lessons
        if lesson.homework
    ]
    told += f" ({' '.join(homework)})" if homework else ""
    table = ["| part | lessons | time | days |", "|---|---|---|---|"]
    for numeral, of_it in parts(lessons).items():
        table.append(_time(numeral, of_it, sum(lesson.minutes for lesson in of_it)))
        optional = [s.name for lesson in of_it for s in lesson.sections if s.use == "optional"]
        if optional:
            *others, last = dict.fromkeys(optional)
            names = f"{', '.join(others)} and {last}" if others else last
            core = sum(lesson.minutes - lesson.optional for lesson in of_it)
            table.append(_time(f"{numeral}, without {names}", of_it, core))
    return "\n".join([*rows, "", told, "", *table])


def _time(label: str, lessons: Sequence[Facts], total: int) -> str:
    """A row of README's table of parts: hours and minutes, and days in quarters."""
    quarters = max(1, round(4 * total / (60 * HOURS)))
    days = f"{quarters // 4 or ''}{['', '¼', '½', '¾'][quarters % 4]}"
    numbers = runs([lesson.number for lesson in lessons])
    return f"| {label} | {numbers} | {total // 60} h {total % 60:02d} | {days} |"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def toml(lessons: Sequence[Facts]) -> str:
    """The facts of all lessons as the library reads them."""
    lines = ["# Written by `make build` from the front matter of lessons/. Do not edit it here."]
    for lesson in lessons:
        plain = lesson.plain
        sections = plain.pop("sections")
        lines += ["", f"[{lesson.name}]", *(f"{key} = {_value(plain[key])}" for key in plain)]
        lines += [f"[{lesson.name}.sections]"]
        lines += [f"{_value(name)} = {_value(said)}" for name, said in sections.items()]
    return "\n".join(lines) + "\n"


def wagers() -> str:
    """What the figures that one can wager on are counted in, as the library reads it: those that are no exact count."""
    lines = [
        "# Written by `make build` from the figures in gates/claims.toml. Do not edit it here."
    ]
    for claim in CLAIMS:
        if (figure := claim.figure) and figure.low is not None:
            lines += ["", f"[{claim.id}]"]
            parts = ("unit", "noun", "difference", "decimals", "level")
            lines += [f"{part} = {_value(getattr(figure, part))}" for part in parts]
    return "\n".join(lines) + "\n"


def _value(value: str | float | list[str]) -> str:
    return json.dumps(
        value, ensure_ascii=False
    )  # a text, or a list of them: TOML writes them alike


def wanted(root: Path = ROOT) -> dict[Path, str]:
    """The files with a text that is made from the lessons and claims, each with what it has to say."""
    lessons, found = front.read_all(root), {}
    if (root / "gates").is_dir():
        found[root / "gates" / "lessons.toml"] = toml(lessons)
        found[root / "gates" / "wagers.toml"] = wagers()
    page = root / "README.md"
    if page.exists():
        tables = {MARKER: lambda: readme(lessons)}
        text = page.read_text(encoding="utf-8")
        if f"<!-- {claims_table.MARKER} -->" in text:
            tables[claims_table.MARKER] = lambda: claims_table.claims_table(root)
        try:
            for marker, made in tables.items():
                text = between(text, marker, made())
        except ValueError as problem:
            raise BadFacts(f"README.md: {problem}") from problem
        found[page] = text
    return found


def write(root: Path = ROOT) -> list[Path]:
    """Write the files that do not say what they have to; those written."""
    written = []
    for file, text in wanted(root).items():
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            file.write_text(text, encoding="utf-8", newline="\n")
            print(f"{file.relative_to(root).as_posix()}: written", flush=True)
            written.append(file)
    return written


def main() -> None:
    try:
        write()
    except BadFacts as problem:
        sys.exit(f"\n{problem}")


if __name__ == "__main__":
    main()

"""The learner's own folder, `my_course/`: lessons are laid out there, and nothing of the learner's is ever overwritten.

Beside them lie pages that are the course's, and are laid out anew when it changes: home, from which everything is a click
away, what is to be looked up in `reference/`, and the complete editions in `solutions/`. Run as `python -m gates.desk lay`, or `python -m gates.desk reset 03`.
"""

import hashlib
import json
import os
import re
import shutil
import sys
from datetime import datetime
from pathlib import Path

from gates import calibration
from gates.checks import progress
from gates.checks.course_map import HOME, Map

ROOT = Path(__file__).resolve().parent.parent
LEDGER = ".laid.json"  # which version of each lesson was laid out last


def _hash(notebook: dict) -> str:
    """A hash of a notebook's cells, whatever else is stored with them."""
    cells = [(cell["cell_type"], "".join(cell["source"])) for cell in notebook["cells"]]
    return hashlib.sha256(json.dumps(cells).encode()).hexdigest()


def _content(file: Path) -> str:
    """The same of a lesson, with its lines as they are stored: ledgers that are in use hold this."""
    cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
    return hashlib.sha256(
        json.dumps([(c["cell_type"], c["source"]) for c in cells]).encode()
    ).hexdigest()


def _seen(file: Path) -> str | None:
    """The hash of a file that the learner may have changed; None for one that is no notebook any more."""
    try:
        return _hash(json.loads(file.read_text(encoding="utf-8")))
    except (ValueError, KeyError, TypeError):
        return None


def _copy(source: Path, target: Path) -> None:
    """Copy all or nothing, and never over a file."""
    partial = target.with_suffix(".partial")
    shutil.copyfile(source, partial)
    if target.exists():
        partial.unlink()
        raise FileExistsError(target)
    os.replace(partial, target)


def _ledger(desk: Path) -> dict[str, str]:
    try:
        return json.loads((desk / LEDGER).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}


def _write_ledger(desk: Path, laid: dict[str, str]) -> None:
    partial = desk / f"{LEDGER}.partial"
    partial.write_text(json.dumps(laid, indent=1), encoding="utf-8")
    os.replace(partial, desk / LEDGER)


def _free(desk: Path, stem: str) -> Path:
    """A name beside the learner's file that nobody uses yet."""
    names = (desk / f"{stem}.new{number or ''}.ipynb" for number in [0, *range(2, 1000)])
    return next(name for name in names if not name.exists())


def _markdown(text: str) -> dict:
    return {"cell_type": "markdown", "id": "", "metadata": {}, "source": text.strip()}


def _notebook(*cells: dict) -> dict:
    """A notebook of these cells, with ids."""
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    named = [{**cell, "id": f"page-{k}"} for k, cell in enumerate(cells)]
    return {"cells": named, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


_PLACES = {"CHEATSHEET.md": "cheat_sheet.ipynb", "README.md": "about.ipynb"}


def _page(text: str) -> dict:
    """Markdown from the project's folder as a page in `reference/`: links lead to what lies in the learner's folder."""

    def link(found: re.Match) -> str:
        name, target = found[1], found[2]
        if re.match(r"https?:|#", target):
            return found[0]
        if target in _PLACES:
            return f"[{name}]({_PLACES[target]})"
        if inside := re.fullmatch(r"(notebooks|solutions)/(\w+)\.ipynb(#\S+)?", target):
            solved = "solutions/{}.solution" if inside[1] == "solutions" else "{}"
            return f"[{name}](../{solved.format(inside[2])}.ipynb{inside[3] or ''})"
        return name

    text = re.sub(r"\[([^\]]+)\]\(([^)\s]+)\)", link, text)
    parts = re.split(r"\n(?=## )", text)
    return _notebook(_markdown(f"[Home](../{HOME})"), *map(_markdown, parts))


def _solution(file: Path) -> dict:
    """A complete edition that says what it is, and whose links lead back to the learner's own lessons."""
    notebook = json.loads(file.read_text(encoding="utf-8"))
    way = re.compile(r"""(\]\(|href=\\?")(\d\d_\w+\.ipynb)""")
    notebook = json.loads(way.sub(r"\1../\2", json.dumps(notebook, ensure_ascii=False)))
    sign = (
        f"**This is the complete edition, with all answers.** [Your own lesson](../{file.name}) is where you write, and "
        f"[home](../{HOME}) is where all lessons are."
    )
    notebook["cells"].insert(0, {**_markdown(sign), "id": "edition"})
    return notebook


def _shown(source: str, bundle: dict[str, str]) -> dict:
    """A code cell with what it shows, as if it had been run."""
    output = {"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": bundle}
    cell = {"cell_type": "code", "id": "", "metadata": {}, "execution_count": 1}
    return cell | {"source": source, "outputs": [output]}


def _home(root: Path, solutions: list[Path]) -> dict:
    """The page one comes home to. Its map and its wagers show how far the learner is at this moment; run again, how far
    by then."""
    laid = {file.name for file in (root / "notebooks").glob("*.ipynb")}
    record = progress.read()
    links = "\n".join(
        f"- [{file.stem}](solutions/{file.stem}.solution.ipynb)" for file in solutions
    )
    return _notebook(
        _markdown(
            "# Home\n\nClick a lesson to open it, and the name of this tab to come back. Lesson 00 is where to start. The "
            "map shows how far you were when the course was opened; run the cell below to bring it up to date.\n\n"
            "To look things up: the [cheat sheet](reference/cheat_sheet.ipynb), with equations, shapes and packing on one "
            "page; the [claims](reference/claims.ipynb), with what was measured; and [about the course]"
            "(reference/about.ipynb), its README with usual questions. The answers are at the bottom of this page."
        ),
        _shown("import gates\n\ngates.progress()", Map(record, laid)._repr_mimebundle_()),
        _markdown(
            "## Your wagers\n\nBefore a lesson settles a claim you may write down an interval in which you expect its "
            "figure, four times in five. Each row is such a wager: the gray band is your interval, and the line what was "
            "measured, with its own interval; a blue dot lies inside the band, an orange diamond outside. Run the cell "
            "below to bring it up to date."
        ),
        _shown(
            "from gates import calibration\n\ncalibration.show()",
            calibration.shown(record)._repr_mimebundle_(),
        ),
        _markdown(
            "## Complete editions\n\nThey hold all answers and outputs: for when you are done with a lesson, or stuck.\n\n"
            f"<details><summary>Show the links to the answers</summary>\n\n{links}\n\n</details>"
        ),
    )


def _pages(root: Path) -> dict[str, dict]:
    """The course's own pages, by their place in the learner's folder."""
    solutions = sorted((root / "solutions").glob("*.ipynb"))
    pages = {HOME: _home(root, solutions)}
    for source, place in _PLACES.items():
        if (root / source).exists():
            text = (root / source).read_text(encoding="utf-8")
            pages[f"reference/{place}"] = _page(text)
            if claims := re.search(r"^## [^\n]*claims\n.*?(?=^## |\Z)", text, re.M | re.S | re.I):
                pages["reference/claims.ipynb"] = _page(claims[0].replace("## ", "# ", 1))
    return pages | {f"solutions/{file.stem}.solution.ipynb": _solution(file) for file in solutions}


def _kept(desk: Path, mine: Path) -> Path:
    """Put a copy of the learner's file into `backup/`; where it is."""
    folder = desk / "backup"
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / f"{mine.stem}_{datetime.now():%Y-%m-%d_%H-%M-%S-%f}.ipynb"
    _copy(mine, kept)
    return kept


def _lay_page(desk: Path, place: str, notebook: dict, laid: str | None) -> list[str]:
    """Write one of the course's pages; a copy of it in which the learner has written is left, or kept in `backup/`."""
    file, said = desk / place, []
    written = json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
    if file.exists():
        if file.read_text(encoding="utf-8", errors="replace") == written:
            return []
        changed = laid is None or _seen(file) != laid
        if changed and laid == _hash(notebook):
            return []
        if changed:
            kept = _kept(desk, file)
            said = [f"What you wrote in my_course/{place} is kept as my_course/backup/{kept.name}."]
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_suffix(".partial")
    partial.write_text(written, encoding="utf-8", newline="\n")
    os.replace(partial, file)
    return said


def lay(root: Path = ROOT) -> list[str]:
    """Copy the lessons that are not there yet, and put a changed one beside the learner's; lay out the course's pages.

    Returns what was done, in words.
    """
    desk = root / "my_course"
    desk.mkdir(exist_ok=True)
    laid, said = _ledger(desk), []
    for lesson in sorted((root / "notebooks").glob("*.ipynb")):
        mine, content = desk / lesson.name, _content(lesson)
        if not mine.exists():
            _copy(lesson, mine)
            said.append(f"my_course/{lesson.name} is ready.")
        elif laid.get(lesson.name) != content:
            beside = _free(desk, lesson.stem)
            _copy(lesson, beside)
            said.append(
                f"Lesson {lesson.stem[:2]} has changed. Your my_course/{lesson.name} is as you left it; the new one is "
                f"beside it as {beside.name}. To start over with the new one: `make reset LESSON={lesson.stem[:2]}`."
            )
        laid[lesson.name] = content
        _write_ledger(desk, laid)
    for place, page in _pages(root).items():
        said += _lay_page(desk, place, page, laid.get(place))
        laid[place] = _hash(page)
    _write_ledger(desk, laid)
    return said


def reset(number: str, root: Path = ROOT) -> list[str]:
    """Back up the learner's file of a lesson, then put the lesson back as it came. Returns what was done, in words."""
    desk = root / "my_course"
    lesson = next(iter((root / "notebooks").glob(f"{number}_*.ipynb")), None)
    if lesson is None:
        raise FileNotFoundError(f"There is no lesson {number} in notebooks/.")
    mine, said = desk / lesson.name, []
    if mine.exists():
        kept = _kept(desk, mine)
        said.append(f"Yours is kept as my_course/backup/{kept.name}.")
        mine.unlink()
    _copy(lesson, mine)
    _write_ledger(desk, {**_ledger(desk), lesson.name: _content(lesson)})
    return [
        *said,
        f"my_course/{lesson.name} is as it came. If it is open in JupyterLab, choose File, Reload from Disk.",
    ]


def main() -> None:
    command, *numbers = sys.argv[1:] or ["lay"]
    try:
        said = reset(numbers[0]) if command == "reset" else lay()
    except FileNotFoundError as problem:
        sys.exit(f"\n{problem}")
    print("\n".join(said) if said else "my_course/ is as you left it.", flush=True)


if __name__ == "__main__":
    main()

"""The learner's own folder, `my_course/`: lessons are laid out there, and nothing in it is ever overwritten.

Run as `python -m gates.desk lay`, or `python -m gates.desk reset 03`.
"""

import hashlib
import json
import os
import shutil
import sys
from datetime import datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LEDGER = ".laid.json"  # which version of each lesson was laid out last


def _content(file: Path) -> str:
    """A hash of a notebook's cells, whatever else is stored with them."""
    cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
    return hashlib.sha256(
        json.dumps([(c["cell_type"], c["source"]) for c in cells]).encode()
    ).hexdigest()


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


def lay(root: Path = ROOT) -> list[str]:
    """Copy the lessons that are not there yet; put a changed one beside the learner's. Returns what was done, in words."""
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
    return said


def reset(number: str, root: Path = ROOT) -> list[str]:
    """Back up the learner's file of a lesson, then put the lesson back as it came. Returns what was done, in words."""
    desk = root / "my_course"
    lesson = next(iter((root / "notebooks").glob(f"{number}_*.ipynb")), None)
    if lesson is None:
        raise FileNotFoundError(f"There is no lesson {number} in notebooks/.")
    mine, said = desk / lesson.name, []
    (desk / "backup").mkdir(parents=True, exist_ok=True)
    if mine.exists():
        kept = desk / "backup" / f"{lesson.stem}_{datetime.now():%Y-%m-%d_%H-%M-%S-%f}.ipynb"
        _copy(mine, kept)
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

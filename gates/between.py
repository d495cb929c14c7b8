"""What code writes into a page that people write: the lines between two markers, `<!-- name -->` and `<!-- /name -->`."""

import re
from pathlib import Path


def between(page: str, marker: str, text: str) -> str:
    """A page with this text between its markers, and an empty line on either side of it.

    marker: the name in both of them, which has to stand on the page once; else ValueError.
    """
    begin, end = f"<!-- {marker} -->", f"<!-- /{marker} -->"
    found = re.findall(rf"^{re.escape(begin)}$.*?^{re.escape(end)}$", page, re.M | re.S)
    if len(found) != 1 or page.count(begin) != 1 or page.count(end) != 1:
        raise ValueError(
            f"There has to be one line `{begin}` and one line `{end}` below it, and nothing is written without them."
        )
    return page.replace(found[0], f"{begin}\n\n{text.strip()}\n\n{end}")


def write_between(path: Path, marker: str, text: str) -> bool:
    """Write a text between the markers of a file; whether that changed it. A file without them raises ValueError."""
    before = path.read_text(encoding="utf-8")
    try:
        after = between(before, marker, text)
    except ValueError as problem:
        raise ValueError(f"{path.name}: {problem}") from None
    if after != before:
        partial = path.with_suffix(".partial")
        partial.write_text(after, encoding="utf-8", newline="\n")
        partial.replace(path)
    return after != before

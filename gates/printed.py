"""What the cells of an executed notebook have printed, and the claims' figures in it."""

import re
from collections.abc import Mapping, Sequence

from gates.claims import Figure

NUMBER = r"-?\d+(?:\.\d+)?(?:e-\d+)?"


def printed(cell: Mapping) -> tuple[str, ...]:
    """The lines that a cell has printed; a plus sign before a number is left out, as in prose."""
    text = "".join("".join(output.get("text", "")) for output in cell["outputs"])
    return tuple(re.sub(r"(?<=[\s\[])\+(?=\d)", "", text).splitlines())


def with_gaps(words: str) -> str:
    """A pattern for words in which … stands for anything between."""
    return ".*?".join(re.escape(part.strip()) for part in words.split("…"))


def line_of(figure: Figure, lines: Sequence[str]) -> str:
    """The one line that holds the words before a figure; ValueError if there is none, or several."""
    found = [line for line in lines if re.search(with_gaps(figure.after), line)]
    anchored = [line for line in found if re.match(with_gaps(figure.after), line)]
    (line,) = anchored or found
    return line


def told(figure: Figure, lines: Sequence[str]) -> tuple[float | None, ...]:
    """The number that stands behind the words before a figure, and its interval, None and None if there is none.

    lines: what its cell printed. ValueError if no line, or more than one, has such a number.
    """
    pattern = rf"{with_gaps(figure.after)} ({NUMBER})(?: \[({NUMBER}), ({NUMBER})\])?"
    found = re.search(pattern, line_of(figure, lines))
    if not found:
        raise ValueError(f"{figure.cell} no longer prints a number after: {figure.after}")
    return tuple(None if number is None else float(number) for number in found.groups())

"""What a check says: a status, the mistakes it recognized, and a text for people."""

import html
from dataclasses import dataclass

PASSED, NOT_ATTEMPTED, RAISED, WRONG_SHAPE, WRONG = (
    "passed",
    "not attempted",
    "raised",
    "wrong shape",
    "wrong",
)

_SIGNS = {PASSED: "✓", NOT_ATTEMPTED: "○", RAISED: "✗", WRONG_SHAPE: "✗", WRONG: "✗"}
_EDGES = {
    PASSED: "#009E73",
    NOT_ATTEMPTED: "#6E6E6E",
    RAISED: "#D55E00",
    WRONG_SHAPE: "#D55E00",
    WRONG: "#D55E00",
}


@dataclass(frozen=True)
class Verdict:
    """The judgment of one answer.

    exercise: its name. status: passed, not attempted, raised, wrong shape or wrong. mistakes: their ids, most
    likely first. message: paragraphs of plain text, separated by line breaks.
    """

    exercise: str
    status: str
    message: str
    mistakes: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        return self.status == PASSED

    def __str__(self) -> str:
        return f"{_SIGNS[self.status]} {self.exercise}: {self.status}\n{self.message}".rstrip()

    def with_note(self, note: str) -> "Verdict":
        """The same verdict with one more paragraph."""
        message = f"{self.message}\n{note}" if self.message else note
        return Verdict(self.exercise, self.status, message, self.mistakes)

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, str]:
        paragraphs = "".join(
            f"<p style='margin:.3em 0'>{html.escape(p)}</p>" for p in self.message.splitlines() if p
        )
        box = (
            f"<div role='status' style='border-left:.4em solid {_EDGES[self.status]};padding:.3em .9em;max-width:46em'>"
            f"<strong>{_SIGNS[self.status]} {html.escape(self.exercise)}: {self.status}</strong>{paragraphs}</div>"
        )
        return {"text/plain": str(self), "text/html": box}

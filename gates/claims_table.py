"""The table of claims in README, made from claims.toml."""

import re
from pathlib import Path

from gates.claims import CLAIMS, Claim

ROOT = Path(__file__).resolve().parent.parent
MARKER = "claims"
"""What stands in the markers around it."""


def claims_table(root: Path = ROOT) -> str:
    """All claims in Markdown: the sentence, what was found, and the figure that decides, linked to the cell that prints it."""
    rows = ["| | claim | what was found | the figure that decides |", "|---|---|---|---|"]
    for claim in CLAIMS:
        rows.append(
            f"| {claim.id} | {claim.sentence} | {claim.spoken} | {_deciding(claim, root)} |"
        )
    return "\n".join(rows)


def _deciding(claim: Claim, root: Path) -> str:
    """The figure with its interval, and a link to its cell in the complete edition.

    JupyterLab 4 and nbconvert's pages know a cell by `cell-id=`. JupyterLab goes there once the notebook is open, and to a
    heading only where its cell has been drawn already; GitHub shows a notebook in a frame, at its top. So the link also
    says in words which section it leads to.
    """
    if claim.figure is None:
        return "—"
    lesson, section = where(claim.figure.cell, root)
    link = (
        f"[{claim.figure.lesson}: {section}](solutions/{lesson}.ipynb#cell-id={claim.figure.cell})"
    )
    return f"{claim.figure}, in {link}"


def where(cell: str, root: Path = ROOT) -> tuple[str, str]:
    """The lesson and the heading of the section in which a cell stands; ValueError if there is no such cell.

    cell: its id, a lesson's number and the name that the cell has in its source.
    """
    for path in sorted((root / "lessons").glob(f"{cell[:2]}_*.md")):
        above, found, _ = path.read_text(encoding="utf-8").partition(f"\n:name: {cell[3:]}\n")
        if found:
            return path.stem, re.findall(r"^## (.+)$", above, re.M)[-1]
    raise ValueError(f"No lesson has a cell {cell}.")

"""The letters that a path says."""

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.mistake import Mistake
from gates.exercises.lesson17.collapse.slips import SLIPS
from gates.exercises.lesson17.collapse.variants import variant
from gates.speech.ctc import collapse

LETTERS = 7  # that each of the paths below says


def probes() -> Probes:
    """Paths with runs of all lengths, a blank within a run or not, at either end or not, and letters that come again.

    One ends as it begins. One begins with 0, which is no blank there, and has numbers so large that Python makes a new
    object of each.
    """
    return [
        ([3, 3, 3, 0, 3, 1, 1, 0, 0, 1, 4, 2, 3, 3], 0),
        ([2, 2, 1, 0, 0, 2, 0, 0, 0, 2, 2, 1, 1, 3, 1, 0, 0], 2),
        ([4, 4, 0, 2, 2, 2, 2, 4, 2, 4, 1, 3, 3, 0, 0, 4, 4, 0], 4),
        ([int(str(k)) for k in (0, 0, 1, 1000, 1000, 7, 1000, 1, 5, 5, 6, 9)], 1),
    ]


def _at_the_edge() -> Probes:
    """No step, one step, and blanks alone."""
    return [([], 0), ([5], 0), ([1], 1), ([3, 3], 3), ([2, 2], 0), ([0, 1, 0], 1)]


def _read(found: list[int], arguments: tuple) -> list[int]:
    """How many letters there are, and the first seven, or -1 in the place of one that is missing."""
    if not isinstance(found, list):
        raise TypeError("A list was asked for.")
    letters = [int(k) for k in found]
    return [len(letters), *(letters + [-1] * LETTERS)[:LETTERS]]


EXERCISE = coding(
    collapse,
    asks="the letters that a path says",
    probes=probes,
    also=(_at_the_edge, "paths-at-the-edge"),
    outputs=("the number of letters", *(f"letter {k + 1}" for k in range(LETTERS))),
    variant=variant,
    reads=_read,
    shapes="path is a list of whole numbers, and a shorter list comes back.",
    returns="It should return a list of letters.",
    slips=SLIPS,
    mistakes=(
        Mistake(
            "paths-at-the-edge",
            "It is right for ordinary paths, and wrong at the edge: for one without steps, of one step, or of blanks alone.",
            "A path without steps has no path[0], and says nothing, as blanks alone do: return an empty list.",
        ),
    ),
)

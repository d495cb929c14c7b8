"""The letters that a path says."""

from collections.abc import Callable, Sequence

from gates.exercises.common.coding import Probes, coding
from gates.exercises.lesson17.collapse.slips import SLIPS
from gates.speech.ctc import collapse


def probes() -> Probes:
    """Paths with runs of all lengths, a blank within a run or not, at either end or not, and letters that come again."""
    return [
        ([3, 3, 3, 0, 3, 1, 1, 0, 0, 1, 4, 3, 3], 0),
        ([2, 2, 1, 0, 0, 2, 0, 0, 0, 2, 2, 1, 1, 3, 1, 0, 0], 2),
        ([4, 4, 0, 2, 2, 2, 2, 4, 2, 4, 1, 3, 3, 0, 0, 4, 4, 0], 4),
    ]


def _small() -> Probes:
    return [([5], 0), ([1], 1), ([], 0), ([3, 3], 3), ([2, 2], 0), ([0, 1, 0], 1)]


def runs(path: Sequence[int]) -> list[int]:
    """One of each run of equal neighbors."""
    return [k for t, k in enumerate(path) if t == 0 or k != path[t - 1]]


def no_blanks(path: Sequence[int], blank: int) -> list[int]:
    return [k for k in path if k != blank]


def variant(
    merged=runs,
    without=no_blanks,
    begins=lambda path, blank: path,
    give=lambda letters, path: letters,
    whole=None,
) -> Callable:
    """Merge, then leave blanks out, with exchangeable parts."""

    def run(path: Sequence[int], blank: int = 0) -> list[int]:
        path = begins(list(path), blank)
        return give(without(merged(path), blank), path)

    return whole or run


EXERCISE = coding(
    collapse,
    asks="the letters that a path says",
    probes=probes,
    small=_small,
    outputs=lambda arguments: [f"letter {k + 1}" for k in range(len(collapse(*arguments)))],
    variant=variant,
    reads=lambda found, arguments: [int(k) for k in found],
    shapes="path is a list of whole numbers, and a shorter list comes back.",
    returns="It should return a list of letters.",
    slips=SLIPS,
)

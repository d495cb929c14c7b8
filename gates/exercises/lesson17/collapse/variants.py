"""The letters that a path says, with the parts of reading it exchangeable."""

from collections.abc import Callable, Sequence


def runs(path: Sequence[int]) -> list[int]:
    """One of each run of equal neighbors."""
    return [k for t, k in enumerate(path) if t == 0 or k != path[t - 1]]


def no_blanks(path: Sequence[int], blank: int) -> list[int]:
    return [k for k in path if k != blank]


def variant(
    merged=runs,
    without=no_blanks,
    begins=lambda path, blank: path,
    order=lambda path, merged, without: without(merged(path)),
    give=lambda letters, path: letters,
    whole=None,
) -> Callable:
    """Merge, then leave blanks out, with exchangeable parts."""

    def run(path: Sequence[int], blank: int = 0) -> list[int]:
        path = begins(list(path), blank)
        return give(order(path, merged, lambda found: without(found, blank)), path)

    return whole or run


# Wrong parts


def pairs_only(path: Sequence[int]) -> list[int]:
    """Of two equal neighbors one goes, and what comes third is kept."""
    kept, t = [], 0
    while t < len(path):
        kept.append(path[t])
        t += 2 if path[t + 1 : t + 2] == [path[t]] else 1
    return kept


def to_first_blank(path: Sequence[int], blank: int) -> list[int]:
    """What stands before the first blank behind a letter."""
    begun = next((t for t, k in enumerate(path) if k != blank), len(path))
    end = next((t for t, k in enumerate(path) if t > begun and k == blank), len(path))
    return path[:end]


def without_at_ends(path: Sequence[int], blank: int) -> list[int]:
    """Blanks are left out at both ends only."""
    there = [t for t, k in enumerate(path) if k != blank]
    return path[there[0] : there[-1] + 1] if there else []


def first_of_each(path: list[int], blank: int) -> list[int]:
    """What comes first, and what comes first behind a blank."""
    return [k for t, k in enumerate(path) if k != blank and (t == 0 or path[t - 1] == blank)]


def padded(path: list[int], blank: int) -> list[int]:
    kept = [k for t, k in enumerate(path) if k != blank and (t == 0 or k != path[t - 1])]
    return kept + [blank] * (len(path) - len(kept))

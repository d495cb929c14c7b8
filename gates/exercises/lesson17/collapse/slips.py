"""Mistakes in reading a path."""

from collections.abc import Sequence

import torch

from gates.exercises.common.slips import slip


def _pairs_only(path: Sequence[int]) -> list[int]:
    """Of two equal neighbors one goes, and what comes third is kept."""
    kept, t = [], 0
    while t < len(path):
        kept.append(path[t])
        t += 2 if path[t + 1 : t + 2] == [path[t]] else 1
    return kept


def _first_blank(path: Sequence[int], blank: int) -> list[int]:
    """What stands before the first blank behind a letter."""
    begun = next((t for t, k in enumerate(path) if k != blank), len(path))
    end = next((t for t, k in enumerate(path) if t > begun and k == blank), len(path))
    return path[:end]


def _ends(path: Sequence[int], blank: int) -> list[int]:
    """Blanks are left out at both ends only."""
    there = [t for t, k in enumerate(path) if k != blank]
    return path[there[0] : there[-1] + 1] if there else []


SLIPS = [
    slip(
        "blanks-out-first",
        "The blanks are left out first, so two equal letters between which one stood become one.",
        "First equal neighbors become one, and then the blanks go: that is how a path says a letter twice.",
        order=lambda path, merged, without: merged(without(path)),
    ),
    slip(
        "blanks-kept",
        "The blanks are still there.",
        "A blank stands for no letter. Leave out what equals blank, once equal neighbors are one.",
        without=lambda path, blank: path,
    ),
    slip(
        "runs-kept",
        "Equal neighbors are not made one.",
        "A letter that lasts several steps is one letter: keep a step only if it differs from the step before.",
        merged=lambda path: path,
    ),
    slip(
        "each-letter-once",
        "Each letter comes once in all.",
        "Only neighbors become one. A letter that comes again later, with something else between, is a new one.",
        merged=lambda path: list(dict.fromkeys(path)),
    ),
    slip(
        "each-letter-once",
        merged=lambda path: sorted(set(path)),
        detail="They come in the order of their numbers.",
    ),
    slip(
        "blank-is-zero",
        "0 is left out, whatever blank is.",
        "blank is an argument: compare with it.",
        without=lambda path, blank: [k for k in path if k != 0],
    ),
    slip(
        "blank-is-last",
        "The largest number is taken for the blank.",
        "Programs differ in where they put it. Here the argument blank says which number it is.",
        without=lambda path, blank: [k for k in path if k != max(path)],
    ),
    slip(
        "pairs-merged",
        "Two equal neighbors become one, and a third is kept.",
        "A run of any length is one letter: compare each step with the step before it, whatever became of that.",
        merged=_pairs_only,
    ),
    slip(
        "stops-at-blank",
        "It stops at a blank.",
        "A blank ends no text. It stands between letters too: leave it out and go on.",
        begins=_first_blank,
    ),
    slip(
        "stops-at-blank",
        begins=lambda path, blank: path[: path.index(blank)] if blank in path else path,
        detail="It is the first of all.",
    ),
    slip(
        "blanks-out-at-ends",
        "Blanks are left out at the beginning and the end, and not between letters.",
        "Every blank goes.",
        without=_ends,
    ),
    slip(
        "singles-only",
        "What lasts longer than a step is left out as a whole.",
        "Of a run of equal neighbors one is kept.",
        merged=lambda path: [
            k
            for t, k in enumerate(path)
            if k not in (path[t - 1 : t] if t else []) + path[t + 1 : t + 2]
        ],
    ),
    slip(
        "first-step-lost",
        "The first step is lost.",
        "It has no step before it, so it is kept, unless it is a blank.",
        merged=lambda path: [k for t, k in enumerate(path) if t and k != path[t - 1]],
    ),
    slip(
        "first-step-lost",
        merged=lambda path: [k for t, k in enumerate(path) if k != path[t - 1]],
        detail="It is where the path ends as it begins, since path[-1] is the last step.",
    ),
    slip(
        "zero-before-first",
        "A path that begins with 0 loses it, where 0 is a letter.",
        "What stands before the first step has to be no letter: begin with None, or with blank.",
        merged=lambda path: [k for t, k in enumerate(path) if k != ([0, *path])[t]],
    ),
    slip(
        "last-step-lost",
        "The last run is lost.",
        "The path ends without a change: keep what stands at the end, too.",
        merged=lambda path: [k for t, k in enumerate(path[:-1]) if k != path[t + 1]],
    ),
    slip(
        "letters-between-blanks",
        "Of the letters between two blanks the first alone is kept.",
        "A blank has to stand between equal letters only. Different ones may follow each other without it.",
        whole=lambda path, blank=0: _first_of_each(list(path), blank),
    ),
    slip(
        "compared-as-objects",
        "Numbers are compared with `is`, which asks whether they are the same object.",
        "Write == and !=: beyond 256 Python may make a new object of each number, and `is` finds none equal.",
        merged=lambda path: [k for t, k in enumerate(path) if t == 0 or k is not path[t - 1]],
    ),
    slip(
        "letters-no-list",
        "The letters do not come back in a list.",
        "The lesson goes on to compare with lists: list(…) makes one of a tuple, .tolist() of an array or a tensor.",
        give=lambda letters, path: tuple(letters),
    ),
    slip("letters-no-list", give=lambda letters, path: torch.tensor(letters)),
    slip(
        "letters-reversed",
        "The letters run from the last to the first.",
        "They come in the order of the steps.",
        give=lambda letters, path: letters[::-1],
    ),
    slip(
        "path-padded",
        "The result is as long as the path, filled up with blanks.",
        "Nothing stands in the place of what goes.",
        whole=lambda path, blank=0: _padded(list(path), blank),
    ),
    slip(
        "letters-counted",
        "How many letters there are comes back.",
        "Return the letters themselves, as a list.",
        give=lambda letters, path: len(letters),
    ),
]


def _first_of_each(path: list[int], blank: int) -> list[int]:
    """What comes first, and what comes first behind a blank."""
    return [k for t, k in enumerate(path) if k != blank and (t == 0 or path[t - 1] == blank)]


def _padded(path: list[int], blank: int) -> list[int]:
    kept = [k for t, k in enumerate(path) if k != blank and (t == 0 or k != path[t - 1])]
    return kept + [blank] * (len(path) - len(kept))

"""Mistakes in reading a path."""

import torch

from gates.exercises.common.slips import slip
from gates.exercises.lesson17.collapse.variants import (
    first_of_each,
    padded,
    pairs_only,
    to_first_blank,
    without_at_ends,
)

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
        merged=pairs_only,
    ),
    slip(
        "stops-at-blank",
        "It stops at a blank.",
        "A blank ends no text. It stands between letters too: leave it out and go on.",
        begins=to_first_blank,
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
        without=without_at_ends,
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
        whole=lambda path, blank=0: first_of_each(list(path), blank),
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
        whole=lambda path, blank=0: padded(list(path), blank),
    ),
    slip(
        "letters-counted",
        "How many letters there are comes back.",
        "Return the letters themselves, as a list.",
        give=lambda letters, path: len(letters),
    ),
]

"""Mistakes in the places that a path goes through: where they are, where it begins, which it may skip, where it ends."""

import torch

from gates.exercises.common.slips import slip
from gates.exercises.lesson17.ctc_forward.variants import (
    between_alone,
    interleaved,
    placed,
    two_before,
    without_blanks,
)

SLIPS = [
    slip(
        "skip-between-equals",
        "The blank between two equal letters may be skipped.",
        "Without it both would be read as one letter. A skip needs a letter that differs from the one two places before.",
        may_skip=lambda extended, blank: extended != blank,
    ),
    slip(
        "skip-never",
        "No blank is ever skipped.",
        "Between two different letters a path needs no blank: there α comes from two places before, too.",
        may_skip=lambda extended, blank: extended != extended,
    ),
    slip(
        "skip-onto-blanks",
        "A path may go from blank to blank and leave out the letter between.",
        "Each letter has to be said. Only onto a letter may one skip, and only over a blank.",
        may_skip=lambda extended, blank: extended == extended,
    ),
    slip(
        "skip-onto-blanks",
        may_skip=lambda extended, blank: (
            (extended == blank) | (extended != two_before(extended, blank))
        ),
    ),
    slip(
        "start-in-blank-only",
        "A path can begin with the blank only.",
        "It may begin in the first letter at once: α of the first step has two places, 0 and 1.",
        start=lambda first: placed(first, slice(0, 1)),
    ),
    slip(
        "start-in-letter-only",
        "A path can begin with the first letter only.",
        "It may begin with a blank, too: α of the first step has two places, 0 and 1.",
        start=lambda first: placed(first, slice(1, 2)),
    ),
    slip(
        "start-anywhere",
        "A path can begin at any place, and so leave out the first letters.",
        "α of the first step has two places, 0 and 1. All others have the probability 0, whose logarithm is −inf.",
        start=lambda first: first,
    ),
    slip(
        "start-for-free",
        "The first step costs nothing.",
        "α begins with the log probabilities that the first step gives to the blank and to the first letter.",
        start=lambda first: placed(torch.zeros_like(first), slice(0, 2)),
    ),
    slip(
        "end-in-blank-only",
        "A path can end in the last blank only.",
        "It may end in the last letter, too: add the last two places.",
        ends=lambda alpha: alpha[-1:],
    ),
    slip(
        "end-in-letter-only",
        "A path can end in the last letter only.",
        "It may end in the blank behind it, too: add the last two places.",
        ends=lambda alpha: alpha[-2:][:1],
    ),
    slip(
        "end-anywhere",
        "Paths count that end before the last letter is said.",
        "Add the last two places only: the last letter, and the blank behind it.",
        ends=lambda alpha: alpha,
    ),
    slip(
        "blank-assumed-zero",
        "Class 0 is taken for the blank, whatever blank is.",
        "blank is an argument: fill extended with it.",
        extend=lambda y, blank: interleaved(y, 0),
        may_skip=lambda extended, blank: extended != two_before(extended, 0),
    ),
    slip(
        "blank-assumed-zero",
        extend=lambda y, blank: interleaved(y, 0),
        may_skip=lambda extended, blank: (extended != 0) & (extended != two_before(extended, 0)),
    ),
    slip(
        "text-without-blanks",
        "There are no blanks between the letters.",
        "Put one before, between and behind them: 2U + 1 places, blank, y₁, blank, y₂ … blank.",
        whole=without_blanks,
    ),
    slip(
        "blanks-between-only",
        "There are blanks between the letters alone.",
        "One stands before the first and one behind the last, too: 2U + 1 places.",
        whole=between_alone,
    ),
]

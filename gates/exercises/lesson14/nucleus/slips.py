"""Mistakes in keeping the likeliest numbers."""

import torch

from gates.exercises.common.slips import slip
from gates.exercises.lesson14.nucleus.keeping import KEEPING
from gates.exercises.lesson14.nucleus.variants import (
    as_they_stand,
    kept_as_it_was,
    over_columns,
    rows_together,
)

SLIPS = [
    *KEEPING,
    slip(
        "nucleus-not-scaled",
        "The probabilities that are kept do not have the sum 1.",
        "Divide each row by its sum, kept.sum(-1, keepdim=True).",
        scale=lambda kept: kept,
    ),
    slip(
        "nucleus-scaled-by-p",
        "The kept probabilities are divided by p, but they have more than that together.",
        "Divide each row by its own sum, kept.sum(-1, keepdim=True).",
        whole=lambda probabilities, p: kept_as_it_was(probabilities, p) / p,
    ),
    slip(
        "nucleus-scaled-together",
        "All rows are divided by one sum.",
        "Each row has a sum of its own: kept.sum(-1, keepdim=True).",
        scale=lambda kept: kept / kept.sum(),
    ),
    slip(
        "nucleus-softmax-again",
        "The kept probabilities go through a softmax, which gives something to those that were dropped, too.",
        "They are probabilities already: divide each row by its sum.",
        scale=lambda kept: torch.softmax(kept, -1),
    ),
    slip(
        "least-likely-kept",
        "The least likely numbers are kept.",
        "sort goes from small to large, unless it is told descending=True.",
        descending=False,
    ),
    slip(
        "nucleus-left-sorted",
        "The probabilities come back in the order of their size.",
        "Put each where it stood: torch.zeros_like(kept).scatter(-1, order, kept).",
        back=lambda probabilities, kept, mask, order: kept,
    ),
    slip(
        "mask-in-sorted-order",
        "The mask belongs to the sorted probabilities, and is laid over the unsorted ones.",
        "Bring the mask back first: mask.scatter(-1, order, mask), or drop in the sorted ones and put these back.",
        back=lambda probabilities, kept, mask, order: probabilities * mask,
    ),
    slip(
        "gathered-for-scattered",
        "The order is used the wrong way round on the way back.",
        "sorted[k] came from place order[k], so it goes there: scatter(-1, order, kept), or gather with order.argsort(-1).",
        back=lambda probabilities, kept, mask, order: kept.gather(-1, order),
    ),
    slip(
        "rows-in-one-nucleus",
        "All rows share one nucleus, as if they were one distribution.",
        "Each row is one by itself: sort and cumsum run along the last dimension, -1.",
        whole=rows_together,
    ),
    slip("rows-in-one-nucleus", whole=over_columns, detail="Sorted and added up is over the rows."),
    slip(
        "nucleus-not-sorted",
        "The numbers are added up as they stand, and not from the likeliest on.",
        "Sort each row first: probabilities.sort(-1, descending=True).",
        whole=as_they_stand,
    ),
    slip(
        "kept-ones-alike",
        "All that are kept have the same probability.",
        "A mask says which are kept. Multiply the probabilities by it, and divide by their sum.",
        back=lambda probabilities, kept, mask, order: torch.zeros_like(kept).scatter(
            -1, order, mask
        ),
    ),
]

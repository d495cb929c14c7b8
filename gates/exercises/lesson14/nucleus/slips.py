"""Mistakes in keeping the likeliest numbers."""

import torch

from gates.exercises.common.slips import slip
from gates.exercises.lesson14.nucleus.variants import (
    first_rows_count,
    kept_as_it_was,
    over_columns,
    rows_together,
)

SLIPS = [
    slip(
        "nucleus-without-its-last",
        "The number that makes the sum reach p is left out, so the kept ones have less than p together.",
        "A number is kept if those that are likelier have less than p together: look at the sum before it, cumsum − ordered.",
        keep=lambda ordered, total, p: total <= p,
    ),
    slip(
        "nucleus-one-too-many",
        "One number more is kept than it takes to reach p.",
        "A number is kept if those that are likelier have less than p together. The first of them always is.",
        keep=lambda ordered, total, p: total - ordered - ordered.roll(1, -1) < p,
    ),
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
        "nucleus-turned-around",
        "What should be dropped is kept.",
        "Those with the sum of the likelier ones below p stay.",
        keep=lambda ordered, total, p: total - ordered >= p,
    ),
    slip(
        "p-counts-numbers",
        "p is taken for a share of the numbers: in each row equally many are kept.",
        "p is a share of the probability. Where one number is all but certain, it stays alone; where many are alike, many stay.",
        keep=lambda ordered, total, p: (
            torch.arange(ordered.shape[-1]).expand_as(ordered) < p * ordered.shape[-1]
        ),
    ),
    slip(
        "p-counts-numbers",
        keep=lambda ordered, total, p: (
            torch.arange(ordered.shape[-1]).expand_as(ordered) < max(1, int(p * ordered.shape[-1]))
        ),
    ),
    slip(
        "p-as-threshold",
        "Each probability is compared with p by itself.",
        "Compare p with sums: of all that are likelier, from the largest on.",
        keep=lambda ordered, total, p: ordered >= p,
    ),
    slip(
        "p-as-threshold",
        keep=lambda ordered, total, p: ordered >= 1 - p,
        detail="It is compared with 1 − p.",
    ),
    slip(
        "p-of-the-largest",
        "A probability is compared with p times the largest one.",
        "That is another rule, by the name of min-p. Here sums are compared with p.",
        keep=lambda ordered, total, p: ordered >= p * ordered[:, :1],
    ),
    slip(
        "p-for-what-is-dropped",
        "p is taken for the share that is dropped.",
        "The kept ones have p or more together, so about 1 − p is dropped.",
        share=lambda p, V: 1 - p,
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
        "first-rows-count",
        "In all rows as many numbers are kept as in the first.",
        "How many it takes to reach p differs from row to row: make a mask for each.",
        keep=first_rows_count,
    ),
]

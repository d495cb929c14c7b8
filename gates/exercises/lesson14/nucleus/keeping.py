"""Mistakes in which numbers are kept."""

import torch
from torch import Tensor

from gates.exercises.common.slips import slip
from gates.exercises.lesson14.nucleus.variants import first_rows_count


def _first(ordered: Tensor) -> Tensor:
    return torch.arange(ordered.shape[-1]) == 0


def _least(ordered: Tensor, total: Tensor, p: float) -> Tensor:
    """The smallest probability that is kept, in each row."""
    count = (total - ordered < p).sum(-1, keepdim=True)
    return ordered.gather(-1, count - 1)


KEEPING = [
    slip(
        "nucleus-without-its-last",
        "The number that makes the sum reach p is left out, so the kept ones have less than p together.",
        "A number is kept if those that are likelier have less than p together: look at the sum before it, cumsum − ordered.",
        keep=lambda ordered, total, p: total <= p,
    ),
    slip("nucleus-without-its-last", keep=lambda ordered, total, p: total < p),
    slip(
        "nucleus-without-its-last",
        keep=lambda ordered, total, p: (total < p) | _first(ordered),
        detail="The first alone always stays.",
    ),
    slip(
        "nucleus-without-its-last",
        keep=lambda ordered, total, p: (total <= p) | _first(ordered),
        detail="The first alone always stays.",
    ),
    slip(
        "kept-beyond-p",
        "Where the sum is p to the last digit, one number more is kept than it takes.",
        "A number is kept if those that are likelier have less than p together, < and not <=.",
        keep=lambda ordered, total, p: total - ordered <= p,
    ),
    slip(
        "ties-kept",
        "Of numbers that are equally likely all are kept, where some of them are enough.",
        "As few are kept as can be: count places in the sorted row, and do not compare probabilities with the last that is kept.",
        keep=lambda ordered, total, p: ordered >= _least(ordered, total, p),
    ),
    slip(
        "nucleus-one-too-many",
        "One number more is kept than it takes to reach p.",
        "A number is kept if those that are likelier have less than p together. The first of them always is.",
        keep=lambda ordered, total, p: total - ordered - ordered.roll(1, -1) < p,
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
        "p-as-threshold",
        keep=lambda ordered, total, p: ordered > 1 - p,
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
        "first-rows-count",
        "In all rows as many numbers are kept as in the first.",
        "How many it takes to reach p differs from row to row: make a mask for each.",
        keep=first_rows_count,
    ),
    slip(
        "added-over-rows",
        "The sums run down the columns, over the rows.",
        "Each row is one distribution: cumsum(-1) adds along it.",
        keep=lambda ordered, total, p: ordered.cumsum(0) - ordered < p,
    ),
]

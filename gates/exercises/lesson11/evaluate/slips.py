"""Mistakes in the accuracy over all samples."""

from torch import Tensor

from gates.exercises.common.slips import slip


def _pairs(predicted: Tensor, y: Tensor) -> float:
    """All predictions compared with all classes."""
    return (predicted[:, None] == y).sum().item()


def _first_hit(predicted: Tensor, y: Tensor) -> float:
    return float(predicted[0] == y[0])


def _shares(hits: list[float], sizes: list[int]) -> float:
    return sum(h / n for h, n in zip(hits, sizes, strict=True))


SLIPS = [
    slip(
        "train-not-restored",
        "The model is left in evaluation mode, so dropout stays off for the rest of training.",
        "Call model.train() at the end.",
        restore=False,
    ),
    slip("left-frozen", learns=False),
    slip(
        "mean-of-means",
        count=lambda hits, sizes: sum(h / n for h, n in zip(hits, sizes, strict=True)) / len(hits),
    ),
    slip(
        "first-batch-only",
        "Only the first batch counts.",
        "Is the return inside the loop? It belongs behind it.",
        count=lambda hits, sizes: hits[0] / sizes[0],
    ),
    slip(
        "first-batch-only",
        count=lambda hits, sizes: hits[0] / sizes[0],
        restore=False,
        detail="And the model stays in evaluation mode.",
        alone=True,
    ),
    slip(
        "errors-for-accuracy",
        "It is the share of samples that are wrong, and not of those that are right.",
        "The accuracy counts predictions that equal y.",
        count=lambda hits, sizes: 1 - sum(hits) / sum(sizes),
    ),
    slip(
        "last-batch-only",
        "Only the last batch counts.",
        "Add up over all batches.",
        count=lambda hits, sizes: hits[-1] / sizes[-1],
    ),
    slip("last-batch-only", count=lambda hits, sizes: hits[-1] / sum(sizes)),
    slip(
        "counts-batches",
        "The number of batches is taken for the number of samples.",
        "Divide by how many samples there were, the sum of the batches' sizes.",
        count=lambda hits, sizes: sum(hits) / len(hits),
    ),
    slip(
        "counts-batches",
        count=lambda hits, sizes: sum(hits) / (len(hits) * sizes[0]),
        detail="Every batch is counted as if it were as large as the first.",
    ),
    slip("broadcast-loss", hits_of=_pairs),
    slip(
        "broadcast-loss",
        hits_of=lambda p, y: (p[:, None] == y).double().mean().item() * len(y),
        detail="The share of all pairs is taken.",
        alone=True,
    ),
    slip(
        "broadcast-loss",
        hits_of=lambda p, y: (p[:, None] == y).double().mean().item(),
        count=lambda hits, sizes: sum(hits) / len(hits),
        detail="The shares of all pairs are averaged over the batches.",
        alone=True,
    ),
    slip(
        "last-batch-counted-full",
        "The share of the last, smaller batch is counted as if that batch were as large as the others.",
        "Add up how many are right, and divide once by how many samples there are.",
        count=lambda hits, sizes: _shares(hits, sizes) * sizes[0] / sum(sizes),
        seen=("chainer/chainer#777",),
    ),
    slip(
        "last-batch-counted-full",
        count=lambda hits, sizes: _shares(hits, sizes) * max(sizes) / sum(sizes),
        alone=True,
    ),
    slip(
        "first-sample-only",
        "Of each batch only the first sample is looked at.",
        "Compare all of a batch at once, and add up with sum().",
        hits_of=_first_hit,
        count=lambda hits, n: sum(hits) / len(n),
    ),
    slip(
        "first-sample-only",
        hits_of=_first_hit,
        detail="And it is divided by the number of all samples.",
        alone=True,
    ),
    slip(
        "last-batch-left-out",
        "The last batch is left out.",
        "Go through all batches, the last and smaller one, too.",
        count=lambda hits, sizes: sum(hits[:-1]) / sum(sizes[:-1]),
    ),
    slip(
        "last-batch-left-out",
        count=lambda hits, sizes: sum(hits[:-1]) / sum(sizes),
        detail="Its samples are counted all the same.",
        alone=True,
    ),
]

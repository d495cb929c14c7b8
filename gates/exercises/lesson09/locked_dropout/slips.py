"""Mistakes in dropout with one mask for all steps."""

from torch.nn import functional as F

from gates.exercises.common.slips import slip

SLIPS = [
    slip(
        "mask-for-each-step",
        "A new mask is drawn at every step.",
        "Draw one mask of shape (B, N), without the steps; it is broadcast over all T of them.",
        shape=lambda xs: xs.shape,
    ),
    slip("mask-for-each-step", shape=lambda xs: xs.shape, scale=lambda p: 1.0),
    slip(
        "mask-for-all-samples",
        "All samples share one mask.",
        "Draw a mask for every sample: its shape is (B, N).",
        shape=lambda xs: xs.shape[2:],
    ),
    slip(
        "mask-for-all-samples",
        shape=lambda xs: (xs.shape[0], 1, xs.shape[2]),
        detail="And each step has its own.",
    ),
    slip(
        "mask-for-whole-samples",
        "All numbers of a sample are kept or dropped together.",
        "Each of the N numbers has its own luck: the mask's shape is (B, N).",
        shape=lambda xs: (xs.shape[1], 1),
    ),
    slip(
        "mask-for-whole-samples",
        shape=lambda xs: (*xs.shape[:2], 1),
        detail="It drops whole steps of a sample.",
    ),
    slip(
        "dropout-not-scaled",
        "What is kept is not scaled up.",
        "A share p is lost, so divide the rest by 1 − p. Then the mean is what it is without dropout.",
        scale=lambda p: 1.0,
    ),
    slip(
        "dropout-scaled-down",
        "What is kept is multiplied by 1 − p, and not divided by it.",
        "Dropping makes the mean smaller, so the rest has to become larger.",
        scale=lambda p: 1 - p,
    ),
    slip(
        "dropout-scaled-by-p",
        "What is kept is scaled by p, the share that is dropped.",
        "A share 1 − p is kept: divide by that.",
        scale=lambda p: 1 / p,
    ),
    slip("dropout-scaled-by-p", scale=lambda p: p, detail="It is multiplied by p."),
    slip("drops-the-wrong-share", kept=lambda u, p: u < p),
    slip("drops-the-wrong-share", kept=lambda u, p: u < p, scale=lambda p: 1 / p),
    slip("drops-the-wrong-share", kept=lambda u, p: u < p, scale=lambda p: 1.0),
    slip(
        "nothing-dropped",
        "Nothing is dropped.",
        "Compare random numbers between 0 and 1 with p, and set to zero where they are below. F.dropout in evaluation mode does nothing.",
        whole=lambda xs, p: F.dropout(xs, p, training=False),
    ),
    slip("nothing-dropped", whole=lambda xs, p: xs / (1 - p)),
    slip("nothing-dropped", whole=lambda xs, p: xs * (1 - p)),
]

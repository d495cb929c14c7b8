"""Images as sequences of columns."""

from torch import Tensor

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.probing import random_numbers
from gates.exercises.common.slips import slip


def column_steps(images: Tensor) -> Tensor:
    """Images as sequences of their columns, from left to right.

    images: (B, R, K), R rows of K pixels each. Returns (K, B, R): a step for each column, and
    in it the R pixels of that column from top to bottom.
    """
    return images.permute(2, 0, 1)


def probes() -> Probes:
    randn = random_numbers(91)
    return [(randn(4, 3, 5),), (randn(2, 6, 4),)]


def _square_images() -> Probes:
    return [(random_numbers(92)(4, 4, 4),)]


EXERCISE = coding(
    column_steps,
    asks="images as sequences of columns",
    probes=probes,
    square=_square_images,
    outputs=("the sequences",),
    shapes="images are (B, R, K), and (K, B, R) comes back.",
    slips=[
        slip(
            "view-for-transpose",
            whole=lambda images: images.reshape(images.shape[2], images.shape[0], images.shape[1]),
        ),
        slip(
            "view-for-transpose",
            whole=lambda images: images.transpose(1, 2).reshape(
                images.shape[2], images.shape[0], -1
            ),
        ),
        slip(
            "view-for-transpose",
            whole=lambda images: images.transpose(0, 1).reshape(
                images.shape[2], images.shape[0], -1
            ),
        ),
        slip(
            "view-for-transpose",
            whole=lambda images: images.transpose(0, 2).reshape(
                images.shape[2], images.shape[0], -1
            ),
        ),
        slip(
            "rows-for-columns",
            "The steps are the rows.",
            "A step for each column: K comes first, and R last.",
            whole=lambda images: images.transpose(0, 1),
        ),
        slip(
            "steps-not-first",
            "The dimensions have not changed into steps, samples, pixels.",
            "(B, R, K) becomes (K, B, R): permute(2, 0, 1).",
            whole=lambda images: images.transpose(1, 2),
        ),
        slip("steps-not-first", whole=lambda images: images),
        slip(
            "steps-not-first",
            whole=lambda images: images.permute(2, 1, 0),
            detail="The samples are last.",
        ),
        slip("time-reversed", whole=lambda images: images.permute(2, 0, 1).flip(0)),
        slip(
            "column-upside-down",
            "The pixels of a column run from the bottom to the top.",
            "Row 0 is the top one and comes first.",
            whole=lambda images: images.permute(2, 0, 1).flip(2),
        ),
        slip(
            "steps-not-first",
            whole=lambda images: images.permute(1, 2, 0),
            detail="The rows are first and the samples last.",
        ),
    ],
)

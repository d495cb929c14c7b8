"""Handwritten digits, read row by row, pixel by pixel, or pixel by pixel in a shuffled order; few of them, or mislabeled.

The 1,797 pictures stand in the order in which they were written: fourteen copies of one form of about 130 digits, as their
labels show, since each copy asks for the same digits in the same order. No column says who wrote which. Three nearest
neighbors name 0.98 of a random half rightly, and 0.95 to 0.96 of the last half from the first, or the first from the last.
"""

from functools import cache

import torch
from torch import Tensor

from gates.tasks.task import Batch, Task, always, at_last, batch, chosen

_ORDERS = {"rows": 8, "half rows": 16, "pairs": 32, "pixels": 64, "permuted": 64}  # and their steps
FORMS = (0, 130, 256, 386, 516, 646, 776, 906, 1029, 1157, 1287, 1415, 1545, 1667)
"""Where each copy of the form begins."""
_PLACES = {  # the part of the pictures that each part of the task has: shuffled, or as they were written
    "same": {"training": (0, 1097), "validation": (1097, 1397), "test": (1397, 1797)},
    # The eighth form is the last to train on, and the ninth is left out: the source says thirteen people, and there are
    # fourteen forms, so that two neighbors may be by one hand.
    "new": {
        "training": (0, FORMS[8]),
        "validation": (FORMS[9], FORMS[11]),
        "test": (FORMS[11], 1797),
    },
}


@cache
def pictures(shuffled: bool = True) -> tuple[Tensor, Tensor]:
    """1,797 pictures of 8 × 8 pixels from 0 to 1, (N, 64), and their digits, (N,).

    In an order shuffled once, or as they were written.
    """
    from sklearn.datasets import load_digits  # here: a lesson without digits need not wait for it

    data = load_digits()
    pixels, labels = torch.tensor(data.data / 16, dtype=torch.float32), torch.tensor(data.target)
    if not shuffled:
        return pixels, labels
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(0))
    return pixels[order], labels[order]


def digits(
    order: str = "rows",
    few: int | None = None,
    mislabeled: float = 0.0,
    drawn: int = 0,
    hands: str = "same",
) -> Task:
    """A digit is named after its last pixel.

    order: "rows", 8 steps of 8; "half rows", 16 of 4; "pairs", 32 of 2; "pixels", 64 of 1; or "permuted", the pixels
    in a shuffled order. few: how many pictures there are to train on; None for all. mislabeled: the share of these
    that say another digit than they show. drawn: a seed that chooses which pictures these are, and which digits they
    say. hands: "same", the pictures are split at random into 1,097, 300 and 400, and each hand stands in all parts; or
    "new", they are split by place, into the first eight forms, 1,029 digits, to train on, two forms, 258, for validation
    and the last three, 382, to test, with a form left out between the first and the others. The parts held out
    depend on hands alone.
    """
    if order not in _ORDERS:
        *others, last = _ORDERS
        listed = ", ".join(f'"{name}"' for name in others)
        raise ValueError(f'The order is {listed} or "{last}", and not {order!r}.')
    if hands not in _PLACES:
        raise ValueError(f'The hands are "same" or "new", and not {hands!r}.')
    places = _PLACES[hands]
    most = places["training"][1]
    if few is not None and not 1 <= few <= most:
        raise ValueError(f"few is {few}, and has to be from 1 to {most}.")
    if not 0 <= mislabeled < 1:
        raise ValueError(f"mislabeled is {mislabeled}, and has to be a share, from 0 to below 1.")
    steps = _ORDERS[order]
    I = 64 // steps
    shuffled = torch.randperm(64, generator=torch.Generator().manual_seed(1))

    @cache
    def part_of(part: str) -> tuple[Tensor, Tensor]:
        place = slice(*places[part])
        pixels, labels = (of[place] for of in pictures(shuffled=hands == "same"))
        if part != "training":
            return pixels, labels
        generator = torch.Generator().manual_seed(drawn)
        chosen = torch.randperm(len(labels), generator=generator)[:few].sort().values
        pixels, labels = pixels[chosen], labels[chosen]
        wrong = torch.randperm(len(labels), generator=generator)[: round(mislabeled * len(labels))]
        others = torch.randint(1, 10, (len(wrong),), generator=generator)
        labels[wrong] = (labels[wrong] + others) % 10
        return pixels, labels

    def sample(B: int | None, generator: torch.Generator, part: str) -> Batch:
        pixels, labels = part_of(part)
        if part == "training" and B is not None:
            chosen = torch.randint(len(labels), (B,), generator=generator)
            pixels, labels = pixels[chosen], labels[chosen]
        read = pixels[:, shuffled] if order == "permuted" else pixels
        xs = read.view(len(labels), steps, I).transpose(0, 1)
        return batch(xs, at_last(labels, torch.full((len(labels),), steps), steps))

    def show(of: Batch, b: int) -> str:
        pixels = of.xs[:, b].flatten()
        if order == "permuted":
            pixels = pixels[shuffled.argsort()]
        rows = pixels.view(8, 8).tolist()
        picture = "\n".join("".join(" ░▒▓█"[round(4 * pixel)] * 2 for pixel in row) for row in rows)
        return f"{picture}\n→ {of.targets[-1, b]}"

    common = int(part_of("training")[1].bincount().argmax())
    return Task(
        name="digits",
        options=chosen(digits, order=order, few=few, mislabeled=mislabeled, hands=hands),
        drawn=drawn,
        finite=True,
        I=I,
        O=10,
        score="accuracy",
        chance=float((part_of("test")[1] == common).double().mean()),
        baseline=f"always answer {common}, the most frequent digit in training",
        trivial=always(10, common),
        solved=1.0,
        source="Alpaydin and Kaynak (1998), Optical Recognition of Handwritten Digits, in scikit-learn; "
        "pixel by pixel: Le, Jaitly and Hinton (2015)",
        sample=sample,
        show=show,
    )

"""Handwritten digits, read row by row, pixel by pixel, or pixel by pixel in a shuffled order; few of them, or mislabeled."""

from functools import cache

import torch
from torch import Tensor

from gates.tasks.task import Batch, Task, always, at_last, batch, chosen

_ORDERS = {"rows": 8, "half rows": 16, "pairs": 32, "pixels": 64, "permuted": 64}  # and their steps
_SIZES = {"training": 1097, "validation": 300, "test": 400}


@cache
def pictures() -> tuple[Tensor, Tensor]:
    """1,797 pictures of 8 × 8 pixels from 0 to 1, (N, 64), and their digits, (N,), in an order shuffled once."""
    from sklearn.datasets import (
        load_digits,
    )  # here, since a lesson that needs no digits need not wait

    data = load_digits()
    order = torch.randperm(len(data.target), generator=torch.Generator().manual_seed(0))
    return torch.tensor(data.data / 16, dtype=torch.float32)[order], torch.tensor(data.target)[
        order
    ]


def digits(
    order: str = "rows", few: int | None = None, mislabeled: float = 0.0, drawn: int = 0
) -> Task:
    """A digit is named after its last pixel.

    order: "rows", 8 steps of 8; "half rows", 16 of 4; "pairs", 32 of 2; "pixels", 64 of 1; or "permuted", the pixels
    in a shuffled order. few: how many pictures there are to train on; None for all 1,097. mislabeled: the share of
    these that say another digit than they show. drawn: a seed that chooses which pictures these are, and which digits
    they say. The parts held out are the same for all.
    """
    if order not in _ORDERS:
        *others, last = _ORDERS
        listed = ", ".join(f'"{name}"' for name in others)
        raise ValueError(f'The order is {listed} or "{last}", and not {order!r}.')
    if few is not None and not 1 <= few <= _SIZES["training"]:
        raise ValueError(f"few is {few}, and has to be from 1 to {_SIZES['training']}.")
    if not 0 <= mislabeled < 1:
        raise ValueError(f"mislabeled is {mislabeled}, and has to be a share, from 0 to below 1.")
    steps = _ORDERS[order]
    I = 64 // steps
    shuffled = torch.randperm(64, generator=torch.Generator().manual_seed(1))

    @cache
    def part_of(part: str) -> tuple[Tensor, Tensor]:
        parts = dict(zip(_SIZES, torch.arange(1797).split(list(_SIZES.values())), strict=True))
        pixels, labels = pictures()
        pixels, labels = pixels[parts[part]], labels[parts[part]]
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
        options=chosen(digits, order=order, few=few, mislabeled=mislabeled),
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

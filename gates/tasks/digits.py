"""Handwritten digits, read row by row, pixel by pixel, or pixel by pixel in a shuffled order."""

from functools import cache

import torch
from sklearn.datasets import load_digits
from torch import Tensor

from gates.tasks.task import Batch, Task, always, at_last, batch, chosen

_SIZES = {"training": 1097, "validation": 300, "test": 400}


@cache
def pictures() -> tuple[Tensor, Tensor]:
    """1,797 pictures of 8 × 8 pixels from 0 to 1, (N, 64), and their digits, (N,), in an order shuffled once."""
    data = load_digits()
    order = torch.randperm(len(data.target), generator=torch.Generator().manual_seed(0))
    return torch.tensor(data.data / 16, dtype=torch.float32)[order], torch.tensor(data.target)[
        order
    ]


def digits(order: str = "rows") -> Task:
    """A digit is named after its last pixel. order: "rows", 8 steps of 8; "pixels", 64 of 1; or "permuted"."""
    if order not in ("rows", "pixels", "permuted"):
        raise ValueError(f'The order is "rows", "pixels" or "permuted", and not {order!r}.')
    steps, I = (8, 8) if order == "rows" else (64, 1)
    shuffled = torch.randperm(64, generator=torch.Generator().manual_seed(1))

    def part_of(part: str) -> tuple[Tensor, Tensor]:
        parts = dict(zip(_SIZES, torch.arange(1797).split(list(_SIZES.values())), strict=True))
        pixels, labels = pictures()
        return pixels[parts[part]], labels[parts[part]]

    def sample(B: int, generator: torch.Generator, part: str) -> Batch:
        pixels, labels = part_of(part)
        if part == "training":
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
        options=chosen(digits, order=order),
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

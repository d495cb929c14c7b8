"""Tables without an order: what is each row, by numbers that could stand in any order as well?"""

from functools import cache

import torch
from torch import Tensor

from gates.tasks.task import Batch, Task, always, at_last, batch, chosen

_SHARES = {"training": 0.6, "validation": 0.8, "test": 1.0}  # where each part ends
_SOURCES = {
    "wine": "Aeberhard and Forina (1992), Wine",
    "cancer": "Wolberg, Mangasarian, Street and Street (1993), Breast Cancer Wisconsin (Diagnostic)",
    "digits": "Alpaydin and Kaynak (1998), Optical Recognition of Handwritten Digits",
}


@cache
def rows(name: str) -> tuple[Tensor, Tensor]:
    """The numbers of all rows, (N, K), and their classes, (N,)."""
    from sklearn import datasets  # here: a lesson without tables need not wait for it

    load = {
        "wine": datasets.load_wine,
        "cancer": datasets.load_breast_cancer,
        "digits": datasets.load_digits,
    }[name]
    data = load()
    return torch.tensor(data.data, dtype=torch.float32), torch.tensor(data.target)


def table(name: str = "wine", columns: str = "as given", drawn: int = 0) -> Task:
    """A row of a table comes number by number; its class is asked for at the last.

    name: "wine", 178 wines with 13 numbers each and three growers; "cancer", 569 tumors with 30 and two kinds; "digits",
    1,797 pictures of 64 pixels and ten digits. columns: "as given", or "shuffled", in an order drawn with the rows, the same
    for all of them. drawn: a seed that draws which rows are for training, three in five, which for validation and which
    to test, one in five each, and the shuffled order. Each column has mean 0 and deviation 1 in the training rows; one that
    is the same in all of these is 0.
    """
    if name not in _SOURCES:
        raise ValueError(f"There is no table {name!r}: choose one of {', '.join(_SOURCES)}.")
    if columns not in ("as given", "shuffled"):
        raise ValueError(f'The columns come "as given" or "shuffled", and not {columns!r}.')
    numbers, classes = rows(name)
    generator = torch.Generator().manual_seed(drawn)
    order = torch.randperm(len(classes), generator=generator)
    places = torch.randperm(numbers.shape[1], generator=generator)
    ends = {part: round(share * len(classes)) for part, share in _SHARES.items()}
    begins = dict(zip(ends, [0, *ends.values()], strict=False))
    chosen_rows = {part: order[begins[part] : end] for part, end in ends.items()}
    known = numbers[chosen_rows["training"]]
    deviation = known.std(0)
    scaled = (numbers - known.mean(0)) / torch.where(deviation > 0, deviation, torch.inf)
    if columns == "shuffled":
        scaled = scaled[:, places]
    K, O = scaled.shape[1], int(classes.max()) + 1

    def sample(B: int | None, generator: torch.Generator, part: str) -> Batch:
        which = chosen_rows[part]
        if part == "training" and B is not None:
            which = which[torch.randint(len(which), (B,), generator=generator)]
        targets = at_last(classes[which], torch.full((len(which),), K), K)
        return batch(scaled[which].T[:, :, None], targets)

    def show(of: Batch, b: int) -> str:
        told = " ".join(f"{number:.1f}" for number in of.xs[:, b, 0].tolist())
        return f"{told} → class {of.targets[-1, b]}"

    common = int(classes[chosen_rows["training"]].bincount().argmax())
    tested = classes[chosen_rows["test"]]
    return Task(
        name="table",
        options=chosen(table, name=name, columns=columns),
        drawn=drawn,
        finite=True,
        I=1,
        O=O,
        score="accuracy",
        chance=float((tested == common).double().mean()),
        baseline=f"always answer class {common}, the most frequent in training",
        trivial=always(O, common),
        solved=1.0,
        source=f"{_SOURCES[name]}; in scikit-learn",
        sample=sample,
        show=show,
    )

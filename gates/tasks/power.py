"""A day's demand for electric power in Italy: was it in the cold half of the year or in the warm one?"""

import warnings
from functools import cache

import torch
from torch import Tensor

from gates.tasks.task import Batch, Task, always, at_last, batch

_VALIDATION = 329  # of the 1,029 days of the published test part; the other 700 are for the test
_HALVES = {"1": "October to March", "2": "April to September"}


@cache
def days() -> dict[str, tuple[Tensor, Tensor]]:
    """For each part, days of 24 hours, (24, N), each with mean 0 and deviation 1, and their half of the year, 0 or 1.

    The 67 days of the published training part are few, so they are all trained on, and validation is taken from the
    beginning of the published test part.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from sktime.datasets import load_italy_power_demand

        loaded = {
            split: load_italy_power_demand(split=split, return_type="numpy3D")
            for split in ("train", "test")
        }
    tensors = {}
    for split, (hours, halves) in loaded.items():
        of_year = torch.tensor([list(_HALVES).index(half) for half in halves])
        tensors[split] = torch.tensor(hours[:, 0].T, dtype=torch.float32), of_year
    (known, of_known), (new, of_new) = tensors["train"], tensors["test"]
    return {
        "training": (known, of_known),
        "validation": (new[:, :_VALIDATION], of_new[:_VALIDATION]),
        "test": (new[:, _VALIDATION:], of_new[_VALIDATION:]),
    }


def power_demand() -> Task:
    """A day of 24 hourly numbers; the half of the year is asked for at the last hour."""

    def sample(B: int | None, generator: torch.Generator, part: str) -> Batch:
        hours, halves = days()[part]
        if part == "training" and B is not None:
            chosen = torch.randint(len(halves), (B,), generator=generator)
            hours, halves = hours[:, chosen], halves[chosen]
        T = len(hours)
        return batch(hours[:, :, None], at_last(halves, torch.full((len(halves),), T), T))

    def show(of: Batch, b: int) -> str:
        day = of.xs[:, b, 0]
        scale = ((day - day.min()) / (day.max() - day.min()) * 7).round().int().tolist()
        half = list(_HALVES.values())[of.targets[-1, b]]
        return f"{''.join('▁▂▃▄▅▆▇█'[k] for k in scale)} (24 hours) → {half}"

    common = int(days()["training"][1].bincount().argmax())
    return Task(
        name="power demand",
        I=1,
        O=2,
        score="accuracy",
        chance=float((days()["test"][1] == common).double().mean()),
        baseline=f"always answer {list(_HALVES.values())[common]}, the more frequent in training",
        trivial=always(2, common),
        solved=1.0,
        finite=True,
        source="Keogh, Wei, Xi, Lonardi, Shieh and Sirowy (2006), Intelligent Icons: Integrating Lite-Weight Data Mining "
        "and Visualization into GUI Operating Systems; ItalyPowerDemand, in the package sktime",
        sample=sample,
        show=show,
    )

"""Prediction by counting: what has followed the last few numbers, smoothed by what has followed fewer of them."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy import ndarray as Array
from torch import Tensor

SMOOTHING = ("kneser-ney", "witten-bell")
_NONE = -1  # in the place of a run that the text does not have


class NGrams:
    """Counts of all runs of up to `order` numbers in a text, and what they say of the next number.

    numbers: the text, (N,). V: how many numbers there are. order: the longest run, the number that is predicted with it.
    smoothing: "kneser-ney", interpolated, where a shorter run counts by how many different numbers it has stood behind, and
    each length has one discount, n₁ / (n₁ + 2 n₂), of those it counts once and twice; or "witten-bell", where what is left
    for shorter runs is as many counts as there are kinds. Below the runs of one number all V are equally likely.
    Another smoothing, and an order that is below 1 or longer than the text, raise ValueError.
    Sources: Kneser and Ney (1995), Improved Backing-Off for M-Gram Language Modeling; Chen and Goodman (1999), An Empirical
    Study of Smoothing Techniques for Language Modeling; Witten and Bell (1991), The Zero-Frequency Problem.
    """

    def __init__(self, numbers: Tensor, V: int, order: int, smoothing: str = "kneser-ney") -> None:
        if smoothing not in SMOOTHING:
            known = " or ".join(map(repr, SMOOTHING))
            raise ValueError(f"The smoothing is {known}, and not {smoothing!r}.")
        if not 1 <= order <= len(numbers):
            raise ValueError(
                f"order is {order}, and has to be from 1 to {len(numbers)}, as long as the text is."
            )
        self.V, self.order, self.smoothing = V, order, smoothing
        text = numbers.numpy()
        # The runs of each length, sorted: the place of all but the last number among the shorter ones, times V, plus that.
        self._runs: list[Array] = []
        places = [np.zeros(len(text), dtype=np.int64)]  # of the run that ends at each number
        for k in range(1, order + 1):
            before = _one_earlier(places[-1], k)
            self._runs.append(np.unique((before * V + text)[before != _NONE]))
            places.append(self._place(k, before, text))
        self._levels = [self._level(places, k) for k in range(1, order + 1)]

    def _place(self, k: int, before: Array, last: Array) -> Array:
        """Where the runs of k numbers stand that end so, given the places of all but their last."""
        wanted, runs = before * self.V + last, self._runs[k - 1]
        place = np.minimum(np.searchsorted(runs, wanted), len(runs) - 1)
        return np.where((before != _NONE) & (runs[place] == wanted), place, _NONE)

    def _level(self, places: list[Array], k: int) -> tuple[Array, Array]:
        """The share that each run of k numbers has by itself, and the share that each run before leaves to shorter ones."""
        counted = places[k][k - 1 :]
        if self.smoothing == "kneser-ney" and k < self.order:  # once for each number before it
            _, first = np.unique(places[k + 1][k:], return_index=True)
            counted = places[k][k:][first]
        counts = np.bincount(counted, minlength=len(self._runs[k - 1])).astype(float)
        before = self._runs[k - 1] // self.V
        many = len(self._runs[k - 2]) if k > 1 else 1
        kinds, total = (np.bincount(before, of, many) for of in (counts > 0, counts))
        if self.smoothing == "kneser-ney":
            once, twice = (counts == 1).sum(), (counts == 2).sum()
            discount = once / (once + 2 * twice) if once else 0.5
            own, left = np.maximum(counts - discount, 0), discount * kinds
        else:
            own, left, total = counts, kinds, total + kinds
        # A run that has nothing behind it, as at the end of the text, leaves all.
        return own / np.maximum(total, 1)[before], np.where(
            total > 0, left / np.maximum(total, 1), 1
        )

    def _with_level(self, k: int, p: Array, before: Array, last: Array) -> tuple[Array, Array]:
        """The probabilities p, by shorter runs, once those of k numbers have their say; and the places of these."""
        own, left = self._levels[k - 1]
        place = self._place(k, before, last)
        p = np.where(before != _NONE, left[before], 1) * p + np.where(place != _NONE, own[place], 0)
        return p, place

    def bits(self, numbers: Tensor) -> Tensor:
        """What each number of a text costs, given those before it, (N − 1,), since the first is given. numbers: (N,)."""
        text = numbers.numpy()
        p, place = np.full(len(text), 1 / self.V), np.zeros(len(text), dtype=np.int64)
        for k in range(1, self.order + 1):
            p, place = self._with_level(k, p, _one_earlier(place, k), text)
        return torch.from_numpy(-np.log2(p[1:]))

    def probabilities(self, before: Sequence[int] | Tensor) -> Tensor:
        """What may come next, (V,), after some numbers, the last order − 1 of which count."""
        text, after = np.asarray(before, dtype=np.int64), np.arange(self.V)
        p, place = np.full(self.V, 1 / self.V), np.zeros(len(text) + 1, dtype=np.int64)
        for k in range(1, self.order + 1):
            p, _ = self._with_level(k, p, np.full(self.V, place[-1]), after)
            place = np.append(_NONE, self._place(k, _one_earlier(place, k)[1:], text))
        return torch.from_numpy(p)


def _one_earlier(place: Array, k: int) -> Array:
    """For each number the place of the run that ends before it, k − 1 numbers long; before the first there is only the empty one."""
    return np.append(0 if k == 1 else _NONE, place[:-1])

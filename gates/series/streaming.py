"""A forecaster that streams: one value in, one forecast out, as if the whole series had been read."""

from collections import deque

import numpy as np
import torch
from numpy import ndarray as Array

from gates.series.learning import Trained


class Stream:
    """Reads a series value by value, and keeps its state and as many values as the scaling looks back.

    After each value the forecast is that which `Trained.quantiles` makes from there when it reads the whole.
    """

    def __init__(self, trained: Trained) -> None:
        self.trained = trained
        self.state: object = None
        self.last: deque[Array] = deque(maxlen=trained.scaling.lag + 1)

    @torch.no_grad()
    def read(self, row: Array | float) -> Array | None:
        """One period's values, (C,), or one number; returns quantiles of what comes next, (h, Q).

        None, as long as fewer values have been read than the scaling looks back. A number that is none raises ValueError,
        and the stream stays as it was.
        """
        row = np.atleast_1d(np.asarray(row, dtype=float))
        I, h = (self.trained.model.settings[name] for name in ("I", "h"))
        if row.shape != (I,) or not np.isfinite(row).all():
            many = "one number" if I == 1 else f"{I} numbers, one for each column"
            raise ValueError(f"Give {many}, and no NaN; this is {row.tolist()}.")
        self.last.append(row)
        scaling, known = self.trained.scaling, np.array(self.last)
        if len(known) <= scaling.lag:
            return None
        model = self.trained.model
        xs = torch.tensor(scaling.inputs(known)[-1:], dtype=model.dtype)
        outputs, self.state = model.read(xs[:, None], self.state)
        at = np.array([len(known) - 1])
        return scaling.back(outputs[0].double().numpy(), scaling.base(known, at, h))[0]

"""Linear autoregressions by statsmodels, fitted once to the past, with forecasts from every origin."""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy import ndarray as Array

from gates.series.kind import QUANTILES
from gates.series.scaling import changes

Z = np.array([NormalDist().inv_cdf(q) for q in QUANTILES])


@dataclass(frozen=True)
class Linear:
    """zₜ = c + Σₖ Aₖ zₜ₋ₖ + e, of all columns, where z are the values or their changes over `lag` periods.

    c: (C,). A: (p, C, C). covariance: of e, (C, C), which is taken to be normal.
    """

    lag: int
    c: Array
    A: Array
    covariance: Array

    def quantiles(self, values: Array, origins: Array, h: int) -> Array:
        """Quantiles of the h values after each origin, (O, h, Q), from (N, C)."""
        at, p = np.asarray(origins), len(self.A)
        z, found = changes(values, self.lag), np.empty((len(at), h))
        known = [z[at - self.lag - k] for k in range(p)]  # newest first, (O, C) each
        levels: list[Array] = []
        for j in range(h):
            new = self.c + sum(before @ A.T for before, A in zip(known, self.A, strict=True))
            known = [new, *known[: p - 1]]
            levels.append(new + self._before(values, levels, at, j))
            found[:, j] = levels[-1][:, 0]
        return found[..., None] + self.deviations(h)[:, None] * Z

    def _before(self, values: Array, levels: list[Array], at: Array, j: int) -> Array | float:
        """What a change is counted from: a value that is known, or one that was forecast."""
        if self.lag == 0:
            return 0.0
        return levels[j - self.lag] if j >= self.lag else values[at + 1 + j - self.lag]

    def deviations(self, h: int) -> Array:
        """The deviation of the error at each horizon, (h,): all e that come together in it, with their weights."""
        p, C, _ = self.A.shape
        psi = [
            np.eye(C)
        ]  # the weight of an e in the change, and in the value, so many periods later
        for j in range(1, h):
            psi.append(sum(self.A[k] @ psi[j - 1 - k] for k in range(min(p, j))))
        weights: list[Array] = []
        for j in range(h):
            weights.append(psi[j] + (weights[j - self.lag] if 0 < self.lag <= j else 0))
        variances = np.cumsum([(w @ self.covariance @ w.T)[0, 0] for w in weights])
        return np.sqrt(variances)


def autoregression(values: Array, n: int, p: int, lag: int) -> Linear:
    """An autoregression with p lags of the first column, by least squares on the first n values."""
    from statsmodels.tsa.ar_model import AutoReg

    found = AutoReg(changes(values[:n, :1], lag)[:, 0], p, trend="c").fit()
    c, *A = found.params
    return Linear(lag, np.array([c]), np.array(A).reshape(p, 1, 1), np.array([[found.sigma2]]))


def of_several(values: Array, n: int, p: int, lag: int) -> Linear:
    """The same of all columns together, a vector autoregression."""
    from statsmodels.tsa.api import VAR

    found = VAR(changes(values[:n], lag)).fit(p, trend="c")
    return Linear(lag, found.intercept, found.coefs, found.sigma_u)


@dataclass(frozen=True)
class First:
    """A forecaster of one series, given only the first column of several."""

    of: Linear

    def quantiles(self, values: Array, origins: Array, h: int) -> Array:
        return self.of.quantiles(values[:, :1], origins, h)

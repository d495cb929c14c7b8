"""A generated series whose next value no linear forecast knows anything of, though its past may tell it exactly."""

import numpy as np
import pandas as pd

from gates.series.kind import Series

CALLED = 0.4  # how often a call comes where one may come


def switching(N: int = 6000, seed: int = 0) -> Series:
    """Signs, +1 or −1, now and then a call, 0, and after each call the answer: twice the product of all signs so far.

    A hidden switch starts at s₀, +1 or −1 with equal chance. Each sign e, +1 or −1 with equal chance, multiplies it. A
    call says that the switch is shown next, as 2s. Between an answer and the next call stands one sign at least.

    Every linear forecast of it is worthless. When calls come does not depend on any sign, so take their places as given.
    Then a sign is eᵢ, an answer is 2 s₀ e₁ … eⱼ, with all signs up to there, and a call is 0. The product of two values
    at different places is 0, or a multiple of a product of signs, s₀ among them or not, each at most once and at least one of them:
    two signs have eᵢeₖ, a sign and an answer have s₀ in it, and two answers have what stands between them, one sign at
    least. Signs are independent with mean 0, so its mean is 0, and so is that of each value by itself. A forecast
    Σ wₖ yₜ₋ₖ + c has the mean squared error E yₜ² + E(Σ wₖ yₜ₋ₖ)² + c², least where all of it is 0: no number of lags helps.

    Yet whoever keeps the product of the signs since the last answer in mind, and that answer, knows each answer that comes
    after a call. How long that is back has no bound, so no window of fixed length is enough for all of them.
    """
    generator = np.random.default_rng(seed)
    signs, calls = generator.choice([-1.0, 1.0], N + 1), generator.random(N) < CALLED
    switch, values, may_call = signs[-1], [], False
    while len(values) < N:
        k = len(values)
        if may_call and calls[k]:
            values += [0.0, 2 * switch]
            may_call = False
        else:
            switch *= signs[k]
            values.append(signs[k])
            may_call = True
    days = pd.period_range("2000-01-01", periods=N, freq="D")
    table = pd.DataFrame({"switching": values[:N]}, days)
    return Series("switching", table, "", 1, "generated")

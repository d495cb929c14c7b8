"""Intervals over seeds."""

import numpy as np
import pytest

from gates import stats


def test_an_interval_known_from_the_tables() -> None:
    """Five values with mean 3 and standard deviation √2.5; the t-table gives 2.776 for four degrees of freedom."""
    mean, low, high = stats.interval([1, 2, 3, 4, 5])
    half = 2.776 * np.sqrt(2.5 / 5)
    np.testing.assert_allclose([mean, low, high], [3, 3 - half, 3 + half], atol=1e-3)


def test_a_95_percent_interval_holds_the_mean_in_95_of_100_repetitions() -> None:
    generator = np.random.default_rng(0)
    held = [
        low <= 0 <= high for _, low, high in map(stats.interval, generator.normal(size=(4000, 5)))
    ]
    assert abs(np.mean(held) - 0.95) < 0.015


def test_one_seed_has_no_interval() -> None:
    with pytest.raises(ValueError, match="at least two seeds"):
        stats.interval([0.9])

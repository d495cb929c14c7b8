"""Intervals over seeds."""

import math

import numpy as np
import pandas as pd
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


def test_a_bootstrap_interval_is_close_to_the_t_interval_where_values_are_normal() -> None:
    values = np.random.default_rng(1).normal(2, 1, 40)
    np.testing.assert_allclose(stats.bootstrap(values), stats.interval(values), atol=0.08)
    middle, low, high = stats.bootstrap(values, of=np.median)
    assert middle == np.median(values) and low < middle < high


def test_equal_values_have_an_interval_without_width() -> None:
    assert stats.bootstrap([3.0, 3.0, 3.0]) == (3, 3, 3)


def test_pairing_takes_out_what_seeds_have_in_common() -> None:
    generator = np.random.default_rng(2)
    luck, gap = generator.normal(0, 1, 12), generator.normal(0.1, 0.02, 12)
    mean, low, high = stats.paired(luck + gap, luck)
    assert 0 < low < mean < high < 0.15
    assert stats.verdict((mean, low, high)) == "more"
    assert stats.verdict(stats.paired(luck, luck + gap)) == "less"
    assert stats.verdict((0.1, -0.1, 0.3)) == "undecided"
    with pytest.raises(ValueError, match="equal seeds"):
        stats.paired([1, 2], [1, 2, 3])


def test_of_pairs_without_a_difference_one_in_twenty_is_called_different() -> None:
    """With five seeds; a bootstrap is too sure, as its docstring says."""
    generator = np.random.default_rng(3)
    pairs = generator.normal(size=(2000, 2, 5))
    wrong = np.mean([stats.verdict(stats.paired(a, b)) != "undecided" for a, b in pairs])
    sure = [stats.verdict(stats.bootstrap(a - b, draws=499)) != "undecided" for a, b in pairs[:300]]
    assert abs(wrong - 0.05) < 0.015 and np.mean(sure) > 0.09


def test_the_last_value_of_each_seed() -> None:
    rows = [
        ("t", "lstm", seed, step, "test", 10 * seed + step) for seed in (0, 1) for step in (2, 1)
    ]
    table = pd.DataFrame(rows, columns=["task", "cell", "seed", "step", "metric", "value"])
    assert stats.at_the_end(table, "test")["value"].tolist() == [2, 12]


def test_seeds_come_in_their_order_wherever_they_stopped() -> None:
    rows = [("t", "gru", seed, stop, "solved", 1.0) for seed, stop in ((0, 90), (1, 30), (2, 60))]
    table = pd.DataFrame(rows, columns=["task", "cell", "seed", "step", "metric", "value"])
    assert stats.at_the_end(table, "solved")[["seed", "step"]].to_numpy().tolist() == [
        [0, 90],
        [1, 30],
        [2, 60],
    ]


def test_the_interval_of_a_share() -> None:
    """5 of 5: the low end is where five in a row have a chance of 2.5 in a hundred."""
    assert stats.share(5, 5) == (1, pytest.approx(0.025 ** (1 / 5)), 1)
    assert stats.share(0, 10) == (0, 0, pytest.approx(1 - 0.025 ** (1 / 10)))
    found, low, high = stats.share(7, 10)
    assert found == 0.7 and low == pytest.approx(0.3475, abs=1e-4) and 0.93 < high < 0.94
    for successes, n in ((6, 5), (-1, 5), (0, 0)):
        with pytest.raises(ValueError, match="There cannot be"):
            stats.share(successes, n)


def test_a_last_value_that_is_no_number_stays_so() -> None:
    rows = [("t", "c", 0, step, "test", value) for step, value in ((1, 0.5), (2, float("nan")))]
    table = pd.DataFrame(rows, columns=["task", "cell", "seed", "step", "metric", "value"])
    (end,) = stats.at_the_end(table, "test").itertuples()
    assert end.step == 2 and math.isnan(end.value)


def test_last_values_come_in_the_order_of_seeds_and_then_of_the_table() -> None:
    rows = [
        ("t", cell, seed, step, "test", seed + step)
        for cell, last in (("b", 3), ("a", 2))
        for seed in (0, 1)
        for step in range(1, last + 1)
    ]
    columns = ["task", "cell", "seed", "step", "metric", "value"]
    halves = [pd.DataFrame(part, columns=columns) for part in (rows[:6], rows[6:])]
    ends = stats.at_the_end(pd.concat(halves), "test")  # whose index has everything twice
    assert ends[["cell", "seed", "step"]].values.tolist() == [
        ["b", 0, 3],
        ["a", 0, 2],
        ["b", 1, 3],
        ["a", 1, 2],
    ]

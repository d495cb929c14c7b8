"""A setting is chosen by validation, within each seed, and its test score is what counts."""

import pandas as pd
import pytest

from gates import results
from gates.results.choice import chosen
from gates.training import COLUMNS

SCORES = {  # (validation, test) at the ends of two seeds
    ("a", "one, slow"): [(0.5, 0.1), (0.9, 0.2)],
    ("a", "one, fast"): [(0.7, 0.3), (0.9, 0.4)],
    ("error", "one, slow"): [(0.5, 0.5), (0.2, 0.6)],
    ("error", "one, fast"): [(0.7, 0.7), (0.1, 0.8)],
}


def made() -> pd.DataFrame:
    rows = []
    for (task, cell), seeds in SCORES.items():
        for seed, ends in enumerate(seeds):
            for metric, end in zip(("validation", "test"), ends, strict=True):
                rows += [(task, cell, seed, 10, metric, 0.99), (task, cell, seed, 20, metric, end)]
            rows.append((task, cell, seed, 20, "solved", 0.0))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def test_the_best_by_validation_is_chosen_and_of_equals_the_first() -> None:
    found = chosen(made(), lower={"error"}).set_index(["task", "seed"])
    assert found["setting"].to_dict() == {
        ("a", 0): "fast",
        ("a", 1): "slow",  # as good as fast, and before it
        ("error", 0): "slow",
        ("error", 1): "fast",
    }
    assert found["test"].tolist() == [0.3, 0.2, 0.5, 0.8]
    assert set(found["network"]) == {"one"}


def test_each_network_has_its_own_setting() -> None:
    two = made()
    other = two.assign(cell=two["cell"].str.replace("one", "other, wide"), value=1 - two["value"])
    found = chosen(pd.concat([two, other]))
    settings = found[found["task"] == "a"].groupby("network")["setting"].agg(list)
    assert settings.to_dict() == {"one": ["fast", "slow"], "other, wide": ["slow", "slow"]}


def test_a_shipped_table_has_one_choice_for_each_task_network_and_seed() -> None:
    """There, the rate belongs to what is taken for the network's name."""
    found = chosen(results.load("lstm_or_gru_real").table)
    assert not found.duplicated(["task", "network", "seed"]).any() and len(found) == 5 * 3 * 4 * 10


def test_a_cell_without_a_setting_is_refused() -> None:
    with pytest.raises(ValueError, match="network, setting"):
        chosen(made().assign(cell="lstm"))

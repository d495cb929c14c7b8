"""Of each network the setting that validation chose, within each seed, and its test score."""

from collections.abc import Collection

import pandas as pd


def chosen(table: pd.DataFrame, lower: Collection[str] = ()) -> pd.DataFrame:
    """A row for each task, network and seed: the setting with the best validation score at its end, the first of equals.

    table: a tidy one, whose cells are called "network, setting". What is last of a seed counts, whether it ended by itself or
    by its budget. lower: the titles of tasks whose scores are errors, so that less is better.
    Returns the columns task, network, seed, setting, validation and test, networks and settings in the table's order. A
    cell without a comma raises ValueError.
    """
    found = table[table["metric"].isin(("validation", "test"))]
    parts = found["cell"].str.rsplit(", ", n=1, expand=True)
    if parts.shape[1] < 2 or parts[1].isna().any():
        raise ValueError('Each cell has to be called "network, setting", with a comma between.')
    found = found.assign(network=parts[0], setting=parts[1])
    names = ["task", "network", "seed", "setting"]
    last = found.groupby([*names, "metric"], sort=False).tail(1)
    scores = last.pivot(index=names, columns="metric", values="value")
    scores = scores.loc[list(last[names].drop_duplicates().itertuples(index=False, name=None))]
    scores = scores.reset_index().rename_axis(columns=None)
    error = scores["task"].isin(list(lower))
    good = scores["validation"].where(~error, -scores["validation"])
    best = good.groupby([scores[name] for name in names[:3]], sort=False).idxmax()
    return scores.loc[best, [*names, "validation", "test"]].reset_index(drop=True)

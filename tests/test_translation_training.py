"""Training of translators: a tidy table, the same again, nothing lost when a run is stopped, each seed with its own pairs."""

import subprocess
import sys
import time
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest
import torch

from gates.results.grids import translating
from gates.training import COLUMNS, MOST_STEPS
from gates.translation import run
from gates.translation.budget import Budget
from gates.translation.dates import dates
from gates.translation.greedy import greedy
from gates.translation.scores import exact_match
from gates.translation.texts import Corpus
from gates.translation.training import made, train

QUICK = {"steps": 6, "every": 2, "hidden": 8, "embedding": 4, "batch_size": 8, "progress": False}
METRICS = {"loss", "seconds", "validation", "validation chrF", "test", "test chrF"}


@pytest.fixture(autouse=True)
def one_thread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATES_HOME", str(tmp_path / "home"))
    torch.set_num_threads(1)


def few(seed: int = 0) -> Corpus:
    return dates(seed, 60)


def timeless(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["metric"] != "seconds"].reset_index(drop=True)


@pytest.mark.parametrize("attention", ["none", "dot", "additive"])
def test_the_table_is_tidy_and_the_same_again(attention: str) -> None:
    table, networks = train(few(), attention, seeds=[3, 1], **QUICK)
    assert list(table.columns) == list(COLUMNS) and set(table["metric"]) == METRICS
    assert set(table["task"]) == {"dates"} and set(table["cell"]) == {f"attention {attention}"}
    assert list(table.groupby("seed", sort=False)["step"].unique().map(list)) == [[2, 4, 6]] * 2
    assert list(table["seed"].unique()) == [3, 1] and len(networks) == 2
    seconds = table[table["metric"] == "seconds"].groupby("seed")["value"]
    assert (seconds.diff().dropna() > 0).all()
    again, others = train(few(), attention, seeds=[3, 1], **QUICK)
    pd.testing.assert_frame_equal(timeless(again), timeless(table))
    for one, other in zip(networks, others, strict=True):
        assert not one.training
        for p, q in zip(one.parameters(), other.parameters(), strict=True):
            assert torch.equal(p, q)


def test_the_networks_that_come_back_are_those_of_the_table() -> None:
    corpus = few()
    table, (network,) = train(corpus, "dot", **QUICK | {"steps": 60, "learning_rate": 0.05})
    rows = table[table["metric"] == "loss"].set_index("step")["value"]
    assert rows[60] < rows[2] - 1
    wanted = [pair.target for pair in corpus.test]
    written = [of.text for of in greedy(network, [pair.source for pair in corpus.test], most=11)]
    found = table[(table["metric"] == "test") & (table["step"] == 60)]["value"]
    assert found.item() == exact_match(written, wanted)


def test_each_seed_may_have_pairs_of_its_own() -> None:
    table, networks = train(few, "none", seeds=2, label="mine", **QUICK)
    assert set(table["cell"]) == {"mine"}
    alone, _ = train(few(1), "none", seeds=[1], label="mine", **QUICK)
    same = timeless(table[table["seed"] == 1])
    pd.testing.assert_frame_equal(same, timeless(alone))
    assert networks[0].source != networks[1].source


def test_a_run_that_was_stopped_goes_on_and_ends_as_if_nothing_had_been(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = QUICK | {"right": 0.5, "cosine": True}
    undisturbed, (right,) = train(few(), "dot", **settings)
    steps, drawn = [], run.drawn

    def stopping(pairs, size, seed, step):
        steps.append(step)
        if len(steps) == 6:
            raise KeyboardInterrupt
        return drawn(pairs, size, seed, step)

    monkeypatch.setattr(run, "drawn", stopping)
    with pytest.raises(KeyboardInterrupt):
        train(few(), "dot", **settings)
    assert "Stopped. Run this again, and it goes on from update 4 of 6." in capsys.readouterr().out
    train(few(), "additive", **settings)
    assert steps[6:] == list(range(6)), "another network begins anew"
    torch.manual_seed(5)  # the state of torch's own generator makes no difference
    table, (network,) = train(few(), "dot", **settings)
    assert "Going on from update 4 of 6." in capsys.readouterr().out
    assert steps[12:] == [4, 5]
    pd.testing.assert_frame_equal(timeless(table), timeless(undisturbed))
    assert all(map(torch.equal, network.parameters(), right.parameters()))
    train(few(), "dot", **settings)
    assert steps[14:] == list(range(6)), "a run that is done leaves nothing behind"


RUN = """
import sys, torch
from gates.translation import dates, train
torch.set_num_threads(1)
table, _ = train(dates(0, 60), "dot", steps=150, every=5, hidden=8, folder=sys.argv[1], progress=False)
table[table["metric"] != "seconds"].to_csv(sys.argv[2], index=False)
"""


def test_a_run_that_is_killed_goes_on_and_ends_as_if_nothing_had_been(tmp_path: Path) -> None:
    def started(folder: str, out: str) -> subprocess.Popen:
        command = [sys.executable, "-c", RUN, str(tmp_path / folder), str(tmp_path / out)]
        return subprocess.Popen(command, stdout=subprocess.DEVNULL)

    assert started("one", "undisturbed.csv").wait() == 0
    process = started("other", "killed.csv")
    while not list((tmp_path / "other").glob("*.pt")) and process.poll() is None:
        time.sleep(0.01)
    process.kill()
    assert process.wait() != 0 and not (tmp_path / "killed.csv").exists()
    (file,) = (tmp_path / "other").glob("*.pt")
    assert torch.load(file, weights_only=True)["step"] > 0
    assert started("other", "killed.csv").wait() == 0
    assert (tmp_path / "killed.csv").read_text() == (tmp_path / "undisturbed.csv").read_text()
    assert not list((tmp_path / "other").glob("*.pt"))


@pytest.mark.parametrize("content", [b"", b"not a checkpoint"])
def test_a_damaged_file_is_no_obstacle(
    content: bytes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    undisturbed, _ = train(few(), "none", **QUICK)

    def place(folder, of):
        (tmp_path / "run.pt").write_bytes(content)
        return tmp_path / "run.pt"

    monkeypatch.setattr("gates.training.kept.place", place)
    pd.testing.assert_frame_equal(timeless(train(few(), "none", **QUICK)[0]), timeless(undisturbed))


def test_where_nothing_can_be_kept_training_goes_on_and_says_so_once(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "no folder").write_text("")
    table, _ = train(few(), "none", seeds=2, folder=tmp_path / "no folder", **QUICK)
    assert capsys.readouterr().out.count("Nothing can be kept in") == 1
    assert len(table) == 2 * 3 * len(METRICS)


def test_batches_depend_on_seed_and_step_alone_and_have_sources_of_like_lengths() -> None:
    pairs = dates().training
    batches = [run.drawn(pairs, 16, 2, step) for step in range(2 * run.TOGETHER)]
    assert batches == [run.drawn(pairs, 16, 2, step) for step in range(2 * run.TOGETHER)]
    assert all(len(batch) == 16 for batch in batches)
    first = batches[: run.TOGETHER]
    spans = sorted((min(of), max(of)) for of in [[len(p.source) for p in b] for b in first])
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
    assert batches[: run.TOGETHER] != batches[run.TOGETHER :]
    assert run.drawn(pairs, 16, 3, 0) != batches[0]
    drawn = {pair for step in range(4000) for pair in run.drawn(pairs[:300], 8, 0, step)}
    assert drawn == set(pairs[:300])


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"steps": 0}, "steps is 0, and has to be 1 at least"),
        ({"few": 0}, "few is 0"),
        ({"seeds": [1, 1]}, "no second seed"),
        ({"seeds": [5000]}, "a seed from 0 to"),
        ({"seeds": "one"}, "a whole number, or a list"),
        ({"steps": MOST_STEPS}, "steps has to be below"),
        ({"learning_rate": 0}, "above 0"),
        ({"right": 1.5}, "right is 1.5, and has to be a share"),
        ({"cell": "rnn"}, "no cell 'rnn' here"),
    ],
)
def test_settings_that_cannot_be_right_are_refused(settings: dict, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        train(few(), "dot", **QUICK | settings)


def test_an_unknown_attention_and_an_unknown_setting_are_refused() -> None:
    with pytest.raises(ValueError, match="no attention 'soft'"):
        train(few(), "soft", **QUICK)
    with pytest.raises(TypeError, match=r"train\(\) got an unexpected keyword argument 'stepz'"):
        train(few(), "dot", stepz=3)
    assert "teacher forcing" in train.__doc__


def test_a_cosine_brings_the_learning_rate_down_to_zero() -> None:
    rates = {}
    for cosine in (True, False):
        budget = Budget(**QUICK | {"cosine": cosine})
        rates[cosine] = []
        corpus = few()
        one = run.Run(corpus, made(corpus, "none", 0, budget), 0, budget, Path("none"), False)
        for one.step in range(6):
            one.update()
            rates[cosine].append(one.optimizer.param_groups[0]["lr"])
    assert rates[False] == [1e-2] * 6
    assert rates[True][0] == 1e-2 and rates[True][3] == pytest.approx(5e-3)
    assert sorted(rates[True], reverse=True) == rates[True] and rates[True][-1] < 1e-3


def test_few_pairs_are_the_first_and_their_characters_are_known_alone() -> None:
    corpus = few()
    _, (network,) = train(corpus, "none", few=10, **QUICK)
    seen = "".join(pair.source for pair in corpus.training[:10])
    assert set(network.source.known) <= set(seen)


@pytest.mark.parametrize("grid", [translating.translated_dates, translating.translated_menus])
def test_a_grid_that_is_declared_names_each_row_once_and_can_be_run(grid) -> None:
    rows = list(grid(seeds=1))
    assert len({(row.title, row.label) for row in rows}) == len(rows)
    trained = [row for row in rows if isinstance(row, translating.Trained)]
    small = {"steps": 1, "every": 1, "hidden": 4, "progress": False}
    tried = [replace(row, settings=row.settings | small) for row in trained[::2]]
    for row in [*tried, *(row for row in rows if isinstance(row, translating.Known))]:
        table = row.run()
        assert list(table.columns) == list(COLUMNS) and set(table["cell"]) == {row.label}
        assert set(table["metric"]) >= {"validation", "test", "validation chrF", "test chrF"}

"""One fit for all: the same curves stacked and alone, and nothing lost when a run is stopped or killed."""

import inspect
import json
import math
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from jupyter_client.manager import start_new_kernel
from torch import nn

from gates import tasks, training
from gates.cells import swapped_lstm_cell
from gates.family import Attentive, Relative
from gates.tasks import digits, latch
from gates.training import COLUMNS, Reader, fit, in_windows, kept, run, train
from gates.training.budget import Budget

QUICK = {"steps": 30, "every": 10, "hidden": 8, "progress": False}


@pytest.fixture(autouse=True)
def one_thread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATES_HOME", str(tmp_path / "home"))
    torch.set_num_threads(1)


@pytest.mark.parametrize("cell", training.CELLS)
@pytest.mark.parametrize("name", ["adding", "embedded Reber", "copying"])
def test_stacked_and_one_by_one_give_the_same_curves(cell: str, name: str) -> None:
    """Rounding apart; the batches of the grammar differ in length from seed to seed and are padded."""
    task = tasks.TASKS[name]()
    both = [fit(task, cell, seeds=3, stacked=stacked, **QUICK) for stacked in (True, False)]
    assert len(both[0]) == 3 * (3 * 3 + 1)
    keys = ["task", "cell", "seed", "step", "metric"]
    pd.testing.assert_frame_equal(both[0][keys], both[1][keys])
    exact = both[0]["metric"] == "loss"
    torch.testing.assert_close(
        torch.tensor(both[0]["value"][exact].values),
        torch.tensor(both[1]["value"][exact].values),
        rtol=1e-4,
        atol=1e-5,
    )
    assert (
        both[0]["value"] - both[1]["value"]
    ).abs().max() < 0.02  # a score may tip where two outputs are equal


def test_a_stack_clips_each_seed_by_its_own_norm() -> None:
    curves = [
        fit(tasks.adding(10), "gru", seeds=3, stacked=stacked, clip=1e-3, **QUICK)[
            "value"
        ].to_numpy()
        for stacked in (True, False)
    ]
    assert abs(curves[0] - curves[1]).max() < 1e-5


def test_the_table_is_tidy_and_the_same_again() -> None:
    one = fit(tasks.latch(5), "lstm", seeds=2, **QUICK)
    again = fit(tasks.latch(5), "lstm", seeds=2, **QUICK)
    pd.testing.assert_frame_equal(one, again)
    assert list(one.columns) == list(COLUMNS)
    assert set(one["metric"]) == {"loss", "validation", "test", "solved"}
    assert one.groupby("seed").size().nunique() == 1


def test_a_seed_that_has_solved_the_task_stops_and_the_others_go_on() -> None:
    settings = {"steps": 400, "every": 10, "hidden": 16, "progress": False}
    tables = [
        fit(tasks.latch(10), "gru", seeds=4, learning_rate=5e-3, stacked=stacked, **settings)
        for stacked in (True, False)
    ]
    ends = [table[table["metric"] == "solved"].set_index("seed")["step"] for table in tables]
    assert ends[0].equals(ends[1]) and ends[0].nunique() > 1
    assert (tables[0].loc[tables[0]["metric"] == "solved", "value"] == 1).all()
    counted = training.solved(tables[0])
    assert counted.loc[0, "solved"] == counted.loc[0, "seeds"] == 4


def test_solved_is_told_at_the_first_time_also_where_training_goes_on() -> None:
    settings = {"steps": 300, "every": 20, "hidden": 16, "keep_bias": 3, "progress": False}
    task = tasks.latch(10)
    stopped, on = (
        fit(task, "gru", seeds=3, learning_rate=1e-2, stop_when_solved=stops, **settings)
        for stops in (True, False)
    )
    first, later = (table[table["metric"] == "solved"].set_index("seed") for table in (stopped, on))
    assert first[["step", "value"]].equals(later[["step", "value"]]) and (first["step"] < 300).all()
    assert on["step"].max() == 300 > stopped["step"].max()


def test_no_two_seeds_draw_the_same_batch() -> None:
    with pytest.raises(ValueError, match="a seed from 0 to"):
        fit(tasks.adding(10), "gru", **{**QUICK, "seeds": [5000]})
    with pytest.raises(ValueError, match="steps has to be below"):
        fit(tasks.adding(10), "gru", **{**QUICK, "steps": training.MOST_STEPS})


def test_the_networks_that_come_back_are_those_of_the_table() -> None:
    task = tasks.latch(8)
    for stacked in (True, False):
        table, readers = train(task, "rnn", seeds=2, stacked=stacked, **QUICK)
        held = task.held_out("test")
        for seed, reader in enumerate(readers):
            score = task.grade(reader(held.xs), held)
            rows = table[(table["seed"] == seed) & (table["metric"] == "test")]
            assert score == pytest.approx(rows["value"].iloc[-1], abs=1e-9)


RUN = """
import sys, torch
from gates import tasks, training
torch.set_num_threads(1)
table = training.fit(
    tasks.adding(20), "gru", seeds=3, steps=200, every=10, hidden=16, stacked=sys.argv[2] == "stacked",
    folder=sys.argv[1], progress=False,
)
table.to_csv(sys.argv[3], index=False)
"""


def started(folder: Path, how: str, out: Path) -> subprocess.Popen:
    return subprocess.Popen([sys.executable, "-c", RUN, str(folder), how, str(out)])


@pytest.mark.parametrize("how", ["stacked", "alone"])
def test_a_run_that_is_killed_goes_on_and_ends_as_if_nothing_had_been(
    how: str, tmp_path: Path
) -> None:
    undisturbed = tmp_path / "undisturbed.csv"
    assert started(tmp_path / "one", how, undisturbed).wait() == 0
    folder, out = tmp_path / "other", tmp_path / "killed.csv"
    for _ in range(2):  # killed twice
        process, before = (
            started(folder, how, out),
            {f: f.stat().st_mtime for f in folder.glob("*.pt")},
        )
        while {
            f: f.stat().st_mtime for f in folder.glob("*.pt")
        } == before and process.poll() is None:
            time.sleep(0.01)
        time.sleep(0.15)
        process.kill()
        assert process.wait() != 0 and not out.exists()
    state = torch.load(next(iter(folder.glob("*.pt"))), weights_only=True)
    assert state["step"] > 0
    assert started(folder, how, out).wait() == 0
    assert out.read_text() == undisturbed.read_text()
    assert not list(folder.glob("*.pt")), "a run that is done leaves nothing behind"


def test_a_run_goes_on_and_does_not_begin_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The stop button: what was evaluated is kept, and the second run takes the rest."""
    drawn, right = [], run.drawn

    def stopping(task, size, seed, step):
        drawn.append((seed, step))
        if len(drawn) == 25:
            raise KeyboardInterrupt
        return right(task, size, seed, step)

    monkeypatch.setattr(run, "drawn", stopping)
    with pytest.raises(KeyboardInterrupt):
        fit(tasks.adding(10), "lstm", seeds=1, stacked=False, **QUICK)
    assert "goes on from update 20 of 30" in capsys.readouterr().out
    fit(tasks.adding(10), "lstm", seeds=1, stacked=False, learning_rate=0.1, **QUICK)
    assert [step for _, step in drawn[25:]] == list(range(30)), "other settings begin anew"
    assert "Going on" not in capsys.readouterr().out
    table = fit(tasks.adding(10), "lstm", seeds=1, stacked=False, **QUICK)
    assert "Going on from update 20 of 30." in capsys.readouterr().out
    assert [step for _, step in drawn[55:]] == list(range(20, 30))
    monkeypatch.undo()
    pd.testing.assert_frame_equal(
        table, fit(tasks.adding(10), "lstm", seeds=1, stacked=False, **QUICK)
    )


def test_a_damaged_file_is_no_obstacle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    right = kept.place

    def damaged(folder, settings):
        file = right(tmp_path, settings)
        file.write_bytes(b"not a checkpoint")
        return file

    monkeypatch.setattr(kept, "place", damaged)
    assert len(fit(tasks.adding(10), "gru", seeds=1, **QUICK)) == 10


def test_the_bias_of_the_gate_that_keeps() -> None:
    lstm, gru = (Reader(cell, 3, 4, 2, keep_bias=2.5) for cell in ("lstm", "gru"))
    for reader in (lstm, gru):
        total = reader.weights.bias_ih + reader.weights.bias_hh
        assert (total[4:8] == 2.5).all() and not (total[:4] == 2.5).any()
    chrono = Reader("lstm", 3, 500, 2, chrono=50).weights
    total = chrono.bias_ih + chrono.bias_hh
    assert torch.equal(total[:500], -total[500:1000])
    lasting = 1 + total[500:1000].exp()  # 1 / (1 - f)
    assert lasting.min() >= 2 and lasting.max() <= 50 and 22 < lasting.mean() < 30


@pytest.mark.parametrize(
    "settings, says",
    [
        ({"steps": 0}, "steps is 0"),
        ({"seeds": [1, 1]}, "stands twice"),
        ({"seeds": 0}, "seeds is 0"),
        ({"learning_rate": 0}, "above 0"),
        ({"hidden": -3}, "hidden is -3"),
        ({"window": 0}, "window has to be 1 at least"),
        ({"window": 3}, "Only an LSTM is read in windows"),
    ],
)
def test_settings_that_cannot_be_right_are_refused(settings: dict, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        fit(tasks.adding(10), "gru", **{**QUICK, **settings})


def test_a_task_without_brackets_and_outputs_of_another_shape_are_refused() -> None:
    with pytest.raises(ValueError, match="with brackets"):
        fit(tasks.adding, "gru", **QUICK)
    with pytest.raises(ValueError, match=r"outputs have to be \(T, B, O\), here \(6, 32, 4\)"):
        fit(tasks.latch(6), lambda I, O: nn.Linear(I, O + 1), label="wide", **QUICK)


def test_tasks_that_differ_in_an_option_are_told_apart_in_the_table() -> None:
    tables = [fit(tasks.latch(length), "rnn", seeds=1, **QUICK) for length in (4, 5)]
    assert len(training.solved(pd.concat(tables))) == 2
    assert tables[0]["task"].iloc[0] == "latch, length 4"
    assert tasks.latch(4, noise=0.5).title == "latch, length 4, noise 0.5"


def test_an_unknown_cell_is_refused() -> None:
    with pytest.raises(ValueError, match="choose one of rnn, lstm, gru"):
        fit(tasks.adding(10), "warp", **QUICK)


def test_the_latch_is_learned_where_the_forget_bias_lets_memories_last() -> None:
    """T = 20, five seeds, 600 updates: without a bias no seed, with a bias of 3 every seed, and within 200 updates."""
    settings = {"steps": 600, "every": 25, "hidden": 16, "learning_rate": 3e-3, "progress": False}
    solved = {
        bias: training.solved(fit(tasks.latch(20), "lstm", keep_bias=bias, **settings)).iloc[0]
        for bias in (0, 3)
    }
    assert solved[0]["solved"] <= 1 and solved[3]["solved"] == 5 and solved[3]["updates"] <= 200


class Dropping(nn.Module):
    """A network of one's own, with dropout."""

    def __init__(self, I: int, O: int) -> None:
        super().__init__()
        self.layer, self.drop, self.head = (
            nn.LSTM(I, 6, num_layers=2),
            nn.Dropout(0.5),
            nn.Linear(6, O),
        )

    def forward(self, xs: torch.Tensor) -> torch.Tensor:
        return self.head(self.drop(self.layer(xs)[0]))


def test_a_network_of_ones_own_is_trained_like_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where it holds dropout: the same again, and the same after a stop."""
    task = tasks.latch(6)
    table, readers = train(task, Dropping, label="two layers", seeds=2, **QUICK)
    assert set(table["cell"]) == {"two layers"} and not any(reader.training for reader in readers)
    held = task.held_out("test")
    rows = table[(table["seed"] == 1) & (table["metric"] == "test")]
    assert rows["value"].iloc[-1] == pytest.approx(task.grade(readers[1](held.xs), held))
    right, drawn = run.drawn, []

    def stopping(*arguments):
        drawn.append(arguments)
        if len(drawn) == 45:
            raise KeyboardInterrupt
        return right(*arguments)

    monkeypatch.setattr(run, "drawn", stopping)
    with pytest.raises(KeyboardInterrupt):
        fit(task, Dropping, label="two layers", seeds=2, **QUICK)
    pd.testing.assert_frame_equal(fit(task, Dropping, label="two layers", seeds=2, **QUICK), table)
    assert len(drawn) == 45 + 20  # the second seed went on from update 10, the first was done


@pytest.mark.parametrize("network", [Relative, Attentive], ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("name", ["adding", "embedded Reber"])
def test_networks_of_ones_own_may_be_stacked(network: type[nn.Module], name: str) -> None:
    """Rounding apart, the same curves as one by one, and the same networks; with batches of several lengths, too."""

    def make(I: int, O: int) -> nn.Module:
        return network("peephole lstm", I, 6, O)

    task, settings = tasks.TASKS[name](), QUICK | {"label": "own", "seeds": 3}
    (one, readers), (other, others) = (
        train(task, make, stacked=stacked, **settings) for stacked in (True, False)
    )
    pd.testing.assert_frame_equal(one.drop(columns="value"), other.drop(columns="value"))
    losses = one["metric"] == "loss"
    np.testing.assert_allclose(one["value"][losses], other["value"][losses], rtol=1e-4, atol=1e-5)
    for reader, alone in zip(readers, others, strict=True):
        for p, q in zip(reader.parameters(), alone.parameters(), strict=True):
            torch.testing.assert_close(p, q, rtol=1e-3, atol=1e-4)


def test_a_stack_of_networks_that_draw_at_random_is_refused_by_torch() -> None:
    def make(I: int, O: int) -> nn.Module:
        return nn.Sequential(nn.Linear(I, 4), nn.Dropout(0.5), nn.Linear(4, O))

    with pytest.raises(RuntimeError, match="random"):
        fit(tasks.latch(6), make, label="drops", seeds=2, stacked=True, **QUICK)


def test_a_stack_of_torchs_own_recurrent_layers_is_refused_in_a_sentence() -> None:
    with pytest.raises(ValueError, match="train this network with stacked=False"):
        fit(tasks.latch(6), Dropping, label="two layers", seeds=2, stacked=True, **QUICK)


def test_a_network_of_ones_own_needs_a_name() -> None:
    with pytest.raises(ValueError, match="needs a name in the table"):
        fit(tasks.latch(6), Dropping, **QUICK)


def test_a_kept_run_belongs_to_its_settings_and_its_network() -> None:
    def key(make) -> str:
        return kept.described(make, make(2, 3))

    assert key(lambda I, O: Reader("gru", I, 4, O)) == key(lambda I, O: Reader("gru", I, 4, O))
    assert key(lambda I, O: Reader("gru", I, 4, O)) != key(lambda I, O: Reader("lstm", I, 4, O))
    assert key(lambda I, O: Reader("gru", I, 4, O)) != key(lambda I, O: Reader("gru", I, 4, O, 1.0))
    files = {kept.place(None, ["adding", steps]) for steps in (100, 200)}
    assert len(files) == 2


def test_a_kept_run_belongs_to_the_library_that_its_network_is_made_of(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before, right = kept.place(None, []), Path.read_bytes
    for name in ("cells", "variants", "scan", "minimal", "networks", "family"):
        monkeypatch.setattr(
            Path, "read_bytes", lambda file, name=name: right(file) + b"#" * (file.stem == name)
        )
        assert kept.place(None, []) != before, name


OTHERS = {
    "seeds": 3,
    "steps": 400,
    "hidden": 8,
    "learning_rate": 0.1,
    "batch_size": 16,
    "clip": 2.0,
    "every": 20,
    "stop_when_solved": False,
    "keep_bias": 1.0,
    "chrono": 20,
    "cosine": True,
    "window": 5,
    "weight_decay": 0.1,
    "generalization": True,
    "stacked": True,
    "folder": "elsewhere",
    "progress": False,
}


def test_a_setting_that_may_change_a_number_begins_anew_and_no_other_does() -> None:
    """Seeds stand beside the budget in a run's key, and a label counts only where it stands for a step of one's own."""
    usual = Budget().decisive()
    same = {name for name, other in OTHERS.items() if Budget(**{name: other}).decisive() == usual}
    assert same == {"seeds", "stacked", "folder", "progress"}
    assert OTHERS.keys() | {"step", "label"} == inspect.signature(Budget).parameters.keys()
    assert Budget(label="a").decisive() == usual
    own = [Budget(step=swapped_lstm_cell, label=label).decisive() for label in "ab"]
    assert own[0] != own[1] and usual not in own


@pytest.mark.parametrize("function", [fit, train])
def test_tab_and_help_show_each_setting(function: Callable) -> None:
    shown = inspect.signature(function).parameters
    settings = inspect.signature(Budget).parameters
    assert list(shown) == ["task", "cell", *settings]
    for name, setting in settings.items():
        assert shown[name] == setting and re.search(rf"\b{name}\b.*:", function.__doc__)
    with pytest.raises(TypeError, match=rf"{function.__name__}\(\) got an unexpected .*'stepps'"):
        function(tasks.latch(3), "gru", stepps=3)


def test_a_network_with_buffers_is_refused() -> None:
    def normalizing(I: int, O: int) -> nn.Module:
        return nn.Sequential(nn.BatchNorm1d(I), nn.Linear(I, O))

    with pytest.raises(ValueError, match="BatchNorm"):
        fit(tasks.latch(6), normalizing, label="normalized", **QUICK)


def test_a_cosine_brings_the_learning_rate_down_to_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    rates, step = [], torch.optim.Adam.step

    def noted(self, *args, **kwargs):
        rates.append(self.param_groups[0]["lr"])
        return step(self, *args, **kwargs)

    monkeypatch.setattr(torch.optim.Adam, "step", noted)
    how = dict(seeds=1, steps=40, every=40, hidden=2, learning_rate=0.2, progress=False)
    fit(tasks.latch(3), "rnn", cosine=True, **how)
    assert rates[0] == 0.2 and rates[20] == pytest.approx(0.1) and 0 < rates[-1] < 0.001
    assert all(later < earlier for earlier, later in pairwise(rates))
    rates.clear()
    fit(tasks.latch(3), "rnn", **how)
    assert set(rates) == {0.2}


def test_a_window_cuts_the_gradient_and_not_the_values() -> None:
    torch.manual_seed(0)
    xs = torch.randn(10, 2, 3, requires_grad=True)
    layer = nn.LSTM(3, 4)
    whole, cut = layer(xs)[0], in_windows(layer, xs, 4)
    torch.testing.assert_close(cut, whole)
    for t in (3, 4, 9):
        (grad,) = torch.autograd.grad(cut[t].sum(), xs, retain_graph=True)
        reached = grad.abs().sum((1, 2)) > 0
        assert reached.tolist() == [4 * (t // 4) <= s <= t for s in range(10)]


def test_a_window_as_long_as_the_task_changes_nothing() -> None:
    how = dict(seeds=[3], steps=6, every=3, hidden=4, progress=False)
    whole = fit(tasks.latch(5), "lstm", **how)
    pd.testing.assert_frame_equal(fit(tasks.latch(5), "lstm", window=5, **how), whole)
    short = fit(tasks.latch(5), "lstm", window=2, **how)
    assert not np.allclose(short["value"], whole["value"])


def test_each_seed_may_have_data_of_its_own() -> None:
    settings = {"steps": 4, "every": 2, "hidden": 4, "progress": False}
    together = fit(lambda seed: digits("rows", 30, 0.5, drawn=seed), "lstm", seeds=2, **settings)
    alone = fit(digits("rows", 30, 0.5, drawn=1), "lstm", seeds=[1], **settings)
    assert together[together["seed"] == 1]["value"].tolist() == alone["value"].tolist()
    other = fit(digits("rows", 30, 0.5, drawn=0), "lstm", seeds=[1], **settings)
    assert other["value"].tolist() != alone["value"].tolist()
    with pytest.raises(ValueError, match="same but for the data drawn"):
        fit(lambda seed: latch(seed + 2), "lstm", seeds=2, **settings)


def test_generalization_is_measured_on_all_that_is_trained_on() -> None:
    task = digits("rows", 30, 0.5)
    settings = {"seeds": 1, "steps": 3, "every": 3, "hidden": 4, "progress": False}
    table, (reader,) = train(task, "lstm", generalization=True, **settings)
    found = table.set_index("metric")["value"]
    for part in ("training", "validation", "test"):
        held = task.held_out(part)
        assert found[part] == task.grade(reader(held.xs), held)
        assert math.isclose(found[f"{part} loss"], task.loss(reader(held.xs), held).item())
    assert task.held_out("training").xs.shape == (8, 30, 8)
    with pytest.raises(ValueError, match="generated"):
        fit(latch(3), "lstm", generalization=True, **settings)
    assert set(fit(task, "lstm", **settings)["metric"]) == {"loss", "validation", "test", "solved"}


def test_weight_decay_takes_its_share_of_every_parameter() -> None:
    settings = {"seeds": 1, "steps": 1, "every": 1, "hidden": 4, "progress": False}
    _, (with_it,) = train(latch(3), "lstm", weight_decay=20.0, learning_rate=1e-2, **settings)
    _, (without,) = train(latch(3), "lstm", learning_rate=1e-2, **settings)
    torch.manual_seed(0)
    start = Reader("lstm", latch(3).I, 4, latch(3).O)
    for a, b, before in zip(*(m.parameters() for m in (with_it, without, start)), strict=True):
        torch.testing.assert_close(a, b - 0.2 * before)


def test_a_step_of_ones_own_is_trained_with_the_layers_weights() -> None:
    settings = {"seeds": 2, "steps": 6, "every": 3, "hidden": 4, "progress": False}
    usual = fit(latch(4), "lstm", **settings)
    own = fit(latch(4), "lstm", step=swapped_lstm_cell, label="lstm", **settings)
    np.testing.assert_allclose(own["value"], usual["value"], atol=1e-6)
    relu = partial(swapped_lstm_cell, candidate=torch.relu)
    stacked = fit(latch(4), "lstm", step=relu, label="relu", stacked=True, **settings)
    alone = fit(latch(4), "lstm", step=relu, label="relu", stacked=False, **settings)
    np.testing.assert_allclose(stacked["value"], alone["value"], atol=1e-5)
    assert not np.allclose(stacked["value"], usual["value"], atol=1e-5)
    with pytest.raises(ValueError, match="needs a name"):
        fit(latch(4), "lstm", step=relu, **settings)
    with pytest.raises(ValueError, match="with its own step"):
        fit(latch(4), "lstm", step=relu, label="relu", window=2, **settings)


# Where things are not as they should be, training goes on


def usual() -> pd.DataFrame:
    return fit(tasks.adding(10), "gru", seeds=2, **QUICK)


@pytest.mark.parametrize(
    "seeds", [np.arange(2), np.int64(2), torch.arange(2), torch.tensor(2), (np.int32(0), 1)]
)
def test_numbers_of_numpy_and_torch_are_numbers(seeds: object) -> None:
    settings = {"steps": np.int64(30), "every": np.int32(10), "hidden": np.int64(8)}
    rates = {
        "learning_rate": np.float32(0.0078125),
        "clip": np.float64(1),
        "keep_bias": np.float32(1),
    }
    plain = {"learning_rate": 0.0078125, "clip": 1.0, "keep_bias": 1.0}
    one = fit(tasks.adding(np.int64(10)), "gru", seeds=seeds, progress=False, **settings, **rates)
    other = fit(tasks.adding(10), "gru", seeds=2, **QUICK, **plain)
    pd.testing.assert_frame_equal(one, other)


@pytest.mark.parametrize("seeds", [2.5, [0.5], "ab", None, np.array([0.0, 1.0])])
def test_seeds_that_are_no_whole_numbers_are_refused_in_a_sentence(seeds: object) -> None:
    with pytest.raises(ValueError, match="seeds has to be a whole number"):
        fit(tasks.adding(10), "gru", seeds=seeds, **QUICK)


def test_a_run_with_numbers_of_numpy_is_kept_and_gone_on_with(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    right, drawn = run.drawn, []

    def stopping(*arguments):
        drawn.append(arguments)
        if len(drawn) == 15:
            raise KeyboardInterrupt
        return right(*arguments)

    monkeypatch.setattr(run, "drawn", stopping)
    with pytest.raises(KeyboardInterrupt):
        fit(tasks.adding(10), "lstm", seeds=np.arange(1), **QUICK)
    fit(tasks.adding(10), "lstm", seeds=1, **QUICK)
    assert "Going on from update 10 of 30." in capsys.readouterr().out


@pytest.mark.parametrize(
    "around",
    [
        partial(torch.autocast, "cpu", dtype=torch.bfloat16),
        torch.no_grad,
        torch.inference_mode,
    ],
    ids=["autocast", "no_grad", "inference_mode"],
)
def test_what_surrounds_the_call_does_not_change_how_it_trains(around: object) -> None:
    undisturbed = usual()
    with around():
        pd.testing.assert_frame_equal(usual(), undisturbed)


def blocked(home: Path, how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make it impossible to keep a run."""
    if how == "a file for the folder":
        home.write_text("")
    elif how == "a file for runs":
        home.mkdir()
        (home / "runs").write_text("")
    elif how == "a folder for the file":
        monkeypatch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(IsADirectoryError()))
    else:
        error = (
            OSError(28, "No space left") if how == "a full disk" else RuntimeError("writer failed")
        )

        def save(state: object, file: Path) -> None:
            file.write_text("half")
            raise error

        monkeypatch.setattr(torch, "save", save)


@pytest.mark.parametrize(
    "how",
    [
        "a file for the folder",
        "a file for runs",
        "a folder for the file",
        "a full disk",
        "a disk that fills while it writes",
    ],
)
def test_where_nothing_can_be_kept_training_goes_on_and_says_so_once(
    how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    undisturbed = fit(tasks.adding(10), "lstm", seeds=2, stacked=False, **QUICK)
    home = tmp_path / "blocked"
    monkeypatch.setenv("GATES_HOME", str(home))
    blocked(home, how, monkeypatch)
    table = fit(tasks.adding(10), "lstm", seeds=2, stacked=False, **QUICK)
    pd.testing.assert_frame_equal(table, undisturbed)
    assert capsys.readouterr().out.count("Training goes on") == 1
    assert not [file for file in home.rglob("*") if file.is_file() and file.name != "runs"]


FOREIGN = {
    "text": lambda file: file.write_text("not a checkpoint"),
    "nothing": lambda file: file.write_bytes(b""),
    "a tensor": lambda file: torch.save(torch.ones(3), file),
    "a list": lambda file: torch.save([1, 2], file),
    "a model": lambda file: torch.save(nn.Linear(2, 3), file),
    "its weights": lambda file: torch.save(nn.Linear(2, 3).state_dict(), file),
    "half of it": lambda file: torch.save({"step": 3}, file),
    "other sizes": lambda file: torch.save(
        {name: [] for name in ("rows", "done", "final", "solved_at", "parameters", "adam")}
        | {"step": 10},
        file,
    ),
    "JSON": lambda file: file.write_text(json.dumps({"step": 10})),
    "a folder": lambda file: file.mkdir(),
}


@pytest.mark.parametrize("kind", FOREIGN)
def test_a_foreign_file_in_the_place_of_a_run_is_no_obstacle(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    undisturbed, right = usual(), kept.place

    def found(folder, settings):
        file = right(tmp_path / "runs", settings)
        file.parent.mkdir(exist_ok=True)
        FOREIGN[kind](file)
        return file

    monkeypatch.setattr(kept, "place", found)
    pd.testing.assert_frame_equal(usual(), undisturbed)


LONG = """
from gates import tasks
from gates.training import fit
print("begun", flush=True)
fit(tasks.adding(50), "lstm", seeds=1, steps=900_000, hidden=8, every=5, stop_when_solved=False{more})
"""


def test_the_stop_button_ends_with_a_sentence_and_nothing_else() -> None:
    manager, client = start_new_kernel(env=dict(os.environ))
    try:
        asked, said, errors = client.execute(LONG.format(more="")), "", []
        while True:
            message = client.get_iopub_msg(timeout=120)
            content, kind = message["content"], message["msg_type"]
            if message["parent_header"].get("msg_id") != asked:
                continue
            if kind == "error":
                errors.append("\n".join(content["traceback"]))
            elif kind == "stream" and content["name"] == "stdout":
                said += content["text"]
            elif kind in ("display_data", "stream") and "begun" in said and not errors:
                time.sleep(1)
                manager.interrupt_kernel()
            elif kind == "status" and content["execution_state"] == "idle":
                break
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    assert said == "begun\n" and len(errors) == 1
    assert errors[0].startswith("Stopped. Run this again, and it goes on from ")
    assert "\n" not in errors[0]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for one process")
def test_a_script_that_is_interrupted_ends_as_python_does() -> None:
    """Also in what it returns, which is not the same everywhere once torch has loaded its compiler, as optimizers do."""
    plain = "import time, torch._dynamo\nprint('begun', flush=True)\ntime.sleep(60)"
    codes = []
    for code in (LONG.format(more=", progress=False"), plain):
        script = subprocess.Popen([sys.executable, "-c", code], stdout=-1, stderr=-1, text=True)
        assert script.stdout.readline() == "begun\n"
        time.sleep(2 if code != plain else 0.2)
        script.send_signal(signal.SIGINT)
        out, err = script.communicate(timeout=60)
        assert ("it goes on from" in out) == (code != plain)
        assert err.rstrip().endswith("KeyboardInterrupt")
        codes.append(script.returncode)
    assert codes[0] in (codes[1], -signal.SIGINT) and codes[0] != 0

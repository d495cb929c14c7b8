"""Figures from the tidy table, shipped results, and parameters that are checked."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
import papermill
import pytest
import torch

from gates import figures, results, settings
from gates.networks import parameters
from gates.picture import GROUND
from gates.results import grids
from gates.results.grids import running, varying
from gates.settings import BadParameter, valid
from gates.sweep import alone, engine, kept
from gates.sweep.job import Job
from gates.tasks import latch
from gates.training import COLUMNS


def table(
    seeds: int = 5, cells: tuple[str, ...] = ("rnn", "lstm"), shift: float = 0.0
) -> pd.DataFrame:
    rows = []
    for cell in cells:
        for seed in range(seeds):
            for step in (50, 100, 150):
                if cell == "lstm" and seed == 0 and step == 150:
                    continue  # a seed that stopped early
                value = 1 / step + 0.001 * seed + (0.1 if cell == "rnn" else 0) + shift
                rows.append(("adding", cell, seed, step, "test", value))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def test_curves_show_a_band_for_each_cell_and_the_chance_line() -> None:
    figure = figures.curves(table(), "test", chance=0.167)
    (axes,) = figure.axes
    assert len(axes.collections) == 2 and len(axes.lines) == 3
    assert [text.get_text() for text in axes.get_legend().get_texts()] == [
        "RNN, 5 seeds",
        "LSTM, 5 seeds",
    ]
    assert [line.get_linestyle() for line in axes.lines[:2]] == [
        "--",
        "-",
    ]  # told apart without color
    ends = [line.get_ydata()[-1] for line in axes.lines[:2]]
    assert ends[0] == pytest.approx(0.1 + 1 / 150 + 0.002)
    assert "chance" in [text.get_text() for text in axes.texts]


def test_a_seed_that_stopped_early_keeps_its_last_value() -> None:
    line = figures.curves(table(seeds=1, cells=("lstm",)), "test").axes[0].lines[0]
    assert list(line.get_ydata()) == [1 / 50, 1 / 100]
    band = figures.curves(table(), "test").axes[0].lines[1].get_ydata()
    assert band[-1] == pytest.approx(np.median([1 / 100, *(1 / 150 + 0.001 * np.arange(1, 5))]))


def test_what_a_figure_shows_is_said_in_words() -> None:
    said = figures.in_words(table(), "test", chance=0.167)
    assert said.startswith(
        "RNN: after 150 updates at most, the median of the test scores of 5 seeds is 0.109;"
    )
    assert "the seeds run from 0.107 to 0.111." in said
    assert "LSTM:" in said and said.endswith("Chance is 0.167.")


def test_models_of_a_family_are_told_apart_by_their_marks() -> None:
    lines = figures.curves(table(cells=("lstm", "lstm, bias 3", "gru")), "test").axes[0].lines
    assert lines[0].get_color() == lines[1].get_color() != lines[2].get_color()
    assert lines[0].get_marker() != lines[1].get_marker()
    legend = lines[0].axes.get_legend().get_texts()
    assert [text.get_text() for text in legend][1] == "LSTM, bias 3, 5 seeds"


def test_a_chance_line_below_all_values_does_not_lie_on_the_axis() -> None:
    values = table(cells=("lstm",))["value"]
    spread = values.max() - values.min()
    chance = values.min() - 0.045 * spread  # within the margin that matplotlib leaves
    axes = figures.curves(table(cells=("lstm",)), "test", chance=chance).axes[0]
    assert axes.get_ylim()[0] < chance - 0.02 * spread


def test_names_of_ones_own_stay_as_they_are() -> None:
    legend = figures.curves(table(cells=("two layers",)), "test").axes[0].get_legend()
    assert legend.get_texts()[0].get_text() == "two layers, 5 seeds"


def test_norms_over_distance_leave_out_zeros() -> None:
    rows = [("RNN", seed, d, 0.0 if d == 9 else 0.5**d) for seed in range(3) for d in (1, 4, 9)]
    data = pd.DataFrame(rows, columns=["model", "seed", "distance", "norm"])
    axes = figures.over_distance(data).axes[0]
    assert axes.get_yscale() == "log" and np.isnan(axes.lines[0].get_ydata()[-1])
    one_left = data.copy()
    one_left.loc[(data["distance"] == 9) & (data["seed"] == 0), "norm"] = (
        1e-3  # two of three seeds are at zero
    )
    assert np.isnan(figures.over_distance(one_left).axes[0].lines[0].get_ydata()[-1])


def test_the_product_of_gates_is_drawn_beside_what_was_measured() -> None:
    rows = [
        (model, seed, d, base**d, base**d, 2 * base**d + seed)
        for model, base in (("bias 0", 0.5), ("bias 3", 0.95))
        for seed in range(3)
        for d in (1, 10)
    ]
    columns = ["model", "seed", "distance", "product", "direct", "whole"]
    axes = figures.product_of_gates(pd.DataFrame(rows, columns=columns)).axes[0]
    product, direct, whole = (line.get_ydata() for line in axes.lines[3:6])
    assert list(product) == list(direct) == [0.95, 0.95**10]
    assert list(whole) == [2 * 0.95 + 1, 2 * 0.95**10 + 1]  # the middle one of three seeds
    assert axes.lines[4].get_linestyle() != axes.lines[5].get_linestyle()
    named = [text.get_text() for text in axes.texts]
    assert named == ["bias 0", "bias 0", "bias 3", "bias 3"]


def test_influences_are_named_at_the_ends_of_their_lines() -> None:
    rows = [(r, seed, 1 + 0.1 * seed, r) for r in (0.0, 1.0) for seed in range(3)]
    table = pd.DataFrame(rows, columns=["r", "seed", "x", "h"])
    axes = figures.influence(table, "r", ("x", "h"), "influence").axes[0]
    assert [list(line.get_ydata()) for line in axes.lines] == [[1.1, 1.1], [0, 1]]
    assert axes.lines[0].get_linestyle() != axes.lines[1].get_linestyle()
    assert [text.get_text() for text in axes.texts] == ["of x", "of h"]
    assert axes.get_ylim()[0] == 0


def read_at() -> pd.DataFrame:
    """Four seeds of two models, read in two ways; as after a melt, the rows of a model do not stand together."""
    rows = [
        (cell, kind, seed, value + 0.01 * seed)
        for kind in ("own end", "box")
        for cell, value in (("RNN", 0.3), ("GRU", 0.8))
        for seed in range(4)
    ]
    return pd.DataFrame(rows, columns=["cell", "read at", "seed", "right"])


def test_every_seed_is_shown_and_the_interval_of_each_row() -> None:
    axes = figures.by_seed(read_at(), ["cell", "read at"], "right", "share").axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["own end", "box"] * 2
    places = axes.get_yticks()
    assert list(places) == sorted(places, reverse=True) and len(set(np.diff(places).round(3))) == 2
    marks = [line for line in axes.lines if len(line.get_xdata()) == 4]
    assert [line.get_xdata()[0] for line in marks] == [0.3, 0.3, 0.8, 0.8]
    assert len({(line.get_color(), line.get_marker()) for line in marks}) == 4
    means = [line.get_xdata()[0] for line in axes.lines if len(line.get_xdata()) == 1]
    assert means[0] == pytest.approx(0.315)
    assert axes.get_xlabel() == "share"


def test_an_outer_label_is_written_once_amid_its_rows() -> None:
    axes = figures.by_seed(read_at(), ["cell", "read at"], "right").axes[0]
    places = axes.get_yticks()
    outer = {text.get_text(): text.xy[1] for text in axes.texts}
    assert outer == {"RNN": np.mean(places[:2]), "GRU": np.mean(places[2:])}
    one = figures.by_seed(read_at(), "cell", "right").axes[0]
    assert not one.texts and [label.get_text() for label in one.get_yticklabels()] == ["RNN", "GRU"]
    assert [line.get_marker() for line in one.lines if len(line.get_xdata()) == 8] == ["s", "^"]


def test_a_heat_map_prints_every_number() -> None:
    values = pd.DataFrame([[0, 10], [5, 7]], index=["b = 0", "b = 3"], columns=[20, 50])
    texts = [text.get_text() for text in figures.heat_map(values, "solved").axes[0].texts]
    assert texts == ["0", "10", "5", "7"]
    values.iloc[1, 0] = float("nan")
    texts = [text.get_text() for text in figures.heat_map(values, "solved").axes[0].texts]
    assert texts == ["0", "10", "7"], "where there is no number, none is printed"


def test_a_counter_has_a_panel_a_seed_and_the_string_below() -> None:
    rows = [(p, t, (2 - abs(t - 2)) * s) for p, s in (("one", 1), ("two", -1)) for t in range(1, 5)]
    tracks = pd.DataFrame(rows, columns=["panel", "step", "c"])
    figure = figures.counter(tracks, "aabb")
    assert [axes.get_title(loc="left") for axes in figure.axes] == ["one", "two"]
    assert list(figure.axes[1].lines[-1].get_ydata()) == [-1, -2, -1, 0]
    assert list(figure.axes[1].lines[1].get_xdata()) == [2.5, 2.5]
    assert [label.get_text() for label in figure.axes[1].get_xticklabels()] == list("aabb")
    assert len(figures.counter(tracks[tracks["panel"] == "one"], "aabb").axes) == 1


def test_gates_are_shown_in_the_order_that_is_asked_for() -> None:
    f = torch.tensor([[0.0, 0.5, 1.0], [0.2, 0.4, 0.6]])  # two steps, three units
    figure = figures.gates_over({"f": f, "g": 2 * f - 1}, "xy", order=[2, 0, 1])
    first, second = figure.axes[:2]
    np.testing.assert_allclose(first.images[0].get_array(), f.T[[2, 0, 1]])
    assert first.get_title() == "f" and first.images[0].get_clim() == (0, 1)
    assert second.images[0].get_clim() == (-1, 1)
    assert [label.get_text() for label in first.get_xticklabels()] == ["x", "y"]


def test_results_are_shipped_with_what_made_them(tmp_path: Path) -> None:
    file = results.save(table(), "grid", "python -m something --full", folder=tmp_path)
    beside = json.loads(file.with_suffix(".json").read_text())
    assert tuple(beside) == results.FIELDS and beside["command"] == "python -m something --full"
    shipped = results.load("grid", folder=tmp_path)
    pd.testing.assert_frame_equal(shipped.table, table(), rtol=1e-5)
    assert "Made on" in str(shipped) and "something --full" in str(shipped)
    assert "cores" in beside["machine"] and "/" not in beside["machine"]


def test_a_live_row_is_told_whether_it_lies_in_the_shipped_range(tmp_path: Path) -> None:
    results.save(table(), "grid", "make it", folder=tmp_path)
    shipped = results.load("grid", folder=tmp_path)
    (inside,) = results.beside(table(seeds=2, cells=("rnn",)), shipped)
    assert inside.inside and "inside the range" in str(inside)
    (outside,) = results.beside(table(seeds=1, cells=("rnn",), shift=0.5), shipped)
    assert not outside.inside and "outside the range, as about 2 in " in str(outside)
    with pytest.raises(KeyError, match="no row for adding, gru"):
        results.beside(table(cells=("gru",)), shipped)


def test_a_lesson_is_told_in_a_sentence_what_cannot_be_compared(tmp_path: Path) -> None:
    results.save(table(), "grid", "make it", folder=tmp_path)
    shipped = results.load("grid", folder=tmp_path)
    assert "inside the range" in results.compared(table(seeds=2, cells=("rnn",)), shipped)
    short = table(cells=("rnn",))
    said = results.compared(short[short["step"] <= 100], shipped)
    assert (
        said
        == "Not compared with the shipped table. adding, rnn: trained live for 100 updates, shipped for 150."
    )
    assert "no row for adding, gru" in results.compared(table(cells=("gru",)), shipped)


def test_unlike_things_are_not_compared(tmp_path: Path) -> None:
    results.save(table(), "grid", "make it", folder=str(tmp_path))
    shipped = results.load("grid", folder=str(tmp_path))
    short = table(cells=("rnn",))
    with pytest.raises(ValueError, match="trained live for 100 updates, shipped for 150"):
        results.beside(short[short["step"] <= 100], shipped)
    early = pd.DataFrame(
        [("adding", "rnn", seed, 100, "solved", 1.0) for seed in range(5)], columns=list(COLUMNS)
    )
    assert results.beside(pd.concat([short[short["step"] <= 100], early]), shipped)
    all_solved = results.Shipped(pd.concat([short, early]), {})
    with pytest.raises(ValueError, match="trained live for 100 updates, shipped for 150"):
        results.beside(short[short["step"] <= 100], all_solved)
    with pytest.raises(KeyError, match="The live table has no metric 'warp'"):
        results.beside(short, shipped, metric="warp")


def test_a_result_that_is_not_there_or_not_tidy_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="There are: none"):
        results.load("grid", folder=tmp_path)
    with pytest.raises(ValueError, match="The columns have to be task"):
        results.save(table().drop(columns="seed"), "grid", "x", folder=tmp_path)


def test_every_shipped_result_has_its_neighbor_and_its_table_is_tidy() -> None:
    for file in results.HERE.glob("*.csv"):
        shipped = results.load(file.stem)
        assert set(shipped.beside) == set(results.FIELDS)
        assert list(shipped.table.columns) == list(COLUMNS)
    assert {f.stem for f in results.HERE.glob("*.json")} == {
        f.stem for f in results.HERE.glob("*.csv")
    }


@pytest.mark.parametrize("name", grids.GRIDS)
def test_the_shipped_grid_is_the_one_that_was_declared(name: str) -> None:
    """Every row is there, with every seed, and none had more or fewer updates than was declared."""
    shipped = results.load(name)
    assert shipped.beside["command"] == f"python -m gates.results.grids {name}"
    rows = {(row.title, row.label): row for row in grids.GRIDS[name]()}
    found = shipped.table.groupby(["task", "cell"], sort=False)
    assert list(found.groups) == list(rows)
    for key, of_it in found:
        settings = rows[key].settings
        seeds = settings["seeds"]
        assert sorted(of_it["seed"].unique()) == list(range(seeds) if type(seeds) is int else seeds)
        solved = of_it[of_it["metric"] == "solved"]
        ends = solved.loc[solved["value"] == 0, "step"]
        assert (ends == settings["steps"]).all() and (solved["step"] % settings["every"] == 0).all()


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """A grid of two rows, trained in this process; the rows that were trained, as they come."""
    trained = []

    def rows() -> Iterator[grids.Row]:
        for cell in ("rnn", "lstm"):
            yield grids.Row(latch(2), cell, cell, {"seeds": 2, "steps": 2, "every": 1, "hidden": 2})

    def here(job: Job, folder: str, *_: object) -> str:
        if kept.read(Path(folder), job.key) is None:
            trained.append(job.shown)
            kept.write(Path(folder), job.key, alone.outcome(job).text())
        return kept.read(Path(folder), job.key).text()

    def ended(jobs: list[Job], folder: Path, *_: object) -> Iterator[tuple[str, str]]:
        for job in jobs:
            yield job.key, here(job, str(folder))

    monkeypatch.setitem(grids.GRIDS, "small", rows)
    monkeypatch.setattr(engine, "_ended", ended)
    monkeypatch.setenv("GATES_HOME", str(tmp_path))
    return trained


def test_a_grid_is_a_sweep_that_keeps_the_rows_that_are_done(small: list[str]) -> None:
    first, _ = (running.job("small", k, row) for k, row in enumerate(grids.GRIDS["small"]()))
    whole = running.make("small")
    assert list(whole["cell"].unique()) == ["rnn", "lstm"] and list(whole.columns) == list(COLUMNS)
    assert small == ["latch, length 2, rnn", "latch, length 2, lstm"]
    pd.testing.assert_frame_equal(running.make("small"), whole, check_exact=True)
    assert len(small) == 2
    kept.place(running.folder("small"), first.key).unlink()
    pd.testing.assert_frame_equal(running.make("small"), whole, check_exact=True)
    assert small[2:] == ["latch, length 2, rnn"]
    running.forget("small")
    assert not list(running.folder("small").iterdir())


def test_a_row_with_other_settings_is_another_run() -> None:
    rows = [
        grids.Row(latch(2), "rnn", "rnn", {"seeds": seeds, "step": step})
        for seeds, step in ((2, None), (3, None), (range(2), None), (2, len))
    ]
    keys = [running.job("small", 0, row).key for row in rows]
    assert len(set(keys[:3])) == 3 and keys[3] == keys[0]


def test_a_grid_with_a_row_that_failed_has_no_table_and_tries_it_again(
    small: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(grids.Row, "run", lambda self: 1 / 0)
        with pytest.raises(
            running.Unfinished, match=r"2 of 2 rows did not finish:\nlatch.*ZeroDivision"
        ):
            running.make("small")
    assert len(running.make("small")["cell"].unique()) == 2


BAD = {
    "length": (-1, "length is -1, and has to be a whole number from 2 to 10000."),
    "seeds": (1, "seeds is 1, and has to be a whole number from 2 to 100."),
    "cell": ("warp", "cell is 'warp', and has to be one of rnn, lstm, gru."),
    "epochs": (2.5, "epochs is 2.5, and has to be a whole number"),
    "learning_rate": (0, "learning_rate is 0, and has to be a number from 1e-06 to 1."),
    "full": (1, "full is 1, and has to be one of True, False."),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_parameter_is_told_in_one_sentence(name: str) -> None:
    value, says = BAD[name]
    with pytest.raises(BadParameter) as caught:
        valid(**{name: value})
    assert str(caught.value).startswith(says) and "\n" not in str(caught.value)


def test_good_parameters_pass_and_unknown_names_do_not() -> None:
    valid(seeds=5, length=200, cell="gru", learning_rate=0.01, full=False)
    with pytest.raises(BadParameter, match="warp is no parameter of this course"):
        valid(warp=3)


def test_papermill_ends_with_that_sentence(tmp_path: Path) -> None:
    cells = [
        nbformat.v4.new_code_cell("length = 50", metadata={"tags": ["parameters"]}),
        nbformat.v4.new_code_cell(
            "from gates.settings import valid\nvalid(length=length)", metadata={"tags": []}
        ),
        nbformat.v4.new_code_cell("print('trained', length)", metadata={"tags": []}),
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=kernel)
    source, out = tmp_path / "lesson.ipynb", tmp_path / "out.ipynb"
    nbformat.write(notebook, source)
    command = [sys.executable, "-m", "papermill", str(source), str(out), "--log-level", "ERROR"]
    told = subprocess.run([*command, "-p", "length", "-1"], capture_output=True, text=True)
    assert told.returncode == 1
    assert "length is -1, and has to be a whole number from 2 to 10000." in told.stderr
    done = papermill.execute_notebook(source, out, parameters={"length": 20}, progress_bar=False)
    assert done.cells[-1].outputs[0].text == "trained 20\n"
    assert settings.KNOWN["length"].holds(20)


def of_generalization() -> pd.DataFrame:
    rows = [
        ("task", cell, seed, step, part + ending, step / 100 + seed)
        for cell in ("1 layer", "4 layers")
        for seed in (0, 1)
        for step in (100, 200, 300)
        for part in ("training", "validation", "test")
        for ending in ("", " loss")
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def test_fitting_has_a_column_a_network_and_the_loss_above() -> None:
    figure = figures.fitting(of_generalization())
    assert [axes.get_title() for axes in figure.axes] == ["1 layer", "4 layers", "", ""]
    assert [axes.get_ylabel() for axes in figure.axes[::2]] == ["loss", "accuracy"]
    solid, dashed = figure.axes[0].lines[1], figure.axes[0].lines[0]
    assert dashed.get_linestyle() == "--" and solid.get_linestyle() == "-"
    np.testing.assert_allclose(solid.get_ydata(), [1.5, 2.5, 3.5])


def test_differences_are_hollow_where_they_are_not_decided() -> None:
    panels = {"here": {"a": (1.0, 0.5, 1.5), "b": (0.1, -0.5, 0.7)}}
    axes = figures.differences(panels, "gain").axes[0]
    marks = [line for line in axes.lines if line.get_marker() == "o"]
    assert [mark.get_markerfacecolor() == GROUND for mark in marks] == [False, True]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["a", "b"]


def test_what_rows_of_differences_have_in_common_is_written_once() -> None:
    of = (1.0, 0.5, 1.5)
    rows = {("300 updates", "a"): of, ("300 updates", "b"): of, ("900 updates", "a"): of}
    picture = figures.differences({"here": rows}, "gain")
    axes = picture.axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["a", "b", "a"]
    assert [text.get_text() for text in axes.texts] == ["300 updates", "900 updates"]
    assert "most of all" in picture.words.result and "300 updates" in picture.words.result


def test_a_signed_map_says_what_is_decided() -> None:
    values = pd.DataFrame({"50": [1.25, -2.0]}, index=["a", "b"])
    decided = pd.DataFrame({"50": [False, True]}, index=["a", "b"])
    texts = figures.signed_map(values, decided, "points").axes[0].texts
    assert [text.get_text() for text in texts] == ["(+1.2)", "-2.0"]
    assert [text.get_weight() for text in texts] == ["normal", "bold"]


def test_simple_pictures_show_what_they_are_given() -> None:
    table = pd.DataFrame({"one": [1.0, 2.0], "two": [3.0, 1.0]}).rename_axis("step")
    axes = figures.lines(table, "size").axes[0]
    assert axes.get_xlabel() == "step" and len({line.get_linestyle() for line in axes.lines}) == 2
    points, line = figures.against([0, 2], [1, 1], "right", "found").axes[0].lines
    assert list(points.get_ydata()) == [1, 1] and list(line.get_ydata()) == [0, 2]
    shown = figures.pictures({"a": torch.eye(3), "b": torch.zeros(2, 4)})
    assert [axes.get_title() for axes in shown.axes] == ["a", "b"]
    value, slope = figures.shapes_of({"relu": torch.relu}).axes[0].lines[1:]
    assert value.get_ydata()[-1] == 5 and slope.get_ydata()[-1] == 1


def test_three_times_are_kept_and_the_early_one_is_where_the_validation_loss_is_least() -> None:
    table = of_generalization()
    low = (table["metric"] == "validation loss") & (table["step"] == 200)
    table.loc[low, "value"] = 0.0
    kept = grids.three_times(table[table["cell"] == "1 layer"])
    early = kept[kept["metric"].str.endswith(", stopped early")]
    assert set(early["step"]) == {200} and len(early) == 2 * 6
    assert set(kept[~kept["metric"].str.contains("early")]["step"]) == {grids.EARLY}


DECLARED = [getattr(varying, name) for name in ("without_a_gate", "peepholes", "attention")]
DECLARED += [varying.relatives, varying.tables]


@pytest.mark.parametrize("grid", DECLARED, ids=lambda grid: grid.__name__)
def test_a_grid_that_is_declared_names_each_row_once_and_can_be_run(grid) -> None:
    rows = list(grid(seeds=1))
    assert len({(row.title, row.label) for row in rows}) == len(rows)
    of_networks = [row for row in rows if isinstance(row, grids.Row)]
    for row in {row.label.split(",")[0]: row for row in of_networks}.values():
        small = replace(row, settings=row.settings | {"steps": 1, "every": 1, "progress": False})
        assert set(small.run()["metric"]) >= {"validation", "test"}


def test_models_of_scikit_learn_are_fitted_to_the_rows_a_network_trains_on() -> None:
    row = varying.Fitted("wine", "shuffled", "linear", 1.0, {"seeds": 2})
    found = row.run()
    assert list(found.columns) == list(COLUMNS) and len(found) == 4
    assert (found["value"] > 0.8).all() and row.label == "linear, 1"


def test_an_attentive_network_has_no_more_parameters_than_the_plain_one() -> None:
    for I, O in ((10, 10), (2, 1), (29, 14), (1, 10)):
        count = [
            sum(p.numel() for p in varying.Attentive("lstm", I, width, O).parameters())
            for width in (varying.attentive_width(I, O), varying.attentive_width(I, O) + 1)
        ]
        assert count[0] <= parameters("lstm", I, varying.H, O) < count[1]

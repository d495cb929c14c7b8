"""Time series: no value from the future, forecasts that equal statsmodels', a state that streams, a sentence for each bad file."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from statsmodels.tsa.api import VAR
from statsmodels.tsa.ar_model import AutoReg
from statsmodels.tsa.exponential_smoothing.ets import ETSModel

from gates.results.grids import series as of_lesson
from gates.series import walking
from gates.series.files import ModelFileError, load, save
from gates.series.iterating import one_by_one
from gates.series.kind import QUANTILES, Series, ends, following, origins
from gates.series.learning import Trained, forecasting, learned
from gates.series.linear import First, Linear, autoregression, of_several
from gates.series.model import LAYERS, Forecaster
from gates.series.naive import naive, repeated
from gates.series.real import carbon_dioxide, economy, sunspots
from gates.series.scaling import fitted
from gates.series.scores import coverage, mase, pinball
from gates.series.smoothing import smoothing
from gates.series.steps import iterated
from gates.series.streaming import Stream
from gates.series.switching import switching
from gates.series.typed import LEAST, CannotForecast, from_csv
from gates.series.windows import windows_apart

MIDDLE = QUANTILES.index(0.5)


@pytest.fixture(autouse=True)
def one_thread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATES_HOME", str(tmp_path / "home"))
    torch.set_num_threads(1)


def made(columns: int = 1, N: int = 120, season: int = 4) -> Series:
    generator, t = np.random.default_rng(7), np.arange(N)
    values = 0.05 * t[:, None] + np.sin(2 * np.pi * t / season)[:, None]
    values = values + generator.normal(0, 0.3, (N, columns)).cumsum(0)
    index = pd.period_range("1990Q1", periods=N, freq="Q")
    names = [f"c{k}" for k in range(columns)]
    return Series("made", pd.DataFrame(values, index, names), "m", season, "here")


def trained(columns: int = 1, lag: int = 1, h: int = 3, cell: str = "gru") -> Trained:
    torch.manual_seed(3)
    series = made(columns)
    return Trained(Forecaster(columns, 5, h, cell).eval(), fitted(series.values, lag, ends(120)[0]))


# The series


@pytest.mark.parametrize("make, N", [(sunspots, 309), (carbon_dioxide, 452), (economy, 202)])
def test_a_real_series_has_every_period_once_and_no_gap(make: Callable[[], Series], N: int) -> None:
    series = make()
    index = series.table.index
    assert isinstance(index, pd.PeriodIndex) and len(index) == N
    assert index.equals(pd.period_range(index[0], index[-1], freq=index.freq))
    assert np.isfinite(series.values).all()
    assert series.after(2)[0] == index[-1] + 1


def test_origins_know_nothing_of_what_they_forecast_and_parts_share_no_target() -> None:
    a, b = ends(50)
    for part, (begins, stops) in {"validation": (a, b), "test": (b, 50)}.items():
        at = origins(50, part, 3)
        assert at[0] + 1 == begins and at[-1] + 3 == stops - 1
    with pytest.raises(ValueError, match="too few to look 20 ahead"):
        origins(50, "test", 20)
    with pytest.raises(ValueError, match='"validation" or "test"'):
        origins(50, "training", 3)


def test_no_two_values_of_the_switching_series_go_together_and_answers_follow_from_the_past() -> (
    None
):
    values = switching(20_000).values[:, 0]
    for k in range(1, 12):
        assert abs((values[k:] * values[:-k]).mean()) < 4 * 2 / np.sqrt(len(values))
    product, known, checked = 1.0, False, 0
    for before, value in pairwise(values):
        if before == 0:
            if known:
                assert value == 2 * product
                checked += 1
            product, known = value / 2, True
        elif abs(value) == 1:
            product *= value
    assert checked > 2000


# Scaling


@pytest.mark.parametrize("lag", [0, 1, 4])
def test_scaling_goes_there_and_back_and_knows_the_past_alone(lag: int) -> None:
    values, at = made(2).values, np.array([50, 60, 118])
    scaling = fitted(values, lag, 72)
    changed = values.copy()
    changed[72:] += 100
    again = fitted(changed, lag, 72)
    np.testing.assert_allclose(again.mean, scaling.mean, rtol=1e-12)
    np.testing.assert_allclose(again.deviation, scaling.deviation, rtol=1e-12)
    assert not np.allclose(fitted(changed, lag, 120).mean, fitted(values, lag, 120).mean)
    inputs = scaling.inputs(values)
    assert inputs.shape == (120 - lag, 2)
    base = scaling.base(
        values, at - 1, 1
    )  # the scaled change is what a network has to say one step ahead
    back = scaling.back(inputs[at - lag, 0][:, None, None], base)
    np.testing.assert_allclose(back[:, 0, 0], values[at, 0])


def test_a_column_that_never_changes_is_refused() -> None:
    with pytest.raises(ValueError, match="does not change"):
        fitted(np.ones((20, 1)), 0, 10)


# The task


def test_training_windows_hold_no_value_behind_the_training_part() -> None:
    """What is behind it may be anything, and the batches stay the same."""
    series = made()
    a, _ = ends(120)
    values = series.values.copy()
    values[a:] = 1e6
    other = Series("made", pd.DataFrame(values, series.table.index), "m", 4, "here")
    for lag in (0, 1, 4):
        one, two = (
            forecasting(of, fitted(of.values, lag, a), 3, 12).held_out("training")
            for of in (series, other)
        )
        assert torch.equal(one.xs, two.xs)
        assert torch.equal(one.targets.nan_to_num(-9), two.targets.nan_to_num(-9))
    assert one.targets.isnan()[:3].all() and not one.targets.isnan()[3:].any()


@pytest.mark.parametrize("lag", [0, 1, 4])
def test_the_score_of_the_task_is_the_mase_of_the_forecaster(lag: int) -> None:
    series = made()
    forecaster = trained(lag=lag)
    task = forecasting(series, forecaster.scaling, 3, 12)
    batch = task.held_out("test")
    found = task.grade(forecaster.model(batch.xs), batch)
    assert found == pytest.approx(walking.scored(forecaster, series, 3)["MASE"], rel=1e-4)
    assert walking.by_origin(forecaster, series, 3).mean() == pytest.approx(
        walking.scored(forecaster, series, 3)["MASE"]
    )


def test_a_network_is_trained_through_the_usual_training() -> None:
    settings = {"seeds": 2, "steps": 40, "every": 20, "progress": False, "learning_rate": 1e-2}
    table, models = learned(made(), "lstm", 2, 4, T=16, hidden=4, **settings)
    assert set(table["metric"]) == {"loss", "validation", "test", "solved"}
    assert table["task"].unique().tolist() == ["made, ahead 2"] and len(models) == 2
    loss = table[table["metric"] == "loss"].groupby("step")["value"].mean()
    assert loss[40] < loss[20]
    with pytest.raises(ValueError, match="too few for windows of 90"):
        learned(made(), "lstm", 2, 4, T=90, **settings)


@pytest.mark.parametrize("cell", LAYERS)
def test_quantiles_never_cross(cell: str) -> None:
    outputs = Forecaster(2, 6, 4, cell)(3 * torch.randn(20, 3, 2))
    assert outputs.shape == (20, 3, 4, 3)
    assert (outputs.diff(dim=-1) > 0).all()
    with pytest.raises(ValueError, match="no cell 'tcn'"):
        Forecaster(1, 2, 3, "tcn")


# The simple methods


@pytest.mark.parametrize("lag", [0, 1, 4])
def test_an_autoregression_is_that_of_statsmodels(lag: int) -> None:
    values = made().values
    z = values[lag:, 0] - values[: len(values) - lag, 0] if lag else values[:, 0]
    fit = AutoReg(z[: 72 - lag], 3, trend="c").fit()
    found = autoregression(values, 72, 3, lag).quantiles(values, np.array([71]), 6)[0]
    ahead = fit.get_prediction(72 - lag, 77 - lag).summary_frame(alpha=0.2)
    if lag == 0:
        wanted = ahead[["mean_ci_lower", "mean", "mean_ci_upper"]].to_numpy()
        np.testing.assert_allclose(found, wanted)
        return
    steps, known = ahead["mean"].to_numpy(), list(values[:72, 0])
    for step in steps:
        known.append(known[-lag] + step)
    np.testing.assert_allclose(found[:, MIDDLE], known[72:])


def test_intervals_of_an_autoregression_of_changes_keep_their_promise() -> None:
    """On paths that follow it, four in five lie within, at each horizon."""
    model = Linear(1, np.array([0.1]), np.array([[[0.5]]]), np.array([[0.04]]))
    e = np.random.default_rng(0).normal(0, 0.2, (4000, 30))
    z = np.zeros((4000, 31))
    for t in range(30):
        z[:, t + 1] = 0.1 + 0.5 * z[:, t] + e[:, t]
    paths = z.cumsum(1)
    ahead = [model.quantiles(path[:, None], np.array([24]), 6)[0] for path in paths]
    low, high = np.array(ahead)[..., 0], np.array(ahead)[..., -1]
    assert np.abs(coverage(low, high, paths[:, 25:]) - 0.8).max() < 0.03


def test_of_several_columns_it_is_that_of_statsmodels_too() -> None:
    values = made(3).values
    fit = VAR(values[:72]).fit(2, trend="c")
    found = of_several(values, 72, 2, 0).quantiles(values, np.array([71]), 4)[0]
    middle, low, high = fit.forecast_interval(values[70:72], 4, alpha=0.2)
    wanted = np.stack([low, middle, high], -1)[:, 0]
    np.testing.assert_allclose(found, wanted)
    alone = First(autoregression(values, 72, 2, 1)).quantiles(values, np.array([80]), 2)
    assert alone.shape == (1, 2, 3)


@pytest.mark.parametrize("season, trend", [(4, True), (4, False), (1, True), (1, False)])
def test_smoothing_is_that_of_statsmodels(season: int, trend: bool) -> None:
    values = made(N=60).values
    form = {"error": "add", "trend": "add" if trend else None, "damped_trend": trend}
    form |= {"seasonal": "add", "seasonal_periods": season} if season > 1 else {}
    fit = ETSModel(pd.Series(values[:48, 0]), **form).fit(disp=False)
    wanted = fit.get_prediction(48, 53).summary_frame(alpha=0.2)[["pi_lower", "mean", "pi_upper"]]
    model = smoothing(values, 48, season, trend)
    found = model.quantiles(values, np.array([47, 55]), 6)
    np.testing.assert_allclose(found[0], wanted.to_numpy())
    later = ETSModel(pd.Series(values[:56, 0]), **form).smooth(fit.params).forecast(6)
    np.testing.assert_allclose(found[1][:, MIDDLE], later.to_numpy())


def test_repeating_a_season_takes_the_last_that_is_known() -> None:
    values = np.arange(20.0)[:, None]
    found = repeated(values, np.array([9, 11]), 5, 4)
    assert found.tolist() == [[6, 7, 8, 9, 6], [8, 9, 10, 11, 8]]
    last = naive(values, 12, 1, 3).quantiles(values, np.array([9]), 3)
    assert last[0, :, MIDDLE].tolist() == [9, 9, 9]
    assert last[0, :, -1].tolist() == [10, 11, 12]  # it has always missed as much


def _all(series: Series) -> dict[str, object]:
    values, (a, _) = series.values, ends(len(series.values))
    forecasters = {
        "naive": naive(values, a, 4, 3),
        "AR": autoregression(values, a, 3, 1),
        "ETS": smoothing(values, a, 4, True),
        "network": trained(),
    }
    return forecasters | {"iterated": one_by_one(forecasters["network"], series, paths=20)}


@pytest.mark.parametrize("name", ["naive", "AR", "ETS", "network", "iterated"])
def test_no_forecast_knows_what_comes_after_its_origin(name: str) -> None:
    series = made()
    forecaster = _all(series)[name]
    values, at = series.values, np.array([97, 100, 110])
    found = forecaster.quantiles(values, at, 3)
    for k, t in enumerate(at):
        changed = values.copy()
        changed[t + 1 :] += 50
        again = forecaster.quantiles(changed, at, 3)
        np.testing.assert_allclose(again[: k + 1], found[: k + 1], rtol=1e-5)
        assert k == 2 or not np.allclose(again[k + 1], found[k + 1])  # a later one reads it


def test_walking_has_a_row_for_each_origin_and_horizon_and_the_truth_beside_it() -> None:
    series = made()
    table = walking.walked(trained(), series, 3)
    assert list(table) == ["origin", "ahead", "actual", "q10", "q50", "q90"]
    row = table.iloc[4]
    assert row["actual"] == series.target[row["origin"] + row["ahead"]]
    beyond = walking.ahead(trained(), series, 3)
    assert beyond.index[0] == series.table.index[-1] + 1 and np.isfinite(beyond.to_numpy()).all()


# Several steps, and one at a time


def test_iterating_reads_what_it_has_said() -> None:
    found = iterated(lambda x, n: (2 * x + n, n + 1), torch.tensor([1.0, 0.0]), 0, 3)
    assert found.tolist() == [[2, 0], [5, 1], [12, 4]]


@pytest.mark.parametrize("cell", LAYERS)
@pytest.mark.parametrize("lag", [0, 1, 4])
def test_without_errors_a_path_is_the_network_fed_with_its_own_medians(cell: str, lag: int) -> None:
    series, forecaster = made(), trained(lag=lag, cell=cell)
    paths = one_by_one(forecaster, series, paths=3)
    exact = type(paths)(forecaster, np.zeros(1), 3)
    at = np.array([100, lag, 105])
    found = exact.quantiles(series.values, at, 3)
    for k, t in enumerate(at):
        known = series.values[: t + 1]
        for j in range(3):
            q = forecaster.quantiles(known, np.array([len(known) - 1]), 1)[0, 0, MIDDLE]
            assert found[k, j, MIDDLE] == pytest.approx(q, rel=1e-4)
            known = np.append(known, [[q]], 0)
    with pytest.raises(ValueError, match="it cannot go on by itself"):
        one_by_one(trained(2), made(2))


@pytest.mark.parametrize("lag", [0, 1])
def test_paths_are_spread_by_the_errors_that_were_made(lag: int) -> None:
    series, forecaster = made(), trained(lag=lag)
    at, errors = np.array([90, 100]), np.array([-1.0, 0.0, 1.0])
    paths = type(one_by_one(forecaster, series))(forecaster, errors, 60)
    found = paths.quantiles(series.values, at, 3)
    middle = forecaster.quantiles(series.values, at, 1)[:, 0, MIDDLE]
    for k, error in enumerate(errors):
        wanted = middle + error * forecaster.scaling.deviation[0]
        np.testing.assert_allclose(found[:, 0, k], wanted, rtol=1e-4)
    assert (found[:, 2, -1] - found[:, 2, 0] > 0.5).all()


@pytest.mark.parametrize("cell", LAYERS)
@pytest.mark.parametrize("lag", [0, 1, 4])
def test_a_stream_says_what_reading_the_whole_says(cell: str, lag: int) -> None:
    forecaster, values = trained(2, lag, cell=cell), made(2).values
    stream = Stream(forecaster)
    said = [stream.read(row) for row in values[:40]]
    assert [found is None for found in said] == [t < lag for t in range(40)]
    whole = forecaster.quantiles(values[:40], np.arange(lag, 40), 3)
    np.testing.assert_allclose(np.array(said[lag:]), whole, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("cell", LAYERS)
def test_in_float64_a_stream_and_the_whole_agree_to_rounding(cell: str) -> None:
    """Weights of float64 are read with inputs of float64, in each way of forecasting."""
    forecaster, values = trained(cell=cell), made().values
    forecaster = Trained(forecaster.model.double(), forecaster.scaling)
    stream = Stream(forecaster)
    said = [stream.read(row) for row in values[:40]][1:]
    whole = forecaster.quantiles(values[:40], np.arange(1, 40), 3)
    np.testing.assert_allclose(np.array(said), whole, rtol=0, atol=1e-12)
    paths = one_by_one(forecaster, made(), paths=3).quantiles(values, np.array([90]), 2)
    assert np.isfinite(paths).all()


def test_a_stream_refuses_what_is_no_number_and_goes_on_as_if_it_had_not_been() -> None:
    forecaster, values = trained(), made().values
    stream, other = Stream(forecaster), Stream(forecaster)
    for row in values[:9]:
        stream.read(row), other.read(row)
    for bad in (np.nan, [1.0, 2.0], np.inf):
        with pytest.raises(ValueError, match="Give one number, and no NaN"):
            stream.read(bad)
    np.testing.assert_array_equal(stream.read(values[9]), other.read(float(values[9, 0])))


# Scores


def test_scores_of_known_numbers() -> None:
    actual, past = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([0.0, 1.0, 3.0, 2.0, 5.0])
    assert mase(actual + 1, actual, past, 1) == pytest.approx(1 / (7 / 4))
    assert mase(actual - 3, actual, past, 2) == pytest.approx(3 / (6 / 3))
    assert coverage(actual, actual + np.array([1, -1]), actual).tolist() == [1, 0]
    assert pinball(actual[..., None] + np.array([-1, 0, 2]), actual, QUANTILES) == pytest.approx(
        0.3 / 3
    )


def test_the_pinball_loss_is_least_at_the_quantile() -> None:
    drawn = np.random.default_rng(1).normal(size=(4000, 1))
    tried = np.linspace(-2, 2, 81)
    for q in QUANTILES:
        losses = [pinball(np.full((4000, 1, 1), x), drawn, [q]) for x in tried]
        assert tried[int(np.argmin(losses))] == pytest.approx(np.quantile(drawn, q), abs=0.06)


def test_windows_share_no_target_over_the_cut() -> None:
    (xs, ys), (new, wanted) = windows_apart(np.arange(20.0), 4, 3, 12)
    assert ys.max() == 11 and wanted.min() == 12 and new[0].tolist() == [8, 9, 10, 11]
    assert len(xs) == 6 and len(new) == 6 and wanted.max() == 19


# Files


def test_a_forecaster_comes_back_from_its_file(tmp_path: Path) -> None:
    forecaster, values, at = trained(2), made(2).values, np.array([30, 119])
    file = save(forecaster, tmp_path / "new" / "forecaster.pt")
    np.testing.assert_array_equal(
        load(file).quantiles(values, at, 3), forecaster.quantiles(values, at, 3)
    )
    with pytest.raises(ModelFileError, match="There is no file"):
        load(tmp_path / "other.pt")
    file.write_bytes(file.read_bytes()[:-40])
    with pytest.raises(ModelFileError, match="damaged or cut short"):
        load(file)


def test_a_scaling_that_is_not_the_networks_is_refused(tmp_path: Path) -> None:
    one, two = trained(1), trained(2)
    file = save(Trained(one.model, two.scaling), tmp_path / "mixed.pt")
    with pytest.raises(ModelFileError, match="do not fit together"):
        load(file)


# A file of one's own


def csv(folder: Path, dates: list[str], values: list[object], more: str = "") -> Path:
    file = folder / "own.csv"
    rows = "\n".join(f"{d},{v}" for d, v in zip(dates, values, strict=True))
    file.write_text(f"day,sales\n{rows}\n{more}", encoding="utf-8")
    return file


MONTHS = [str(month) for month in pd.period_range("2019-11", periods=48, freq="M")]
SALES = [str(100 + k % 12) for k in range(48)]


@pytest.mark.parametrize(
    "freq, form, kind",
    [
        *(("Y", "%Y", "Y-DEC"), ("Q", "%Y-%m-%d", "Q-DEC"), ("M", "%Y-%m", "M")),
        *(("W-SUN", "%Y-%m-%d", "W-SUN"), ("W-TUE", "%Y-%m-%d", "W-TUE")),
        *(("D", "%Y-%m-%d", "D"), ("h", "%Y-%m-%d %H:%M", "h")),
    ],
)
def test_regular_dates_become_periods(tmp_path: Path, freq: str, form: str, kind: str) -> None:
    stamps = pd.period_range("2001-01-01", periods=50, freq=freq).to_timestamp()
    file = csv(tmp_path, [stamp.strftime(form) for stamp in stamps], list(range(50)))
    series = from_csv(file, "day", "sales")
    assert series.table.index.freqstr == kind and len(series.table) == 50
    assert series.values[:, 0].tolist() == list(range(50))


def changed(of: list[str], k: int, to: str) -> list[str]:
    return [*of[:k], to, *of[k + 1 :]]


BAD = {
    "nan": (MONTHS, changed(SALES, 5, "NaN"), "“NaN”, which is no number, at 2020-04"),
    "nothing": (MONTHS, changed(SALES, 5, ""), "sales has nothing, at 2020-04"),
    "word": (MONTHS, changed(SALES, 5, "n/a"), "“n/a”, which is no number"),
    "infinite": (MONTHS, changed(SALES, 5, "inf"), "“inf”, which is no number"),
    "short": (MONTHS[: LEAST - 1], SALES[: LEAST - 1], "There are 39 rows, and it takes 40"),
    "gap": (
        MONTHS[:9] + MONTHS[10:],
        SALES[1:],
        "after 2020-07 comes 2020-09, and 2020-08 is miss",
    ),
    "twice": (changed(MONTHS, 9, MONTHS[8]), SALES, "2020-07 comes twice, in row 10"),
    "backward": (MONTHS[::-1], SALES, "2023-09 comes after a later one, in row 2"),
    "no date": (changed(MONTHS, 4, "soon"), SALES, "Row 5 has “soon” where a date should be"),
    "other order": (changed(MONTHS, 4, "13.03.2020"), SALES, "year first"),
    "constant": (MONTHS, ["7"] * 48, "sales is the same in the whole training part"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_is_refused_with_a_sentence(case: str, tmp_path: Path) -> None:
    dates, values, sentence = BAD[case]
    with pytest.raises(CannotForecast, match=sentence) as refused:
        from_csv(csv(tmp_path, dates, values), "day", "sales")
    assert refused.value._render_traceback_() == [str(refused.value)]


def test_files_and_columns_that_are_not_there_are_told(tmp_path: Path) -> None:
    file = csv(tmp_path, MONTHS, SALES)
    with pytest.raises(CannotForecast, match="no column price: the file has day, sales"):
        from_csv(file, "day", ["sales", "price"])
    with pytest.raises(CannotForecast, match="a season cannot be 13"):
        from_csv(file, "day", "sales", season=13)
    with pytest.raises(CannotForecast, match="There is no file"):
        from_csv(tmp_path / "none.csv", "day", "sales")
    (tmp_path / "empty.csv").write_text("")
    with pytest.raises(CannotForecast, match="is empty"):
        from_csv(tmp_path / "empty.csv", "day", "sales")
    (tmp_path / "bytes.csv").write_bytes(b"\xff\xfe\x00day,sales\n" * 3)
    with pytest.raises(CannotForecast, match="no table with commas"):
        from_csv(tmp_path / "bytes.csv", "day", "sales")
    with pytest.raises(CannotForecast, match="cannot be read"):
        from_csv(tmp_path, "day", "sales")


def test_a_series_of_ones_own_is_forecast(tmp_path: Path) -> None:
    series = from_csv(csv(tmp_path, MONTHS, SALES), "day", "sales", season=12)
    beyond = walking.ahead(naive(series.values, 28, 12, 3), series, 3)
    assert [str(period) for period in beyond.index] == ["2023-11", "2023-12", "2024-01"]
    assert beyond["q50"].tolist() == [100, 101, 102]
    assert following(series.values, np.array([44]), 3).tolist() == [[109, 110, 111]]


# The grid


def test_the_baselines_settings_are_as_many_as_the_networks() -> None:
    rows = list(of_lesson.forecasts())
    assert len({(row.title, row.label, str(row.settings)) for row in rows}) == len(rows)
    for name, place in of_lesson.PLACES.items():
        networks = [row for row in rows if row.place == name and hasattr(row, "cell")]
        assert {row.cell for row in networks} == set(of_lesson.CELLS)
        tried = len(networks) / len(of_lesson.CELLS)
        assert tried <= 4 + len(of_lesson.LAGS) * len(place.lags)


def test_rows_of_the_grid_have_blocks_whose_mean_is_the_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    place = of_lesson.Place(made, 3, (1, 4), 16, (20,))
    monkeypatch.setattr(of_lesson, "PLACES", {"made": place})
    settings = {"seeds": [3], "steps": 20, "every": 20, "learning_rate": 1e-2, "progress": False}
    rows = [of_lesson.Simple("made", "season ago", {}), of_lesson.Simple("made", "smoothing", {})]
    rows.append(of_lesson.Forecast("made", "gru", 1, settings))
    found = [row.run() for row in rows]
    for table in found:
        assert {"validation", "test", "test, pinball", "test, coverage"} < set(table["metric"])
        last = table[table["step"] == table["step"].max()].set_index("metric")["value"]
        blocks = last[last.index.str.startswith("test, block")]
        assert len(blocks) == 22 // 3  # origins, and horizons
        assert np.average(blocks, weights=[4, 3, 3, 3, 3, 3, 3]) == pytest.approx(last["test"])
    assert found[2]["seed"].unique().tolist() == [3]
    assert found[1]["step"].unique().tolist() == [0, 1, 2, 3]

"""Who speaks: utterances that are read whole, and methods without a network that do what they say."""

import numpy as np
import pytest
import torch

from gates.results.grids import hearing
from gates.speech import speakers
from gates.tasks.vowels import utterances


def few(part: str, n: int) -> list[torch.Tensor]:
    return utterances()[part][0][:n]


def test_one_more_input_says_where_there_is_sound() -> None:
    task = speakers.with_lengths()
    of = task.draw(5, seed=3)
    assert of.xs.shape[-1] == task.I == 13
    assert of.xs[..., -1].sum(0).tolist() == of.lengths.tolist()
    assert set(of.lengths.tolist()) != {int(of.lengths.max())}


@pytest.mark.parametrize("both_ways", [True, False])
@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_padding_is_not_heard(cell: str, both_ways: bool) -> None:
    torch.manual_seed(0)
    hearer = speakers.Hearer(13, 5, 9, cell, both_ways).double()
    of = speakers.with_lengths().held_out("validation")
    xs = of.xs.double()
    together = hearer(xs)
    assert together.shape == (*of.targets.shape, 9)
    for b in (0, 7, 30):
        alone = hearer(xs[: of.lengths[b], b : b + 1])
        torch.testing.assert_close(together[0, b], alone[0, 0], rtol=0, atol=1e-12)
    garbage = torch.where(xs[..., -1:] > 0, xs, 7.0)
    garbage[..., -1] = xs[..., -1]
    torch.testing.assert_close(hearer(garbage), together, rtol=0, atol=0)


def test_with_both_ways_the_head_reads_what_each_direction_knows_at_its_own_end() -> None:
    torch.manual_seed(1)
    xs = speakers.with_lengths().draw(1, seed=0).xs
    for both_ways in (True, False):
        hearer = speakers.Hearer(13, 4, 9, both_ways=both_ways)
        ys, _ = hearer.layer(xs[..., :-1])
        known = torch.cat([ys[-1, :, :4], ys[0, :, 4:]], -1)
        torch.testing.assert_close(hearer(xs)[0], hearer.head(known))


def plain_warping(one: np.ndarray, other: np.ndarray) -> float:
    """The least sum of squared distances over all ways to go through both, by loops; its root."""
    cost = np.full((len(one) + 1, len(other) + 1), np.inf)
    cost[0, 0] = 0
    for i, x in enumerate(one):
        for j, y in enumerate(other):
            step = min(cost[i, j], cost[i, j + 1], cost[i + 1, j])
            cost[i + 1, j + 1] = ((x - y) ** 2).sum() + step
    return float(np.sqrt(cost[-1, -1]))


@pytest.mark.parametrize("slopes", [False, True])
def test_the_nearest_is_the_nearest(slopes: bool) -> None:
    said = speakers.warped(None, slopes)
    known = [speakers._steps(sound, slopes) for sound in utterances()["training"][0]]
    names = utterances()["training"][1].numpy()
    for k in (0, 11, 40):
        asked = speakers._steps(utterances()["validation"][0][k], slopes)
        far = [plain_warping(sound, asked) for sound in known]
        assert said.validation[k] == names[int(np.argmin(far))]
    assert len(said.test) == len(utterances()["test"][0])


def test_of_votes_the_most_frequent_counts_and_of_equals_the_nearest() -> None:
    assert speakers._most(np.array([4, 2, 2])) == 2
    assert speakers._most(np.array([4, 2, 7])) == 4
    assert speakers._most(np.array([8])) == 8


def test_summaries_are_what_they_are_called() -> None:
    sound = torch.arange(24.0).view(6, 4)
    assert speakers.ends(sound).tolist() == [0, 1, 2, 3, 20, 21, 22, 23]
    assert speakers.mean(sound).tolist() == [10, 11, 12, 13]
    assert speakers.spread(sound)[4:].unique().item() == pytest.approx(56**0.5)
    thirds = speakers.course(sound).tolist()
    assert (
        thirds[:4] == [2, 3, 4, 5]
        and thirds[8:12] == [18, 19, 20, 21]
        and thirds[-1] == pytest.approx(0.6)
    )


def test_each_speaker_counts_the_same() -> None:
    named = utterances()["test"][1].numpy().copy()
    assert speakers.by_speaker(named).tolist() == [1.0] * 9
    named[named == 3] = 5
    assert speakers.by_speaker(named).tolist() == [1.0] * 3 + [0.0] + [1.0] * 5


def test_a_linear_model_is_far_better_than_naming_one_speaker() -> None:
    said = speakers.linear("mean", 1.0)
    assert speakers.by_speaker(said.test).mean() > 0.8


def test_the_grid_has_as_many_settings_without_a_network_as_with_one() -> None:
    rows = list(hearing.who_speaks())
    networks = [row for row in rows if isinstance(row, hearing.Listened)]
    each = len(hearing.RATES) * len(hearing.WIDTHS)
    assert len(networks) == 4 * each and len({row.label for row in rows}) == len(rows)
    assert len(speakers.SUMMARIES) * len(hearing.STRENGTHS) >= each
    assert len(hearing.WINDOWS) * 2 * len(hearing.NEIGHBORS) >= each


def test_a_row_tells_all_speakers_of_each_seed() -> None:
    settings = hearing.TRAINED | {"steps": 2, "every": 2, "learning_rate": 1e-2, "hidden": 4}
    table = hearing.Listened("gru", True, settings | {"seeds": 2}).run()
    found = table[table["metric"].str.startswith("test")].pivot(
        index="seed", columns="metric", values="value"
    )
    assert found.shape == (2, 10) and not table.duplicated(["seed", "step", "metric"]).any()
    np.testing.assert_allclose(found["test"], found.drop(columns="test").mean(axis=1))

"""Tasks: what a person would write down, what guessing reaches, and no leaks between their parts."""

import re
import subprocess
import sys
from difflib import SequenceMatcher

import numpy as np
import pytest
import torch
from sklearn.datasets import load_digits
from sklearn.neighbors import KNeighborsClassifier

from gates import tasks
from gates.tasks import TASKS, tables
from gates.tasks.counting import largest_right, strings
from gates.tasks.digits import FORMS
from gates.tasks.names import LETTERS, names
from gates.tasks.reber import _WAYS, _coins, string
from gates.tasks.task import NONE, Batch, Task, always


@pytest.fixture(params=TASKS)
def task(request: pytest.FixtureRequest) -> Task:
    return TASKS[request.param]()


REAL_OR_COUNTED = ("digits", "names", "vowels", "power demand", "table", "counting")


def pooled(task: Task, draws: int = 5) -> Batch:
    """What is held out: of generated tasks several times as much, so that chance can be told from luck."""
    if task.name in REAL_OR_COUNTED:
        return task.held_out("test")
    batches = [task.draw(1000, seed=seed) for seed in range(draws)]
    T = max(len(b.targets) for b in batches)

    def joined(part: str, filling) -> torch.Tensor:
        values = [getattr(b, part) for b in batches]
        return torch.cat(
            [torch.cat([v, v.new_full((T - len(v), *v.shape[1:]), filling)]) for v in values], 1
        )

    nothing = float("nan") if task.score == "error" else NONE
    lengths = torch.cat([b.lengths for b in batches])
    return Batch(joined("xs", 0), joined("targets", nothing), joined("scored", False), lengths)


def test_the_baseline_reaches_what_the_task_calls_chance(task: Task) -> None:
    """Confirmed by simulation, within four standard errors."""
    batch = pooled(task)
    score = task.grade(task.trivial(batch), batch)
    if task.score == "error":
        squares = (batch.targets[batch.scored] - 1).square()
        error = squares.std().item() / len(squares) ** 0.5
    else:
        n = batch.scored.sum().item() if task.score == "accuracy" else batch.targets.shape[1]
        error = (task.chance * (1 - task.chance) / n) ** 0.5
    exact = task.name in REAL_OR_COUNTED
    assert abs(score - task.chance) <= (1e-9 if exact else 4 * error), (score, task.chance, error)


def test_nobody_who_answers_the_same_everywhere_does_better(task: Task) -> None:
    """No constant answer beats the baseline by more than luck on new samples."""
    batch = pooled(task)
    if task.score == "error":
        scores = [
            ((batch.targets[batch.scored] - c) ** 2).mean().item() for c in (0.8, 0.9, 1.1, 1.2)
        ]
        assert min(scores) > task.chance
        return
    constants = [always(task.O, answer)(batch) for answer in range(task.O)]
    best = max(task.grade(outputs, batch) for outputs in constants)
    assert best <= task.chance + 0.06


def test_a_seed_gives_the_same_samples_and_another_one_others(task: Task) -> None:
    one, again, other = task.draw(8, seed=3), task.draw(8, seed=3), task.draw(8, seed=4)
    assert torch.equal(one.xs, again.xs) and torch.equal(
        one.targets.nan_to_num(7), again.targets.nan_to_num(7)
    )
    assert one.xs.shape != other.xs.shape or not torch.equal(one.xs, other.xs)


def test_shapes_are_what_the_task_says(task: Task) -> None:
    batch = task.draw(6, seed=0)
    T, B, I = batch.xs.shape
    assert (B, I) == (6, task.I) and batch.targets.shape == batch.scored.shape == (T, B)
    assert (
        batch.xs.dtype == torch.float32 and batch.lengths.max() == T and batch.scored.any(0).all()
    )
    if task.score != "error":
        assert batch.targets.max() < task.O
    steps = torch.arange(T)[:, None]
    assert not batch.xs[steps.expand(T, B) >= batch.lengths].any(), (
        "there is something in the padding"
    )
    assert not batch.scored[steps.expand(T, B) >= batch.lengths].any()


def test_right_answers_have_the_best_score_and_the_least_loss(task: Task) -> None:
    batch = task.draw(16, seed=1)
    if task.score == "error":
        perfect = batch.targets.nan_to_num(0)[..., None]
    else:
        perfect = 20 * torch.nn.functional.one_hot(batch.targets.clamp(min=0), task.O).float()
    score = task.grade(perfect, batch)
    assert task.is_solved(score) and not task.is_solved(task.chance)
    assert score == (0 if task.lower_is_better else 1)
    assert task.loss(perfect, batch) < 1e-6 < task.loss(task.trivial(batch), batch)


def test_parts_do_not_share_samples() -> None:
    for name in ("digits, rows", "names", "vowels", "power demand", "table, wine"):
        task = TASKS[name]()
        held = {part: task.held_out(part).xs for part in ("validation", "test")}
        known = task.draw(2000, seed=0).xs

        def prints(xs: torch.Tensor) -> set[tuple]:
            return {
                tuple(xs[:, b].flatten().nonzero().flatten().tolist())
                + tuple(xs[:8, b].sum(1).tolist())
                for b in range(xs.shape[1])
            }

        shared = prints(known) & prints(held["test"]) | prints(held["validation"]) & prints(
            held["test"]
        )
        assert len(shared) <= 3, name  # pictures may be equal by chance


def test_generated_samples_held_out_come_from_seeds_that_no_training_draws() -> None:
    task = tasks.adding(30)
    held = {part: task.held_out(part).xs for part in ("validation", "test")}
    assert not torch.equal(*held.values())
    for part, seed in (("validation", 2**31 + 1), ("test", 2**31 + 2)):
        generator = torch.Generator().manual_seed(seed)
        assert torch.equal(held[part], task.sample(1000, generator, part).xs)
        for low in (1, 2, 10_001, 10_002):
            assert not torch.equal(held[part], task.draw(1000, seed=low).xs)
        with pytest.raises(ValueError, match="has to be from 0 to"):
            task.draw(1000, seed=seed)


def test_names_are_in_one_language_and_one_part() -> None:
    found = [name for part in names().values() for of_one in part.values() for name in of_one]
    assert len(found) == len(set(found)) > 2000
    assert all(set(name) <= set(LETTERS) for name in found)


def test_reber_strings_follow_the_grammar() -> None:
    coins = _coins(torch.Generator().manual_seed(0))
    ways = {(node, symbol): to for node, pair in _WAYS.items() for symbol, to in pair}
    for _ in range(300):
        word = string(coins)
        assert word[0] == "B" and word[-1] == "E" and word[1] == word[-2] in "TP"
        assert word[2] == "B" and word[-3] == "E"
        node = 0
        for symbol in word[3:-3]:
            node = ways[
                node, symbol
            ]  # a KeyError is a symbol that the grammar does not allow there
        assert node == 5


def test_the_grammar_is_rebers() -> None:
    """Some ways through the diagram that Hochreiter and Schmidhuber (1997) show, and some that it does not have."""
    ways = {(node, symbol): to for node, pair in _WAYS.items() for symbol, to in pair}

    def allowed(word: str) -> bool:
        node = 0
        for symbol in word:
            node = ways.get((node, symbol), -1)
        return node == 5

    assert all(map(allowed, ("TXS", "PVV", "TSXS", "PTVV", "TXXVV", "PVPXVV", "TSSXXTVV")))
    assert not any(map(allowed, ("TXX", "PVX", "XTS", "TSX", "PTVP")))


def test_strings_of_a_and_b_ask_where_the_next_symbol_is_certain() -> None:
    batch = strings(torch.tensor([1, 3]))
    assert batch.targets[:, 0].tolist() == [NONE, 2, NONE, NONE, NONE, NONE]
    assert batch.targets[:, 1].tolist() == [NONE, NONE, NONE, 1, 1, 2]


def test_what_is_asked_follows_from_what_was_shown() -> None:
    latch = tasks.latch(9).draw(20, seed=0)
    assert torch.equal(latch.xs[0].argmax(-1), latch.targets[-1]) and not latch.xs[1:].any()
    recall = tasks.delayed_recall(delay=4, length=15).draw(20, seed=0)
    assert (
        torch.equal(recall.targets[4:], recall.xs[:-4].argmax(-1))
        and (recall.targets[:4] == NONE).all()
    )
    order = tasks.temporal_order(30).draw(50, seed=0)
    for b in range(50):
        marks = [(t, k - 4) for t, k in enumerate(order.xs[:, b].argmax(-1).tolist()) if k >= 4]
        (early, first), (late, second) = marks
        assert 3 <= early < 6 and 15 <= late < 18
        assert order.targets[-1, b] == 2 * first + second
    timed = tasks.timing(interval=4, spikes=3).draw(50, seed=0)
    for b in range(50):
        (steps,) = timed.xs[:, b, 0].nonzero(as_tuple=True)
        durations = steps.diff(prepend=torch.tensor([-1]))
        assert len(steps) == 3 and steps[-1] == timed.lengths[b] - 1
        assert torch.equal(durations - 4, timed.targets[steps, b])
        assert set(durations.tolist()) <= {4, 5} and (timed.targets[:, b] != NONE).sum() == 3
    noisy = tasks.latch(9, noise=0.5).draw(200, seed=0)
    assert 0.45 < noisy.xs[1:].std() < 0.55


def test_samples_are_shown_as_a_person_would_write_them() -> None:
    shown = {name: make().decode(make().draw(2, seed=5), 1) for name, make in TASKS.items()}
    stars = [float(x[:-1]) for x in shown["adding"].split() if x.endswith("*")]
    assert len(stars) == 2 and abs(sum(stars) - float(shown["adding"].split()[-1])) < 0.011
    said, answer = shown["copying"].split(" → ")
    assert answer.endswith(said[:3]) and said.count("?") == 1
    word, asked = shown["embedded Reber"].split(" → ")
    assert word[1] == asked
    assert re.fullmatch(r"(a+)(b+) → (·+)(b*)\.", shown["counting"])
    said, answer = shown["timing"].split(" → ")
    assert [len(part) + 1 for part in said.split("|")[:-1]] == list(map(int, answer.split(", ")))


def test_the_list_shows_every_task() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "gates.tasks"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    ).stdout
    for name in TASKS:
        assert name.split(",")[0] in told
    assert told.count("chance:") == told.count("source:") == told.count("Baseline:") == len(TASKS)


TOO_SMALL = {
    "length is 1, and has to be 2": lambda: tasks.adding(1),
    "length is 5, and has to be 10": lambda: tasks.temporal_order(5),
    "length is 0, and has to be 1": lambda: tasks.copying(0),
    "length is -1, and has to be 2": lambda: tasks.latch(-1),
    "delay is 0, and has to be 1": lambda: tasks.delayed_recall(0),
    "length is 5, and has to be 6": lambda: tasks.delayed_recall(5, length=5),
    "longest is 0, and has to be 1": lambda: tasks.counting(0),
    "interval is 0, and has to be 1": lambda: tasks.timing(0),
    "spikes is 0, and has to be 1": lambda: tasks.timing(5, spikes=0),
    "and not 'training'": lambda: tasks.latch(5).held_out("training"),
}


@pytest.mark.parametrize("says", TOO_SMALL)
def test_options_that_cannot_be_right_are_refused(says: str) -> None:
    with pytest.raises(ValueError, match=says):
        TOO_SMALL[says]()


def test_an_unknown_order_of_pixels_is_refused() -> None:
    with pytest.raises(ValueError, match="'diagonal'"):
        tasks.digits("diagonal")


@pytest.mark.parametrize(
    ("right", "largest"), [("1101", 2), ("0111", 0), ("111", 3), ("1", 1), ("0", 0)]
)
def test_the_largest_n_is_the_last_before_the_first_mistake(right: str, largest: int) -> None:
    assert largest_right(torch.tensor([one == "1" for one in right])) == largest


def test_few_digits_are_drawn_and_mislabeled_as_asked() -> None:
    clean, wrong = (tasks.digits("rows", 50, share).held_out("training") for share in (0.0, 0.4))
    assert torch.equal(clean.xs, wrong.xs) and clean.xs.shape == (8, 50, 8)
    assert (clean.targets[-1] != wrong.targets[-1]).sum() == 20
    other = tasks.digits("rows", 50, drawn=1).held_out("training")
    assert not torch.equal(clean.xs, other.xs)
    for part in ("validation", "test"):
        held = [tasks.digits("rows", *of).held_out(part) for of in ((), (50, 0.4, 3))]
        assert torch.equal(held[0].xs, held[1].xs)
        assert torch.equal(held[0].targets, held[1].targets)
    batch = tasks.digits("rows", 50, 0.4).draw(200, seed=0)
    assert {tuple(x) for x in batch.xs.transpose(0, 1).flatten(1).tolist()} <= {
        tuple(x) for x in clean.xs.transpose(0, 1).flatten(1).tolist()
    }


@pytest.mark.parametrize(
    "order, T", [("rows", 8), ("half rows", 16), ("pairs", 32), ("pixels", 64)]
)
def test_digits_are_the_same_pictures_in_any_number_of_steps(order: str, T: int) -> None:
    xs = tasks.digits(order).held_out("test").xs
    rows = tasks.digits("rows").held_out("test").xs
    assert xs.shape == (T, 400, 64 // T)
    assert torch.equal(xs.transpose(0, 1).flatten(1), rows.transpose(0, 1).flatten(1))


def test_digits_that_cannot_be_are_refused() -> None:
    for options, says in (
        ({"few": 0}, "few is 0"),
        ({"few": 1098}, "from 1 to 1097"),
        ({"few": 1030, "hands": "new"}, "from 1 to 1029"),
        ({"mislabeled": 1.0}, "from 0 to below 1"),
        ({"hands": "old"}, "'old'"),
    ):
        with pytest.raises(ValueError, match=says):
            tasks.digits("rows", **options)


def test_forms_begin_where_the_labels_begin_anew() -> None:
    labels = load_digits().target.tolist()
    forms = [labels[a:b] for a, b in zip(FORMS, [*FORMS[1:], len(labels)], strict=True)]
    assert FORMS[0] == 0 and len(forms) == 14
    for form in forms:  # a few digits of some forms are lost
        assert 122 <= len(form) <= 130
        alike = SequenceMatcher(None, form, forms[0], autojunk=False)
        assert alike.ratio() > 0.96


def test_new_hands_are_on_forms_that_training_does_not_have() -> None:
    data = load_digits()
    task, places = tasks.digits("rows", hands="new"), {}
    for part in ("training", "validation", "test"):
        batch = task.held_out(part)
        pictures = (16 * batch.xs.transpose(0, 1).flatten(1)).numpy()
        first = int((data.data == pictures[0]).all(1).argmax())
        places[part] = range(first, first + len(pictures))
        assert (data.data[places[part]] == pictures).all()
        assert (data.target[places[part]] == batch.targets[-1].numpy()).all()
        assert first in FORMS and first + len(pictures) in (*FORMS, 1797)
    order = [places[part] for part in ("training", "validation", "test")]
    assert order[0].stop < order[1].start and order[1].stop == order[2].start
    between = [k for k in FORMS if order[0].stop <= k < order[1].start]
    assert len(between) == 1, "a form is left out, since two neighbors may be by one hand"
    assert task.title == "digits, order rows, hands new"


def test_the_same_hands_are_split_as_ever() -> None:
    """So that the shipped tables stay valid."""
    data, order = load_digits(), torch.randperm(1797, generator=torch.Generator().manual_seed(0))
    task = tasks.digits("rows")
    assert task.title == "digits, order rows"
    for part, place in {"validation": slice(1097, 1397), "test": slice(1397, 1797)}.items():
        pictures = (16 * task.held_out(part).xs.transpose(0, 1).flatten(1)).numpy()
        assert (pictures == data.data[order[place]]).all()


def test_digits_by_known_hands_are_the_easier_ones() -> None:
    """What the docstring says of three nearest neighbors."""
    pixels, labels = load_digits(return_X_y=True)

    def right(training: np.ndarray, held: np.ndarray) -> float:
        nearest = KNeighborsClassifier(3).fit(pixels[training], labels[training])
        return nearest.score(pixels[held], labels[held])

    first, last = np.split(np.arange(1796), 2)
    shuffled = [np.split(np.random.default_rng(k).permutation(1796), 2) for k in range(5)]
    assert min(right(*halves) for halves in shuffled) > 0.975
    assert 0.945 < right(last, first) < right(first, last) < 0.97


def test_only_a_finite_task_has_all_that_is_trained_on() -> None:
    assert tasks.names_by_language().held_out("training").xs.shape[1] > 1000
    assert tasks.vowels().held_out("training").xs.shape[1] > 200
    with pytest.raises(ValueError, match="The part is"):
        tasks.latch(3).held_out("training")


def test_a_table_is_scaled_by_its_training_rows_and_split_anew_by_each_draw() -> None:
    for name, K in (("wine", 13), ("cancer", 30), ("digits", 64)):
        task = tasks.table(name)
        xs = task.held_out("training").xs[:, :, 0]
        assert xs.shape[0] == K and xs.mean(1).abs().max() < 1e-4
        deviation = xs.std(1)
        assert ((deviation - 1).abs().lt(1e-3) | (deviation == 0)).all()
        counts = [task.held_out(part).xs.shape[1] for part in ("training", "validation", "test")]
        total = len(tables.rows(name)[1])
        assert sum(counts) == total and abs(counts[0] / total - 0.6) < 0.01
    one, other = (tasks.table("wine", drawn=k).held_out("test").xs for k in (0, 1))
    assert not torch.equal(one, other)
    assert torch.equal(one, tasks.table("wine").held_out("test").xs)


def test_no_row_of_a_table_is_in_two_parts() -> None:
    task = tasks.table("cancer")
    seen = [
        tuple(row.tolist())
        for part in ("training", "validation", "test")
        for row in task.held_out(part).xs[:, :, 0].T
    ]
    assert len(set(seen)) == len(seen) == 569


def test_shuffled_columns_are_the_same_numbers_in_one_other_order() -> None:
    given, shuffled = (
        tasks.table("wine", of, 3).held_out("test") for of in ("as given", "shuffled")
    )
    assert torch.equal(given.targets, shuffled.targets)
    places = [
        (given.xs[:, :, 0] == column).all(1).nonzero().item() for column in shuffled.xs[:, :, 0]
    ]
    assert sorted(places) == list(range(13)) and places != list(range(13))


@pytest.mark.parametrize("wrong", [("tea",), ("wine", "sorted")])
def test_a_table_that_is_not_there_is_told(wrong: tuple) -> None:
    with pytest.raises(ValueError, match=r"tea|sorted"):
        tasks.table(*wrong)

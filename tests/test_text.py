"""Text: nothing shared between parts, windows that go on, probabilities that add up, files that say what is wrong with them."""

import bz2
import math
import zipfile
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pytest
import torch
from scipy import stats
from torch import Tensor, nn

from gates.results.grids import texts
from gates.tasks.reviews import CONSTRUCTIONS
from gates.text import learning, run
from gates.text.batching import streams
from gates.text.budget import Budget
from gates.text.codec import SHOWN, UNKNOWN, Codec, TextError, codec_of
from gates.text.compressors import COMPRESSORS, compressed_bits
from gates.text.corpus import PARTS, SHORT, Corpus, manual, python_manual
from gates.text.files import ModelFileError, load, save
from gates.text.learning import fit, train
from gates.text.measuring import bits, read, read_and_learn
from gates.text.model import LAYERS, LanguageModel, detached
from gates.text.ngrams import SMOOTHING, NGrams
from gates.text.sampling import nucleus, sampled
from gates.text.surprises import surprises
from gates.text.writing import written
from gates.training import COLUMNS

TEXT = "the cat sat on the mat, and the dog sat on the cat. "


@pytest.fixture(autouse=True)
def one_thread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATES_HOME", str(tmp_path / "home"))
    torch.set_num_threads(1)


def small_corpus(unit: str = "characters") -> Corpus:
    parts = {"training": 12 * TEXT, "validation": TEXT + "so it is. ", "test": TEXT[::-1]}
    return Corpus("a small text", parts, codec_of(parts["training"], unit))


def made(V: int = 9, cell: str = "lstm", seed: int = 0, **more: object) -> LanguageModel:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return LanguageModel(V, cell, 6, **more).eval()


def numbers(N: int, V: int, seed: int = 0) -> Tensor:
    return torch.randint(V, (N,), generator=torch.Generator().manual_seed(seed))


# The text


def test_the_parts_of_the_manual_stand_one_after_the_other_and_share_no_paragraph() -> None:
    parts = manual()
    total = sum(map(len, parts.values()))
    assert total > 200_000
    for part, share in PARTS.items():
        assert abs(len(parts[part]) / total - share) < 0.02
    told = {
        part: {" ".join(p.split()) for p in text.split("\n\n") if len(" ".join(p.split())) >= SHORT}
        for part, text in parts.items()
    }
    assert not any(told[one] & told[other] for one, other in pairwise([*PARTS, "training"]))
    counted = [
        p
        for text in parts.values()
        for p in text.split("\n\n")
        if len(" ".join(p.split())) >= SHORT
    ]
    assert len(counted) == len({" ".join(p.split()) for p in counted})


def test_the_manual_itself_says_much_twice() -> None:
    """Why paragraphs that come again are left out."""
    from pydoc_data.topics import topics

    assert sum(map(len, manual().values())) < 0.9 * sum(map(len, topics.values()))


@pytest.mark.parametrize("unit", ["characters", "words"])
def test_a_text_comes_back_from_its_numbers(unit: str) -> None:
    corpus = python_manual(unit)
    text = corpus.parts["test"]
    assert "".join(corpus.codec.cut(text)) == text
    found = corpus.codec.decode(corpus.numbers("test"))
    tokens = corpus.codec.cut(text)
    known = set(corpus.codec.known)
    assert found == "".join(t if t in known else SHOWN for t in tokens)
    assert corpus.numbers("test").dtype == torch.int64
    assert (
        0
        <= int(corpus.numbers("test").min())
        < int(corpus.numbers("test").max())
        < len(corpus.codec)
    )


def test_words_keep_the_space_before_them_and_signs_stand_alone() -> None:
    cut = codec_of("", "words").cut
    assert cut("So a_b(x)  is\n   it, 7?") == [
        *("So", " a", "_", "b", "(", "x", ")", " ", " is", "\n  ", " it", ",", " 7", "?"),
    ]


def test_what_is_rare_in_training_is_unknown_and_the_most_frequent_comes_first() -> None:
    codec = codec_of("aaabbc")
    assert codec.known == ("a", "b") and codec.letters == {"": 1, "c": 1}
    assert codec.encode("abcd").tolist() == [1, 2, UNKNOWN, UNKNOWN]
    with pytest.raises(ValueError, match='"characters" or "words", and not \'letters\''):
        codec_of("abc", "letters")


def test_the_numbers_come_from_the_training_part_alone() -> None:
    parts = {"training": "aabb", "validation": "ccc", "test": "ddd"}
    assert codec_of(parts["training"]).encode(parts["test"]).tolist() == [UNKNOWN] * 3


def test_what_it_takes_to_spell_an_unknown_word_is_a_code() -> None:
    """2 to the minus cost, over all words of one letter and the end, adds up to less than 1."""
    codec = Codec("words", ("the",), {"": 3, "a": 2, "b": 1})
    letters = 10  # of these, 8 are of the kind that no rare token has
    assert codec.spelled(["the"]) == 0
    assert codec.spelled(["a"]) == pytest.approx(-math.log2(3 / letters) - math.log2(4 / letters))
    assert codec.spelled(["b"]) > codec.spelled(["a"]) and codec.spelled(["q"]) > 20
    assert codec.spelled(["ab", "the", "ab"]) == pytest.approx(2 * codec.spelled(["ab"]))


def test_bits_per_character_count_the_spelling_and_not_the_first_token() -> None:
    codec = Codec("words", ("the", " cat"), {"": 1, "s": 1})
    text = "the cat sat"
    found = codec.per_character(torch.tensor([1.0, 2.0]), text)
    assert found == pytest.approx((3 + codec.spelled([" sat"])) / 8)


# Windows


@pytest.mark.parametrize("N, B, T", [(40, 3, 5), (36, 4, 3), (13, 12, 9), (7, 1, 2)])
def test_windows_go_on_where_the_last_one_ended_and_read_the_text_once(
    N: int, B: int, T: int
) -> None:
    text = torch.arange(N) + 100
    windows = streams(text, B, T)
    S = (N - 1) // B
    xs, ys = (torch.cat([pair[k] for pair in windows]) for k in (0, 1))
    assert xs.shape == ys.shape == (S, B)
    assert [len(x) for x, _ in windows[:-1]] == [T] * (len(windows) - 1)
    assert torch.equal(ys, xs + 1)  # the next number of this text
    assert torch.equal(xs.T.flatten(), text[: B * S])
    assert N - 1 - B * S < B
    for (_, before), (after, _) in pairwise(windows):
        assert torch.equal(after[0], before[-1])


def test_a_text_that_is_too_short_for_its_streams_is_refused() -> None:
    with pytest.raises(ValueError, match="3 numbers are too few for 3 streams: take 4"):
        streams(torch.arange(3), 3, 2)


# The state


@pytest.mark.parametrize("cell", LAYERS)
def test_a_carried_state_reads_as_if_all_were_read_in_one_go(cell: str) -> None:
    model = made(cell=cell, L=2).double()
    text = numbers(41, 9)
    whole, _ = model(text[None, :-1].T)
    state, found = None, []
    for xs, _ in streams(text, 1, 7):
        logits, state = model(xs, state)
        found.append(logits)
    torch.testing.assert_close(torch.cat(found), whole, rtol=0, atol=1e-12)
    state, found = None, []
    for x in text[:-1]:
        logits, state = model(x.view(1, 1), state)
        found.append(logits)
    torch.testing.assert_close(torch.cat(found), whole, rtol=0, atol=1e-12)


def test_a_text_costs_the_same_in_one_piece_and_in_many(monkeypatch: pytest.MonkeyPatch) -> None:
    model, text = made().double(), numbers(50, 9)
    whole, end = read(model, text)
    monkeypatch.setattr("gates.text.measuring.PIECE", 7)
    parts, also = read(model, text)
    torch.testing.assert_close(parts, whole, rtol=0, atol=1e-12)
    torch.testing.assert_close(also, end, rtol=0, atol=1e-12)
    first, state = read(model, text[:20])
    rest, _ = read(model, text[19:], state)
    torch.testing.assert_close(torch.cat([first, rest]), whole, rtol=0, atol=1e-12)
    logits, _ = model(text[:-1, None])
    assert bits(logits, text[1:, None], 98) == pytest.approx(float(whole.sum()) / 98)


def test_bits_of_a_model_that_knows_nothing_are_the_logarithm_of_how_many_there_are() -> None:
    targets = numbers(12, 7).view(4, 3)
    assert bits(torch.full((4, 3, 7), 2.5), targets, 12) == pytest.approx(math.log2(7), abs=1e-6)
    assert bits(torch.zeros(4, 3, 7), targets, 24) == pytest.approx(math.log2(7) / 2, abs=1e-6)
    sure = 200 * nn.functional.one_hot(targets, 7).float()
    assert bits(sure, targets, 12) == pytest.approx(0, abs=1e-6)


def test_reading_leaves_no_graph_and_no_gradient_flows_into_the_window_before() -> None:
    model, text = made(), numbers(30, 9)
    cost, state = read(model, text)
    assert not cost.requires_grad and not state[0].requires_grad
    _, carried = model(text[:5, None])
    assert carried[0].requires_grad and not any(part.requires_grad for part in detached(carried))
    h = made(cell="gru")(text[:5, None])[1]
    assert not detached(h).requires_grad


def test_who_learns_while_reading_pays_first_and_leaves_the_model_as_it_was() -> None:
    model, text = made(), numbers(20, 9).repeat(6)
    before = [p.clone() for p in model.parameters()]
    still, _ = read(model, text)
    learning_on = read_and_learn(model, text, T=5, rate=0.5)
    assert learning_on.shape == still.shape
    torch.testing.assert_close(learning_on[:5], still[:5])  # the first window costs as much
    assert learning_on[60:].mean() < still[60:].mean() - 0.1
    assert all(map(torch.equal, before, model.parameters()))
    torch.testing.assert_close(read_and_learn(model, text, 5, 1e-12), still, rtol=0, atol=1e-4)


# Drawing


def test_draws_are_as_frequent_as_their_probabilities_say() -> None:
    """Each count lies in the interval in which a binomial count lies in all but one case of ten thousand."""
    logits, B = torch.tensor([1.2, -0.7, 0.0, 0.4, -3.0]), 40_000
    for temperature in (0.4, 1.0, 3.0):
        p = torch.softmax(logits.double() / temperature, -1).numpy()
        drawn = sampled(logits.expand(B, 5), temperature, torch.Generator().manual_seed(3))
        counts = drawn.bincount(minlength=5).numpy()
        low, high = stats.binom.interval(1 - 1e-4, B, p)
        assert ((low <= counts) & (counts <= high)).all(), (temperature, counts, B * p)


def test_the_same_seed_draws_the_same_and_the_program_s_own_chance_is_left_alone() -> None:
    logits = torch.zeros(50, 8)
    one, again, other = (sampled(logits, 1.0, torch.Generator().manual_seed(k)) for k in (5, 5, 6))
    assert torch.equal(one, again) and not torch.equal(one, other)
    before = torch.get_rng_state()
    sampled(logits, 1.0, torch.Generator().manual_seed(0))
    assert torch.equal(before, torch.get_rng_state())


def smallest_set(row: list[float], p: float) -> set[int]:
    """By the definition: of all sets with p or more, one of the fewest members, and of these the likeliest."""
    chosen = [
        {k for k, there in enumerate(mask) if there} for mask in product((0, 1), repeat=len(row))
    ]
    enough = [of for of in chosen if sum(row[k] for k in of) >= p]
    fewest = min(map(len, enough))
    return max((of for of in enough if len(of) == fewest), key=lambda of: sum(row[k] for k in of))


@pytest.mark.parametrize("p", [0.05, 0.3, 0.5, 0.77, 0.95, 0.999])
def test_the_nucleus_is_the_smallest_set_that_has_p(p: float) -> None:
    generator = torch.Generator().manual_seed(8)
    probabilities = torch.softmax(2 * torch.randn(12, 6, generator=generator).double(), -1)
    found = nucleus(probabilities, p)
    torch.testing.assert_close(found.sum(-1), torch.ones(12).double())
    for row, kept in zip(probabilities, found, strict=True):
        members = smallest_set(row.tolist(), p)
        assert set(kept.nonzero().flatten().tolist()) == members
        inside = torch.tensor(sorted(members))
        torch.testing.assert_close(kept[inside], row[inside] / row[inside].sum())


def test_at_one_nothing_is_dropped_and_a_certain_number_stays_alone() -> None:
    probabilities = torch.softmax(
        torch.randn(30, 9, generator=torch.Generator().manual_seed(1)), -1
    )
    torch.testing.assert_close(nucleus(probabilities, 1.0), probabilities)
    certain = torch.tensor([[0.0, 1.0, 0.0]])
    assert torch.equal(nucleus(certain, 0.3), certain)


# Writing


def codec(V: int = 9) -> Codec:
    return Codec("characters", tuple("abcdefghijkl"[: V - 1]))


@pytest.mark.parametrize("cell", LAYERS)
def test_what_is_written_is_what_reading_the_whole_each_time_would_write(cell: str) -> None:
    """At temperature 0: with a carried state, and by reading all so far anew for each token."""
    model = made(cell=cell).double()
    with torch.no_grad():
        model.embedding.weight.mul_(3)
        model.head.weight.mul_(10)
    text, found = "abcab", written(model, codec(), "abcab", 30, temperature=0)
    for _ in range(30):
        logits, _ = model(codec().encode(text)[:, None])
        logits[..., UNKNOWN] = -torch.inf
        text += codec().decode(logits[-1].argmax(-1))
    assert found == text[5:] and len(set(found)) > 1


def test_writing_draws_by_its_seed_and_never_the_unknown() -> None:
    model = made()
    one, again, other = (written(model, codec(), "ab", 60, seed=k) for k in (1, 1, 2))
    assert one == again != other and len(one) == 60
    assert SHOWN not in written(model, codec(), "a", 400, temperature=50.0)
    model.train()
    written(model, codec(), "ab", 2)
    assert model.training


def test_a_small_nucleus_writes_what_is_likeliest() -> None:
    model = made()
    likeliest = written(model, codec(), "abc", 20, temperature=0)
    assert written(model, codec(), "abc", 20, p=1e-6) == likeliest
    assert written(model, codec(), "abc", 20, temperature=1e-6) == likeliest
    assert written(model, codec(), "abc", 20, temperature=1e-300) == likeliest


NOT_TO_BE_WRITTEN = {
    "The text is empty": ("", 5),
    "The character '☃', at place 3, is not among": ("ab☃c", 5),
    "length is 0: ask for 1 token or more": ("ab", 0),
    "length is -3": ("ab", -3),
    "length is 2.5": ("ab", 2.5),
    "temperature is -1 and p is 1": ("ab", 5, -1),
    "temperature is nan": ("ab", 5, math.nan),
    "temperature is 1.0 and p is 0": ("ab", 5, 1.0, 0),
    "p is 1.5": ("ab", 5, 1.0, 1.5),
}


@pytest.mark.parametrize("says", NOT_TO_BE_WRITTEN)
def test_what_cannot_be_written_is_said_in_a_sentence(says: str) -> None:
    with pytest.raises(TextError, match=says) as told:
        written(made(), codec(), *NOT_TO_BE_WRITTEN[says])
    assert isinstance(told.value, ValueError)
    assert told.value._render_traceback_() == [str(told.value)]


def test_an_unknown_word_is_named_with_its_place() -> None:
    words = Codec("words", ("the", " cat"))
    with pytest.raises(TextError, match="The word ' dog', at place 8, is not among"):
        words.typed("the cat dog")


def test_a_first_word_is_known_as_it_stands_inside_a_text() -> None:
    words = Codec("words", ("the", " cat"))
    assert words.typed("cat cat").tolist() == words.typed(" cat cat").tolist() == [2, 2]
    with pytest.raises(TextError, match="The word ' the', at place 4"):
        words.typed("cat the")


def test_each_token_of_a_typed_text_is_told_with_what_it_costs() -> None:
    model = made().train()
    found = surprises(model, codec(), "abcabc")
    assert [token for token, _ in found] == list("bcabc") and model.training
    cost, _ = read(made(), codec().encode("abcabc"))
    assert [bits for _, bits in found] == pytest.approx(cost.tolist())
    for text, says in (("", "is empty"), ("a", "one token only"), ("ab☃", "'☃', at place 3")):
        with pytest.raises(TextError, match=says):
            surprises(model, codec(), text)


# Counting


def by_hand(text: list[int], V: int, order: int, smoothing: str) -> Callable:
    """Probabilities by the definition, from sets and counts of runs."""
    N = len(text)
    grams = {k: [tuple(text[i : i + k]) for i in range(N - k + 1)] for k in range(1, order + 2)}

    def counts(k: int) -> dict[tuple, int]:
        if smoothing == "witten-bell" or k == order:
            return {g: grams[k].count(g) for g in set(grams[k])}
        return {g: len({h[0] for h in grams[k + 1] if h[1:] == g}) for g in set(grams[k])}

    tables = {k: counts(k) for k in range(1, order + 1)}

    def p(context: tuple, w: int, k: int) -> float:
        if k == 0:
            return 1 / V
        lower = p(context, w, k - 1)
        if len(context) < k - 1:
            return lower
        before = tuple(context[len(context) - k + 1 :])
        behind = [c for g, c in tables[k].items() if g[:-1] == before and c > 0]
        if not behind:
            return lower
        own = tables[k].get((*before, w), 0)
        if smoothing == "witten-bell":
            return (own + len(behind) * lower) / (sum(behind) + len(behind))
        once, twice = (sum(c == n for c in tables[k].values()) for n in (1, 2))
        discount = once / (once + 2 * twice) if once else 0.5
        return (max(own - discount, 0) + discount * len(behind) * lower) / sum(behind)

    return lambda context, w: p(context, w, order)


@pytest.mark.parametrize("smoothing", SMOOTHING)
@pytest.mark.parametrize("order", [1, 2, 4])
def test_n_grams_are_what_their_definition_says(smoothing: str, order: int) -> None:
    V, text, held = 5, numbers(60, 4, 1), numbers(25, 5, 2)
    model = NGrams(text, V, order, smoothing)
    p = by_hand(text.tolist(), V, order, smoothing)
    wanted = [-math.log2(p(tuple(held[:i].tolist()), int(held[i]))) for i in range(1, 25)]
    np.testing.assert_allclose(model.bits(held), wanted, rtol=0, atol=1e-12)
    for i in (0, 1, 2, 7, 24):
        one = [p(tuple(held[:i].tolist()), w) for w in range(V)]
        np.testing.assert_allclose(model.probabilities(held[:i]), one, rtol=0, atol=1e-12)


@pytest.mark.parametrize("smoothing", SMOOTHING)
def test_probabilities_add_up_to_one_after_whatever_stands_before(smoothing: str) -> None:
    corpus = small_corpus()
    model = NGrams(corpus.numbers("training"), len(corpus.codec), 4, smoothing)
    held = corpus.numbers("test")
    for i in range(len(held)):
        found = model.probabilities(held[:i])
        assert abs(found.sum().item() - 1) < 1e-12 and (found > 0).all()
    assert (model.probabilities([UNKNOWN] * 6) > 0).all()


def test_longer_runs_know_a_text_that_repeats_itself() -> None:
    text = numbers(40, 6).repeat(20)
    costs = [NGrams(text, 6, order).bits(text).mean().item() for order in (1, 2, 4)]
    assert costs[0] > costs[1] > costs[2] and costs[2] < 0.2


@pytest.mark.parametrize("wrong", [(0, "kneser-ney"), (51, "kneser-ney"), (2, "laplace")])
def test_n_grams_that_cannot_be_are_refused(wrong: tuple) -> None:
    with pytest.raises(ValueError, match=r"order is|The smoothing is"):
        NGrams(numbers(50, 4), 4, *wrong)


# Compressing


def test_a_compressor_that_has_read_the_text_before_needs_less() -> None:
    parts = manual()
    text, before = parts["test"][:5000], parts["test"][:30_000]
    for name in COMPRESSORS:
        cold, warm = compressed_bits(name, text), compressed_bits(name, text, before)
        assert 1 < cold < 8 and warm < 0.5 * cold, name
    assert compressed_bits("bz2", text) == 8 * len(bz2.compress(text.encode())) / 5000


def test_what_is_compressed_are_the_bytes_and_what_is_counted_the_characters() -> None:
    assert compressed_bits("zlib", 400 * "é") == pytest.approx(
        compressed_bits("zlib", 800 * "a") * 2, rel=0.5
    )
    with pytest.raises(ValueError, match="There is no compressor 'rar'"):
        compressed_bits("rar", "abc")
    with pytest.raises(ValueError, match="The text is empty"):
        compressed_bits("zlib", "")


# Training

QUICK = {"steps": 8, "every": 4, "hidden": 8, "batch_size": 4, "window": 10, "progress": False}


def test_the_table_is_tidy_and_the_same_again() -> None:
    corpus = small_corpus()
    one, again = (fit(corpus, "lstm", seeds=2, dropout=0.2, **QUICK) for _ in range(2))
    assert one.equals(again) and list(one.columns) == list(COLUMNS)
    assert set(one["metric"]) == {"loss", "validation", "test"} and set(one["step"]) == {4, 8}
    assert (one["task"] == "a small text, characters").all() and (one["cell"] == "lstm").all()
    first = one[one["seed"] == 0]
    assert first["value"].tolist() != one.loc[one["seed"] == 1, "value"].tolist()
    alone = fit(corpus, "lstm", seeds=[1], dropout=0.2, **QUICK)
    assert alone["value"].tolist() == one.loc[one["seed"] == 1, "value"].tolist()


def test_the_models_that_come_back_are_those_of_the_table() -> None:
    for unit in ("characters", "words"):
        corpus = small_corpus(unit)
        table, (model,) = train(corpus, "gru", seeds=1, tied=True, **QUICK)
        cost, _ = read(model, corpus.numbers("test"))
        last = table[(table["metric"] == "test") & (table["step"] == 8)]["value"].item()
        assert corpus.codec.per_character(cost, corpus.parts["test"]) == pytest.approx(last)
        assert not model.training


def test_a_text_that_repeats_itself_is_learned() -> None:
    settings = QUICK | {"steps": 80, "every": 80, "hidden": 24, "learning_rate": 2e-2}
    table = fit(small_corpus(), "lstm", seeds=1, **settings)
    found = table.set_index("metric")["value"]
    assert found["loss"] < 2 and found["validation"] < 3 < found["test"]


def test_the_state_is_carried_from_window_to_window_and_starts_anew_with_the_text() -> None:
    corpus = small_corpus()

    def a_run(**more: object) -> run.Run:
        budget = Budget(seeds=1, **QUICK | more)
        return run.Run(corpus, made(len(corpus.codec)), 0, budget, Path("nowhere"))

    one = a_run()
    assert one.state is None
    one.update()
    one.step = 1
    (h, c), xs = one.state, one.windows[1][0]
    assert not h.requires_grad and not c.requires_grad
    one.model.eval()
    wanted, _ = one.model(xs, (h, c))
    seen = []
    one.model.forward, forward = (
        (lambda xs, state: seen.append(state) or forward(xs, state)),
        one.model.forward,
    )
    one.update()
    assert torch.equal(seen[0][0], h) and wanted.shape[:2] == xs.shape
    one.step = len(one.windows)
    one.update()
    assert seen[1] is None
    other = a_run(carried=False)
    other.update()
    other.step, seen = 1, []
    other.model.forward, forward = (
        (lambda xs, state: seen.append(state) or forward(xs, state)),
        other.model.forward,
    )
    other.update()
    assert seen == [None]


class Stop(Exception):
    """Raised in the middle of a training."""


def test_a_run_that_is_stopped_goes_on_and_ends_as_if_nothing_had_been(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus, settings = small_corpus(), QUICK | {"seeds": 2, "steps": 12, "dropout": 0.3}
    right = fit(corpus, "lstm", folder=tmp_path / "a", **settings)
    update, calls = run.Run.update, []

    def stopped(self: run.Run) -> float:
        calls.append(1)
        if len(calls) == 19:  # in the second seed, after its first evaluation
            raise KeyboardInterrupt
        return update(self)

    monkeypatch.setattr(run.Run, "update", stopped)
    with pytest.raises(KeyboardInterrupt):
        fit(corpus, "lstm", folder=tmp_path / "b", **settings)
    assert "it goes on from update 4 of 12" in capsys.readouterr().out
    found = fit(corpus, "lstm", folder=tmp_path / "b", **settings)
    assert "Going on from update 4 of 12" in capsys.readouterr().out
    assert found.equals(right)
    assert len(calls) == 19 + 8  # what was done was not done again
    assert not list((tmp_path / "b").iterdir())


def test_a_run_of_other_settings_or_another_text_begins_anew() -> None:
    corpus, other = small_corpus(), small_corpus("words")
    assert learning._text(corpus) != learning._text(other)
    assert Budget(dropout=0.1).decisive() != Budget().decisive()
    assert Budget(seeds=3, progress=False, folder="x").decisive() == Budget().decisive()


def test_training_goes_on_where_nothing_can_be_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("no folder")
    found = fit(small_corpus(), "rnn", seeds=2, folder=tmp_path / "file", **QUICK)
    assert len(found) == 12 and capsys.readouterr().out.count("Nothing can be kept") == 1


@pytest.mark.parametrize(
    "wrong, says",
    [
        ({"seeds": [1, 1]}, "stands twice"),
        ({"seeds": 0}, "seeds is 0"),
        ({"seeds": [-1]}, "no seed below 0"),
        ({"seeds": 1.5}, "a whole number"),
        ({"steps": 0}, "steps is 0"),
        ({"window": 0}, "window is 0"),
        ({"clip": 0}, "above 0"),
        ({"dropout": 1.0}, "dropout is 1.0"),
        ({"cell": "cnn"}, "There is no cell 'cnn'"),
        ({"batch_size": 10**6}, "are too few"),
    ],
)
def test_settings_that_cannot_be_right_are_refused(wrong: dict, says: str) -> None:
    settings = {"cell": "lstm", **QUICK, "seeds": 1, **wrong}
    with pytest.raises(ValueError, match=says):
        fit(small_corpus(), settings.pop("cell"), **settings)


def test_tied_weights_are_one_matrix_and_start_small() -> None:
    tied, free = made(50, tied=True), made(50)
    assert (
        tied.head.weight is tied.embedding.weight and free.head.weight is not free.embedding.weight
    )
    count = [sum(p.numel() for p in model.parameters()) for model in (tied, free)]
    assert count[1] - count[0] == 50 * 6
    model = made(60, tied=True)
    cost, _ = read(model, numbers(200, 60))
    assert cost.mean().item() == pytest.approx(math.log2(60), abs=0.5)


# Files


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return save(made(L=2, tied=True, dropout=0.1), codec(), tmp_path / "model.pt")


@pytest.mark.parametrize("cell", LAYERS)
@pytest.mark.parametrize("tied", [False, True])
def test_a_model_comes_back_from_its_file_as_it_was(tmp_path: Path, cell: str, tied: bool) -> None:
    model = made(cell=cell, tied=tied, dropout=0.3)
    own = Codec("words", tuple("abcdefgh"), {"": 2, "ß": 1})
    other, also = load(save(model, own, tmp_path / "model.pt"))
    assert also == own and other.settings == model.settings and not other.training
    assert all(map(torch.equal, model.parameters(), other.parameters()))
    assert (other.head.weight is other.embedding.weight) == tied
    text = numbers(30, 9)
    assert torch.equal(read(model, text)[0], read(other, text)[0])
    assert list(tmp_path.iterdir()) == [tmp_path / "model.pt"]


def test_a_file_that_is_cut_short_anywhere_says_so(file: Path) -> None:
    whole = file.read_bytes()
    for end in (0, 1, 10, len(whole) // 2, len(whole) - 30, len(whole) - 1):
        file.write_bytes(whole[:end])
        with pytest.raises(ModelFileError, match="is damaged or cut short: copy it once more"):
            load(file)


def test_no_changed_bit_goes_unnoticed(file: Path) -> None:
    """torch.load itself reads other weights without a word."""
    whole, (model, own) = file.read_bytes(), load(file)
    generator, silent = np.random.default_rng(0), 0
    for _ in range(60):
        changed = bytearray(whole)
        changed[generator.integers(len(whole))] ^= 1 << int(generator.integers(8))
        file.write_bytes(bytes(changed))
        try:
            found, also = load(file)
        except ModelFileError:
            continue
        silent += 1
        assert also == own and all(map(torch.equal, model.parameters(), found.parameters()))
    assert silent < 30  # what lies between the parts, and means nothing


def test_what_is_no_model_is_told(tmp_path: Path) -> None:
    there = tmp_path / "there.pt"
    with pytest.raises(ModelFileError, match=r"There is no file .*there\.pt: look at its name"):
        load(there)
    with pytest.raises(ModelFileError, match="cannot be read"):
        load(tmp_path)
    there.write_text("Dear reader,\n")
    with pytest.raises(ModelFileError, match="damaged or cut short"):
        load(there)
    for state in ({"weights": 1}, [1, 2], nn.Linear(2, 2).state_dict()):
        torch.save(state, there)
        with pytest.raises(ModelFileError, match="holds no language model of this course"):
            load(there)
    torch.save(nn.Linear(2, 2), there)  # a program, and not only numbers
    with pytest.raises(ModelFileError, match="holds no language model of this course"):
        load(there)
    with zipfile.ZipFile(there, "w") as parts:
        parts.writestr("hello.txt", "hello")
    with pytest.raises(ModelFileError, match="holds no language model of this course"):
        load(there)
    for pickled in (
        b"",
        b"\x80\x02.",
        b"\x80\x02h\x05.",
        b"\x80\x02X\x01\x00\x00\x00\xff.",
        b"\x80\x02J\x01.",
    ):
        with zipfile.ZipFile(there, "w") as parts:
            parts.writestr("archive/data.pkl", pickled)
            parts.writestr("archive/version", "3")
            parts.writestr("archive/byteorder", "little")
        with pytest.raises(ModelFileError, match="holds no language model of this course"):
            load(there)
    with pytest.raises(ModelFileError) as told:
        save(made(), codec(), there / "below" / "a file")
    assert "cannot be written" in str(told.value)
    assert told.value._render_traceback_() == [str(told.value)]


@pytest.mark.parametrize("part", ["settings", "weights", "known", "unit", "letters"])
def test_a_model_whose_parts_do_not_fit_is_told(file: Path, part: str) -> None:
    state = torch.load(file, weights_only=True)
    if part == "settings":
        state[part]["H"] = 7
    elif part == "weights":
        state[part].pop("head.bias")
    elif part == "known":
        state[part].pop()
    elif part == "letters":
        del state[part]
    else:
        state[part] = "letters"
    torch.save(state, file)
    with pytest.raises(
        ModelFileError, match=r"The parts of .*model\.pt do not fit together: train"
    ):
        load(file)


def test_a_trained_model_writes_from_its_file_what_it_wrote_before(tmp_path: Path) -> None:
    corpus = small_corpus()
    _, (model,) = train(corpus, "lstm", seeds=1, **QUICK)
    file = save(model, corpus.codec, tmp_path / "small.pt")
    again, own = load(file)
    assert written(model, corpus.codec, "the ", 40) == written(again, own, "the ", 40)


# The grid that is declared


def test_the_declared_rows_have_a_name_each_and_can_be_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "python_manual", lambda unit="characters": small_corpus(unit))
    rows = list(texts.language_models(seeds=[3]))
    assert len({(row.title, row.label) for row in rows}) == len(rows)
    for row in rows:
        if isinstance(row, texts.Modeled):
            less = {"steps": 2, "every": 1, "hidden": 4, "batch_size": 2, "progress": False}
            row = replace(row, settings=row.settings | less)
        found = row.run()
        assert list(found.columns) == list(COLUMNS) and found["value"].notna().all()
        assert set(found["task"]) == {row.title} and set(found["cell"]) == {row.label}
        assert set(found["metric"]) > {"test"}
        if isinstance(row, texts.Modeled):
            assert "test, learning on" in set(found["metric"]) and set(found["seed"]) == {3}
            settings = Budget(**row.settings)
            assert (settings.tied, settings.dropout) == (
                row.label.endswith("tied"),
                float(row.label.split("dropout ")[1].split(",")[0]),
            )


def test_rows_about_reviews_have_each_construction(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = list(texts.constructions(seeds=1))
    assert len({(row.title, row.label) for row in rows}) == len(rows)
    bags = [replace(row, many=300) for row in rows if isinstance(row, texts.Bagged)]
    (network, *_) = (row for row in rows if isinstance(row, texts.Row))
    less = {"steps": 1, "every": 1, "progress": False}
    for row in (*bags, replace(network, settings=network.settings | less)):
        found = row.run().set_index("metric")["value"]
        assert {"validation", "test", *(f"test, {name}" for name in CONSTRUCTIONS)} <= set(
            found.index
        )
        if isinstance(row, texts.Bagged):
            of_each = [found[f"test, {name}"] for name in CONSTRUCTIONS]
            assert found["test"] == pytest.approx(sum(of_each) / 6)

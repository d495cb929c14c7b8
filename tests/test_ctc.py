"""From steps to letters and words: CTC beside torch's, the search beside all paths, scores, and templates beside all word strings."""

import itertools
import math
from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
import pytest
import torch
from numpy import ndarray as Array
from torch import Tensor
from torch.nn import functional as F

from gates.exercises.common.probing import random_numbers
from gates.speech.ctc import collapse, ctc_forward, posterior
from gates.speech.decoding import greedy, prefix_beam
from gates.speech.scores import errors_by_kind, letter_errors, word_errors
from gates.speech.templates import recognize, standardized

# CTC


def by_torch(log_probs: Tensor, target: Sequence[int]) -> Tensor:
    T, U = torch.tensor([len(log_probs)]), torch.tensor([len(target)])
    flat = torch.tensor(target, dtype=torch.long)
    return F.ctc_loss(log_probs[:, None], flat, T, U, reduction="none", zero_infinity=False)[0]


def repeats(target: Sequence[int]) -> int:
    return sum(a == b for a, b in itertools.pairwise(target))


def possible(T: int, target: Sequence[int]) -> bool:
    return len(target) + repeats(target) <= T


def cases(count: int = 200) -> Iterator[tuple[Tensor, list[int]]]:
    """Logits and targets of many sizes: with repeats, with none, with too many letters, and empty."""
    generator, randn = np.random.default_rng(17), random_numbers(17)
    for _ in range(count):
        T, K, U = (
            int(generator.integers(*ends, endpoint=True)) for ends in ((1, 12), (3, 6), (0, 6))
        )
        yield 2 * randn(T, K), generator.integers(1, K, U).tolist()


def test_cases_are_of_all_kinds() -> None:
    kinds = defaultdict(int)
    for logits, y in cases():
        kinds["impossible"] += not possible(len(logits), y)
        kinds["empty"] += not y
        kinds["repeats"] += possible(len(logits), y) and repeats(y) > 0
        kinds["possible"] += possible(len(logits), y)
    assert min(kinds.values()) >= 20 and len(kinds) == 4, kinds


def test_collapse_by_hand() -> None:
    assert collapse([0, 3, 3, 0, 3, 1, 1, 0]) == [3, 3, 1]
    assert collapse([2, 2, 0, 1], blank=2) == [0, 1]
    assert collapse([]) == collapse([0, 0]) == []
    assert collapse(torch.tensor([1, 1, 0, 1])) == [1, 1]


def test_two_steps_by_hand() -> None:
    """Three paths of two steps say a: a a, a blank, blank a."""
    p = torch.tensor([[0.6, 0.4], [0.6, 0.4]], dtype=torch.float64)
    found = ctc_forward(p.log(), [1]).exp().reciprocal()
    assert found.item() == pytest.approx(0.4 * 0.4 + 0.4 * 0.6 + 0.6 * 0.4, abs=1e-15)


def test_the_forward_sum_and_its_gradient_by_the_logits_are_those_of_torch() -> None:
    """Where no path says the target, torch's loss is inf, too; its gradient is NaN there, and ours is 0."""
    for logits, y in cases():
        gradients = []
        for function in (ctc_forward, by_torch):
            given = logits.clone().requires_grad_()
            loss = function(given.log_softmax(-1), y)
            gradients.append(torch.autograd.grad(loss, given)[0])
            if not possible(len(logits), y):
                assert loss.item() == math.inf
        ours, theirs = gradients
        if possible(len(logits), y):
            losses = [function(logits.log_softmax(-1), y) for function in (ctc_forward, by_torch)]
            torch.testing.assert_close(*losses, rtol=1e-10, atol=1e-10)
            torch.testing.assert_close(ours, theirs, rtol=1e-10, atol=1e-10)
        else:
            assert not ours.any()
            assert theirs.isnan().any()


def test_torch_takes_it_for_given_that_log_softmax_stands_before() -> None:
    """By log_probs themselves, its gradient is that by the logits: softmax − posterior. The derivative is −posterior."""
    for logits, y in cases():
        if possible(len(logits), y):
            given = logits.log_softmax(-1).requires_grad_()
            (theirs,) = torch.autograd.grad(by_torch(given, y), given)
            (ours,) = torch.autograd.grad(ctc_forward(given, y), given)
            share = posterior(given, y)
            torch.testing.assert_close(ours, -share, rtol=1e-10, atol=1e-10)
            torch.testing.assert_close(theirs, logits.softmax(-1) - share, rtol=1e-10, atol=1e-10)
            assert not torch.allclose(ours, theirs, atol=0.01)


def test_the_derivative_is_that_of_small_changes() -> None:
    logits, y = 2 * random_numbers(5)(6, 4), [2, 2, 3]
    given = logits.log_softmax(-1).requires_grad_()
    assert torch.autograd.gradcheck(lambda x: ctc_forward(x, y), given)
    assert not torch.autograd.gradcheck(lambda x: by_torch(x, y), given, raise_exception=False)


def all_texts(log_probs: Tensor, blank: int = 0) -> dict[tuple[int, ...], float]:
    """The probability of each text, by going through all paths."""
    found: dict[tuple[int, ...], float] = defaultdict(float)
    T, K = log_probs.shape
    p = log_probs.exp()
    for path in itertools.product(range(K), repeat=T):
        found[tuple(collapse(path, blank))] += math.prod(p[t, k].item() for t, k in enumerate(path))
    return found


@pytest.mark.parametrize("T, K, blank", [(1, 3, 0), (3, 3, 2), (4, 4, 1), (5, 3, 0)])
def test_the_forward_sum_is_that_over_all_paths(T: int, K: int, blank: int) -> None:
    log_probs = (2 * random_numbers(T)(T, K)).log_softmax(-1)
    texts = all_texts(log_probs, blank)
    letters = [k for k in range(K) if k != blank]
    for U in range(T + 2):
        for y in itertools.product(letters, repeat=U):
            found = math.exp(-ctc_forward(log_probs, y, blank).item())
            assert found == pytest.approx(texts.get(y, 0.0), rel=1e-10)
    assert sum(texts.values()) == pytest.approx(1)


def test_a_posterior_is_a_share_of_the_paths_at_each_step() -> None:
    log_probs, y = (2 * random_numbers(3)(4, 3)).log_softmax(-1), [1, 2]
    shares = torch.zeros(4, 3, dtype=torch.float64)
    for path in itertools.product(range(3), repeat=4):
        if collapse(path) == y:
            places = range(4), list(path)
            shares[places] += log_probs[places].sum().exp()
    shares /= shares[0].sum().clone()
    torch.testing.assert_close(posterior(log_probs, y), shares, rtol=1e-10, atol=1e-12)
    with torch.no_grad():
        torch.testing.assert_close(posterior(log_probs, y).sum(1), torch.ones(4).double())
    with pytest.raises(ValueError, match="too few steps"):
        posterior(log_probs, [1, 1, 1])


def test_classes_that_cannot_be_leave_no_gradient_that_is_no_number() -> None:
    logits = random_numbers(4)(5, 4)
    logits[:, 0] = logits[2:, 3] = -torch.inf
    given = logits.clone().requires_grad_()
    log_probs = given.log_softmax(-1).clone()
    log_probs.retain_grad()
    loss = ctc_forward(log_probs, [1, 2])
    loss.backward()
    assert loss.isfinite() and log_probs.grad.isfinite().all()
    sure = random_numbers(4)(4, 4).log_softmax(-1)
    sure[0] = torch.tensor([0, 1, 0, 0]).log()
    (gradient,) = torch.autograd.grad(ctc_forward(sure.requires_grad_(), [1, 2, 3]), sure)
    assert gradient.isfinite().all()
    assert ctc_forward(log_probs, [1, 1]).item() == math.inf  # two equal letters need a blank


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_a_long_utterance_costs_the_same_in_either_type(dtype: torch.dtype) -> None:
    randn, y = random_numbers(8), [1 + k % 5 for k in range(60)]
    log_probs = (3 * randn(400, 8)).log_softmax(-1).to(dtype)
    loss = ctc_forward(log_probs, torch.tensor(y))
    assert loss.dtype == dtype and loss.shape == ()
    assert loss.item() == pytest.approx(by_torch(log_probs.double(), y).item(), rel=1e-5)


@pytest.mark.parametrize("target", [[-1], [4], [1, 9], [0], [1, 0, 2]])
def test_letters_that_are_none_are_refused_where_torch_takes_them(target: list[int]) -> None:
    log_probs = random_numbers(6)(6, 4).log_softmax(-1)
    with pytest.raises(ValueError, match="none the blank"):
        ctc_forward(log_probs, target)
    by_torch(log_probs, target)  # a number, and no word of what is wrong


def test_no_steps_say_the_empty_text_only() -> None:
    nothing = torch.zeros(0, 4, dtype=torch.float64)
    assert ctc_forward(nothing, []).item() == 0
    assert ctc_forward(nothing, [1]).item() == math.inf


# Decoding


def test_greedy_says_nothing_where_a_letter_is_more_probable() -> None:
    log_probs = torch.tensor([[0.6, 0.4], [0.6, 0.4]], dtype=torch.float64).log()
    assert greedy(log_probs) == []
    (best, log_p), (second, other) = prefix_beam(log_probs, 2)
    assert (best, second) == ((1,), ())
    assert math.exp(log_p) == pytest.approx(0.64) and math.exp(other) == pytest.approx(0.36)


@pytest.mark.parametrize("T, K, blank", [(1, 3, 0), (4, 3, 0), (4, 4, 2), (6, 3, 1)])
def test_a_beam_that_holds_everything_has_the_probability_of_each_text(
    T: int, K: int, blank: int
) -> None:
    log_probs = random_numbers(20 + T)(T, K).log_softmax(-1)
    found = prefix_beam(log_probs, 10**6, blank)
    texts = all_texts(log_probs, blank)
    assert {prefix for prefix, _ in found} == set(texts)
    for prefix, log_p in found:
        assert log_p == pytest.approx(-ctc_forward(log_probs, prefix, blank).item(), abs=1e-10)
    assert found[0][0] == max(texts, key=texts.get)
    assert [log_p for _, log_p in found] == sorted((log_p for _, log_p in found), reverse=True)


def test_a_narrow_beam_is_never_more_probable_than_the_text_and_has_width_texts() -> None:
    log_probs = random_numbers(31)(12, 5).log_softmax(-1)
    for width in (1, 2, 8):
        found = prefix_beam(log_probs, width)
        assert len(found) == width
        for prefix, log_p in found:
            assert log_p <= -ctc_forward(log_probs, prefix).item() + 1e-10
    with pytest.raises(ValueError, match="width"):
        prefix_beam(log_probs, 0)


def test_impossible_letters_are_not_said() -> None:
    sure = torch.tensor([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]).log()
    assert prefix_beam(sure, 5) == [((1, 1), 0.0)]
    assert greedy(sure) == [1, 1]


def test_words_are_the_only_ones_that_are_said() -> None:
    """Space 1, letters 2 and 3: the words 2 3 and 2 3 3, between which a space stands."""
    words, log_probs = [(2, 3), (2, 3, 3)], random_numbers(33)(7, 4).log_softmax(-1)
    found = prefix_beam(log_probs, 10**6, words=words)
    sentences = {
        tuple(k for n, word in enumerate(chosen) for k in ((1,) if n else ()) + word)
        for count in range(4)
        for chosen in itertools.product(words, repeat=count)
    }
    there = {y for y in sentences if possible(7, y)}
    assert {prefix for prefix, _ in found} == there and len(there) > 5
    for prefix, log_p in found:
        assert log_p == pytest.approx(-ctc_forward(log_probs, prefix).item(), abs=1e-10)
    assert prefix_beam(log_probs, 4)[0] != prefix_beam(log_probs, 4, words=words)[0]


# Scores


def test_words_and_letters_by_hand() -> None:
    said, wanted = ["one two too", "for"], ["one two three", "four five"]
    assert errors_by_kind(said, wanted) == (2, 1, 0)
    assert word_errors(said, wanted) == pytest.approx(3 / 5)
    assert letter_errors(["for"], ["four"]) == pytest.approx(1 / 4)
    assert word_errors(["one one one"], ["one"]) == 2  # above 1
    assert word_errors(["", "two"], ["one", "two"]) == 0.5
    assert word_errors(wanted, wanted) == letter_errors(wanted, wanted) == 0


@pytest.mark.parametrize("space", ["\t", "\n", "\u00a0", "  ", "\u3000", " \t"])
def test_a_space_of_any_kind_parts_words(space: str) -> None:
    said = [f" one{space}two "]
    assert word_errors(said, ["one two"]) == letter_errors(said, ["one two"]) == 0
    assert word_errors(["one two"], said) == 0 and errors_by_kind(said, ["one two"]) == (0, 0, 0)


@pytest.mark.parametrize("score", [word_errors, letter_errors, errors_by_kind])
def test_what_cannot_be_scored_is_refused_in_a_sentence(score: object) -> None:
    for said, wanted, says in (
        (["one"], ["one", "two"], "1 texts said and 2 wanted"),
        ([], [], "0 texts said and 0 wanted"),
        (["one", "two"], ["one", " \t"], "Text 2 of those wanted has no words"),
        ("one", "one", "in brackets"),
    ):
        with pytest.raises(ValueError, match=says):
            score(said, wanted)


# Templates


def recordings(generator: np.random.Generator, lengths: Sequence[int], M: int) -> list:
    return [(f"w{k}", generator.normal(size=(T, M))) for k, T in enumerate(lengths)]


def test_words_one_after_the_other_are_recognized() -> None:
    templates = recordings(np.random.default_rng(0), [9, 13, 7], 5)
    frames = dict(templates)
    for said in (["w1"], ["w0", "w1"], ["w2", "w2", "w0"]):
        whole = np.concatenate([frames[word] for word in said])
        assert recognize(whole, templates, 1.0) == " ".join(said)
        assert recognize(np.repeat(whole, 2, axis=0), templates, 1.0) == " ".join(said)
        assert recognize(np.repeat(whole, 3, axis=0), templates, 1.0) == " ".join(said)
    assert recognize(frames["w1"][::2], templates, 1.0) == "w1"  # spoken twice as fast
    even = np.concatenate([np.repeat(frames[word], 2, axis=0) for word in ("w0", "w2")])
    slow = [(word, np.repeat(of, 2, axis=0)) for word, of in templates]
    assert recognize(even, slow, 1.0, stride=2) == "w0 w2"


def cost_of(features: Array, parts: Sequence[Array], penalty: float) -> float:
    """The cost of frames along some templates, one after the other, by plain loops."""
    places = [(w, j) for w, part in enumerate(parts) for j in range(len(part))]
    cost = {}
    for t, frame in enumerate(features):
        for n, (w, j) in enumerate(places):
            ways = [cost.get((t - 1, n), math.inf)]
            if t == 0:
                ways = [0.0 if n == 0 else math.inf]
            elif j == 0 and n:
                ways.append(cost[t - 1, n - 1] + penalty)
            ways += [cost[t - 1, n - back] for back in (1, 2) if t and j >= back]
            cost[t, n] = min(ways) + math.dist(frame, parts[w][j])
    return cost[len(features) - 1, len(places) - 1]


@pytest.mark.parametrize("penalty", [0.0, 0.4])
def test_one_pass_finds_the_best_of_all_word_strings(penalty: float) -> None:
    """With templates of two frames and more, seven frames have room for three words."""
    generator, counts = np.random.default_rng(7), set()
    for _ in range(12):
        templates = recordings(generator, [2, 3, 4], 2)
        features = generator.normal(size=(int(generator.integers(2, 8)), 2))
        costs = {
            chosen: cost_of(features, [templates[k][1] for k in chosen], penalty)
            for count in (1, 2, 3)
            for chosen in itertools.product(range(3), repeat=count)
        }
        best = min(costs, key=costs.get)
        counts.add(len(best))
        assert recognize(features, templates, penalty) == " ".join(templates[k][0] for k in best)
    assert len(counts) > 1


def test_a_template_is_entered_at_its_first_frame() -> None:
    """The last frame is that with which b ends, and to begin b with it would cost nothing."""
    templates = [("a", np.array([[0.0], [1.0]])), ("b", np.array([[5.0], [2.0]]))]
    assert recognize(np.array([[0.0], [1.0], [2.0]]), templates, 0.0) == "a"


def test_frames_that_no_template_fits_say_nothing_and_what_is_missing_is_refused() -> None:
    templates = recordings(np.random.default_rng(1), [9], 3)
    assert recognize(np.zeros((4, 3)), templates, 0.0) == ""  # nine frames need five
    assert recognize(np.zeros((5, 3)), templates, 0.0) == "w0"
    assert recognize(np.zeros((4, 3)), templates, 0.0, stride=2) == ""  # five need three
    for features, of, stride in (
        (np.zeros((4, 3)), [], 1),
        (np.zeros((0, 3)), templates, 1),
        (np.zeros((4, 3)), templates, 0),
    ):
        with pytest.raises(ValueError, match="There have to be"):
            recognize(features, of, 0.0, stride)


def test_frames_are_scaled_by_those_of_training() -> None:
    generator = np.random.default_rng(2)
    training = [generator.normal(3, 2, (50, 4)), generator.normal(3, 2, (30, 4))]
    training = [np.c_[one, np.full(len(one), 5.0)] for one in training]  # one that never changes
    done = np.concatenate(standardized(training, training))
    assert np.allclose(done.mean(0), 0) and np.allclose(done.std(0), [1, 1, 1, 1, 0])
    (other,) = standardized([training[0] + 1], training)
    assert np.allclose(other[:, 4], 1) and not np.allclose(other.mean(0)[:4], 0, atol=0.1)

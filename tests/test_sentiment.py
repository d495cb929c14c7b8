"""Reviews: labels that follow from how words are put together, and bags of words that provably cannot know them."""

from collections import Counter

import pytest
import torch
from torch import nn

from gates import tasks
from gates.tasks.reviews import BAD, CONSTRUCTIONS, GOOD, LONGEST, STRESSES, WORDS, Review, reviews
from gates.tasks.sentiment import answers, by_construction, encoded, numbers, sentiment, words
from gates.text.bags import bag_of_words
from gates.text.codec import TextError
from gates.text.sentences import SentenceReader, speaks_well

OF_TWINS = [name for name in CONSTRUCTIONS if name != "plain"]


def drawn(count: int, part: str = "training", apart: int = 6, seed: int = 0) -> list[Review]:
    return reviews(count, torch.Generator().manual_seed(seed), part, apart)


def clause(text: str) -> int:
    """What a clause says, read from its words alone."""
    sign = 1
    if text.startswith("it is not true that "):
        sign, text = -1, text.removeprefix("it is not true that ")
    said = text.split()
    sign *= (-1) ** said.count("not") * (2 if any(word in STRESSES for word in said) else 1)
    (adjective,) = (word for word in said if word in GOOD or word in BAD)
    return sign if adjective in GOOD else -sign


def read(review: Review) -> int:
    """The label of a review, read from its words by other means than those that made it."""
    text = " ".join(review.words)
    if text.split(" was ")[0].split(" the ")[0].endswith("although"):  # before all else
        return int(clause(text[text.rindex(" , the ") + 3 :]) > 0)
    for joint, decides in ((" but ", 1), (" although ", 0)):
        if joint in text:
            return int(clause(text.split(joint)[decides]) > 0)
    return int(sum(map(clause, text.split(" and "))) > 0)


@pytest.mark.parametrize("part", ["training", "validation", "test"])
def test_the_label_is_what_the_words_say(part: str) -> None:
    found = drawn(1200, part)
    assert [review.label for review in found] == [read(review) for review in found]
    assert {review.construction for review in found} == set(CONSTRUCTIONS)


def test_a_few_are_read_as_a_person_would() -> None:
    for text, label, construction in (
        ("the film was good", 1, "plain"),
        ("the film was not good and the plot was bad", 0, "negation"),
        ("the film was bad and it is not true that the plot was not dull", 0, "double negation"),
        ("the film was bad and the plot was very good", 1, "intensifier"),
        ("the film was bad although the plot was good", 0, "contrast"),
        ("to us , although the film was bad , the plot was good", 1, "contrast"),
    ):
        review = Review(tuple(text.split()), label)
        assert read(review) == label and review.construction == construction


def bag(review: Review, n: int = 1) -> frozenset:
    """How often each run of n words stands in a review."""
    runs = zip(*(review.words[k:] for k in range(n)), strict=False)
    return frozenset(Counter(runs).items())


@pytest.mark.parametrize("part", ["validation", "test"])
def test_twins_have_the_same_words_and_opposite_labels(part: str) -> None:
    """So any function of a bag of words is right about one of two, and about 7 of 12 reviews at most."""
    found = drawn(1200, part)
    labels: dict[frozenset, list[int]] = {}
    for review in found:
        labels.setdefault(bag(review), []).append(review.label)
    best = sum(max(of.count(0), of.count(1)) for of in labels.values())
    assert best == 700
    plain = {bag(review) for review in found if review.construction == "plain"}
    assert all(of.count(0) == of.count(1) for b, of in labels.items() if b not in plain)
    assert not any(of.count(0) and of.count(1) for b, of in labels.items() if b in plain)
    for one, other in zip(found[::2], found[1::2], strict=True):
        assert one.construction == other.construction and one.label != other.label
        assert (bag(one) == bag(other)) == (one.construction != "plain")
    counts = Counter(review.construction for review in found)
    assert set(counts.values()) == {200}


@pytest.mark.parametrize("apart", [1, 6, LONGEST])
def test_at_a_distance_no_runs_of_words_up_to_two_more_than_it_know_the_label(apart: int) -> None:
    found = drawn(600, "test", apart)
    for one, other in zip(found[::2], found[1::2], strict=True):
        if one.construction == "distance":
            assert all(bag(one, n) == bag(other, n) for n in range(1, apart + 3))
            assert bag(one, apart + 5) != bag(other, apart + 5)


def test_pairs_of_neighbors_know_a_negation_and_no_distance() -> None:
    found = drawn(600, "test")
    twins = list(zip(found[::2], found[1::2], strict=True))
    for one, other in twins:
        if one.construction in ("negation", "contrast"):
            assert bag(one, 2) != bag(other, 2)


def test_no_review_has_the_words_of_one_in_another_part() -> None:
    bags = {
        part: {bag(r) for r in drawn(3000, part)} for part in ("training", "validation", "test")
    }
    assert not bags["training"] & bags["test"] and not bags["training"] & bags["validation"]
    assert not bags["validation"] & bags["test"]
    words_of = {part: {w for b in of for (w,), _ in b} for part, of in bags.items()}
    assert words_of["test"] <= words_of["training"]


def test_training_has_every_construction_and_both_labels_equally_often() -> None:
    found = drawn(3000)
    counts = Counter((review.construction, review.label) for review in found)
    assert len(counts) == 12 and min(counts.values()) > 180 and max(counts.values()) < 320


def test_a_bag_of_words_is_right_in_half_and_pairs_of_neighbors_know_negation() -> None:
    task = sentiment()
    held = task.held_out("test")
    texts = [" ".join(words(held, b)) for b in range(1200)]
    known = drawn(2000)
    single, double = (bag_of_words(known, n).predict(texts) for n in (1, 2))
    found, more = by_construction(single, held), by_construction(double, held)
    assert found["plain"] > 0.85 and all(found[name] == 0.5 for name in OF_TWINS)
    assert more["negation"] > 0.9 and more["distance"] == 0.5
    assert sum(found.values()) / 6 <= 7 / 12


def test_what_a_network_answers_is_counted_by_construction() -> None:
    task = sentiment()
    held = task.held_out("test")
    perfect = nn.functional.one_hot(held.targets.clamp(min=0), 2).float()
    assert set(by_construction(answers(perfect, held), held).values()) == {1.0}
    wrong = answers(perfect, held).clone()
    for b in range(1200):
        if "not" in words(held, b):
            wrong[b] = 1 - wrong[b]
    found = by_construction(wrong, held)
    assert found["negation"] == found["double negation"] == 0 and found["contrast"] == 1
    assert set(by_construction(answers(task.trivial(held), held), held).values()) == {0.5}


def test_numbers_of_words_and_inputs_say_the_same() -> None:
    held = sentiment().held_out("validation")
    seen, lengths = encoded([tuple(words(held, b)) for b in range(len(held.lengths))])
    assert torch.equal(numbers(held.xs), seen) and torch.equal(lengths, held.lengths)
    assert seen.min() == 0 and seen.max() <= len(WORDS)


def test_all_words_are_used() -> None:
    used = {word for review in drawn(1000, apart=LONGEST) for word in review.words}
    assert used == set(WORDS)


@pytest.mark.parametrize(
    "texts, says",
    [([("the", "soup")], "'soup' is none of the"), ([()], "one word"), ([], "one word")],
)
def test_what_cannot_be_encoded_is_refused(texts: list, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        encoded(texts)


@pytest.mark.parametrize("apart", [0, LONGEST + 1])
def test_a_distance_that_cannot_be_is_refused(apart: int) -> None:
    with pytest.raises(ValueError, match=f"from 1 to {LONGEST}"):
        tasks.sentiment(apart)


# The network that reads them


def reader(cell: str = "lstm", seed: int = 0) -> SentenceReader:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return SentenceReader(len(WORDS), 2, cell, 5, 4)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_a_review_is_read_alike_alone_and_in_a_padded_batch(cell: str) -> None:
    network, held = reader(cell), sentiment().held_out("test")
    xs, lengths = held.xs[:, :30], held.lengths[:30]
    together = network(xs)
    assert torch.equal(together, network(numbers(xs)))
    for b in range(30):
        alone = network(xs[: lengths[b], b : b + 1])[:, 0]
        torch.testing.assert_close(together[: lengths[b], b], alone, rtol=0, atol=1e-6)
    assert lengths.unique().numel() > 3


def test_the_padding_s_row_of_the_embedding_is_zero_and_learns_nothing() -> None:
    network, batch = reader(), sentiment().draw(16, seed=0)
    loss = sentiment().loss(network(batch.xs), batch)
    loss.backward()
    assert not network.embedding.weight[0].any() and not network.embedding.weight.grad[0].any()
    assert network.embedding.weight.grad[1:].any()


def test_a_review_of_no_words_is_told() -> None:
    seen, _ = encoded([("the", "film", "was", "good")])
    empty = torch.cat([seen, torch.zeros_like(seen)], 1)
    with pytest.raises(ValueError, match="a review of no words in the batch"):
        reader()(empty)
    for text, says in (
        ("", "The review is empty"),
        ("  ", "is empty"),
        ("the soup was good", "'soup'"),
    ):
        with pytest.raises(TextError, match=says):
            speaks_well(reader(), text)
    with pytest.raises(ValueError, match="There is no cell 'cnn'"):
        SentenceReader(4, 2, "cnn")


def test_a_typed_review_is_read_word_by_word() -> None:
    network = reader()
    found = speaks_well(network, "Frankly, the film was not bad")
    same = speaks_well(network, "frankly , the film was not bad")
    assert found == same and 0 < found < 1
    assert found != speaks_well(network, "frankly , the film was not good")

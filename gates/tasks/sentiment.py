"""Does a review speak well of a film, or ill? How its words are put together decides, and not which they are."""

from collections.abc import Sequence

import torch
from torch import Tensor

from gates.tasks.reviews import CONSTRUCTIONS, LONGEST, WORDS, construction, reviews
from gates.tasks.task import Batch, Task, always, at_last, batch, chosen, one_hot

LABELS = ("ill", "well")


def encoded(texts: Sequence[Sequence[str]]) -> tuple[Tensor, Tensor]:
    """The words of reviews as numbers from 1 on, (T, B), with 0 behind their ends, and the lengths, (B,).

    A review without words, and a word that is not in WORDS, raise ValueError.
    """
    number = {word: k for k, word in enumerate(WORDS, start=1)}
    if unknown := [word for words in texts for word in words if word not in number]:
        raise ValueError(f"{unknown[0]!r} is none of the {len(WORDS)} words of these reviews.")
    if not texts or not all(texts):
        raise ValueError("A review has one word at least.")
    rows = [torch.tensor([number[word] for word in words]) for words in texts]
    return torch.nn.utils.rnn.pad_sequence(rows), torch.tensor([len(words) for words in texts])


def numbers(xs: Tensor) -> Tensor:
    """The numbers of words, (T, B), that stand in the inputs of this task, (T, B, I), with 0 in the padding."""
    return (xs.argmax(-1) + 1) * xs.any(-1)


def words(of: Batch, b: int) -> list[str]:
    """The words of a sample."""
    return [WORDS[k] for k in of.xs[: of.lengths[b], b].argmax(-1).tolist()]


def answers(outputs: Tensor, of: Batch) -> Tensor:
    """What outputs, (T, B, O), say at the last word of each review: labels, (B,)."""
    return outputs.argmax(-1)[of.lengths - 1, torch.arange(len(of.lengths))]


def by_construction(labels: Sequence[int] | Tensor, of: Batch) -> dict[str, float]:
    """The share of right labels for each construction. labels: one for each review, (B,)."""
    right: dict[str, list[bool]] = {name: [] for name in CONSTRUCTIONS}
    given = torch.as_tensor(labels).tolist()
    wanted = of.targets[of.lengths - 1, torch.arange(len(of.lengths))].tolist()
    for b, (one, other) in enumerate(zip(given, wanted, strict=True)):
        right[construction(words(of, b))].append(one == other)
    return {name: sum(each) / len(each) for name, each in right.items() if each}


def sentiment(apart: int = 6) -> Task:
    """Reviews of 4 to 45 words or so, one of WORDS at each step; at the last, whether they speak well of the film.

    apart: how many words stand on either side of an adjective in the construction "distance". No part has a review with
    the words of one in another part. Both of two twins are held out, so that guessing by their words is right in half.
    """
    if not 1 <= apart <= LONGEST:
        raise ValueError(f"apart is {apart}, and has to be from 1 to {LONGEST}.")

    def sample(B: int, generator: torch.Generator, part: str) -> Batch:
        found = reviews(B, generator, part, apart)
        seen, lengths = encoded([review.words for review in found])
        xs = one_hot(seen, len(WORDS) + 1)[..., 1:]
        labels = torch.tensor([review.label for review in found])
        return batch(xs, at_last(labels, lengths, len(xs)), lengths=lengths)

    def show(of: Batch, b: int) -> str:
        return f"{' '.join(words(of, b))} → {LABELS[of.targets[of.lengths[b] - 1, b]]}"

    return Task(
        name="sentiment",
        options=chosen(sentiment, apart=apart),
        I=len(WORDS),
        O=len(LABELS),
        score="accuracy",
        chance=0.5,
        baseline="always answer well",
        trivial=always(len(LABELS), 1),
        solved=0.99,
        held=1200,
        source="after Polanyi and Zaenen (2006), Contextual Valence Shifters",
        sample=sample,
        show=show,
    )

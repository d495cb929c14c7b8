"""From probabilities to letters: the most probable path, or a search for the most probable text.

Source: A. Hannun and others (2014), "First-Pass Large Vocabulary Continuous Speech Recognition using Bi-Directional
Recurrent DNNs".
"""

from collections.abc import Callable, Iterable, Sequence
from math import exp, inf, log1p

from torch import Tensor

from gates.speech.ctc import collapse

Prefix = tuple[int, ...]


def greedy(log_probs: Tensor, blank: int = 0) -> list[int]:
    """What the most probable path says. log_probs: (T, K), of K classes, letters and blank, at each step."""
    return collapse(log_probs.argmax(-1).tolist(), blank)


def prefix_beam(
    log_probs: Tensor,
    width: int = 8,
    blank: int = 0,
    words: Iterable[Sequence[int]] | None = None,
    space: int = 1,
) -> list[tuple[Prefix, float]]:
    """The most probable texts, the best first: at most `width` of them, each with its letters and its log probability.

    log_probs: (T, K), of K classes, letters and blank, at each step. width: how many beginnings of texts are kept at each
    step. A probability is that of the paths that were looked at: with a width that keeps all beginnings it is the text's,
    and less otherwise. words: those that may be said, as numbers of their letters, with `space` between two of them; then a
    text that ends within a word is left out, and the list can be empty. A width below 1 raises ValueError.
    """
    if width < 1:
        raise ValueError("width has to be 1 at least.")
    K, kept = log_probs.shape[1], {(): (0.0, -inf)}
    letters = [k for k in range(K) if k != blank]
    follows = (lambda prefix: letters) if words is None else spelling(words, space)
    for row in log_probs.tolist():
        grown = _grown(kept, row, blank, follows)
        best = sorted(grown, key=lambda prefix: -_sum(*grown[prefix]))[:width]
        kept = {prefix: grown[prefix] for prefix in best if _sum(*grown[prefix]) > -inf}
    found = [(prefix, _sum(*ends)) for prefix, ends in kept.items()]
    return [one for one in found if words is None or not one[0] or space in follows(one[0])]


def spelling(words: Iterable[Sequence[int]], space: int) -> Callable[[Prefix], Iterable[int]]:
    """A function from the beginning of a text to the letters that may follow; a space does where a word is whole."""
    after: dict[Prefix, set[int]] = {(): set()}
    for word in map(tuple, words):
        for n, letter in enumerate((*word, space) if word else ()):
            after.setdefault(word[:n], set()).add(letter)

    def follows(prefix: Prefix) -> Iterable[int]:
        begun = len(prefix)
        while begun and prefix[begun - 1] != space:
            begun -= 1
        return after[prefix[begun:]]

    return follows


def _grown(kept: dict, row: list[float], blank: int, follows: Callable) -> dict:
    """All beginnings after one more step: for each, the log probabilities that it ends in a blank and in its last letter."""
    grown: dict[Prefix, list[float]] = {}

    def add(prefix: Prefix, end: int, log_p: float) -> None:
        ends = grown.setdefault(prefix, [-inf, -inf])
        ends[end] = _sum(ends[end], log_p)

    for prefix, (in_blank, in_letter) in kept.items():
        both = _sum(in_blank, in_letter)
        last = prefix[-1] if prefix else blank
        add(prefix, 0, both + row[blank])
        if prefix:
            add(prefix, 1, in_letter + row[last])
        for k in follows(prefix):
            add((*prefix, k), 1, row[k] + (in_blank if k == last else both))
    return grown


def _sum(one: float, other: float) -> float:
    """The logarithm of the sum of two probabilities, of their logarithms."""
    high, low = (one, other) if one > other else (other, one)
    return high if low == -inf else high + log1p(exp(low - high))

"""Mistakes in which continuations a beam search keeps, and in what comes back."""

from torch import Tensor

from gates.exercises.common.slips import slip
from gates.translation.characters import Sign


def _best_of_each(ranked: Tensor, width: int) -> Tensor:
    """One continuation of each text, as the place among all."""
    best, characters = ranked.max(1)
    order = best.topk(min(width, len(best))).indices
    return order * ranked.shape[1] + characters[order]


def _end_free(grown: Tensor, counts: Tensor, alpha: float) -> Tensor:
    """By the length without END, of texts that still go on, where any character but END is possible."""
    lengths = counts[:, None].repeat(1, grown.shape[1])
    lengths[:, Sign.END] -= (~grown[:, Sign.PAD].isneginf()).long()
    return grown / lengths.clamp(min=1) ** alpha


SLIPS = [
    slip(
        "end-not-counted",
        "END is left out of the length.",
        "It is a character like any other, and is paid for: a text that ends now is longer by one, too.",
        ranking=_end_free,
    ),
    slip(
        "ended-grows-longer",
        "The length of a text that has ended still grows.",
        "Only the others get longer by one: lengths + ~ended.",
        counted=lambda lengths, ended: lengths + 1,
    ),
    slip(
        "length-before-the-step",
        "The length is that before the step.",
        "The total has the new character in it, so the length has, too: lengths + ~ended.",
        counted=lambda lengths, ended: lengths,
    ),
    slip(
        "length-not-divided",
        "The totals are compared as they are, or all divided by one number, whatever alpha is.",
        "Rank by total / length ** alpha, with the length of each text itself.",
        ranking=lambda grown, counts, alpha: grown,
    ),
    slip(
        "alpha-not-used",
        "The totals are divided by the length, whatever alpha is.",
        "Rank by total / length ** alpha: with alpha = 0 the length does not count.",
        ranking=lambda grown, counts, alpha: grown / counts[:, None],
    ),
    slip(
        "length-multiplied",
        "The totals are multiplied by the power of the length.",
        "Totals are negative and grow with each character: divide by length ** alpha.",
        ranking=lambda grown, counts, alpha: grown * counts[:, None] ** alpha,
    ),
    slip(
        "alpha-times-length",
        "The length is multiplied by alpha, where it should be raised to that power.",
        "Rank by total / length ** alpha.",
        ranking=lambda grown, counts, alpha: grown / (counts[:, None] * alpha),
    ),
    slip(
        "ranked-returned",
        "The totals come back divided by the length.",
        "The division is for the ranking only: at the next step the totals have to be sums again.",
        totals_of=lambda grown, ranked: ranked,
    ),
    slip(
        "best-of-each-text",
        "Only one continuation of each text is looked at.",
        "Two continuations of one text may both be better than all of another: take the best of all K · V together.",
        chosen=_best_of_each,
    ),
    slip(
        "worst-kept",
        "The continuations with the lowest rank are kept.",
        "Log probabilities are negative, and the best is the one nearest to 0: topk with largest=True.",
        chosen=lambda ranked, width: ranked.flatten().topk(width, largest=False).indices,
    ),
    slip(
        "worst-first",
        "The right ones are kept, and the best of them stands last.",
        "The best comes first: topk gives them in that order.",
        chosen=lambda ranked, width: (
            ranked.flatten().topk(min(width, ranked.numel())).indices.flip(0)
        ),
    ),
    slip(
        "width-of-one",
        "Only the best one is kept, whatever width is.",
        "Keep as many as width says.",
        chosen=lambda ranked, width: ranked.flatten().topk(1).indices,
    ),
    slip(
        "places-divided-by-texts",
        "The places are taken apart by the number of texts, K.",
        "In a (K, V) table a row has V places: the text is place // V, and the character place % V.",
        apart=lambda places, K, V: (places // K, places % K),
    ),
    slip(
        "text-and-character-exchanged",
        "Text and character are exchanged.",
        "The text is place // V, and the character place % V; of which text it goes on comes before with which character.",
        returns=lambda totals, parents, characters: (totals, characters, parents),
    ),
    slip(
        "totals-come-last",
        "The totals come back last.",
        "Return the totals first, then of which text each goes on, then with which character.",
        returns=lambda totals, parents, characters: (parents, characters, totals),
    ),
]

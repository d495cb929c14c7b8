"""Mistakes in a step of a beam search."""

import torch
from torch import Tensor

from gates.exercises.common.slips import slip
from gates.translation.characters import Sign


def _only(character: int, at: str = "totals") -> object:
    """What a text that has ended may go on with: one character, which costs nothing, or what it says."""

    def freeze(grown: Tensor, totals: Tensor, log_probs: Tensor, ended: Tensor) -> Tensor:
        only = torch.full_like(grown, -torch.inf)
        only[:, character] = {"totals": totals, "grown": grown[:, character]}[at]
        return torch.where(ended[:, None], only, grown)

    return freeze


def _every(grown: Tensor, totals: Tensor, log_probs: Tensor, ended: Tensor) -> Tensor:
    """A text that has ended costs nothing more, whatever it goes on with."""
    return torch.where(ended[:, None], totals[:, None], grown)


def _lost(grown: Tensor, totals: Tensor, log_probs: Tensor, ended: Tensor) -> Tensor:
    return grown.masked_fill(ended[:, None], -torch.inf)


def _best_of_each(ranked: Tensor, width: int) -> Tensor:
    """One continuation of each text, as the place among all."""
    best, characters = ranked.max(1)
    order = best.topk(min(width, len(best))).indices
    return order * ranked.shape[1] + characters[order]


SLIPS = [
    slip(
        "totals-forgotten",
        "What a text has so far is left out: only its next character is compared.",
        "The log probability of a longer text is that of the text so far plus that of its next character.",
        grow=lambda totals, log_probs: log_probs,
    ),
    slip(
        "log-probabilities-multiplied",
        "Log probabilities are multiplied.",
        "Probabilities are multiplied, so their logarithms are added: totals[:, None] + log_probs.",
        grow=lambda totals, log_probs: totals[:, None] * log_probs,
    ),
    slip(
        "probabilities-added",
        "Probabilities are added to log probabilities.",
        "Leave log_probs as they are: they are logarithms already.",
        grow=lambda totals, log_probs: totals[:, None] + log_probs.exp(),
    ),
    slip(
        "ended-goes-on",
        "A text that has ended goes on like any other.",
        "Where ended is true, only END may follow, with the total as it was.",
        freeze=lambda grown, totals, log_probs, ended: grown,
    ),
    slip(
        "ended-pays-again",
        "A text that has ended pays for another END.",
        "That END is there to keep its place, and costs nothing: the total stays as it was.",
        freeze=_only(Sign.END, "grown"),
    ),
    slip(
        "ended-with-pad",
        "A text that has ended goes on with PAD.",
        "It goes on with END, as the text above says.",
        freeze=_only(Sign.PAD),
    ),
    slip(
        "ended-many-times",
        "A text that has ended comes back several times, with each character.",
        "Give all of its continuations −inf but END.",
        freeze=_every,
    ),
    slip(
        "ended-thrown-away",
        "A text that has ended is thrown away.",
        "It stays among the others with the total it had, and may be the best in the end.",
        freeze=_lost,
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
        "The totals are compared as they are, whatever alpha is.",
        "Rank by total / length ** alpha.",
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

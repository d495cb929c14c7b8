"""Mistakes in a step of a beam search: in the totals, in texts that have ended, and all others."""

import torch
from torch import Tensor

from gates.exercises.common.slips import slip
from gates.exercises.lesson15.beam_step import ranking_slips
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


def _not_low_enough(grown: Tensor, totals: Tensor, log_probs: Tensor, ended: Tensor) -> Tensor:
    only = torch.full_like(grown, -100.0)
    only[:, Sign.END] = totals
    return torch.where(ended[:, None], only, grown)


def _lost(grown: Tensor, totals: Tensor, log_probs: Tensor, ended: Tensor) -> Tensor:
    return grown.masked_fill(ended[:, None], -torch.inf)


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
        "ended-not-low-enough",
        "The other continuations of a text that has ended get a number that a real total may lie below.",
        "A log probability has no lower end: give them −inf.",
        freeze=_not_low_enough,
    ),
    slip(
        "ended-thrown-away",
        "A text that has ended is thrown away.",
        "It stays among the others with the total it had, and may be the best in the end.",
        freeze=_lost,
    ),
    *ranking_slips.SLIPS,
]

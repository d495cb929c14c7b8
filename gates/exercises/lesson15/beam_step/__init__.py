"""One step of a beam search."""

from collections.abc import Callable

import torch
from torch import Tensor

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.mistake import Mistake
from gates.exercises.common.probing import random_numbers
from gates.exercises.common.seen import error
from gates.exercises.lesson15.beam_step.slips import SLIPS
from gates.translation.beam import beam_step
from gates.translation.characters import Sign


def step(
    V: int, lengths: list[int], ended: list[bool], width: int, alpha: float, seed: int
) -> tuple:
    """One probe: texts of these lengths, of which some have ended, with totals that fit their lengths."""
    randn, counts = random_numbers(seed), torch.tensor(lengths)
    totals = -0.8 * counts - 0.3 * randn(len(lengths)).abs()
    log_probs = (1.5 * randn(len(lengths), V)).log_softmax(-1)
    return totals, counts, torch.tensor(ended), log_probs, width, alpha


def probes() -> Probes:
    return [
        step(6, [4, 2, 4, 3], [False, True, False, True], 6, 1.0, 10),
        step(7, [3, 5, 1], [False, False, True], 7, 0.6, 11),
        step(5, [5, 6, 6], [True, False, False], 5, 0.0, 12),
        step(6, [2, 7, 4], [False, True, False], 8, 1.4, 13),
        step(5, [3, 5, 4], [True, True, True], 2, 1.0, 14),
        step(5, [150, 170], [True, False], 4, 0.0, 15),
        _near_its_end(),
    ]


def _near_its_end() -> tuple:
    """Two texts of few characters; whether END counts as one decides which continuation is the best."""
    probabilities = torch.tensor([[0, 0, 0.3, 0, 0.6, 0.1], [0, 0, 0.5, 0, 0.1, 0.4]]).double()
    totals = torch.tensor([-1.0, -1.9], dtype=torch.float64)
    new = torch.zeros(2, dtype=torch.bool)
    return totals, torch.tensor([1, 2]), new, (probabilities + 1e-6).log(), 4, 1.0


def _small() -> Probes:
    return [step(5, [2], [False], 3, 0.7, 174), step(6, [3, 4], [False, False], 1, 1.0, 175)]


def _fewer_than_width() -> Probes:
    return [step(4, [0], [False], 6, 1.0, 176)]


def frozen(grown: Tensor, totals: Tensor, log_probs: Tensor, ended: Tensor) -> Tensor:
    """The totals after a step, (K, V), where a text that has ended stays as it is."""
    only_end = torch.full_like(grown, -torch.inf)
    only_end[:, Sign.END] = totals
    return torch.where(ended[:, None], only_end, grown)


def variant(
    grow=lambda totals, log_probs: totals[:, None] + log_probs,
    freeze=frozen,
    counted=lambda lengths, ended: lengths + ~ended,
    ranking=lambda grown, counts, alpha: grown / counts[:, None] ** alpha,
    chosen=lambda ranked, width: ranked.flatten().topk(min(width, ranked.numel())).indices,
    apart=lambda places, K, V: (places // V, places % V),
    totals_of=lambda grown, ranked: grown,
    returns=lambda totals, parents, characters: (totals, parents, characters),
) -> Callable:
    """The step with exchangeable parts."""

    def stepping(
        totals: Tensor, lengths: Tensor, ended: Tensor, log_probs: Tensor, width: int, alpha: float
    ) -> tuple:
        grown = freeze(grow(totals, log_probs), totals, log_probs, ended)
        ranked = ranking(grown, counted(lengths, ended), alpha)
        places = chosen(ranked, width)
        return returns(totals_of(grown, ranked).flatten()[places], *apart(places, *grown.shape))

    return stepping


EXERCISE = coding(
    beam_step,
    asks="one step of a beam search",
    probes=probes,
    small=_small,
    also=(_fewer_than_width, "fewer-than-width"),
    outputs=("the totals", "the parents", "the characters"),
    variant=variant,
    errors=(error(r"selected index k out of range|k not in range", "fewer-than-width"),),
    shapes="totals, lengths and ended are (K,), log_probs (K, V); three tensors of width numbers come back.",
    slips=SLIPS,
    mistakes=(
        Mistake(
            "fewer-than-width",
            "Where there are fewer continuations than width, as at the first step, it fails.",
            "Take min(width, ranked.numel()) of them.",
        ),
    ),
)

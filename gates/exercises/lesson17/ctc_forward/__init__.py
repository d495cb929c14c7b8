"""What a text costs: minus the logarithm of the sum over all paths that say it."""

import torch

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.mistake import Mistake
from gates.exercises.common.probing import fresh, random_numbers
from gates.exercises.common.seen import Seen
from gates.exercises.lesson17.ctc_forward.slips import SLIPS
from gates.exercises.lesson17.ctc_forward.variants import variant
from gates.speech.ctc import ctc_forward


def utterance(T: int, K: int, target: list[int], blank: int, seed: int) -> tuple:
    """One probe: probabilities that differ much from step to step."""
    return (1.5 * random_numbers(seed)(T, K)).log_softmax(-1), target, blank


def probes() -> Probes:
    """Texts with equal neighbors and without, and the blank at the beginning, within and at the end of the classes."""
    return [
        utterance(7, 4, [2, 2, 1], 0, 170),
        utterance(8, 5, [0, 3, 1, 3, 3], 2, 171),
        utterance(6, 3, [1, 0], 2, 181),
    ]


def _small() -> Probes:
    return [utterance(1, 3, [2], 0, 173), utterance(3, 2, [0], 1, 174)]


def _at_the_edge() -> Probes:
    """No letters, and letters that the steps have no room for or have just room for."""
    return [
        utterance(4, 3, [], 0, 175),
        utterance(3, 4, [1, 1, 2], 0, 176),
        utterance(2, 4, [3, 1, 2], 0, 177),
        utterance(3, 4, [1, 1], 2, 178),
    ]


def _remark(seen: Seen) -> str:
    """Whether the gradients of a right sum are numbers."""
    log_probs, target, blank = fresh(seen.probes[0], True)
    seen.run((log_probs, target, blank))
    loss = seen.last
    if not isinstance(loss, torch.Tensor) or not loss.requires_grad:
        return "No gradient flows back through it, which training would need."
    (gradient,) = torch.autograd.grad(loss.sum(), log_probs)
    if gradient.isnan().any():
        return "Its gradients are NaN, since −inf less −inf is: with −1e30 in the place of −inf a network could learn by it."
    return ""


EXERCISE = coding(
    ctc_forward,
    asks="minus the logarithm of the sum over all paths that say a text",
    probes=probes,
    small=_small,
    also=(_at_the_edge, "texts-at-the-edge"),
    outputs=("the loss",),
    variant=variant,
    reads=lambda found, arguments: float(found),
    remark=_remark,
    shapes="log_probs is (T, K), target a list of whole numbers, and one number comes back.",
    returns="It should return one number, or a tensor ().",
    slips=SLIPS,
    mistakes=(
        Mistake(
            "texts-at-the-edge",
            "It is right for ordinary texts, and wrong at the edge: for one without letters, or with more than the steps have room for.",
            "An empty text is said by blanks alone: there extended is one blank long. A text that no path says has the probability 0, and costs inf.",
        ),
    ),
)

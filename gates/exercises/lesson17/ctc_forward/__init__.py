"""What a text costs: minus the logarithm of the sum over all paths that say it."""

import math

import torch

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.mistake import Mistake
from gates.exercises.common.probing import fresh, random_numbers
from gates.exercises.common.seen import Seen
from gates.exercises.lesson17.ctc_forward.slips import SLIPS
from gates.exercises.lesson17.ctc_forward.variants import variant
from gates.speech.ctc import ctc_forward


def utterance(
    T: int, K: int, target: list[int], blank: int, seed: int, sure: int | None = None
) -> tuple:
    """One probe: probabilities that differ much from step to step; one class may be sure of nearly all, e³⁰ to 1."""
    scores = 1.5 * random_numbers(seed)(T, K)
    if sure is not None:
        scores[:, sure] += 30
    return scores.log_softmax(-1), target, blank


def probes() -> Probes:
    """Texts with equal neighbors and without, and the blank at the beginning, within and at the end of the classes.

    All have steps enough for paths that skip no blank. The first is without a letter 0, and 0 is not its blank, so that
    whoever takes 0 for the blank is known by a number before a letter 0 is refused. The last has a probability below
    e⁻⁸⁰⁰, which is 0 in float64, as on a long sound.
    """
    return [
        utterance(7, 4, [3, 3, 1], 2, 170),
        utterance(12, 5, [0, 3, 1, 3, 3], 2, 171),
        utterance(6, 3, [1, 2], 0, 181),
        utterance(30, 4, [0, 1], 3, 182, sure=2),
    ]


def _at_the_edge() -> Probes:
    """No letters, one letter, and letters that the steps have no room for or have just room for."""
    return [
        utterance(4, 3, [], 0, 175),
        utterance(1, 3, [2], 0, 173),
        utterance(3, 2, [0], 1, 174),
        utterance(3, 4, [1, 1, 2], 0, 176),
        utterance(2, 4, [3, 1, 2], 0, 177),
        utterance(3, 4, [1, 1], 2, 178),
    ]


def _read(found: torch.Tensor | float, arguments: tuple) -> tuple[float, int]:
    """The loss, and whether there is a graph behind it; where it is infinite, none is asked for."""
    if not isinstance(found, torch.Tensor):
        return float(found), int(math.isinf(found))
    return found.detach().item(), int(found.requires_grad or bool(found.isinf()))


def _gradient(seen: Seen, probe: tuple) -> torch.Tensor | None:
    """The gradient by log_probs of what a right answer gives on a probe; None where none flows back."""
    arguments = fresh(probe, True)
    seen.run(arguments)
    loss = seen.last
    if not isinstance(loss, torch.Tensor) or not loss.requires_grad:
        return None
    return torch.autograd.grad(loss.sum(), arguments[0])[0]


def _refuses(seen: Seen, letter: int) -> bool:
    try:
        seen.run(utterance(5, 3, [1, letter], 0, 179))
    except ValueError:
        return True
    except Exception:
        return False
    return False


def _remark(seen: Seen) -> str:
    """What is to be said of a right sum: of its gradients, and of letters that should be refused."""
    said = [_of_gradients(seen)]
    if not all(_refuses(seen, letter) for letter in (0, 3, -1)):
        said.append(
            "One thing is left: a letter that is no class, or is the blank, should raise ValueError."
        )
    return "\n".join(filter(None, said))


def _of_gradients(seen: Seen) -> str:
    gradient = _gradient(seen, seen.probes[0])
    if gradient.isnan().any():
        return "Its gradients are NaN, since −inf less −inf is: with −1e30 in the place of −inf a network could learn by it."
    if gradient.sum(1).abs().max() < 1e-6:
        return "Its gradient is that behind a log-softmax, and adds up to 0 at each step. That by log_probs themselves adds up to −1."
    nothing = _gradient(seen, utterance(2, 4, [3, 1, 2], 0, 177))
    if nothing is None or nothing.any():
        return "For a text that no path says the gradient should be 0, so that training goes on: torch.where(total > NEVER / 2, -total, torch.inf) gives both."
    return ""


EXERCISE = coding(
    ctc_forward,
    asks="minus the logarithm of the sum over all paths that say a text",
    probes=probes,
    also=(_at_the_edge, "texts-at-the-edge"),
    outputs=("the loss", "the graph behind it"),
    variant=variant,
    reads=_read,
    graph=True,
    remark=_remark,
    shapes="log_probs is (T, K), target a list of whole numbers, and one number comes back.",
    returns="It should return a tensor () through which a gradient flows back.",
    slips=SLIPS,
    mistakes=(
        Mistake(
            "texts-at-the-edge",
            "It is right for ordinary texts, and wrong at the edge: for one without letters, of one letter, or with more than the steps have room for.",
            "An empty text is said by blanks alone: there extended is one blank long. A text that no path says has the probability 0, and costs inf.",
        ),
    ),
)

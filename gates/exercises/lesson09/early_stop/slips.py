"""Mistakes in where training is stopped."""

from collections.abc import Sequence

import numpy as np

from gates.exercises.common.slips import slip
from gates.exercises.lesson09.early_stop.variants import variant


def _against_the_last(losses: Sequence[float], patience: int) -> tuple[int, int]:
    """Patience counts evaluations that are no better than the one before."""
    best = waited = k = 0
    for k in range(1, len(losses)):
        if losses[k] < losses[best]:
            best = k
        waited = 0 if losses[k] < losses[k - 1] else waited + 1
        if waited >= patience:
            break
    return best, k


def _in_all(losses: Sequence[float], patience: int) -> int:
    """Patience counts all evaluations without progress, not those in a row."""
    best = waited = 0
    for k in range(1, len(losses)):
        if losses[k] < losses[best]:
            best = k
        else:
            waited += 1
            if waited >= patience:
                break
    return best


def _last_if_patient(losses: Sequence[float], patience: int) -> int:
    """The best one if patience runs out, and the last if it does not."""
    best = 0
    for k, loss in enumerate(losses):
        if loss < losses[best]:
            best = k
        elif k - best >= patience:
            return best
    return len(losses) - 1


def _first_rise(losses: Sequence[float], patience: int) -> int:
    for k in range(1, len(losses)):
        if losses[k] >= losses[k - 1]:
            return k - 1
    return len(losses) - 1


SLIPS = [
    slip(
        "patience-ignored",
        "The number of evaluations to wait plays no part.",
        "Count the evaluations since the best one, and stop when there are `patience` of them. What comes after that has never been trained.",
        whole=lambda losses, patience: int(np.argmin(losses)),
    ),
    slip("patience-ignored", whole=_first_rise, detail="It stops at the first rise."),
    slip(
        "last-network-kept",
        "The network at the moment of stopping is kept, and not the best one before.",
        "Remember at which evaluation the loss was least, and return that.",
        found=lambda best, k: k,
    ),
    slip("last-network-kept", found=lambda best, k: k + 1, detail="And it is counted from 1."),
    slip(
        "last-network-kept",
        whole=lambda losses, patience: len(losses) - 1,
        detail="And it never stops.",
    ),
    slip(
        "patience-off-by-one",
        "It stops one evaluation too early or too late.",
        "With a patience of 1, the first evaluation that is no better ends the training. Try it by hand.",
        over=lambda waited, patience: waited > patience,
    ),
    slip("patience-off-by-one", over=lambda waited, patience: waited >= patience - 1 and waited),
    slip(
        "ties-taken-for-progress",
        "An equal loss counts as progress.",
        "Only a loss below the least so far is better: use < and not <=.",
        better=lambda loss, best: loss <= best,
    ),
    slip(
        "largest-loss-kept",
        "The largest loss is looked for.",
        "A loss is better when it is smaller.",
        better=lambda loss, best: loss > best,
    ),
    slip("largest-loss-kept", whole=lambda losses, patience: int(np.argmax(losses))),
    slip(
        "compared-with-the-last",
        "Each loss is compared with the one just before it.",
        "A loss has to be compared with the least so far: it may fall a little and still be above that.",
        whole=lambda losses, patience: _against_the_last(losses, patience)[0],
    ),
    slip(
        "compared-with-the-last",
        whole=lambda losses, patience: _against_the_last(losses, patience)[1],
    ),
    slip(
        "patience-never-renewed",
        "The evaluations without progress are added up over the whole training.",
        "They have to come in a row: a new best starts the count again from 0.",
        whole=_in_all,
    ),
    slip(
        "best-forgotten-at-the-end",
        "If patience does not run out, the last network is kept.",
        "The best one is kept in any case: return it after the loop as well.",
        whole=_last_if_patient,
    ),
    slip(
        "counted-from-one",
        "The evaluations are counted from 1.",
        "Counted from 0, so that losses[k] is the loss of number k.",
        found=lambda best, k: best + 1,
    ),
    slip(
        "loss-for-its-number",
        "The loss itself is returned, and not its number.",
        "Return the k for which losses[k] is the least.",
        whole=lambda losses, patience: losses[variant()(losses, patience)],
    ),
    slip(
        "stops-at-patience",
        "Training stops after `patience` evaluations, whatever they brought.",
        "Patience counts from the best evaluation so far, and begins anew with each better one.",
        whole=lambda losses, patience: int(np.argmin(losses[:patience])),
    ),
    slip(
        "stops-at-patience", whole=lambda losses, patience: int(np.argmin(losses[: patience + 1]))
    ),
    slip("stops-at-patience", whole=lambda losses, patience: min(patience, len(losses) - 1)),
]

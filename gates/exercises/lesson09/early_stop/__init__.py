"""Where training is stopped."""

from collections.abc import Sequence

from gates.exercises.common.coding import Probes, coding
from gates.exercises.lesson09.early_stop.slips import SLIPS
from gates.exercises.lesson09.early_stop.variants import variant


def early_stop(losses: Sequence[float], patience: int) -> int:
    """Which evaluation's network is kept, if training stops when there is no more progress.

    losses: the validation loss at each evaluation, as training would go on. patience: training
    stops after so many evaluations in a row that do not bring the loss below the least so far.
    Returns the number of the evaluation with the least loss until then, counted from 0; of
    equal ones the first.
    """
    best = 0
    for k, loss in enumerate(losses):
        if loss < losses[best]:
            best = k
        elif k - best >= patience:
            break
    return best


def probes() -> Probes:
    """With a better one behind the end of patience, with ties, with an early rise, and one that falls to the last."""
    return [
        ([0.9, 0.7, 0.8, 0.6, 0.61, 0.65, 0.59, 0.7, 0.8, 0.75, 0.5], 3),
        ([0.9, 0.8, 0.85, 0.84, 0.7, 0.75, 0.74, 0.6], 2),
        ([0.5, 0.6, 0.5, 0.5, 0.6, 0.4], 3),
        ([0.9, 0.8, 0.7], 2),
        ([1.0, 1.2, 0.9, 1.1, 0.8, 0.85, 0.9], 1),
        ([0.9, 0.8, 0.7, 0.75], 3),
        ([2.0, 1.0, 1.5, 0.9, 1.5, 0.8, 1.5, 0.7, 1.5, 0.6, 1.6, 1.7, 1.8, 1.9, 0.1], 4),
    ]


EXERCISE = coding(
    early_stop,
    asks="where training is stopped",
    probes=probes,
    outputs=("the number of the evaluation",),
    variant=variant,
    pairs=False,
    reads=lambda k, arguments: float(k),
    slips=SLIPS,
)

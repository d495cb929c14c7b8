"""Where training is stopped, with its parts exchangeable."""

from collections.abc import Callable, Sequence


def variant(
    better=lambda loss, best: loss < best,
    over=lambda waited, patience: waited >= patience,
    found=lambda best, k: best,
    whole=None,
) -> Callable:
    """Which evaluation is kept, with the parts of it exchangeable."""

    def run(losses: Sequence[float], patience: int) -> int:
        best = k = 0
        for k, loss in enumerate(losses):
            if k and better(loss, losses[best]):
                best = k
            elif over(k - best, patience):
                break
        return found(best, k)

    return whole or run

"""The width of a GRU that has as many parameters as an LSTM."""

from collections.abc import Callable

from gates.exercises.common.coding import Probes, coding
from gates.exercises.lesson12.equal_width.slips import SLIPS
from gates.exercises.lesson12.equal_width.variants import nearest
from gates.networks import equal_width, parameters


def probes() -> Probes:
    """Sizes of which the nearest width lies below the LSTM's parameters in some and above them in others.

    In the second, 37 and 38 units are equally near. In the last, a ratio does not choose what the difference does even where the
    head is left out.
    """
    small = [(3, 8, 2), (12, 32, 17), (7, 23, 2), (23, 6, 7), (5, 15, 11), (2, 21, 25)]
    return [*small, (38, 46, 39), (43, 30, 2), (23, 35, 15), (1, 1, 1), (8, 64, 4), (3, 14, 16)]


def variant(
    wanted=lambda I, H, O: parameters("lstm", I, H, O),
    count=lambda I, H, O: parameters("gru", I, H, O),
    far=lambda count, wanted: count - wanted,
    choose=nearest,
    whole=None,
) -> Callable:
    """The width of the nearest count, with its parts exchangeable: a choice among widths and their differences."""

    def width(I: int, H: int, O: int) -> int:
        target = wanted(I, H, O)
        return choose({w: far(count(I, w, O), target) for w in range(1, 2 * H + 1)})

    return whole or width


EXERCISE = coding(
    equal_width,
    asks="the width of a GRU that has as many parameters as an LSTM",
    probes=probes,
    outputs=("the width",),
    variant=variant,
    slips=SLIPS,
)

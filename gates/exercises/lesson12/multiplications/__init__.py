"""What a step costs, in multiplications."""

from collections.abc import Callable

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.seen import instead
from gates.exercises.lesson12.multiplications.slips import SLIPS


def multiplications(cell: str, I: int, H: int) -> int:
    """How many multiplications of two numbers one step of a layer takes, for one sample.

    cell: "lstm" or "gru", as the equations of lessons 03 and 04 have them. I: input size. H: hidden
    size. Counted are those inside W x and U h, and those of the gates, number by number. Sums are
    not counted, and neither is what happens inside σ and tanh.
    """
    blocks = {"lstm": 4, "gru": 3}[cell]
    return blocks * H * (I + H) + 3 * H


def probes() -> Probes:
    return [("lstm", 3, 5), ("gru", 3, 5), ("lstm", 11, 7), ("gru", 11, 7), ("gru", 2, 13)]


def _in_capitals() -> Probes:
    return [(cell.upper(), I, H) for cell, I, H in probes()]


def variant(
    blocks=lambda cell: {"lstm": 4, "gru": 3}[cell],
    read=lambda I, H: I + H,
    rows=lambda H: H,
    biases=0,
    times=lambda inside, gated: inside + gated,
    gated=lambda cell: 3,
) -> Callable:
    """Multiplications of a step, with the parts of the count exchangeable."""

    def count(cell: str, I: int, H: int) -> int:
        inside = blocks(cell) * rows(H) * (read(I, H) + biases)
        return times(inside, gated(cell) * H)

    return count


EXERCISE = coding(
    multiplications,
    asks="what a step costs, in multiplications",
    probes=probes,
    outputs=("the count",),
    variant=variant,
    instead=(
        instead(
            _in_capitals,
            "cell-named-in-capitals",
            'The cell is looked for under a name in capitals, and it comes as "lstm" or "gru".',
            'For Python "LSTM" and "lstm" are two texts, so that an `if` goes on to its other branch. Write the name as it comes.',
            right=lambda cell, I, H: multiplications(cell.lower(), I, H),
        ),
    ),
    slips=SLIPS,
)

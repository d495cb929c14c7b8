"""The loss of a strategy without memory."""

import math
from collections.abc import Callable

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.slips import slip


def memoryless_loss(length: int, symbols: int, kinds: int) -> float:
    """The mean cross-entropy in copying of a strategy that knows the rules and remembers nothing.

    It answers the blanks for certain, and guesses evenly among the kinds where a symbol is due.
    length: how many blanks come between. symbols: how many symbols are shown, and as many are
    to be repeated. kinds: how many there are to choose from.
    Returns the mean over all length + 2 * symbols steps, with the natural logarithm.
    """
    return symbols * math.log(kinds) / (length + 2 * symbols)


def probes() -> Probes:
    return [(100, 10, 8), (20, 3, 5), (7, 2, 3)]


def variant(
    one=math.log,
    due=lambda length, symbols: symbols,
    steps=lambda length, symbols: length + 2 * symbols,
    whole=None,
) -> Callable:
    """The loss without memory, with its parts exchangeable."""
    return whole or (
        lambda length, symbols, kinds: one(kinds) * due(length, symbols) / steps(length, symbols)
    )


EXERCISE = coding(
    memoryless_loss,
    asks="the loss of a strategy without memory",
    probes=probes,
    outputs=("the loss",),
    variant=variant,
    reads=lambda loss, arguments: float(loss),
    slips=[
        slip(
            "only-due-steps",
            "The mean is taken over the steps with a symbol only.",
            "The blanks are steps as well: there are length + 2 · symbols of them, and all but a few cost nothing.",
            steps=lambda length, symbols: symbols,
        ),
        slip(
            "only-due-steps",
            steps=lambda length, symbols: 2 * symbols,
            detail="Those at which symbols are shown are among them.",
        ),
        slip("sum-for-mean", steps=lambda length, symbols: 1),
        slip(
            "length-for-steps",
            "The number of steps is counted wrongly.",
            "The symbols are shown, then come the blanks, then the symbols are due: symbols + length + symbols.",
            steps=lambda length, symbols: length,
        ),
        slip("length-for-steps", steps=lambda length, symbols: length + symbols),
        slip(
            "length-for-steps",
            steps=lambda length, symbols: length + 2 * symbols + 1,
            detail="It is one step more.",
        ),
        slip(
            "one-symbol-only",
            "The guess is paid for once, though several symbols are due.",
            "Each of the symbols costs log(kinds).",
            due=lambda length, symbols: 1,
        ),
        slip(
            "shown-symbols-counted",
            "The steps at which symbols are shown are paid for, too.",
            "While the symbols are shown, the answer is a blank, which the strategy knows. Only where they are due it guesses.",
            due=lambda length, symbols: 2 * symbols,
        ),
        slip(
            "every-step-guessed",
            "Every step is guessed, blanks included.",
            "The strategy knows when a blank is due, so these steps cost nothing.",
            whole=lambda length, symbols, kinds: math.log(kinds + 1),
        ),
        slip(
            "blank-among-kinds",
            "The blank is counted among the symbols to guess from.",
            "After the signal a symbol is due for certain, so the guess is among `kinds`.",
            one=lambda kinds: math.log(kinds + 1),
        ),
        slip("log-of-another-base", one=math.log2),
        slip("log-of-another-base", one=math.log10),
        slip(
            "chance-for-loss",
            "The share of right guesses stands where their cross-entropy should.",
            "A guess with probability p for the right answer costs −log p, here log(kinds).",
            one=lambda kinds: 1 / kinds,
        ),
        slip("chance-for-loss", one=lambda kinds: 1 - 1 / kinds),
        slip(
            "loss-times-chance",
            "The cost of a guess is multiplied by its probability.",
            "Whichever symbol is due, its probability is 1/kinds and its cost log(kinds): nothing is left to weigh.",
            one=lambda kinds: math.log(kinds) / kinds,
        ),
        slip(
            "division-without-brackets",
            "Only a part of the number of steps is divided by.",
            "Python divides before it adds: put the sum of the steps in brackets.",
            whole=lambda length, symbols, kinds: symbols * math.log(kinds) / length + 2 * symbols,
        ),
        slip(
            "division-without-brackets",
            whole=lambda length, symbols, kinds: (
                symbols * math.log(kinds) / symbols + length + symbols
            ),
        ),
        slip(
            "symbols-for-kinds",
            "The logarithm is taken of how many symbols there are, and not of how many kinds.",
            "A guess is among the kinds, so it costs log(kinds).",
            whole=lambda length, symbols, kinds: (
                symbols * math.log(symbols) / (length + 2 * symbols)
            ),
        ),
        slip(
            "log-without-minus",
            "The loss is negative.",
            "−log(1/kinds) is +log(kinds).",
            one=lambda kinds: -math.log(kinds),
        ),
    ],
)

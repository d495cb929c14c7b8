"""Layers upon layers."""

from collections.abc import Callable

from torch import Tensor

from gates import cells
from gates.cells import Weights, unroll
from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.probing import leaky_cell, random_numbers, random_weights
from gates.exercises.lesson05.stack_layers.slips import SLIPS
from gates.exercises.lesson05.stack_layers.variants import variant


def stack_layers(
    cell: Callable, xs: Tensor, states: list, weights: list[Weights]
) -> tuple[Tensor, list]:
    """Several layers of a cell with the state (h, c), each of which reads what the one below shows.

    cell: the cell's step. xs: (T, B, I). states, weights: lists with one start (h, c) and one
    set of weights for each layer. Returns the outputs of the top layer, (T, B, H), and the list
    of final states.
    """
    ys, finals = xs, []
    for state, layer_weights in zip(states, weights, strict=True):
        ys, final = unroll(cell, ys, state, layer_weights)
        finals.append(final)
    return ys, finals


def _stacks(square: bool = False) -> Callable[[], Probes]:
    def probes() -> Probes:
        randn, found = random_numbers(50), []
        for cell, (T, B, I, H, L) in [
            (cells.lstm_cell, (4, 2, 3, 5, 3)),
            (leaky_cell, (3, 4, 5, 2, 2)),
        ]:
            I = H if square else I
            states = [(randn(B, H), randn(B, H)) for _ in range(L)]
            weights = [random_weights(randn, 4, I if k == 0 else H, H) for k in range(L)]
            found.append((cell, randn(T, B, I), states, weights))
        return found

    return probes


def _ys_and_finals(arguments: tuple) -> tuple[str, ...]:
    """The outputs of a stack, and the final h and c of each of its layers."""
    layers = range(1, len(arguments[2]) + 1)
    return "ys", *(f"the final {part} of layer {k}" for k in layers for part in "hc")


EXERCISE = coding(
    stack_layers,
    asks="layers upon layers",
    probes=_stacks(),
    square=_stacks(square=True),
    outputs=_ys_and_finals,
    variant=variant,
    gradients=True,
    shapes="xs is (T, B, I). The first layer reads I numbers, each other one H.",
    slips=SLIPS,
)

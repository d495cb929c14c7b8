"""Probes of one step of a cell, forward and backward."""

from collections.abc import Callable

import torch
from torch import Tensor

from gates.cells import Weights
from gates.exercises.common.coding import Probes
from gates.exercises.common.probing import random_numbers, random_weights, scaled_by


def step(gates: int, I: int = 4, H: int = 2, B: int = 3, seed: int = 3) -> tuple:
    """One probe of a step: x, state and weights; a pair for four gates, h alone for fewer."""
    randn = random_numbers(seed)
    x, h, c = randn(B, I), randn(B, H), 2 * randn(B, H)
    return (x, (h, c) if gates == 4 else h, random_weights(randn, gates, I, H))


def a_step(gates: int) -> Callable[[], Probes]:
    sizes = [{}, {"I": 3, "H": 5, "B": 2}, {"I": 2, "H": 3, "B": 4}]
    return lambda: [step(gates, seed=3 + k, **size) for k, size in enumerate(sizes)]


def small_steps(gates: int) -> Callable[[], Probes]:
    """One sample, one unit, one input."""
    sizes = [{"B": 1}, {"H": 1}, {"B": 1, "I": 1, "H": 1}]
    return lambda: [step(gates, seed=20 + k, **size) for k, size in enumerate(sizes)]


def _arrays(value: object) -> object:
    if isinstance(value, Tensor):
        return value.numpy()
    parts = [_arrays(part) for part in value]
    return Weights(*parts) if isinstance(value, Weights) else tuple(parts)


def a_step_back(gates: int) -> Callable[[], Probes]:
    def probes() -> Probes:
        found = []
        for k, (B, I, H) in enumerate([(3, 4, 2), (2, 3, 5)]):
            x, state, weights = step(gates, I, H, B, seed=30 + k)
            randn = random_numbers(40 + k)
            dstate = (randn(B, H), randn(B, H)) if gates == 4 else randn(B, H)
            found.append(_arrays((dstate, x, state, weights)))
        return found

    return probes


def large_steps(gates: int) -> Callable[[], Probes]:
    """Numbers that a limit inside a step would cut off, and that overflow nothing."""

    def probes() -> Probes:
        x, state, weights = step(gates, I=3, H=4, B=5, seed=16)
        weights = weights._replace(weight_hh=0.2 * weights.weight_hh)
        if gates == 4:
            return [(3 * x, (20 * state[0], 50 * state[1]), weights)]
        return [(3 * x, 20 * state, weights)]

    return probes


def large_steps_back(gates: int) -> Callable[[], Probes]:
    """Gradients that a limit inside a step backward would cut off."""

    def probes() -> Probes:
        return [(scaled_by(dstate, 1000.0), *given) for dstate, *given in a_step_back(gates)()]

    return probes


def update() -> Probes:
    randn = random_numbers(2)
    return [
        (
            torch.sigmoid(randn(B, H)),
            torch.sigmoid(randn(B, H)),
            torch.tanh(randn(B, H)),
            torch.sigmoid(randn(B, H)),
            2 * randn(B, H),
        )
        for B, H in [(3, 2), (2, 5)]
    ]


def gru_weights() -> Probes:
    randn = random_numbers(53)
    return [(random_weights(randn, 3, I, H),) for I, H in [(3, 2), (2, 4)]]

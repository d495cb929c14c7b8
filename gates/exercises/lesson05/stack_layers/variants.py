"""Layers upon layers, with its parts exchangeable."""

from collections.abc import Callable

import torch
from torch import Tensor

from gates.cells import Weights


def variant(
    handed=lambda hs, cs, xs: hs,
    start=lambda states, k: states[k],
    use=lambda weights, k: weights[k],
    layers=lambda L: L,
    shown=lambda hs, cs: hs,
    finals=lambda lasts, states: lasts,
    whole=None,
) -> Callable:
    """Layers upon layers, with their parts exchangeable."""

    def run(
        cell: Callable, xs: Tensor, states: list, weights: list[Weights]
    ) -> tuple[Tensor, list]:
        below, lasts = xs, []
        for k in range(layers(len(states))):
            state, hs, cs = start(states, k), [], []
            for x in below:
                state = cell(x, state, use(weights, k))
                hs.append(state[0])
                cs.append(state[1])
            hs, cs = torch.stack(hs), torch.stack(cs)
            below, top = handed(hs, cs, xs), shown(hs, cs)
            lasts.append(state)
        return top, finals(lasts, states)

    return whole or run

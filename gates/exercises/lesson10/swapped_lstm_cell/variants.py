"""An LSTM step with other activations, with its parts exchangeable."""

from collections.abc import Callable

import torch

from gates.exercises.common.slips import same


def variant(
    of_i="gate",
    of_f="gate",
    of_g="candidate",
    of_o="gate",
    of_c="output",
    shown=lambda o, squashed, c: o * squashed,
    stored=lambda c, squashed: c,
    whole=None,
) -> Callable:
    """The step with exchangeable activations: each slot says which of the three functions is used, or what else."""

    def step(x, state, weights, gate=torch.sigmoid, candidate=torch.tanh, output=torch.tanh):
        functions = {"gate": gate, "candidate": candidate, "output": output}
        functions |= {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "nothing": same}
        W_ih, W_hh, b_ih, b_hh = weights
        h, c = state
        a_i, a_f, a_g, a_o = (x @ W_ih.T + b_ih + h @ W_hh.T + b_hh).chunk(4, dim=-1)
        i, f, o = functions[of_i](a_i), functions[of_f](a_f), functions[of_o](a_o)
        c = f * c + i * functions[of_g](a_g)
        squashed = functions[of_c](c)
        return shown(o, squashed, c), stored(c, squashed)

    return whole or step

"""Weights that count."""

from collections.abc import Callable

import torch
from torch import Tensor

from gates.cells import Weights, lstm_cell
from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.slips import slip
from gates.tasks.counting import strings


def counting_weights(strong: float) -> Weights:
    """The weights of an LSTM with one unit that counts: up by 1 with an a, down by 1 with a b.

    strong: a number so large that σ(strong) and tanh(strong) count as 1.
    An a comes as (1, 0) and a b as (0, 1). Returns Weights for I = 2 and H = 1, so weight_ih is
    (4, 2), weight_hh (4, 1), and each bias (4,), packed i, f, g, o.
    """
    W_ih = torch.tensor([[0.0, 0.0], [0.0, 0.0], [strong, -strong], [0.0, 0.0]])
    b_ih = torch.tensor([strong, strong, 0.0, strong])
    return Weights(W_ih, torch.zeros(4, 1), b_ih, torch.zeros(4))


def probes() -> Probes:
    return [(20.0,), (15.0,)]


def variant(
    up=lambda strong: strong,
    down=lambda strong: -strong,
    f=lambda strong: strong,
    i=lambda strong: strong,
    order="ifgo",
) -> Callable:
    """The weights of a unit that counts, with the parts of it exchangeable."""

    def weights(strong: float) -> Weights:
        candidate = torch.tensor([[up(strong), down(strong)]])
        rows = {
            "i": torch.zeros(1, 2),
            "f": torch.zeros(1, 2),
            "g": candidate,
            "o": torch.zeros(1, 2),
        }
        biases = {"i": i(strong), "f": f(strong), "g": 0.0, "o": strong}
        W_ih = torch.cat([rows[k] for k in order])
        b_ih = torch.tensor([float(biases[k]) for k in order])
        return Weights(W_ih, torch.zeros(4, 1), b_ih, torch.zeros(4))

    return weights


def _as_it_counts(weights: tuple, arguments: tuple) -> Tensor:
    """What the memory holds after each symbol of two strings."""
    weights = Weights(*(weight.detach().double() for weight in weights))
    found = []
    for n in (2, 5):
        xs = strings(torch.tensor([n])).xs.double()
        state = (xs.new_zeros(1, 1), xs.new_zeros(1, 1))
        for x in xs:
            state = lstm_cell(x, state, weights)
            found.append(state[1].reshape(()))
    return torch.stack(found)


EXERCISE = coding(
    counting_weights,
    asks="weights that count",
    probes=probes,
    outputs=("the memory, symbol by symbol",),
    variant=variant,
    pairs=False,
    tolerance=0.02,
    reads=_as_it_counts,
    returns="It should return Weights: tensors of the shapes (4, 2), (4, 1), (4,) and (4,).",
    slips=[
        slip(
            "both-gates-half-open",
            "Neither the forget gate nor the input gate is open: both are at a half.",
            "A gate with weights and biases of 0 is σ(0) = 0.5. Each needs a bias of strong.",
            f=lambda strong: 0.0,
            i=lambda strong: 0.0,
        ),
        slip(
            "forget-gate-half-open",
            "The forget gate's pre-activation is 0, so half of the count is lost at every step.",
            "The gate has to be open, σ(strong): its bias, or its weights for both symbols, need `strong`.",
            f=lambda strong: 0.0,
        ),
        slip(
            "forget-gate-closed",
            "The forget gate is closed, so only the last symbol is held.",
            "f is the fraction kept: it needs +strong.",
            f=lambda strong: -strong,
        ),
        slip(
            "input-gate-half-open",
            "The input gate's pre-activation is 0, so each symbol counts by a half.",
            "The gate has to be open, σ(strong), for the memory to move by a whole.",
            i=lambda strong: 0.0,
        ),
        slip(
            "input-gate-shut",
            "The input gate is closed, and nothing is written.",
            "It needs +strong, at an a and at a b.",
            i=lambda strong: -strong,
        ),
        slip(
            "counts-the-other-way",
            "The memory falls with an a and rises with a b.",
            "The candidate's row is (strong, −strong): an a is the first input.",
            up=lambda strong: -strong,
            down=lambda strong: strong,
        ),
        slip(
            "counts-a-only",
            "A b does not count down.",
            "With a b the candidate has to be −1, so its second weight is −strong.",
            down=lambda strong: 0.0,
        ),
        slip(
            "counts-b-only",
            "An a does not count up.",
            "With an a the candidate has to be 1, so its first weight is strong.",
            up=lambda strong: 0.0,
        ),
        slip(
            "counts-every-step",
            "A b counts up as well.",
            "With a b the candidate has to be −1, so its second weight is −strong. Its row is the third: i, f, g, o.",
            down=lambda strong: strong,
        ),
        slip(
            "weight-one-for-step-one",
            "The candidate's weights are 1 and −1, and its tanh makes them smaller.",
            "tanh(1) is 0.76. For a step of 1 the pre-activation has to be `strong`.",
            up=lambda strong: 1.0,
            down=lambda strong: -1.0,
        ),
        slip("lstm-gate-order", order="igfo"),
        slip("lstm-gate-order", order="fgio"),
    ],
)

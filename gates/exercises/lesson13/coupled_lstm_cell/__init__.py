"""The LSTM step with coupled gates."""

import numpy as np

from gates.backward import sigmoid
from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.lstm_parts import until_gates
from gates.exercises.common.plan import Part, Plan
from gates.exercises.common.probing import random_numbers, random_weights
from gates.exercises.common.step_parts import gate, named
from gates.exercises.common.updating import PARTS, pair
from gates.exercises.lesson13.coupled_lstm_cell.slips import SLIPS
from gates.variants import coupled_lstm_cell


def step(I: int = 4, H: int = 2, B: int = 3, seed: int = 135) -> tuple:
    """One probe: x, state and weights in three blocks."""
    randn = random_numbers(seed)
    return randn(B, I), (randn(B, H), 2 * randn(B, H)), random_weights(randn, 3, I, H)


def probes() -> Probes:
    return [step(), step(3, 5, 2, 136), step(2, 3, 4, 137)]


def _small() -> Probes:
    return [step(B=1), step(H=1), step(1, 1, 1)]


def _large() -> Probes:
    """Numbers that a limit inside a step would cut off."""
    x, (h, c), weights = step(3, 4, 5, 138)
    return [(3 * x, (20 * h, 50 * c), weights._replace(weight_hh=0.2 * weights.weight_hh))]


variant = Plan(
    named,
    [
        *until_gates("fgo"),
        gate("f", sigmoid, ("a",)),
        gate("g", np.tanh, ("a",)),
        gate("o", sigmoid, ("a",)),
        Part(
            "i",
            ("f", "a", "o"),
            lambda f, a, o, couple: couple(f, a["f"][0], o),
            {"couple": lambda f, a, o: 1 - f},
        ),
        *PARTS,
    ],
    ("h_new", "c_kept"),
    pair,
)


EXERCISE = coding(
    coupled_lstm_cell,
    asks="the LSTM step with coupled gates",
    probes=probes,
    small=_small,
    sized=step,
    also=(_large, "clips-inside"),
    outputs=("h", "c"),
    variant=variant,
    gates="fgo",
    gradients=True,
    anywhere=True,
    shapes="x is (B, I) and meets weight_ih, (3H, I). h is (B, H) and meets weight_hh, (3H, H). c is (B, H).",
    slips=SLIPS,
)

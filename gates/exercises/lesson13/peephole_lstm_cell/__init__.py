"""The LSTM step with peepholes."""

import numpy as np
import torch
from numpy import ndarray as Array
from torch import Tensor

from gates.backward import sigmoid
from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.lstm_parts import until_gates
from gates.exercises.common.plan import Part, Plan
from gates.exercises.common.probing import random_numbers, random_weights
from gates.exercises.common.step_parts import gate, named
from gates.exercises.common.updating import PARTS, pair
from gates.exercises.lesson13.peephole_lstm_cell.slips import SLIPS
from gates.variants import PeepholeWeights, peephole_lstm_cell


def step(I: int = 4, H: int = 2, B: int = 3, seed: int = 131, size: float = 1.0) -> tuple:
    """One probe: x, state and weights. size: how large x and the state are."""
    randn = random_numbers(seed)
    x, h, c = size * randn(B, I), size * randn(B, H), 2 * size * randn(B, H)
    four, shrink = random_weights(randn, 4, I, H), 1 if size == 1 else 0.2
    four = four._replace(weight_hh=shrink * four.weight_hh)
    return x, (h, c), PeepholeWeights(*four, *(shrink * randn(H) for _ in "ifo"))


def probes() -> Probes:
    return [step(), step(3, 5, 2, 132), step(2, 3, 4, 133)]


def _small() -> Probes:
    return [step(B=1), step(H=1), step(1, 1, 1)]


def _large() -> Probes:
    """Numbers that a limit inside a step would cut off."""
    return [step(3, 4, 5, 134, size=20.0)]


def _named(x: Tensor, state: tuple[Tensor, Tensor], weights: PeepholeWeights) -> dict[str, Array]:
    *four, p_i, p_f, p_o = weights
    return named(x, state, four) | {"P": torch.stack([p_i, p_f, p_o]).detach().numpy()}


def _from_memory(a: dict, p: dict, c: Array, h: Array, see_i, see_f, see_g, after_if: str) -> dict:
    """The arguments of all gates, those of i and f with what they see of the old memory."""
    seen = {k: (see(a[k][0], p[k], c, h), a[k][1]) for k, see in (("i", see_i), ("f", see_f))}
    seen |= {k: (a[k][0], p[k] * c) for k in after_if}
    return a | seen | {"g": (see_g(a["g"][0], p, c), a["g"][1])}


def _from_new_memory(
    a: dict, p: dict, new: Array, old: Array, h: Array, see_o, after_o: bool
) -> dict:
    argument, after = a["o"]
    if after_o:
        return a | {"o": (argument, p["o"] * new)}
    return a | {"o": (see_o(argument, p["o"], new, h, old), after)}


def _through_peephole(a: Array, p: Array, c: Array, h: Array, *old: Array) -> Array:
    return a + p * c


variant = Plan(
    _named,
    [
        *until_gates("ifgo"),
        Part(
            "p", ("P",), lambda P, of: dict(zip("ifo", P[list(of)], strict=True)), {"of": (0, 1, 2)}
        ),
        Part(
            "a_old",
            ("a", "p", "c", "h"),
            _from_memory,
            {
                "see_i": _through_peephole,
                "see_f": _through_peephole,
                "see_g": lambda a, p, c: a,
                "after_if": "",
            },
        ),
        gate("i", sigmoid, ("a_old",)),
        gate("f", sigmoid, ("a_old",)),
        gate("g", np.tanh, ("a_old",)),
        PARTS[0],
        PARTS[1],
        Part(
            "a_new",
            ("a_old", "p", "c_new", "c", "h"),
            _from_new_memory,
            {"see_o": _through_peephole, "after_o": False},
        ),
        gate("o", sigmoid, ("a_new",)),
        PARTS[2],
    ],
    ("h_new", "c_kept"),
    pair,
)


EXERCISE = coding(
    peephole_lstm_cell,
    asks="the LSTM step with peepholes",
    probes=probes,
    small=_small,
    sized=step,
    also=(_large, "clips-inside"),
    outputs=("h", "c"),
    variant=variant,
    gates="ifgo",
    gradients=True,
    anywhere=True,
    shapes="x is (B, I) and meets weight_ih, (4H, I). h is (B, H) and meets weight_hh, (4H, H). c is (B, H), and each peephole (H,).",
    slips=SLIPS,
)

"""The plain recurrent step."""

from collections.abc import Callable
from functools import partial

import numpy as np
import torch
from numpy import ndarray as Array

from gates.backward import sigmoid
from gates.cells import rnn_cell
from gates.exercises.common.adding import constants
from gates.exercises.common.coding import coding
from gates.exercises.common.plan import Part, Plan
from gates.exercises.common.slips import same, slip
from gates.exercises.common.squashing import of_tanh, tanh_twice
from gates.exercises.common.step_parts import TRANSPOSED, both, named, side_by_side
from gates.exercises.common.step_slips import BEFORE_GATES
from gates.exercises.common.stepping import a_step, large_steps, small_steps, step


def _terms(x, h, W, U, b, d, products, recurrent, bias, use_h, terms) -> dict[str, Array]:
    """What is added up: x's and h's products and their biases."""
    h = use_h(h)
    if terms:
        return terms(x, h, W, U, b, d)
    of_x, of_h = products(x, h, W, U, recurrent)
    b, d = bias(b, d)
    return {"x": of_x, "h": of_h, "b": b, "d": d}


def _new(terms: dict[str, Array], squash: Callable, inside: tuple[str, ...], inside_h) -> Array:
    """inside: which of the four terms are squashed together."""
    squashed = sum(squash(inside_h(sum(terms[k] for k in group))) for group in inside)
    return squashed + sum(term for k, term in terms.items() if k not in "".join(inside))


variant = Plan(
    named,
    [
        Part(
            "terms",
            ("x", "h_old", "W", "U", "b", "d"),
            _terms,
            {
                "products": side_by_side,
                "recurrent": TRANSPOSED,
                "bias": both,
                "use_h": same,
                "terms": None,
            },
        ),
        Part(
            "h",
            ("terms",),
            _new,
            {"squash": np.tanh, "inside": ("xbhd",), "inside_h": same},
        ),
    ],
    ("h",),
    torch.from_numpy,
)


def _through_both(biased: bool, between: Callable) -> Callable:
    """The input's part, with its bias or without, is added to h before the recurrent matrix."""

    def terms(x, h, W, U, b, d) -> dict[str, Array]:
        entered = between(h, x @ W.T + (b if biased else 0))
        return {"x": 0, "h": entered @ U.T, "b": 0 if biased else b, "d": d}

    return terms


_STEP = "x is (B, I) and meets weight_ih, (H, I). h is (B, H) and meets weight_hh, (H, H)."


EXERCISE = coding(
    rnn_cell,
    asks="the plain recurrent step",
    probes=a_step(1),
    small=small_steps(1),
    sized=partial(step, 1),
    also=(large_steps(1), "clips-inside"),
    outputs=("h",),
    variant=variant,
    gradients=True,
    anywhere=True,
    shapes=_STEP,
    slips=[
        slip(
            "rnn-no-squash",
            "The new hidden state has not gone through tanh, so the network is linear in its inputs.",
            "h = tanh(W_ih x + b_ih + W_hh h + b_hh): the tanh goes around the whole sum.",
            squash=same,
            seen=("pytorch/tutorials#3956",),
        ),
        slip(
            "rnn-sigmoid",
            "The new hidden state goes through a sigmoid, so it can never be negative.",
            "A plain recurrent step uses tanh; the sigmoid is for gates.",
            squash=sigmoid,
        ),
        *BEFORE_GATES,
        *[
            slip("squashed-too-early", inside=(part,))
            for part in ("xb", "x", "hd", "h", "xh", "xbh", "xhd", "xbd", "bhd")
        ],
        slip("squashed-too-early", inside=("xb", "hd"), detail="Each part has a tanh of its own."),
        slip("squashed-too-early", inside=("x", "h"), detail="Each part has a tanh of its own."),
        *[
            slip(
                "rnn-input-through-both",
                "The input's part is added to h before the recurrent matrix, so it goes through both matrices.",
                "x meets weight_ih, h meets weight_hh, and only the two products are added.",
                terms=_through_both(biased, between),
                detail=detail,
                seen=("fastai/fastbook#95",),
            )
            for biased in (True, False)
            for between, detail in (
                (lambda h, of_x: h + of_x, ""),
                (lambda h, of_x: np.tanh(h + of_x), "There is a tanh in between."),
                (lambda h, of_x: h + np.tanh(of_x), "The input's part goes through tanh before."),
            )
        ],
        slip(
            "rnn-tanh-twice",
            "The new hidden state goes through tanh twice.",
            "One tanh of the whole sum is all.",
            squash=tanh_twice,
        ),
        *of_tanh("squash", ""),
        *constants({"h": "the argument of tanh"}),
    ],
)

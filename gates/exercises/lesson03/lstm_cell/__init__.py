"""The LSTM step."""

from functools import partial

import numpy as np
from numpy import ndarray as Array

from gates.backward import sigmoid
from gates.cells import lstm_cell
from gates.exercises.common.coding import coding
from gates.exercises.common.plan import Part, Plan
from gates.exercises.common.rows import as_packed
from gates.exercises.common.slips import same
from gates.exercises.common.step_parts import (
    TRANSPOSED,
    arguments,
    both,
    first,
    gate,
    in_blocks,
    named,
    second,
    side_by_side,
)
from gates.exercises.common.stepping import a_step, large_steps, small_steps, step
from gates.exercises.common.updating import PARTS, pair
from gates.exercises.lesson03.lstm_cell.slips import SLIPS


def _terms(x, h, W, U, b, d, products, recurrent, bias, split) -> list[list[Array]]:
    """x's and h's products and their biases, each in four blocks."""
    of_x, of_h = products(x, h, W, U, recurrent)
    return [split(term) for term in (of_x, of_h, *bias(b, d))]


variant = Plan(
    named,
    [
        Part(
            "h",
            ("h_old", "c_old"),
            lambda h, c, unpack, meets_matrix, use_h: use_h(meets_matrix(*unpack(h, c))),
            {"unpack": both, "meets_matrix": first, "use_h": same},
        ),
        Part(
            "c",
            ("h_old", "c_old"),
            lambda h, c, unpack, is_memory, use_c: use_c(is_memory(*unpack(h, c))),
            {"unpack": both, "is_memory": second, "use_c": same},
        ),
        Part(
            "terms",
            ("x", "h", "W", "U", "b", "d"),
            _terms,
            {
                "products": side_by_side,
                "recurrent": TRANSPOSED,
                "bias": both,
                "split": in_blocks(4),
            },
        ),
        Part(
            "a",
            ("terms",),
            arguments("ifgo"),
            {"blocks": as_packed("ifgo"), "late": {}, "missing": ()},
        ),
        Part(
            "c_product",
            ("c", "U"),
            lambda c, U: dict(zip("ifgo", np.split(c @ U.T, 4, axis=-1), strict=True)),
        ),
        gate("i", sigmoid),
        gate("f", sigmoid),
        gate("g", np.tanh),
        PARTS[0],
        PARTS[1],
        gate("o", sigmoid, ("a", "c", "c_product", "c_new")),
        PARTS[2],
    ],
    ("h_new", "c_kept"),
    pair,
)


EXERCISE = coding(
    lstm_cell,
    asks="the LSTM step",
    probes=a_step(4),
    small=small_steps(4),
    sized=partial(step, 4),
    also=(large_steps(4), "clips-inside"),
    outputs=("h", "c"),
    variant=variant,
    gates="ifgo",
    gradients=True,
    anywhere=True,
    shapes="x is (B, I) and meets weight_ih, (4H, I). h is (B, H) and meets weight_hh, (4H, H). c is (B, H).",
    slips=SLIPS,
)

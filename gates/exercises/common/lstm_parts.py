"""The parts of an LSTM's step up to the pre-activations of its gates, whatever gates it has; in NumPy."""

from numpy import ndarray as Array

from gates.exercises.common.plan import Part
from gates.exercises.common.rows import as_packed
from gates.exercises.common.slips import same
from gates.exercises.common.step_parts import (
    TRANSPOSED,
    arguments,
    both,
    first,
    in_blocks,
    second,
    side_by_side,
)


def _terms(x, h, W, U, b, d, products, recurrent, bias, split) -> list[list[Array]]:
    """x's and h's products and their biases, each in as many blocks as there are gates."""
    of_x, of_h = products(x, h, W, U, recurrent)
    return [split(term) for term in (of_x, of_h, *bias(b, d))]


def until_gates(gates: str) -> list[Part]:
    """The parts h and c, terms and a. gates: the letters of the blocks that weights come in."""
    return [
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
                "split": in_blocks(len(gates)),
            },
        ),
        Part(
            "a",
            ("terms",),
            arguments(gates),
            {"blocks": as_packed(gates), "late": {}, "missing": ()},
        ),
    ]

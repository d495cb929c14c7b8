"""Mistakes in torch's GRU arrays as Keras stores them, and their parts."""

from collections.abc import Callable

import numpy as np
from numpy import ndarray as Array

from gates.cells import Weights
from gates.exercises.common.slips import same, slip


def in_order(order: str) -> Callable[[Array], Array]:
    return lambda array: np.concatenate([np.split(array, 3)["rzn".index(k)] for k in order])


_REORDERED = in_order("zrn")


def variant(
    W=_REORDERED,
    U=_REORDERED,
    b=_REORDERED,
    d=_REORDERED,
    turn_W=np.transpose,
    turn_U=np.transpose,
    rows=lambda b, d: np.stack([b, d]),
    z=same,
) -> Callable:
    """The three arrays, with their blocks' order, their turning and the biases' rows exchangeable."""

    def given(weights: Weights) -> tuple:
        kernel, recurrent, *biases = (
            order(z(array)) for order, array in zip((W, U, b, d), weights, strict=True)
        )
        return turn_W(kernel), turn_U(recurrent), rows(*biases)

    return given


def _taking_turns(array: Array) -> Array:
    """The gates of each unit side by side."""
    blocks = np.stack(np.split(in_order("zrn")(array), 3), axis=1)
    return blocks.reshape(array.shape)


def _negated(array: Array) -> Array:
    r, z, n = np.split(array, 3)
    return np.concatenate([r, -z, n])


def _everywhere(order: Callable) -> dict[str, Callable]:
    return dict.fromkeys("WUbd", order)


def _by_block(array: Array) -> Array:
    """Each square block turned by itself, one below the other, and the whole poured into H rows."""
    return np.concatenate([block.T for block in np.split(array, 3)]).reshape(array.shape[::-1])


def _poured(array: Array) -> Array:
    return array.reshape(array.shape[::-1])


SLIPS = [
    slip(
        "keras-order-kept",
        "The blocks keep torch's order, r, z, n, so that Keras takes each gate for the other.",
        "The printed array begins with z: cut each array into three blocks, and put z before r.",
        **_everywhere(same),
        seen=("keras-team/keras#8720", "keras-team/keras#15915"),
    ),
    slip(
        "keras-order-in-parts",
        "Only some of the arrays have their blocks in the order z, r, n.",
        "All four of torch's arrays hold r, z, n, the biases too.",
        b=same,
        d=same,
        detail="The biases keep torch's.",
    ),
    slip("keras-order-in-parts", W=same, U=same, detail="The matrices keep torch's."),
    slip("keras-order-in-parts", U=same, d=same, detail="Those that meet h keep torch's."),
    slip("keras-order-in-parts", W=same, b=same, detail="Those that meet x keep torch's."),
    *[
        slip("keras-order-in-parts", **{k: same}, detail=f"Torch's stays in {name}.")
        for k, name in zip("WUbd", Weights._fields, strict=True)
    ],
    *[
        slip(
            "keras-other-order",
            "The blocks stand in an order that is neither torch's nor Keras'.",
            "Keras has z, r, n: of torch's three blocks the first two change places.",
            **_everywhere(in_order(order)),
            detail=f"It is {', '.join(order)}.",
        )
        for order in ("znr", "nzr", "nrz", "rnz")
    ],
    slip("recurrent-not-transposed", turn_U=_poured, alone=True),
    slip(
        "recurrent-not-transposed",
        turn_U=lambda U: np.concatenate(np.split(U, 3), axis=1),
    ),
    slip("recurrent-not-transposed", turn_U=_by_block, alone=True),
    slip("view-for-transpose", turn_W=_poured, turn_U=_poured),
    slip("view-for-transpose", turn_W=_poured, detail="It is kernel."),
    slip("rows-interleaved", **_everywhere(_taking_turns), detail="They are those of z, r, n."),
    slip(
        "keras-bias-rows",
        "The two rows of bias have changed places.",
        "The first row is added to what comes from x, which is torch's bias_ih.",
        rows=lambda b, d: np.stack([d, b]),
    ),
    slip(
        "keras-bias-summed",
        "The two biases are added up.",
        "Keras keeps two, and has to: r multiplies the n of the second, and not that of the first.",
        rows=lambda b, d: np.stack([b + d, np.zeros_like(b)]),
    ),
    slip("keras-bias-summed", rows=lambda b, d: np.stack([np.zeros_like(b), b + d])),
    slip("keras-bias-summed", rows=lambda b, d: b + d),
    slip("drops-bias-hh", rows=lambda b, d: np.stack([b, np.zeros_like(b)])),
    slip("drops-bias-hh", rows=lambda b, d: np.stack([b, b])),
    slip("drops-bias-ih", rows=lambda b, d: np.stack([np.zeros_like(b), d])),
    slip(
        "keras-bias-in-one-row",
        "The biases stand one behind the other in a single row, as in ONNX.",
        "Keras' bias is (2, 3H): np.stack puts one array below the other.",
        rows=lambda b, d: np.concatenate([b, d]),
    ),
    slip(
        "keras-z-turned",
        "The sign of z is turned, and Keras' z is torch's: the share of the old state.",
        "Leave the numbers as they are. Only places change.",
        z=_negated,
    ),
]

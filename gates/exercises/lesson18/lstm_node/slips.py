"""Mistakes in torch's LSTM arrays as ONNX stores them, and their parts."""

from collections.abc import Callable

import numpy as np
from numpy import ndarray as Array

from gates.cells import Weights
from gates.exercises.common.slips import same, slip


def in_order(order: str) -> Callable[[Array], Array]:
    return lambda array: np.concatenate([np.split(array, 4)["ifgo".index(k)] for k in order])


def _joined(b: Array, d: Array) -> Array:
    return np.concatenate([b, d])


def _with_axis(W: Array, R: Array, B: Array) -> tuple:
    return W[None], R[None], B[None]


_REORDERED = in_order("iofg")


def variant(
    W=_REORDERED,
    U=_REORDERED,
    b=_REORDERED,
    d=_REORDERED,
    B=_joined,
    turn_U=same,
    turn=same,
    give=_with_axis,
) -> Callable:
    """The three arrays, with their blocks' order, their turning, the biases and the axis exchangeable."""

    def made(weights: Weights) -> tuple:
        of_x, of_h, *biases = (
            order(array) for order, array in zip((W, U, b, d), weights, strict=True)
        )
        return give(turn(of_x), turn(turn_U(of_h)), B(*biases))

    return made


def _everywhere(order: Callable) -> dict[str, Callable]:
    return dict.fromkeys("WUbd", order)


def _block_turned(U: Array) -> Array:
    return np.concatenate([block.T for block in np.split(U, 4)])


SLIPS = [
    slip(
        "onnx-order-kept",
        "The blocks keep torch's order, i, f, g, o.",
        "ONNX has i, o, f, c: behind the first block comes torch's last.",
        **_everywhere(same),
    ),
    *[
        slip(
            "onnx-other-order",
            "The blocks stand in an order that is neither torch's nor ONNX'.",
            "It is i, o, f, c, and c is torch's g.",
            **_everywhere(in_order(order)),
            detail=f"It is {', '.join(order)}.",
        )
        for order in ("iogf", "ifog", "igfo", "igof", "fiog", "ofig")
    ],
    slip(
        "onnx-order-in-parts",
        "Only some of the arrays have their blocks in the order i, o, f, c.",
        "All four of torch's arrays hold i, f, g, o, the biases too.",
        b=same,
        d=same,
        detail="The biases keep torch's.",
    ),
    slip("onnx-order-in-parts", W=same, U=same, detail="The matrices keep torch's."),
    *[
        slip("onnx-order-in-parts", **{k: same}, detail=f"Torch's stays in {name}.")
        for k, name in zip("WUbd", Weights._fields, strict=True)
    ],
    slip(
        "onnx-biases-summed",
        "The two biases are added up.",
        "The numbers that come out are the same, but B has room for both, and the way back to torch would not "
        "find them again.",
        B=lambda b, d: np.concatenate([b + d, np.zeros_like(b)]),
    ),
    slip("onnx-biases-summed", B=lambda b, d: b + d, detail="B has 8H numbers."),
    slip(
        "onnx-biases-swapped",
        "bias_hh comes before bias_ih.",
        "In B the biases for x come first.",
        B=lambda b, d: np.concatenate([d, b]),
    ),
    slip(
        "onnx-biases-taking-turns",
        "The two biases take turns, gate by gate.",
        "All of the first, 4H numbers, and then all of the second.",
        B=lambda b, d: np.stack([b.reshape(4, -1), d.reshape(4, -1)], axis=1).reshape(-1),
    ),
    slip("drops-bias-hh", B=lambda b, d: np.concatenate([b, np.zeros_like(b)])),
    slip("drops-bias-hh", B=lambda b, d: np.concatenate([b, b])),
    slip("drops-bias-ih", B=lambda b, d: np.concatenate([np.zeros_like(b), d])),
    slip(
        "onnx-turned",
        "The matrices are transposed, as for Keras.",
        "ONNX' rows are torch's: W is (1, 4H, I).",
        turn=np.transpose,
    ),
    slip(
        "onnx-turned",
        turn_U=_block_turned,
        detail="It is each block of the recurrent one.",
    ),
    slip(
        "onnx-no-directions",
        "The first axis, that of directions, is missing.",
        "W[None] puts an axis of 1 in front.",
        give=lambda W, R, B: (W, R, B),
    ),
    slip(
        "onnx-no-directions",
        give=lambda W, R, B: (W[None], R[None], B),
        detail="It is B's.",
    ),
]

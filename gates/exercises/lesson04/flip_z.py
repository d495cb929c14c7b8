"""The other polarity of z."""

from collections.abc import Callable

import torch
from torch import Tensor

from gates.cells import Weights
from gates.exercises.common.coding import coding
from gates.exercises.common.rows import same_rows
from gates.exercises.common.slips import slip
from gates.exercises.common.stepping import gru_weights


def flip_z(weights: Weights) -> Weights:
    """The weights with which a GRU that computes z ⊙ n + (1 − z) ⊙ h gives what ours gives.

    weights: those of a GRU that computes (1 − z) ⊙ n + z ⊙ h, packed r, z, n.
    Returns new weights of the same shapes.
    """
    flipped = []
    for weight in weights:
        r, z, n = weight.chunk(3)
        flipped.append(torch.cat([r, -z, n]))
    return Weights(*flipped)


def variant(
    W=lambda rows: -rows,
    U=lambda rows: -rows,
    b=lambda rows: -rows,
    d=lambda rows: -rows,
    blocks=(1,),
) -> Callable:
    """New weights for the other polarity, with what becomes of each weight's rows exchangeable."""

    def flip(weights: tuple) -> tuple:
        flipped = []
        for weight, change in zip(weights, (W, U, b, d), strict=True):
            parts = weight.chunk(3)
            flipped.append(
                torch.cat([change(part) if k in blocks else part for k, part in enumerate(parts)])
            )
        return type(weights)(*flipped)

    return flip


def _one_minus(rows: Tensor) -> Tensor:
    return 1 - rows


_UNTURNED = {"W": "weight_ih", "U": "weight_hh", "b": "bias_ih", "d": "bias_hh"}


def _gru_parts(weights: tuple, arguments: tuple) -> tuple:
    """The matrices, the sum of the biases of r and z, and both biases of n: what a GRU sees of them."""
    W, U, b, d = weights
    H = U.shape[1]
    return W, U, b[: 2 * H] + d[: 2 * H], b[2 * H :], d[2 * H :]


EXERCISE = coding(
    flip_z,
    asks="the other polarity of z",
    probes=gru_weights,
    outputs=("weight_ih", "weight_hh", "the biases of r and z", "bias_ih of n", "bias_hh of n"),
    variant=variant,
    reads=_gru_parts,
    returns="It should return Weights: four tensors, of the shapes that came in.",
    slips=[
        slip(
            "flips-nothing",
            "The weights come back as they were.",
            "Everything that makes the pre-activation of z has to change its sign: its rows in all four tensors.",
            **dict.fromkeys("WUbd", same_rows),
        ),
        *[
            slip(
                "flips-one-side",
                "Only a part of what makes the update gate's pre-activation is negated: the input's side or the hidden state's.",
                "1 − σ(a) = σ(−a), and a = W_iz x + b_iz + W_hz h + b_hz, all four.",
                **{other: same_rows for other in _UNTURNED if other != k},
                detail=f"Only {name} is.",
            )
            for k, name in _UNTURNED.items()
        ],
        slip(
            "flips-weights-only",
            "The matrices of the update gate are negated and its biases are not.",
            "1 − σ(a) = σ(−a), and a is the whole pre-activation, with both biases.",
            b=same_rows,
            d=same_rows,
        ),
        slip("flips-one-side", W=same_rows, b=same_rows, detail="It is the hidden state's."),
        slip("flips-one-side", U=same_rows, d=same_rows, detail="It is the input's."),
        slip("flips-one-side", W=same_rows, detail="weight_ih is not."),
        slip("flips-one-side", U=same_rows, detail="weight_hh is not."),
        slip("flips-one-side", b=same_rows, detail="bias_ih is not."),
        slip("flips-one-side", d=same_rows, detail="bias_hh is not."),
        slip("flips-one-side", W=same_rows, U=same_rows, detail="It is the biases."),
        slip(
            "flips-wrong-gate",
            "The rows of another gate are negated.",
            "The rows are packed r, z, n: those of z are the second block of H.",
            blocks=(0,),
            detail="It is r.",
        ),
        slip("flips-wrong-gate", blocks=(2,), detail="It is n."),
        slip("flips-wrong-gate", blocks=(0, 1), detail="Those of r are, besides those of z."),
        slip("flips-wrong-gate", blocks=(1, 2), detail="Those of n are, besides those of z."),
        slip(
            "flips-everything",
            "The rows of all gates are negated.",
            "Only z changes its meaning. r and n stay as they are.",
            blocks=(0, 1, 2),
        ),
        slip("flips-by-one-minus", **dict.fromkeys("WUbd", _one_minus)),
        slip("flips-by-one-minus", **{**dict.fromkeys("WUbd", _one_minus), "blocks": (0, 1, 2)}),
        slip("flips-by-one-minus", b=_one_minus, d=_one_minus, W=same_rows, U=same_rows),
    ],
)

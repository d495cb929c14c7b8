"""Weights for which both forms agree."""

import torch
from torch import Tensor

from gates.cells import Weights, gru_cell, gru_reset_before_cell
from gates.exercises.common.coding import TOLERANCE, coding
from gates.exercises.common.rows import same_rows
from gates.exercises.common.slips import slip
from gates.exercises.common.stepping import gru_weights


def agreeing(weights: Weights) -> Weights:
    """Weights with which the reset gate may act before or after the matrix product alike.

    weights: those of a GRU, packed r, z, n. Returns weights of the same shapes for which
    gru_cell and gru_reset_before_cell give the same for every x and every h, and in which the
    reset gate still acts.
    """
    W_ih, W_hh, b_ih, b_hh = weights
    (U_r, U_z, U_n), (d_r, d_z, d_n) = W_hh.chunk(3), b_hh.chunk(3)
    U_n = torch.diag(U_n.diag())
    d_n = torch.zeros_like(d_n)
    return Weights(W_ih, torch.cat([U_r, U_z, U_n]), b_ih, torch.cat([d_r, d_z, d_n]))


def variant(U=lambda n: torch.diag(n.diag()), d=torch.zeros_like, r=lambda rows: rows, on=2):
    """Weights for which both forms of the GRU agree, with what becomes of the candidate's rows exchangeable."""

    def changed(weights: tuple) -> tuple:
        W_ih, W_hh, b_ih, b_hh = weights
        matrices, biases = list(W_hh.chunk(3)), list(b_hh.chunk(3))
        matrices[on], biases[on], biases[0] = U(matrices[on]), d(biases[on]), r(biases[0])
        return type(weights)(W_ih, torch.cat(matrices), b_ih, torch.cat(biases))

    return changed


def _how_forms_agree(weights: tuple, arguments: tuple) -> tuple[int, ...]:
    """Whether both forms of the GRU agree, whether r acts, and what would have to change for the forms to agree."""
    W, U, b, d = (weight.detach().double() for weight in weights)
    H = U.shape[1]
    randn = torch.Generator().manual_seed(0)
    x, h = (torch.randn(64, size, generator=randn).double() for size in (W.shape[1], H))
    diagonal, no_bias, shut = U.clone(), d.clone(), b.clone()
    diagonal[2 * H :] = torch.diag(U[2 * H :].diag())
    no_bias[2 * H :] = 0
    shut[:H] -= 3

    def apart(*changed: Tensor) -> float:
        new = Weights(*changed)
        gap = gru_cell(x, h, new) - gru_reset_before_cell(x, h, new)
        return gap.abs().max().item()

    moved = gru_cell(x, h, Weights(W, U, shut, d)) - gru_cell(x, h, Weights(W, U, b, d))
    before = next(made for (made,) in gru_weights() if made[0].shape == W.shape)
    candidate = any(
        not torch.equal(new[2 * H :], old[2 * H :])
        for new, old in zip(weights, before, strict=True)
    )
    touched = any(not torch.equal(new, old) for new, old in zip(weights, before, strict=True))
    return (
        int(apart(W, U, b, d) < TOLERANCE),
        int(moved.abs().max() > TOLERANCE),
        int(apart(W, diagonal, b, d) < TOLERANCE),
        int(apart(W, U, b, no_bias) < TOLERANCE),
        int(candidate),
        int(touched),
    )


EXERCISE = coding(
    agreeing,
    asks="weights for which both forms agree",
    probes=gru_weights,
    outputs=(
        "whether both forms agree",
        "whether the reset gate acts",
        "whether they would with a diagonal matrix",
        "whether they would without the bias",
        "whether the candidate's rows changed",
        "whether anything changed",
    ),
    variant=variant,
    pairs=False,
    reads=_how_forms_agree,
    returns="It should return Weights: four tensors, of the shapes that came in.",
    slips=[
        slip(
            "forms-kept-apart-by-bias",
            "The matrix is diagonal, and the bias b_hn still keeps the two forms apart.",
            "One form multiplies b_hn by r and the other does not. It has to be zero; b_in can take its place.",
            d=same_rows,
        ),
        slip(
            "forms-kept-apart-by-matrix",
            "The bias b_hn is zero, and the matrix W_hn still keeps the two forms apart.",
            "W_hn mixes units. r ⊙ (W_hn h) and W_hn (r ⊙ h) are the same for all r only if each unit listens to itself alone.",
            U=same_rows,
        ),
        slip(
            "forms-agree-without-reset",
            "Both forms agree because the reset gate has nothing left to act on.",
            "With W_hn = 0, or with r held at 1, there is no reset. Keep the diagonal of W_hn, and r as it was.",
            U=torch.zeros_like,
        ),
        slip("forms-kept-apart-by-bias", U=torch.zeros_like, d=same_rows),
        slip("forms-agree-without-reset", U=same_rows, d=same_rows, r=lambda b: b + 1e3),
        slip("forms-agree-without-reset", r=lambda b: b + 1e3),
        slip(
            "forms-unchanged",
            "The weights come back as they were.",
            "The rows of n in weight_hh and bias_hh are those that meet r.",
            U=same_rows,
            d=same_rows,
        ),
        slip(
            "forms-wrong-rows",
            "It is the rows of another gate that are changed.",
            "The rows are packed r, z, n. Those of n, the last third, are what the reset gate meets.",
            on=1,
            detail="They are those of z.",
        ),
        slip("forms-wrong-rows", on=0, detail="They are those of r."),
    ],
)

"""Mistakes in the step of a minGRU."""

import torch
from torch import Tensor

from gates.exercises.common.slips import Slip, same, slip


def _in_halves(a: Tensor) -> tuple[Tensor, Tensor]:
    z, n = a.chunk(2, dim=-1)
    return z, n


def _other_squashes() -> list[Slip]:
    """What may stand in the place of σ; the shared sentences on relu and hard sigmoid speak of cells that have a tanh."""
    told = (
        "z goes through another function than σ.",
        "Take torch.sigmoid: a z between 0 and 1 that a gradient can always move.",
    )
    others = (
        ("It is cut off at 0 and 1.", lambda a: a.clamp(0, 1)),
        ("It is a relu.", torch.relu),
        ("It is a hard sigmoid.", torch.nn.functional.hardsigmoid),
    )
    found = [
        slip("min-gru-gate-no-sigmoid", *(told if k == 0 else ()), squash_z=squash, detail=detail)
        for k, (detail, squash) in enumerate(others)
    ]
    shared = (
        ("gate-left-raw", same),
        ("gate-tanh", torch.tanh),
        ("softmax-for-sigmoid", lambda a: torch.softmax(a, -1)),
        ("lstm-squashed-again", lambda a: torch.sigmoid(torch.sigmoid(a))),
    )
    return found + [slip(mistake, squash_z=squash) for mistake, squash in shared]


SLIPS = [
    slip(
        "min-gru-z-of-the-paper",
        "z is read as in the paper: as the share of the new.",
        "Here, as in this course's GRU, z is the share of the old state that stays: h = (1 − z) ⊙ n + z ⊙ h.",
        blend=lambda z, n, h: z * n + (1 - z) * h,
    ),
    slip(
        "min-gru-tanh",
        "The candidate goes through tanh, as in a GRU.",
        "A minGRU's candidate is the sum as it is, n = W_n x + b_n.",
        squash_n=torch.tanh,
    ),
    slip(
        "min-gru-sigmoid-candidate",
        "The candidate goes through the sigmoid, too.",
        "Only z does. A minGRU's candidate is the sum as it is, n = W_n x + b_n.",
        squash_n=torch.sigmoid,
    ),
    slip(
        "min-gru-relu-candidate",
        "The candidate goes through a relu, so it is never negative.",
        "A minGRU's candidate is the sum as it is, n = W_n x + b_n.",
        squash_n=torch.relu,
    ),
    slip(
        "min-gru-positive-candidate",
        "The candidate is made positive, as where a minGRU is computed with logarithms.",
        "No logarithm is taken here, so the candidate is the sum as it is, and may be negative.",
        squash_n=lambda a: torch.where(a >= 0, a + 0.5, torch.sigmoid(a)),
    ),
    slip(
        "min-gru-order",
        "The two chunks are read in the other order.",
        "The rows of both weights are packed z, n.",
        split=lambda a: _in_halves(a)[::-1],
    ),
    slip(
        "min-gru-no-bias",
        "The bias is missing.",
        "Gate and candidate are the two halves of x W_ihᵀ + b_ih.",
        bias=torch.zeros_like,
    ),
    slip("one-chunk-for-all", split=lambda a: (_in_halves(a)[0],) * 2, detail="It is that of z."),
    slip("one-chunk-for-all", split=lambda a: (_in_halves(a)[1],) * 2, detail="It is that of n."),
    slip("rows-interleaved", split=lambda a: (a[..., ::2], a[..., 1::2])),
    *_other_squashes(),
    *[
        slip(
            "constant-built-in",
            inside_z=lambda a, h, plus=plus: a + plus,
            detail=f"It is {plus:+g}, in the gate, z.".replace("-", "−"),
        )
        for plus in (1.0, -1.0)
    ],
    slip(
        "min-gru-gate-sees-h",
        "The gate z sees h.",
        "z = σ(W_z x + b_z): x alone goes in, so that z is known for all steps at once. Only the last equation has h.",
        inside_z=lambda a, h: a + h,
    ),
    slip("min-gru-gate-sees-h", inside_z=lambda a, h: a * h),
    slip("gru-candidate-ungated", blend=lambda z, n, h: n + z * h),
    slip("brackets-missing", blend=lambda z, n, h: 1 - z * n + z * h),
    slip(
        "gru-memory-ungated",
        blend=lambda z, n, h: (1 - z) * n + h,
        detail="To add h to the candidate comes to the same.",
    ),
    slip("gru-no-blend", blend=lambda z, n, h: n),
    slip("ignores-h", use_h=torch.zeros_like),
    slip("gate-adds", blend=lambda z, n, h: (1 - z) * n + z + h, detail="It is z, before h."),
    slip(
        "min-gru-one-share-for-both",
        "The old and the new get the same share, so the two do not add up to 1.",
        "What is not kept is replaced: h = (1 − z) ⊙ n + z ⊙ h.",
        blend=lambda z, n, h: z * n + z * h,
    ),
    slip("min-gru-one-share-for-both", blend=lambda z, n, h: (1 - z) * (n + h)),
    slip(
        "min-gru-tanh-on-blend",
        "The new state goes through tanh.",
        "Nothing squashes the state of a minGRU: (1 − z) ⊙ n + z ⊙ h is the new state as it is.",
        blend=lambda z, n, h: torch.tanh((1 - z) * n + z * h),
    ),
    slip(
        "gate-summed",
        blend=lambda z, n, h: ((1 - z) * n + z * h).sum(-1, keepdim=True).expand_as(h),
    ),
]

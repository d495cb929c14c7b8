"""Mistakes that only a GRU has on the way back: the direct way, the reset gate, z and 1 − z."""

import numpy as np

from gates.exercises.common.back_slips import FORWARD_BIAS
from gates.exercises.common.slips import slip


def _input_side(da_x: dict, da_h: dict) -> dict:
    return da_x


def _other_side(da_x: dict, da_h: dict) -> dict:
    return da_h


OF_A_GRU = [
    slip(
        "dz-has-other-sign",
        "The update gate's gradient has the wrong sign.",
        "h = n + z ⊙ (h_old − n), so dz = dh ⊙ (h_old − n).",
        of_z=lambda dh, h, n: dh * (n - h),
    ),
    slip(
        "dh-direct-missing",
        "The direct way back from the new h to the old one, through z ⊙ h, is left out.",
        "The old h enters twice: kept, as z ⊙ h, and through W_hh. Add both.",
        direct=lambda dh, z: 0 * dh,
    ),
    slip("dh-through-matrix-missing", to_h=lambda da, U: 0 * (da @ U)),
    slip(
        "dr-missing",
        "The reset gate gets no gradient.",
        "r multiplies W_hn h + b_hn inside the candidate, so da_r = da_n ⊙ (W_hn h + b_hn) ⊙ r ⊙ (1 − r).",
        of_r=lambda da_n, p, b, dn, h, dh: 0 * da_n,
    ),
    slip(
        "reset-not-on-way-back",
        "On the way back to W_hn h + b_hn the reset gate is left out.",
        "That part was multiplied by r, so its gradient is da_n ⊙ r.",
        of_p=lambda da_n, r: da_n,
    ),
    *[
        slip(
            "reset-not-on-way-back",
            **{f"for_{k}": _input_side for k in parts},
            detail=f"It is so for {where}.",
        )
        for parts, where in (
            ("U", "weight_hh"),
            ("d", "bias_hh"),
            ("h", "dh"),
            ("Ud", "weight_hh and bias_hh"),
            ("Uh", "weight_hh and dh"),
            ("dh", "bias_hh and dh"),
        )
    ],
    slip(
        "reset-on-way-to-x",
        "What goes back to the input's side is made with r, as if r multiplied it.",
        "r multiplies W_hn h + b_hn alone. What meets x gets da_n as it is.",
        for_x=_other_side,
    ),
    slip("reset-on-way-to-x", for_b=_other_side, detail="It is so for bias_ih."),
    *[
        slip(
            "gru-reset-before",
            **{"old_h": old_h, **sides},
            detail=f"It is so in the gradient of weight_hh{where}.",
            alone=True,
        )
        for sides in ({}, {"for_U": _input_side})
        for old_h, where in (
            (lambda h, r: r * h, ", in all of its rows"),
            (lambda h, r: np.stack([h, h, r * h]), ""),
        )
    ],
    slip(
        "stacks-swapped",
        "The two stacks have changed places: the input's side gets the hidden state's, and the other way round.",
        "What meets x gets [da_r, da_z, da_n], what meets h gets [da_r, da_z, da_n ⊙ r].",
        **{"for_x": _other_side, **dict.fromkeys(("for_h", "for_U", "for_d"), _input_side)},
    ),
    slip(
        "dr-without-bias",
        "The reset gate's gradient leaves out the bias b_hn.",
        "r multiplies all of W_hn h + b_hn, the bias, too.",
        of_r=lambda da_n, p, b, dn, h, dh: da_n * (p - b),
    ),
    slip(
        "dr-from-state",
        "The reset gate's gradient is made with h, where r multiplies W_hn h + b_hn.",
        "A factor gets the other factor: dr = da_n ⊙ (W_hn h + b_hn).",
        of_r=lambda da_n, p, b, dn, h, dh: da_n * h,
    ),
    slip(
        "tanh-slope-missing",
        of_r=lambda da_n, p, b, dn, h, dh: dn * p,
        detail="It is so on the way to the reset gate.",
    ),
    slip(
        "dz-without-candidate",
        "The update gate's gradient leaves out the candidate.",
        "z stands twice in (1 − z) ⊙ n + z ⊙ h, so dz = dh ⊙ (h − n).",
        of_z=lambda dh, h, n: dh * h,
    ),
    *FORWARD_BIAS,
    slip(
        "z-and-one-minus-z-swapped",
        "On the way back, z and 1 − z have changed places.",
        "h = (1 − z) ⊙ n + z ⊙ h: the candidate's gradient is dh ⊙ (1 − z), the old state's dh ⊙ z.",
        of_n=lambda dh, z: dh * z,
        direct=lambda dh, z: dh * (1 - z),
    ),
    slip(
        "z-and-one-minus-z-swapped",
        of_n=lambda dh, z: dh * z,
        direct=lambda dh, z: dh * (1 - z),
        of_z=lambda dh, h, n: dh * (n - h),
        detail="So is the update gate's gradient.",
    ),
    slip("z-and-one-minus-z-swapped", of_n=lambda dh, z: dh * z, detail="It is the candidate's."),
    slip(
        "z-and-one-minus-z-swapped",
        direct=lambda dh, z: dh * (1 - z),
        detail="It is the old state's.",
    ),
]

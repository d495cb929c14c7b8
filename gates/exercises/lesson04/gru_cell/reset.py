"""Mistakes about the reset gate of the GRU step."""

from gates.exercises.common.slips import slip

RESET = [
    slip(
        "gru-bias-outside-reset",
        "The bias b_hn stands outside the reset gate.",
        "r multiplies the product and its bias: r ⊙ (W_hn h + b_hn).",
        reset=lambda r, x, h, product, b: x + r * product(h) + b,
    ),
    slip(
        "gru-reset-inverted",
        "The reset gate is read backward: 1 − r multiplies what comes from the old state.",
        "r itself is the fraction of W_hn h + b_hn that goes into the candidate.",
        reset=lambda r, x, h, product, b: x + (1 - r) * (product(h) + b),
    ),
    slip(
        "gru-candidate-without-matrix",
        "The old state goes into the candidate without its matrix W_hn.",
        "The candidate has r ⊙ (W_hn h + b_hn): the product first, then the reset gate.",
        reset=lambda r, x, h, product, b: x + r * (h + b),
    ),
    slip("gru-candidate-without-matrix", reset=lambda r, x, h, product, b: x + r * h),
    slip(
        "drops-bias-hh",
        reset=lambda r, x, h, product, b: x + r * product(h),
        detail="It is the candidate's part of it, b_hn.",
    ),
    slip(
        "gru-no-reset",
        "The reset gate does not enter the candidate.",
        "n = tanh(W_in x + b_in + r ⊙ (W_hn h + b_hn)).",
        reset=lambda r, x, h, product, b: x + product(h) + b,
        seen=("zhiyongc/GRU-D#2",),
    ),
    slip(
        "gru-reset-on-input",
        "The reset gate multiplies the input's part of the candidate.",
        "r gates what comes from the old state, W_hn h + b_hn, and not what comes from x.",
        reset=lambda r, x, h, product, b: r * x + product(h) + b,
    ),
    slip(
        "gru-reset-on-all",
        "The reset gate multiplies the whole sum inside the candidate.",
        "r gates what comes from the old state, W_hn h + b_hn, and not what comes from x.",
        reset=lambda r, x, h, product, b: r * (x + product(h) + b),
    ),
    slip(
        "gru-reset-on-memory",
        "The reset gate cuts down the old state where it is blended with the candidate.",
        "r acts inside the candidate only. The blend is h = (1 − z) ⊙ n + z ⊙ h.",
        blend=lambda z, n, h, r: (1 - z) * n + z * r * h,
    ),
    slip(
        "gru-reset-on-memory",
        blend=lambda z, n, h, r: (1 - z) * n + z * r * h,
        reset=lambda r, x, h, product, b: x + product(r * h) + b,
        detail="In the candidate it acts before the product.",
    ),
    slip(
        "gru-reset-on-memory",
        blend=lambda z, n, h, r: (1 - z) * n + z * r * h,
        reset=lambda r, x, h, product, b: x + product(h) + b,
        detail="In the candidate it does not act.",
    ),
]
